"""What nodes measure, as sensors that appear when it first comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, override

from homeassistant.components.sensor import (
    DOMAIN as SENSOR,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..entity import NodeEntity, async_look_at_nodes
from ..protocols.base import Protocol
from ..protocols.measures import Called, Measure, YesNo
from ..station import nodes_of
from ..texts.entity_names import Name, name_of_channel, name_of_reading
from ..texts.sentences import find_text

SEVERAL = "several"
MOST_CHANNELS = 64
"""Sensors of channels that a node can have."""


def described(key: str, measure: Measure) -> SensorEntityDescription:
    """Return how a measure is shown."""
    category = EntityCategory.DIAGNOSTIC if measure.diagnostic else None
    if measure.words:
        several = [SEVERAL] if measure.several else []
        return SensorEntityDescription(
            key=key,
            device_class=SensorDeviceClass.ENUM,
            options=[*measure.words, *several],
            entity_category=category,
            entity_registry_enabled_default=not measure.restless,
        )
    device_class = measure.device_class
    return SensorEntityDescription(
        key=key,
        device_class=SensorDeviceClass(device_class) if device_class else None,
        native_unit_of_measurement=measure.unit or None,
        state_class=SensorStateClass.TOTAL_INCREASING
        if measure.counts
        else SensorStateClass.MEASUREMENT,
        suggested_display_precision=measure.precision,
        entity_category=category,
        entity_registry_enabled_default=not measure.restless,
    )


@callback
def async_add_readings(
    entry: DispatchConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a sensor for each reading of a node when it first comes."""
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    measures = {
        key: measure
        for key, measure in coordinator.protocol.readings.items()
        if isinstance(measure, Measure)
    }
    seen: dict[str, set[str]] = {node: set() for node in subentry_ids}

    @callback
    def add_new(node: str) -> None:
        readings = coordinator.data.nodes[node].readings
        new = readings.keys() - seen[node]
        if not new:
            return
        seen[node] |= new
        entities: list[ReadingSensor] = [
            (SeveralSensor if measure.several else ReadingSensor)(
                coordinator, described(key, measure), node, measure.called
            )
            for key, measure in measures.items()
            if key in new
        ]
        if entities:
            async_add_entities(entities, config_subentry_id=subentry_ids[node])

    async_look_at_nodes(entry, add_new)


@callback
def async_add_channels[Metric: (Measure, YesNo)](
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    measured_as: type[Metric],
    make: Callable[[DispatchCoordinator, Metric, str, str], Entity],
) -> None:
    """Add an entity for what a channel of a node measures, when it first comes.

    `make(coordinator, metric, reading, node)` is called for the metrics that are
    `measured_as`; unknown ones are plain numbers. What an actuator shows is not shown a
    second time.
    """
    coordinator = entry.runtime_data
    protocol = coordinator.protocol
    if "/" not in protocol.readings:
        return
    subentry_ids = nodes_of(entry)
    seen: dict[str, set[str]] = {node: set() for node in subentry_ids}
    room = dict.fromkeys(subentry_ids, MOST_CHANNELS)

    @callback
    def add_new(node: str) -> None:
        readings = coordinator.data.nodes[node].readings
        new = readings.keys() - seen[node]
        if not new:
            return
        seen[node] |= new
        fields = coordinator.driver.site.nodes[node]
        shown_elsewhere = {
            actuator.state for actuator in protocol.actuators(fields, readings)
        }
        found = [
            make(coordinator, metric, key, node)
            for key in sorted(new - shown_elsewhere)
            if key.count("/") == 1
            and isinstance(readings[key], int | float)
            and isinstance(metric := _metric(protocol, key), measured_as)
        ][: room[node]]
        room[node] -= len(found)
        if found:
            async_add_entities(found, config_subentry_id=subentry_ids[node])

    async_look_at_nodes(entry, add_new)


def _metric(protocol: Protocol, reading: str) -> Measure | YesNo:
    return protocol.metrics.get(reading.partition("/")[2], Measure())


def channel_name(protocol: Protocol, reading: str) -> Name:
    """Return what is called that shows what a channel measures."""
    channel, _, metric = reading.partition("/")
    key = f"channel_{metric}" if metric in protocol.metrics else None
    return name_of_channel(key, channel, metric)


class ReadingEntity(NodeEntity):
    """What shows a reading of a node."""

    platform_domain: ClassVar[str]

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: EntityDescription,
        node: str,
        called: Called | None = None,
    ) -> None:
        """Be called as the translations say it of the key, or else as `called` says."""
        super().__init__(coordinator, description, node)
        if called is None:
            return
        known = find_text(
            coordinator.hass, "entity", f"{self.platform_domain}.{called.key}.name"
        )
        name, text = name_of_reading(called, known)
        self._attr_translation_key, self._attr_translation_placeholders = name
        if text:
            self._attr_name = text


class ReadingSensor(ReadingEntity, SensorEntity):
    """What a node measures."""

    platform_domain = SENSOR

    @property
    @override
    def native_value(self) -> StateType:
        """What it measured last."""
        return _shown(self.node_view.readings.get(self.entity_description.key))

    @override
    def _picture(self) -> object:
        return (self.available, self.native_value)


class SeveralSensor(ReadingSensor):
    """Which one of several words a node says, or that it says several."""

    @property
    @override
    def native_value(self) -> StateType:
        """The one word."""
        found = self._words()
        if found is None:
            return None
        return found[0] if len(found) == 1 else SEVERAL

    @property
    @override
    def extra_state_attributes(self) -> dict[str, list[str] | None]:
        """All of them."""
        return {self.entity_description.key: self._words()}

    def _words(self) -> list[str] | None:
        told = self.node_view.readings.get(self.entity_description.key)
        return None if told is None else str(told).split(",")

    @override
    def _picture(self) -> object:
        return (self.available, self._words())


class ChannelSensor(ReadingSensor):
    """What a channel of a node measures, by its metric."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        metric: Measure,
        reading: str,
        node: str,
    ) -> None:
        """Be what the metric is, and be called what the channel is called."""
        super().__init__(coordinator, described(reading, metric), node)
        self._attr_translation_key, self._attr_translation_placeholders = channel_name(
            coordinator.protocol, reading
        )

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The unit of a known metric, or the one that its node names."""
        key = self.entity_description.key
        told = self.node_view.readings.get(f"{key}/unit")
        return told if isinstance(told, str) else super().native_unit_of_measurement


def _shown(reading: str | float | None) -> StateType:
    """Return a reading as a person writes it: 12, not 12.0."""
    if isinstance(reading, float) and reading.is_integer():
        return int(reading)
    return reading
