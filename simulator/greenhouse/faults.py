"""The faults that can be ordered of greenhouse nodes."""

from __future__ import annotations

from simulator.faults import Fault

_ANSWER_FAULTS = ("drop", "delay", "double")
_ON = ("on",)

FAULTS: dict[str, Fault] = {
    "ack": Fault(
        "the answer ACK is dropped, sent SECONDS late, or sent twice",
        _ANSWER_FAULTS,
        timed={"delay": True},
    ),
    "done": Fault(
        "the same for the last answer to a command",
        _ANSWER_FAULTS,
        timed={"delay": True},
    ),
    "silent": Fault(
        "never answers: ignores the command (idle), or executes it (works)",
        ("idle", "works"),
    ),
    "busy": Fault("answers BUSY and executes nothing", _ON),
    "invalid": Fault("answers INVALID and executes nothing", _ON),
    "fail": Fault("executes, and answers ERROR with STATUS as its code"),
    "die": Fault(
        "loses power: now, after its ACK and before it moves (accepted), or after"
        " the work and before it says so (executed); back after SECONDS, else never",
        ("now", "accepted", "executed"),
        timed={"now": False, "accepted": False, "executed": False},
        at_once=("now",),
    ),
    "hello": Fault("its hello is lost on the way", ("lost",)),
    "config": Fault("a configuration is lost on the way", ("ignore",)),
    "binding": Fault("never tells what configuration it holds", ("never",)),
    "clock": Fault(
        "its clock is SECONDS ahead until it is told the time",
        ("wrong",),
        timed={"wrong": True},
        at_once=("wrong",),
    ),
    "reset": Fault("loses its configuration and restarts", ("now",), at_once=("now",)),
    "safe_mode": Fault(
        "switches everything off and refuses all but exit_safe_mode; HEAD alone",
        ("now",),
        at_once=("now",),
    ),
    "error": Fault(
        "reports an error of its sensor; HEAD alone", ("now",), at_once=("now",)
    ),
    "estop": Fault("its emergency stop is pressed; irrig alone", _ON),
    "current": Fault("no current flows through its dosing pumps", ("none",)),
}
