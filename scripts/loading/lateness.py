"""How late commands and deadlines were, by the nodes and by the timelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from custom_components.mqtt_dispatch.engine.model.policy import FEED
from custom_components.mqtt_dispatch.protocols import PROTOCOLS

from .fleet import Arrival
from .orders import Ordered

_POLICY = PROTOCOLS["paired_dispenser"].policies[FEED]


def of_commands(
    orders: Sequence[Ordered], arrivals: Mapping[tuple[str, int], Arrival]
) -> list[float]:
    """Return the seconds from the opening of each gate to each arrival at a node.

    A gate that was open before the order counts from the order on.
    """
    late: list[float] = []
    for order in orders:
        arrival = arrivals.get((order.prefix, order.command_id or 0))
        if arrival is not None:
            opened = max(order.at, arrival.gate_opened_at)
            late.extend(at - opened for at in arrival.at.values())
    return late


def of_deadlines(commands: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return the seconds by which each deadline in the timelines was passed."""
    late: dict[str, list[float]] = {"accept timeout": [], "retry": [], "expiry": []}
    for command in commands:
        sent: dict[str, float] = {}
        for entry in command["timeline"]:
            at, node = _unix(entry["at"]), entry["node"]
            match entry["cause"]:
                case "sent":
                    sent[node] = at
                case "sent_again":
                    late["retry"].append(at - sent[node] - _POLICY.retry_delay)
                    sent[node] = at
                case "accept_timeout":
                    late["accept timeout"].append(
                        at - sent[node] - _POLICY.accept_timeout
                    )
                case "out_of_time":
                    late["expiry"].append(at - _unix(command["expires_at"]))
    return late


def _unix(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
