"""Nobody is told or shown as his to do what the actions would refuse him."""

from __future__ import annotations

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import actions_of, device_of
from ..conftest import SetUp
from ..nonempty import some
from ..others import ORCHARD
from ..people import a_user, a_user_for
from .looking import Looker, Message, commands_of_domain

FILLED_IN = {"command_id": 1, "days": 7, "station": "", "id": 1}
"""What the walk gives in fields that a command cannot do without."""
READ: dict[str, bool] = {POLICY_READ: True}
CONTROL: dict[str, bool] = {POLICY_CONTROL: True}


def _message(schema: Any, device_id: str) -> Message:
    """Return the fields with which a command is about a device, where it has such."""
    names = {str(key): key for key in (schema.schema if schema else {})}
    fields: Message = {}
    for name, key in names.items():
        if name == "device_id":
            fields[name] = device_id
        elif name not in ("id", "type") and isinstance(key, vol.Required):
            fields[name] = FILLED_IN[name]
    return fields


async def _walk(
    hass: HomeAssistant, user: User, device_id: str
) -> dict[str, list[Message]]:
    """Return all that a user is told by each command about a device."""
    found = {}
    for name, schema in some(commands_of_domain(hass).items()):
        looker = Looker(hass, user)
        fields = _message(schema, device_id)
        await looker.asks(name.partition("/")[2], **fields)
        if "device_id" in fields:
            await looker.asks(name.partition("/")[2], **{**fields, "device_id": "all"})
        found[name] = looker.told
        looker.leaves()
    return found


def _tells_of(told: list[Message], entry: MockConfigEntry) -> bool:
    text = json.dumps(told)
    return entry.entry_id in text or entry.title in text or "kitchen" in text


@pytest.fixture
async def fed(hass: HomeAssistant, kitchen: MockConfigEntry) -> None:
    """Something waits there, and something is planned."""
    act = actions_of(hass, kitchen)
    await act("feed", portions=1)
    await act("schedule", name="Lunch", time="18:00", portions=1)


async def _nobody(hass: HomeAssistant, _: MockConfigEntry) -> User:
    return await a_user(hass)


async def _of_another_station(hass: HomeAssistant, orchard: MockConfigEntry) -> User:
    other = device_of(hass, orchard)
    return await a_user_for(hass, {"device_ids": {other: True}})


@pytest.mark.usefixtures("fed")
@pytest.mark.parametrize("who", [_nobody, _of_another_station])
async def test_who_may_not_read_a_station_is_told_nothing_of_it_by_any_command(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp, who: Any
) -> None:
    orchard = await set_up(**ORCHARD)
    user = await who(hass, orchard)

    for name, told in some((await _walk(hass, user, device_of(hass, kitchen))).items()):
        assert not _tells_of(told, kitchen), name
        first = told[0]
        assert first["success"] or first["error"]["code"] == "unauthorized", name


@pytest.mark.usefixtures("fed")
async def test_a_walk_as_who_may_do_everything_is_told_of_it_by_each_command(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    """So that the walks as others prove something."""
    user = await a_user(hass, GROUP_ID_USER)

    found = await _walk(hass, user, device_of(hass, kitchen))

    for name in ("mqtt_dispatch/stations", "mqtt_dispatch/subscribe"):
        assert _tells_of(found[name], kitchen), name


@pytest.mark.usefixtures("fed")
async def test_no_command_lets_who_may_only_look_change_anything(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    user = await a_user(hass, GROUP_ID_READ_ONLY)
    before = coordinator.engine.ledger.revision

    found = await _walk(hass, user, device_of(hass, kitchen))

    assert coordinator.engine.ledger.revision == before
    text = json.dumps(found)
    assert '"may_control": true' not in text
    for may in ("cancel", "resolve", "skip"):
        assert f'"may": ["{may}"' not in text


async def test_what_waits_is_shown_as_ones_own_to_cancel_only_where_one_controls_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    device_id: str,
) -> None:
    act = actions_of(hass, kitchen)
    await act("feed", portions=1)
    await act("schedule", name="Dinner", time="18:00", portions=1)
    for policy, may in ((READ, False), (CONTROL | READ, True)):
        user = await a_user_for(hass, {"device_ids": {device_id: policy}})
        looker = Looker(hass, user)
        await looker.looks_at(device_id)

        (waits,) = looker.seen["commands"]["open"]
        assert waits["may"] == (["cancel"] if may else [])
        assert looker.seen["meals"]["next"]["may"] == (["skip"] if may else [])
        assert looker.seen["station"]["may_control"] is may


async def test_an_own_node_is_shown_as_ones_own_within_a_station_that_is_only_read(
    hass: HomeAssistant, kitchen: MockConfigEntry, device_id: str
) -> None:
    first = device_of(hass, kitchen, "1")
    user = await a_user_for(
        hass, {"device_ids": {device_id: READ, first: {**READ, **CONTROL}}}
    )
    looker = Looker(hass, user)

    await looker.looks_at(device_id)

    assert [node["may_control"] for node in looker.seen["nodes"]] == [True, False]


async def test_who_may_not_see_a_station_any_more_is_told_no_more_of_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    device_id: str,
) -> None:
    user = await a_user(hass, GROUP_ID_USER)
    looker = Looker(hass, user)
    await looker.looks_at(device_id)
    await hass.auth.async_update_user(user, group_ids=[])

    await actions_of(hass, kitchen)("feed", portions=1)

    assert await looker.after(freezer) == {"gone": kitchen.entry_id}
    told = len(looker.told)
    await actions_of(hass, kitchen)("feed", portions=1)
    await looker.after(freezer)
    assert not _tells_of(looker.told[told:], kitchen)
