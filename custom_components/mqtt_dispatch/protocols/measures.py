"""How a person sees what a node tells of itself.

The words are those of Home Assistant: its device classes, its spelling of units. What a
reading is called stands in the translations, under its key. Its icon stands in
`icons.json` where its device class has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Called:
    """What a reading is called of which the translations may not know the key."""

    key: str
    """Its name is that of the translations, where they have this key; or else it is
    this, as a person writes it."""
    own: str = ""
    """What its owner calls it, whatever the translations say."""
    number: int | None = None
    """Which of several things it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number, or one of a few words; it is shown once it was told."""

    device_class: str = ""
    """As of a sensor; empty for none, and where it is a word."""
    unit: str = ""
    precision: int | None = None
    """How many digits are shown after the point. None: as many as there are."""
    words: tuple[str, ...] = ()
    """What it may be. None: it is a number."""
    several: bool = False
    """Whether it may be several of these words, with commas between."""
    diagnostic: bool = False
    restless: bool = False
    """Whether it is never the same in two messages: it is not shown unless somebody
    wants to see it."""
    counts: bool = False
    """Whether it is a count, which only grows until it begins anew."""
    called: Called | None = None
    """None: the translations have its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo:
    """A yes (1) or no (0). Why it is so may be told under its key with `_reason`."""

    device_class: str = ""
    """As of a binary sensor."""
    diagnostic: bool = False
    once_told: bool = False
    """Whether it is shown only once it was told."""
    called: Called | None = None
    """None: the translations have its key."""


type Reading = Measure | YesNo | None
"""What is told under a key. None: what nobody is shown by itself."""

CURRENT: Final = Measure(device_class="current", unit="mA", precision=0)
HUMIDITY: Final = Measure(device_class="humidity", unit="%", precision=0)
ILLUMINANCE: Final = Measure(device_class="illuminance", unit="lx", precision=0)
PROBLEM: Final = YesNo(device_class="problem", diagnostic=True)
SIGNAL: Final = Measure(
    device_class="signal_strength", unit="dBm", diagnostic=True, restless=True
)
TEMPERATURE: Final = Measure(device_class="temperature", unit="°C", precision=1)
VOLTAGE: Final = Measure(device_class="voltage", unit="V", precision=2, diagnostic=True)
