"""What is written on the calendar's page is read as it is shown, in every language."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_load_integrations
import pytest

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.model.meal import Became
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.texts.meal_summaries import (
    became_in_words,
    description_of,
    meal_in_words,
    read_description,
    read_summary,
    said_anew,
)

from ..conftest import SetUp
from ..nonempty import some
from ..others import GARDEN, GLASSHOUSE, ORCHARD, Station
from ..package import LANGUAGES

NAMES = (
    "Breakfast",
    "",
    "Cat: 3",
    "Cat - 3",
    "For the cat: small",
    "Kot \u2013 portions",
    "2 portions",
    "Meal 2",
    "(fed)",
    "Déjeuner (skipped)",
    "{name}",
    "7",
)
RUN = {"hour": 6, "minute": 30, "duration": 600, "days": 127, "valve": 0}


async def speak(hass: HomeAssistant, language: str) -> None:
    """Have the owner choose a language."""
    hass.config.language = language
    await async_load_integrations(hass, {DOMAIN})


@pytest.fixture
async def orchard(set_up: SetUp) -> DispatchCoordinator:
    """A station whose nodes run valves."""
    entry = await set_up(**ORCHARD)
    coordinator: DispatchCoordinator = entry.runtime_data
    return coordinator


def read(
    coordinator: DispatchCoordinator, text: str
) -> tuple[str | None, dict[str, Any]]:
    """Return the name and the params that a line says, as strings or numbers."""
    kind = coordinator.protocol.planned_kind
    written = read_summary(coordinator, kind, text)
    return written.name, dict(said_anew(coordinator.protocol, written, None))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("options", [{}, {"portion_grams": 12.5}])
async def test_every_meal_is_read_as_it_is_shown(
    hass: HomeAssistant, set_up: SetUp, language: str, options: dict[str, Any]
) -> None:
    entry = await set_up(options=options)
    station: DispatchCoordinator = entry.runtime_data
    await speak(hass, language)
    for name in NAMES:
        for portions in (1, 2, 20):
            line = meal_in_words(station, name, "feed", {"portions": portions})
            wanted = (name, {"portions": str(portions)})
            assert read(station, line) == wanted, line
            for became in Became:
                told = became_in_words(hass, line, became)
                assert told != line
                assert read(station, told) == wanted, told


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_run_of_a_valve_is_read_as_it_is_shown(
    hass: HomeAssistant, orchard: DispatchCoordinator, language: str
) -> None:
    await speak(hass, language)
    for name in NAMES:
        for seconds in (60, 90, 600, 7200):
            params = {"valve": 3, "duration": seconds}
            line = meal_in_words(orchard, name, "open_valve", params)
            assert read(orchard, line) == (name, {"valve": "3", "duration": seconds})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whatever_else_is_planned_is_read_as_it_is_shown(
    hass: HomeAssistant, coordinator: DispatchCoordinator, language: str
) -> None:
    await speak(hass, language)
    for name in NAMES:
        line = meal_in_words(coordinator, name, "reboot", {})
        became = (became_in_words(hass, line, each, "reboot") for each in Became)
        for told in (line, *became):
            written = read_summary(coordinator, "reboot", told)
            assert (written.name, written.said) == (name, {})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_name_alone_names_whatever_else_is_planned(
    hass: HomeAssistant, coordinator: DispatchCoordinator, language: str
) -> None:
    await speak(hass, language)
    for text, name in (("Night", "Night"), ("Night: 3", "Night: 3"), (" Meal ", "")):
        written = read_summary(coordinator, "reboot", text)
        assert (written.name, written.said) == (name, {})


async def test_what_nodes_no_longer_know_is_described_by_nothing(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    gone = {"portions": 2, "colour": "red"}
    assert description_of(hass, coordinator.protocol, "paint", gone) == ""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_given_besides_is_read_as_it_is_shown(
    hass: HomeAssistant, coordinator: DispatchCoordinator, language: str
) -> None:
    await speak(hass, language)
    protocol = coordinator.protocol
    params = {"portions": 2, "hopper": 3, "bowl": 2, "pet": 0}

    lines = description_of(hass, protocol, "feed", params)

    assert lines
    said = read_description(hass, protocol, "feed", lines)
    assert protocol.check("feed", {"portions": 2, **said}) == params
    usual = protocol.check("feed", {"portions": 2})
    assert description_of(hass, protocol, "feed", usual) == ""


@pytest.mark.parametrize(
    ("made", "kind", "params"),
    [
        (GLASSHOUSE, "set_sensor_mode", {"active": True}),
        (GLASSHOUSE, "set_sensor_mode", {"active": False}),
        (GLASSHOUSE, "set_relay", {"channel": "heater", "state": True}),
        (GARDEN, "set_wake_schedule", {"cron": "0 7-19 * * *"}),
        # It begins as a list does, and is none.
        (GARDEN, "send_image", {"image_name": "[pond].jpg"}),
        # It reads as an answer does, and is a name.
        (GARDEN, "send_image", {"image_name": "yes"}),
        (GARDEN, "send_image", {"image_name": "[1]"}),
        (GARDEN, "send_image", {"image_name": "2,5"}),
        (ORCHARD, "set_plan", {"clear": 2, "slots": [RUN, {**RUN, "valve": 1}]}),
    ],
)
async def test_whatever_else_is_given_is_read_as_it_is_shown(
    hass: HomeAssistant,
    set_up: SetUp,
    made: Station,
    kind: str,
    params: dict[str, Any],
) -> None:
    protocol = (await set_up(**made)).runtime_data.protocol
    for language in some(LANGUAGES):
        await speak(hass, language)
        lines = description_of(hass, protocol, kind, params)
        assert lines
        said = read_description(hass, protocol, kind, lines)
        assert said.keys() == params.keys()
        assert protocol.check(kind, said) == protocol.check(kind, params)


async def test_a_number_may_have_a_comma(hass: HomeAssistant, set_up: SetUp) -> None:
    protocol = (await set_up(**GLASSHOUSE)).runtime_data.protocol
    said = read_description(hass, protocol, "dose", "channel: acid\nml: 2,5")
    assert protocol.check("dose", said) == {"channel": "acid", "ml": 2.5}


@pytest.mark.parametrize("broken", ["[{", "[1, 2", '{"slot": 0}]', 9999 * "["])
async def test_a_list_that_cannot_be_read_is_refused_and_no_fault(
    hass: HomeAssistant, orchard: DispatchCoordinator, broken: str
) -> None:
    protocol = orchard.protocol
    said = read_description(hass, protocol, "set_plan", f"slots: {broken}")
    assert said == {"slots": broken}
    with pytest.raises(InvalidCommand) as refused:
        protocol.check("set_plan", {"clear": 2, **said})
    assert refused.value.code == "invalid_list"


@pytest.mark.parametrize(
    ("text", "name", "portions"),
    [
        ("Breakfast: 3", "Breakfast", "3"),
        ("Breakfast:3 PORTIONS", "Breakfast", "3"),
        ("Breakfast - 3 portions", "Breakfast", "3"),
        ("Breakfast: 1 portions", "Breakfast", "1"),
        ("Breakfast: 2 portion", "Breakfast", "2"),
        ("  Breakfast :  2  portions ", "Breakfast", "2"),
        ("4", None, "4"),
        ("4 portions", None, "4"),
        ("Breakfast", "Breakfast", None),
        ("skipped · Breakfast", "Breakfast", None),
        ("Meal", "", None),
        ("Meal 2", "Meal 2", None),
        ("Breakfast: 2.5 portions", "Breakfast", "2.5"),
        ("Frühstück: 2 Portionen", "Frühstück", "2"),
    ],
)
async def test_it_is_read_a_little_more_freely(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    text: str,
    name: str | None,
    portions: str | None,
) -> None:
    if "Portionen" in text:
        # English is understood beside the language of the house.
        await speak(hass, "de")
    said = {} if portions is None else {"portions": portions}
    assert read(coordinator, text) == (name, said)


@pytest.mark.parametrize(
    "text",
    [
        "Breakfast: lots",
        "Breakfast: two portions",
        "two portions",
        "Breakfast 2 portions",
        "Breakfast: -2 portions",
        "Breakfast: 2 buckets",
    ],
)
async def test_what_is_not_understood_is_refused_and_shown_how(
    coordinator: DispatchCoordinator, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(coordinator, text)
    assert refused.value.code == "meal_not_understood"
    assert refused.value.placeholders == {"text": text, "example": "Meal: 2 portions"}


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Lawn: valve 2 for 10 min", "Lawn", {"valve": "2", "duration": 600}),
        ("Lawn: valve 2 for 1,5", "Lawn", {"valve": "2", "duration": 90}),
        ("Lawn: Valve 2", "Lawn", {"valve": "2"}),
        ("valve 2", None, {"valve": "2"}),
        ("Lawn", "Lawn", {}),
    ],
)
async def test_a_run_of_a_valve_is_read_a_little_more_freely(
    orchard: DispatchCoordinator, text: str, name: str | None, said: dict[str, Any]
) -> None:
    assert read(orchard, text) == (name, said)


@pytest.mark.parametrize("text", ["2", "Lawn: 2", "Lawn: valve two", "for 10 min"])
async def test_a_run_that_is_not_understood_is_refused_and_shown_how(
    orchard: DispatchCoordinator, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(orchard, text)
    assert refused.value.placeholders["example"] == "Meal: valve 1 for 10 min"
