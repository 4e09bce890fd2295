"""The lamps of nodes."""

from __future__ import annotations

from typing import Any, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ColorMode, LightEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .entities.actuators import ActuatorEntity, async_add_actuators
from .protocols.actuator import Actuator, Form

PARALLEL_UPDATES = 0
_PERCENT = (1, 100)


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

    def __init__(
        self, coordinator: DispatchCoordinator, actuator: Actuator, node: str
    ) -> None:
        """Have a brightness where its node can dim it."""
        super().__init__(coordinator, actuator, node)
        dims = "set" in actuator.orders
        self._attr_color_mode = ColorMode.BRIGHTNESS if dims else ColorMode.ONOFF
        self._attr_supported_color_modes = {self._attr_color_mode}

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None: nobody said so since the start."""
        return None if self.reported is None else self.reported == "on"

    @property
    @override
    def brightness(self) -> int | None:
        """How bright it is, up to 255; None: its node has not said so."""
        return value_to_brightness(_PERCENT, self.level) if self.level else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on: as bright as is asked, else as it is, else as it can be."""
        level = self.level if "set" in self.actuator.orders else None
        if (brightness := kwargs.get(ATTR_BRIGHTNESS)) is not None:
            level = brightness_to_value(_PERCENT, brightness)
        elif not level:
            await self.async_act("on")
            return
        await self.async_set(max(1, level))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.async_act("off")
