"""What is known of a node beside what it measures: its next waking, its binding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ..audience import of_age
from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import CommandState
from ..entity import NodeEntity
from ..texts.timestamps import when

FIELD_CRON = "cron"
"""What a person says of when a node shall wake."""

NEXT_WAKE = SensorEntityDescription(
    key="next_wake",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)


# Not every supported core has a class for it; without, it is a moment like others.
UPTIME = SensorEntityDescription(
    key="uptime",
    device_class=getattr(SensorDeviceClass, "UPTIME", SensorDeviceClass.TIMESTAMP),
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
DRIFT = 60.0
"""Seconds by which the moment of a start may differ from message to message."""


class Binding(StrEnum):
    """How far a node is on its way to its place."""

    REGISTERED = "registered"
    """It is known, and has no place yet."""
    BOUND = "bound"
    """A person gave it a place; it has not been told yet."""
    CONFIGURED = "configured"
    """It was told."""
    REPORTED = "reported"
    """It has said that it has it, and is not heard now."""
    ACTIVE = "active"
    """It is at its place and heard."""
    LAPSED = "lapsed"
    """It did not say in time that it has it."""


BINDING = SensorEntityDescription(
    key="binding",
    device_class=SensorDeviceClass.ENUM,
    options=[step.value for step in Binding],
    entity_category=EntityCategory.DIAGNOSTIC,
)


def own_sensors(coordinator: DispatchCoordinator, node: str) -> Iterable[SensorEntity]:
    """Return the sensors that depend on what a protocol does with its nodes."""
    yield Uptime(coordinator, UPTIME, node, of_age(node))
    if FIELD_CRON in coordinator.protocol.node_fields:
        yield NextWake(coordinator, NEXT_WAKE, node, of_age(node))
    if coordinator.protocol.binding is not None:
        yield BindingSensor(coordinator, BINDING, node)


class Uptime(NodeEntity, SensorEntity):
    """Since when a node has run."""

    _began: float | None = None
    """Unix seconds."""

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment of its start; None: it did not say, or sleeps."""
        return when(self._began)

    @override
    def _picture(self) -> object:
        seen, at = self.node_view, now()
        if seen.uptime is None or not seen.online:
            self._began = None
        else:
            began = at.wall - (at.steady - seen.uptime_heard) - seen.uptime
            if self._began is None or abs(began - self._began) >= DRIFT:
                self._began = began
        return self._began


class NextWake(NodeEntity, SensorEntity):
    """When a node that sleeps is to call in next, as a person said."""

    @property
    @override
    def holds_without_node(self) -> bool:
        """It does: that a node missed it is what its owner wants to see."""
        return True

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment; None: nobody told it when to wake."""
        cron = self.coordinator.driver.site.nodes[self.node].get(FIELD_CRON)
        if cron is None:
            return None
        return when(self.coordinator.driver.site.next_time(cron, now().wall))

    @override
    def _picture(self) -> object:
        return self.native_value


class BindingSensor(NodeEntity, SensorEntity):
    """How far a node is on its way to its place."""

    @property
    @override
    def holds_without_node(self) -> bool:
        """It does: what it is waited for to say is one of the steps."""
        return True

    @property
    @override
    def native_value(self) -> str:
        """The step."""
        return binding_of(self.coordinator, self.node).value

    @override
    def _picture(self) -> object:
        return self.native_value


def binding_of(coordinator: DispatchCoordinator, node: str) -> Binding:
    """Return how far a node is on its way to its place."""
    kind = coordinator.protocol.binding
    latest = coordinator.engine.ledger.known.newest(kind or "", node)
    bound = coordinator.protocol.is_bound(coordinator.driver.site.nodes[node])
    if bound:
        online = coordinator.data.nodes[node].online
        return Binding.ACTIVE if online else Binding.REPORTED
    if latest is None or latest.state is CommandState.QUEUED:
        placed = coordinator.protocol.welcome(coordinator.driver.site, node)
        return Binding.BOUND if placed else Binding.REGISTERED
    # It is bound a moment after its command has succeeded.
    told = latest.state.in_flight or latest.state is CommandState.SUCCEEDED
    return Binding.CONFIGURED if told else Binding.LAPSED
