"""The channels of a greenhouse node: what it measures and what it moves.

What the wire leaves open is decided here:

- What a person handles of an actuator follows from its `actuator_type`. One of a type
  that is not in the table below gets nothing to handle: were a pump taken for a relay,
  nobody would bound how long it runs. Commands reach it all the same.
- Capabilities are words of the firmware's. Where one is a metric that is known, or
  says what it moves, it is proposed as a channel of that name; a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ...engine.model import (
    Readings,
)
from ...engine.reports import (
    Hello,
)
from ..actuator import Actuator, Amount, Form
from ..fields import Choice, Object, Objects, Text, Whole
from ..params import Field, InvalidCommand

MOST_CHANNELS: Final = 32
LONGEST_WORD: Final = 64
LONGEST_RUN_MS: Final = 300_000
MOST_ML: Final = 500
HIGHEST_PWM: Final = 255
WORD: Final = r"[A-Za-z0-9_-]+"
NODE_TYPES: Final = (
    "ph",
    "ec",
    "climate",
    "irrig",
    "light",
    "relay",
    "water_sensor",
    "recirculation",
    "unknown",
)
SENSOR: Final = "SENSOR"
ACTUATOR: Final = "ACTUATOR"

_USUAL_RUN_MS: Final = 1000
_USUAL_ML: Final = 1
_LEAST_ML: Final = 0.1
_USUAL_POLL_MS: Final = 5000
_DAY_MS: Final = 86_400_000

type _Orders = Mapping[str, tuple[str, Mapping[str, Any]]]

_CHANNEL: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "name": Text(1, LONGEST_WORD, WORD, required=True),
        "type": Choice((SENSOR, ACTUATOR), required=True),
        "metric": Text(1, LONGEST_WORD, WORD),
        "poll_interval_ms": Whole(100, _DAY_MS),
        "actuator_type": Text(1, LONGEST_WORD, WORD),
        "safe_limits": Object(
            {
                "max_duration_ms": Whole(1, _DAY_MS),
                "min_off_ms": Whole(0, _DAY_MS),
            }
        ),
    }
)

_METRICS: Final = frozenset(
    {
        "co2",
        "ec",
        "flow_rate",
        "humidity",
        "light_intensity",
        "outside_temp",
        "ph",
        "pump_current",
        "soil_moisture",
        "soil_temp",
        "temperature",
        "water_level",
        "water_level_switch",
        "wind_speed",
    }
)


@dataclass(frozen=True, slots=True)
class Channels(Objects):
    """The channels of a node; two cannot have names that differ in case alone."""

    def check(self, field: str, value: object) -> list[dict[str, Any]]:
        """Return the channels. Raises InvalidCommand."""
        channels = super(Channels, self).check(field, value)
        keys = [channel_key(channel["name"]) for channel in channels]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                raise InvalidCommand(
                    "invalid_choice",
                    field=f"{field}.{number + 1}.name",
                    choices="",
                    value=channels[number]["name"],
                )
        return channels


CHANNELS: Final = Channels(_CHANNEL, MOST_CHANNELS)


def channel_key(name: str) -> str:
    """Return a channel's name in lower-case letters, digits and `_`."""
    return name.lower().replace("-", "_")


def channels_of(fields: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the channels of a node by name."""
    return {channel["name"]: channel for channel in fields.get("channels") or ()}


def longest_run_ms(channel: Mapping[str, Any]) -> int:
    """Return for how long a pump may run, in milliseconds."""
    limits: Mapping[str, int] = channel.get("safe_limits") or {}
    return min(LONGEST_RUN_MS, limits.get("max_duration_ms", LONGEST_RUN_MS))


def state_words(channel: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a channel's state is called when it is off and when it is on."""
    known = _MOVES.get(_actuator_type(channel))
    return ("closed", "open") if known is _valve else ("off", "on")


def actuators(fields: Mapping[str, Any], _readings: Readings) -> tuple[Actuator, ...]:
    """Return what a person handles at a node; see `Protocol.actuators`."""
    return tuple(
        actuator
        for channel in channels_of(fields).values()
        if channel["type"] == ACTUATOR
        for actuator in _MOVES.get(_actuator_type(channel), _nothing)(channel)
    )


def usual_fields(hello: Hello) -> dict[str, Any]:
    """Return what a node's hello says of its type and channels.

    Never where it belongs: a node does not know that.
    """
    channels: dict[str, dict[str, Any]] = {}
    for capability in hello.capabilities:
        channel = _proposed(capability.lower())
        if channel is not None and len(channels) < MOST_CHANNELS:
            channels.setdefault(channel_key(channel["name"]), channel)
    known = hello.type.lower() in NODE_TYPES
    return {
        "type": hello.type.lower() if known else "unknown",
        "channels": list(channels.values()),
    }


def _proposed(capability: str) -> dict[str, Any] | None:
    try:
        name = _CHANNEL["name"].check("name", capability)
    except InvalidCommand:
        return None
    if channel_key(name) in _METRICS:
        return {
            "name": name,
            "type": SENSOR,
            "metric": channel_key(name).upper(),
            "poll_interval_ms": _USUAL_POLL_MS,
        }
    words = channel_key(name).split("_")
    for word, actuator_type in _ACTUATOR_WORDS.items():
        if word in words:
            return {"name": name, "type": ACTUATOR, "actuator_type": actuator_type}
    return None


_ACTUATOR_WORDS: Final = MappingProxyType(
    {
        "doser": "DOSING_PUMP",
        "dosing": "DOSING_PUMP",
        "pump": "PUMP",
        "valve": "VALVE",
        "light": "LIGHT",
        "relay": "RELAY",
        "fan": "FAN",
        "heater": "HEATER",
        "pwm": "PWM",
        "vent": "VENT",
    }
)


def _actuator_type(channel: Mapping[str, Any]) -> str:
    return str(channel.get("actuator_type") or "").upper()


def _nothing(_channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    return ()


def _stop(channel: Mapping[str, Any]) -> Actuator:
    return _actuator("stop", Form.BUTTON, channel, {"press": ("stop_pump", {})})


def _pump(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    most = longest_run_ms(channel)
    amount = Amount(
        param="duration_ms",
        minimum=1,
        maximum=most,
        usual=min(_USUAL_RUN_MS, most),
        unit="ms",
    )
    orders: _Orders = {"press": ("run_pump", {})}
    run = _actuator("run", Form.BUTTON, channel, orders, amount=amount)
    return run, _stop(channel)


def _dosing_pump(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    amount = Amount(
        param="ml", minimum=_LEAST_ML, maximum=MOST_ML, usual=_USUAL_ML, unit="ml"
    )
    orders: _Orders = {"press": ("dose", {})}
    dose = _actuator("dose", Form.BUTTON, channel, orders, amount=amount)
    return dose, _stop(channel)


def _light(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    orders: _Orders = {"on": ("light_on", {}), "off": ("light_off", {})}
    return (_actuator("light", Form.SWITCH, channel, orders, state="state"),)


def _relay(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    orders: _Orders = {
        "on": ("set_relay", {"state": True}),
        "off": ("set_relay", {"state": False}),
    }
    return (_actuator("relay", Form.SWITCH, channel, orders, state="state"),)


def _valve(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    orders: _Orders = {
        "open": ("set_relay", {"state": True}),
        "close": ("set_relay", {"state": False}),
    }
    return (_actuator("valve", Form.VALVE, channel, orders, state="state"),)


def _pwm(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    amount = Amount(param="value", minimum=0, maximum=HIGHEST_PWM, usual=0, unit="")
    orders: _Orders = {"set": ("set_pwm", {})}
    return (
        _actuator(
            "pwm", Form.NUMBER, channel, orders, state=amount.param, amount=amount
        ),
    )


def _position(channel: Mapping[str, Any]) -> tuple[Actuator, ...]:
    amount = Amount(param="position_pct", minimum=0, maximum=100, usual=0, unit="%")
    orders: _Orders = {"set": ("set_position", {})}
    return (
        _actuator(
            "position", Form.NUMBER, channel, orders, state=amount.param, amount=amount
        ),
    )


def _actuator(
    name: str,
    form: Form,
    channel: Mapping[str, Any],
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
        amount=amount,
    )


_MOVES: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[Actuator, ...]]]] = (
    MappingProxyType(
        {
            "PUMP": _pump,
            "DOSING_PUMP": _dosing_pump,
            "PERISTALTIC_PUMP": _dosing_pump,
            "LIGHT": _light,
            "RELAY": _relay,
            "FAN": _relay,
            "HEATER": _relay,
            "VALVE": _valve,
            "PWM": _pwm,
            "DIMMER": _pwm,
            "POSITION": _position,
            "SERVO": _position,
            "VENT": _position,
        }
    )
)
