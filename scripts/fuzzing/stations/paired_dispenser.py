"""A pair of feeders: what they say, and what was ordered of them."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

FEEDERS = Fuzzed(
    key="paired_dispenser",
    nodes={"1": {}, "2": {}},
    orders=(
        Order(kind="feed", params={"portions": 2}),
        Order(kind="reboot", params={}, node="1"),
        Order(kind="operate", params={"op": "dc", "on": True}, node="1"),
        Order(kind="feed", params={"portions": 1}),
    ),
    line={"portions": 1},
    said=(
        ("disp/state/1", {"online": 1, "uptime": 123, "ready": 1}),
        (
            "disp/state/2",
            {"online": True, "ready": "1", "uptime": 124, "dedupes": 1, "last_id": 0},
        ),
        ("disp/state/1", {"online": 1, "uptime": 124, "ready": 1, "fw": "2.1.0"}),
        (
            "disp/state/2",
            {"online": 1, "ready": 1, "uptime": 125, "rssi": -61, "food": 40},
        ),
        ("disp/ack/1", {"queue_id": 1, "accepted": 1}),
        ("disp/ack/2", {"queue_id": 1, "accepted": 0}),
        ("disp/evt/1", {"queue_id": 1, "done": 1, "status": "success"}),
        ("disp/evt/2", {"queue_id": 1, "done": 1, "status": "timeout"}),
        (
            "disp/evt/2",
            {
                "queue_id": 1,
                "done": 1,
                "status": "vision_complete",
                "count_detected": 2,
                "expected": None,
            },
        ),
        ("disp/vision/2", {"queue_id": 1, "count_detected": 3}),
    ),
)
