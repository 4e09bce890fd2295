"""The commands of valves behind a hub: what their params are, and what they become.

What the wire leaves open is decided here:

- A curtain is opened with 1, closed with 0, stopped with 4, calibrated with 5. It is
  calibrated once somebody stops it where it is fully open: a stop waits for nobody.
- A node hands back what is of another kind than it knows by asking for it again and
  again, and gets nothing else any more: it is never sent such a thing.
- Two of these are never on their way at once, since no answer tells them apart: two
  orders that move one curtain, two commands for one slot (nobody ever says `slot 3`;
  it is there to be shared). A close may follow an open, a stop whatever moves.
- A plan is set by removing as many slots as the node may use, the last one first, for
  old nodes move those behind a removed one; and setting those it needs, from 0. That a
  slot to be set is not there then goes unheard, as the same answer comes for a slot
  that was to be removed: the plan is sent again, and fails.
- Whatever is known of a node's valves, a valve may be closed.
- A hub holds ten commands for a node, among them that which the node took last, until
  it asks for the next: nine are there for what it has not taken.
- The hub answers before a node can have a command. What a node reports earlier is of
  something else, as the second of the two events of an opening is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import Command
from ...engine.model.policy import (
    LATEST,
    MINUTE,
    ONCE,
    REPEAT,
    RESTARTING,
    UNTIL_DONE,
    Policy,
)
from ...engine.model.reports import Readings
from ...engine.model.step import Gate, Step
from ..base import Kind, Sending, Site
from ..fields import Choice, Confirmed, Objects, Whole
from ..params import Field, InvalidCommand
from .events import BOOTED, CLOSED, CURTAIN, OPENED
from .plan import HIGHEST_SLOT, RUN_FIELDS, SLOT_FIELDS
from .reports import (
    DELETED,
    GONE,
    GREENHOUSE,
    IRRIGATION,
    SENSOR,
    refusals,
)

_VALVE, _CURTAIN = 1, 4
_OFF, _ON, _STOP, _CALIBRATE = 0, 1, 4, 5
CURTAIN_ORDERS: Final = {
    "open": (_ON, ("opening", "motor error")),
    "close": (_OFF, ("closing", "motor error")),
    "stop": (_STOP, ("stopped",)),
    "calibrate": (_CALIBRATE, ("calibrated",)),
}
"""By action: the command of the actuator, and what tells that it is done or failed."""
_FOR_ALL: Final = frozenset({"reboot", "factory_reset", "delete_node"})
_KNOWN_TO: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        GREENHOUSE: _FOR_ALL | {CURTAIN},
        SENSOR: _FOR_ALL | {"set_wake_interval"},
        IRRIGATION: _FOR_ALL
        | {
            "open_valve",
            "close_valve",
            "set_schedule",
            "remove_schedule",
            "set_plan",
            "set_wake_interval",
            "set_datetime",
        },
    }
)
"""What nodes of a type take; one that gets anything else never takes a thing again."""


def has_curtain(readings: Readings) -> bool:
    """Whether a node has a curtain: by its type, or since it told of one."""
    return readings.get("type") == GREENHOUSE or CURTAIN in readings


def understands(kind: str, readings: Readings) -> bool:
    """Whether a node takes a kind, as far as it is known; a curtain must be known."""
    if has_curtain(readings):
        return kind in _KNOWN_TO[GREENHOUSE]
    known = _KNOWN_TO.get(str(readings.get("type")))
    return kind != CURTAIN if known is None else kind in known


def words(kind: str, params: Mapping[str, Any], sending: Sending) -> tuple[object, ...]:
    """Return the words of the line for one step of a command.

    Raises InvalidCommand for a plan with more slots than it clears (`plan_too_long`).
    """
    node = sending.node
    found: tuple[object, ...]
    match kind:
        case "open_valve":
            run = (params["valve"], params["duration"])
            found = ("SEND_ACTUATOR", node, _VALVE, _ON, *run)
        case "close_valve":
            found = ("SEND_ACTUATOR", node, _VALVE, _OFF, params["valve"])
        case "curtain":
            order, _ = CURTAIN_ORDERS[params["action"]]
            found = ("SEND_ACTUATOR", node, _CURTAIN, order, 0)
        case "set_schedule":
            found = _set_slot(node, params["slot"], params)
        case "remove_schedule":
            found = _remove_slot(node, params["slot"])
        case "set_plan":
            found = _plan_step(node, params, sending.step)
        case "set_wake_interval":
            found = ("SET_WAKE_INTERVAL", node, params["seconds"])
        case "set_datetime":
            found = ("SET_DATETIME", node, *_date_and_time(sending.wall))
        case _:
            found = (_FLAGS[kind], node)
    return found


def check_valves(kind: str, params: Mapping[str, Any], readings: Readings) -> None:
    """Raise InvalidCommand for a valve that the node is known not to have."""
    if kind == "close_valve" or "valves" not in readings:
        return
    known = Whole(0, int(readings["valves"]) - 1)
    for run in (params, *params.get("slots", ())):
        if "valve" in run:
            known.check("valve", run["valve"])


def steps(
    _site: Site, command: Command, _node: str, _readings: Readings
) -> tuple[Step, ...]:
    """Return the lines of a command and what tells of each; see `Protocol.steps`."""
    params = command.params
    match command.kind:
        case "open_valve":
            done = [f"{word} {params['valve']}" for word in OPENED]
            found = [_step(f"ACTUATOR {_VALVE} {_ON}", *done)]
        case "close_valve":
            done = [f"{word} {params['valve']}" for word in CLOSED]
            found = [_step(f"ACTUATOR {_VALVE} {_OFF}", *done)]
        case "curtain":
            order, outcomes = CURTAIN_ORDERS[params["action"]]
            done = [f"{CURTAIN} {outcome}" for outcome in outcomes]
            found = [_step(f"ACTUATOR {_CURTAIN} {order}", *done)]
        case "set_schedule":
            found = [_setting(params["slot"], f"no slot {params['slot']}")]
        case "remove_schedule":
            found = [_removal(params["slot"])]
        case "set_plan":
            found = [_removal(slot) for slot in reversed(range(params["clear"]))]
            found += [_setting(slot) for slot in range(len(params["slots"]))]
        case "reboot" | "factory_reset":
            found = [_step(_FLAGS[command.kind], BOOTED)]
        case "delete_node":
            found = [Step(frozenset({"ERROR"}), frozenset({DELETED, GONE}))]
        case _:
            line = command.kind.upper()
            found = [_step(line, line)]
    return tuple(found)


def _date_and_time(wall: float) -> tuple[int, ...]:
    told = datetime.fromtimestamp(wall, UTC)
    date = (told.year % 100, told.month, told.day, told.isoweekday() % 7)
    return (*date, told.hour, told.minute, told.second)


def _set_slot(node: str, slot: int, params: Mapping[str, Any]) -> tuple[object, ...]:
    at = f"{params['hour']}:{params['minute']:02}"
    run = (params["duration"], params["days"], params["valve"])
    return ("SET_SCHEDULE", node, slot, at, *run)


def _remove_slot(node: str, slot: int) -> tuple[object, ...]:
    return ("REMOVE_SCHEDULE", node, slot)


def _plan_step(node: str, params: Mapping[str, Any], step: int) -> tuple[object, ...]:
    clear, slots = params["clear"], params["slots"]
    if len(slots) > clear:
        raise InvalidCommand("plan_too_long", node=node, lines=len(slots), slots=clear)
    if step < clear:
        return _remove_slot(node, clear - 1 - step)
    return _set_slot(node, step - clear, slots[step - clear])


@cache
def _step(taken: str, *done: str) -> Step:
    return Step(
        taken_on=frozenset({f"QUEUED {taken}", *refusals(taken.split(maxsplit=1)[0])}),
        done_on=frozenset(done),
        done_once_taken=True,
    )


def _setting(slot: int, *also: str) -> Step:
    done = (f"applied {slot}", f"not set {slot}", f"slot {slot}", *also)
    return _step("SET_SCHEDULE", *done)


def _removal(slot: int) -> Step:
    done = (f"removed {slot}", f"not removed {slot}", f"slot {slot}")
    return _step("REMOVE_SCHEDULE", *done)


def _kind(
    policy: Policy,
    fields: Mapping[str, Field],
    *,
    done_timeout: float,
    replaces: str = "",
    key_fields: tuple[str, ...] = (),
) -> Kind:
    """Return a kind whose commands wait for the hub, which answers within 5 s."""
    return Kind(
        policy=replace(
            policy, gate=Gate.RELAY, accept_timeout=5.0, done_timeout=done_timeout
        ),
        fields=MappingProxyType(fields),
        replaces=replaces,
        key_fields=key_fields,
    )


_FLAGS: Final = {
    "reboot": "REBOOT_NODE",
    "factory_reset": "FACTORY_RESET_NODE",
    "delete_node": "DELETE_NODE",
}
_VALVE_DONE = 1800.0
"""Seconds: the node sleeps."""
_CURTAIN_DONE = 600.0
_OTHER_DONE = 300.0
_SLOT = Whole(0, HIGHEST_SLOT, required=True)
_HANDED_OVER = replace(RESTARTING, handed_over=True)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "open_valve": _kind(
            ONCE,
            RUN_FIELDS,
            done_timeout=_VALVE_DONE,
            replaces="valve",
            key_fields=("valve",),
        ),
        "close_valve": _kind(
            UNTIL_DONE,
            {"valve": RUN_FIELDS["valve"]},
            done_timeout=_VALVE_DONE,
            replaces="valve",
            key_fields=("valve",),
        ),
        "set_schedule": _kind(
            LATEST,
            {"slot": _SLOT, **SLOT_FIELDS},
            done_timeout=_VALVE_DONE,
            replaces="slot",
            key_fields=("slot",),
        ),
        "remove_schedule": _kind(
            LATEST,
            {"slot": _SLOT},
            done_timeout=_VALVE_DONE,
            replaces="slot",
            key_fields=("slot",),
        ),
        "set_plan": _kind(
            LATEST,
            {
                "clear": Whole(1, HIGHEST_SLOT + 1, required=True),
                "slots": Objects(SLOT_FIELDS, HIGHEST_SLOT + 1, required=True),
            },
            done_timeout=_VALVE_DONE,
        ),
        "set_wake_interval": _kind(
            replace(LATEST, done_by_absence=True),
            {"seconds": Whole(10, 3600, required=True)},
            done_timeout=_OTHER_DONE,
        ),
        "set_datetime": _kind(
            replace(LATEST, done_by_absence=True), {}, done_timeout=_OTHER_DONE
        ),
        CURTAIN: _kind(
            # It moves for minutes, and nobody may be there when it does so again.
            replace(LATEST, once_with={"action": "calibrate"}),
            {"action": Choice(tuple(CURTAIN_ORDERS), required=True)},
            done_timeout=_CURTAIN_DONE,
        ),
        "reboot": _kind(_HANDED_OVER, {}, done_timeout=_OTHER_DONE),
        "factory_reset": _kind(
            _HANDED_OVER, {"confirm": Confirmed()}, done_timeout=_OTHER_DONE
        ),
        # Whom nobody knows any more can be forgotten again.
        "delete_node": _kind(
            replace(REPEAT, expires_in=15 * MINUTE),
            {"confirm": Confirmed()},
            done_timeout=_OTHER_DONE,
        ),
    }
)
