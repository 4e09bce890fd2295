"""What the plan gives: each meal of it, and all of it in a week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import Rule, Sun
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.planning.rations import week_as_response

from ..calls import actions_of
from ..conftest import SetUp
from ..nodes import settled
from ..others import GATEWAY, ORCHARD, PETS, Hub

TODAY = date(2026, 5, 28)
"""A Thursday."""
WEIGHED = {"portion_grams": 12.5, "food": "Kibble"}


async def test_a_plan_is_told_in_portions_where_nobody_says_what_one_weighs(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    act = actions_of(hass, kitchen)
    assert await act("get_schedule") == {"meals": [], "portions_per_week": 0}

    await act("schedule", time="08:00", portions=2)
    await act("schedule", time="18:00", portions=3, weekdays=["sat", "sun"])

    told = await act("get_schedule")
    assert told["portions_per_week"] == 2 * 7 + 3 * 2
    assert told.keys() == {"meals", "portions_per_week"}
    assert not any("grams" in meal for meal in told["meals"])


async def test_a_meal_and_the_week_are_told_in_grams_where_a_portion_has_a_weight(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    act = actions_of(hass, await set_up(options=WEIGHED))
    await act("schedule", time="08:00", portions=2)
    await act("schedule", time="18:00", portions=3, weekdays=["sat"])

    told = await act("get_schedule")

    assert [meal["grams"] for meal in told["meals"]] == [25, 37.5]
    assert told["portions_per_week"] == 17
    assert told["grams_per_week"] == 212.5
    assert told["food"] == "Kibble"


async def test_what_is_switched_off_gives_nothing(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    act = actions_of(hass, await set_up(options=WEIGHED))
    await act("schedule", time="08:00", portions=1)
    await act("schedule", time="18:00", portions=5, enabled=False)

    told = await act("get_schedule")

    assert told["meals"][1]["grams"] == 62.5
    assert told["portions_per_week"] == 7
    assert told["grams_per_week"] == 87.5


@pytest.mark.parametrize(
    ("rule", "times"),
    [
        (new_rule(time="08:00", every=2, first=TODAY), 4),
        (new_rule(time="08:00", every=2, first=TODAY - timedelta(days=1)), 3),
        (new_rule(time="08:00", first=TODAY + timedelta(days=5)), 2),
        (new_rule(time="08:00", until=TODAY + timedelta(days=1)), 2),
        (new_rule(time="08:00", until=TODAY - timedelta(days=1)), 0),
        (new_rule(sun=Sun.SUNSET, weekdays=["mon"]), 1),
    ],
)
async def test_the_week_begins_today_and_goes_by_the_rules(
    hass: HomeAssistant,
    freezer: object,
    kitchen: MockConfigEntry,
    rule: Rule,
    times: int,
) -> None:
    skipped = new_meal(
        meal_id="",
        name="",
        rule=rule,
        params={"portions": 2},
        skipped_until=TODAY + timedelta(days=30),
    )
    kitchen.runtime_data.handle(PutMeal(skipped))
    await settled(hass, kitchen.runtime_data)

    told = week_as_response(kitchen.runtime_data)

    assert told == {"portions_per_week": 2 * times}


async def test_each_feeder_that_a_meal_is_for_gives_it(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    dog = {"title": "Dog", "fields": {"gateway": GATEWAY, "firmware": "2.0.0"}}
    pets: dict[str, Any] = PETS | {"nodes": {**PETS["nodes"], "d09": dog}}
    entry = await set_up(**pets, options=WEIGHED)
    await actions_of(hass, entry)("schedule", time="08:00", portions=1)
    await actions_of(hass, entry, "d09")("schedule", time="09:00", portions=4)

    told = await actions_of(hass, entry)("get_schedule")

    assert [meal["grams"] for meal in told["meals"]] == [12.5, 50]
    assert told["portions_per_week"] == (2 * 1 + 4) * 7
    assert told["grams_per_week"] == 525


@pytest.mark.parametrize("options", [{}, WEIGHED])
async def test_a_plan_of_valves_has_no_portions(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, options: dict[str, Any]
) -> None:
    entry = await set_up(**ORCHARD, options=options)
    await Hub(hass, mqtt_mock).list_nodes()
    act = actions_of(hass, entry, "1")
    await act("schedule", time="08:00", valve=0, duration=60)

    told = await act("get_schedule")

    assert told.keys() == {"meals"}
    assert "grams" not in told["meals"][0]
