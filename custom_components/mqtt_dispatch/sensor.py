"""What a station is about, and what its nodes say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfMass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .audience import of_age
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.policy import FEED
from .engine.model.reason import Reason, Why
from .engine.view import NodeView, StationStatus, StationView
from .entities.actuators import async_add_actuators
from .entities.figure_sensors import async_add_figures
from .entities.node_sensors import own_sensors
from .entities.readings import (
    ChannelSensor,
    async_add_channels,
    async_add_readings,
)
from .entities.run_times import ClosingEntity
from .entities.water import async_add_water
from .entities.weights import async_add_weights
from .entity import NodeEntity, StationEntity, async_add_for_nodes
from .protocols.actuator import Actuator, Form
from .protocols.base import Protocol
from .protocols.measures import Measure
from .texts.meal_summaries import meal_in_words
from .texts.sentences import NOTHING, pause_in_words, reasons_in_words
from .texts.timestamps import when

PARALLEL_UPDATES = 0


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
    of: Callable[[Protocol], bool] = lambda _: True
    """Whether there is anything to know of nodes of a protocol."""
    beside: Callable[[Protocol], tuple[str, ...]] = lambda _: ()
    """The readings that stand beside it, as far as they came."""
    of_age: bool = False
    """Whether it changes with every message, whatever that says."""
    of_absence: bool = False
    """Whether it tells since when the node is gone: it is there as long as there is a
    broker."""
    stored: bool = False
    """Whether it is on disk here: what was, stays so."""


def feeds_by_itself(protocol: Protocol) -> bool:
    """Whether nodes tell what they fed by themselves."""
    return protocol.planning is not None and protocol.planning.told


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
        value_fn=lambda station: when(station.last_fed),
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

NEXT_MEAL = SensorEntityDescription(
    key="next_meal", device_class=SensorDeviceClass.TIMESTAMP
)
WAITING_FOR = SensorEntityDescription(
    key="waiting_for",
    device_class=SensorDeviceClass.ENUM,
    options=[NOTHING, *(why.value for why in Why)],
)

NODE_SENSORS: tuple[NodeSensorDescription, ...] = (
    NodeSensorDescription(
        key="last_seen",
        # It changes with every heartbeat.
        of_age=True,
        of_absence=True,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: when(node.last_seen),
    ),
    NodeSensorDescription(
        key="last_fed",
        of=feeds_by_itself,
        stored=True,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda node: when(node.last_fed),
        beside=lambda protocol: protocol.planning.beside if protocol.planning else (),
    ),
    NodeSensorDescription(
        key="grams_today",
        of=feeds_by_itself,
        stored=True,
        device_class=SensorDeviceClass.WEIGHT,
        native_unit_of_measurement=UnitOfMass.GRAMS,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=0,
        value_fn=lambda node: node.grams_today,
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
    if FEED in kinds and not feeds_by_itself(coordinator.protocol):
        async_add_weights(coordinator, async_add_entities)
    if FEED in kinds:
        async_add_entities([NextMeal(coordinator, NEXT_MEAL)])
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            *(
                NodeSensor(coordinator, description, node)
                for description in NODE_SENSORS
                if description.of(coordinator.protocol)
            ),
            *own_sensors(coordinator, node),
        ],
    )
    async_add_figures(entry, async_add_entities)
    async_add_readings(entry, async_add_entities)
    async_add_channels(entry, async_add_entities, Measure, ChannelSensor)
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.VALVE,),
        # What stays open until it is told to close has no such moment.
        lambda coordinator, actuator, node: (
            [] if actuator.amount is None else [ClosesAt(coordinator, actuator, node)]
        ),
    )
    async_add_water(entry, async_add_entities)


class StationSensor(StationEntity, SensorEntity):
    """Something to know of a station."""

    entity_description: StationSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """What is known now."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """When a total began: with the owner's day."""
        if self.state_class is SensorStateClass.TOTAL:
            return dt_util.start_of_local_day()
        return None

    @override
    def _picture(self) -> object:
        return (self.native_value, self.last_reset)


class NextMeal(StationEntity, SensorEntity):
    """When the next date of a meal is that is to happen: neither skipped nor paused."""

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment; None: none comes within a year, or the clock cannot say when."""
        upcoming = self.coordinator.data.next_meal
        return None if upcoming is None else when(upcoming.at)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Which it is, and whether the plan is paused meanwhile."""
        seen, meals = self.coordinator.data, self.coordinator.engine.ledger.meals
        upcoming, pause = seen.next_meal, seen.plan_pause
        meal = None if upcoming is None else meals.get(upcoming.meal_id)
        words = [] if pause is None else [pause_in_words(self.hass, pause)]
        if upcoming is not None and meal is not None:
            told = (meal.name, meal.kind, upcoming.params)
            words.append(meal_in_words(self.coordinator, *told))
        return {
            "name": None if meal is None else meal.name or None,
            "text": "; ".join(words) or None,
            "plan_paused": pause is not None,
            "paused_until": None if pause is None else when(pause.until),
            "pause_reason": None if pause is None else pause.reason or None,
        }

    @override
    def _picture(self) -> object:
        seen, meals = self.coordinator.data, self.coordinator.engine.ledger.meals
        upcoming = seen.next_meal
        meal = None if upcoming is None else meals.get(upcoming.meal_id)
        return (upcoming, meal, seen.plan_pause)


class WaitingFor(StationEntity, SensorEntity):
    """What the first waiting command waits for."""

    _unrecorded_attributes = frozenset({"command_id", "kind", "reasons", "others"})

    @property
    @override
    def native_value(self) -> str:
        """The first thing in its way; also where nothing waits."""
        reasons = self._reasons
        return reasons[0].why.value if reasons else NOTHING

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """All of it in words and for machines, and how many more commands wait."""
        seen = self.coordinator.data
        text = reasons_in_words(self.hass, self.coordinator, self._reasons)
        if (first := seen.first_waiting) is None:
            return {
                "text": text,
                "command_id": None,
                "kind": None,
                "reasons": [],
                "others": 0,
            }
        command, reasons = first
        return {
            "text": text,
            "command_id": command.id,
            "kind": command.kind,
            "reasons": [_as_data(reason) for reason in reasons],
            "others": seen.waiting - 1,
        }

    @property
    def _reasons(self) -> tuple[Reason, ...]:
        first = self.coordinator.data.first_waiting
        return () if first is None else first[1]

    @override
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

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: NodeSensorDescription,
        node: str,
    ) -> None:
        """Follow what the description is about."""
        context = of_age(node) if description.of_age else None
        super().__init__(coordinator, description, node, context)

    @property
    @override
    def holds_without_node(self) -> bool:
        """Whether it tells of its node's absence, and can, or of what is stored."""
        description = self.entity_description
        return description.stored or (
            description.of_absence and self.coordinator.data.connected
        )

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """What is known now."""
        return self.entity_description.value_fn(self.node_view)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """When a total began: with the owner's day."""
        if self.state_class is SensorStateClass.TOTAL:
            return dt_util.start_of_local_day()
        return None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | float]:
        """What stands beside it."""
        readings = self.node_view.readings
        beside = self.entity_description.beside(self.coordinator.protocol)
        return {key: readings[key] for key in beside if key in readings}

    @override
    def _picture(self) -> object:
        return (self.native_value, self.last_reset, self.extra_state_attributes)


class ClosesAt(ClosingEntity, SensorEntity):
    """When a valve that is open closes by itself."""

    def __init__(
        self, coordinator: DispatchCoordinator, actuator: Actuator, node: str
    ) -> None:
        """Stand beside the valve."""
        description = SensorEntityDescription(
            key=f"{actuator.key}_closes_at",
            translation_key="closes_at",
            device_class=SensorDeviceClass.TIMESTAMP,
        )
        super().__init__(coordinator, actuator, node, description)

    @property
    @override
    def holds_without_node(self) -> bool:
        """It orders nothing."""
        return False

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment; None: it is not open, or nobody knows."""
        return when(self.run.closes_at)

    @override
    def _picture(self) -> object:
        return self.native_value
