"""A node with valves and one with a curtain: what they say, and what was ordered."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

_LINES = (
    "HUB_READY",
    "GET_DATETIME",
    (
        "NODE_LIST 2\n"
        "NODE 1 77 IRRIGATION 1 30 131072 2\n"
        "NODE 2 78 GREENHOUSE 1 9 131072 0"
    ),
    "HEARTBEAT 1 77 80 0 -61 3600 2",
    "HEARTBEAT 2 78 255 1 -90 12",
    "QUEUED ACTUATOR 1 1 0",
    "QUEUED ACTUATOR 1 1 1",
    "EVENT_LOG 1 77 1763812805000 115 0 0",
    "EVENT_LOG 1 77 1763812805000 117 0 0",
    "EVENT_LOG 1 77 1763812805000 118 0 0",
    "QUEUED REMOVE_SCHEDULE 1 1",
    "EVENT_LOG 1 77 1763812805000 113 0 0",
    "QUEUED SET_SCHEDULE 1 2",
    "EVENT_LOG 1 77 1763812805000 112 0 0",
    "EVENT_LOG 1 77 1763812805000 114 2 1025",
    "QUEUED SET_WAKE_INTERVAL 1 1",
    "QUEUE 1 1\nUPDATE 1 SET_WAKE_INTERVAL 9",
    "QUEUE 1 0",
    "QUEUED REBOOT_NODE 2",
    "EVENT 2 78 256 ",
    "SENSOR_DATA 1 77 TEMP 2150",
    "SENSOR_BATCH 1 77 1",
    "SENSOR_RECORD 1 77 1763812805 2150 4830 0",
    "BATCH_COMPLETE 1 77 1",
    "ERROR Invalid SET_SCHEDULE syntax",
    "ERROR Failed to queue update",
)
VALVES = Fuzzed(
    key="valve_hub",
    nodes={"1": {"slots": 8}, "2": {"slots": 100}},
    orders=(
        Order(kind="open_valve", params={"valve": 0, "duration": 600}, node="1"),
        Order(kind="close_valve", params={"valve": 1}, node="1"),
        Order(kind="set_wake_interval", params={"seconds": 60}, node="1"),
        Order(kind="curtain", params={"action": "open"}, node="2"),
        Order(kind="reboot", params={}, node="2"),
    ),
    line={"valve": 0, "duration": 900},
    said=(
        *(("valvehub/rx", line) for line in _LINES),
        ("valvehub/rx", {"SerialReceived": "HEARTBEAT 1 77 80 0 -61 3600\n"}),
    ),
)
