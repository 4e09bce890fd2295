"""Two nodes that act together: each message has an id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulation.record import Executed, Sent
from simulation.wires.base import Order, Wire

_ANSWERED_WITHIN = 10.0 + 2.0 + 90.0 + 15.0
"""Seconds: a node takes a command, waits for its moment, then it does it, and some for
the disk."""


def _read(entry: Sent) -> Iterator[Order]:
    payload = json.loads(entry.payload)
    node = entry.topic.rpartition("/")[2]
    yield Order(node, payload["queue_id"], pet=payload.get("patient_id"))


def _done(entry: Executed) -> Order:
    return Order(entry.node, int(entry.name))


def _says(_kind: str, _params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


_KINDS = frozenset({"feed", "operate", "reboot"})

PAIRED_DISPENSER = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=_KINDS,
    shows=_KINDS,
    mistaken=frozenset({"motor", "conveyor"}),
    counts_attempts=True,
    answered_within=dict.fromkeys(_KINDS, _ANSWERED_WITHIN),
)
