"""The types of greenhouse nodes: what each has, whatever it is configured with.

The figures are those of the firmware: ph, ec, relay, light and irrig nodes bring their
channels and put them in place of any that are sent; climate nodes add their sensors to
those that are sent; pump nodes take what is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

type Channel = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a node measures by itself: a channel, what it is, and how often."""

    channel: str
    metric: str
    value: float
    unit: str = ""
    seconds: float
    raw: float = 0.0
    """By what the value is multiplied to tell it raw; 0: it is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeType:
    """One type of node at the newest firmware."""

    capabilities: tuple[str, ...]
    channels: tuple[Channel, ...] = ()
    takes_channels: bool = False
    """Whether those that are sent stay."""
    measures: tuple[Measured, ...] = ()
    tells_status: float | None = None
    """Seconds between its long statuses."""
    limits: Channel | None = None
    always_greets: bool = False
    """Whether it says hello at every connect, also with an address."""
    tells_at_connect: bool = True
    """Whether it tells at each connect what it holds."""
    keeps_telling: bool = False
    """Whether it still does after it was given another address."""
    reconnects: bool = True
    """Whether another address makes it connect anew."""


def _sensor(
    name: str, metric: str, unit: str, poll_ms: int, precision: int, **more: object
) -> Channel:
    return {
        "name": name,
        "channel": name,
        "type": "SENSOR",
        "metric": metric,
        "unit": unit,
        **more,
        "poll_interval_ms": poll_ms,
        "precision": precision,
    }


def _limits(longest_ms: int) -> Channel:
    return {
        "max_duration_ms": longest_ms,
        "min_off_ms": PUMP_REST_MS,
        "fail_safe_mode": "NO",
    }


def _doser(name: str, gpio: int, ml_per_second: float) -> Channel:
    return {
        "name": name,
        "channel": name,
        "type": "ACTUATOR",
        "actuator_type": "PERISTALTIC_PUMP",
        "gpio": gpio,
        "safe_limits": _limits(LONGEST_DOSING_MS),
        "ml_per_second": ml_per_second,
    }


def _service(name: str) -> Channel:
    return {
        "name": name,
        "channel": name,
        "type": "ACTUATOR",
        "actuator_type": "SYSTEM",
    }


def _relay(name: str) -> Channel:
    return {
        "name": name,
        "channel": name,
        "type": "ACTUATOR",
        "actuator_type": "RELAY",
        "metric": "RELAY",
        "active_high": False,
        "relay_type": "NO",
        "safe_limits": {"fail_safe_mode": "NO"},
    }


def _level(name: str, gpio: int) -> Channel:
    extra = {"gpio": gpio, "active_low": False}
    return _sensor(name, "WATER_LEVEL_SWITCH", "bool", 5000, 0, **extra)


def _storage(name: str, gpio: int, longest_ms: int = 30_000) -> Channel:
    return {
        "name": name,
        "channel": name,
        "type": "ACTUATOR",
        "actuator_type": "PUMP" if name == MAIN_PUMP else "VALVE",
        "relay_type": "NO",
        "gpio": gpio,
        "safe_limits": _limits(longest_ms),
        "ml_per_second": 2,
    }


LONGEST_DOSING_MS = 60_000
LONGEST_MAIN_PUMP_MS = 3_600_000
PUMP_REST_MS = 5000
MAIN_PUMP = "pump_main"
VALVES = (
    "valve_clean_fill",
    "valve_clean_supply",
    "valve_solution_fill",
    "valve_solution_supply",
    "valve_irrigation",
)
LEVELS = ("clean_min", "clean_max", "solution_min", "solution_max")

_CURRENT = Measured(
    channel="pump_bus_current",
    metric="PUMP_CURRENT",
    value=120,
    unit="mA",
    seconds=5,
    raw=1,
)
_CURRENT_LIMITS = {"currentMin": 50, "currentMax": 500}

TYPES: dict[str, NodeType] = {
    "ph": NodeType(
        capabilities=("ph", "temperature"),
        channels=(
            _sensor("ph_sensor", "PH", "pH", 3000, 2),
            _sensor("solution_temp_c", "TEMPERATURE", "C", 5000, 1),
            _doser("pump_base", 12, 1.5),
            _doser("pump_acid", 13, 1.5),
            _service("system"),
        ),
        measures=(
            Measured(
                channel="ph_sensor",
                metric="PH",
                value=5.9,
                unit="pH",
                seconds=3,
                raw=1000,
            ),
            _CURRENT,
        ),
        tells_status=60,
        limits=_CURRENT_LIMITS,
    ),
    "ec": NodeType(
        capabilities=("ec", "temperature"),
        channels=(
            _sensor("ec_sensor", "EC", "mS/cm", 2000, 2),
            _doser("pump_a", 26, 3),
            _doser("pump_b", 27, 3),
            _doser("pump_c", 25, 3),
            _doser("pump_d", 33, 3),
            _service("system"),
        ),
        measures=(
            Measured(
                channel="ec_sensor",
                metric="EC",
                value=1.8,
                unit="mS/cm",
                seconds=2,
                raw=1000,
            ),
            Measured(
                channel="ec_tds_ppm",
                metric="TDS",
                value=900,
                unit="ppm",
                seconds=2,
                raw=1,
            ),
        ),
        tells_status=60,
        limits=_CURRENT_LIMITS,
    ),
    "climate": NodeType(
        capabilities=("temperature", "humidity", "co2", "lighting", "ventilation"),
        channels=(
            _sensor("temperature", "TEMPERATURE", "°C", 5000, 1),
            _sensor("humidity", "HUMIDITY", "%", 5000, 1),
            _sensor("co2", "CO2", "ppm", 10_000, 0),
        ),
        takes_channels=True,
        measures=(
            Measured(
                channel="temperature",
                metric="TEMPERATURE",
                value=22.25,
                unit="°C",
                seconds=5,
            ),
            Measured(
                channel="humidity", metric="HUMIDITY", value=60, unit="%", seconds=5
            ),
            Measured(
                channel="co2", metric="CO2", value=700, unit="ppm", seconds=5, raw=1
            ),
        ),
        reconnects=False,
        keeps_telling=True,
    ),
    "relay": NodeType(
        capabilities=("relay", "water_storage"),
        channels=tuple(map(_relay, ("fill_valve", "water_control", "drain_valve"))),
    ),
    "light": NodeType(
        capabilities=("light",),
        channels=(_sensor("light", "LIGHT", "lux", 3000, 0),),
        measures=(
            Measured(
                channel="light", metric="LIGHT", value=12_000.5, unit="lux", seconds=5
            ),
        ),
    ),
    "irrig": NodeType(
        capabilities=("irrigation", "storage", "pump", "current"),
        channels=(
            *(
                _level(f"level_{name}", gpio)
                for name, gpio in zip(LEVELS, (33, 32, 35, 34), strict=True)
            ),
            _storage(MAIN_PUMP, 13, LONGEST_MAIN_PUMP_MS),
            *(
                _storage(name, gpio)
                for name, gpio in zip(VALVES, (12, 14, 27, 26, 25), strict=True)
            ),
            _service("storage_state"),
        ),
        measures=tuple(
            Measured(
                channel=f"level_{name}",
                metric="WATER_LEVEL_SWITCH",
                value=0,
                seconds=5,
            )
            for name in LEVELS
        ),
        always_greets=True,
        keeps_telling=True,
    ),
    "pump": NodeType(
        capabilities=("pump", "current"),
        takes_channels=True,
        measures=(_CURRENT,),
        tells_status=60,
        tells_at_connect=False,
    ),
}
