"""The curtains of nodes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from homeassistant.components.cover import (
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .coordinator import DispatchConfigEntry
from .entities.actuators import ActuatorEntity, async_add_actuators
from .protocols.actuator import Form

PARALLEL_UPDATES = 0
_CLOSED = {"opening": False, "closing": True, "calibrated": False}
"""Whether it is closed once it has done what it reported."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the curtains of a station's nodes."""
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.COVER,),
        lambda coordinator, actuator, node: [Curtain(coordinator, actuator, node)],
    )


class Curtain(ActuatorEntity, CoverEntity):
    """A curtain that says when it sets out, and not when it arrives.

    It moves for as long as its motor may run at most; then it is where it was to go.
    """

    _attr_device_class = CoverDeviceClass.CURTAIN
    _attr_assumed_state = True
    _attr_supported_features = (
        CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP
    )

    _moves: CALLBACK_TYPE | None = None
    """Ends the wait for its arrival."""

    async def async_will_remove_from_hass(self) -> None:
        """Wait for no arrival any more."""
        self._stop_waiting()
        await super().async_will_remove_from_hass()

    @property
    def is_opening(self) -> bool:
        """Whether it is on its way up."""
        return self._moves is not None and self.reported == "opening"

    @property
    def is_closing(self) -> bool:
        """Whether it is on its way down."""
        return self._moves is not None and self.reported == "closing"

    @property
    def is_closed(self) -> bool | None:
        """Whether it was closed last; None: its node has not said so, or stopped it."""
        return _CLOSED.get(str(self.reported))

    async def async_open_cover(self, **_: Any) -> None:
        """Open it."""
        await self.async_act("open")

    async def async_close_cover(self, **_: Any) -> None:
        """Close it."""
        await self.async_act("close")

    async def async_stop_cover(self, **_: Any) -> None:
        """Stop it, whatever it was told before."""
        await self.async_act("stop")

    @callback
    def _handle_coordinator_update(self) -> None:
        if self._picture() != self._shown:
            self._stop_waiting()
            if self.reported in ("opening", "closing"):
                self._moves = async_call_later(
                    self.hass, self.actuator.takes, self._arrived
                )
        super()._handle_coordinator_update()

    @callback
    def _arrived(self, _: datetime) -> None:
        self._moves = None
        self.async_write_ha_state()

    def _stop_waiting(self) -> None:
        if self._moves is not None:
            self._moves()
            self._moves = None

    def _picture(self) -> object:
        return self.reported
