"""Valves that an action opens for a time: named by themselves, or by where they are."""

from __future__ import annotations

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest

from custom_components.mqtt_dispatch.const import DOMAIN

from ..calls import device_of, use
from ..conftest import SetUp
from ..nodes import settled
from ..others import CHANNELS, ORCHARD, Greenhouse, Hub, with_channels
from ..people import a_user_for, as_user

FIRST, SECOND = "valve.orchard_apples_valve_0", "valve.orchard_apples_valve_1"
INLET = "valve.glasshouse_nutrients_valve_inlet"


@pytest.fixture
async def orchard(hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any) -> Hub:
    """A hub whose node has two valves, and another station."""
    await set_up(**ORCHARD)
    await set_up(**with_channels(*CHANNELS, node_type="relay"))
    hub = Hub(hass, mqtt_mock)
    await hub.list_nodes()
    await Greenhouse(hass, mqtt_mock).say("heartbeat", {"uptime": 120})
    return hub


async def opened(
    hass: HomeAssistant, context: Context | None = None, **fields: Any
) -> dict[str, Any]:
    """Open valves, and return the answer."""
    answer = await hass.services.async_call(
        DOMAIN,
        "open_valve",
        fields,
        blocking=True,
        context=context,
        return_response=True,
    )
    assert isinstance(answer, dict)
    for entry in hass.config_entries.async_entries(DOMAIN):
        await settled(hass, entry.runtime_data)
    return answer


@pytest.mark.parametrize("duration", [90, "90", "90.0"])
async def test_a_valve_is_opened_for_as_long_as_is_said(
    hass: HomeAssistant, orchard: Hub, duration: object
) -> None:
    answer = await opened(hass, entity_id=FIRST, duration=duration)
    assert {name: one["command_id"] for name, one in answer.items()} == {FIRST: 1}
    assert orchard.sent() == ["SEND_ACTUATOR 1 1 1 0 90"]


async def test_where_nothing_is_said_its_own_run_time_counts(
    hass: HomeAssistant, orchard: Hub
) -> None:
    await use(hass, "number.set_value", f"number.{SECOND[6:]}_run_time", value=42)
    await opened(hass, entity_id=SECOND)
    assert orchard.sent() == ["SEND_ACTUATOR 1 1 1 1 42"]


async def test_several_are_named_at_once_also_of_several_stations(
    hass: HomeAssistant, orchard: Hub
) -> None:
    answer = await opened(hass, entity_id=[FIRST, SECOND, INLET], duration=30)
    assert {*answer} == {FIRST, SECOND, INLET}
    assert sorted(one["command_id"] for one in answer.values()) == [1, 1, 2]


@pytest.mark.parametrize("by", ["device_id", "area_id", "floor_id", "label_id"])
async def test_they_are_named_by_where_they_are(
    hass: HomeAssistant, orchard: Hub, by: str
) -> None:
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    device_id = device_of(hass, entry, "1")
    floor = fr.async_get(hass).async_create("Outside")
    area = ar.async_get(hass).async_create("Garden", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Water")
    dr.async_get(hass).async_update_device(
        device_id, area_id=area.id, labels={label.label_id}
    )
    named = {
        "device_id": device_id,
        "area_id": area.id,
        "floor_id": floor.floor_id,
        "label_id": label.label_id,
    }
    where: dict[str, Any] = {by: [named[by]]}
    answer = await opened(hass, **where, duration=30)
    assert {*answer} == {FIRST, SECOND}


async def test_none_is_opened_that_its_owner_disabled_and_a_hidden_one_only_by_name(
    hass: HomeAssistant, orchard: Hub
) -> None:
    entry, registry = hass.config_entries.async_entries(DOMAIN)[0], er.async_get(hass)
    where: dict[str, Any] = {"device_id": [device_of(hass, entry, "1")]}
    registry.async_update_entity(FIRST, hidden_by=er.RegistryEntryHider.USER)
    assert {*await opened(hass, **where, duration=30)} == {SECOND}
    assert {*await opened(hass, entity_id=FIRST, duration=30)} == {FIRST}

    registry.async_update_entity(
        FIRST, hidden_by=None, disabled_by=er.RegistryEntryDisabler.USER
    )
    assert {*await opened(hass, **where, duration=30)} == {SECOND}
    assert FIRST not in await opened(hass, entity_id="all", duration=30)
    for named in (FIRST, [FIRST, SECOND]):
        with pytest.raises(ServiceValidationError) as refused:
            await opened(hass, entity_id=named, duration=30)
        assert refused.value.translation_key == "not_a_valve"


async def test_a_key_is_of_each_valve_by_itself(
    hass: HomeAssistant, orchard: Hub
) -> None:
    both: dict[str, Any] = {"entity_id": [FIRST, SECOND], "idempotency_key": "noon"}
    answer = await opened(hass, **both, duration=30)
    assert [one["command_id"] for one in answer.values()] == [1, 2]
    again = await opened(hass, **both, duration=30)
    assert [one["command_id"] for one in again.values()] == [1, 2]
    (entry, _) = hass.config_entries.async_entries(DOMAIN)
    assert len(entry.runtime_data.engine.ledger.open) == 2


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"entity_id": [FIRST], "duration": 86_401}, "invalid_number"),
        ({"entity_id": [FIRST], "duration": 7201}, "invalid_number"),
        ({"entity_id": [FIRST], "duration": 0}, "invalid_number"),
        ({"entity_id": [FIRST], "duration": "long"}, "invalid_number"),
        # What one of them cannot, none does.
        ({"entity_id": [FIRST, INLET], "duration": 301}, "refused_by_one"),
        ({"entity_id": [FIRST, "valve.other"]}, "not_a_valve"),
        ({"entity_id": ["number.orchard_apples_valve_0_run_time"]}, "not_a_valve"),
        ({"device_id": ["unknown"]}, "unknown_device"),
        ({"area_id": ["unknown"]}, "unknown_target"),
        ({"device_id": "none"}, "no_valve"),
        ({"entity_id": [FIRST], "expires_in": 0}, "invalid_number"),
    ],
)
async def test_what_cannot_be_opened_so_is_refused_and_nothing_is_ordered(
    hass: HomeAssistant, orchard: Hub, fields: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await opened(hass, **fields)
    assert refused.value.translation_key == key
    for entry in hass.config_entries.async_entries(DOMAIN):
        assert entry.runtime_data.engine.ledger.open == {}


async def test_where_there_is_room_for_one_of_two_none_is_opened(
    hass: HomeAssistant, orchard: Hub
) -> None:
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    hass.config_entries.async_update_entry(entry, options={"max_open": 1})
    await hass.async_block_till_done()
    await orchard.list_nodes()
    both: dict[str, Any] = {"entity_id": [FIRST, SECOND], "idempotency_key": "noon"}
    with pytest.raises(ServiceValidationError) as refused:
        await opened(hass, **both, duration=30)
    await settled(hass, entry.runtime_data)
    assert refused.value.translation_key == "queue_full"
    assert entry.runtime_data.engine.ledger.open == {}
    assert orchard.sent() == []

    await opened(hass, **{**both, "entity_id": SECOND}, duration=30)
    assert orchard.sent() == ["SEND_ACTUATOR 1 1 1 1 30"]


async def test_who_controls_one_valve_opens_that_one(
    hass: HomeAssistant, orchard: Hub
) -> None:
    user = await a_user_for(hass, {"entity_ids": {FIRST: {"control": True}}})
    for entity_ids in ([SECOND], [FIRST, SECOND]):
        with pytest.raises(Unauthorized):
            await opened(hass, as_user(user), entity_id=entity_ids)
    assert orchard.sent() == []
    assert {*await opened(hass, as_user(user), entity_id=FIRST)} == {FIRST}


async def test_nothing_closes_a_valve_that_a_relay_holds_open(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**with_channels(*CHANNELS, node_type="climate"))
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    with pytest.raises(ServiceValidationError, match="Duration: this means nothing"):
        await opened(hass, entity_id=INLET, duration=30)
    assert entry.runtime_data.engine.ledger.open == {}

    await opened(hass, entity_id=INLET)
    assert [told["params"] for told in node.sent("inlet/command")] == [{"state": True}]


async def test_a_valve_of_a_station_that_is_not_loaded_is_refused(
    hass: HomeAssistant, orchard: Hub
) -> None:
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN, "open_valve", {"entity_id": FIRST}, blocking=True
        )
    assert refused.value.translation_key == "station_not_loaded"
