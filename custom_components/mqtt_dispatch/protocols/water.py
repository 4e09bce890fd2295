"""Through what of a node water runs, of which its owner says how fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..engine.model.water import Metered
from .actuator import Actuator


def metered(
    actuators: Iterable[Actuator], flows: Mapping[str, float]
) -> tuple[Metered, ...]:
    """Return what is metered at a node.

    `flows` has litres per minute by the label of an actuator: a number, a channel.
    """
    return tuple(
        _metered(actuator, flows[actuator.label])
        for actuator in actuators
        if actuator.water and actuator.label in flows
    )


def _metered(actuator: Actuator, flow: float) -> Metered:
    orders, amount = actuator.orders, actuator.amount
    return Metered(
        what=actuator.key,
        flow=flow,
        opens=orders["open"] if "open" in orders else orders["press"],
        closes=orders.get("close", actuator.stopped_by),
        state=actuator.state,
        duration=None if amount is None else amount.param,
        per_second=1 if amount is None else amount.per_unit,
        done_once_over=actuator.done_once_over,
    )
