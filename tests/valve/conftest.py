"""A hub with valves, played by hand."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..conftest import Disk, SetUp
from ..others import ORCHARD, Hub


@pytest.fixture
async def orchard(set_up: SetUp) -> MockConfigEntry:
    """A hub that has not said anything yet."""
    return await set_up(**ORCHARD)


@pytest.fixture
def station(orchard: MockConfigEntry) -> DispatchCoordinator:
    """Its coordinator."""
    coordinator: DispatchCoordinator = orchard.runtime_data
    return coordinator


@pytest.fixture
def hub(hass: HomeAssistant, orchard: MockConfigEntry, mqtt_mock: Any) -> Hub:
    """The hub, played by hand."""
    return Hub(hass, mqtt_mock)


@pytest.fixture
async def begins_anew(
    hass: HomeAssistant, orchard: MockConfigEntry, disk_full: Disk, hub: Hub
) -> Any:
    """Have the station start anew from what is stored, and its hub list its nodes."""

    async def begin_anew(*, silent: bool = False) -> None:
        # What it would write on its way out is not written where it is killed.
        disk_full(True)
        await hass.config_entries.async_unload(orchard.entry_id)
        disk_full(False)
        await hass.config_entries.async_setup(orchard.entry_id)
        await hass.async_block_till_done()
        if not silent:
            await hub.list_nodes()

    return begin_anew
