"""Before a station is made or moved, Home Assistant listens under its prefix."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any
from unittest.mock import patch

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)

from custom_components.mqtt_dispatch.flows import listening

from ..conftest import SetUp, station_entry
from ..forms import Filled, new_node, new_station, reconfigured, stations
from ..others import FEEDER, GARDEN, GATEWAY, HARDWARE_ID, MAC, Camera

type Say = Callable[..., None]


@pytest.fixture
def meanwhile(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Returns what has messages come while somebody listens: topic and content."""
    coming: list[tuple[str, str, bool]] = []

    async def listen(seconds: float) -> None:
        assert seconds == 5
        for topic, payload, retain in coming:
            async_fire_mqtt_message(hass, topic, payload, retain=retain)

    def say(topic: str, content: Any, *, retain: bool = False) -> None:
        payload = content if isinstance(content, str) else json.dumps(content)
        coming.append((topic, payload, retain))

    monkeypatch.setattr(listening, "sleep", listen)
    return say


def heard(flow: Filled) -> tuple[str, str, str]:
    """Return which form says what was heard, and what it says."""
    words = flow.result["description_placeholders"]
    return (flow.result["step_id"], words["messages"], words["nodes"])


async def test_nodes_that_speak_are_offered(
    hass: HomeAssistant, station_form: Filled, meanwhile: Say
) -> None:
    meanwhile("disp/state/right", {"online": 1})
    meanwhile("disp/state/left", {"online": 1, "ready": 1})
    meanwhile("disp/state/left", {"online": 1, "ready": 1})
    meanwhile("disp/state/left", "nonsense")
    meanwhile("other/state/x", {"online": 1, "ready": 1})

    await station_form.answer(prefix="disp")
    assert heard(station_form) == ("heard", "4", "`left`, `right`")
    assert station_form.suggested == {"nodes": ["left", "right"]}

    await station_form.answer(nodes=["right", "left"])
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    assert [node.unique_id for node in entry.subentries.values()] == ["right", "left"]


async def test_who_hears_nothing_is_warned_and_may_go_on(
    hass: HomeAssistant, station_form: Filled, meanwhile: Say
) -> None:
    meanwhile("disp/state/1", "nonsense")
    meanwhile("disp/state/dead", {"online": 1, "ready": 1}, retain=True)

    await station_form.answer(prefix="disp")
    assert heard(station_form) == ("silent", "2", "")
    assert station_form.suggested == {"nodes": ["1", "2"]}
    await station_form.answer(nodes=["1", "2"])
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("protocol", "topic", "content", "node"),
    [
        (
            "esp32_cam",
            f"device/{Camera.spelled}/status",
            {"device_id": Camera.spelled, "status": "alive", "pendingImg": 0},
            MAC,
        ),
        ("valve_hub", "valvehub/rx", "HEARTBEAT 1 901 80 0 -70 3600 1\n", "1"),
        (
            "greenhouse",
            "hydro/node_hello",
            {
                "message_type": "node_hello",
                "hardware_id": HARDWARE_ID,
                "node_type": "ph",
                "fw_version": "3.0.1",
                "capabilities": ["ph"],
            },
            HARDWARE_ID,
        ),
        (
            "petnet",
            f"krs.tel.gts.{GATEWAY}",
            {"_|deviceHid": FEEDER, "s|msg_type": "sensor", "i|chg": 1},
            FEEDER,
        ),
    ],
)
async def test_nodes_of_each_protocol_are_known_by_what_they_say(
    hass: HomeAssistant,
    broker: Any,
    meanwhile: Say,
    *,
    protocol: str,
    topic: str,
    content: Any,
    node: str,
) -> None:
    meanwhile(topic, content)
    flow = await (await new_station(hass)).answer(name="Yard", protocol=protocol)
    await flow.answer(**flow.suggested)
    assert heard(flow) == ("heard", "1", f"`{node}`")
    assert flow.suggested == {"nodes": []}, "it says more when it is discovered"


@pytest.mark.parametrize(
    ("speaking", "offered"),
    [
        (["2"], ["1", "2"]),
        (["2", "1"], ["1", "2"]),
        (["2", "10", "1"], ["1", "2", "10"]),
        (
            ["feeder-b", "feeder-a10", "feeder-a9"],
            ["feeder-a9", "feeder-a10", "feeder-b"],
        ),
    ],
)
async def test_dispensers_are_offered_as_they_are_counted_and_none_is_left_out(
    station_form: Filled, meanwhile: Say, speaking: list[str], offered: list[str]
) -> None:
    for node in speaking:
        meanwhile(f"disp/state/{node}", {"online": 1, "ready": 1})
    await station_form.answer(prefix="disp")
    assert station_form.result["step_id"] == "heard"
    assert station_form.suggested == {"nodes": offered}


async def test_a_node_that_only_one_station_may_have_is_heard_and_taken_by_no_other(
    hass: HomeAssistant, set_up: SetUp, meanwhile: Say
) -> None:
    garden = await set_up(**GARDEN)
    hello = {"device_id": Camera.spelled, "status": "alive", "pendingImg": 0}
    other = "AA:BB:CC:DD:EE:00"
    meanwhile(f"ESP32CAM/{Camera.spelled}/status", hello)
    meanwhile(f"ESP32CAM/{other}/status", {**hello, "device_id": other})

    flow = await (await new_station(hass)).answer(name="Yard", protocol="esp32_cam")
    await flow.answer(prefix="yard")
    assert heard(flow) == ("heard", "0", "`AABBCCDDEE00`"), "it came under no prefix"
    await flow.answer(nodes=[Camera.spelled])
    assert flow.errors == {"nodes": "node_elsewhere"}
    await flow.answer(nodes=[other])
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY

    _, yard = stations(hass)
    form = await new_node(hass, yard)
    await form.answer(**{**form.suggested, "node": Camera.spelled})
    assert form.errors["node"] == "node_elsewhere"
    move = await reconfigured(hass, garden)
    await move.answer(name="Garden", prefix="pond")
    assert heard(move) == ("moved", "0", f"`{MAC}`"), "its own camera may be heard"


async def test_petnet_feeders_are_counted_by_their_prefix_alone(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    said = {"_|deviceHid": FEEDER, "s|msg_type": "sensor", "i|chg": 1}
    meanwhile("krs2.tel.gts.other", said)
    meanwhile("weather", "sunny")
    meanwhile(f"krs.tel.gts.{GATEWAY}", said)
    flow = await (await new_station(hass)).answer(name="Pets", protocol="petnet")
    await flow.answer(prefix="krs")
    assert heard(flow) == ("heard", "1", f"`{FEEDER}`")


async def test_a_flood_of_messages_and_names_is_bounded(
    hass: HomeAssistant,
    station_form: Filled,
    meanwhile: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "MOST_READ", 5)
    monkeypatch.setattr(listening, "MOST_NODES", 3)
    meanwhile("disp/state/long", json.dumps({"online": 1}) + " " * 100_000)
    for number in range(8):
        meanwhile(f"disp/state/{number}", {"online": 1})

    await station_form.answer(prefix="disp")
    assert heard(station_form) == ("heard", "9", "`0`, `1`, `2`")

    monkeypatch.setattr(listening, "MOST_READ", 3)
    other = await (await new_station(hass)).answer(
        name="Barn", protocol="paired_dispenser"
    )
    await other.answer(prefix="disp")
    assert heard(other) == ("heard", "9", "`0`, `1`")


async def test_while_the_broker_is_away_no_station_is_made_and_none_is_moved(
    hass: HomeAssistant, kitchen: MockConfigEntry, broker: Any, station_form: Filled
) -> None:
    broker.connected = False
    assert (await new_station(hass)).aborted == "mqtt_unavailable"

    await station_form.answer(prefix="barn")
    assert station_form.errors == {"base": "mqtt_disconnected"}
    assert station_form.suggested == {"prefix": "barn"}
    change = await reconfigured(hass, kitchen)
    await change.answer(name="Hall", prefix="hall")
    assert change.errors == {"base": "mqtt_disconnected"}
    assert stations(hass) == [kitchen]
    assert kitchen.title == "Kitchen"

    broker.connected = True
    await station_form.answer(prefix="barn")
    assert station_form.result["step_id"] == "silent"


async def test_a_broker_that_goes_after_it_was_heard_refuses_until_it_is_back(
    hass: HomeAssistant, kitchen: MockConfigEntry, broker: Any, station_form: Filled
) -> None:
    await station_form.answer(prefix="barn")
    move = await reconfigured(hass, kitchen)
    await move.answer(name="Hall", prefix="hall")
    broker.connected = False
    await station_form.answer(nodes=["3"])
    assert station_form.errors == {"base": "mqtt_disconnected"}
    assert station_form.suggested == {"nodes": ["3"]}
    await move.answer()
    assert move.errors == {"base": "mqtt_disconnected"}
    assert (stations(hass), kitchen.unique_id) == ([kitchen], "disp")

    broker.connected = True
    await station_form.answer(nodes=["3"])
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY
    await move.answer()
    assert kitchen.unique_id == "hall"


async def test_a_broker_that_goes_while_somebody_listens_was_not_heard(
    station_form: Filled, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose_it(_seconds: float) -> None:
        broker.connected = False

    monkeypatch.setattr(listening, "sleep", lose_it)
    await station_form.answer(prefix="disp")
    assert station_form.errors == {"base": "mqtt_disconnected"}


async def test_what_cannot_be_subscribed_was_not_heard(station_form: Filled) -> None:
    refused = HomeAssistantError("no MQTT")
    with patch.object(mqtt, "async_subscribe", side_effect=refused):
        await station_form.answer(prefix="disp")
    assert station_form.errors == {"base": "mqtt_disconnected"}


async def test_who_moves_a_station_is_told_what_is_heard_there(
    hass: HomeAssistant, kitchen: MockConfigEntry, meanwhile: Say
) -> None:
    meanwhile("hall/state/1", {"online": 1, "ready": 1})
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name="Hall", prefix="hall")
    assert heard(flow) == ("moved", "1", "`1`")
    assert kitchen.unique_id == "disp"

    await flow.answer()
    assert flow.aborted == "reconfigure_successful"
    assert kitchen.unique_id == "hall"


async def test_a_prefix_that_was_taken_meanwhile_is_not_moved_to(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name="Hall", prefix="hall")
    station_entry(title="Other", prefix="hall").add_to_hass(hass)
    await flow.answer()
    assert flow.aborted == "already_configured"
    assert kitchen.unique_id == "disp"
