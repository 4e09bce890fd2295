"""Dates that are otherwise, where nodes keep the plan and know no dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    PausePlan,
    ResumePlan,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Override,
    Place,
)
from custom_components.mqtt_dispatch.engine.model.pause import PlanPause
from custom_components.mqtt_dispatch.engine.model.reports import Needs
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from custom_components.mqtt_dispatch.engine.plan.node_lines import MARGIN, Cycle
from custom_components.mqtt_dispatch.engine.plan.recurrence import occurrences
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.engine.plan.keepers import Keepers
from tests.engine.plan.meal_samples import BERLIN, NEW_YORK, a_meal, utc

MONDAY = utc("2026-07-20T12:00")
"""14:00 in Berlin."""


@pytest.fixture(params=[7, 1], ids=["weekly", "daily"])
def keepers(request: pytest.FixtureRequest) -> Keepers:
    """Return nodes with a meal at 8:00 that has been fed for a day."""
    keepers = Keepers(MONDAY, request.param)
    keepers.put(a_meal("08:00"))
    keepers.live(MONDAY + DAY)
    assert keepers.ran["1"] == ["07-21T08:00 2"]
    keepers.ran = {"1": [], "2": []}
    return keepers


def days_of(keepers: Keepers) -> list[str]:
    return [each[:5] for each in keepers.ran["1"]]


class TestADateThatIsSkipped:
    def test_is_not_run_and_the_ones_after_are(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-23")
        keepers.live(MONDAY + 10 * DAY)

        ran = ["07-22", *(f"07-{day}" for day in range(24, 31))]
        assert days_of(keepers) == ran
        assert keepers.ran["1"] == keepers.ran["2"]

    def test_is_sent_as_a_plan_without_it_that_is_put_back(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-23")
        keepers.live(MONDAY + 10 * DAY)

        plans = keepers.all_of("set_plan")
        assert [plan.state for plan in plans] == [CommandState.SUCCEEDED] * 3
        assert {plan.timeline[0].cause for plan in plans} == {Cause.PLAN}
        assert plans[0].params == plans[2].params != plans[1].params
        put_back_at = utc("2026-07-23T06:00") + MARGIN
        assert plans[2].timeline[0].at == put_back_at

    def test_is_run_if_it_is_taken_back_in_time(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-23T05:00"))
        keepers.unskip("2026-07-23")
        keepers.live(utc("2026-07-23T12:00"))

        assert days_of(keepers) == ["07-22", "07-23"]

    def test_holds_over_a_restart_and_is_put_back_after_it(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-23T05:59"))
        keepers.crash()
        keepers.be_back_after_restart()
        keepers.live(MONDAY + 4 * DAY)

        assert days_of(keepers) == ["07-22", "07-24"]

    def test_that_passed_while_nothing_ran_is_put_back_at_the_start(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-23T05:00"))
        keepers.crash(away=8 * HOUR)
        keepers.be_back_after_restart()

        assert keepers.holds["1"] == keepers.plans()[0]
        assert keepers.all_of("set_plan")[-1].timeline[0].at == keepers.now.wall - 1

    def test_is_not_put_back_while_a_node_s_clock_may_be_behind(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-23")
        count = len(keepers.plans())
        keepers.live(utc("2026-07-23T06:00") + MARGIN - 1)
        before = len(keepers.plans())
        keepers.live(utc("2026-07-23T06:00") + MARGIN)

        assert len(keepers.plans()) == before + 1 > count

    def test_is_the_same_after_the_owner_has_moved(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-22T12:00"))
        keepers.zone = NEW_YORK
        keepers.tell(ZoneChanged(NEW_YORK))
        keepers.live(utc("2026-07-24T20:00"))

        assert days_of(keepers) == ["07-22", "07-24"]

    def test_changes_no_other_meal(self, keepers: Keepers) -> None:
        keepers.put(replace(a_meal("18:00", meal_id="dinner"), nodes=("2",)))
        keepers.skip("2026-07-23", "dinner")
        keepers.live(MONDAY + 4 * DAY)

        assert days_of(keepers) == ["07-22", "07-23", "07-24"]
        assert [each[:11] for each in keepers.ran["2"] if "18:00" in each] == [
            "07-21T18:00",
            "07-22T18:00",
        ]

    def test_is_left_to_a_clock_that_is_believed(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-22T12:00"))
        held = dict(keepers.holds["1"])
        keepers.set_clock(20 * HOUR)
        keepers.advance(MINUTE)
        assert keepers.plans()[-1] == held

        keepers.set_clock(-20 * HOUR)
        keepers.live(utc("2026-07-24T12:00"))
        assert days_of(keepers) == ["07-22", "07-24"]

    def test_is_not_put_back_to_a_node_that_lacks_it_by_a_wrong_clock(
        self, keepers: Keepers
    ) -> None:
        keepers.put(a_meal("18:00", meal_id="dinner"))
        keepers.skip("2026-07-23")
        keepers.live(utc("2026-07-22T12:00"))
        held = dict(keepers.holds["1"])
        keepers.set_clock(-utc("2026-07-22T12:00"))
        keepers.crash()
        keepers.be_back_after_restart()
        keepers.tell(Needs("1", "set_plan"))
        keepers.all_done()

        assert keepers.all_of("set_plan")[-1].timeline[0].cause is Cause.NODE
        assert keepers.plans()[-1] == held


class TestManyDates:
    def test_are_skipped_until_one(self, keepers: Keepers) -> None:
        meal = keepers.engine.ledger.meals["breakfast"]
        keepers.put(replace(meal, skipped_until=date(2026, 7, 24)))
        keepers.live(MONDAY + 7 * DAY)

        assert days_of(keepers) == ["07-25", "07-26", "07-27"]

    def test_are_skipped_while_the_plan_pauses(self, keepers: Keepers) -> None:
        keepers.tell(PausePlan(until=utc("2026-07-24T00:00"), reason="holiday"))
        keepers.live(MONDAY + 7 * DAY)

        assert days_of(keepers) == ["07-24", "07-25", "07-26", "07-27"]

    def test_come_again_once_a_pause_is_ended(self, keepers: Keepers) -> None:
        keepers.tell(PausePlan())
        keepers.live(MONDAY + 3 * DAY)
        keepers.tell(ResumePlan())
        keepers.live(MONDAY + 5 * DAY)

        assert days_of(keepers) == ["07-24", "07-25"]


class TestADateThatIsOtherwise:
    @pytest.mark.parametrize("time", ["07:30", "08:02", "21:00"])
    def test_is_run_at_its_time_alone(self, keepers: Keepers, time: str) -> None:
        meal = keepers.engine.ledger.meals["breakfast"]
        keepers.put(replace(meal, overrides={"2026-07-23": Override(time=time)}))
        keepers.live(MONDAY + 9 * DAY)

        expected = [f"07-{day}T08:00 2" for day in (22, 24, 25, 26, 27, 28, 29)]
        expected.insert(1, f"07-23T{time} 2")
        assert keepers.ran["1"] == expected

    def test_is_run_with_its_amount(self, keepers: Keepers) -> None:
        meal = keepers.engine.ledger.meals["breakfast"]
        more = {"2026-07-23": Override(params={"portions": 5})}
        keepers.put(replace(meal, overrides=more))
        keepers.live(MONDAY + 4 * DAY)

        amounts = [each[-1] for each in keepers.ran["1"]]
        assert amounts == ["2", "5", "2"]

    def test_is_told_to_the_nodes_once_and_put_back(self) -> None:
        keepers = Keepers(MONDAY)
        keepers.put(a_meal("08:00"))
        keepers.live(MONDAY + HOUR)
        meal = keepers.engine.ledger.meals["breakfast"]
        more = {"2026-07-23": Override(params={"portions": 5})}
        keepers.put(replace(meal, overrides=more))
        keepers.live(MONDAY + 12 * DAY)

        assert len(keepers.plans()) == 3
        assert keepers.engine.ledger.meals["breakfast"].overrides == {}


class TestARuleWithDates:
    def test_of_every_third_day_is_run_on_each(self) -> None:
        keepers = Keepers(MONDAY)
        rule = new_rule(time="08:00", every=3, first=date(2026, 7, 22))
        keepers.put(replace(a_meal(), rule=rule))
        keepers.live(MONDAY + 22 * DAY)

        days = [date(2026, 7, 22) + timedelta(days=3 * each) for each in range(7)]
        assert days_of(keepers) == [f"{day:%m-%d}" for day in days]

    def test_with_a_first_and_a_last_one_is_run_from_the_one_to_the_other(
        self, keepers: Keepers
    ) -> None:
        rule = new_rule(time="20:00", first=date(2026, 7, 30), until=date(2026, 8, 1))
        keepers.put(replace(a_meal(meal_id="late"), rule=rule))
        keepers.live(MONDAY + 20 * DAY)

        ran = [each for each in keepers.ran["1"] if "T20:00" in each]
        assert [each[:5] for each in ran] == ["07-30", "07-31", "08-01"]

    def test_for_one_date_is_run_once(self, keepers: Keepers) -> None:
        rule = new_rule(time="20:00", first=date(2026, 7, 30), until=date(2026, 7, 30))
        keepers.put(replace(a_meal(meal_id="once"), rule=rule))
        keepers.live(MONDAY + 20 * DAY)

        assert [each[:5] for each in keepers.ran["1"] if "T20:00" in each] == ["07-30"]


class TestARunThatLasts:
    """An hour from 8:00 in UTC, each day; 2026-07-22 is a Wednesday."""

    def lines(self, at: str, **otherwise: Override) -> dict[str, str]:
        """Return the days of each time, as nodes hold them then."""
        overrides = {f"2026-07-{day[1:]}": each for day, each in otherwise.items()}
        meal = replace(a_meal(), params={"seconds": 3600}, overrides=overrides)
        cycle = Cycle(utc(f"2026-07-{at}") - MARGIN, Place(UTC), 7, None, "seconds")
        return {
            line.rule.time: " ".join(
                day for day in WEEKDAYS if day in line.rule.weekdays
            )
            for line in cycle.lines(meal)
        }

    def test_is_put_back_after_a_date_that_was_moved_once_it_would_be_over(
        self,
    ) -> None:
        moved = Override(time="08:45")
        without = {"08:00": "mon tue thu fri sat sun"}
        assert self.lines("22T08:49", d22=moved) == {**without, "08:45": "wed"}
        assert self.lines("22T08:50", d22=moved) == without
        assert self.lines("22T09:04", d22=moved) == without
        assert self.lines("22T09:05", d22=moved) == {"08:00": " ".join(WEEKDAYS)}

    def test_is_put_elsewhere_once_it_would_be_over_there(self) -> None:
        moved = Override(time="07:15")
        without = {"08:00": "mon tue thu fri sat sun"}
        assert self.lines("22T08:04", d29=moved) == {"08:00": " ".join(WEEKDAYS)}
        assert self.lines("22T08:05", d29=moved) == without
        assert self.lines("22T08:20", d29=moved) == {**without, "07:15": "wed"}

    def test_stays_where_it_ran_the_week_before(self) -> None:
        """Nodes are told nothing twice a day for a change that is weeks away."""
        later = Override(skipped=True)
        for at in ("22T07:59", "22T08:05", "22T08:30", "22T09:05"):
            assert self.lines(at, d31=later)["08:00"] == ("mon tue wed thu fri sat sun")


@pytest.mark.parametrize("days", [7, 1], ids=["weekly", "daily"])
@pytest.mark.parametrize(
    ("change", "skipped"),
    [("2026-10-25T01:00", "2026-10-26"), ("2026-03-29T01:00", "2026-03-30")],
    ids=["autumn", "spring"],
)
def test_clocks_that_change_in_between_change_nothing(
    days: int, change: str, skipped: str
) -> None:
    keepers = Keepers(utc(change) - 3 * DAY, days)
    keepers.put(a_meal("08:00"))
    keepers.skip(skipped)
    keepers.live(utc(change) + 4 * DAY)

    begun = datetime.fromtimestamp(utc(change), BERLIN).date()
    around = (begun + timedelta(days=each) for each in range(-3, 4))
    expected = [f"{day:%m-%d}T08:00 2" for day in around if str(day) != skipped]
    assert keepers.ran["1"] == expected


def test_a_plain_meal_is_its_own_line_and_never_another() -> None:
    cycle = Cycle(MONDAY, Place(BERLIN), 7, PlanPause(0.0, MONDAY))
    for meal in (a_meal(), a_meal(weekdays=["mon", "sun"]), a_meal(enabled=False)):
        (line,) = cycle.lines(meal)
        assert line is meal
        assert cycle.changes_at(meal) is None


def test_nothing_is_ordered_for_a_plain_meal_as_time_passes() -> None:
    keepers = Keepers(MONDAY)
    keepers.put(a_meal("08:00"))
    keepers.live(MONDAY + 15 * DAY)

    assert len(keepers.plans()) == 1
    assert len(keepers.ran["1"]) == 15


def test_a_meal_that_is_not_to_come_yet_leaves_what_nodes_hold_alone() -> None:
    keepers = Keepers(MONDAY)
    keepers.put(replace(a_meal(), rule=new_rule(time="08:00", first=date(2026, 8, 20))))
    keepers.live(MONDAY + DAY)
    assert keepers.plans() == []

    keepers.live(utc("2026-08-14T06:00"))
    assert len(keepers.plans()) == 1


NOON = utc("2026-07-20T12:00")
DATES = [date(2026, 7, 20) + timedelta(days=each) for each in range(21)]
TIMES = ["00:00", "08:00", "08:03", "23:59"]
overrides = st.builds(
    Override,
    skipped=st.sampled_from([None, None, True, False]),
    time=st.sampled_from(["", "", *TIMES]),
    params=st.sampled_from([None, None, {"portions": 5}]),
)
rules = st.builds(
    new_rule,
    time=st.sampled_from(TIMES),
    weekdays=st.sampled_from([WEEKDAYS, WEEKDAYS, ("mon", "thu")]),
    every=st.sampled_from([1, 1, 1, 7]),
    first=st.sampled_from(DATES[:8:7]),
    until=st.sampled_from([None, DATES[11]]),
)


PAUSES = st.sampled_from([None, None, PlanPause(NOON + 3 * DAY, NOON + 5 * DAY)])
MEALS = st.builds(
    lambda rule, skipped_until, otherwise: replace(
        a_meal(), rule=rule, skipped_until=skipped_until, overrides=otherwise
    ),
    rules,
    st.sampled_from([None, None, *DATES[:6]]),
    st.dictionaries(
        st.sampled_from([str(day) for day in DATES]), overrides, max_size=3
    ),
)


def running(line: Meal, at: datetime) -> bool:
    is_time = line.rule.time == f"{at:%H:%M}"
    return is_time and WEEKDAYS[at.weekday()] in line.rule.weekdays


@settings(max_examples=60)
@given(
    meal=MEALS,
    pause=PAUSES,
    days=st.sampled_from([1, 7]),
    lag=st.floats(-MARGIN + 1.0, DAY - 2 * MARGIN),
)
def test_lines_stand_for_exactly_what_is_to_happen(
    meal: Meal, pause: PlanPause | None, days: int, lag: float
) -> None:
    """A node that took its lines up to a cycle before each minute is right in it."""
    if days == 1:
        daily = replace(meal.rule, weekdays=frozenset(WEEKDAYS), every=1)
        meal = replace(meal, rule=daily)
    place = Place(UTC)
    should = {
        (one.at, one.params["portions"])
        for one in occurrences(meal, NOON, NOON + 16 * DAY, place)
        if not one.skipped and not (pause and pause.covers(one.at))
    }
    lag *= days if lag > 0 else 1
    for day in range(1, 16):
        for time in TIMES:
            hour, minute = map(int, time.split(":"))
            at = NOON - 12 * HOUR + day * DAY + hour * HOUR + minute * MINUTE
            cycle = Cycle(max(at - lag, NOON) - MARGIN, place, days, pause)
            local = datetime.fromtimestamp(at, UTC)
            runs = {
                (at, line.params["portions"])
                for line in cycle.lines(meal)
                if running(line, local)
            }
            assert runs == {one for one in should if one[0] == at}


@settings(max_examples=60)
@given(
    meal=MEALS,
    pause=PAUSES,
    days=st.sampled_from([1, 7]),
    seconds=st.sampled_from([None, 600, 7200]),
)
def test_lines_are_the_same_until_they_are_said_to_change(
    meal: Meal, pause: PlanPause | None, days: int, seconds: int | None
) -> None:
    meal = replace(meal, params={"portions": 2, "seconds": seconds})
    lasts = None if seconds is None else "seconds"
    at, looked = NOON, 0
    while at < NOON + 16 * DAY:
        cycle = Cycle(at - MARGIN, Place(BERLIN), days, pause, lasts)
        changes_at = cycle.changes_at(meal)
        end = NOON + 16 * DAY if changes_at is None else changes_at
        assert end > at
        for share in (0.3, 0.999999):
            later = replace(cycle, after=at + share * (end - at) - MARGIN)
            assert later.lines(meal) == cycle.lines(meal)
        at, looked = end, looked + 1
    assert looked
