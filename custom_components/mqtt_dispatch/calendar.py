"""The meals of a station, as a calendar to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
import math
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .clock import now
from .coordinator import DispatchConfigEntry
from .engine.model.meal import Meal
from .engine.model.policy import DAY, FEED, PlanKeeper
from .engine.plan.recurrence import Occurrence, occurrences
from .entities.plan_outcomes import planned_at, told_in_words
from .entity import StationEntity
from .texts.sentences import meal_in_words

PARALLEL_UPDATES = 0

MEAL_LASTS = 59.0
"""Seconds for which a meal is shown as going on.

It ends in the minute in which it began. Clocks are set between two minutes, so Home
Assistant, which compares local times, never sees it end before it began.
"""
_FORESIGHT = 366 * DAY

MEALS = CalendarEntityDescription(key="meals")
PLAN = CalendarEntityDescription(key="plan")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar, where a station feeds or its nodes keep a plan."""
    protocol = entry.runtime_data.protocol
    if FEED in protocol.kinds or protocol.planning is not None:
        feeds = FEED in protocol.kinds
        async_add_entities([MealCalendar(entry.runtime_data, MEALS if feeds else PLAN)])


class MealCalendar(StationEntity, CalendarEntity):
    """The meals of the year to come.

    What was fed and what was missed stands in the timelines of the commands; past
    days stay empty, for nobody knows here which meals there were then. Meals that nodes
    feed by themselves have no other timeline, so what became of them stands here too.
    """

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The meal going on, or else the next one."""
        found = self._next()
        return None if found is None else self._event(*found)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the meals to come that touch a span of time, in their order."""
        wall = now().wall
        start = max(start_date.timestamp(), wall)
        end = min(end_date.timestamp(), wall + _FORESIGHT)
        found = [
            (occurrence, meal)
            for meal in self._meals
            for occurrence in self._occurrences(meal, start, end)
        ]
        found.sort(key=lambda item: item[0].at)
        return [
            *self._told(start_date, end_date),
            *(self._event(*item) for item in found),
        ]

    def _told(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        """Return what nodes told of past meals in a span of time, in their order."""
        engine = self.coordinator.engine
        if engine.station.plan_keeper is not PlanKeeper.NODES_THAT_TELL:
            return []
        found = [
            (at, command)
            for command in engine.ledger.closed.values()
            if (at := planned_at(command, engine.station.zone)) is not None
            and start <= at < end
        ]
        return [
            CalendarEvent(
                start=at,
                end=at + timedelta(seconds=MEAL_LASTS),
                summary=told_in_words(self.hass, self.coordinator, command),
                uid=command.idempotency_key,
            )
            for at, command in sorted(found, key=lambda item: item[0])
        ]

    @property
    def _meals(self) -> tuple[Meal, ...]:
        return tuple(self.coordinator.engine.ledger.meals.values())

    def _next(self) -> tuple[Occurrence, Meal] | None:
        wall = now().wall
        found = [
            (occurrence, meal)
            for meal in self._meals
            if (occurrence := next(self._occurrences(meal, wall, math.inf), None))
        ]
        return min(found, key=lambda item: item[0].at, default=None)

    def _occurrences(
        self, meal: Meal, start: float, end: float
    ) -> Iterator[Occurrence]:
        """Yield what goes on at `start` or begins before `end` (unix seconds)."""
        place = self.coordinator.engine.station.place
        for occurrence in occurrences(meal, start - MEAL_LASTS, end, place):
            if occurrence.at + MEAL_LASTS > start:
                yield occurrence

    def _event(self, occurrence: Occurrence, meal: Meal) -> CalendarEvent:
        zone = self.coordinator.engine.station.zone
        start = datetime.fromtimestamp(occurrence.at, zone)
        return CalendarEvent(
            start=start,
            end=start + timedelta(seconds=MEAL_LASTS),
            summary=meal_in_words(self.coordinator, meal),
            uid=meal.id,
            recurrence_id=occurrence.nominal,
        )

    @override
    def _picture(self) -> object:
        return (self._next(), self._meals, self.coordinator.engine.station.zone)
