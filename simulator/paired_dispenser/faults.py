"""The faults that can be ordered of nodes of protocol 1."""

from __future__ import annotations

from simulator.faults import Fault

_ANSWER_FAULTS = ("drop", "delay", "double", "reorder")
_ON_OFF = ("on", "off")

FAULTS: dict[str, Fault] = {
    "ack": Fault(
        "the ack is dropped, sent SECONDS late, sent twice, or held back until"
        " right after the node's next answer",
        _ANSWER_FAULTS,
        timed={"delay": True},
    ),
    "evt": Fault("the same for the evt", _ANSWER_FAULTS, timed={"delay": True}),
    "silent": Fault(
        "never answers: ignores the command (idle), or executes it (works)",
        ("idle", "works"),
    ),
    "refuse": Fault("acks with accepted 0, executes nothing", ("on",)),
    "fail": Fault("executes, and is done with STATUS instead of success"),
    "die": Fault(
        "loses power: now, after its ack and before it moves (accepted), or after"
        " the work and before its evt (executed); back after SECONDS, else never",
        ("now", "accepted", "executed"),
        timed={"now": False, "accepted": False, "executed": False},
        at_once=("now",),
    ),
    "cut": Fault(
        "loses power in a write of its flash, and is back as after a reboot."
        " WRITE-STEP: 1 for the next write; step 0 before it erases, 1 after that, 2"
        " after the first byte, and so on (firmware native alone)",
        takes="WRITE-STEP",
    ),
    "busy": Fault(
        "busy from now on, or not ready again after the next work; ready after"
        " SECONDS, else after a reboot",
        ("now", "after_work"),
        timed={"now": False, "after_work": False},
        at_once=("now",),
    ),
    "flap": Fault(
        "ready toggles every SECONDS (else every second)", ("on",), timed={"on": False}
    ),
    "dedupes": Fault("does not execute a repeated id, and says so", _ON_OFF),
    "answers_repeats": Fault("answers a repeat it drops as it did before", _ON_OFF),
    "last_id": Fault("reports the highest id it executed", _ON_OFF),
    "expires_at": Fault("drops a command whose expires_at is past", _ON_OFF),
    "execute_at": Fault(
        "says its clock, and waits for the moment at which it is to begin", _ON_OFF
    ),
    "mixes_up": Fault(
        "acks and mixes up what comes while it works; off: refuses it", _ON_OFF
    ),
}
