"""Two valve nodes behind a hub: what they say, and what was ordered of them."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

_LINES = (
    "HUB_READY",
    "GET_DATETIME",
    "NODE_LIST 2\nNODE 1 77 IRRIGATION 1 30 131072 2\nNODE 2 78 1 1 9 131072 4",
    "HEARTBEAT 1 77 80 0 -61 3600 2",
    "HEARTBEAT 2 78 255 1 -90 12",
    "QUEUED ACTUATOR 1 1 0",
    "QUEUED ACTUATOR 1 1 1",
    "EVENT 1 77 115 00",
    "EVENT_LOG 1 77 1763812805000 117 0 0",
    "EVENT_LOG 1 77 1763812805000 118 0 0",
    "QUEUED REMOVE_SCHEDULE 1 1",
    "EVENT_LOG 1 77 1763812805000 113 0 0",
    "QUEUED SET_SCHEDULE 1 2",
    "EVENT_LOG 1 77 1763812805000 112 0 0",
    "EVENT_LOG 1 77 1763812805000 114 2 1025",
    "QUEUED SET_WAKE_INTERVAL 2 1",
    "QUEUE 2 1\nUPDATE 1 SET_WAKE_INTERVAL 9",
    "QUEUE 2 0",
    "QUEUED REBOOT_NODE 2",
    "EVENT 2 78 256 00",
    "SENSOR_DATA 1 77 TEMP 215",
    "SENSOR_BATCH 1 77 1",
    "SENSOR_RECORD 1 77 1 TEMP 215",
    "BATCH_COMPLETE 1 77 3",
    "ERROR Invalid SET_SCHEDULE syntax",
    "ERROR QUEUE_FULL",
)
VALVES = Fuzzed(
    key="valve_hub",
    nodes={"1": {"slots": 8}, "2": {"slots": 100}},
    orders=(
        Order(kind="open_valve", params={"valve": 0, "duration": 600}, node="1"),
        Order(kind="close_valve", params={"valve": 1}, node="1"),
        Order(kind="set_wake_interval", params={"seconds": 60}, node="2"),
        Order(kind="curtain", params={"action": "open"}, node="2"),
        Order(kind="reboot", params={}, node="2"),
    ),
    line={"valve": 0, "duration": 900},
    said=(
        *(("valvehub/rx", line) for line in _LINES),
        ("valvehub/rx", {"SerialReceived": "HEARTBEAT 1 77 80 0 -61 3600\n"}),
    ),
)
