"""Follows a station through its loads, and tells when to look at it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later, async_track_point_in_time
from homeassistant.util import dt as dt_util

from ..audience import OF_STATION
from ..coordinator import DispatchConfigEntry, DispatchCoordinator

TOGETHER: Final = 0.25
"""Seconds within which all news is told at once."""


class Follower:
    """Calls `look` a moment after there is news of a station, however much it is."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: DispatchConfigEntry,
        look: Callable[[], None],
    ) -> None:
        """Begin to follow."""
        self._hass = hass
        self._entry = entry
        self._look = look
        self._coordinator: DispatchCoordinator | None = None
        self._leave: list[CALLBACK_TYPE] = []
        self._waiting: CALLBACK_TYPE | None = None
        self._stop_registry = hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED, self._entities_changed
        )
        self._midnight = self._at_midnight()
        self._attach()

    @callback
    def entry_changed(self) -> None:
        """Take up that the entry was loaded, unloaded or renamed."""
        self._attach()
        self._news()

    @callback
    def stop(self) -> None:
        """Follow no more."""
        self._detach()
        self._stop_registry()
        self._midnight()
        if self._waiting is not None:
            self._waiting()
            self._waiting = None

    def _attach(self) -> None:
        """Listen to the coordinator that there is now; each load brings a new one."""
        loaded = self._entry.state is ConfigEntryState.LOADED
        now = self._entry.runtime_data if loaded else None
        if now is self._coordinator:
            return
        self._detach()
        self._coordinator = now
        if now is not None:
            self._leave = [
                now.async_add_listener(self._news, OF_STATION),
                now.async_on_node(self._node_said),
            ]

    def _detach(self) -> None:
        for leave in self._leave:
            leave()
        self._leave = []
        self._coordinator = None

    @callback
    def _node_said(self, _: str) -> None:
        self._news()

    @callback
    def _news(self) -> None:
        if self._waiting is None:
            self._waiting = async_call_later(self._hass, TOGETHER, self._time_has_come)

    @callback
    def _time_has_come(self, _: datetime) -> None:
        self._waiting = None
        self._look()

    @callback
    def _entities_changed(
        self, event: Event[er.EventEntityRegistryUpdatedData]
    ) -> None:
        """Take up an entity that came or was renamed; of one that went nobody knows."""
        entity = er.async_get(self._hass).async_get(event.data["entity_id"])
        if entity is None or entity.config_entry_id == self._entry.entry_id:
            self._news()

    def _at_midnight(self) -> CALLBACK_TYPE:
        """Look again when another day is today."""
        tomorrow = dt_util.start_of_local_day(dt_util.now() + timedelta(days=1))
        return async_track_point_in_time(self._hass, self._new_day, tomorrow)

    @callback
    def _new_day(self, _: datetime) -> None:
        self._midnight = self._at_midnight()
        self._news()
