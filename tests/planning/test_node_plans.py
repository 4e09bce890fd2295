"""What nodes that keep the plan themselves can be given to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Override,
    Place,
    Rule,
    Sun,
)
from custom_components.mqtt_dispatch.engine.model.policy import DAY, HOUR
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from custom_components.mqtt_dispatch.engine.plan.node_lines import Cycle
from custom_components.mqtt_dispatch.planning.node_plans import check_node_plan
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.valve_hub.plan import slot_of
from custom_components.mqtt_dispatch.station import assembled
from simulator.valve_hub.slots import Slot

WALL = datetime(2026, 7, 20, 12, tzinfo=UTC).timestamp()
"""A Monday."""
HUB, PETNET = PROTOCOLS["valve_hub"], PROTOCOLS["petnet"]
PARAMS = {"valve_hub": {"valve": 0, "duration": 60}, "petnet": {"portions": 2}}
OTHER = {"valve_hub": {"valve": 0, "duration": 90}, "petnet": {"portions": 3}}
KINDS = {"valve_hub": "open_valve", "petnet": "feed"}


def refused(protocol: str, *meals: Meal, slots: int = 2) -> str | None:
    """Return why such a plan is refused, if it is."""
    spoken = PROTOCOLS[protocol]
    fields: dict[str, Any] = {"slots": slots} if protocol == "valve_hub" else {}
    site = Site(prefix="x", nodes={"5": fields})
    station = assembled(spoken, lambda: site, {}, Place(UTC), "Test")
    assert spoken.planning is not None
    try:
        check_node_plan(
            spoken.planning, site, station, meals, WALL, changed=ids_of(meals)
        )
    except InvalidCommand as invalid:
        return invalid.code
    return None


def a_meal(protocol: str, meal_id: str, rule: Rule, **fields: Any) -> Meal:
    return Meal(
        id=meal_id,
        name="",
        rule=rule,
        **{"kind": KINDS[protocol], "params": PARAMS[protocol]} | fields,
    )


def two_runs(**fields: Any) -> tuple[Meal, Meal]:
    """Return as many lines as fit, one of them otherwise on some dates."""
    return (
        a_meal("valve_hub", "1", new_rule(time="06:00"), **fields),
        a_meal("valve_hub", "2", new_rule(time="07:00")),
    )


@pytest.mark.parametrize("protocol", ["valve_hub", "petnet"])
class TestARule:
    def test_by_the_sun_is_refused(self, protocol: str) -> None:
        meal = a_meal(protocol, "1", new_rule(sun=Sun.SUNRISE))
        assert refused(protocol, meal) == "plan_no_sun"

    def test_by_the_sun_is_home_assistant_s_where_it_runs_it(
        self, protocol: str
    ) -> None:
        meal = a_meal(protocol, "1", new_rule(sun=Sun.SUNRISE), kind="reboot")
        assert refused(protocol, meal) is None

    def test_with_a_first_and_a_last_date_is_taken(self, protocol: str) -> None:
        rule = new_rule(time="06:00", first=date(2026, 8, 1), until=date(2026, 8, 9))
        assert refused(protocol, a_meal(protocol, "1", rule)) is None


@pytest.mark.parametrize(
    "rule",
    [
        new_rule(time="06:00", weekdays=["mon"]),
        new_rule(time="06:00", every=2, first=date(2026, 7, 21)),
    ],
)
def test_what_is_not_on_each_day_is_refused_where_nodes_run_it_on_each(
    rule: Rule,
) -> None:
    assert refused("petnet", a_meal("petnet", "1", rule)) == "plan_daily_only"
    assert refused("valve_hub", a_meal("valve_hub", "1", rule)) is None


class TestThePlaces:
    def test_are_enough_for_as_many_lines(self) -> None:
        assert refused("valve_hub", *two_runs()) is None

    def test_are_not_enough_for_one_more(self) -> None:
        more = a_meal("valve_hub", "3", new_rule(time="08:00"))
        assert refused("valve_hub", *two_runs(), more) == "plan_too_long"

    @pytest.mark.parametrize("day", ["2026-07-22", "2027-03-01"])
    def test_are_not_enough_for_a_date_that_is_otherwise_some_day(
        self, day: str
    ) -> None:
        changed = {day: Override(params=OTHER["valve_hub"])}
        assert refused("valve_hub", *two_runs(overrides=changed)) == "plan_too_long"

    def test_count_what_is_skipped_for_it_may_be_put_back(self) -> None:
        changed = {"2026-07-22": Override(skipped=True, time="05:00")}
        assert refused("valve_hub", *two_runs(overrides=changed)) == "plan_too_long"

    def test_are_enough_for_a_skip(self) -> None:
        skipped = {"2026-07-22": Override(skipped=True)}
        assert refused("valve_hub", *two_runs(overrides=skipped)) is None

    def test_are_enough_where_the_one_ends_before_the_other_begins(self) -> None:
        first, second = two_runs()
        ended = replace(first.rule, until=date(2026, 8, 1))
        begun = a_meal(
            "valve_hub", "3", new_rule(time="08:00", first=date(2026, 8, 20))
        )
        first = replace(first, rule=ended)
        assert refused("valve_hub", first, second, begun) is None

    def test_are_not_enough_where_both_are_of_one_week(self) -> None:
        first, second = two_runs()
        ended = replace(first.rule, until=date(2026, 8, 1))
        begun = a_meal("valve_hub", "3", new_rule(time="08:00", first=date(2026, 8, 3)))
        first = replace(first, rule=ended)
        assert refused("valve_hub", first, second, begun) == "plan_too_long"

    def test_are_taken_all_the_time_by_what_is_seldom(self) -> None:
        rule = new_rule(time="08:00", every=30, first=date(2026, 7, 1))
        more = a_meal("valve_hub", "3", rule)
        assert refused("valve_hub", *two_runs(), more) == "plan_too_long"

    def test_are_enough_for_two_dates_in_the_place_of_others(self) -> None:
        weekly = new_rule(time="06:00", weekdays=["wed"])
        changed = {
            "2026-07-22": Override(params=OTHER["valve_hub"]),
            "2026-08-26": Override(params={"valve": 0, "duration": 120}),
        }
        meal = a_meal("valve_hub", "1", weekly, overrides=changed)
        assert refused("valve_hub", meal, two_runs()[1]) is None


class TestLinesThatOverlap:
    """A node refuses the later one: nothing is stored that it would not run."""

    LONG = MappingProxyType({"valve": 1, "duration": 1801})

    def test_are_refused_whatever_their_valves_are(self) -> None:
        first, second = two_runs()
        second = replace(second, rule=new_rule(time="06:30"), params=self.LONG)
        assert refused("valve_hub", first, second) is None
        assert refused("valve_hub", replace(first, params=self.LONG), second) == (
            "plan_overlaps"
        )

    def test_are_named_with_the_time_at_which_they_would(self) -> None:
        first, second = two_runs()
        with pytest.raises(InvalidCommand) as invalid:
            check(first, replace(second, name="Lawn", rule=first.rule))
        assert invalid.value.placeholders == {
            "meal": "Lawn",
            "other": "06:00",
            "time": "2026-07-21T06:00",
        }

    def test_are_refused_for_a_date_that_is_moved(self) -> None:
        first, second = two_runs(overrides={"2027-03-01": Override(time="07:00")})
        assert refused("valve_hub", first, second, slots=3) == "plan_overlaps"
        skipped = {"2027-03-01": Override(skipped=True)}
        second = replace(second, overrides=skipped)
        assert refused("valve_hub", first, second, slots=3) is None

    def test_are_refused_for_one_date_more(self) -> None:
        day = date(2026, 7, 22)
        once = new_rule(time="06:00", first=day, until=day)
        meal = a_meal("valve_hub", "3", once)
        assert refused("valve_hub", *two_runs(), meal, slots=3) == "plan_overlaps"
        without = two_runs(overrides={str(day): Override(skipped=True)})
        assert refused("valve_hub", *without, meal, slots=3) is None

    def test_are_taken_on_days_of_their_own_and_at_nodes_of_their_own(self) -> None:
        first, second = two_runs()
        every = new_rule(time="06:00", every=2, first=date(2026, 7, 21))
        others = replace(every, first=date(2026, 7, 22))
        first, second = replace(first, rule=every), replace(second, rule=others)
        assert refused("valve_hub", first, second) is None
        every_third = replace(others, every=3)
        assert refused("valve_hub", first, replace(second, rule=every_third)) == (
            "plan_overlaps"
        )

    def test_are_taken_where_one_is_switched_off(self) -> None:
        first, second = two_runs()
        second = replace(second, rule=first.rule, enabled=False)
        assert refused("valve_hub", first, second) is None

    def test_are_taken_in_the_night_in_which_clocks_change(self) -> None:
        """The node counts in UTC: nothing happens twice in it there."""
        first, second = two_runs()
        first = replace(first, rule=new_rule(time="02:30"))
        second = replace(second, rule=new_rule(time="03:00"))
        check(first, second, zone="Europe/Berlin")

    def test_are_refused_beside_one_that_runs_at_this_moment(self) -> None:
        """It is over, and its line still there: it is that of the next week."""
        first, _ = two_runs()
        long = {"valve": 1, "duration": 3600}
        first = replace(first, rule=new_rule(time="11:30"), params=long)
        today = date(2026, 7, 20)
        rule = new_rule(time="12:29", first=today, until=today)
        now = a_meal("valve_hub", "3", rule)
        assert refused("valve_hub", first, now, slots=3) == "plan_overlaps"
        soon = replace(now, rule=replace(rule, time="12:30"))
        assert refused("valve_hub", first, soon, slots=3) is None

    def test_are_refused_by_no_feeder(self) -> None:
        rule = new_rule(time="06:00")
        meals = (a_meal("petnet", meal_id, rule) for meal_id in "12")
        assert refused("petnet", *meals) is None


def check(*meals: Meal, zone: str = "UTC") -> None:
    """Check a plan of a hub for a node with eight places."""
    site = Site(prefix="x", nodes={"5": {"slots": 8}}, zone=ZoneInfo(zone))
    station = assembled(HUB, lambda: site, {}, Place(ZoneInfo(zone)), "Test")
    assert HUB.planning is not None
    check_node_plan(HUB.planning, site, station, meals, WALL, changed=ids_of(meals))


def ids_of(meals: Iterable[Meal]) -> set[str]:
    return {meal.id for meal in meals}


@given(
    runs=st.lists(
        st.tuples(
            st.integers(0, 23),
            st.integers(0, 59),
            st.integers(1, 7200),
            st.sets(st.sampled_from(WEEKDAYS), min_size=1),
        ),
        min_size=2,
        max_size=2,
    ),
    zone=st.sampled_from(["UTC", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_what_is_taken_is_what_a_node_takes(
    runs: list[tuple[int, int, int, set[str]]], zone: str
) -> None:
    lines = [
        a_meal(
            "valve_hub",
            str(number),
            new_rule(time=f"{hour:02}:{minute:02}", weekdays=days),
            params={"valve": 0, "duration": duration},
        )
        for number, (hour, minute, duration, days) in enumerate(runs)
    ]
    refusal: str | None = None
    try:
        check(*lines, zone=zone)
    except InvalidCommand as invalid:
        refusal = invalid.code
    assert refusal in ("plan_overlaps", None)
    days = [WALL + month * 30 * 24 * 3600 for month in range(12)]
    assert (refusal is None) == all(
        not one.overlaps(other)
        for wall in days
        for one, other in [[Slot(**slot_of(m, ZoneInfo(zone), wall)) for m in lines]]
    )


DAYS = [date(2026, 7, 20) + timedelta(days=each) for each in range(15)]
TIMES = ["05:15", "06:00", "06:45", "07:30"]
RUN_TIMES = st.sampled_from([600, 2700, 3600, 7200])
HOUR_RUNS = st.builds(lambda duration: {"valve": 0, "duration": duration}, RUN_TIMES)
RULES = st.one_of(
    st.builds(
        new_rule,
        time=st.sampled_from(TIMES),
        weekdays=st.sampled_from([WEEKDAYS, ("wed",)]),
    ),
    st.builds(
        new_rule,
        time=st.sampled_from(TIMES),
        every=st.sampled_from([1, 2, 14]),
        first=st.sampled_from(DAYS[:8]),
        until=st.sampled_from([None, None, *DAYS[8:]]),
    ),
)
OVERRIDES = st.builds(
    Override,
    skipped=st.sampled_from([None, True]),
    time=st.sampled_from(["", *TIMES]),
    params=st.none() | HOUR_RUNS,
)
PLANS = st.lists(
    st.builds(
        lambda rule, params, overrides: a_meal(
            "valve_hub", "", rule, params=params, overrides=overrides
        ),
        RULES,
        HOUR_RUNS,
        st.dictionaries(
            st.sampled_from([str(day) for day in DAYS]), OVERRIDES, max_size=3
        ),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=200)
@given(plan=PLANS, minutes=st.sampled_from(range(0, 4 * 60, 5)))
@example(
    plan=[
        a_meal(
            "valve_hub",
            "",
            new_rule(time="06:00"),
            params={"valve": 0, "duration": 3600},
            overrides={"2026-07-22": Override(time="06:45")},
        )
    ],
    minutes=0,
)
def test_what_is_taken_never_goes_down_as_lines_that_overlap(
    plan: list[Meal], minutes: int
) -> None:
    begins = WALL + 17 * HOUR + 60 * minutes
    meals = [replace(meal, id=str(number)) for number, meal in enumerate(plan)]
    site = Site(prefix="x", nodes={"5": {"slots": 99}})
    station = assembled(HUB, lambda: site, {}, Place(UTC), "Test")
    assert HUB.planning is not None
    try:
        check_node_plan(
            HUB.planning, site, station, meals, begins, changed=ids_of(meals)
        )
    except InvalidCommand as invalid:
        # There are slots for all of them.
        if invalid.code != "plan_overlaps":
            raise
        return
    at: float | None = begins
    while at is not None and at < begins + 16 * DAY:
        cycle = Cycle.at(at, station, None)
        lines = [line for meal in meals for line in cycle.lines(meal)]
        slots = [Slot(**slot_of(line, UTC, at)) for line in lines]
        for one, other in combinations(slots, 2):
            assert not one.overlaps(other), datetime.fromtimestamp(at, UTC)
        moments = [change for change in map(cycle.changes_at, meals) if change]
        at = min(moments, default=None)
