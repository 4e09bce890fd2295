"""Nodes that remember ids for five minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulation.record import Asks, Complained, Executed, Sent
from simulation.wires.base import Order, Wire

_LEAD = "md-"
_TIME = "the time"


def _read(entry: Sent) -> Iterator[Order]:
    if entry.topic.endswith("/command"):
        content = json.loads(entry.payload)
        yield Order("", int(content["cmd_id"].removeprefix(_LEAD)))


def _done(entry: Executed) -> Order | None:
    return Order(entry.node, int(entry.name.removeprefix(_LEAD)))


def _says(_kind: str, _params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


def _turned_away(entry: Complained) -> Order:
    name = json.loads(entry.payload)["cmd_id"]
    return Order(entry.client, int(name.removeprefix(_LEAD)))


def _question(entry: Asks) -> str | None:
    return _TIME if entry.topic.endswith("/time/request") else None


def _answer(entry: Sent) -> str | None:
    return _TIME if entry.topic.endswith("/time/response") else None


GREENHOUSE = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=frozenset({"run_pump", "dose", "reboot", "calibrate"}),
    shows=frozenset({"run_pump", "dose", "reboot", "calibrate"}),
    remembers=300.0,
    answered_within={},
    # Old firmware says ACK and no more, also where its power fails before it moves.
    blurs=("node die=accepted",),
    turned_away=_turned_away,
    question=_question,
    answer=_answer,
    answered_late=frozenset({_TIME}),
)
