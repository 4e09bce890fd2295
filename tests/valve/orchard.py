"""The valves of a hub: what they are called, and what their node says."""

from __future__ import annotations

from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import shown, use
from ..nodes import settled
from ..others import Hub

VALVE = "valve.orchard_apples_valve_0"
RUN_TIME = "number.orchard_apples_valve_0_run_time"
CLOSES_AT = "sensor.orchard_apples_valve_0_closes_at"
OPENED = "EVENT_LOG 1 901 0 117 0 0"
CLOSED = "EVENT_LOG 1 901 0 118 0 0"
ALIVE = "HEARTBEAT 1 901 80 0 -70 3600 0"
TIMER_CLOSED = "EVENT_LOG 1 901 0 116 0 0"


async def opened_for(
    hass: HomeAssistant, station: DispatchCoordinator, hub: Hub, seconds: int
) -> None:
    """Have the first valve opened, and its node say so."""
    await hub.list_nodes()
    await use(hass, "number.set_value", RUN_TIME, value=seconds)
    await use(hass, "valve.open_valve", VALVE)
    await settled(hass, station)
    await hub.say("QUEUED ACTUATOR 1 1 1", OPENED)
    await settled(hass, station)
    assert shown(hass, VALVE) == "open"
