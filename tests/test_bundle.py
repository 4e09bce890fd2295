"""The card and the panel come to the browser by themselves, and leave no trace."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import frontend
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch import bundle
from custom_components.mqtt_dispatch.const import OPT_PANEL

from .calls import actions_of, feed_in_doubt
from .conftest import SetUp
from .forms import options
from .nodes import Nodes, settled
from .others import GARDEN
from .repairing import Person, issues

CARD = "/mqtt_dispatch_frontend/mqtt-dispatch-card.js"
MINE = {"id": "mine", "type": "module", "url": "/mine.js?v=1"}


def of_card(resources: list[dict[str, Any]]) -> list[str]:
    """Return the addresses of the card among the resources."""
    return [each["url"] for each in resources if each["url"].startswith(CARD)]


async def have_resources(hass: HomeAssistant, *items: dict[str, Any]) -> None:
    """Store what the owner of the dashboards has, before anything is loaded."""
    await Store[Any](hass, 1, "lovelace_resources").async_save({"items": [*items]})


async def resources_of(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return the resources as a browser that opens a dashboard gets them."""
    resources = hass.data["lovelace"].resources
    await resources.async_get_info()
    return list(resources.async_items())


async def start_screens(hass: HomeAssistant, **lovelace: Any) -> None:
    """Start what serves dashboards, without the files of Home Assistant's own pages."""
    for domain in ("http", "lovelace"):
        config = {"lovelace": lovelace} if domain == "lovelace" and lovelace else {}
        assert await async_setup_component(hass, domain, config)
    hass.data[frontend.DATA_EXTRA_MODULE_URL] = frontend.UrlManager(lambda *_: None, [])
    hass.config.components.add("frontend")


def loaded_with_pages(hass: HomeAssistant) -> frozenset[str]:
    """Return what any page loads besides, with dashboards or not."""
    return hass.data[frontend.DATA_EXTRA_MODULE_URL].urls


def panel_of(hass: HomeAssistant) -> Any:
    """Return the panel, None while there is none."""
    return hass.data.get(frontend.DATA_PANELS, {}).get("mqtt-dispatch")


async def test_the_card_is_added_beside_what_others_have(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await have_resources(hass, MINE)
    await start_screens(hass)

    await set_up()

    resources = await resources_of(hass)
    assert MINE in resources, "what was not yet loaded is not lost"
    assert len(of_card(resources)) == 1


async def test_an_older_version_is_replaced_and_its_twins_removed(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    old = {"type": "module", "url": f"{CARD}?v=old"}
    await have_resources(hass, {"id": "a", **old}, MINE, {"id": "b", **old})
    await start_screens(hass)

    await set_up()

    resources = await resources_of(hass)
    assert [each["id"] for each in resources] == ["a", "mine"]
    assert of_card(resources) == [bundle._urls()[bundle.CARD]]


async def test_stations_and_reloads_add_it_once(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)
    kitchen = await set_up()
    await set_up(**GARDEN)

    assert await hass.config_entries.async_reload(kitchen.entry_id)

    assert len(of_card(await resources_of(hass))) == 1
    assert panel_of(hass) is not None


@pytest.mark.parametrize("file", [bundle.CARD, bundle.PANEL])
async def test_the_address_serves_the_file_for_long(
    hass: HomeAssistant,
    set_up: SetUp,
    hass_client_no_auth: ClientSessionGenerator,
    file: str,
) -> None:
    await start_screens(hass)
    await set_up()
    client = await hass_client_no_auth()

    answer = await client.get(bundle._urls()[file])

    assert answer.status == 200
    assert "max-age" in answer.headers["Cache-Control"]
    assert await answer.read() == (bundle.FOLDER / file).read_bytes()


def test_the_address_changes_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (bundle.CARD, bundle.PANEL):
        (tmp_path / name).write_text("first")
    monkeypatch.setattr(bundle, "FOLDER", tmp_path)
    before = bundle._urls()
    (tmp_path / bundle.CARD).write_text("second")

    after = bundle._urls()

    assert after[bundle.CARD] != before[bundle.CARD]
    assert after[bundle.PANEL] == before[bundle.PANEL]


async def test_the_panel_is_for_administrators(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)

    await set_up()

    shown = panel_of(hass).to_response()
    assert shown["require_admin"] is True
    assert shown["title"] == "MQTT Dispatch"
    assert (
        shown["config"]["_panel_custom"]["module_url"] == bundle._urls()[bundle.PANEL]
    )


async def test_resources_in_yaml_load_it_all_the_same_and_say_what_to_add(
    hass: HomeAssistant, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    await start_screens(hass, mode="yaml")

    with caplog.at_level(logging.INFO):
        kitchen = await set_up()

    assert loaded_with_pages(hass) == {bundle._urls()[bundle.CARD]}
    assert f"- url: {CARD}" in caplog.text

    await hass.config_entries.async_reload(kitchen.entry_id)
    assert caplog.text.count(f"- url: {CARD}") == 1, "said once"

    await hass.config_entries.async_remove(kitchen.entry_id)
    assert loaded_with_pages(hass) == frozenset()


async def test_who_has_the_line_in_yaml_needs_no_help(
    hass: HomeAssistant, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    await start_screens(
        hass, mode="yaml", resources=[{"url": f"{CARD}?mine", "type": "module"}]
    )

    with caplog.at_level(logging.INFO):
        await set_up()

    assert loaded_with_pages(hass) == frozenset()
    assert "stand in YAML" not in caplog.text


async def test_without_dashboards_the_panel_is_there(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)
    del hass.data["lovelace"]

    kitchen = await set_up()

    assert panel_of(hass) is not None
    assert await hass.config_entries.async_remove(kitchen.entry_id)
    assert panel_of(hass) is None


async def test_without_a_frontend_nothing_is_shown(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)
    hass.config.components.remove("frontend")

    await set_up()

    assert panel_of(hass) is None
    assert of_card(await resources_of(hass)) == []


async def test_a_damaged_list_of_resources_stops_no_station(
    hass: HomeAssistant,
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await start_screens(hass)

    async def damaged() -> None:
        raise ValueError("no JSON")

    monkeypatch.setattr(hass.data["lovelace"].resources, "async_get_info", damaged)

    kitchen = await set_up()

    assert kitchen.state.value == "loaded"
    assert "could not be offered" in caplog.text
    await hass.config_entries.async_remove(kitchen.entry_id)
    assert "could not be removed" in caplog.text


async def test_the_last_station_takes_both_along(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await have_resources(hass, MINE)
    await start_screens(hass)
    kitchen, garden = await set_up(), await set_up(**GARDEN)

    await hass.config_entries.async_remove(garden.entry_id)
    assert panel_of(hass) is not None
    assert len(of_card(await resources_of(hass))) == 1

    await hass.config_entries.async_unload(kitchen.entry_id)
    assert len(of_card(await resources_of(hass))) == 1, "a reload tears no card out"

    await hass.config_entries.async_remove(kitchen.entry_id)
    assert panel_of(hass) is None
    assert await resources_of(hass) == [MINE]


async def test_what_one_form_says_holds_for_all_stations(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)
    kitchen, garden = await set_up(), await set_up(**GARDEN)
    running = kitchen.runtime_data

    form = await options(hass, garden, "screens")
    assert form.suggested == {"panel": True, "card_resource": True}
    await form.answer(panel=False, card_resource=True)

    assert panel_of(hass) is None
    assert kitchen.options == garden.options == {"panel": False}
    assert kitchen.runtime_data is running, "no station begins anew for it"

    form = await options(hass, kitchen, "screens")
    assert form.suggested == {"panel": False, "card_resource": True}
    await form.answer(panel=True, card_resource=True)

    assert panel_of(hass) is not None
    assert kitchen.options == garden.options == {}


async def test_who_keeps_the_resource_himself_keeps_it_for_ever(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    own = {"id": "own", "type": "module", "url": f"{CARD}?mine"}
    await have_resources(hass, own)
    await start_screens(hass)

    kitchen = await set_up(options={"card_resource": False})
    assert await resources_of(hass) == [own]

    await hass.config_entries.async_remove(kitchen.entry_id)
    assert await resources_of(hass) == [own]


async def test_a_station_added_later_does_not_bring_back_what_was_turned_off(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await start_screens(hass)
    await set_up(options={"panel": False})

    await set_up(**GARDEN)

    assert panel_of(hass) is None


@pytest.fixture
async def panel_and_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> tuple[MockConfigEntry, int]:
    """A station where there is a panel, and its command that nobody has confirmed."""
    await start_screens(hass)
    entry = await set_up()
    nodes = Nodes(hass, mqtt_mock)
    return entry, await feed_in_doubt(hass, freezer, entry, nodes)


async def test_what_is_asked_and_told_of_a_command_leads_to_it_in_the_panel(
    hass: HomeAssistant,
    person: Person,
    told: list[dict[str, Any]],
    panel_and_doubt: tuple[MockConfigEntry, int],
) -> None:
    entry, in_doubt = panel_and_doubt
    path = f"/mqtt-dispatch/command/{entry.entry_id}/{in_doubt}"

    (issue,) = issues(hass)

    assert issue.learn_more_url == f"homeassistant:/{path}"
    words = (await person.opens(issue))["description_placeholders"]["command"]
    assert words == f"[Feed: 2 portions (#{in_doubt}), ordered at 14:00:01]({path})"
    assert issue.translation_placeholders is not None
    assert path not in issue.translation_placeholders["command"], "it is in the title"
    assert told[-1]["link"] == path


async def test_nothing_leads_to_a_panel_that_an_option_took_away(
    hass: HomeAssistant,
    person: Person,
    told: list[dict[str, Any]],
    panel_and_doubt: tuple[MockConfigEntry, int],
) -> None:
    entry, in_doubt = panel_and_doubt

    bundle.async_want(hass, {OPT_PANEL: False})
    await hass.async_block_till_done()

    (issue,) = issues(hass)
    assert issue.learn_more_url is None
    assert "](" not in str(await person.opens(issue))
    answer = {"command_id": in_doubt, "outcome": "failed"}
    await actions_of(hass, entry)("resolve_command", **answer)
    await settled(hass, entry.runtime_data)
    assert told[-1]["link"] is None
