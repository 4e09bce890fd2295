"""Automations begin with our own triggers, where the core takes them."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Outcome
from custom_components.mqtt_dispatch.engine.model.events import Cancel, Resolve

from ..calls import Act, all_ready, device_of, feed_in_doubt
from ..conftest import SetUp
from ..nodes import Nodes, pass_time, settled
from ..others import PETS, Feeder
from .running import TAKES_TRIGGERS, automate

pytestmark = pytest.mark.skipif(
    not TAKES_TRIGGERS, reason="this core takes no triggers of integrations"
)


def begins(
    name: str, device_id: str | list[str], **options: Any
) -> list[dict[str, Any]]:
    """Return the trigger of an automation that is about devices."""
    trigger: dict[str, Any] = {
        "trigger": f"mqtt_dispatch.{name}",
        "target": {"device_id": device_id},
    }
    return [trigger | ({"options": options} if options else {})]


@pytest.fixture
def station(hass: HomeAssistant, kitchen: MockConfigEntry) -> str:
    """The device of the station."""
    return device_of(hass, kitchen)


async def test_a_doubt_is_told_with_what_is_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    station: str,
) -> None:
    ran = await automate(hass, triggers=begins("command_unconfirmed", station))
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    await hass.async_block_till_done()

    (told,) = ran
    assert told["command_id"] == command_id
    assert told["state"] == "unconfirmed"
    assert told["cause"] == "accept_timeout"
    assert told["station"] == "Kitchen"
    assert told["device_id"] == station
    assert told["text"] == f"Feed: 2 portions (#{command_id}), ordered at 14:00:01"


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ({}, True),
        ({"kind": ["reboot", "feed"]}, True),
        ({"kind": "reboot"}, False),
    ],
)
async def test_only_doubts_of_the_kinds_that_are_named_are_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    station: str,
    *,
    options: dict[str, Any],
    runs: bool,
) -> None:
    made = begins("command_unconfirmed", station, **options)
    ran = await automate(hass, triggers=made)
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    await hass.async_block_till_done()
    assert len(ran) == runs


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ({}, True),
        ({"state": ["failed", "cancelled"]}, True),
        ({"state": "cancelled", "kind": "feed"}, True),
        ({"state": ["succeeded"]}, False),
        ({"state": ["cancelled"], "kind": ["reboot"]}, False),
    ],
)
async def test_an_end_is_told_as_far_as_it_is_one_that_is_named(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    act: Act,
    station: str,
    *,
    options: dict[str, Any],
    runs: bool,
) -> None:
    ran = await automate(hass, triggers=begins("command_ended", station, **options))
    command_id = (await act("feed", portions=1))["command_id"]
    await settled(hass, coordinator)
    assert ran == []
    coordinator.handle(Cancel(command_id, "Anna"))
    await settled(hass, coordinator)
    await hass.async_block_till_done()

    assert [(one["state"], one["decided_by"]) for one in ran] == [
        ("cancelled", "Anna")
    ] * runs


async def test_a_state_in_which_nothing_ends_is_none_to_ask_for(
    hass: HomeAssistant, station: str
) -> None:
    made = begins("command_ended", station, state=["queued"])
    await automate(hass, triggers=made, state="unavailable")


async def test_a_meal_that_was_fed_is_told_and_a_feed_by_hand_is_none(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    station: str,
) -> None:
    ran = await automate(
        hass,
        triggers=[*begins("meal_fed", station), *begins("meal_missed", station)],
    )
    await act("schedule", name="Tea", time="14:01", portions=2)
    by_hand = (await act("feed", portions=1))["command_id"]
    coordinator.handle(Cancel(by_hand))
    await pass_time(hass, freezer, 58)
    await all_ready(hass, freezer, nodes)
    await pass_time(hass, freezer, 5)
    await settled(hass, coordinator)
    (meal,) = (one for one in coordinator.engine.ledger.open.values())
    await nodes.accept(meal.id)
    await nodes.done(meal.id)
    await settled(hass, coordinator)
    await hass.async_block_till_done()

    (told,) = ran
    assert told["meal"] == "Tea"
    assert told["planned"] == "2026-05-28T14:01:00"
    assert told["state"] == "succeeded"
    assert told["command_id"] == meal.id


async def test_a_meal_that_could_not_be_fed_is_told_but_none_that_a_person_cancels(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    station: str,
) -> None:
    ran = await automate(
        hass,
        triggers=[*begins("meal_fed", station), *begins("meal_missed", station)],
    )
    await act("schedule", name="Tea", time="14:01", portions=1)
    await act("schedule", name="Cake", time="14:02", portions=1)
    await pass_time(hass, freezer, 121)
    await settled(hass, coordinator)
    tea, cake = sorted(coordinator.engine.ledger.open)
    coordinator.handle(Cancel(cake, "Anna"))
    await settled(hass, coordinator)
    assert ran == []
    await pass_time(hass, freezer, 3600)
    await settled(hass, coordinator)
    await hass.async_block_till_done()

    assert [(one["meal"], one["state"], one["cause"]) for one in ran] == [
        ("Tea", "expired", "out_of_time")
    ]
    assert ran[0]["command_id"] == tea


async def test_a_meal_in_doubt_that_a_person_denies_was_not_fed(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    station: str,
) -> None:
    ran = await automate(hass, triggers=begins("meal_missed", station))
    await act("schedule", name="Tea", time="14:01", portions=1)
    await pass_time(hass, freezer, 61)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)
    (meal,) = coordinator.data.unconfirmed
    assert ran == []
    coordinator.handle(Resolve(meal, Outcome.FAILED, "Anna"))
    await settled(hass, coordinator)
    await hass.async_block_till_done()
    assert [(one["state"], one["decided_by"]) for one in ran] == [("failed", "Anna")]


async def test_a_meal_that_a_feeder_gives_by_itself_is_told_of_that_feeder(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    await feeder.tell_all()
    (node,) = entry.runtime_data.data.nodes
    ran = await automate(
        hass,
        triggers=[
            *begins("meal_missed", device_of(hass, entry, node)),
            *begins("meal_fed", device_of(hass, entry)),
        ],
    )
    await hass.services.async_call(
        "mqtt_dispatch",
        "schedule",
        {
            "device_id": device_of(hass, entry),
            "name": "Tea",
            "time": "14:01",
            "portions": 1,
        },
        blocking=True,
    )
    await pass_time(hass, freezer, 3600)
    await settled(hass, entry.runtime_data)
    await hass.async_block_till_done()
    assert [(one["meal"], one["state"], one["cause"]) for one in ran] == [
        ("Tea", "expired", "missed")
    ]


async def test_a_node_that_is_not_ready_for_long_is_told_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    nodes: Nodes,
    kitchen: MockConfigEntry,
) -> None:
    node = device_of(hass, kitchen, "1")
    made = begins("node_not_ready_for", node, **{"for": {"minutes": 5}})
    ran = await automate(hass, triggers=made)

    async def both_say_so(minutes: int) -> None:
        for _ in range(minutes * 12):
            await nodes.ready()
            await pass_time(hass, freezer, 5)

    await both_say_so(1)
    await pass_time(hass, freezer, 200)
    await both_say_so(1)
    assert ran == [], "it was ready in between"
    await pass_time(hass, freezer, 60)
    await pass_time(hass, freezer, 260)
    await pass_time(hass, freezer, 600)
    (told,) = ran
    assert told["node"] == 1
    assert told["reason"] == "silent"
    assert told["text"].startswith("Node 1: last seen")
    await both_say_so(1)
    await pass_time(hass, freezer, 60)
    await pass_time(hass, freezer, 300)
    assert len(ran) == 2


async def test_a_node_that_was_never_heard_is_not_ready(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: str
) -> None:
    made = begins("node_not_ready_for", station)
    ran = await automate(hass, triggers=made)
    await pass_time(hass, freezer, 599)
    assert ran == []
    await pass_time(hass, freezer, 2)
    assert sorted(one["node"] for one in ran) == [1, 2]


async def test_it_goes_on_after_a_reload_and_for_a_station_that_comes_later(
    hass: HomeAssistant, set_up: SetUp, kitchen: MockConfigEntry, station: str
) -> None:
    area = ar.async_get(hass).async_create("Downstairs")
    made = begins("command_ended", station)
    made[0]["target"]["area_id"] = area.id
    ran = await automate(hass, triggers=made)
    assert await hass.config_entries.async_reload(kitchen.entry_id)
    garden = await set_up(title="Garden", prefix="garden")
    dr.async_get(hass).async_update_device(device_of(hass, garden), area_id=area.id)
    await hass.async_block_till_done()

    for entry in (kitchen, garden):
        coordinator = entry.runtime_data
        device_id = device_of(hass, entry)
        answer = await hass.services.async_call(
            "mqtt_dispatch",
            "feed",
            {"device_id": device_id, "portions": 1},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        coordinator.handle(Cancel(int(str(answer["command_id"]))))
        await settled(hass, coordinator)
    assert [one["station"] for one in ran] == ["Kitchen", "Garden"]


async def test_what_happens_at_another_station_or_after_it_is_switched_off_is_none(
    hass: HomeAssistant,
    set_up: SetUp,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    garden = await set_up(title="Garden", prefix="garden")
    made = begins("command_ended", device_of(hass, garden))
    ran = await automate(hass, triggers=made)
    coordinator.handle(Cancel((await act("feed", portions=1))["command_id"]))
    await settled(hass, coordinator)
    assert ran == []

    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.ours"}, blocking=True
    )
    answer = await hass.services.async_call(
        "mqtt_dispatch",
        "feed",
        {"device_id": device_of(hass, garden), "portions": 1},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    garden.runtime_data.handle(Cancel(int(str(answer["command_id"]))))
    await settled(hass, garden.runtime_data)
    assert ran == []


@pytest.mark.parametrize(
    "name",
    [
        "command_unconfirmed",
        "command_ended",
        "meal_fed",
        "meal_missed",
        "node_not_ready_for",
    ],
)
async def test_each_needs_a_target(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str
) -> None:
    made = [{"trigger": f"mqtt_dispatch.{name}"}]
    await automate(hass, triggers=made, state="unavailable")
