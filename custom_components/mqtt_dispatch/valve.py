"""The valves of nodes."""

from __future__ import annotations

from typing import Any

from homeassistant.components.valve import (
    ValveDeviceClass,
    ValveEntity,
    ValveEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .entities.actuators import ActuatorEntity, async_add_actuators
from .entities.run_times import closes_at
from .protocols.actuator import Form
from .texts.timestamps import when

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the valves of a station's nodes."""
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.VALVE,),
        lambda coordinator, actuator, node: [Valve(coordinator, actuator, node)],
    )


class Valve(ActuatorEntity, ValveEntity):
    """A valve, in the state that its node reported last."""

    _attr_device_class = ValveDeviceClass.WATER
    _attr_reports_position = False
    _attr_supported_features = ValveEntityFeature.OPEN | ValveEntityFeature.CLOSE

    @property
    def is_closed(self) -> bool | None:
        """Whether it is closed; None: its node has not said so since the start."""
        return None if self.reported is None else self.reported == "closed"

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """When it closes by itself."""
        return {
            "closes_at": when(closes_at(self.coordinator, self.actuator, self.node))
        }

    async def async_open_valve(self) -> None:
        """Open it for as long as its run time says."""
        await self.async_act("open", **self.amount())

    async def async_close_valve(self) -> None:
        """Close it, before anything else and until it is closed."""
        await self.async_act("close")

    def _picture(self) -> object:
        return (self.reported, self.is_assumed, self.extra_state_attributes)
