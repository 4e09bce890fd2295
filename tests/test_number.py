"""The portions of the feed button: their range, and that they are kept."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.number import NumberExtraStoredData
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import restore_state
from homeassistant.helpers.restore_state import StoredState
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import StationStore

from .calls import shown, use
from .conftest import Disk, SetUp
from .nodes import Nodes, pass_time, settled
from .others import GLASSHOUSE, Greenhouse

PORTIONS = "number.kitchen_portions"


async def set_portions(hass: HomeAssistant, value: float) -> None:
    await hass.services.async_call(
        "number", "set_value", {"entity_id": PORTIONS, "value": value}, blocking=True
    )


def portions(hass: HomeAssistant) -> str:
    state = hass.states.get(PORTIONS)
    assert state is not None
    return state.state


async def remember(
    hass: HomeAssistant,
    value: float | None,
    entity_id: str = PORTIONS,
    unit: str | None = None,
) -> None:
    """Have restore state keep a value, as earlier versions did, even an old one."""
    data = NumberExtraStoredData(50, 1, 1, unit, value)
    kept = StoredState(State(entity_id, str(value)), data, dt_util.utcnow()).as_dict()
    # Only the newest Home Assistant writes it.
    kept.pop("entity_registry_id", None)
    stored = restore_state.async_get(hass)
    await stored.store.async_save([kept])
    await stored.async_load()


async def test_the_range_is_that_of_the_protocol(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = hass.states.get(PORTIONS)
    assert state is not None
    assert (state.attributes["min"], state.attributes["max"]) == (1, 50)
    assert state.state == "1"


@pytest.mark.parametrize("value", [0, 51])
async def test_portions_out_of_range_are_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, value: float
) -> None:
    with pytest.raises(ServiceValidationError):
        await set_portions(hass, value)

    assert portions(hass) == "1"


async def test_portions_are_kept_over_a_reload(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await set_portions(hass, 7)

    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()

    assert portions(hass) == "7"


async def test_the_button_feeds_what_was_chosen_last_before_a_kill(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, freezer: FrozenDateTimeFactory
) -> None:
    await remember(hass, 10)
    entry = await set_up()
    await settled(hass, entry.runtime_data)
    await hass.async_block_till_done()
    assert portions(hass) == "10"
    await set_portions(hass, 1)
    killed_with = (await StationStore(hass, entry.entry_id).async_load())[0]
    assert [one.amount for one in killed_with.chosen] == [1]

    await remember(hass, 10)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert portions(hass) == "1"

    nodes = Nodes(hass, mqtt_mock)
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    await use(hass, "button.press", "button.kitchen_feed")
    await settled(hass, entry.runtime_data)
    (sent,) = nodes.sent("1")
    assert [item["quantity"] for item in sent["items"]] == [1]


async def test_what_an_earlier_version_kept_is_taken_over_once(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await remember(hass, 7)
    entry = await set_up()
    await settled(hass, entry.runtime_data)
    await hass.async_block_till_done()
    assert portions(hass) == "7"

    await remember(hass, 9)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert portions(hass) == "7"


@pytest.mark.parametrize("value", [0, 51, None])
async def test_kept_portions_that_make_no_sense_are_forgotten(
    hass: HomeAssistant, set_up: SetUp, value: float | None
) -> None:
    await remember(hass, value)

    await set_up()

    assert portions(hass) == "1"


async def test_portions_that_cannot_be_stored_are_refused_and_not_shown(
    hass: HomeAssistant, kitchen: MockConfigEntry, disk_full: Disk
) -> None:
    await set_portions(hass, 7)
    disk_full(True)

    with pytest.raises(NotStoredError):
        await set_portions(hass, 8)
    assert portions(hass) == "7"

    disk_full(False)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert portions(hass) == "7"


async def test_portions_are_shown_no_sooner_than_they_are_stored(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    file = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{kitchen.entry_id}"))
    choosing = hass.async_create_task(set_portions(hass, 7))
    while not choosing.done():
        kitchen.runtime_data.async_update_listeners()
        stored = file.exists() and json.loads(file.read_bytes())["data"]["chosen"]
        assert portions(hass) == "1" or stored
        await asyncio.sleep(0)

    assert portions(hass) == "7"


async def test_how_much_a_pump_gives_outlasts_a_kill(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    await Greenhouse(hass, mqtt_mock).say("heartbeat", {"uptime": 120})
    acid = "number.glasshouse_nutrients_acid_dose"
    await remember(hass, 4.5, acid)

    await use(hass, "number.set_value", acid, value=2.5)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await Greenhouse(hass, mqtt_mock).say("heartbeat", {"uptime": 120})

    assert shown(hass, acid) == "2.5"


@pytest.mark.parametrize(("kept", "unit"), [(2500, "ms"), (2.5, "s")])
async def test_how_long_a_pump_runs_is_what_was_kept_whatever_it_was_kept_in(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, kept: float, unit: str
) -> None:
    main = "number.glasshouse_nutrients_main_run_time"
    await remember(hass, kept, main, unit)
    entry = await set_up(**GLASSHOUSE)
    await Greenhouse(hass, mqtt_mock).say("heartbeat", {"uptime": 120})
    await settled(hass, entry.runtime_data)
    await hass.async_block_till_done()

    assert shown(hass, main) == "2.5"
