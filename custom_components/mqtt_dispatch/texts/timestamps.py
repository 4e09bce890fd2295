"""Moments as Home Assistant shows them."""

from __future__ import annotations

from datetime import datetime

from homeassistant.util import dt as dt_util


def when(wall: float | None) -> datetime | None:
    """Return unix seconds as a moment in UTC."""
    return None if wall is None else dt_util.utc_from_timestamp(wall)
