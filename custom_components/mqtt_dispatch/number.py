"""How many portions the feed button gives."""

from __future__ import annotations

from homeassistant.components.number import (
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.policy import FEED
from .entity import StationEntity
from .protocols.fields import Whole

PARALLEL_UPDATES = 0

# A slider would make a slip of the finger a very large meal.
PORTIONS = NumberEntityDescription(key="portions", native_step=1, mode=NumberMode.BOX)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the number of portions, where a station feeds."""
    coordinator = entry.runtime_data
    feed = coordinator.protocol.kinds.get(FEED)
    limits = feed and feed.fields.get("portions")
    if isinstance(limits, Whole):
        async_add_entities([Portions(coordinator, limits)])


class Portions(StationEntity, RestoreNumber):
    """The portions that the feed button gives, kept over restarts."""

    def __init__(self, coordinator: DispatchCoordinator, limits: Whole) -> None:
        """Take the limits of the protocol."""
        super().__init__(coordinator, PORTIONS)
        self._attr_native_min_value = limits.minimum
        self._attr_native_max_value = limits.maximum

    @property
    def native_value(self) -> float:
        """The portions."""
        return self.coordinator.portions

    async def async_added_to_hass(self) -> None:
        """Go on with the last portions, if the protocol still allows them."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        if (
            last is not None
            and last.native_value is not None
            and self.native_min_value <= last.native_value <= self.native_max_value
        ):
            self.coordinator.portions = int(last.native_value)

    async def async_set_native_value(self, value: float) -> None:
        """Give this many portions from now on."""
        self.coordinator.portions = int(value)
        self.async_write_ha_state()
