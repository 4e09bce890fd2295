"""Nodes that remember ids for five minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
import re
from typing import Any

from simulation.record import Asks, Complained, Executed, Sent
from simulation.wires.base import Order, Wire

_OURS = re.compile(r"md-([1-9][0-9]*)(?:-[0-9]+)?")
"""A `cmd_id` whose answer counts; a number behind it tells attempts apart."""
_TIME = "the time"
_SHOWS_IT = ("/command_response", "/diagnostics")
_NO_TIME = 1e9
"""Unix seconds; a clock that shows less counts from the start of its node."""


def _id_in(cmd_id: str) -> int | None:
    found = _OURS.fullmatch(cmd_id)
    return None if found is None else int(found[1])


def _read(entry: Sent) -> Iterator[Order]:
    if entry.topic.endswith("/command"):
        command_id = _id_in(json.loads(entry.payload)["cmd_id"])
        if command_id is not None:
            yield Order("", command_id)


def _done(entry: Executed) -> Order | None:
    command_id = _id_in(entry.name)
    return None if command_id is None else Order(entry.node, command_id)


def _says(_kind: str, _params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


def _turned_away(entry: Complained) -> Order | None:
    command_id = _id_in(json.loads(entry.payload)["cmd_id"])
    return None if command_id is None else Order(entry.client, command_id)


def _question(entry: Asks) -> str | None:
    return _TIME if _asks_time(entry.topic, entry.payload) else None


def _asks_time(topic: str, payload: bytes) -> bool:
    """Whether a message shows that its node does not know the time.

    A node asks for it 40 times, and then only shows it in all that it says.
    """
    said = json.loads(payload) if topic.endswith(_SHOWS_IT) else {}
    return (
        topic.endswith("/time/request")
        or said.get("error_code") == "time_not_synced"
        or (topic.endswith("/diagnostics") and said["ts"] < _NO_TIME)
    )


def _answer(entry: Sent) -> str | None:
    return _TIME if entry.topic.endswith("/time/response") else None


GREENHOUSE = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=frozenset({"run_pump", "dose", "reboot", "calibrate", "toggle", "open_valve"}),
    shows=frozenset(
        {"run_pump", "dose", "reboot", "calibrate", "toggle", "open_valve"}
    ),
    remembers=300.0,
    answered_within={},
    turned_away=_turned_away,
    question=_question,
    answer=_answer,
    answered_late=frozenset({_TIME}),
)
