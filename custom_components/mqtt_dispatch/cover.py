"""The curtains and vents of nodes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .entities.actuators import ActuatorEntity, async_add_actuators
from .protocols.actuator import Actuator, Form

PARALLEL_UPDATES = 0
_CLOSED = {"opening": False, "closing": True, "calibrated": False}
"""Whether it is closed once it has done what it reported."""
_FEATURES = {
    "open": CoverEntityFeature.OPEN,
    "close": CoverEntityFeature.CLOSE,
    "stop": CoverEntityFeature.STOP,
    "set": CoverEntityFeature.SET_POSITION,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the curtains and vents of a station's nodes."""
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.COVER,),
        lambda coordinator, actuator, node: [
            (Curtain if actuator.level is None else Vent)(coordinator, actuator, node)
        ],
    )


class DispatchCover(ActuatorEntity, CoverEntity):
    """A cover that does what its node knows how to do."""

    def __init__(
        self, coordinator: DispatchCoordinator, actuator: Actuator, node: str
    ) -> None:
        """Look at what it can be ordered to do."""
        super().__init__(coordinator, actuator, node)
        if actuator.device_class is not None:
            self._attr_device_class = CoverDeviceClass(actuator.device_class)
        self._attr_supported_features = CoverEntityFeature(0)
        for what in actuator.orders:
            self._attr_supported_features |= _FEATURES[what]

    @override
    async def async_open_cover(self, **_: Any) -> None:
        """Open it."""
        await self.async_act("open")

    @override
    async def async_close_cover(self, **_: Any) -> None:
        """Close it."""
        await self.async_act("close")

    @override
    async def async_stop_cover(self, **_: Any) -> None:
        """Stop it, whatever it was told before."""
        await self.async_act("stop")

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Open it so far, in percent."""
        await self.async_set(kwargs[ATTR_POSITION])


class Vent(DispatchCover):
    """A cover whose node tells how far it is open."""

    @property
    @override
    def current_cover_position(self) -> int | None:
        """How far it is open, in percent; None: its node has not said so."""
        return None if self.level is None else round(self.level)

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether it is closed; None: its node has not said so."""
        position = self.current_cover_position
        return None if position is None else position == 0


class Curtain(DispatchCover):
    """A curtain that says when it sets out, and not when it arrives.

    It moves for as long as its motor may run at most; then it is where it was to go.
    """

    _attr_assumed_state = True

    _moves: CALLBACK_TYPE | None = None
    """Ends the wait for its arrival."""
    _followed: str | float | None = None
    """What it reported when that began."""

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to follow it, also where it is on its way already."""
        await super().async_added_to_hass()
        self._follow()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Wait for no arrival any more."""
        self._stop_waiting()
        await super().async_will_remove_from_hass()

    @property
    @override
    def is_opening(self) -> bool:
        """Whether it is on its way up."""
        return self._moves is not None and self.reported == "opening"

    @property
    @override
    def is_closing(self) -> bool:
        """Whether it is on its way down."""
        return self._moves is not None and self.reported == "closing"

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether it was closed last; None: its node has not said so, or stopped it."""
        return _CLOSED.get(str(self.reported))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if self.reported != self._followed:
            self._follow()
        super()._handle_coordinator_update()

    def _follow(self) -> None:
        self._stop_waiting()
        self._followed = self.reported
        if self.reported in ("opening", "closing"):
            self._moves = async_call_later(
                self.hass, self.actuator.takes, self._arrived
            )

    @callback
    def _arrived(self, _: datetime) -> None:
        self._moves = None
        self.async_write_ha_state()

    def _stop_waiting(self) -> None:
        if self._moves is not None:
            self._moves()
            self._moves = None
