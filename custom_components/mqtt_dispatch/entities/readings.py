"""What nodes measure, as sensors that appear when it first comes."""

from __future__ import annotations

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    LIGHT_LUX,
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfConductivity,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfInformation,
    UnitOfPressure,
    UnitOfTemperature,
)
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..entity import NodeEntity, async_look_at_nodes
from ..station import nodes_of
from ..texts.entity_names import name_of_channel

ERRORS = "errors"
"""The reading that names what is wrong with a node, with commas between."""
SEVERAL = "several"
PARTS_PER_MILLION = "ppm"
"""Home Assistant has called it by one constant until 2026, and by another since."""
MOST_CHANNELS = 64
"""Sensors of channels that a node can have."""

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
    SensorEntityDescription(
        key="temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    ),
    SensorEntityDescription(
        key="humidity",
        device_class=SensorDeviceClass.HUMIDITY,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    ),
    SensorEntityDescription(
        key="pressure",
        device_class=SensorDeviceClass.ATMOSPHERIC_PRESSURE,
        native_unit_of_measurement=UnitOfPressure.HPA,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    ),
    SensorEntityDescription(
        key="gas",
        native_unit_of_measurement="kΩ",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    ),
    SensorEntityDescription(
        key="battery_voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=2,
    ),
    SensorEntityDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="power",
        device_class=SensorDeviceClass.ENUM,
        options=["battery", "mains"],
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=2,
    ),
    SensorEntityDescription(
        key="pending_images",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="pending_records",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="errors",
        device_class=SensorDeviceClass.ENUM,
        options=[
            "none",
            "sensor",
            "flash",
            "flash_full",
            "power_board",
            "battery_low",
            "battery_critical",
            "clock",
            "radio",
            "timeouts",
            "other",
            SEVERAL,
        ],
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="hopper",
        state_class=SensorStateClass.MEASUREMENT,
    ),
    SensorEntityDescription(
        key="count_detected",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    ),
    SensorEntityDescription(
        key="expected",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    ),
    SensorEntityDescription(
        key="free_heap",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
)

METRICS: dict[str, SensorEntityDescription] = {
    description.key: description
    for description in (
        SensorEntityDescription(
            key="ph",
            device_class=SensorDeviceClass.PH,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=2,
        ),
        SensorEntityDescription(
            key="ec",
            device_class=SensorDeviceClass.CONDUCTIVITY,
            native_unit_of_measurement=UnitOfConductivity.MILLISIEMENS_PER_CM,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=2,
        ),
        SensorEntityDescription(
            key="temperature",
            device_class=SensorDeviceClass.TEMPERATURE,
            native_unit_of_measurement=UnitOfTemperature.CELSIUS,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=1,
        ),
        SensorEntityDescription(
            key="humidity",
            device_class=SensorDeviceClass.HUMIDITY,
            native_unit_of_measurement=PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=0,
        ),
        SensorEntityDescription(
            key="co2",
            device_class=SensorDeviceClass.CO2,
            native_unit_of_measurement=PARTS_PER_MILLION,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=0,
        ),
        SensorEntityDescription(
            key="tds",
            native_unit_of_measurement=PARTS_PER_MILLION,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=0,
        ),
        *(
            SensorEntityDescription(
                key=key,
                device_class=SensorDeviceClass.ILLUMINANCE,
                native_unit_of_measurement=LIGHT_LUX,
                state_class=SensorStateClass.MEASUREMENT,
                suggested_display_precision=0,
            )
            for key in ("light", "light_intensity")
        ),
        *(
            SensorEntityDescription(
                key=key,
                device_class=SensorDeviceClass.CURRENT,
                native_unit_of_measurement=UnitOfElectricCurrent.MILLIAMPERE,
                state_class=SensorStateClass.MEASUREMENT,
                suggested_display_precision=0,
            )
            for key in ("pump_current", "current_ma")
        ),
        SensorEntityDescription(
            key="soil_moisture",
            device_class=SensorDeviceClass.MOISTURE,
            native_unit_of_measurement=PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=0,
        ),
    )
}
"""What the metrics of channels are; others are plain numbers."""


@callback
def async_add_readings(
    entry: DispatchConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a sensor for each reading of a node when it first comes."""
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    families = tuple(key for key in coordinator.protocol.readings if key.endswith("/"))
    plain = [
        description
        for description in READINGS
        if description.key in coordinator.protocol.readings
    ]
    seen: dict[str, set[str]] = {node: set() for node in subentry_ids}
    room = dict.fromkeys(subentry_ids, MOST_CHANNELS)

    @callback
    def add_new(node: str) -> None:
        readings = coordinator.data.nodes[node].readings
        new = readings.keys() - seen[node]
        if not new:
            return
        seen[node] |= new
        entities: list[ReadingSensor] = [
            _SENSORS.get(description.key, ReadingSensor)(coordinator, description, node)
            for description in plain
            if description.key in new
        ]
        if families:
            fields = coordinator.driver.site.nodes[node]
            shown_elsewhere = {
                actuator.state
                for actuator in coordinator.protocol.actuators(fields, readings)
            }
            channels = [
                ChannelSensor(coordinator, key, node)
                for key in sorted(new - shown_elsewhere)
                if key.count("/") == 1 and isinstance(readings[key], int | float)
            ][: room[node]]
            room[node] -= len(channels)
            entities += channels
        if entities:
            async_add_entities(entities, config_subentry_id=subentry_ids[node])

    async_look_at_nodes(entry, add_new)


class ReadingSensor(NodeEntity, SensorEntity):
    """What a node measures."""

    @property
    def available(self) -> bool:
        """Whether the node can still be asked: a reading grows old.

        That of a node that sleeps is as old as its sleep.
        """
        view = self.node_view
        return super().available and (view.online is True or self.coordinator.sleeps)

    @property
    def native_value(self) -> StateType:
        """What it measured last."""
        return _shown(self.node_view.readings.get(self.entity_description.key))

    def _picture(self) -> object:
        return (self.available, self.native_value)


class ErrorsSensor(ReadingSensor):
    """What is wrong with a node: which one thing, or that it is several."""

    @property
    def native_value(self) -> StateType:
        """The one thing."""
        found = self._errors()
        if found is None:
            return None
        return found[0] if len(found) == 1 else SEVERAL

    @property
    def extra_state_attributes(self) -> dict[str, list[str] | None]:
        """All of them."""
        return {ERRORS: self._errors()}

    def _errors(self) -> list[str] | None:
        told = self.node_view.readings.get(ERRORS)
        return None if told is None else str(told).split(",")

    def _picture(self) -> object:
        return (self.available, self._errors())


_SENSORS: dict[str, type[ReadingSensor]] = {ERRORS: ErrorsSensor}


class ChannelSensor(ReadingSensor):
    """What a channel of a node measures, by its metric."""

    def __init__(
        self, coordinator: DispatchCoordinator, reading: str, node: str
    ) -> None:
        """Be what the metric is, and be called what the channel is called."""
        channel, _, metric = reading.partition("/")
        description = METRICS.get(metric)
        super().__init__(
            coordinator,
            description
            or SensorEntityDescription(
                key=reading, state_class=SensorStateClass.MEASUREMENT
            ),
            node,
        )
        self._reading = reading
        entry_id = coordinator.config_entry.entry_id
        self._attr_unique_id = f"{entry_id}_{node}_{reading}"
        key = "channel" if description is None else f"channel_{metric}"
        self._attr_translation_key = key
        self._attr_name = name_of_channel(coordinator.hass, key, channel, metric)

    @property
    def native_value(self) -> StateType:
        """What it measured last."""
        return _shown(self.node_view.readings.get(self._reading))

    @property
    def native_unit_of_measurement(self) -> str | None:
        """The unit of a known metric, or the one that its node names."""
        told = self.node_view.readings.get(f"{self._reading}/unit")
        return told if isinstance(told, str) else super().native_unit_of_measurement


def _shown(reading: str | float | None) -> StateType:
    """Return a reading as a person writes it: 12, not 12.0."""
    if isinstance(reading, float) and reading.is_integer():
        return int(reading)
    return reading
