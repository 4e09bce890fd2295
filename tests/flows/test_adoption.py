"""Nodes that call in are offered with what they told, and welcomed once."""

from __future__ import annotations

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)

from custom_components.mqtt_dispatch.engine.model.command import Cause, Command
from custom_components.mqtt_dispatch.station import nodes_of
from custom_components.mqtt_dispatch.storage.store import StationStore

from ..calls import actions_of
from ..conftest import SetUp
from ..forms import changed_node, new_node, offers, only_offer
from ..nodes import settled
from ..others import (
    FEEDER,
    GARDEN,
    GATEWAY,
    GLASSHOUSE,
    HARDWARE_ID,
    MAC,
    ORCHARD,
    PETS,
    SECRET,
    Camera,
    Feeder,
    Greenhouse,
    Hub,
    Station,
)

PLACE = {"greenhouse": "gh-1", "zone": "zn-2", "uid": "nd-ph-1"}


def without_nodes(station: Station) -> Station:
    return station | {"nodes": {}}


def kept(entry: MockConfigEntry, node: str) -> dict[str, Any]:
    """Return what is kept of a node."""
    return dict(entry.subentries[nodes_of(entry)[node]].data)


def welcomes(entry: MockConfigEntry) -> list[Command]:
    """Return the commands with which nodes were welcomed."""
    ledger = entry.runtime_data.engine.ledger
    return [
        command
        for command in (*ledger.closed.values(), *ledger.open.values())
        if command.timeline[0].cause is Cause.WELCOME
    ]


async def test_a_camera_is_adopted_with_what_a_person_says_and_welcomed_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(**without_nodes(GARDEN))
    camera = Camera(hass, mqtt_mock)
    await camera.hello()
    await camera.hello()
    await camera.publish(f"ESP32CAM/{MAC.lower()}/status", {"status": "alive"})
    (offer,) = offers(hass)
    assert offer["context"]["title_placeholders"] == {"name": f"Garden: Node {MAC}"}
    flow = await only_offer(hass).look()
    assert flow.suggested == {"name": f"Node {MAC}", "fahrenheit": False}

    for wrong, errors in (
        ({"cron": "hourly"}, {"cron": "invalid_cron"}),
        ({"cron": "61 * * * *"}, {"cron": "no_next_time"}),
        ({"firmware_url": "ftp://a"}, {"firmware_url": "invalid_url"}),
        (
            {"firmware_version": "ä", "name": " "},
            {"firmware_version": "invalid_text", "name": "invalid_name"},
        ),
    ):
        await flow.answer(**{"name": "Pond", **wrong})
        assert flow.errors == errors
        assert wrong.items() <= flow.suggested.items(), "what was typed is lost"
    await flow.answer(name="Pond", cron="0 7 * * *", fahrenheit=True)
    assert flow.aborted == "node_added"
    await settled(hass, entry.runtime_data)

    data = kept(entry, MAC)
    assert data["fields"] == {"cron": "0 7 * * *", "fahrenheit": True}
    (welcome,) = welcomes(entry)
    assert (welcome.kind, welcome.params) == (
        "set_wake_schedule",
        {"cron": "0 7 * * *"},
    )
    assert kept(entry, MAC)["welcome"] is None

    await hass.config_entries.async_reload(entry.entry_id)
    await settled(hass, entry.runtime_data)
    assert len(welcomes(entry)) == 1
    await camera.hello()
    await settled(hass, entry.runtime_data)
    assert camera.sent() == [{"next_wake": "2:00PM"}]
    assert offers(hass) == []


async def test_a_hello_right_after_the_adoption_is_not_taken_for_that_of_a_stranger(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await set_up(**without_nodes(GARDEN))
    camera = Camera(hass, mqtt_mock)
    await camera.hello()
    unload = hass.config_entries.async_unload_platforms

    async def slowly(*given: Any) -> bool:
        topic = f"device/{camera.spelled}/status"
        async_fire_mqtt_message(hass, topic, '{"status": "alive"}')
        return await unload(*given)

    monkeypatch.setattr(hass.config_entries, "async_unload_platforms", slowly)
    await only_offer(hass).answer(name="Pond", cron="0 7 * * *")
    await settled(hass, entry.runtime_data)

    assert [list(told) for told in camera.sent()] == [["capture_image"]]
    (welcome,) = welcomes(entry)
    assert not welcome.state.final, "it goes out on this waking, after the image"


async def test_a_node_that_was_removed_is_offered_and_welcomed_anew(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**without_nodes(GARDEN))
    camera = Camera(hass, mqtt_mock)
    for adoption in (1, 2):
        await camera.hello()
        await only_offer(hass).answer(name="Pond", cron="0 7 * * *")
        await settled(hass, entry.runtime_data)
        assert len(welcomes(entry)) == adoption
        if adoption == 1:
            hass.config_entries.async_remove_subentry(entry, nodes_of(entry)[MAC])
            await settled(hass, entry.runtime_data)


async def test_a_camera_that_several_stations_hear_is_adopted_by_one(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    garden = await set_up(**without_nodes(GARDEN))
    yard = await set_up(**without_nodes(GARDEN) | {"title": "Yard", "prefix": "yard"})
    camera = Camera(hass, mqtt_mock)
    topic = f"ESP32CAM/{MAC}/status"
    await camera.publish(topic, {"status": "alive"})
    assert sorted(offer["context"]["unique_id"] for offer in offers(hass)) == [
        f"device/+/{MAC}",
        f"yard/+/{MAC}",
    ]

    (offer,) = (each for each in offers(hass) if "yard" in each["context"]["unique_id"])
    await only_offer(hass, offer).answer(name="Pond")
    await settled(hass, yard.runtime_data)
    assert offers(hass) == [], "it was adopted elsewhere"
    assert (list(nodes_of(garden)), list(nodes_of(yard))) == ([], [MAC])
    await camera.publish(topic, {"status": "alive"})
    assert offers(hass) == []


async def test_a_hello_while_its_station_is_being_set_up_is_not_lost(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = StationStore.async_load

    async def slowly(self: StationStore) -> Any:
        hello = {"hardware_id": HARDWARE_ID, "node_type": "ph", "capabilities": ["ph"]}
        async_fire_mqtt_message(hass, "hydro/node_hello", json.dumps(hello))
        await hass.async_block_till_done()
        return await load(self)

    monkeypatch.setattr(StationStore, "async_load", slowly)
    await set_up(**without_nodes(GLASSHOUSE))

    (offer,) = offers(hass)
    assert offer["context"]["unique_id"] == f"hydro/+/{HARDWARE_ID}"


async def test_what_a_node_says_before_it_is_adopted_is_counted_and_no_complaint(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await set_up(**without_nodes(GLASSHOUSE))
    node = Greenhouse(hass, mqtt_mock)
    await node.publish(f"{node.temporary}/config_report", {"type": "ph_node"})
    assert entry.runtime_data.malformed.totals == {"not adopted": 1}
    assert "not understood" not in caplog.text

    await node.publish("hydro/node_hello", {"capabilities": ["ph"]})
    assert "not understood: 1, the latest on hydro/node_hello" in caplog.text


async def test_a_greenhouse_node_gets_its_place_and_a_secret_that_is_never_shown(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**without_nodes(GLASSHOUSE))
    node = Greenhouse(hass, mqtt_mock)
    await node.hello(HARDWARE_ID.upper())
    await node.hello(provisioning_meta={"greenhouse": "gh-9"})
    flow = await only_offer(hass).look()
    suggested = flow.suggested
    assert len(suggested["secret"]) >= 32
    assert suggested["type"] == "ph"
    assert "channels" not in suggested, "it reports them itself"
    assert not {"greenhouse", "zone", "uid"} & set(suggested), "a node does not know it"

    for wrong, error in (
        ({"secret": "too-short"}, {"secret": "invalid_text"}),
        ({"zone": "a/b"}, {"zone": "invalid_text"}),
        ({"channels": {"name": "x"}}, {"channels": "invalid_list"}),
        ({"channels": ["x"]}, {"channels": "invalid_object"}),
        ({"channels": [{"name": "x"}]}, {"channels": "missing_field"}),
        (
            {"channels": [{"name": "x", "type": "SENSOR", "colour": 1}]},
            {"channels": "unknown_field"},
        ),
        (
            {"channels": [{"name": "x", "type": "ROBOT"}]},
            {"channels": "invalid_choice"},
        ),
    ):
        await flow.answer(name="Nutrients", **{**PLACE, **wrong})
        assert flow.errors == error
    await flow.answer(name="Nutrients", **PLACE, secret=SECRET, type="ph")
    await settled(hass, entry.runtime_data)
    await node.hello()
    await settled(hass, entry.runtime_data)
    (config,) = node.published(f"{node.temporary}/config")
    assert json.loads(config)["node_secret"] == SECRET
    await node.say("config_report", {"node_id": "nd-ph-1"})
    await settled(hass, entry.runtime_data)

    change = await changed_node(hass, entry, HARDWARE_ID)
    assert change.suggested == {"name": "Nutrients", **PLACE, "type": "ph"}
    await change.answer(name="Tank", **PLACE, type="ph")
    assert change.aborted == "reconfigure_successful"
    await settled(hass, entry.runtime_data)
    assert kept(entry, HARDWARE_ID)["fields"]["secret"] == SECRET
    assert len(welcomes(entry)) == 1, "a new name is nothing to the node"

    change = await changed_node(hass, entry, HARDWARE_ID)
    await change.answer(name="Tank", **{**PLACE, "zone": "b c"}, type="ph")
    assert change.errors == {"zone": "invalid_text"}
    assert "secret" not in change.suggested
    await change.answer(name="Tank", **{**PLACE, "zone": "zn-3"}, type="ph")
    await node.say("heartbeat", {"uptime": 5})
    await settled(hass, entry.runtime_data)
    moved = json.loads(node.published(f"{node.home}/config")[-1])
    assert (moved["zone_uid"], moved["node_secret"]) == ("zn-3", SECRET)
    assert len(welcomes(entry)) == 2


async def test_no_two_nodes_of_a_greenhouse_are_given_one_address(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    await Greenhouse(hass, mqtt_mock).hello("esp32-other")
    flow = await only_offer(hass).look()
    await flow.answer(name="Other", **PLACE)
    assert flow.errors == {"uid": "place_taken"}

    added = await new_node(hass, entry)
    await added.answer(node="esp32-third", name="Third", **PLACE)
    assert added.errors == {"uid": "place_taken"}

    await flow.answer(name="Other", **{**PLACE, "uid": "nd-ph-2"})
    assert flow.aborted == "node_added"
    change = await changed_node(hass, entry, "esp32-other")
    await change.answer(name="Other", **PLACE)
    assert change.errors == {"uid": "place_taken"}
    await change.answer(name="Renamed", **{**PLACE, "uid": "nd-ph-2"})
    assert change.aborted == "reconfigure_successful", "it is where it was"


async def test_a_feeder_is_offered_with_its_gateway_in_one_spelling(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**without_nodes(PETS))
    feeder = Feeder(hass, mqtt_mock)
    await feeder.say("hb", FEEDER.upper())
    await feeder.say("hb")
    flow = await only_offer(hass).look()
    assert flow.suggested == {"name": f"Node {FEEDER}", "gateway": GATEWAY}

    await flow.answer(name="Cat", gateway=GATEWAY, firmware="two")
    assert flow.errors == {"firmware": "invalid_text"}
    await flow.answer(name="Cat", gateway=GATEWAY, firmware="2.7.1")
    await settled(hass, entry.runtime_data)
    assert kept(entry, FEEDER)["fields"] == {"gateway": GATEWAY, "firmware": "2.7.1"}
    assert list(nodes_of(entry)) == [FEEDER]


async def test_the_nodes_that_a_hub_lists_are_offered_by_what_they_are(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**without_nodes(ORCHARD))
    hub = Hub(hass, mqtt_mock)
    # Offered as soon as it is heard, before anybody tells what it is.
    await hub.say("HEARTBEAT 2 902 255 0 -70 3600")
    assert hub.published("valvehub/tx") == ["LIST_NODES\n"]
    await hub.list_nodes()
    await hub.say("NODE 3 903 1 0 99999 1.4.0 2")

    found = {
        offer["context"]["unique_id"]: (await only_offer(hass, offer).look()).suggested
        for offer in offers(hass)
    }
    assert found == {
        "valvehub/+/1": {"name": "Node 1", "slots": 8},
        "valvehub/+/2": {"name": "Node 2", "slots": 0},
    }


async def test_a_node_without_room_for_the_plan_of_all_is_not_adopted(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    orchard = await set_up(**without_nodes(ORCHARD))
    act = actions_of(hass, orchard)
    for time in ("06:00", "07:00"):
        await act("schedule", time=time, params={"valve": 0, "duration": 60})
    hub = Hub(hass, mqtt_mock)
    await hub.say("HEARTBEAT 2 902 255 0 -70 3600")
    await hub.list_nodes()
    offered = {offer["context"]["unique_id"]: offer for offer in offers(hass)}
    flow = only_offer(hass, offered["valvehub/+/1"])

    await flow.answer(name="Plums", slots=1)
    assert flow.errors == {"base": "plan_too_long"}
    await flow.answer(name="Plums", slots=8)
    assert list(nodes_of(orchard)) == ["1"]


@pytest.mark.parametrize(
    ("station", "wrong", "given", "node"),
    [
        (GARDEN, ("a b", "a.b"), "aa:bb:cc:dd:ee:00", "AABBCCDDEE00"),
        (ORCHARD, ("0", "65534", "left"), " 007 ", "7"),
        (GLASSHOUSE, ("a/b", "a b"), "ESP32-00", "esp32-00"),
        (PETS, ("a.b",), "C3D8-9", "c3d8-9"),
    ],
)
async def test_a_node_added_by_hand_is_spelled_in_one_way(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    station: Station,
    wrong: tuple[str, ...],
    given: str,
    node: str,
) -> None:
    entry = await set_up(**station)
    flow = await new_node(hass, entry)
    for text in wrong:
        await flow.answer(node=text, name="Other")
        assert flow.errors == {"node": "invalid_node"}
    for known in station["nodes"]:
        await flow.answer(node=known.lower(), name="Other")
        assert flow.errors == {"node": "node_used"}
    await flow.answer(node=given, name="Other")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    await settled(hass, entry.runtime_data)
    assert node in nodes_of(entry)
