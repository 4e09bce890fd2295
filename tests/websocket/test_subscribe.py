"""A picture at once, each that differs from it, and nothing besides."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..calls import Act, all_ready, device_of
from ..conftest import SetUp
from ..nodes import Nodes, pass_time, speak_german
from ..others import ORCHARD
from .looking import Looker

pytestmark = pytest.mark.usefixtures("freezer")


async def test_a_picture_comes_at_once(
    kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await looker.looks_at(device_id)

    (event,) = looker.events
    (picture,) = event["pictures"]
    assert event["version"]
    assert event["now"] > 0
    assert picture["station"]["title"] == "Kitchen"
    assert picture["station"]["entry_id"] == kitchen.entry_id
    assert picture["station"]["device_id"] == device_id


async def test_a_node_stands_for_its_station(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker
) -> None:
    await looker.looks_at(device_of(hass, kitchen, "2"))

    assert looker.seen["station"]["title"] == "Kitchen"


async def test_much_news_at_once_is_one_picture(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    act: Act,
    nodes: Nodes,
) -> None:
    await looker.looks_at()

    for _ in range(3):
        await act("feed", portions=1)
    await nodes.say("state", "1", {"online": 1, "ready": 0})

    assert len(looker.events) == 1
    seen = await looker.after(freezer)
    assert len(looker.events) == 2
    assert seen["station"]["open"] == 3


async def test_what_is_no_news_is_not_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    device_id: str,
    nodes: Nodes,
) -> None:
    await all_ready(hass, freezer, nodes)
    await looker.looks_at(device_id)

    for _ in range(5):
        await nodes.ready()
        await pass_time(hass, freezer, 1)

    assert len(looker.events) == 1


async def test_of_all_stations_only_the_one_with_news_is_told_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    set_up: SetUp,
    act: Act,
) -> None:
    await set_up(**ORCHARD)
    await looker.looks_at()
    assert len(looker.events[0]["pictures"]) == 2

    await act("feed", portions=1)
    await looker.after(freezer)

    (picture,) = looker.events[-1]["pictures"]
    assert picture["station"]["title"] == "Kitchen"


async def test_without_a_station_all_of_them_are_told(
    hass: HomeAssistant, looker: Looker, kitchen: MockConfigEntry
) -> None:
    await hass.config_entries.async_remove(kitchen.entry_id)

    await looker.looks_at()

    assert looker.events[0]["pictures"] == []


async def test_a_station_that_is_added_later_joins_the_others(
    freezer: FrozenDateTimeFactory, looker: Looker, kitchen: Any, set_up: SetUp
) -> None:
    await looker.looks_at()

    await set_up(**ORCHARD)

    assert (await looker.after(freezer))["station"]["title"] == "Orchard"


@pytest.mark.parametrize("every", [True, False])
async def test_a_station_that_is_removed_is_gone(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    looker: Looker,
    device_id: str,
    every: bool,
) -> None:
    await looker.looks_at("all" if every else device_id)

    await hass.config_entries.async_remove(kitchen.entry_id)
    await hass.async_block_till_done()

    assert looker.seen == {"gone": kitchen.entry_id}


async def test_a_station_is_followed_through_a_reload(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    act: Act,
) -> None:
    await looker.looks_at()
    await hass.config_entries.async_unload(kitchen.entry_id)
    seen = await looker.after(freezer)
    assert seen["station"]["loaded"] is False
    assert seen.keys() == {"station"}

    await hass.config_entries.async_setup(kitchen.entry_id)
    await hass.async_block_till_done()
    await act("feed", portions=1)

    seen = await looker.after(freezer)
    assert seen["station"]["loaded"] is True
    assert seen["station"]["open"] == 1


async def test_who_comes_while_a_station_is_not_loaded_hears_of_it_when_it_is(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    device_id: str,
) -> None:
    await hass.config_entries.async_unload(kitchen.entry_id)
    await looker.looks_at(device_id)
    assert looker.seen["station"]["loaded"] is False

    await hass.config_entries.async_setup(kitchen.entry_id)
    await hass.async_block_till_done()

    assert (await looker.after(freezer))["station"]["loaded"] is True


async def test_who_has_left_is_told_nothing_more(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    device_id: str,
    act: Act,
) -> None:
    await looker.looks_at(device_id)
    await act("feed", portions=1)

    looker.leaves()
    await pass_time(hass, freezer, 1)
    await act("feed", portions=1)
    await pass_time(hass, freezer, 1)

    assert len(looker.events) == 1


async def test_an_entity_with_another_id_is_told_by_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entity_registry: er.EntityRegistry,
    looker: Looker,
    device_id: str,
) -> None:
    await looker.looks_at(device_id)
    assert looker.seen["station"]["entities"]["feed"] == "button.kitchen_feed"

    entity_registry.async_update_entity(
        "button.kitchen_feed", new_entity_id="button.cat"
    )
    await hass.async_block_till_done()

    seen = await looker.after(freezer)
    assert seen["station"]["entities"]["feed"] == "button.cat"


async def test_another_day_is_told_at_midnight(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    looker: Looker,
    device_id: str,
    act: Act,
) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=1)
    await looker.looks_at(device_id)
    assert looker.seen["meals"]["today"][0]["date"] == "2026-05-28"

    freezer.move_to("2026-05-29 00:00:01-07:00")
    await pass_time(hass, freezer, 1)
    seen = await looker.after(freezer)

    assert [each["date"] for each in seen["meals"]["today"]] == ["2026-05-29"]


@pytest.mark.parametrize("device", ["nothing", "lamp"])
async def test_what_is_no_station_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device: str
) -> None:
    answer = await looker.asks("subscribe", device_id=device)

    assert not answer["success"]
    assert answer["error"]["code"] == "not_found"


async def test_sentences_are_in_the_language_of_who_looks(
    hass: HomeAssistant, looker: Looker, device_id: str, act: Act
) -> None:
    await act("feed", portions=2)

    await looker.looks_at(device_id, language="de-AT")

    (command,) = looker.seen["commands"]["open"]
    assert "2 Portionen" in command["in_words"]
    await looker.looks_at(device_id, language="en")
    (command,) = looker.seen["commands"]["open"]
    assert "2 portions" in command["in_words"]


async def test_without_a_language_it_is_that_of_the_server(
    hass: HomeAssistant, looker: Looker, device_id: str, act: Act
) -> None:
    await speak_german(hass)
    await act("feed", portions=2)

    await looker.looks_at(device_id)

    assert "2 Portionen" in looker.seen["commands"]["open"][0]["in_words"]


async def test_it_is_told_over_a_real_connection(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    device_id: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    client = await hass_ws_client(hass)

    await client.send_json(
        {"id": 1, "type": "mqtt_dispatch/subscribe", "device_id": device_id}
    )

    assert (await client.receive_json())["success"]
    event = (await client.receive_json())["event"]
    assert event["pictures"][0]["station"]["title"] == "Kitchen"


async def test_a_change_of_another_integration_is_no_news(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, looker: Looker
) -> None:
    await looker.looks_at()
    other = MockConfigEntry(domain="hue")
    other.add_to_hass(hass)

    hass.config_entries.async_update_entry(other, title="Lamps")
    await pass_time(hass, freezer, 1)

    assert len(looker.events) == 1
