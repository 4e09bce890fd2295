"""A backup says of itself that it is one; a station that begins from it asks first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.backup import async_post_backup, async_pre_backup
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.database import async_history
from custom_components.mqtt_dispatch.history.reader import one

from .calls import Act, all_ready
from .conftest import Disk
from .history.ended import ended
from .nodes import Nodes, settled


def stored(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))


def data_of(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_bytes())["data"]
    return data


async def test_the_history_does_not_change_while_a_backup_is_made(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    history, past = async_history(hass), Past(commands=(ended(1),))
    await async_pre_backup(hass)
    writing = hass.async_create_task(history.async_write(kitchen.entry_id, past))
    found = await history.async_read(one, kitchen.entry_id, 1)
    await async_post_backup(hass)
    await writing

    assert found is None
    assert await history.async_read(one, kitchen.entry_id, 1) == ended(1)


async def test_promise_2_a_meal_that_was_fed_after_the_backup_is_not_fed_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    """The nodes of this station can tell nothing: no `last_id`."""
    command_id = (await act("feed", portions=1))["command_id"]
    await async_pre_backup(hass)
    backup = stored(hass, kitchen).read_bytes()
    await async_post_backup(hass)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    assert len(nodes.sent("1")) == 1

    stored(hass, kitchen).write_bytes(backup)
    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await hass.async_block_till_done()
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)

    assert kitchen.runtime_data.engine.ledger.open[command_id].ever_sent is False
    assert len(nodes.sent("1")) == 1


async def test_what_is_stored_after_a_backup_bears_no_mark(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    await async_pre_backup(hass)
    assert data_of(stored(hass, kitchen))["in_backup"] is True
    await async_post_backup(hass)
    await coordinator.async_stored()

    assert data_of(stored(hass, kitchen))["in_backup"] is False


async def test_an_ordinary_stop_in_the_middle_of_a_backup_is_no_restore(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await async_pre_backup(hass)
    assert await hass.config_entries.async_unload(kitchen.entry_id)

    assert data_of(stored(hass, kitchen))["in_backup"] is False


async def test_a_full_disk_does_not_keep_anybody_from_making_a_backup(
    hass: HomeAssistant, kitchen: MockConfigEntry, disk_full: Disk
) -> None:
    disk_full(True)
    await async_pre_backup(hass)
    await hass.async_block_till_done()
    disk_full(False)

    issue_id = f"storage_failing-{kitchen.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
