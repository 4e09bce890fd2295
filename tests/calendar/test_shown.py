"""The calendar shows the meals to come, in local time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import PutMeal, RemoveMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule

from ..calls import calendar_events
from ..nodes import pass_time, settled, speak_german
from .page import MEALS as CALENDAR, berlin_time


async def put(
    hass: HomeAssistant, coordinator: DispatchCoordinator, time: str, **kwargs: Any
) -> None:
    meal: dict[str, Any] = {
        "meal_id": "",
        "name": "Dinner",
        "rule": new_rule(time=time, weekdays=kwargs.pop("weekdays", WEEKDAYS)),
        "params": {"portions": 2},
    }
    coordinator.handle(PutMeal(new_meal(**{**meal, **kwargs})))
    await settled(hass, coordinator)


def shown(hass: HomeAssistant) -> State:
    state = hass.states.get(CALENDAR)
    assert state is not None
    return state


async def events(
    hass: HomeAssistant, start: datetime, end: datetime
) -> list[tuple[str, str]]:
    found = await calendar_events(hass, CALENDAR, start, end)
    return [(event["start"], event["summary"]) for event in found]


async def test_without_meals_there_is_no_event(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    assert shown(hass).state == STATE_OFF
    assert "message" not in shown(hass).attributes


async def test_the_next_meal_is_shown_with_its_name_and_portions(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30")
    await put(hass, station, "18:00", name="", params={"portions": 1})

    assert shown(hass).state == STATE_OFF
    assert shown(hass).attributes["message"] == "Meal: 1 portion"
    assert shown(hass).attributes["start_time"] == "2026-06-02 18:00:00"


async def test_a_meal_goes_on_for_its_minute_and_gives_way_to_the_next(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: DispatchCoordinator
) -> None:
    await put(hass, station, "12:01")
    await put(hass, station, "18:00", name="Supper")

    await pass_time(hass, freezer, 60)
    await settled(hass, station)
    assert shown(hass).state == STATE_ON
    assert shown(hass).attributes["message"] == "Dinner: 2 portions"

    await pass_time(hass, freezer, 59)
    assert shown(hass).state == STATE_OFF
    assert shown(hass).attributes["message"] == "Supper: 2 portions"


async def test_a_range_holds_each_occurrence_in_order(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30")
    await put(hass, station, "07:00", name="Breakfast", weekdays=("wed", "fri"))
    now = berlin_time("2026-06-02T12:00:00")

    assert await events(hass, now, now + timedelta(days=2)) == [
        ("2026-06-02T19:30:00+02:00", "Dinner: 2 portions"),
        ("2026-06-03T07:00:00+02:00", "Breakfast: 2 portions"),
        ("2026-06-03T19:30:00+02:00", "Dinner: 2 portions"),
    ]


async def test_a_range_begins_with_what_goes_on_and_ends_before_its_end(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30")
    end_of_first = berlin_time("2026-06-02T19:30:59")
    start_of_second = berlin_time("2026-06-03T19:30:00")
    second = timedelta(seconds=1)

    assert await events(hass, end_of_first, start_of_second) == []
    assert len(await events(hass, end_of_first - second, start_of_second)) == 1
    assert len(await events(hass, end_of_first, start_of_second + second)) == 1


async def test_past_days_stay_empty_and_a_huge_range_is_answered(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30")
    now = berlin_time("2026-06-02T12:00:00")

    assert await events(hass, now - timedelta(days=9), now) == []
    found = await events(hass, now, berlin_time("9999-01-01T00:00:00"))
    assert len(found) == 366


async def test_the_calendar_follows_the_meals(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30", meal_id="7")
    await put(hass, station, "20:15", meal_id="7", name="Late dinner")
    assert shown(hass).attributes["message"] == "Late dinner: 2 portions"

    await put(hass, station, "20:15", meal_id="7", enabled=False)
    assert "message" not in shown(hass).attributes

    await put(hass, station, "20:15", meal_id="7")
    station.handle(RemoveMeal("7"))
    await settled(hass, station)
    assert "message" not in shown(hass).attributes


async def test_the_words_are_those_of_the_user(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await speak_german(hass)

    await put(hass, station, "19:30", name="")

    assert shown(hass).attributes["message"] == "Mahlzeit: 2 Portionen"


async def test_a_meal_in_the_skipped_hour_is_shown_when_it_runs(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: DispatchCoordinator
) -> None:
    freezer.move_to(berlin_time("2027-03-27T12:00:00"))
    await put(hass, station, "02:30")

    start = berlin_time("2027-03-28T00:00:00")
    assert await events(hass, start, start + timedelta(days=1)) == [
        ("2027-03-28T03:00:00+02:00", "Dinner: 2 portions")
    ]


async def test_a_meal_as_the_clocks_are_set_back_is_shown_once_and_ends_after_it_began(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: DispatchCoordinator
) -> None:
    freezer.move_to(berlin_time("2026-10-24T12:00:00"))
    await put(hass, station, "02:59")

    start = berlin_time("2026-10-25T00:00:00")
    found = await calendar_events(hass, CALENDAR, start, start + timedelta(days=1))
    assert [(event["start"], event["end"]) for event in found] == [
        ("2026-10-25T02:59:00+02:00", "2026-10-25T02:59:59+02:00")
    ]


async def test_another_time_zone_moves_the_meals(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    await put(hass, station, "19:30")

    await hass.config.async_update(time_zone="America/New_York")
    await settled(hass, station)

    now = berlin_time("2026-06-02T12:00:00")
    assert await events(hass, now, now + timedelta(days=1)) == [
        ("2026-06-02T19:30:00-04:00", "Dinner: 2 portions")
    ]
