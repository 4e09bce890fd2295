"""What feeders should hold of the plan, and of the time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Place,
    Rule,
)
from custom_components.mqtt_dispatch.engine.model.step import Wanted
from custom_components.mqtt_dispatch.engine.plan.recurrence import occurrences
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.nonempty import some

from .site import DEVICE, OTHER, SITE, WIRE

BREAKFAST = {"id": "4", "time": "08:00", "portions": 4, "active": True}


# the plan

DAILY = frozenset(WEEKDAYS)
WINTER = datetime(2026, 1, 15, tzinfo=ZoneInfo("UTC")).timestamp()
SUMMER = datetime(2026, 7, 15, tzinfo=ZoneInfo("UTC")).timestamp()


def a_meal(
    meal_id: str = "4",
    *,
    time: str = "08:00",
    weekdays: frozenset[str] = DAILY,
    **changes: Any,
) -> Meal:
    return Meal(
        **{
            "id": meal_id,
            "name": "Breakfast",
            "rule": Rule(time, weekdays),
            "params": {"portions": 4},
            **changes,
        }
    )


def wanted(
    *meals: Meal, wall: float = WINTER, site: Site = SITE
) -> dict[tuple[str, str], Any]:
    assert WIRE.planning is not None
    found = WIRE.planning.wanted(site, meals, wall)
    assert all(isinstance(each, Wanted) for each in found)
    return {(each.node, each.kind): each.params for each in found}


def test_each_feeder_holds_the_meals_that_are_for_it() -> None:
    found = wanted(a_meal(), a_meal("7", time="18:30", nodes=(OTHER,), enabled=False))
    late = {"id": "7", "time": "18:30", "portions": 4, "active": False}
    assert found[DEVICE, "set_schedule"] == {"entries": [BREAKFAST]}
    assert found[OTHER, "set_schedule"] == {"entries": [BREAKFAST, late]}


def test_a_feeder_holds_its_meals_in_the_order_of_the_day() -> None:
    found = wanted(a_meal("7", time="18:30"), a_meal("4", time="08:00"))
    entries = found[DEVICE, "set_schedule"]["entries"]
    assert [entry["time"] for entry in entries] == ["08:00", "18:30"]


def test_without_meals_a_feeder_holds_none() -> None:
    assert wanted()[DEVICE, "set_schedule"] == {"entries": []}


def test_what_is_wanted_can_be_said_and_stays_as_it_is() -> None:
    for (_, kind), params in some(wanted(a_meal()).items()):
        assert WIRE.check(kind, params) == params
    assert wanted(a_meal()) == wanted(a_meal(), wall=WINTER + 3600)


@pytest.mark.parametrize(
    ("zone", "wall", "seconds"),
    [
        ("Europe/Berlin", WINTER, 3600),
        ("Europe/Berlin", SUMMER, 7200),
        ("America/New_York", WINTER, -18000),
        ("Asia/Kathmandu", WINTER, 20700),
        ("Pacific/Kiritimati", WINTER, 50400),
        ("UTC", WINTER, 0),
    ],
)
def test_each_feeder_knows_how_far_its_clock_is_from_utc(
    zone: str, wall: float, seconds: int
) -> None:
    site = Site(prefix="krs", nodes={DEVICE: {}}, zone=ZoneInfo(zone))
    found = wanted(wall=wall, site=site)
    assert found[DEVICE, "set_utc_offset"] == {"seconds": seconds}


def test_the_offset_is_another_from_the_second_on_which_clocks_change() -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=ZoneInfo("UTC")).timestamp()
    before, after = (
        wanted(wall=wall)[DEVICE, "set_utc_offset"]["seconds"]
        for wall in (change - 1, change)
    )
    assert (before, after) == (3600, 7200)


def test_the_offset_comes_before_the_schedule_that_is_read_by_it() -> None:
    assert [kind for node, kind in wanted() if node == DEVICE] == [
        "set_utc_offset",
        "set_schedule",
    ]


def test_a_plan_has_an_end() -> None:
    with pytest.raises(InvalidCommand) as refused:
        wanted(*(a_meal(str(number)) for number in range(17)))
    assert refused.value.code == "plan_too_long"
    assert refused.value.placeholders["lines"] == "17"
    assert refused.value.placeholders["slots"] == "16"


# what a feeder feeds by it


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_a_feeder_feeds_what_is_planned_in_local_time(zone: str) -> None:
    place = Place(ZoneInfo(zone))
    site = Site(prefix="krs", nodes={DEVICE: {}}, zone=place.zone)
    meals = (a_meal(), a_meal("7", time="00:00"), a_meal("8", enabled=False))
    schedule = wanted(*meals, site=site)[DEVICE, "set_schedule"]
    start, end = WINTER + 60, WINTER + 3 * 86_400 + 60
    assert WIRE.planning is not None
    found = sorted(
        at
        for at, params in WIRE.planning.runs(site, "set_schedule", schedule, start, end)
    )

    assert found == sorted(
        one.at for meal in meals for one in occurrences(meal, start, end, place)
    )
    assert len(found) == 6


def test_a_feeder_feeds_as_many_portions_as_its_schedule_says() -> None:
    schedule = wanted(a_meal())[DEVICE, "set_schedule"]
    assert WIRE.planning is not None
    day = WINTER, WINTER + 86_400
    ((_, params),) = WIRE.planning.runs(SITE, "set_schedule", schedule, *day)

    assert params == {"portions": 4}
    assert not [*WIRE.planning.runs(SITE, "set_utc_offset", {"seconds": 0}, *day)]
