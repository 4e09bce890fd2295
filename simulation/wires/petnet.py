"""Feeders behind a gateway: 32 letters name a feeder, a command and its step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulation.record import Asks, Executed, Sent
from simulation.wires.base import Order, Wire

_ANSWERED_WITHIN = 10.0 + 90.0 + 15.0
_CUPS = 1 / 16
_LEAD = "mqttdispatch"


def _named(node: str, hid: str) -> Order | None:
    """Return the command that an id is of; None: a button's, a meal's."""
    letters = hid.removeprefix(_LEAD)
    if len(letters) != 20 or letters == hid:  # noqa: PLR2004 - 7, 8, 1 and 4
        return None
    return Order(node, _number(letters[7:15]), begins=_number(letters[16:]) == 0)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + "abcdefghijklmnopqrstuvwxyz".index(letter)
    return number


def _read(entry: Sent) -> Iterator[Order]:
    if "/cmd/stg/" in entry.topic:
        content = json.loads(entry.payload)
        node = content["parameters"]["deviceHid"]
        order = _named(node, content["hid"])
        if order is not None:
            yield order


def _done(entry: Executed) -> Order | None:
    return None if entry.kind in ("button", "meal") else _named(entry.node, entry.name)


def _says(_kind: str, _params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


def _question(entry: Asks) -> str | None:
    name = json.loads(entry.payload).get("requestId")
    return str(name) if isinstance(name, str | int) else None


def _answer(entry: Sent) -> str | None:
    if "/api/stg/" not in entry.topic:
        return None
    return str(json.loads(entry.payload)["requestId"])


def _plan(
    meals: list[Mapping[str, Any]], node: str, offset: int, _places: int
) -> object:
    entries = []
    for meal in meals:
        if not meal["nodes"] or node in meal["nodes"]:
            hour, minute = map(int, meal["rule"]["time"].split(":"))
            portion = meal["params"]["portions"] * _CUPS
            entries.append([3600 * hour + 60 * minute, portion, meal["enabled"]])
    return {"entries": sorted(entries), "utc_offset": offset}


_ONCE = frozenset({"feed", "reboot"})

PETNET = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=_ONCE,
    shows=_ONCE | {"set_button", "set_budget", "set_utc_offset", "set_schedule"},
    counts_attempts=True,
    answered_within=dict.fromkeys(_ONCE, _ANSWERED_WITHIN),
    question=_question,
    answer=_answer,
    plan=_plan,
    plan_kinds=frozenset({"set_schedule", "set_utc_offset"}),
    plan_cycle=1,
)
