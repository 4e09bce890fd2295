"""The channels of a greenhouse node: what it measures and what it moves.

They are what the node reports (`config_report`). A person names some only for nodes
that bring none of their own: climate and pump nodes, and nodes of the older generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, override

from ..fields import Choice, Decimal, Flag, Object, Objects, Text, Whole
from ..params import Field, InvalidCommand
from .node_types import OWN_CHANNELS

MOST_CHANNELS: Final = 32
LONGEST_WORD: Final = 64
LONGEST_RUN_MS: Final = 3_600_000
LONGEST_OPEN_S: Final = 300
DIMMED: Final = frozenset({"LED", "PWM"})
"""The actuator types that are set to a percentage."""
WORD: Final = r"[A-Za-z0-9_-]+"
SENSOR: Final = "SENSOR"
ACTUATOR: Final = "ACTUATOR"

_LONGEST_USUAL_RUN_MS: Final = 300_000
_LONGEST_DOSING_RUN_MS: Final = 60_000
_DAY_MS: Final = 86_400_000
_LONGEST_UNIT: Final = 16
_HIGHEST_GPIO: Final = 48
_WITH_RELAY_TYPE: Final = frozenset({"RELAY", "VALVE", "FAN", "HEATER"})
_CONTACTS: Final = ("NO", "NC")


@dataclass(frozen=True, slots=True)
class _Capitals(Text):
    """A text that is taken in capitals, as the firmware compares it."""

    @override
    def check(self, field: str, value: object) -> str:
        """Return the text in capitals. Raises InvalidCommand (invalid_text)."""
        return super(_Capitals, self).check(field, value).upper()


_CHANNEL: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "name": Text(1, LONGEST_WORD, WORD, required=True),
        "type": Choice((SENSOR, ACTUATOR), required=True),
        "metric": Text(1, LONGEST_WORD, WORD),
        "unit": Text(1, _LONGEST_UNIT, r"[^\x00-\x1f\x7f]+"),
        "poll_interval_ms": Whole(100, _DAY_MS),
        "actuator_type": _Capitals(1, LONGEST_WORD, WORD),
        "relay_type": Choice(_CONTACTS),
        "gpio": Whole(0, _HIGHEST_GPIO),
        "active_high": Flag(),
        "safe_limits": Object(
            {
                "max_duration_ms": Whole(1, _DAY_MS),
                "min_off_ms": Whole(0, _DAY_MS),
                "fail_safe_mode": Choice(_CONTACTS),
            }
        ),
        "ml_per_second": Decimal(0, 1000, above=True),
    }
)


@dataclass(frozen=True, slots=True)
class Channels(Objects):
    """The channels of a node; two cannot have names that differ in case alone.

    What switches a relay must say whether its contact is normally open or closed: a
    node refuses the whole configuration otherwise.
    """

    @override
    def check(self, field: str, value: object) -> list[dict[str, Any]]:
        """Return the channels. Raises InvalidCommand."""
        channels = super(Channels, self).check(field, value)
        keys = [channel_key(channel["name"]) for channel in channels]
        for number, (key, channel) in enumerate(zip(keys, channels, strict=True)):
            where = f"{field}.{number + 1}"
            if key in keys[:number]:
                raise InvalidCommand(
                    "invalid_choice",
                    field=f"{where}.name",
                    choices="",
                    value=channel["name"],
                )
            if lacks_relay_type(channel):
                raise InvalidCommand("missing_field", field=f"{where}.relay_type")
        return channels


CHANNELS: Final = Channels(_CHANNEL, MOST_CHANNELS)


def lacks_relay_type(channel: Mapping[str, Any]) -> bool:
    """Return whether a node would refuse a configuration with this channel."""
    return (
        channel["type"] == ACTUATOR
        and channel.get("actuator_type") in _WITH_RELAY_TYPE
        and not channel.get("relay_type")
    )


def reported_channels(value: object) -> list[dict[str, Any]]:
    """Return the channels that a configuration names, as far as they make sense."""
    channels: dict[str, dict[str, Any]] = {}
    for told in value[: 2 * MOST_CHANNELS] if isinstance(value, list) else ():
        channel = _reported(told) if isinstance(told, Mapping) else None
        if channel is not None and len(channels) < MOST_CHANNELS:
            channels.setdefault(channel_key(channel["name"]), channel)
    return list(channels.values())


def _reported(told: Mapping[str, Any]) -> dict[str, Any] | None:
    channel: dict[str, Any] = {}
    for name, field in _CHANNEL.items():
        try:
            if name in told:
                channel[name] = field.check(name, told[name])
        except InvalidCommand:
            if field.required:
                return None
    return channel if {"name", "type"} <= channel.keys() else None


def channel_key(name: str) -> str:
    """Return a channel's name in lower-case letters, digits and `_`."""
    return name.lower().replace("-", "_")


def channels_of(fields: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the channels of a node by name."""
    return {channel["name"]: channel for channel in fields.get("channels") or ()}


def sent_channels(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the channels of a node's configuration.

    Those of a node that brings its own are left to it. Raises InvalidCommand
    (missing_field) where a node would refuse the configuration.
    """
    if fields.get("type") in OWN_CHANNELS:
        return []
    channels = [dict(channel) for channel in channels_of(fields).values()]
    for channel in channels:
        if lacks_relay_type(channel):
            name = channel["name"]
            raise InvalidCommand("missing_field", field=f"channels.{name}.relay_type")
    return channels


def actuator_type(channel: Mapping[str, Any]) -> str:
    """Return what moves something, in capitals; empty: nobody said."""
    return str(channel.get("actuator_type") or "").upper()


def longest_run_ms(fields: Mapping[str, Any], channel: Mapping[str, Any]) -> int:
    """Return for how long a pump may run at once, in milliseconds."""
    longest = {
        "ph": _LONGEST_DOSING_RUN_MS,
        "ec": _LONGEST_DOSING_RUN_MS,
        "irrig": LONGEST_RUN_MS,
    }.get(fields.get("type", ""), _LONGEST_USUAL_RUN_MS)
    limits: Mapping[str, int] = channel.get("safe_limits") or {}
    return min(longest, limits.get("max_duration_ms", longest))


def longest_open_s(channel: Mapping[str, Any]) -> int:
    """Return for how long a valve may be opened at once, in seconds."""
    limits: Mapping[str, int] = channel.get("safe_limits") or {}
    most = min(LONGEST_OPEN_S, limits.get("max_duration_ms", _DAY_MS) // 1000)
    return max(1, most)


def state_words(channel: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a channel's state is called when it is off and when it is on."""
    return ("closed", "open") if actuator_type(channel) == "VALVE" else ("off", "on")
