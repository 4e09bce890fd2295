"""The lamps of nodes."""

from __future__ import annotations

from typing import Any

from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .entities.actuators import ActuatorEntity, async_add_actuators
from .protocols.actuator import Form

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the lamps of a station's nodes."""
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.LIGHT,),
        lambda coordinator, actuator, node: [Lamp(coordinator, actuator, node)],
    )


class Lamp(ActuatorEntity, LightEntity):
    """A lamp, in the state that its node reported last, or that was ordered."""

    _attr_color_mode = ColorMode.ONOFF
    _attr_supported_color_modes = {ColorMode.ONOFF}  # noqa: RUF012 - as the base has it

    @property
    def is_on(self) -> bool | None:
        """Whether it is on; None: nobody said so since the start."""
        return None if self.reported is None else self.reported == "on"

    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.async_act("on")

    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.async_act("off")
