"""The switch that pauses a station."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from .conftest import Disk
from .nodes import Nodes, pass_time, settled

SWITCH = "switch.kitchen_dispatching"


async def turn(hass: HomeAssistant, how: str) -> None:
    await hass.services.async_call(
        "switch", f"turn_{how}", {"entity_id": SWITCH}, blocking=True
    )
    await hass.async_block_till_done()


def shown(hass: HomeAssistant) -> str:
    state = hass.states.get(SWITCH)
    assert state is not None
    return state.state


async def test_a_paused_station_stores_and_sends_nothing_until_it_goes_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    assert shown(hass) == STATE_ON

    await turn(hass, "off")
    assert shown(hass) == STATE_OFF
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.kitchen_feed"}, blocking=True
    )
    await settled(hass, coordinator)
    assert nodes.sent("1") == []

    await turn(hass, "on")
    await settled(hass, coordinator)
    assert shown(hass) == STATE_ON
    assert len(nodes.sent("1")) == 1


async def test_a_pause_outlasts_a_restart(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await turn(hass, "off")

    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()

    assert shown(hass) == STATE_OFF


@pytest.mark.parametrize(("how", "before"), [("off", STATE_ON), ("on", STATE_OFF)])
async def test_a_turn_that_cannot_be_stored_fails_and_changes_nothing(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    disk_full: Disk,
    how: str,
    before: str,
) -> None:
    if before == STATE_OFF:
        await turn(hass, "off")
    disk_full(True)

    with pytest.raises(NotStoredError):
        await turn(hass, how)
    await hass.async_block_till_done()

    assert shown(hass) == before


async def test_a_turn_to_where_it_is_keeps_it_there_even_if_nothing_can_be_stored(
    hass: HomeAssistant, coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    await turn(hass, "off")
    disk_full(True)
    with pytest.raises(NotStoredError):
        await turn(hass, "on")

    with pytest.raises(NotStoredError):
        await turn(hass, "off")
    await hass.async_block_till_done()

    assert shown(hass) == STATE_OFF
