"""Meals, instants and zones that the tests of meals share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal
from custom_components.mqtt_dispatch.engine.plan.meals import Occurrence, new_meal

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LATE = 30 * MINUTE

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def a_meal(
    time: str = "08:00",
    weekdays: Iterable[str] = WEEKDAYS,
    *,
    meal_id: str = "breakfast",
    enabled: bool = True,
    handled: str = "",
) -> Meal:
    return new_meal(
        meal_id=meal_id,
        name="Breakfast",
        time=time,
        weekdays=weekdays,
        params={"portions": 2},
        enabled=enabled,
        handled=handled,
    )


def nominals(found: Iterable[Occurrence]) -> list[str]:
    return [occurrence.nominal for occurrence in found]
