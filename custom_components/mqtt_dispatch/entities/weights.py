"""What a station gave, in grams, as far as its owner says what a portion weighs."""

from __future__ import annotations

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import Platform, UnitOfMass
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..entity import StationEntity

GRAMS_TODAY: Final = SensorEntityDescription(
    key="grams_today",
    device_class=SensorDeviceClass.WEIGHT,
    native_unit_of_measurement=UnitOfMass.GRAMS,
    # It falls where the portions of today do.
    state_class=SensorStateClass.TOTAL,
)


@callback
def async_add_weights(
    coordinator: DispatchCoordinator,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what can be weighed, and forget it where nobody says any more by what."""
    if coordinator.portion.grams is not None:
        async_add_entities([GramsToday(coordinator, GRAMS_TODAY)])
        return
    registry = er.async_get(coordinator.hass)
    unique_id = f"{coordinator.config_entry.entry_id}_{GRAMS_TODAY.key}"
    entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
    if entity_id is not None:
        registry.async_remove(entity_id)


class GramsToday(StationEntity, SensorEntity):
    """What the portions of today weigh."""

    @property
    @override
    def native_value(self) -> float | None:
        """Grams."""
        return self.coordinator.portion.weigh(self.coordinator.data.portions_today)

    @property
    @override
    def suggested_display_precision(self) -> int:
        """Show tenths where a portion has some."""
        grams = self.coordinator.portion.grams
        return 0 if grams is None or grams == int(grams) else 1

    @property
    @override
    def last_reset(self) -> datetime | None:
        """When it began: with the owner's day."""
        return dt_util.start_of_local_day()

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """What is given, if its owner says so."""
        food = self.coordinator.portion.food
        return {"food": food} if food else {}

    @override
    def _picture(self) -> object:
        return (self.native_value, self.last_reset)
