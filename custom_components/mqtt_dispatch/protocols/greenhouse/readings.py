"""What the channels of a greenhouse node measure, and what state they are in.

The keys of these readings are `channel/metric`, and for actuators `channel/state`,
`channel/value` and `channel/position_pct`. What the wire leaves open is decided here:

- A value that the node calls `stub` is made up, so it is no reading. One that it calls
  not `stable` was measured, so it is one.
- `details` of an answer are readings where they say what an actuator does (`state`,
  `value`, `position_pct`) or what a sensor measured (`metric_type` and `value`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..untrusted import Unreadable, flag, number
from .channels import ACTUATOR, state_words
from .places import word

_LARGEST: Final = 1e15
_STATES: Final[Mapping[str, float]] = MappingProxyType(
    {"state": 1, "value": _LARGEST, "position_pct": 100}
)

type _Content = Mapping[str, Any]


def measured(channel: _Content, content: _Content) -> dict[str, str | float]:
    """Return what telemetry of a channel says. Raises Unreadable."""
    metric = word(content.get("metric_type"))
    value = number(content.get("value"), -_LARGEST, _LARGEST)
    if metric is None or value is None:
        raise Unreadable("no value")
    if flag(content.get("stub")):
        return {}
    if channel["type"] == ACTUATOR and metric.lower() in _STATES:
        return _state(channel, metric.lower(), value)
    return {f"{channel['name']}/{metric.lower()}": value}


def told(channel: _Content, details: object) -> dict[str, str | float]:
    """Return what the details of an answer say of the channel that it came from."""
    if not isinstance(details, Mapping):
        return {}
    if channel["type"] != ACTUATOR:
        try:
            return measured(channel, details)
        except Unreadable:
            return {}
    readings: dict[str, str | float] = {}
    for name in _STATES:
        readings |= _state(channel, name, details.get(name))
    return readings


def _state(channel: _Content, name: str, value: object) -> dict[str, str | float]:
    found: str | float | None
    if name == "state":
        on = flag(value)
        found = None if on is None else state_words(channel)[on]
    else:
        found = number(value, 0, _STATES[name])
    return {} if found is None else {f"{channel['name']}/{name}": found}
