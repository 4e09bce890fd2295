"""What all entities of MQTT Dispatch have in common."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.view import NodeView
from .station import nodes_of


class StationEntity(CoordinatorEntity[DispatchCoordinator]):
    """An entity of a station."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: DispatchCoordinator, description: EntityDescription
    ) -> None:
        """Take the name, the unique id and the device from the description's key."""
        super().__init__(coordinator)
        self.entity_description = description
        entry_id = coordinator.config_entry.entry_id
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry_id)})
        self._shown: Any = None

    def _picture(self) -> Any:
        """Return all that is shown; only a change of it is written."""
        raise NotImplementedError

    @callback
    def _handle_coordinator_update(self) -> None:
        picture = self._picture()
        if picture != self._shown:
            self._shown = picture
            self.async_write_ha_state()


class NodeEntity(StationEntity):
    """An entity of a node."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: EntityDescription,
        node: str,
    ) -> None:
        """Belong to the device of the node."""
        super().__init__(coordinator, description)
        entry_id = coordinator.config_entry.entry_id
        self.node = node
        self._attr_unique_id = f"{entry_id}_{node}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={node_identifier(entry_id, node)}
        )

    @property
    def node_view(self) -> NodeView:
        """What is known of the node now."""
        return self.coordinator.data.nodes[self.node]


def node_identifier(entry_id: str, node: str) -> tuple[str, str]:
    """Return what a node's device is known by."""
    return (DOMAIN, f"{entry_id}_{node}")


def async_register_devices(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Register the station and its nodes, so that the nodes can point to it."""
    registry = dr.async_get(hass)
    registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer="MQTT Dispatch",
        model=entry.runtime_data.protocol.key,
    )
    for node, subentry_id in nodes_of(entry).items():
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry_id,
            identifiers={node_identifier(entry.entry_id, node)},
            name=f"{entry.title} {entry.subentries[subentry_id].title}",
            via_device=(DOMAIN, entry.entry_id),
        )
