"""When a camera wakes next, and how far a greenhouse node is on its way."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import CONF_KNOWN

from ..calls import actions_of, shown
from ..conftest import SetUp
from ..forms import changed_node
from ..nodes import pass_time, settled
from ..others import GARDEN, GLASSHOUSE, HARDWARE_ID, MAC, SECRET, Camera, Greenhouse
from ..repairing import issues

NEXT_WAKE = "sensor.garden_pond_next_wake"
BINDING = "sensor.glasshouse_nutrients_binding"


async def test_the_next_waking_is_that_of_the_schedule_the_camera_was_given_last(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(**GARDEN)
    camera = Camera(hass, mqtt_mock)
    act = actions_of(hass, entry, MAC)
    assert shown(hass, NEXT_WAKE) == "2026-05-28T22:00:00+00:00"

    for cron in ("every hour", "61 * * * *", "0 0 31 2 *"):
        with pytest.raises(ServiceValidationError, match=r"cron|due"):
            await act("send_command", kind="set_wake_schedule", params={"cron": cron})
    await act(
        "send_command", kind="set_wake_schedule", params={"cron": " 30 6 * * MON-FRI "}
    )
    await camera.hello()
    await settled(hass, entry.runtime_data)
    assert camera.sent()[-1] == {"next_wake": "1:30PM"}
    assert shown(hass, NEXT_WAKE) == "2026-05-28T22:00:00+00:00", "not taken yet"

    await camera.answer()
    await settled(hass, entry.runtime_data)
    assert shown(hass, NEXT_WAKE) == "2026-05-29T13:30:00+00:00"

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert shown(hass, NEXT_WAKE) == "2026-05-29T13:30:00+00:00"

    (subentry,) = entry.subentries.values()
    assert subentry.data[CONF_KNOWN] == {"cron": "30 6 * * MON-FRI"}
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, CONF_KNOWN: {}}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert shown(hass, NEXT_WAKE) == "2026-05-29T13:30:00+00:00", "lost with a crash"


async def test_a_camera_that_nobody_told_when_to_wake_has_no_next_waking(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(**GARDEN | {"nodes": {MAC: {"title": "Pond"}}})

    assert shown(hass, NEXT_WAKE) == STATE_UNKNOWN


@pytest.fixture
async def newcomer(set_up: SetUp) -> MockConfigEntry:
    """A station with a node that has no place yet."""
    return await set_up(
        **GLASSHOUSE | {"nodes": {HARDWARE_ID: {"title": "Nutrients", "fields": {}}}}
    )


async def test_each_step_of_a_node_to_its_place_is_shown(
    hass: HomeAssistant, newcomer: MockConfigEntry, mqtt_mock: Any
) -> None:
    node = Greenhouse(hass, mqtt_mock)
    await node.hello()
    assert shown(hass, BINDING) == "registered"

    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.glasshouse_dispatching"}
    )
    await (await changed_node(hass, newcomer, HARDWARE_ID)).answer(
        name="Nutrients",
        greenhouse="gh-1",
        zone="zn-2",
        uid="nd-ph-1",
        secret=SECRET,
    )
    await settled(hass, newcomer.runtime_data)
    assert shown(hass, BINDING) == "bound"

    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.glasshouse_dispatching"}
    )
    await node.hello()
    await settled(hass, newcomer.runtime_data)
    assert shown(hass, BINDING) == "configured"
    (config,) = node.published(f"{node.temporary}/config")
    assert '"node_id":"nd-ph-1"' in config

    await node.say("config_report", {"node_id": "nd-ph-1"})
    await settled(hass, newcomer.runtime_data)
    assert shown(hass, BINDING) == "active"

    await node.publish(f"{node.home}/lwt", "offline")
    assert shown(hass, BINDING) == "reported"


async def test_a_binding_that_is_not_reported_lapses_and_a_person_is_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    newcomer: MockConfigEntry,
    mqtt_mock: Any,
) -> None:
    node = Greenhouse(hass, mqtt_mock)
    await (await changed_node(hass, newcomer, HARDWARE_ID)).answer(
        name="Nutrients",
        greenhouse="gh-1",
        zone="zn-2",
        uid="nd-ph-1",
        secret=SECRET,
    )
    for _ in range(61):
        await node.hello()
        await settled(hass, newcomer.runtime_data)
        assert shown(hass, BINDING) == "configured"
        await pass_time(hass, freezer, 30)
    await settled(hass, newcomer.runtime_data)

    assert shown(hass, BINDING) == "lapsed"
    (issue,) = issues(hass)
    assert issue.translation_key == "binding_lapsed"
    assert issue.translation_placeholders == {
        "station": "Glasshouse",
        "node": "Nutrients",
    }

    await actions_of(hass, newcomer, HARDWARE_ID)("send_command", kind="update_config")
    await node.hello()
    await settled(hass, newcomer.runtime_data)
    assert shown(hass, BINDING) == "configured"
    assert issues(hass) == []
