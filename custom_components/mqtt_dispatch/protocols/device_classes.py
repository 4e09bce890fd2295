"""The device classes of Home Assistant that a reading may have, with their units.

They are those that each supported Home Assistant has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NO_UNIT: Final = ""

OF_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "battery": ("%",),
    "carbon_dioxide": ("ppm",),
    "current": ("A", "mA"),
    "distance": ("mm", "cm", "m", "km"),
    "duration": ("ms", "s", "min", "h", "d"),
    "energy": ("Wh", "kWh"),
    "frequency": ("Hz", "kHz", "MHz"),
    "humidity": ("%",),
    "illuminance": ("lx",),
    "moisture": ("%",),
    "ph": (NO_UNIT,),
    "power": ("W", "kW"),
    "precipitation": ("mm", "cm"),
    "pressure": ("Pa", "hPa", "kPa", "mbar", "bar", "psi"),
    "signal_strength": ("dBm", "dB"),
    "temperature": ("°C", "°F", "K"),
    "voltage": ("V", "mV"),
    "volume": ("L", "mL", "m³", "gal"),
    "volume_flow_rate": ("L/min", "m³/h", "mL/s"),
    "volume_storage": ("L", "mL", "m³", "gal"),
    "water": ("L", "m³", "gal"),
    "weight": ("g", "kg", "mg", "oz", "lb"),
}
"""What a number may be, and in which units it may be told."""
COUNTS: Final = frozenset({"energy", "volume", "water"})
"""Those of which each is a count."""
MAY_COUNT: Final = COUNTS | {"distance", "duration", "precipitation", "weight"}
"""Those of which one may be a count."""
OF_YES_NO: Final = (
    "battery",
    "battery_charging",
    "cold",
    "connectivity",
    "door",
    "heat",
    "light",
    "lock",
    "moisture",
    "motion",
    "moving",
    "occupancy",
    "opening",
    "plug",
    "power",
    "presence",
    "problem",
    "running",
    "safety",
    "smoke",
    "sound",
    "tamper",
    "vibration",
    "window",
)
"""What a yes or no may be."""
