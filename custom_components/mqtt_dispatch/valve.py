"""The valves of nodes."""

from __future__ import annotations

from typing import Any, override

from homeassistant.components.valve import (
    ValveDeviceClass,
    ValveEntity,
    ValveEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .entities.actuators import async_add_actuators
from .entities.run_times import ClosingEntity
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


class Valve(ClosingEntity, ValveEntity):
    """A valve, in the state that its node reported last, or that its time tells."""

    _attr_device_class = ValveDeviceClass.WATER
    _attr_reports_position = False
    _attr_supported_features = ValveEntityFeature.OPEN | ValveEntityFeature.CLOSE

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether it is closed; None: nobody knows since the start."""
        state = self.run.state
        return None if state is None else state == "closed"

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether it is not its node that said so."""
        return self.run.by_time or super().assumed_state

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """When it closes by itself."""
        return {"closes_at": when(self.run.closes_at)}

    @override
    async def async_open_valve(self) -> None:
        """Open it for as long as its run time says."""
        await self.async_act("open", self.amount())

    @override
    async def async_close_valve(self) -> None:
        """Close it, before anything else and until it is closed."""
        await self.async_act("close")

    @override
    def _picture(self) -> object:
        return (self.word_holds, self.run, self.is_assumed)
