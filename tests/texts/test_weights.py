"""Portions are told with what they weigh, where the owner of a station says it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.station import Portion
from custom_components.mqtt_dispatch.texts.commands import (
    describe_command,
    say_command,
)
from custom_components.mqtt_dispatch.texts.sentences import portions_in_words

from ..calls import actions_of, calendar_events
from ..conftest import SetUp
from ..nodes import settled, speak_german
from ..package import LANGUAGES

pytestmark = pytest.mark.usefixtures("freezer")


@pytest.fixture
def options() -> dict[str, Any]:
    """What the owner says of the station."""
    return {"portion_grams": 12.5}


@pytest.fixture
async def station(set_up: SetUp, options: dict[str, Any]) -> MockConfigEntry:
    """A station that knows what a portion weighs."""
    return await set_up(options=options)


@pytest.mark.parametrize(
    ("grams", "portions", "weighs"),
    [(10, 2, 20), (12.5, 1, 12.5), (0.1, 3, 0.3), (1000, 50, 50_000), (None, 2, None)],
)
def test_a_weight_is_reckoned_to_a_tenth_of_a_gram(
    grams: float | None, portions: int, weighs: float | None
) -> None:
    assert Portion(grams).weigh(portions) == weighs


async def test_portions_are_told_with_their_weight_as_people_write_it(
    hass: HomeAssistant, station: MockConfigEntry
) -> None:
    coordinator = station.runtime_data
    assert portions_in_words(coordinator, 1) == "1 portion (12.5 g)"
    assert portions_in_words(coordinator, 2) == "2 portions (25 g)"

    await speak_german(hass)
    assert portions_in_words(coordinator, 1) == "1 Portion (12,5 g)"
    assert portions_in_words(coordinator, 2) == "2 Portionen (25 g)"


async def test_nothing_is_said_of_a_weight_that_nobody_knows(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    assert portions_in_words(kitchen.runtime_data, 2) == "2 portions"


async def test_a_command_tells_what_its_portions_weigh(
    hass: HomeAssistant, station: MockConfigEntry
) -> None:
    coordinator = station.runtime_data
    answer = await actions_of(hass, station)("feed", portions=3)

    command = coordinator.engine.ledger.open[answer["command_id"]]
    assert say_command(coordinator, command) == "Feed: 3 portions (37.5 g)"
    assert describe_command(coordinator, command).startswith(
        "Feed: 3 portions (37.5 g) (#"
    )


async def test_a_meal_in_the_calendar_tells_what_its_portions_weigh(
    hass: HomeAssistant, station: MockConfigEntry
) -> None:
    act = actions_of(hass, station)
    await act("schedule", name="Breakfast", time="08:00", portions=2)
    await settled(hass, station.runtime_data)

    now = dt_util.now()
    (meal,) = await calendar_events(
        hass, "calendar.kitchen_meals", now, now + timedelta(days=1)
    )

    assert meal["summary"] == "Breakfast: 2 portions (25 g)"


@pytest.mark.parametrize(
    ("options", "allowed", "given"),
    [
        ({"portions_per_day": 3}, "3", "2"),
        ({"portions_per_day": 3, "portion_grams": 12.5}, "3 (37,5 g)", "2 (25 g)"),
    ],
)
async def test_a_limit_is_told_with_its_weight(
    hass: HomeAssistant, station: MockConfigEntry, allowed: str, given: str
) -> None:
    await speak_german(hass)
    act = actions_of(hass, station)
    await act("feed", portions=2)

    with pytest.raises(HomeAssistantError) as refused:
        await act("feed", portions=2)

    assert refused.value.translation_key == "portions_per_day"
    text = LANGUAGES["de"]["exceptions"]["portions_per_day"]["message"]
    assert text.format(**(refused.value.translation_placeholders or {})) == (
        f"Erlaubte Portionen am Tag: {allowed}. Schon gegeben oder wartend: {given}."
    )


@pytest.mark.parametrize("options", [{"portions_per_day": 3, "portion_grams": 12.5}])
async def test_what_the_plan_still_gives_is_told_with_its_weight(
    hass: HomeAssistant, station: MockConfigEntry
) -> None:
    act = actions_of(hass, station)
    await act("schedule", time="23:59", portions=2)

    with pytest.raises(HomeAssistantError) as refused:
        await act("feed", portions=2)

    assert refused.value.translation_key == "portions_planned"
    assert refused.value.translation_placeholders == {
        "limit": "3 (37.5 g)",
        "given": "0 (0 g)",
        "planned": "2 (25 g)",
    }


@pytest.mark.parametrize(
    "options", [{"portions_per_day": 3, "portion_grams": 10.0, "feeds_waiting": 0}]
)
async def test_one_of_several_stations_that_refuses_tells_its_own_weight(
    hass: HomeAssistant, station: MockConfigEntry, set_up: SetUp
) -> None:
    other = await set_up(title="Hall", prefix="hall", options={"portions_per_day": 3})
    act = actions_of(hass, station)
    await act("feed", portions=2)

    with pytest.raises(HomeAssistantError, match=r"3 \(30 g\).*2 \(20 g\)"):
        await hass.services.async_call(
            "mqtt_dispatch",
            "feed",
            {
                "entity_id": ["sensor.hall_status", "sensor.kitchen_status"],
                "portions": 2,
            },
            blocking=True,
            return_response=True,
        )
    assert other.runtime_data.engine.ledger.open == {}
