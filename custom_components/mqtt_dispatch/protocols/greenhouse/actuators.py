"""What a person handles of the actuators of a greenhouse node.

It follows from their `actuator_type` and from the kinds that the node understands. One
of a type that is not in the table below gets nothing to handle: were a pump taken for a
relay, nobody would bound how long it runs. Commands reach it all the same.

A `PWM` channel says what it drives by its name alone. It is a lamp or a vent only where
that says so: whoever switches all lights on would otherwise have a heater run at full
power. Else it is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
import re
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import Readings
from ..actuator import Actuator, Amount, Form
from .channels import (
    ACTUATOR,
    actuator_type,
    channel_key,
    channels_of,
    longest_open_s,
    longest_run_ms,
)
from .node_types import kinds_of

MOST_ML: Final = 500
FULL: Final = 100
"""Percent."""

_USUAL_RUN_MS: Final = 1000
_USUAL_ML: Final = 1
_LEAST_ML: Final = 0.1
_USUAL_OPEN_S: Final = 60
_LAMPS: Final = frozenset({"light", "lighting", "lamp", "led", "dimmer"})
_VENTS: Final = frozenset({"vent", "window", "flap", "damper", "louver", "louvre"})
_NEITHER: Final = frozenset(
    {"fan", "blower", "exhaust", "motor"}
    | {"pump", "valve", "mist", "fog", "fogger", "humidifier", "dehumidifier"}
    | {"heater", "heating", "heat", "cooler", "cooling"}
)
"""Words for what turns, flows or heats: a `vent_fan` is no vent."""
_COMPOUND: Final = re.compile(
    r"(?!skylight$|solvent$)([a-z]{2,})(light|lamp|vent|window)"
)
"""What may be said in one word: `growlight`, `roofvent`; `clamp` or `event` is not."""

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
        unit="s",
        per_unit=1000,
    )
    orders: _Orders = {"press": ("run_pump", {})}
    run = _actuator("run", Form.BUTTON, channel, orders, amount=amount)
    stop = ("stop_pump", {"channel": channel["name"]})
    return (replace(run, done_once_over=True, water=True, stopped_by=stop),)


def _dose(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    amount = Amount(
        param="ml", minimum=_LEAST_ML, maximum=MOST_ML, usual=_USUAL_ML, unit="mL"
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
    relay = _actuator("relay", Form.SWITCH, channel, orders, state="state")
    return (replace(relay, device_class="switch"),)


def _valve(fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {"open": ("open_valve", {}), "close": ("close_valve", {})}
    if "open_valve" not in kinds_of(fields):
        orders = {**orders, "open": ("set_relay", {"state": True})}
        valve = _actuator("valve", Form.VALVE, channel, orders, state="state")
        return (replace(valve, water=True),)
    most = longest_open_s(channel)
    amount = Amount(
        param="duration_s",
        minimum=1,
        maximum=most,
        usual=min(_USUAL_OPEN_S, most),
        unit="s",
    )
    valve = _actuator("valve", Form.VALVE, channel, orders, state="state")
    return (replace(valve, amount=amount, done_once_over=True, water=True),)


def _light(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {
        "on": ("light_on", {}),
        "off": ("light_off", {}),
        "set": ("set_pwm", {}),
    }
    light = _actuator(
        "light", Form.LIGHT, channel, orders, state="state", amount=_PERCENT
    )
    return (_levelled(light, channel),)


def _vent(_fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    orders: _Orders = {
        "open": ("set_pwm", {_PERCENT.param: FULL}),
        "close": ("set_pwm", {_PERCENT.param: 0}),
        "set": ("set_pwm", {}),
    }
    vent = _actuator(
        "vent", Form.COVER, channel, orders, state="state", amount=_PERCENT
    )
    return (replace(_levelled(vent, channel), device_class="damper"),)


def _pwm(fields: _Fields, channel: _Fields) -> tuple[Actuator, ...]:
    words = _words(channel["name"])
    if not words & _NEITHER:
        if words & _VENTS:
            return _vent(fields, channel)
        # Things grow in a box too; by itself, the word is a lamp's.
        if words & _LAMPS or words == {"grow"}:
            return _light(fields, channel)
    orders: _Orders = {"set": ("set_pwm", {})}
    return (
        _actuator("pwm", Form.NUMBER, channel, orders, state="value", amount=_PERCENT),
    )


def _words(name: str) -> set[str]:
    """Return the words of a channel's name, of one thing each and without numbers."""
    words: set[str] = set()
    for numbered in channel_key(name).split("_"):
        word = numbered.rstrip("0123456789").removesuffix("s")
        compound = _COMPOUND.fullmatch(word)
        words.update(compound.groups() if compound else (word,))
    return words - {""}


def _levelled(actuator: Actuator, channel: _Fields) -> Actuator:
    """Return what is set to a percentage, as a number alone was before."""
    name = channel["name"]
    return replace(
        actuator,
        level=f"{name}/{_PERCENT.param}",
        formerly=(Form.NUMBER.value, f"pwm_{channel_key(name)}"),
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


_PERCENT: Final = Amount(param="value", minimum=0, maximum=FULL, usual=0, unit="%")

type _Make = Callable[[_Fields, _Fields], tuple[Actuator, ...]]

_HANDLED_AS: Final[Mapping[str, tuple[_Make, ...]]] = MappingProxyType(
    {
        "PUMP": (_run, _dose, _stop),
        "PERISTALTIC_PUMP": (_run, _dose, _stop),
        "RELAY": (_relay,),
        "FAN": (_relay,),
        "HEATER": (_relay,),
        "VALVE": (_valve,),
        "LED": (_light,),
        "PWM": (_pwm,),
    }
)
