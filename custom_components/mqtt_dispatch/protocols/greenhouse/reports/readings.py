"""What the channels of a greenhouse node measure, and what state they are in.

The keys of these readings are `channel/metric`, and for actuators `channel/state` and
`channel/value`. What the wire leaves open is decided here:

- A value that the node calls `stub` is made up, so it is no reading. One that it calls
  not `stable` was measured, so it is one.
- What has no `metric_type` is called what its channel is called.
- A metric that is not in the list of the sources is a plain number in the unit that the
  message names: `channel/metric/unit`.
- `details` of an answer are readings where they say what an actuator does (`state`,
  `value`) or what a sensor measured (`metric_type` and `value`, also within `probe`); a
  `snapshot` says it of several channels.
- `channel/assumed` is `yes` while nobody said what the state is, but what was ordered,
  and `no` once the node has said it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...measures import CURRENT, HUMIDITY, ILLUMINANCE, TEMPERATURE, Measure, YesNo
from ...untrusted import Unreadable, flag, line, number
from ..actuators import FULL
from ..channels import ACTUATOR, SENSOR, state_words
from ..places import word

METRICS: Final[Mapping[str, Measure | YesNo]] = MappingProxyType(
    {
        "ph": Measure(device_class="ph", precision=2),
        "ec": Measure(device_class="conductivity", unit="mS/cm", precision=2),
        "temperature": TEMPERATURE,
        "humidity": HUMIDITY,
        "co2": Measure(device_class="carbon_dioxide", unit="ppm", precision=0),
        "tds": Measure(unit="ppm", precision=0),
        "light": ILLUMINANCE,
        "light_intensity": ILLUMINANCE,
        "pump_current": CURRENT,
        "current_ma": CURRENT,
        "soil_moisture": Measure(device_class="moisture", unit="%", precision=0),
        "water_level_switch": YesNo(),
    }
)
_WITHOUT_UNIT: Final = frozenset({"pump_state", "flow_rate", "water_level"})
"""Metrics of the vendor's that are plain numbers, whatever unit a node names."""

_LARGEST: Final = 1e15
_LONGEST_UNIT: Final = 16
_MOST_IN_SNAPSHOT: Final = 32

type _Content = Mapping[str, Any]
type _Channels = Mapping[str, Mapping[str, Any]]


def measured(channel: str, content: _Content) -> dict[str, str | float]:
    """Return what telemetry of a channel says. Raises Unreadable."""
    metric = word(content.get("metric_type", channel))
    value = _number(content.get("value"))
    if metric is None or value is None:
        raise Unreadable("no value")
    if flag(content.get("stub")):
        return {}
    key = f"{channel}/{metric.lower()}"
    unit = line(content.get("unit"), _LONGEST_UNIT)
    if unit is None or metric.lower() in METRICS.keys() | _WITHOUT_UNIT:
        return {key: value}
    return {key: value, f"{key}/unit": unit}


def told(channels: _Channels, channel: str, details: object) -> dict[str, str | float]:
    """Return what the details of an answer, or an event, say of channels."""
    if not isinstance(details, Mapping):
        return {}
    readings = _snapshot(channels, details.get("snapshot"))
    about = channels.get(channel)
    if about is not None and about["type"] == ACTUATOR:
        return readings | _moved(about, details)
    for said in (details, details.get("probe")):
        if isinstance(said, Mapping) and "metric_type" in said:
            try:
                return readings | measured(channel, said)
            except Unreadable:
                continue
    return readings


def _snapshot(channels: _Channels, snapshot: object) -> dict[str, str | float]:
    readings: dict[str, str | float] = {}
    if not isinstance(snapshot, Mapping):
        return readings
    for name, value in list(snapshot.items())[:_MOST_IN_SNAPSHOT]:
        about, on = channels.get(name), flag(value)
        if about is None or on is None:
            continue
        if about["type"] == ACTUATOR:
            readings |= _moved(about, {"state": on})
        elif about["type"] == SENSOR and "metric" in about:
            readings[f"{name}/{about['metric'].lower()}"] = float(on)
    return readings


def _moved(channel: _Content, details: _Content) -> dict[str, str | float]:
    name = channel["name"]
    readings: dict[str, str | float] = {}
    if (on := flag(details.get("state"))) is not None:
        readings[f"{name}/state"] = state_words(channel)[on]
    if (value := number(details.get("value"), 0, FULL)) is not None:
        readings.setdefault(f"{name}/state", state_words(channel)[value > 0])
        readings[f"{name}/value"] = value
    return {**readings, f"{name}/assumed": "no"} if readings else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return float(value)
    return number(value, -_LARGEST, _LARGEST)
