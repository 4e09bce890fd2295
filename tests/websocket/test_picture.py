"""What a picture shows of a station."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import CONF_FIELDS
from custom_components.mqtt_dispatch.station import nodes_of
from custom_components.mqtt_dispatch.websocket.commands_shown import MOST_SHOWN

from ..calls import Act, actions_of, all_ready, device_of
from ..conftest import ANY_NUMBER_OF_FEEDS, Disk, SetUp
from ..nodes import Nodes, pass_time, settled
from ..others import GARDEN, MAC, ORCHARD, PETS, Camera, Hub
from .looking import Looker

pytestmark = pytest.mark.usefixtures("freezer")


async def test_a_station_shows_its_state(
    looker: Looker, device_id: str, nodes: Nodes
) -> None:
    await nodes.say("state", "1", {"online": 0})
    await looker.looks_at(device_id)

    station = looker.seen["station"]
    assert station["status"] == "offline"
    assert station["ready"] is False
    assert station["connected"] is True
    assert station["storage_ok"] is True
    assert station["pause"] is None
    assert station["plan_pause"] is None
    assert station["time_zone"] == "US/Pacific"
    assert station["entities"]["portions"] == "number.kitchen_portions"
    assert looker.seen["valves"] == looker.seen["cameras"] == []


async def test_a_pause_is_told_in_words(
    looker: Looker, device_id: str, act: Act
) -> None:
    await act("pause", until="18:00", reason="Vet")
    await act("pause", what="plan")
    await looker.looks_at(device_id)

    station = looker.seen["station"]
    assert station["pause"]["in_words"] == "Paused until 2026-05-28 18:00: Vet"
    assert station["pause"]["reason"] == "Vet"
    assert station["pause"]["until"] > 0
    assert station["plan_pause"] == {
        "until": None,
        "reason": None,
        "in_words": "The plan is paused",
    }


async def test_a_full_disk_is_told(
    looker: Looker,
    device_id: str,
    act: Act,
    disk_full: Disk,
) -> None:
    disk_full(True)
    with pytest.raises(Exception, match="could not be stored"):
        await act("feed", portions=1)
    await looker.looks_at(device_id)

    assert looker.seen["station"]["storage_ok"] is False
    assert looker.seen["station"]["status"] == "storage_error"


async def test_nodes_say_why_they_are_not_ready(
    hass: HomeAssistant,
    looker: Looker,
    kitchen: MockConfigEntry,
    device_id: str,
    nodes: Nodes,
) -> None:
    await nodes.say("state", "1", {"online": 1, "ready": 0})
    await looker.looks_at(device_id)

    first, second = looker.seen["nodes"]
    assert first["title"] == "Node 1"
    assert first["device_id"] == device_of(hass, kitchen, "1")
    assert (first["ready"], first["online"], first["presence"]) == (False, True, "here")
    assert first["why_in_words"] == "Node 1: not ready"
    assert first["entities"]["ready"] == "binary_sensor.kitchen_node_1_ready"
    assert second["last_seen"] is None
    assert second["why_in_words"] == "Node 2: not heard yet"


async def test_what_can_be_fed_is_told(
    hass: HomeAssistant, looker: Looker, set_up: SetUp
) -> None:
    await set_up(**PETS)
    heavy = await set_up(title="Barn", prefix="barn", options={"portion_grams": 12.5})
    await looker.looks_at(device_of(hass, heavy))

    assert looker.seen["feeding"] == {
        "whole_station": True,
        "minimum": 1,
        "maximum": 50,
        "chosen": 1,
        "grams": 12.5,
    }


async def test_of_feeders_by_themselves_each_is_fed(
    hass: HomeAssistant, looker: Looker, set_up: SetUp
) -> None:
    pets = await set_up(**PETS)
    await looker.looks_at(device_of(hass, pets))

    assert looker.seen["feeding"]["whole_station"] is False
    assert looker.seen["feeding"]["chosen"] == 1


@pytest.mark.parametrize("feeders", [1, 0])
async def test_of_several_kinds_of_nodes_those_that_feed_are_fed(
    hass: HomeAssistant, looker: Looker, set_up: SetUp, feeders: int
) -> None:
    models = ["aqara_feeder"] * feeders + ["neo_valve"]
    yard = await set_up(
        title="Yard",
        protocol="zigbee2mqtt",
        prefix="zigbee2mqtt",
        nodes={model: {CONF_FIELDS: {"model": model}} for model in models},
    )
    await looker.looks_at(device_of(hass, yard))

    assert (looker.seen["feeding"] is not None) is bool(feeders)
    told = [(node["node"], node["feeds"]) for node in looker.seen["nodes"]]
    assert told == [(model, model == "aqara_feeder") for model in models]


async def test_what_waits_says_for_what_and_what_may_be_done(
    looker: Looker, device_id: str, act: Act, nodes: Nodes
) -> None:
    await nodes.ready("1")
    await act("feed", portions=2, idempotency_key="mine")
    await looker.looks_at(device_id)

    (command,) = looker.seen["commands"]["open"]
    assert looker.seen["commands"]["more"] == 0
    assert command["kind_in_words"] == "Feed"
    assert command["in_words"].startswith("Feed: 2 portions (#1)")
    assert command["state"] == "queued"
    assert command["idempotency_key"] == "mine"
    assert "Node 2: not heard yet" in command["waits_in_words"]
    assert command["waits_for"][-1]["why"] == "never_heard"
    assert command["may"] == ["cancel"]
    assert [node["in_words"] for node in command["nodes"]] == [
        "Node 1: not sent yet.",
        "Node 2: not sent yet.",
    ]


async def test_what_is_under_way_tells_its_step_and_stands_first(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    act, coordinator = actions_of(hass, kitchen), kitchen.runtime_data
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await act("feed", portions=2)
    await settled(hass, coordinator)
    await nodes.accept(1, "2")
    await looker.looks_at()

    first, second = looker.seen["commands"]["open"]
    assert (first["id"], first["state"], first["may"]) == (1, "sent", [])
    assert first["waits_in_words"] is None
    one, two = first["nodes"]
    assert (one["state"], one["attempts"]) == ("sent", 1)
    assert two["state"] == "accepted"
    assert "is working" in two["in_words"]
    assert second["may"] == ["cancel"]
    assert second["waits_in_words"] == "Behind #1"


async def test_of_a_long_queue_the_rest_is_counted(
    hass: HomeAssistant, looker: Looker, set_up: SetUp
) -> None:
    barn = await set_up(title="Barn", prefix="barn", options=ANY_NUMBER_OF_FEEDS)
    act = actions_of(hass, barn)
    for _ in range(MOST_SHOWN + 2):
        await act("feed", portions=1)
    await looker.looks_at(device_of(hass, barn))

    commands = looker.seen["commands"]
    assert len(commands["open"]) == MOST_SHOWN
    assert commands["more"] == 2


async def test_a_doubt_comes_with_its_evidence_and_the_three_answers(
    looker: Looker, in_doubt: int
) -> None:
    await looker.looks_at()

    (doubt,) = looker.seen["doubts"]
    assert doubt["command_id"] == in_doubt
    assert doubt["in_words"].startswith("Feed: 2 portions")
    assert [line.partition(":")[0] for line in doubt["evidence"]] == [
        "Node 1",
        "Node 2",
    ]
    assert doubt["answers"] == ["succeeded", "failed", "resend"]
    (command,) = looker.seen["commands"]["open"]
    assert command["may"] == ["resolve"]


async def test_a_doubt_about_a_removed_node_cannot_be_sent_again(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, in_doubt: int
) -> None:
    for subentry_id in nodes_of(kitchen).values():
        hass.config_entries.async_remove_subentry(kitchen, subentry_id)
    await hass.async_block_till_done()
    await looker.looks_at()

    (doubt,) = looker.seen["doubts"]
    assert doubt["answers"] == ["succeeded", "failed"]


async def test_a_doubt_of_an_overdue_meal_and_of_silence_says_so(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    nodes: Nodes,
) -> None:
    act, coordinator = actions_of(hass, kitchen), kitchen.runtime_data
    await act("schedule", name="Tea", time="14:01", portions=1, deadline=1)
    for step in (61, 11, 61, 600):
        await all_ready(hass, freezer, nodes)
        await pass_time(hass, freezer, step)
        await settled(hass, coordinator)
    await act("feed", portions=1)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 11)
    await all_ready(hass, freezer, nodes)
    await looker.looks_at()

    meal, _ = looker.seen["doubts"]
    assert meal["evidence"][0] == "It was expected by 14:02."
    assert "nothing ever comes back" in meal["evidence"][-1]
    assert looker.seen["station"]["overdue"][0].startswith("Tea, expected by 14:02:")


@pytest.fixture
async def orchard(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> MockConfigEntry:
    """A hub that has told of its nodes."""
    entry = await set_up(**ORCHARD)
    await Hub(hass, mqtt_mock).list_nodes()
    return entry


async def test_valves_are_told_by_what_stands_beside_them(
    hass: HomeAssistant, looker: Looker, orchard: MockConfigEntry
) -> None:
    await looker.looks_at(device_of(hass, orchard))

    valve, _ = looker.seen["valves"]
    assert valve["node"] == "1"
    assert valve["valve"].startswith("valve.orchard_apples")
    assert valve["closes_at"].startswith("sensor.orchard_apples")
    assert valve["run_time"].startswith("number.orchard_apples")
    assert looker.seen["feeding"] is None


async def test_a_valve_whose_entity_is_gone_is_not_told(
    hass: HomeAssistant,
    entity_registry: Any,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    orchard: MockConfigEntry,
) -> None:
    await looker.looks_at(device_of(hass, orchard))
    before = len(looker.seen["valves"])

    entity_registry.async_remove(looker.seen["valves"][0]["valve"])
    await hass.async_block_till_done()

    assert len((await looker.after(freezer))["valves"]) == before - 1


async def test_cameras_are_told_with_their_next_waking(
    hass: HomeAssistant, looker: Looker, set_up: SetUp, mqtt_mock: Any
) -> None:
    garden = await set_up(**GARDEN)
    await Camera(hass, mqtt_mock).tell_all()
    await looker.looks_at(device_of(hass, garden))

    (camera,) = looker.seen["cameras"]
    assert camera == {
        "node": MAC,
        "image": "image.garden_pond_image",
        "next_wake": "sensor.garden_pond_next_wake",
        "capture": "button.garden_pond_capture_image",
    }


async def test_nodes_of_a_profile_say_what_they_are_and_cannot_prove(
    set_up: SetUp, looker: Looker
) -> None:
    await set_up(
        title="Garden",
        protocol="zigbee2mqtt",
        prefix="zigbee2mqtt",
        nodes={"tap": {CONF_FIELDS: {"model": "neo_valve"}}, "new": {}},
    )
    await looker.looks_at()

    tap, new = looker.seen["nodes"]

    assert tap["model"] == "Sprinkler timer that opens with a countdown (NEO, Nous L14)"
    assert [each.split(",")[0] for each in tap["not_provable"]] == [
        "That water ran.",
        "That it closed",
    ]
    assert (new["model"], new["not_provable"]) == (None, [])
