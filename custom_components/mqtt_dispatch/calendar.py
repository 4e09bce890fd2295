"""The meals of a station, as a calendar in which they are planned."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, override

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.calendar import (
    EVENT_DESCRIPTION,
    EVENT_END,
    EVENT_LOCATION,
    EVENT_RRULE,
    EVENT_START,
    EVENT_SUMMARY,
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEntityFeature,
    CalendarEvent,
)
from homeassistant.components.websocket_api import current_connection
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.policy import FEED
from .entities.meal_events import MealEvents
from .entity import StationEntity, async_device_of
from .ordering.permissions import async_demand, async_name_of
from .planning.calendar_events import (
    EventWish,
    Which,
    async_change,
    async_create,
    async_delete,
)
from .texts.reader import in_language_of_reader
from .texts.refusals import as_sentence

PARALLEL_UPDATES = 0

MEALS = CalendarEntityDescription(key="meals")
PLAN = CalendarEntityDescription(key="plan")

_AND_FOLLOWING: Final = "THISANDFUTURE"
_CALLED_IN: Final[ContextVar[Context | None]] = ContextVar("_CALLED_IN", default=None)
"""In whose name an action is called; None: it is a message of the frontend."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar: whatever its nodes do, a station may plan it."""
    feeds = FEED in entry.runtime_data.protocol.kinds
    async_add_entities([MealCalendar(entry.runtime_data, MEALS if feeds else PLAN)])


class MealCalendar(StationEntity, CalendarEntity):
    """The meals of the year to come, and what became of those before."""

    _attr_supported_features = (
        CalendarEntityFeature.CREATE_EVENT
        | CalendarEntityFeature.DELETE_EVENT
        | CalendarEntityFeature.UPDATE_EVENT
    )

    def __init__(
        self, coordinator: DispatchCoordinator, description: CalendarEntityDescription
    ) -> None:
        """Show the plan of a station."""
        super().__init__(coordinator, description)
        self._events = MealEvents(coordinator)
        protocol = coordinator.protocol
        if protocol.planned_kind not in protocol.kinds and not any(
            map(protocol.lasting, protocol.kinds)
        ):
            # An event cannot say which of the things that these nodes do it is.
            self._attr_supported_features &= ~CalendarEntityFeature.CREATE_EVENT

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The meal going on, or else the next one that is not skipped."""
        return self._events.next()

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the meals that touch a span of time, in their order."""
        return self._events.between(start_date, end_date)

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        """Add a meal."""
        async with self._asked():
            await async_create(self.coordinator, _wish(kwargs))

    @override
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Change a meal, or dates of it."""
        which = Which(uid, recurrence_id, recurrence_range == _AND_FOLLOWING)
        async with self._asked():
            await async_change(self.coordinator, which, _wish(event))

    @override
    async def async_delete_event(
        self,
        uid: str,
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Remove a meal, or skip dates of it."""
        which = Which(uid, recurrence_id, recurrence_range == _AND_FOLLOWING)
        async with self._asked() as context:
            by = await async_name_of(self.hass, context)
            await async_delete(self.coordinator, which, by)

    @callback
    @override
    def async_set_context(self, context: Context) -> None:
        """Remember in whose name an action is called on it."""
        super().async_set_context(context)
        _CALLED_IN.set(context)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[Context]:
        """Check that whoever asks may change the plan, and refuse in his language.

        Of what an action refuses the frontend is told by a key; here by its words.
        """
        called_in = _CALLED_IN.get()
        context = called_in or _context_of_frontend()
        device = async_device_of(self.coordinator)
        ids = [] if device is None else [device.id]
        await async_demand(self.hass, context, POLICY_CONTROL, ids)
        if called_in is not None:
            yield context
            return
        async with in_language_of_reader(self.hass, context.user_id, ""):
            try:
                yield context
            except HomeAssistantError as error:
                if (key := error.translation_key) is None:
                    raise
                placeholders = error.translation_placeholders or {}
                words = as_sentence(self.hass, key, placeholders)
                raise HomeAssistantError(words) from error

    @override
    def _picture(self) -> object:
        # What became of a date is shown as well, and stands in the ledger.
        engine = self.coordinator.engine
        return self.event, engine.ledger.revision, engine.station.zone


def _context_of_frontend() -> Context:
    connection = current_connection.get()
    return Context(user_id=None if connection is None else connection.user.id)


def _wish(event: dict[str, Any]) -> EventWish:
    return EventWish(
        start=event[EVENT_START],
        end=event[EVENT_END],
        summary=event[EVENT_SUMMARY],
        description=event.get(EVENT_DESCRIPTION),
        location=event.get(EVENT_LOCATION),
        rrule=event.get(EVENT_RRULE),
    )
