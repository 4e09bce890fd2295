"""What is ready, and what can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .engine.view import NodeView
from .entity import (
    NodeEntity,
    StationEntity,
    async_add_for_nodes,
    async_look_at_nodes,
)
from .station import nodes_of

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a node."""

    value_fn: Callable[[NodeView], bool | None]
    attributes_fn: Callable[[NodeView], dict[str, Any]] = lambda _: {}


STATION_READY = BinarySensorEntityDescription(key="ready")

NODE_BINARY_SENSORS: tuple[NodeBinarySensorDescription, ...] = (
    NodeBinarySensorDescription(
        key="ready",
        value_fn=lambda node: node.ready,
        attributes_fn=lambda node: {
            "reason": None if node.reason is None else node.reason.why.value
        },
    ),
    NodeBinarySensorDescription(
        key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.online,
    ),
)


READINGS = (
    BinarySensorEntityDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    BinarySensorEntityDescription(
        key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)

COUNT_DIFFERS = BinarySensorEntityDescription(
    key="count_differs", device_class=BinarySensorDeviceClass.PROBLEM
)
"""Added when something first counts what a node did."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a station."""
    coordinator = entry.runtime_data
    async_add_entities([StationReady(coordinator, STATION_READY)])
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            *(
                NodeBinarySensor(coordinator, description, node)
                for description in NODE_BINARY_SENSORS
            ),
            *(
                ReadingBinarySensor(coordinator, description, node)
                for description in READINGS
                if description.key in coordinator.protocol.readings
            ),
        ],
    )
    _async_add_when_counted(entry, async_add_entities)


@callback
def _async_add_when_counted(
    entry: DispatchConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    added: set[str] = set()

    @callback
    def add_new(node: str) -> None:
        readings = coordinator.data.nodes[node].readings
        if COUNT_DIFFERS.key in readings and node not in added:
            added.add(node)
            async_add_entities(
                [ReadingBinarySensor(coordinator, COUNT_DIFFERS, node)],
                config_subentry_id=subentry_ids[node],
            )

    if COUNT_DIFFERS.key in coordinator.protocol.readings:
        async_look_at_nodes(entry, add_new)


class StationReady(StationEntity, BinarySensorEntity):
    """Whether all nodes of the station are ready. Unknown while one is."""

    @property
    def is_on(self) -> bool | None:
        """Whether the station is ready."""
        return self.coordinator.data.ready

    def _picture(self) -> object:
        return self.is_on


class NodeBinarySensor(NodeEntity, BinarySensorEntity):
    """A yes or no of a node. Unknown while there is no connection to the broker."""

    _unrecorded_attributes = frozenset({"reason"})
    entity_description: NodeBinarySensorDescription

    @property
    def is_on(self) -> bool | None:
        """The yes or no."""
        return self.entity_description.value_fn(self.node_view)

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """What stands beside it."""
        return self.entity_description.attributes_fn(self.node_view)

    def _picture(self) -> object:
        return (self.is_on, self.extra_state_attributes)


class ReadingBinarySensor(NodeEntity, BinarySensorEntity):
    """A yes or no that a node measures."""

    @property
    def is_on(self) -> bool | None:
        """What it said last; None: nothing since Home Assistant started."""
        reading = self.node_view.readings.get(self.entity_description.key)
        return None if reading is None else bool(reading)

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """Why it is so, where nodes of this protocol say that."""
        reason = f"{self.entity_description.key}_reason"
        if reason not in self.coordinator.protocol.readings:
            return {}
        told = self.node_view.readings.get(reason) if self.is_on else None
        return {"reason": told}

    def _picture(self) -> object:
        return (self.is_on, self.extra_state_attributes)
