"""What the system page tells."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.history.database import (
    HistoryDatabase,
    HistoryError,
)
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from .calls import actions_of, feed_in_doubt
from .conftest import Disk, SetUp
from .nodes import Nodes


async def info(hass: HomeAssistant) -> dict[str, Any]:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    told: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return told


async def test_the_stations_are_told_as_one(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    set_up: SetUp,
    nodes: Nodes,
    mqtt_mock: Any,
) -> None:
    barn = await set_up(title="Barn", prefix="barn")
    await set_up(title="Shed", prefix="shed")
    for prefix in ("barn", "shed"):
        await Nodes(hass, mqtt_mock, prefix).ready("1")
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    await actions_of(hass, barn)("feed", portions=1)
    await hass.async_block_till_done()
    told = await info(hass)
    assert told.pop("history_size").endswith(" MiB")
    assert told == {
        "stations": 3,
        "connected": 3,
        "open_commands": 2,
        "unconfirmed_commands": 1,
        "storage_ok": True,
        "history_commands": 0,
    }


async def test_what_cannot_be_told_of_the_history_is_not_told(
    hass: HomeAssistant, kitchen: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: HistoryDatabase) -> None:
        raise HistoryError("disk I/O error")

    monkeypatch.setattr(HistoryDatabase, "async_size", fail)
    told = await info(hass)
    assert told["history_size"] is told["history_commands"] is None


async def test_trouble_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry, *, nodes: Nodes, disk_full: Disk
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await actions_of(hass, kitchen)("feed", portions=1)
    await nodes.connection(up=False)
    told = await info(hass)
    assert (told["connected"], told["storage_ok"]) == (0, False)


async def test_a_station_that_is_not_loaded_is_not_counted(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(kitchen.entry_id)
    assert (await info(hass))["stations"] == 0
