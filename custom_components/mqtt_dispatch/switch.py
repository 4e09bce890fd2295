"""The switch that pauses a station."""

from __future__ import annotations

from typing import Any

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, NotStoredError
from .engine.events import Dispatching
from .entity import StationEntity

PARALLEL_UPDATES = 0

DISPATCHING = SwitchEntityDescription(
    key="dispatching",
    # Keeps it out of what is switched off for a whole area: nobody who turns off the
    # kitchen means to starve the cat.
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switch of a station."""
    async_add_entities([DispatchingSwitch(entry.runtime_data, DISPATCHING)])


class DispatchingSwitch(StationEntity, SwitchEntity):
    """Whether the station sends what is ready. What is ordered is stored anyway."""

    @property
    def is_on(self) -> bool:
        """Whether it does."""
        return self.coordinator.data.dispatching

    def _picture(self) -> object:
        return self.is_on

    async def async_turn_on(self, **kwargs: Any) -> None:
        """Send again."""
        await self._dispatch(enabled=True)

    async def async_turn_off(self, **kwargs: Any) -> None:
        """Send nothing."""
        await self._dispatch(enabled=False)

    async def _dispatch(self, *, enabled: bool) -> None:
        before = self.coordinator.engine.book.dispatching
        self.coordinator.handle(Dispatching(enabled=enabled))
        try:
            await self.coordinator.async_stored()
        except NotStoredError:
            self.coordinator.handle(Dispatching(enabled=before))
            raise
