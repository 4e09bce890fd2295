"""The numbers of a station: shown as they are, kept if they are not the usual ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.flows import options_flow
from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    PAIRED_DISPENSER,
)

from ..forms import Filled, options
from ..package import EN

SENDING: dict[str, Any] = {
    "accept_timeout": 10,
    "done_timeout": 90,
    "retry_delay": 30,
    "attempts": 3,
    "hold": {"hours": 0, "minutes": 10, "seconds": 0},
    "max_open": 1000,
    "history_days": 400,
    "failures_in_a_row": 3,
}
READINESS: dict[str, Any] = {"max_age": 10, "debounce": 0.5}
FEEDING: dict[str, Any] = {
    "feed_expires_in": {"hours": 1, "minutes": 0, "seconds": 0},
    "late": {"hours": 0, "minutes": 30, "seconds": 0},
    "feeds_waiting": 5,
    "feeds_per_hour": 12,
}
WHOLE = (
    "attempts",
    "max_open",
    "history_days",
    "failures_in_a_row",
    "portions_per_day",
    "feeds_waiting",
    "feeds_per_hour",
)
USUAL = {"sending": SENDING, "readiness": READINESS, "feeding": FEEDING}


def hours(number: float) -> dict[str, float]:
    """Return hours as a person fills them in."""
    return {"hours": number, "minutes": 0, "seconds": 0}


def minutes(number: float) -> dict[str, float]:
    """Return minutes as a person fills them in."""
    return {"hours": 0, "minutes": number, "seconds": 0}


async def test_the_options_come_in_forms(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    flow = Filled(hass.config_entries.options, "options")
    await flow.start(kitchen.entry_id)
    assert flow.result["menu_options"] == [
        "sending",
        "readiness",
        "feeding",
        "screens",
    ]


async def test_a_station_that_feeds_nobody_is_not_asked_about_feeding(
    hass: HomeAssistant, kitchen: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {key: kind for key, kind in PAIRED_DISPENSER.kinds.items() if key != "feed"}
    feedless = replace(PAIRED_DISPENSER, kinds=kinds)
    monkeypatch.setattr(options_flow, "protocol_of", lambda _: feedless)
    flow = Filled(hass.config_entries.options, "options")
    await flow.start(kitchen.entry_id)
    assert flow.result["menu_options"] == ["sending", "screens"], "nor readiness"


@pytest.mark.parametrize("form", USUAL)
async def test_each_form_can_be_shown_on_the_web(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    form: str,
) -> None:
    assert await async_setup_component(hass, "config", {})
    web = await hass_client()
    flow = await options(hass, kitchen, form)
    url = f"/api/config/config_entries/options/flow/{flow.result['flow_id']}"
    shown = await (await web.get(url)).json()
    assert {
        field["name"]: field["description"]["suggested_value"]
        for field in shown["data_schema"]
        if "description" in field
    } == USUAL[form]


@pytest.mark.parametrize("form", USUAL)
async def test_the_usual_numbers_are_shown_and_not_kept(
    hass: HomeAssistant, kitchen: MockConfigEntry, form: str
) -> None:
    before = kitchen.runtime_data
    flow = await options(hass, kitchen, form)
    assert flow.suggested == USUAL[form]
    await flow.answer(**USUAL[form])
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    assert kitchen.options == {}
    assert kitchen.runtime_data is before, "nothing has changed, and it was reloaded"


@pytest.mark.parametrize(
    "case",
    [
        ("sending", "accept_timeout", 300, 300),
        ("sending", "done_timeout", 5, 5),
        ("sending", "retry_delay", 1, 1),
        ("sending", "attempts", 10, 10),
        ("sending", "hold", minutes(0), 0),
        ("sending", "hold", hours(24), 86400),
        ("sending", "max_open", 10_000, 10_000),
        ("sending", "history_days", 30, 30),
        ("sending", "failures_in_a_row", 20, 20),
        ("sending", "failures_in_a_row", 0, 0),
        ("readiness", "max_age", 2.5, 2.5),
        ("readiness", "debounce", 0, 0),
        ("feeding", "feed_expires_in", minutes(1), 60),
        ("feeding", "late", hours(12), 43200),
        ("feeding", "feeds_waiting", 1000, 1000),
        ("feeding", "feeds_waiting", 0, 0),
        ("feeding", "feeds_per_hour", 1, 1),
        ("feeding", "feeds_per_hour", 0, 0),
        ("feeding", "portions_per_day", 1000, 1000),
        ("feeding", "minimum_gap", {"hours": 1, "minutes": 30, "seconds": 5}, 5405),
        ("feeding", "portion_grams", 0.1, 0.1),
        ("feeding", "portion_grams", 1000, 1000),
    ],
)
async def test_a_changed_number_is_kept_alone_shown_again_and_put_back(
    hass: HomeAssistant, kitchen: MockConfigEntry, case: tuple[str, str, Any, float]
) -> None:
    form, name, answer, number = case
    before = kitchen.runtime_data
    changed = {**USUAL[form], name: answer}
    await (await options(hass, kitchen, form)).answer(**changed)
    assert kitchen.options == {name: number}
    assert type(kitchen.options[name]) is (int if name in WHOLE else float)
    assert kitchen.runtime_data is not before, "the station does not know of it"

    flow = await options(hass, kitchen, form)
    assert flow.suggested == changed
    await flow.answer(**USUAL[form])
    assert kitchen.options == {}


async def test_each_form_leaves_the_numbers_of_the_others(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await (await options(hass, kitchen, "sending")).answer(**{**SENDING, "attempts": 5})
    feeding = {**FEEDING, "portions_per_day": 12}
    await (await options(hass, kitchen, "feeding")).answer(**feeding)
    assert kitchen.options == {"attempts": 5, "portions_per_day": 12}


async def test_the_station_keeps_to_its_numbers(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    sending = {**SENDING, "accept_timeout": 7, "hold": hours(1)}
    await (await options(hass, kitchen, "sending")).answer(**sending)
    feeding = {**FEEDING, "feed_expires_in": hours(2), "minimum_gap": hours(3)}
    await (await options(hass, kitchen, "feeding")).answer(**feeding)
    station = kitchen.runtime_data.engine.station
    assert station.policies["feed"].accept_timeout == 7
    assert station.policies["feed"].expires_in == 7200
    assert station.policies["reboot"].accept_timeout == 7
    assert station.policies["reboot"].expires_in == 600, "it is no feed"
    assert station.settings.hold == 3600
    assert station.settings.minimum_gap == 10800
    assert station.settings.portions_per_day is None


async def test_no_gap_is_the_same_as_a_gap_of_nothing(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    feeding = {**FEEDING, "minimum_gap": hours(0)}
    await (await options(hass, kitchen, "feeding")).answer(**feeding)
    assert kitchen.options == {}


@pytest.mark.parametrize("name", ["feeds_waiting", "feeds_per_hour"])
async def test_a_guard_is_off_where_nothing_is_given(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str
) -> None:
    emptied = {key: value for key, value in FEEDING.items() if key != name}
    await (await options(hass, kitchen, "feeding")).answer(**emptied)
    assert kitchen.options == {name: 0}
    assert getattr(kitchen.runtime_data.engine.station.settings, name) == 0

    await (await options(hass, kitchen, "feeding")).answer(**FEEDING)
    assert kitchen.options == {}


@pytest.mark.parametrize(
    ("form", "name", "wrong"),
    [
        ("sending", "hold", minutes(24 * 60 + 1)),
        ("sending", "attempts", 2.5),
        ("sending", "accept_timeout", "nan"),
        ("feeding", "feed_expires_in", minutes(0.9)),
        ("feeding", "feed_expires_in", hours(25)),
        ("feeding", "late", hours(13)),
        ("feeding", "minimum_gap", {"days": 2}),
        ("feeding", "portions_per_day", "nan"),
        ("feeding", "portion_grams", "nan"),
    ],
)
async def test_a_number_out_of_range_is_refused_and_can_be_mended(
    hass: HomeAssistant, kitchen: MockConfigEntry, form: str, name: str, wrong: Any
) -> None:
    flow = await options(hass, kitchen, form)
    await flow.answer(**{**USUAL[form], name: wrong})
    assert flow.errors == {name: "out_of_range"}
    assert kitchen.options == {}
    await flow.answer(**USUAL[form])
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("form", "name", "wrong"),
    [
        ("sending", "accept_timeout", 0.5),
        ("sending", "accept_timeout", 301),
        ("sending", "done_timeout", 4),
        ("sending", "done_timeout", 3601),
        ("sending", "retry_delay", 0),
        ("sending", "retry_delay", 3601),
        ("sending", "attempts", 0),
        ("sending", "attempts", 11),
        ("readiness", "max_age", 1),
        ("readiness", "max_age", 601),
        ("readiness", "debounce", -0.1),
        ("readiness", "debounce", 60.1),
        ("sending", "hold", minutes(-1)),
        ("sending", "failures_in_a_row", 21),
        ("feeding", "portions_per_day", 0),
        ("feeding", "portions_per_day", 1001),
        ("feeding", "feeds_waiting", -1),
        ("feeding", "feeds_per_hour", 1001),
        ("feeding", "portion_grams", 0),
        ("feeding", "portion_grams", 1000.1),
    ],
)
async def test_the_form_itself_refuses_a_number_out_of_range(
    hass: HomeAssistant, kitchen: MockConfigEntry, form: str, name: str, wrong: Any
) -> None:
    flow = await options(hass, kitchen, form)
    with pytest.raises(InvalidData):
        await flow.answer(**{**USUAL[form], name: wrong})
    assert kitchen.options == {}


async def test_a_food_is_kept_as_it_is_named_and_put_back_when_it_is_emptied(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    named = {**FEEDING, "food": " Dry food, 2 kg "}
    await (await options(hass, kitchen, "feeding")).answer(**named)
    assert kitchen.options == {"food": "Dry food, 2 kg"}

    flow = await options(hass, kitchen, "feeding")
    assert flow.suggested == {**FEEDING, "food": "Dry food, 2 kg"}
    await flow.answer(**{**FEEDING, "food": ""})
    assert kitchen.options == {}


@pytest.mark.parametrize("food", ["F" * 65, "Dry\nfood", "\x00", "   "])
async def test_a_food_that_no_line_holds_is_refused_and_can_be_mended(
    hass: HomeAssistant, kitchen: MockConfigEntry, food: str
) -> None:
    flow = await options(hass, kitchen, "feeding")
    await flow.answer(**{**FEEDING, "food": food})
    assert flow.errors == {"food": "invalid_text"}
    assert kitchen.options == {}
    await flow.answer(**{**FEEDING, "food": "F" * 64})
    assert kitchen.options == {"food": "F" * 64}


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ({}, "\N{EN DASH}"),
        ({"portion_grams": 12.5}, "\N{EN DASH}"),
        ({"portions_per_day": 10}, "10"),
        ({"portions_per_day": 10, "portion_grams": 12.5}, "10 (125 g)"),
    ],
)
async def test_a_limit_of_portions_is_shown_with_its_weight(
    hass: HomeAssistant, kitchen: MockConfigEntry, kept: dict[str, Any], shown: str
) -> None:
    hass.config_entries.async_update_entry(kitchen, options=kept)
    await hass.async_block_till_done()

    flow = await options(hass, kitchen, "feeding")

    assert flow.result["description_placeholders"] == {"limit": shown}
    text = EN["options"]["step"]["feeding"]["data_description"]["portions_per_day"]
    assert f"Now: {shown}." in text.format(**flow.result["description_placeholders"])
