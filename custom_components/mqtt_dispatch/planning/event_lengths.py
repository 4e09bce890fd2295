"""For how long a meal is shown as going on in a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ..protocols.base import Protocol

MEAL_LASTS: Final = 59.0
"""Seconds for which a meal is shown as going on that does not say how long it runs.

It ends in the minute in which it began. Clocks are set between two minutes, so Home
Assistant, which compares local times, never sees it end before it began.
"""


def run_time(protocol: Protocol, kind: str, params: Mapping[str, Any]) -> float:
    """Return for how many seconds a meal is shown as going on."""
    lasts = protocol.lasting(kind)
    return MEAL_LASTS if lasts is None else float(params.get(lasts, MEAL_LASTS))


def end_of(start: datetime, seconds: float) -> datetime:
    """Return when what begins at a local time is shown to end.

    On the night on which clocks are set back that can be earlier on the clock, which
    Home Assistant does not show; it is shown as a minute then.
    """
    end = datetime.fromtimestamp(start.timestamp() + seconds, start.tzinfo)
    if end.replace(tzinfo=None) > start.replace(tzinfo=None):
        return end
    return start + timedelta(seconds=MEAL_LASTS)
