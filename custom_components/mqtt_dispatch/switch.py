"""The switch that pauses a station, and what nodes switch."""

from __future__ import annotations

from typing import Any, override

from homeassistant.components.switch import (
    SwitchDeviceClass,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .clock import now
from .coordinator import DispatchConfigEntry
from .engine.model.events import Dispatching
from .entities.actuators import ActuatorEntity, async_add_actuators
from .entity import StationEntity
from .ordering.pauses import async_dispatch
from .protocols.actuator import Form
from .texts.timestamps import when

PARALLEL_UPDATES = 0

DISPATCHING = SwitchEntityDescription(
    key="dispatching",
    # Keeps it out of what is switched off for a whole area: nobody who turns off the
    # kitchen means to starve the cat.
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switch of a station, and those of its nodes."""
    async_add_entities([DispatchingSwitch(entry.runtime_data, DISPATCHING)])
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.SWITCH,),
        lambda coordinator, actuator, node: [
            ActuatorSwitch(coordinator, actuator, node)
        ],
    )


class DispatchingSwitch(StationEntity, SwitchEntity):
    """Whether the station sends what is ready. What is ordered is stored anyway."""

    @property
    @override
    def is_on(self) -> bool:
        """Whether it does."""
        return self.coordinator.data.pause is None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """When a pause of it or of its plan ends by itself, and why there is one."""
        pause = self.coordinator.data.pause
        of_plan = self.coordinator.engine.plan.paused(now())
        return {
            "paused_until": None if pause is None else when(pause.until),
            "pause_reason": None if pause is None else pause.reason or None,
            "plan_paused": of_plan is not None,
            "plan_paused_until": None if of_plan is None else when(of_plan.until),
            "plan_pause_reason": None if of_plan is None else of_plan.reason or None,
        }

    @override
    def _picture(self) -> object:
        return self.coordinator.data.pause, self.coordinator.engine.plan.paused(now())

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Send again."""
        await self._dispatch(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Send nothing."""
        await self._dispatch(enabled=False)

    async def _dispatch(self, *, enabled: bool) -> None:
        await async_dispatch([self.coordinator], Dispatching(enabled=enabled))


class ActuatorSwitch(ActuatorEntity, SwitchEntity):
    """Something that a node switches, in the state that it reported last.

    Of what never tells its state, Home Assistant shows two buttons instead.
    """

    @property
    @override
    def device_class(self) -> SwitchDeviceClass | None:
        """What it is."""
        told = self.actuator.device_class
        return None if told is None else SwitchDeviceClass(told)

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None: its node has not said so."""
        return None if self.reported is None else self.reported == "on"

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether nobody said it yet, or ever will."""
        return self.actuator.state is None or super().assumed_state

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.async_act("on")

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.async_act("off")
