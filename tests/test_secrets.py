"""What is not told: the way to the broker to nobody, and names in no bug report."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)

from .calls import actions_of, call, device_of, disk_works_again, feed_in_doubt
from .conftest import Disk, SetUp
from .forms import changed_node
from .nodes import Nodes, settled
from .others import (
    CHANNELS,
    GARDEN,
    GLASSHOUSE,
    HARDWARE_ID,
    MAC,
    SECRET,
    Camera,
    Greenhouse,
)
from .people import a_user, as_user
from .repairing import Person, issues

BROKER_USER = "broker-user-5f1c"
BROKER_PASSWORD = "broker-password-9b27"
KEY = "idempotency-key-03da"
ANNA, BERTA = "Anna-77e1", "Berta-c4d0"


@pytest.fixture
def mqtt_config_entry_data() -> dict[str, Any]:
    """The way to the broker, as Home Assistant's MQTT integration keeps it."""
    return {
        "broker": "mock-broker",
        "username": BROKER_USER,
        "password": BROKER_PASSWORD,
    }


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.fixture
async def lived(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
    hass_admin_user: MockUser,
    disk_full: Disk,
) -> MockConfigEntry:
    """A station with which people have done all that they can do."""
    hass_admin_user.name = BERTA
    station = device_of(hass, kitchen)
    anna = as_user(await a_user(hass, GROUP_ID_USER, name=ANNA))
    (mqtt_entry,) = hass.config_entries.async_entries("mqtt")
    assert mqtt_entry.data["password"] == BROKER_PASSWORD

    await feed_in_doubt(hass, freezer, kitchen, nodes)
    await call(hass, "resolve_command", station, anna, command_id=1, outcome="failed")
    await call(hass, "finish_command", station, anna, command_id=1)
    await call(hass, "feed", station, anna, portions=1, pet=7, idempotency_key=KEY)
    await call(hass, "cancel_command", station, anna, command_id=3)
    await settled(hass, kitchen.runtime_data)
    disk_full(True)
    with pytest.raises(Exception, match="could not be stored"):
        await call(hass, "feed", station, anna, portions=1, idempotency_key=f"{KEY}-2")
    disk_full(False)
    await disk_works_again(hass, freezer, kitchen.runtime_data)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await nodes.say("state", "1", {"online": 1, "last_id": 40})
    await nodes.accept(77, "1")
    await nodes.say("ack", "1", BROKER_USER[:3])
    (restored,) = (
        issue for issue in issues(hass) if issue.translation_key == "restored"
    )
    await person.chooses(await person.opens(restored), "keep")
    await settled(hass, kitchen.runtime_data)
    return kitchen


async def test_diagnostics_tell_no_secret_no_key_and_no_name(
    hass: HomeAssistant, lived: MockConfigEntry
) -> None:
    told = json.dumps(await async_get_config_entry_diagnostics(hass, lived))

    (first,) = (await actions_of(hass, lived)("get_commands", command_id=1))["commands"]
    assert ANNA in json.dumps(first), "there was nothing to leave out"
    assert '"cause": "person"' in told, "that a person decided is no secret"
    for secret in (BROKER_USER, BROKER_PASSWORD, KEY, ANNA, BERTA):
        assert secret not in told


async def test_the_log_tells_no_secret_of_the_broker_and_of_ours_no_key_and_no_name(
    hass: HomeAssistant, lived: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    def text(record: logging.LogRecord) -> str:
        return logging.Formatter().format(record)

    everything = caplog.get_records("setup")
    ours = [record for record in everything if DOMAIN in record.name]
    assert any(record.levelno == logging.ERROR for record in ours), "nothing was said"
    assert any(record.levelno == logging.DEBUG for record in everything)
    for secret in (BROKER_USER, BROKER_PASSWORD):
        assert [record for record in everything if secret in text(record)] == []
    for secret in (KEY, ANNA, BERTA):
        assert [record for record in ours if secret in text(record)] == []


async def test_states_and_issues_tell_no_secret_of_the_broker_and_no_key(
    hass: HomeAssistant, lived: MockConfigEntry
) -> None:
    states = json.dumps(
        [state.as_dict() for state in hass.states.async_all()], default=str
    )
    shown = json.dumps([issue.translation_placeholders for issue in issues(hass)])
    assert "foreign" in [issue.translation_key for issue in issues(hass)]
    for secret in (BROKER_USER, BROKER_PASSWORD, KEY):
        assert secret not in states
        assert secret not in shown


@pytest.fixture
async def signed(hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any) -> MockConfigEntry:
    """A greenhouse whose node was bound, told something and changed, and refused it."""
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    act = actions_of(hass, entry, HARDWARE_ID)
    await node.tell_all()
    for kind, params in (("update_config", {}), ("light_on", {"channel": "lamp"})):
        await act("send_command", kind=kind, params=params)
        await settled(hass, entry.runtime_data)
    holds = {"node_id": "nd-ph-1", "channels": CHANNELS, "node_secret": SECRET}
    await node.say("config_report", holds)
    await settled(hass, entry.runtime_data)
    await node.answer("lamp", 2, "INVALID", signature=SECRET)
    await node.say("config_report", SECRET)
    flow = await changed_node(hass, entry, HARDWARE_ID)
    place = {"greenhouse": "gh-1", "zone": "zn-2", "uid": "nd-ph-1"}
    await flow.answer(name="Tank", **place, secret=f"{SECRET}\n")
    assert flow.errors == {"secret": "invalid_text"}
    await flow.answer(name="Tank", **place, secret=f"{SECRET}-2", channels=CHANNELS)
    await node.say("heartbeat", {"uptime": 5})
    await settled(hass, entry.runtime_data)
    (*_, config) = node.sent("config")
    assert config["node_secret"] == f"{SECRET}-2", "there was nothing to hide"
    return entry


async def test_the_secret_of_a_node_is_told_to_nobody_but_the_node(
    hass: HomeAssistant, signed: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    told = {
        "diagnostics": await async_get_config_entry_diagnostics(hass, signed),
        "commands": await actions_of(hass, signed)("get_commands"),
        "states": [state.as_dict() for state in hass.states.async_all()],
        "issues": [issue.translation_placeholders for issue in issues(hass)],
        "log": [
            logging.Formatter().format(record)
            for when in ("setup", "call")
            for record in caplog.get_records(when)
            if DOMAIN in record.name
        ],
        "stored": [
            # The history is a database.
            path.read_bytes().decode(errors="replace")
            for path in Path(hass.config.path(".storage")).glob(f"{DOMAIN}.*")
        ],
    }
    assert told["stored"], "there was nothing to look at"
    for where, text in told.items():
        assert SECRET not in json.dumps(text, default=str), where


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("update_firmware", {"url": f"ftp://me:{SECRET}@example.org/cam.bin"}),
        ("update_firmware", {"url": f"https://me:a/{SECRET}@example.org/cam.bin"}),
        ("update_config", {"values": f'{{"wifi_password": "{SECRET}"}}'}),
        ("update_config", {"values": {"wifi_password": SECRET + "x" * 256}}),
    ],
)
async def test_what_is_refused_is_not_repeated_where_it_may_be_a_secret(
    hass: HomeAssistant,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    kind: str,
    params: dict[str, Any],
) -> None:
    act = actions_of(hass, await set_up(**GARDEN), MAC)
    with pytest.raises(ServiceValidationError) as refused:
        await act("send_command", kind=kind, params=params)
    assert SECRET not in str(refused.value)
    assert SECRET not in json.dumps(refused.value.translation_placeholders)
    ours = [record for record in caplog.records if DOMAIN in record.name]
    assert not [record for record in ours if SECRET in record.getMessage()]


async def test_a_node_that_repeats_an_address_does_not_tell_who_may_enter(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GARDEN)
    camera, act = Camera(hass, mqtt_mock), actions_of(hass, entry, MAC)
    address = f"https://me:{SECRET}@example.org/cam.bin?token={SECRET}"
    await act("send_command", kind="update_firmware", params={"url": address})
    await camera.hello()
    await settled(hass, entry.runtime_data)
    assert address in json.dumps(camera.sent()), "the node needs all of it"
    await camera.answer("error", f"cannot load {address}")
    await settled(hass, entry.runtime_data)

    told = {
        "diagnostics": await async_get_config_entry_diagnostics(hass, entry),
        "states": [state.as_dict() for state in hass.states.async_all()],
        "issues": [issue.translation_placeholders for issue in issues(hass)],
    }
    assert "cannot load https://example.org/cam.bin" in json.dumps(
        told["states"], default=str
    )
    for where, text in told.items():
        assert SECRET not in json.dumps(text, default=str), where
