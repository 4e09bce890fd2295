"""The faults that can be ordered of feeders of protocol 5."""

from __future__ import annotations

from simulator.faults import Fault

_MESSAGE_FAULTS = ("drop", "delay", "double")

FAULTS: dict[str, Fault] = {
    "received": Fault(
        "the request /received is dropped, made SECONDS late, or made twice",
        _MESSAGE_FAULTS,
        timed={"delay": True},
    ),
    "succeeded": Fault(
        "the same for /succeeded, and for /failed",
        _MESSAGE_FAULTS,
        timed={"delay": True},
    ),
    "feed_result": Fault(
        "the same for the feed_result of whatever fed",
        _MESSAGE_FAULTS,
        timed={"delay": True},
    ),
    "silent": Fault(
        "makes no request: ignores the command (idle), or executes it (works)",
        ("idle", "works"),
    ),
    "fail": Fault(
        "what it begins fails with STATUS as the error: a command, or a meal of its"
        " schedule"
    ),
    "meals": Fault("never runs the meals of its schedule", ("missed",)),
    "schedule": Fault(
        "a new schedule is stored, but what runs is the old one until it restarts",
        ("after_restart",),
    ),
    "list": Fault(
        "a list of entries fails that holds none or more than one", ("refused",)
    ),
    "spelling": Fault("writes its deviceHid in upper case", ("upper",)),
    "die": Fault(
        "loses power: now, after /received and before it moves (accepted), after the"
        " work and before /succeeded (executed), or once, after it took a schedule's"
        " size (syncing); back after SECONDS, else never",
        ("now", "accepted", "executed", "syncing"),
        timed={"now": False, "accepted": False, "executed": False, "syncing": False},
        at_once=("now",),
    ),
    "forget": Fault(
        "loses its schedule, and says so", ("schedule",), at_once=("schedule",)
    ),
    "trace": Fault("sends a trace that is no UTF-8", ("now",), at_once=("now",)),
    "press": Fault(
        "somebody presses its button: it feeds one portion unless that is locked",
        ("now",),
        at_once=("now",),
    ),
}
