"""What a station is about, and what its nodes say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .coordinator import DispatchConfigEntry
from .engine.policy import FEED
from .engine.readiness import Reason
from .engine.view import NodeView, StationStatus, StationView
from .entity import NodeEntity, StationEntity, async_add_for_nodes
from .station import nodes_of
from .words import NOTHING, reason_in_words, sentence

PARALLEL_UPDATES = 0

_LONGEST_STATE = 255


def _when(wall: float | None) -> datetime | None:
    return None if wall is None else dt_util.utc_from_timestamp(wall)


@dataclass(frozen=True, kw_only=True)
class StationSensorDescription(SensorEntityDescription):
    """Something to know of a station."""

    value_fn: Callable[[StationView], StateType | datetime]
    kind: str | None = None
    """The kind of command without which there is nothing to know."""


@dataclass(frozen=True, kw_only=True)
class NodeSensorDescription(SensorEntityDescription):
    """Something to know of a node."""

    value_fn: Callable[[NodeView], StateType | datetime]


STATION_SENSORS: tuple[StationSensorDescription, ...] = (
    StationSensorDescription(
        key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in StationStatus],
        value_fn=lambda station: station.status.value,
    ),
    StationSensorDescription(
        key="queue",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda station: station.open,
    ),
    StationSensorDescription(
        key="last_fed",
        kind=FEED,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda station: _when(station.last_fed),
    ),
    StationSensorDescription(
        key="next_meal",
        kind=FEED,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda station: _when(station.next_meal),
    ),
    StationSensorDescription(
        key="portions_today",
        kind=FEED,
        # It also falls when a feed in doubt turns out not to have happened, so it is
        # no meter that only rises.
        state_class=SensorStateClass.TOTAL,
        value_fn=lambda station: station.portions_today,
    ),
)

WAITING_FOR = SensorEntityDescription(key="waiting_for")

NODE_SENSORS: tuple[NodeSensorDescription, ...] = (
    # Both change with every heartbeat.
    NodeSensorDescription(
        key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: _when(node.last_seen),
    ),
    NodeSensorDescription(
        key="uptime",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.uptime if node.online else None,
    ),
)

READINGS: tuple[SensorEntityDescription, ...] = (
    SensorEntityDescription(
        key="food",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    ),
    SensorEntityDescription(
        key="rssi",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        # It is never the same in two heartbeats.
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a station, and those of readings when they first come."""
    coordinator = entry.runtime_data
    kinds = coordinator.protocol.kinds
    async_add_entities(
        StationSensor(coordinator, description)
        for description in STATION_SENSORS
        if description.kind is None or description.kind in kinds
    )
    async_add_entities([WaitingFor(coordinator, WAITING_FOR)])
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            NodeSensor(coordinator, description, node) for description in NODE_SENSORS
        ],
    )
    subentry_ids = nodes_of(entry)
    to_come = [
        (node, description)
        for node in subentry_ids
        for description in READINGS
        if description.key in coordinator.protocol.readings
    ]

    @callback
    def add_readings_that_came() -> None:
        views = coordinator.data.nodes
        for item in tuple(to_come):
            node, description = item
            if description.key in views[node].readings:
                to_come.remove(item)
                async_add_entities(
                    [ReadingSensor(coordinator, description, node)],
                    config_subentry_id=subentry_ids[node],
                )

    entry.async_on_unload(coordinator.async_add_listener(add_readings_that_came))


class StationSensor(StationEntity, SensorEntity):
    """Something to know of a station."""

    entity_description: StationSensorDescription

    @property
    def native_value(self) -> StateType | datetime:
        """What is known now."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def last_reset(self) -> datetime | None:
        """When a total began: with the owner's day."""
        if self.state_class is SensorStateClass.TOTAL:
            return dt_util.start_of_local_day()
        return None

    def _picture(self) -> object:
        return (self.native_value, self.last_reset)


class WaitingFor(StationEntity, SensorEntity):
    """What the first waiting command waits for, in words."""

    _unrecorded_attributes = frozenset({"command_id", "kind", "reasons", "others"})

    @property
    def native_value(self) -> str:
        """A sentence; also where nothing waits."""
        if not (waiting := self.coordinator.data.waiting):
            return sentence(self.hass, NOTHING)
        _, reasons = waiting[0]
        entry = self.coordinator.config_entry
        words = "; ".join(
            reason_in_words(self.hass, entry, reason) for reason in reasons
        )
        if len(words) > _LONGEST_STATE:
            return words[: _LONGEST_STATE - 1] + "…"
        return words

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """The same for machines, and how many more commands wait."""
        if not (waiting := self.coordinator.data.waiting):
            return {"command_id": None, "kind": None, "reasons": [], "others": 0}
        command, reasons = waiting[0]
        return {
            "command_id": command.id,
            "kind": command.kind,
            "reasons": [_as_data(reason) for reason in reasons],
            "others": len(waiting) - 1,
        }

    def _picture(self) -> object:
        return (self.native_value, self.extra_state_attributes)


def _as_data(reason: Reason) -> dict[str, str | int | None]:
    return {
        "reason": reason.why.value,
        "node": reason.node,
        "command_id": reason.command_id,
    }


class NodeSensor(NodeEntity, SensorEntity):
    """Something to know of a node."""

    entity_description: NodeSensorDescription

    @property
    def native_value(self) -> StateType | datetime:
        """What is known now."""
        return self.entity_description.value_fn(self.node_view)

    def _picture(self) -> object:
        return self.native_value


class ReadingSensor(NodeEntity, SensorEntity):
    """What a node measures."""

    @property
    def available(self) -> bool:
        """Whether the node can still be asked: a reading grows old."""
        return super().available and self.node_view.online is True

    @property
    def native_value(self) -> StateType:
        """What it measured last."""
        return self.node_view.readings.get(self.entity_description.key)

    def _picture(self) -> object:
        return (self.available, self.native_value)
