"""When the sun rises and sets where Home Assistant is at home."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers.sun import get_astral_event_date
from homeassistant.util import dt as dt_util

from .engine.model.meal import Sun

_MOST_KNOWN = 5000
"""So many dates are remembered: a year and more of both events."""


class Daylight:
    """Home Assistant's own times of the sun, remembered until it has `moved`."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing known."""
        self._hass = hass
        self._known: dict[tuple[Sun, date], float | None] = {}
        self._location = self._at_home

    @property
    def _at_home(self) -> tuple[float, float, int]:
        config = self._hass.config
        return config.latitude, config.longitude, config.elevation

    def moved(self) -> bool:
        """Return whether Home Assistant has moved since this was asked last."""
        before, self._location = self._location, self._at_home
        if before == self._location:
            return False
        self._known.clear()
        return True

    def at(self, event: Sun, day: date) -> float | None:
        """Return when the sun rises or sets on a local date; see `Place.sun`.

        Home Assistant reckons by the dates of UTC, which are others far from Greenwich.
        """
        zone = dt_util.get_default_time_zone()
        for near in (0, -1, 1):
            try:
                found = self._of_utc(event, day + timedelta(days=near))
            except OverflowError:  # the calendar has no such day
                continue
            if found is not None and datetime.fromtimestamp(found, zone).date() == day:
                return found
        return None

    def _of_utc(self, event: Sun, day: date) -> float | None:
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        known = event, day
        if known not in self._known:
            moment = get_astral_event_date(self._hass, event.value, day)
            self._known[known] = None if moment is None else moment.timestamp()
        return self._known[known]
