"""What a person handles of the actuators of a greenhouse node.

It follows from their `actuator_type` and from the kinds that the node understands. One
of a type that is not in the table below gets nothing to handle: were a pump taken for a
relay, nobody would bound how long it runs. Commands reach it all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import Readings
from ..actuator import Actuator, Amount, Form
from .channels import (
    ACTUATOR,
    actuator_type,
    channel_key,
    channels_of,
    longest_run_ms,
)
from .node_types import kinds_of

MOST_ML: Final = 500
FULL: Final = 100
"""Percent."""

_USUAL_RUN_MS: Final = 1000
_USUAL_ML: Final = 1
_LEAST_ML: Final = 0.1

type _Fields = Mapping[str, Any]
type _Orders = Mapping[str, tuple[str, Mapping[str, Any]]]


def actuators(fields: _Fields, _readings: Readings) -> tuple[Actuator, ...]:
    """Return what a person handles at a node; see `Protocol.actuators`."""
    kinds = kinds_of(fields)
    return tuple(
        actuator
        for channel in channels_of(fields).values()
        if channel["type"] == ACTUATOR
        for make in _HANDLED_AS.get(actuator_type(channel), ())
        for actuator in make(fields, channel)
        if all(kind in kinds for kind, _ in actuator.orders.values())
    )


def _run(fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    most = longest_run_ms(fields, channel)
    amount = Amount(
        param="duration_ms",
        minimum=1,
        maximum=most,
        usual=min(_USUAL_RUN_MS, most),
        unit="ms",
    )
    orders: _Orders = {"press": ("run_pump", {})}
    return (_actuator("run", Form.BUTTON, channel, orders, amount=amount),)


def _dose(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    amount = Amount(
        param="ml", minimum=_LEAST_ML, maximum=MOST_ML, usual=_USUAL_ML, unit="ml"
    )
    orders: _Orders = {"press": ("dose", {})}
    return (_actuator("dose", Form.BUTTON, channel, orders, amount=amount),)


def _stop(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {"press": ("stop_pump", {})}
    return (_actuator("stop", Form.BUTTON, channel, orders),)


def _relay(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {
        "on": ("set_relay", {"state": True}),
        "off": ("set_relay", {"state": False}),
    }
    return (_actuator("relay", Form.SWITCH, channel, orders, state="state"),)


def _valve(fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    # Where it can be closed for good, before anything else and until it is, that is
    # how.
    close: tuple[str, Mapping[str, Any]] = ("set_relay", {"state": False})
    if "close_valve" in kinds_of(fields):
        close = ("close_valve", {})
    orders: _Orders = {"open": ("set_relay", {"state": True}), "close": close}
    return (_actuator("valve", Form.VALVE, channel, orders, state="state"),)


def _light(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {"on": ("light_on", {}), "off": ("light_off", {})}
    return (_actuator("light", Form.LIGHT, channel, orders, state="state"),)


def _pwm(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    amount = Amount(param="value", minimum=0, maximum=FULL, usual=0, unit="%")
    orders: _Orders = {"set": ("set_pwm", {})}
    return (
        _actuator(
            "pwm", Form.NUMBER, channel, orders, state=amount.param, amount=amount
        ),
    )


def _actuator(
    name: str,
    form: Form,
    channel: _Fields,
    orders: _Orders,
    *,
    state: str | None = None,
    amount: Amount | None = None,
) -> Actuator:
    label = channel["name"]
    return Actuator(
        # No name begins another one, so keys differ where channels do.
        key=f"{name}_{channel_key(label)}",
        form=form,
        name=name,
        label=label,
        orders={
            order: (kind, {"channel": label, **params})
            for order, (kind, params) in orders.items()
        },
        state=None if state is None else f"{label}/{state}",
        assumed=None if state is None else f"{label}/assumed",
        amount=amount,
    )


type _Make = Callable[[_Fields, _Fields], tuple[Actuator, ...]]

_HANDLED_AS: Final[Mapping[str, tuple[_Make, ...]]] = MappingProxyType(
    {
        "PUMP": (_run, _dose, _stop),
        "PERISTALTIC_PUMP": (_run, _dose, _stop),
        "RELAY": (_relay,),
        "FAN": (_relay,),
        "HEATER": (_relay,),
        "VALVE": (_valve,),
        "LED": (_light, _pwm),
        "PWM": (_pwm,),
    }
)
