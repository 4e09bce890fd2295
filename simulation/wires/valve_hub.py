"""Valves behind a hub: lines without ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.record import Asks, Complained, Executed, Sent
from simulation.wires.base import Order, Wire

_NO_COMMANDS = ("DATETIME", "LIST_NODES", "GET_QUEUE", "BATCH_ACK")
_CURTAIN = {"open": 1, "close": 0, "stop": 4, "calibrate": 5}
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_HALF_AN_HOUR = 1800.0
_SOME_FOR_THE_DISK = 20.0
_TIME = "the time"


def _text(line: str) -> tuple[str, str]:
    """Return the node of a line, and the rest of it; times do not tell it apart."""
    word, node, *rest = line.split()
    return node, " ".join([word] if word == "SET_DATETIME" else [word, *rest])


def _read(entry: Sent) -> Iterator[Order]:
    for line in entry.payload.decode().splitlines():
        if line.split()[0] not in _NO_COMMANDS:
            node, text = _text(line)
            yield Order(node, None, text)


def _done(entry: Executed) -> Order | None:
    if entry.kind == "scheduled_run":
        return None
    node, text = _text(entry.name)
    return Order(node, None, text)


def _says(kind: str, params: Mapping[str, Any]) -> frozenset[str]:
    texts = [kind.upper()]
    match kind:
        case "open_valve":
            texts = [f"SEND_ACTUATOR 1 1 {params['valve']} {params['duration']}"]
        case "close_valve":
            texts = [f"SEND_ACTUATOR 1 0 {params['valve']}"]
        case "curtain":
            texts = [f"SEND_ACTUATOR 4 {_CURTAIN[params['action']]} 0"]
        case "set_wake_interval":
            texts = [f"SET_WAKE_INTERVAL {params['seconds']}"]
        case "set_plan":
            texts = [f"REMOVE_SCHEDULE {slot}" for slot in range(params["clear"])]
            texts += [_slot(*each) for each in enumerate(params["slots"])]
        case "set_schedule":
            texts = [_slot(params["slot"], params)]
        case "remove_schedule":
            texts = [f"REMOVE_SCHEDULE {params['slot']}"]
        case "reboot" | "factory_reset":
            texts = [f"{kind.upper()}_NODE"]
    return frozenset(texts)


def _slot(index: int, slot: Mapping[str, Any]) -> str:
    run = f"{slot['duration']} {slot['days']} {slot['valve']}"
    return f"SET_SCHEDULE {index} {slot['hour']}:{slot['minute']:02} {run}"


def _turned_away(entry: Complained) -> Order:
    return Order(entry.client, None)


def _full(entry: Complained) -> bool:
    return b"ERROR Failed to queue" in entry.payload


def _question(entry: Asks) -> str | None:
    return _TIME if b"GET_DATETIME" in entry.payload else None


def _answer(entry: Sent) -> str | None:
    return _TIME if entry.payload.startswith(b"DATETIME") else None


def _plan(
    meals: list[Mapping[str, Any]], node: str, offset: int, places: int
) -> object:
    """Return the slots in UTC, in whatever order, days counted from Sunday."""
    if not places:
        return None
    slots = []
    for meal in meals:
        if not meal["enabled"] or (meal["nodes"] and node not in meal["nodes"]):
            continue
        rule = meal["rule"]
        hour, minute = map(int, rule["time"].split(":"))
        minutes = 60 * hour + minute - offset // 60
        later = minutes // 1440
        days = sum(1 << (_DAYS.index(day) + later) % 7 for day in rule["weekdays"])
        params = meal["params"]
        at = [minutes % 1440 // 60, minutes % 60]
        slots.append([*at, params["duration"], days, params["valve"]])
    return sorted(slots)


VALVE_HUB = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=frozenset({"open_valve", "reboot"}),
    shows=frozenset(
        {"open_valve", "reboot", "curtain", "set_wake_interval", "set_datetime"}
    ),
    answered_within={
        "open_valve": 5.0 + _HALF_AN_HOUR + _SOME_FOR_THE_DISK,
        "reboot": 5.0 + 300.0 + _SOME_FOR_THE_DISK,
    },
    blurs=(
        "a scheduled_run",
        "weather",
        "node answer=double",
        "node answer=delay",
        "node event=double",
        "node event=delay",
    ),
    turned_away=_turned_away,
    full=_full,
    loses=(
        "weather",
        "connection cut",
        "breaks at publish",
        "broker restart",
        "node cut off",
        "node answer=drop",
        "node answer=cut",
        "node answer=delay",
        "node answer=glue",
        "node answer=join",
        "node event=drop",
        "node event=cut",
        "node event=delay",
        "node asleep=now",
    ),
    question=_question,
    answer=_answer,
    answered_late=frozenset({_TIME}),
    plan=_plan,
    plan_kinds=frozenset({"set_plan"}),
    plan_lasts="duration",
)
