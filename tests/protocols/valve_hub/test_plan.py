"""A plan in local time becomes slots in UTC, at every offset and on every night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Place,
    Rule,
)
from custom_components.mqtt_dispatch.engine.plan.recurrence import occurrences
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

WIRE = PROTOCOLS["valve_hub"]
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KOLKATA = ZoneInfo("Asia/Kolkata")
WINTER = datetime(2026, 1, 14, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)
EVERY_DAY = frozenset(WEEKDAYS)
SUNDAY_BIT = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}


def a_run(time: str, *weekdays: str, meal_id: str = "1", **more: Any) -> Meal:
    return Meal(
        id=meal_id,
        name="Beds",
        rule=Rule(time, frozenset(weekdays) or EVERY_DAY),
        params={"valve": 0, "duration": 600},
        **more,
    )


def wanted(
    *meals: Meal, zone: tzinfo = UTC, at: datetime = WINTER, **nodes: dict[str, Any]
) -> dict[str, Any]:
    """Return the params of the plan by node; by default node 5 with 8 slots."""
    assert WIRE.planning is not None
    known = {name.removeprefix("n"): fields for name, fields in nodes.items()}
    site = Site(prefix="valvehub", nodes=known or {"5": {}}, zone=zone)
    found = WIRE.planning.wanted(site, meals, at.timestamp())
    assert {each.kind for each in found} <= {"set_plan"}
    return {each.node: each.params for each in found}


def slots(
    *meals: Meal, zone: tzinfo = UTC, at: datetime = WINTER
) -> list[dict[str, Any]]:
    return list(wanted(*meals, zone=zone, at=at)["5"]["slots"])


def when(meal: Meal, zone: tzinfo, at: datetime = WINTER) -> tuple[str, int]:
    (slot,) = slots(meal, zone=zone, at=at)
    return f"{slot['hour']:02}:{slot['minute']:02}", slot["days"]


def bits(*weekdays: str) -> int:
    return sum(1 << SUNDAY_BIT[weekday] for weekday in weekdays)


def test_a_line_of_the_plan_becomes_a_slot() -> None:
    meal = Meal(
        id="1",
        name="Beds",
        rule=Rule("06:05", frozenset({"mon", "sat"})),
        params={"valve": 3, "duration": 7200},
    )
    assert wanted(meal) == {
        "5": {
            "clear": 8,
            "slots": [
                {"hour": 6, "minute": 5, "days": 66, "valve": 3, "duration": 7200}
            ],
        }
    }


@pytest.mark.parametrize("weekday", WEEKDAYS)
class TestADay:
    def test_is_a_bit_from_sunday_to_saturday(self, weekday: str) -> None:
        assert when(a_run("12:00", weekday), UTC) == (
            "12:00",
            1 << SUNDAY_BIT[weekday],
        )

    def test_is_the_one_before_where_local_time_is_ahead_over_midnight(
        self, weekday: str
    ) -> None:
        yesterday = WEEKDAYS[WEEKDAYS.index(weekday) - 1]
        assert when(a_run("00:30", weekday), BERLIN) == ("23:30", bits(yesterday))

    def test_is_the_one_after_where_local_time_is_behind_over_midnight(
        self, weekday: str
    ) -> None:
        tomorrow = WEEKDAYS[(WEEKDAYS.index(weekday) + 1) % 7]
        assert when(a_run("21:00", weekday), NEW_YORK) == ("02:00", bits(tomorrow))

    def test_stays_where_midnight_is_not_passed(self, weekday: str) -> None:
        assert when(a_run("18:59", weekday), NEW_YORK) == ("23:59", bits(weekday))
        assert when(a_run("01:00", weekday), BERLIN) == ("00:00", bits(weekday))


def test_every_day_stays_every_day_over_midnight() -> None:
    assert when(a_run("00:30"), BERLIN) == ("23:30", 127)


@pytest.mark.parametrize(
    ("zone", "time", "slot"),
    [
        ("Asia/Kolkata", "06:00", ("00:30", bits("wed"))),
        ("Asia/Kolkata", "05:15", ("23:45", bits("tue"))),
        ("Asia/Kathmandu", "05:44", ("23:59", bits("tue"))),
        ("Australia/Lord_Howe", "11:00", ("00:00", bits("wed"))),
        ("America/St_Johns", "20:30", ("00:00", bits("thu"))),
        ("Pacific/Kiritimati", "13:59", ("23:59", bits("tue"))),
        ("Pacific/Pago_Pago", "13:00", ("00:00", bits("thu"))),
        ("UTC", "00:00", ("00:00", bits("wed"))),
    ],
)
def test_offsets_need_not_be_whole_hours(
    zone: str, time: str, slot: tuple[str, int]
) -> None:
    assert when(a_run(time, "wed"), ZoneInfo(zone)) == slot


# zone, the instant of the change, the slot of a run at 00:30 on Sundays before, after
NIGHTS = [
    (
        BERLIN,
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        ("23:30", bits("sat")),
        ("22:30", bits("sat")),
    ),
    (
        BERLIN,
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        ("22:30", bits("sat")),
        ("23:30", bits("sat")),
    ),
    (
        NEW_YORK,
        datetime(2026, 3, 8, 7, tzinfo=UTC),
        ("05:30", bits("sun")),
        ("04:30", bits("sun")),
    ),
    (
        NEW_YORK,
        datetime(2026, 11, 1, 6, tzinfo=UTC),
        ("04:30", bits("sun")),
        ("05:30", bits("sun")),
    ),
]


@pytest.mark.parametrize(("zone", "change", "before", "after"), NIGHTS)
class TestANightOnWhichClocksChange:
    def test_changes_the_plan_at_that_instant(
        self,
        zone: tzinfo,
        change: datetime,
        before: tuple[str, int],
        after: tuple[str, int],
    ) -> None:
        meal = a_run("00:30", "sun")
        last = change - timedelta(microseconds=1)
        assert when(meal, zone, last) == before
        assert when(meal, zone, change) == after

    def test_leaves_the_plan_as_it_is_on_both_its_sides(
        self,
        zone: tzinfo,
        change: datetime,
        before: tuple[str, int],
        after: tuple[str, int],
    ) -> None:
        meal = a_run("00:30", "sun")
        for days in range(1, 120):
            assert when(meal, zone, change - timedelta(days=days)) == before
            assert when(meal, zone, change + timedelta(days=days)) == after


@pytest.mark.parametrize(
    ("zone", "time", "winter", "summer"),
    [
        # only one of the two offsets passes midnight
        (BERLIN, "01:30", ("00:30", bits("wed")), ("23:30", bits("tue"))),
        (NEW_YORK, "19:30", ("00:30", bits("thu")), ("23:30", bits("wed"))),
    ],
)
def test_days_move_only_while_the_offset_passes_midnight(
    zone: tzinfo, time: str, winter: tuple[str, int], summer: tuple[str, int]
) -> None:
    meal = a_run(time, "wed")
    assert when(meal, zone, WINTER) == winter
    assert when(meal, zone, SUMMER) == summer


class TestThePlanOfANode:
    def test_has_its_lines_in_the_order_of_their_local_times(self) -> None:
        meals = [
            a_run("12:00", meal_id="3"),
            a_run("00:15", meal_id="10"),
            a_run("12:00", meal_id="20"),
            a_run("06:30", meal_id="1"),
        ]
        times = ["23:15", "05:30", "11:00", "11:00"]
        for order in (meals, meals[::-1]):
            found = [
                f"{slot['hour']:02}:{slot['minute']:02}"
                for slot in slots(*order, zone=BERLIN)
            ]
            assert found == times

    def test_is_the_same_in_whatever_order_its_lines_are_told(self) -> None:
        meals = [
            a_run("12:00", "mon", meal_id="9"),
            a_run("12:00", "tue", meal_id="10"),
        ]
        assert slots(*meals) == slots(*meals[::-1])

    def test_has_no_lines_that_are_off(self) -> None:
        assert slots(a_run("06:00", enabled=False)) == []

    def test_has_the_lines_for_it_and_for_all(self) -> None:
        found = wanted(
            a_run("06:00", meal_id="1"),
            a_run("07:00", meal_id="2", nodes=("5",)),
            a_run("08:00", meal_id="3", nodes=("6", "7")),
            n5={},
            n6={"slots": 3},
        )
        hours = {
            node: [slot["hour"] for slot in params["slots"]]
            for node, params in found.items()
        }
        assert hours == {"5": [6, 7], "6": [6, 8]}
        assert {node: params["clear"] for node, params in found.items()} == {
            "5": 8,
            "6": 3,
        }

    def test_is_empty_where_it_has_no_lines(self) -> None:
        assert wanted() == {"5": {"clear": 8, "slots": []}}

    def test_is_none_where_the_node_keeps_none(self) -> None:
        assert wanted(a_run("06:00"), n5={"slots": 0}) == {}

    def test_may_use_every_slot(self) -> None:
        meals = [a_run(f"{hour:02}:00", meal_id=str(hour)) for hour in range(8)]
        assert len(slots(*meals)) == 8

    def test_with_more_lines_than_slots_is_refused(self) -> None:
        meals = [a_run(f"{hour:02}:00", meal_id=str(hour)) for hour in range(9)]
        with pytest.raises(InvalidCommand) as refused:
            slots(*meals)
        assert refused.value.code == "plan_too_long"
        assert refused.value.placeholders == {"node": "5", "lines": "9", "slots": "8"}

    def test_counts_no_lines_that_are_off(self) -> None:
        meals = [
            a_run(f"{hour:02}:00", meal_id=str(hour), enabled=hour < 8)
            for hour in range(9)
        ]
        assert len(slots(*meals)) == 8

    def test_is_what_the_kind_takes(self) -> None:
        (params,) = wanted(a_run("00:30", "sun"), zone=BERLIN).values()
        assert WIRE.check("set_plan", params) == params

    def test_is_refused_where_a_line_makes_no_sense(self) -> None:
        meal = Meal(
            id="1",
            name="",
            rule=Rule("06:00", EVERY_DAY),
            params={"valve": 0, "duration": 7201},
        )
        with pytest.raises(InvalidCommand) as refused:
            slots(meal)
        assert refused.value.placeholders["field"] == "duration"


def test_the_params_of_a_line_are_those_of_a_run() -> None:
    assert WIRE.planning is not None
    assert set(WIRE.kinds[WIRE.planning.kind].fields) == {"valve", "duration"}


@cache
def minutes_of_a_week(
    zone: tzinfo, monday: datetime
) -> list[tuple[datetime, str, str]]:
    """Return each minute: in UTC, and as its owner reads weekday and time."""
    found = []
    for minute in range(7 * 24 * 60):
        utc = monday + timedelta(minutes=minute)
        local = utc.astimezone(zone)
        found.append((utc, WEEKDAYS[local.weekday()], f"{local:%H:%M}"))
    return found


def runs_at(slot: dict[str, Any], utc: datetime) -> bool:
    """Whether a node runs a slot at a minute, as the wire says."""
    return (utc.hour, utc.minute) == (slot["hour"], slot["minute"]) and bool(
        slot["days"] >> (utc.isoweekday() % 7) & 1
    )


QUIET_WEEKS = [
    datetime(2026, 1, 12, tzinfo=UTC),
    datetime(2026, 7, 13, tzinfo=UTC),
]
"""Weeks in which no clock changes."""
OFFSETS = st.sampled_from([BERLIN, NEW_YORK, KOLKATA]) | st.integers(-840, 840).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)


@settings(deadline=None, max_examples=60)
@given(
    time=st.times().map(lambda time: f"{time:%H:%M}"),
    weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    zone=OFFSETS,
    monday=st.sampled_from(QUIET_WEEKS),
)
@example("00:00", {"sun"}, BERLIN, QUIET_WEEKS[1])
@example("23:59", {"sat"}, NEW_YORK, QUIET_WEEKS[0])
@example("05:29", {"mon"}, KOLKATA, QUIET_WEEKS[0])
def test_slots_run_exactly_when_their_owner_reads_the_time_of_the_plan(
    time: str, weekdays: set[str], zone: tzinfo, monday: datetime
) -> None:
    (slot,) = slots(a_run(time, *weekdays), zone=zone, at=monday)
    meant, run = set(), set()
    for utc, weekday, local in minutes_of_a_week(zone, monday):
        if weekday in weekdays and local == time:
            meant.add(utc)
        if runs_at(slot, utc):
            run.add(utc)
    assert run == meant
    assert len(run) == len(weekdays)


class TestWhatANodeRuns:
    def runs(self, plan: dict[str, Any], start: datetime, days: float) -> list[str]:
        assert WIRE.planning is not None
        begin = start.timestamp()
        found = WIRE.planning.runs(
            Site(prefix="", nodes={}), "set_plan", plan, begin, begin + days * 86_400
        )
        return [
            f"{datetime.fromtimestamp(at, UTC):%a %H:%M} {params}"
            for at, params in sorted(found, key=lambda run: run[0])
        ]

    @pytest.mark.parametrize("zone", [UTC, BERLIN, NEW_YORK, KOLKATA])
    def test_is_what_is_planned_in_local_time(self, zone: tzinfo) -> None:
        meals = (
            a_run("00:15", "mon", "sat", meal_id="1"),
            a_run("23:50", "sun", meal_id="2"),
            a_run("12:00", meal_id="3"),
        )
        plan = wanted(*meals, zone=zone)["5"]
        assert WIRE.planning is not None
        start = WINTER.timestamp()
        found = {
            at
            for at, params in WIRE.planning.runs(
                Site(prefix="", nodes={}), "set_plan", plan, start, start + 14 * 86_400
            )
        }
        place = Place(zone)
        assert found == {
            one.at
            for meal in meals
            for one in occurrences(meal, start + 1, start + 14 * 86_400 + 1, place)
        }

    def test_is_told_with_valve_and_duration(self) -> None:
        plan = wanted(a_run("06:00", "thu"))["5"]
        run = "Thu 06:00 {'valve': 0, 'duration': 600}"
        assert self.runs(plan, WINTER, 7) == [run]

    def test_is_of_the_time_after_and_until(self) -> None:
        plan = wanted(a_run("12:00"))["5"]
        assert [each[:9] for each in self.runs(plan, WINTER, 1)] == ["Thu 12:00"]

    def test_is_nothing_where_it_holds_nothing(self) -> None:
        assert self.runs({"clear": 8, "slots": []}, WINTER, 7) == []


def test_other_commands_bring_no_plan() -> None:
    assert WIRE.planning is not None
    site = Site(prefix="", nodes={})
    assert not [*WIRE.planning.runs(site, "open_valve", {"valve": 1}, 0.0, 9e9)]
