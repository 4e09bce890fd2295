"""What was heard last of a node is told as it came, to administrators, bar secrets."""

from __future__ import annotations

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.broker.heard import (
    LONGEST_KEPT,
    MOST_OF_A_NODE,
    MOST_OF_OTHERS,
)

from ..calls import device_of
from ..conftest import SetUp
from ..nodes import Nodes, pass_time
from ..others import ADDRESS, GLASSHOUSE, HARDWARE_ID, SECRET, Greenhouse
from ..people import a_user
from .looking import Looker, Message


async def _asked(hass: HomeAssistant, entry: MockConfigEntry) -> Message:
    looker = Looker(hass, await a_user(hass, GROUP_ID_ADMIN))
    answer = await looker.asks("nodes", device_id=device_of(hass, entry))
    assert answer["success"], answer
    result: Message = answer["result"]
    return result


def _of(told: Message, node: str) -> list[Message]:
    (found,) = (each for each in told["nodes"] if each["node"] == node)
    messages: list[Message] = found["messages"]
    return messages


async def test_the_last_message_on_each_topic_is_told_as_it_came_the_newest_first(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await nodes.say("state", "1", {"online": 1}, retain=True)
    await nodes.say("evt", "1", '{"queue_id": 7,  "done": 1}')
    await pass_time(hass, freezer, 3)
    await nodes.say("state", "1", '{"online":1,"ready":1,"uptime":9}')
    at = freezer.time_to_freeze.timestamp()

    told = await _asked(hass, kitchen)

    assert told["prefix"] == "disp"
    first, second = _of(told, "1")
    assert second["payload"] == '{"queue_id": 7,  "done": 1}'
    assert first["topic"] == "disp/state/1"
    assert first["payload"] == '{"online":1,"ready":1,"uptime":9}'
    assert first["at"] == pytest.approx(at, abs=2)
    assert not first["retained"]
    assert not _of(told, "2")


async def test_a_retained_message_says_that_it_is_one(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.say("state", "2", {"online": 1}, retain=True)

    (heard,) = _of(await _asked(hass, kitchen), "2")

    assert heard["retained"]


async def test_a_message_that_seemed_to_be_no_news_is_told_all_the_same(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    for uptime in (10, 12, 14, 16):
        await nodes.say("state", "1", {"online": 1, "ready": 1, "uptime": uptime})
        await pass_time(hass, freezer, 2)

    (heard,) = _of(await _asked(hass, kitchen), "1")

    assert json.loads(heard["payload"])["uptime"] == 16


async def test_what_is_no_word_of_a_node_of_the_station_is_told_beside_with_why(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.say("ack", "1", "no JSON")

    (heard,) = (await _asked(hass, kitchen))["others"]

    assert heard["topic"] == "disp/ack/1"
    assert heard["payload"] == "no JSON"
    assert heard["why"] == "not JSON"


async def test_no_flood_makes_it_keep_more_than_so_many_messages_of_so_many_bytes(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    flood = Greenhouse(hass, mqtt_mock)
    for number in range(MOST_OF_A_NODE + 3):
        await flood.publish(
            f"hydro/{ADDRESS}/c{number}/telemetry", {"metric_type": "PH", "value": 6}
        )
    for number in range(MOST_OF_OTHERS + 3):
        junk = "x" * LONGEST_KEPT * 2
        await flood.publish(f"hydro/gh-9/zn-9/nd-{number}/status", junk)

    told = await _asked(hass, entry)

    kept = _of(told, HARDWARE_ID)
    assert len(kept) == MOST_OF_A_NODE
    assert kept[0]["topic"].endswith(f"c{MOST_OF_A_NODE + 2}/telemetry")
    assert len(told["others"]) == MOST_OF_OTHERS
    last = told["others"][0]
    assert last["cut"]
    assert last["size"] == LONGEST_KEPT * 2
    assert len(last["payload"]) < LONGEST_KEPT


async def test_the_clock_of_a_node_is_compared_where_it_says_what_it_shows(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(**GLASSHOUSE)
    now = freezer.time_to_freeze.timestamp()
    ahead = {"metric_type": "PH", "value": 6, "ts": int(now) + 90}
    await Greenhouse(hass, mqtt_mock).publish(f"hydro/{ADDRESS}/tank/telemetry", ahead)

    (told,) = (await _asked(hass, entry))["nodes"]

    assert told["clock"] == pytest.approx(90, abs=2)


async def test_a_node_that_does_not_tell_its_time_has_no_clock_to_compare(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.ready()

    told = await _asked(hass, kitchen)

    assert [node["clock"] for node in told["nodes"]] == [None, None]


@pytest.mark.parametrize(
    "payload",
    [
        {"note": f"mine is {SECRET}"},
        {"url": "https://anna:hunter22@example.com/a?token=hunter22"},
        {"wifi": {"ssid": "home", "password": "hunter22"}},
        {"mqtt_pass": 'with "quotes" hunter22'},
        {"tokens": ["a", "hunter22"]},
        {"credentials": {"any": {"thing": "hunter22"}}},
        {"api_key": "hunter22", "ts": 1},
        "password=hunter22",
        json.dumps({"inner": json.dumps({"wifi_password": "hunter22"})}),
        '{"password":"hunter22 that never en',
        {"long": "x" * (LONGEST_KEPT - 30), "note": SECRET},
    ],
    ids=lambda payload: str(payload)[:24],
)
async def test_no_secret_is_told(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, payload: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    await Greenhouse(hass, mqtt_mock).publish(f"hydro/{ADDRESS}/heartbeat", payload)

    told = json.dumps(await _asked(hass, entry))

    assert f"hydro/{ADDRESS}/heartbeat" in told
    assert "hunter22" not in told
    assert SECRET[:8] not in told


async def test_of_what_a_node_holds_only_is_told_that_it_told_it(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    held = {"node_id": "nd-ph-1", "type": "ph", "channels": [], "ts": 1}
    topic = f"hydro/{ADDRESS}/config_report"
    await Greenhouse(hass, mqtt_mock).publish(topic, held)

    told = _of(await _asked(hass, entry), HARDWARE_ID)

    (config,) = (each for each in told if each["topic"] == topic)
    assert config["payload"] is None
    assert config["size"] == len(json.dumps(held))


async def test_of_what_is_no_station_nothing_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    looker = Looker(hass, await a_user(hass, GROUP_ID_ADMIN))

    answer = await looker.asks("nodes", device_id="none of ours")

    assert answer["error"]["code"] == "not_found"


async def test_who_is_no_administrator_may_not_read_along(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.ready()
    looker = Looker(hass, await a_user(hass, GROUP_ID_USER))

    answer = await looker.asks("nodes", device_id=device_of(hass, kitchen))

    assert answer["error"]["code"] == "unauthorized"
    assert "uptime" not in json.dumps(looker.told)
