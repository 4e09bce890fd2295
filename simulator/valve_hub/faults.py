"""The faults that can be ordered of a hub and its nodes."""

from __future__ import annotations

from simulator.faults import Fault
from simulator.valve_hub.wire import ERRORS

_LINE_FAULTS = ("drop", "delay", "double", "join", "glue", "cut")

FAULTS: dict[str, Fault] = {
    "answer": Fault(
        "the hub's answer is dropped, sent SECONDS late, sent twice, held back until"
        " the next line and sent with it (join; glue: without a line end between), or"
        " loses its second half (cut)",
        _LINE_FAULTS,
        timed={"delay": True},
    ),
    "event": Fault(
        "the same for what the node reports of the command",
        _LINE_FAULTS,
        timed={"delay": True},
    ),
    "heartbeat": Fault(
        "the same for the node's heartbeats, until it is cleared",
        _LINE_FAULTS,
        timed={"delay": True},
    ),
    "error": Fault("the hub answers ERROR STATUS and holds nothing"),
    "fail": Fault(
        "the node fails with this error what sets or removes a slot", (*ERRORS,)
    ),
    "motor": Fault("the curtain's motor fails, and says so", ("error",)),
    "deaf": Fault(
        "the hub is busy with its radio and loses each line that comes, for SECONDS or"
        " until it is cleared",
        ("now",),
        timed={"now": False},
        at_once=("now",),
    ),
    "asleep": Fault(
        "the node does not wake up any more, or not for SECONDS; its valves go on",
        ("now",),
        timed={"now": False},
        at_once=("now",),
    ),
    "restart": Fault(
        "the hub loses all it holds, now, right after its answer (queued) or right"
        " before it would hand the command over (handing); back after SECONDS (1)",
        ("now", "queued", "handing"),
        timed={"now": False, "queued": False, "handing": False},
        at_once=("now",),
    ),
}
