"""The secret of a node is changed or removed in its form, and shown nowhere."""

from __future__ import annotations

import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.mqtt_dispatch.const import CONF_FIELDS, DOMAIN
from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)

from ..calls import actions_of
from ..conftest import SetUp
from ..forms import changed_node
from ..nodes import settled
from ..others import CHANNELS, GLASSHOUSE, HARDWARE_ID, PETS, SECRET, Greenhouse

SAID: dict[str, Any] = {
    "name": "Nutrients",
    "greenhouse": "gh-1",
    "zone": "zn-2",
    "uid": "nd-ph-1",
    "type": "ph",
    "channels": CHANNELS,
    "ack_means_done": False,
}
OTHER = "another-secret-0123456789abcdef-xyz"


@pytest.fixture
async def glasshouse(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> MockConfigEntry:
    """A greenhouse with a node that has a secret."""
    entry = await set_up(**GLASSHOUSE)
    await Greenhouse(hass, mqtt_mock).tell_all()
    return entry


def secret_of(entry: MockConfigEntry) -> str | None:
    (subentry,) = entry.subentries.values()
    secret: str | None = subentry.data[CONF_FIELDS].get("secret")
    return secret


async def test_a_removed_secret_is_in_no_configuration_and_signs_nothing(
    hass: HomeAssistant, glasshouse: MockConfigEntry, mqtt_mock: Any
) -> None:
    flow = await changed_node(hass, glasshouse, HARDWARE_ID)
    assert SECRET not in json.dumps(flow.suggested)
    await flow.answer(**SAID, remove_secret=True)
    assert flow.result["reason"] == "reconfigure_successful"
    assert secret_of(glasshouse) is None

    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 5})
    await settled(hass, glasshouse.runtime_data)
    assert node.sent("config") == [], "the firmware refuses one without a secret"
    act = actions_of(hass, glasshouse, HARDWARE_ID)
    with pytest.raises(ServiceValidationError, match="Secret: this is missing"):
        await act(
            "send_command",
            kind="run_pump",
            params={"channel": "acid", "duration_ms": 100},
        )
    await settled(hass, glasshouse.runtime_data)
    assert node.sent("acid/command") == []


async def test_a_node_without_a_secret_is_not_asked_to_remove_it(
    hass: HomeAssistant, glasshouse: MockConfigEntry
) -> None:
    flow = await changed_node(hass, glasshouse, HARDWARE_ID)
    assert "remove_secret" in flow.result["data_schema"].schema
    await flow.answer(**SAID, remove_secret=True)

    again = await changed_node(hass, glasshouse, HARDWARE_ID)

    assert "remove_secret" not in again.result["data_schema"].schema


async def test_nodes_that_know_no_secret_are_not_asked_about_one(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(**PETS)
    (node,) = entry.runtime_data.engine.station.nodes
    flow = await changed_node(hass, entry, node)
    assert "remove_secret" not in flow.result["data_schema"].schema


@pytest.mark.parametrize("given", [{}, {"remove_secret": False}, {"secret": ""}])
async def test_a_secret_stays_where_nothing_is_said_of_it(
    hass: HomeAssistant, glasshouse: MockConfigEntry, given: dict[str, Any]
) -> None:
    flow = await changed_node(hass, glasshouse, HARDWARE_ID)
    await flow.answer(**SAID, **given)
    assert secret_of(glasshouse) == SECRET


async def test_a_secret_is_either_given_or_removed(
    hass: HomeAssistant, glasshouse: MockConfigEntry
) -> None:
    flow = await changed_node(hass, glasshouse, HARDWARE_ID)
    await flow.answer(**SAID, secret=OTHER, remove_secret=True)
    assert flow.result["type"] is FlowResultType.FORM
    assert flow.errors == {"remove_secret": "new_and_removed"}
    assert secret_of(glasshouse) == SECRET

    await flow.answer(**SAID, secret=OTHER, remove_secret=False)
    assert secret_of(glasshouse) == OTHER


async def test_neither_the_old_nor_the_new_secret_is_told(
    hass: HomeAssistant,
    glasshouse: MockConfigEntry,
    mqtt_mock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(hass, "system_health", {})
    node = Greenhouse(hass, mqtt_mock)
    for changes in ({"secret": OTHER}, {"remove_secret": True}):
        flow = await changed_node(hass, glasshouse, HARDWARE_ID)
        await flow.answer(**SAID, **changes)
        await node.say("heartbeat", {"uptime": 5})
        await settled(hass, glasshouse.runtime_data)
    assert OTHER in json.dumps(node.sent("config")), "there was nothing to hide"

    told = {
        "diagnostics": await async_get_config_entry_diagnostics(hass, glasshouse),
        "commands": await actions_of(hass, glasshouse)("get_commands"),
        "system health": await get_system_health_info(hass, DOMAIN),
        "states": [state.as_dict() for state in hass.states.async_all()],
        "log": [
            logging.Formatter().format(record)
            for record in caplog.records
            if DOMAIN in record.name
        ],
    }

    for where, text in told.items():
        for secret in (SECRET, OTHER):
            assert secret not in json.dumps(text, default=str), where
