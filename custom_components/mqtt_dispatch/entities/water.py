"""How much water ran, as far as an owner says how fast it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import Platform, UnitOfVolume
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..protocols.actuator import Actuator, Form
from ..station import flows_of
from .actuators import ActuatorEntity, async_add_actuators


@callback
def async_add_water(
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what is counted of water, and forget it where nobody says the flow."""
    flows = flows_of(entry)

    def make(
        coordinator: DispatchCoordinator, actuator: Actuator, node: str
    ) -> Iterable[Entity]:
        if not actuator.water:
            return []
        if actuator.label in flows.get(node, {}):
            return [Water(coordinator, actuator, node)]
        _forget(coordinator, actuator, node)
        return []

    async_add_actuators(entry, async_add_entities, (Form.VALVE, Form.BUTTON), make)


class Water(ActuatorEntity, SensorEntity):
    """What ran through a valve or a pump since its flow is known."""

    _attr_device_class = SensorDeviceClass.WATER
    _attr_state_class = SensorStateClass.TOTAL_INCREASING
    _attr_native_unit_of_measurement = UnitOfVolume.LITERS
    _attr_suggested_display_precision = 1

    def __init__(
        self, coordinator: DispatchCoordinator, actuator: Actuator, node: str
    ) -> None:
        """Stand beside the valve, or for the pump."""
        # A pump is called by its channel alone.
        beside = "water" if actuator.form is Form.VALVE else "water_named"
        description = SensorEntityDescription(
            key=_key(actuator), translation_key=beside
        )
        super().__init__(coordinator, actuator, node, description)

    @property
    @override
    def holds_without_node(self) -> bool:
        """It is on disk here: what ran has run."""
        return True

    @property
    @override
    def assumed_state(self) -> bool:
        """What is counted is no state of the node."""
        return False

    @property
    @override
    def native_value(self) -> float:
        """Litres, to a thousandth."""
        return round(self.node_view.litres.get(self.actuator.key, 0.0), 3)

    @override
    def _picture(self) -> object:
        return self.native_value


def _key(actuator: Actuator) -> str:
    return f"{actuator.key}_water"


def _forget(coordinator: DispatchCoordinator, actuator: Actuator, node: str) -> None:
    registry = er.async_get(coordinator.hass)
    unique_id = f"{coordinator.config_entry.entry_id}_{node}_{_key(actuator)}"
    entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
    if entity_id is not None:
        registry.async_remove(entity_id)
