"""What is ready, and what can be reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR,
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.meal import LateAnswer
from .engine.model.policy import FEED
from .engine.view import NodeView, OverdueView
from .entities.readings import ReadingEntity, async_add_channels, channel_name
from .entity import (
    NodeEntity,
    StationEntity,
    async_add_for_nodes,
    async_look_at_nodes,
)
from .protocols.measures import YesNo
from .station import nodes_of
from .texts.entity_names import name_of_planned
from .texts.meals import overdue_as_data, overdue_in_words
from .texts.timestamps import when

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a node."""

    value_fn: Callable[[NodeView], bool | None]
    of_absence: bool = False
    """Whether it tells that the node is gone: it is there as long as there is a
    broker."""
    attributes_fn: Callable[[NodeView], dict[str, Any]] = lambda _: {}


STATION_READY = BinarySensorEntityDescription(key="ready")
MEAL_OVERDUE = BinarySensorEntityDescription(
    key="meal_overdue", device_class=BinarySensorDeviceClass.PROBLEM
)

NODE_BINARY_SENSORS: tuple[NodeBinarySensorDescription, ...] = (
    NodeBinarySensorDescription(
        key="ready",
        # What our rules make of its silence, and why, is needed most when it is gone.
        of_absence=True,
        value_fn=lambda node: node.ready,
        attributes_fn=lambda node: {
            "reason": None if node.reason is None else node.reason.why.value
        },
    ),
    NodeBinarySensorDescription(
        key="online",
        of_absence=True,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.online,
    ),
)


def described(key: str, reading: YesNo) -> BinarySensorEntityDescription:
    """Return how a yes or no that a node tells is shown."""
    device_class = reading.device_class
    return BinarySensorEntityDescription(
        key=key,
        device_class=BinarySensorDeviceClass(device_class) if device_class else None,
        entity_category=EntityCategory.DIAGNOSTIC if reading.diagnostic else None,
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a station."""
    coordinator = entry.runtime_data
    readings = {
        key: reading
        for key, reading in coordinator.protocol.readings.items()
        if isinstance(reading, YesNo)
    }
    async_add_entities(
        [
            StationReady(coordinator, STATION_READY),
            MealOverdue(coordinator, MEAL_OVERDUE),
        ]
    )
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            *(
                NodeBinarySensor(coordinator, description, node)
                for description in NODE_BINARY_SENSORS
            ),
            *(
                ReadingBinarySensor(coordinator, described(key, reading), node)
                for key, reading in readings.items()
                if not reading.once_told
            ),
        ],
    )
    async_add_channels(entry, async_add_entities, YesNo, ChannelBinarySensor)
    late = {key: reading for key, reading in readings.items() if reading.once_told}
    if late:
        _async_add_once_told(entry, async_add_entities, late)


@callback
def _async_add_once_told(
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    late: Mapping[str, YesNo],
) -> None:
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    waited_for = {node: dict(late) for node in subentry_ids}

    @callback
    def add_new(node: str) -> None:
        told = waited_for[node].keys() & coordinator.data.nodes[node].readings.keys()
        if told:
            async_add_entities(
                [
                    ReadingBinarySensor(
                        coordinator,
                        described(key, reading := waited_for[node].pop(key)),
                        node,
                        reading.called,
                    )
                    for key in sorted(told)
                ],
                config_subentry_id=subentry_ids[node],
            )

    async_look_at_nodes(entry, add_new)


class StationReady(StationEntity, BinarySensorEntity):
    """Whether all nodes of the station are ready. Unknown while one is."""

    @property
    @override
    def available(self) -> bool:
        """Whether there is a broker to hear them over."""
        return super().available and self.coordinator.data.connected

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the station is ready."""
        return self.coordinator.data.ready

    @override
    def _picture(self) -> object:
        return self.is_on


class MealOverdue(StationEntity, BinarySensorEntity):
    """Whether a meal should have happened by now, and nobody said to leave it."""

    _unrecorded_attributes = frozenset({"meals"})

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: BinarySensorEntityDescription,
    ) -> None:
        """Be called after what is planned."""
        super().__init__(coordinator, description)
        self._attr_translation_key = name_of_planned(
            description.key, feeds=FEED in coordinator.protocol.kinds
        )

    @property
    def _overdue(self) -> list[OverdueView]:
        return [
            overdue
            for overdue in self.coordinator.data.overdue
            if overdue.date.answer is not LateAnswer.LEAVE
        ]

    @property
    @override
    def is_on(self) -> bool:
        """Whether one is."""
        return bool(self._overdue)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Which, and why."""
        found = self._overdue
        return {
            "text": " ".join(
                overdue_in_words(self.coordinator, overdue) for overdue in found
            )
            or None,
            "meals": [
                {
                    **overdue_as_data(self.coordinator, overdue),
                    "expected_by": when(overdue.expected_by),
                }
                for overdue in found
            ],
        }

    @override
    def _picture(self) -> object:
        return self.extra_state_attributes


class NodeBinarySensor(NodeEntity, BinarySensorEntity):
    """A yes or no of a node."""

    _unrecorded_attributes = frozenset({"reason"})
    entity_description: NodeBinarySensorDescription

    @property
    @override
    def holds_without_node(self) -> bool:
        """Whether it tells of its node's absence, and can."""
        return self.entity_description.of_absence and self.coordinator.data.connected

    @property
    @override
    def is_on(self) -> bool | None:
        """The yes or no."""
        return self.entity_description.value_fn(self.node_view)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What stands beside it."""
        return self.entity_description.attributes_fn(self.node_view)

    @override
    def _picture(self) -> object:
        return (self.is_on, self.extra_state_attributes)


class ReadingBinarySensor(ReadingEntity, BinarySensorEntity):
    """A yes or no that a node measures."""

    platform_domain = BINARY_SENSOR

    @property
    @override
    def is_on(self) -> bool | None:
        """What it said last; None: nothing since Home Assistant started."""
        reading = self.node_view.readings.get(self.entity_description.key)
        return None if reading is None else bool(reading)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Why it is so, where nodes of this protocol say that."""
        reason = f"{self.entity_description.key}_reason"
        if reason not in self.coordinator.protocol.readings:
            return {}
        told = self.node_view.readings.get(reason) if self.is_on else None
        return {"reason": told}

    @override
    def _picture(self) -> object:
        return (self.is_on, self.extra_state_attributes)


class ChannelBinarySensor(ReadingBinarySensor):
    """A yes or no that a channel of a node measures."""

    def __init__(
        self, coordinator: DispatchCoordinator, metric: YesNo, reading: str, node: str
    ) -> None:
        """Be what the metric is, and be called what the channel is called."""
        super().__init__(coordinator, described(reading, metric), node)
        self._attr_translation_key, self._attr_translation_placeholders = channel_name(
            coordinator.protocol, reading
        )
