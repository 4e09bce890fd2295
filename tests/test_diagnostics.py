"""What a person sends along with a bug report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import orjson
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.diagnostics import (
    CLOSED_SHOWN,
    async_get_config_entry_diagnostics,
)
from custom_components.mqtt_dispatch.protocols.params import HIDDEN

from .calls import actions_of, feed_in_doubt
from .conftest import SetUp, station_entry
from .nodes import Nodes
from .others import GARDEN, GREENHOUSES, SECRET


async def diagnostics(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the diagnostics, and see that they are nothing but JSON."""
    found = await async_get_config_entry_diagnostics(hass, entry)
    plain: dict[str, Any] = json.loads(json.dumps(found, allow_nan=False))
    assert orjson.loads(orjson.dumps(found)) == plain
    return plain


async def test_a_station_is_shown_as_it_stands(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    act = actions_of(hass, kitchen)
    await act("schedule", name="Dinner", time="18:00", portions=1)
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    await act("feed", portions=1)
    await nodes.say("ack", "1", "no JSON")
    await nodes.accept(999, "1")
    shown = await diagnostics(hass, kitchen)
    assert shown["entry"] == {
        "data": {"protocol": "paired_dispenser", "prefix": "disp"},
        "options": {},
        "state": "loaded",
        "reason": None,
    }
    assert shown["status"] == "unconfirmed"
    assert (shown["connected"], shown["storage_ok"]) == (True, True)
    assert set(shown["nodes"]) == {"1", "2"}
    waits = shown["waiting"][str(command_id + 1)]
    assert [reason["why"] for reason in waits] == ["unconfirmed"]
    assert {command["state"] for command in shown["commands"]} == {
        "unconfirmed",
        "queued",
    }
    assert [meal["name"] for meal in shown["meals"]] == ["Dinner"]
    assert shown["not_understood"] == {"not JSON": 1}
    assert shown["not_credited"] == {"foreign": 1}
    assert [(sign["node"], sign["command_id"]) for sign in shown["foreign"]] == [
        ("1", 999)
    ]
    assert shown["restored_at"] is None
    assert shown["writes"] > 0
    assert shown["next_deadline"] >= 0


async def test_what_is_the_users_own_is_not_shown(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    act = actions_of(hass, kitchen)
    await act("feed", portions=1, idempotency_key="hunter2")
    await act("feed", portions=1, idempotency_key="hunter2-again")
    await act("cancel_command", command_id=1)
    assert "hunter2" not in json.dumps(await diagnostics(hass, kitchen))


async def test_of_closed_commands_the_latest_are_shown(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    act = actions_of(hass, kitchen)
    for command_id in range(1, CLOSED_SHOWN + 3):
        await act("feed", portions=1, confirm=True)
        await act("cancel_command", command_id=command_id)
    shown = [
        command["id"] for command in (await diagnostics(hass, kitchen))["commands"]
    ]
    assert shown == list(range(3, CLOSED_SHOWN + 3))


async def test_a_station_that_does_not_start_says_why(
    hass: HomeAssistant, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
    path.parent.mkdir(exist_ok=True)
    path.write_text("{")
    await hass.config_entries.async_setup(entry.entry_id)
    shown = await diagnostics(hass, entry)
    assert shown["entry"]["state"] == "setup_error"
    assert shown["entry"]["reason"] == "storage_corrupt"


async def test_they_can_be_downloaded(
    hass: HomeAssistant, kitchen: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.async_block_till_done()
    shown = await get_diagnostics_for_config_entry(hass, hass_client, kitchen)
    assert isinstance(shown, dict)
    assert shown["status"] == "offline"


async def test_nothing_is_shown_that_may_let_somebody_in(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    garden, glasshouse = await set_up(**GARDEN), await set_up(**GREENHOUSES)
    act = actions_of(hass, garden)
    await act(
        "send_command",
        kind="update_firmware",
        params={"url": "https://me:hunter2@example.org/cam.bin?token=hunter2"},
    )
    await act(
        "send_command",
        kind="update_config",
        params={"values": {"wifi_password": "hunter2"}},
    )
    shown = await diagnostics(hass, garden)
    assert "hunter2" not in json.dumps(shown)
    assert {command["kind"]: command["params"] for command in shown["commands"]} == {
        "update_firmware": {"url": "https://example.org/cam.bin"},
        "update_config": {"values": {"wifi_password": HIDDEN}},
    }
    assert SECRET not in json.dumps(await diagnostics(hass, glasshouse))
