"""What actions are about: devices, entities, areas, floors, labels; all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
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
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.ordering import together
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import CommitError, StationStore

from ..calls import device_of
from ..conftest import SetUp
from ..nodes import Nodes, pass_time, settled
from ..others import ORCHARD
from ..package import EN
from ..people import a_user_for, as_user


async def act(
    hass: HomeAssistant,
    action: str,
    context: Context | None = None,
    **data: Any,
) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=context, return_response=True
    )
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
async def barn(kitchen: MockConfigEntry, set_up: SetUp) -> MockConfigEntry:
    """A second station, beside the kitchen."""
    return await set_up(title="Barn", prefix="barn")


def ordered(*entries: MockConfigEntry) -> list[list[Command]]:
    """Return what is open at stations."""
    return [[*one.runtime_data.engine.ledger.open.values()] for one in entries]


def in_area(hass: HomeAssistant, name: str, *device_ids: str) -> str:
    """Put devices in an area, and return its id."""
    area = ar.async_get(hass).async_create(name)
    for device_id in device_ids:
        dr.async_get(hass).async_update_device(device_id, area_id=area.id)
    return area.id


def target_of(
    hass: HomeAssistant, how: str, kitchen: MockConfigEntry, barn: MockConfigEntry
) -> dict[str, Any]:
    """Return two stations as a target."""
    devices = [device_of(hass, kitchen), device_of(hass, barn)]
    target: dict[str, Any] = {}
    if how == "devices":
        target = {"device_id": devices}
    elif how == "entities":
        target = {"entity_id": ["button.kitchen_feed", "sensor.barn_status"]}
    elif how == "area":
        target = {"area_id": in_area(hass, "Ground", *devices)}
    elif how == "area_of_entity":
        area = in_area(hass, "Ground", devices[0])
        er.async_get(hass).async_update_entity("button.barn_feed", area_id=area)
        target = {"area_id": area}
    elif how == "floor":
        floor = fr.async_get(hass).async_create("Ground")
        for area in (in_area(hass, f"Room {one}", one) for one in devices):
            ar.async_get(hass).async_update(area, floor_id=floor.floor_id)
        target = {"floor_id": floor.floor_id}
    elif how == "label":
        label = lr.async_get(hass).async_create("Pets").label_id
        dr.async_get(hass).async_update_device(devices[0], labels={label})
        er.async_get(hass).async_update_entity("button.barn_feed", labels={label})
        target = {"label_id": label}
    else:
        area = in_area(hass, "Ground", devices[0])
        target = {"area_id": [area], "device_id": devices}
    return target


@pytest.mark.parametrize(
    "how",
    ["devices", "entities", "area", "area_of_entity", "floor", "label", "mixed"],
)
async def test_each_station_that_is_meant_gets_one_command(
    hass: HomeAssistant, kitchen: MockConfigEntry, barn: MockConfigEntry, how: str
) -> None:
    target = target_of(hass, how, kitchen, barn)
    answer = await act(hass, "feed", portions=2, **target)

    assert answer == {
        "stations": [
            {
                "station": entry.title,
                "device_id": device_of(hass, entry),
                "command_id": 1,
                "state": "queued",
            }
            for entry in (barn, kitchen)
        ]
    }
    for commands in ordered(kitchen, barn):
        assert [command.nodes for command in commands] == [("1", "2")]


async def test_one_station_answers_as_ever(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    area = in_area(hass, "Ground", device_of(hass, kitchen))
    answer = await act(hass, "feed", portions=1, area_id=area)

    assert answer == {"command_id": 1, "state": "queued"}


async def test_several_nodes_of_a_station_are_one_command(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.newer()
    devices = [device_of(hass, kitchen, node) for node in ("2", "1")]
    await act(hass, "reboot", device_id=devices)
    await act(hass, "reboot", entity_id="binary_sensor.kitchen_node_2_ready")

    (commands,) = ordered(kitchen)
    assert [command.nodes for command in commands] == [("1", "2"), ("2",)]


async def test_both_stations_are_fed(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    target = target_of(hass, "devices", kitchen, barn)
    await act(hass, "feed", portions=1, **target)
    await settled(hass, kitchen.runtime_data)
    await settled(hass, barn.runtime_data)

    assert len(nodes.sent("1")) == 1
    (waiting,) = ordered(barn)[0]
    assert waiting.state is CommandState.QUEUED
    assert [*barn.runtime_data.engine.ledger.open.together] == []


# ---- all or nothing


@pytest.mark.parametrize("refuses", ["kitchen", "barn"])
async def test_if_one_station_refuses_none_is_ordered_anything(
    hass: HomeAssistant, kitchen: MockConfigEntry, barn: MockConfigEntry, refuses: str
) -> None:
    one = kitchen if refuses == "kitchen" else barn
    hass.config_entries.async_update_entry(one, options={"portions_per_day": 3})
    await hass.async_block_till_done()
    target = target_of(hass, "devices", kitchen, barn)
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "feed", portions=4, **target)

    says = EN["exceptions"]["portions_per_day"]["message"].format(limit=3, given=0)
    assert refused.value.translation_key == "refused_by_one"
    assert refused.value.translation_placeholders == {
        "where": one.title,
        "refusal": says,
    }
    assert ordered(kitchen, barn) == [[], []]
    assert not kitchen.runtime_data.engine.ledger.closed


async def test_if_one_station_is_no_feeder_none_is_fed(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp
) -> None:
    orchard = await set_up(**ORCHARD)
    devices = [device_of(hass, kitchen), device_of(hass, orchard)]
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "feed", portions=1, device_id=devices)
    assert refused.value.translation_key == "refused_by_one"
    assert str(refused.value).startswith(f"{orchard.title}: ")
    assert ordered(kitchen, orchard) == [[], []]

    area = in_area(hass, "Ground", *devices)
    await act(hass, "feed", portions=1, area_id=area)
    assert [len(commands) for commands in ordered(kitchen, orchard)] == [1, 0]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[MockConfigEntry], None]:
    """Have the files of one station fail, after those of the others were written."""
    write = StationStore.async_commit

    def fail(entry: MockConfigEntry) -> None:
        others_are = asyncio.Event()

        async def commit(store: StationStore, snapshot: Any) -> None:
            if store is entry.runtime_data.store:
                await others_are.wait()
                raise CommitError("disk full")
            await write(store, snapshot)
            others_are.set()

        monkeypatch.setattr(StationStore, "async_commit", commit)

    return fail


async def test_what_one_station_cannot_store_is_sent_by_none(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    nodes: Nodes,
    fails: Callable[[MockConfigEntry], None],
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    fails(barn)
    target = target_of(hass, "devices", kitchen, barn)
    with pytest.raises(NotStoredError) as failed:
        await act(hass, "feed", portions=1, **target)
    await settled(hass, kitchen.runtime_data)

    assert str(failed.value).startswith(f"{barn.title}: This could not be stored")
    assert nodes.sent("1") == []
    assert ordered(kitchen, barn) == [[], []]
    assert [*kitchen.runtime_data.engine.ledger.open.together] == []
    assert became_of(kitchen) == ["action", "not_sent"]


def became_of(entry: MockConfigEntry) -> list[str]:
    """Return why the one command of a station came into each of its states."""
    (command,) = entry.runtime_data.engine.ledger.closed.values()
    return [str(entry.cause) for entry in command.timeline]


@pytest.fixture
def hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[MockConfigEntry], asyncio.Event]]:
    """Have the files of one station be written only when it is told."""
    write, goes_on = StationStore.async_commit, asyncio.Event()

    def hang(entry: MockConfigEntry) -> asyncio.Event:
        async def commit(store: StationStore, snapshot: Any) -> None:
            if store is entry.runtime_data.store:
                await goes_on.wait()
            await write(store, snapshot)

        monkeypatch.setattr(StationStore, "async_commit", commit)
        return goes_on

    yield hang
    goes_on.set()


async def test_a_disk_that_hangs_does_not_keep_other_stations_for_ever(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    hangs: Callable[[MockConfigEntry], asyncio.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(together, "STORED_WITHIN", 0.05)
    goes_on = hangs(barn)
    target = target_of(hass, "devices", kitchen, barn)
    with pytest.raises(NotStoredError) as failed:
        await act(hass, "feed", portions=1, **target)
    assert str(failed.value).startswith(f"{barn.title}: ")

    goes_on.set()
    await settled(hass, kitchen.runtime_data)
    await settled(hass, barn.runtime_data)
    assert ordered(kitchen, barn) == [[], []]
    assert became_of(kitchen) == became_of(barn) == ["action", "not_sent"]


async def test_a_station_that_is_reloaded_meanwhile_does_not_go_on_alone(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    hangs: Callable[[MockConfigEntry], asyncio.Event],
) -> None:
    goes_on = hangs(barn)
    target = target_of(hass, "devices", kitchen, barn)
    feeding = hass.async_create_task(act(hass, "feed", portions=1, **target))
    async with asyncio.timeout(10):
        await asyncio.sleep(0)
        assert kitchen.runtime_data.engine.ledger.open
        await kitchen.runtime_data.async_stored()
        await hass.config_entries.async_reload(kitchen.entry_id)
        goes_on.set()
        with pytest.raises(NotStoredError) as failed:
            await feeding
    await settled(hass, kitchen.runtime_data)
    await settled(hass, barn.runtime_data)

    assert str(failed.value).startswith(f"{kitchen.title}: ")
    assert ordered(kitchen, barn) == [[], []]
    assert became_of(kitchen) == became_of(barn) == ["action", "not_sent"]


async def test_who_fails_withdraws_nothing_that_another_ordered_by_the_same_key(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    hangs: Callable[[MockConfigEntry], asyncio.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(together, "STORED_WITHIN", 0.05)
    device_id = device_of(hass, kitchen)
    await act(hass, "feed", device_id=device_id, portions=1, idempotency_key="one")
    hangs(barn)
    target = target_of(hass, "devices", kitchen, barn)
    with pytest.raises(NotStoredError):
        await act(hass, "feed", portions=1, idempotency_key="one", **target)

    assert [len(commands) for commands in ordered(kitchen, barn)] == [1, 0]


async def test_a_pause_that_one_station_cannot_store_is_none_anywhere(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    fails: Callable[[MockConfigEntry], None],
) -> None:
    target = target_of(hass, "devices", kitchen, barn)
    fails(barn)
    with pytest.raises(NotStoredError) as failed:
        await act(hass, "pause", **target)

    assert str(failed.value).startswith(f"{barn.title}: ")
    assert kitchen.runtime_data.engine.ledger.dispatching
    assert barn.runtime_data.engine.ledger.dispatching


@pytest.mark.parametrize("how", [{}, {"for": 600}, {"until": "18:00"}], ids=str)
async def test_a_pause_that_one_station_cannot_end_goes_on_where_it_was(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    barn: MockConfigEntry,
    fails: Callable[[MockConfigEntry], None],
    how: dict[str, Any],
) -> None:
    ledger = kitchen.runtime_data.engine.ledger
    target = target_of(hass, "devices", kitchen, barn)
    await act(hass, "pause", reason="Guests", **how, **target)
    before = ledger.pause
    fails(barn)
    with pytest.raises(NotStoredError):
        await act(hass, "resume", **target)

    assert ledger.pause.reason == before.reason == "Guests"
    assert ledger.pause.until == pytest.approx(before.until, abs=1.0)


async def test_who_may_not_feed_one_of_them_feeds_none(
    hass: HomeAssistant, kitchen: MockConfigEntry, barn: MockConfigEntry
) -> None:
    own = [
        entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), kitchen.entry_id
        )
    ]
    allowed = {"control": True, "read": True}
    user = await a_user_for(hass, {"entity_ids": dict.fromkeys(own, allowed)})
    target = target_of(hass, "devices", kitchen, barn)
    for action in ("feed", "cancel_all", "pause", "resume"):
        fields: dict[str, Any] = {"portions": 1} if action == "feed" else {}
        with pytest.raises(Unauthorized):
            await act(hass, action, as_user(user), **fields, **target)
    assert ordered(kitchen, barn) == [[], []]
    assert kitchen.runtime_data.engine.ledger.dispatching


# ---- what means nothing


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({}, "no_target"),
        ({"device_id": []}, "no_target"),
        ({"device_id": "none"}, "no_target"),
        ({"area_id": "attic"}, "unknown_target"),
        ({"floor_id": "attic"}, "unknown_target"),
        ({"label_id": "attic"}, "unknown_target"),
        ({"device_id": "attic"}, "unknown_device"),
        ({"entity_id": "light.attic"}, "not_a_station"),
        ({"entity_id": ["button.kitchen_feed", "light.attic"]}, "not_a_station"),
    ],
)
@pytest.mark.parametrize("action", ["feed", "cancel_all", "pause", "resume", "reboot"])
async def test_what_is_nothing_of_ours_is_refused(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    target: dict[str, Any],
    key: str,
    action: str,
) -> None:
    fields: dict[str, Any] = {"portions": 1} if action == "feed" else {}
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, action, **fields, **target)

    assert refused.value.translation_key == key
    assert ordered(kitchen) == [[]]


async def test_an_area_in_which_nothing_of_ours_stands_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "feed", portions=1, area_id=in_area(hass, "Attic"))
    assert refused.value.translation_key == "no_target"


async def test_a_station_of_an_area_that_is_not_loaded_is_not_passed_over(
    hass: HomeAssistant, kitchen: MockConfigEntry, barn: MockConfigEntry
) -> None:
    target = target_of(hass, "area", kitchen, barn)
    await hass.config_entries.async_unload(barn.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "feed", portions=1, **target)

    assert refused.value.translation_key == "station_not_loaded"
    assert ordered(kitchen) == [[]]


async def test_numbers_given_as_text_are_numbers(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    device_id = device_of(hass, kitchen)
    await act(
        hass, "feed", device_id=device_id, portions="2", hopper="3.0", expires_in="60"
    )
    (command,) = ordered(kitchen)[0]
    assert (command.params["portions"], command.params["hopper"]) == (2, 3)
    assert command.expires_at == command.created_at + 60
    for value in ("two", "2.5", "0x2", "", "1e1", "nan"):
        with pytest.raises(ServiceValidationError):
            await act(hass, "feed", device_id=device_id, portions=value)
