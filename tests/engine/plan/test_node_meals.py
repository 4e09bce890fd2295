"""Meals that nodes feed by themselves: dispensed, failed or missed, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from custom_components.mqtt_dispatch.engine.ledger.commit_requests import REPORTS_SHARE
from custom_components.mqtt_dispatch.engine.ledger.dispensed import LIMIT
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    PausePlan,
    PutMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import Dispensed
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, a_station, policies
from tests.engine.plan.meal_samples import a_meal, utc

MORNING = utc("2026-07-20T07:00")
MIDNIGHT = utc("2026-07-21T00:00")
EIGHT = utc("2026-07-20T08:00")
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
MISSED = CommandState.EXPIRED


class Feeder(Driver):
    """Drives feeders that keep the plan and tell what they dispensed."""

    def __init__(
        self, *meals: Meal, keeper: PlanKeeper = PlanKeeper.NODES_THAT_TELL
    ) -> None:
        super().__init__(
            a_station(
                nodes=("1", "2"),
                policies=policies(feed={}),
                words={"plan_keeper": keeper},
            ),
            wall=MORNING,
        )
        self.connect()
        for meal in meals or (replace(a_meal("08:00"), nodes=("1",)),):
            self.tell(PutMeal(meal))

    def until(self, wall: float) -> None:
        self.advance(wall - self.now.wall)

    def fed(
        self,
        started_at: float,
        node: str = "1",
        *,
        planned: bool = True,
        reason: str = "",
    ) -> None:
        self.tell(
            Dispensed(
                node=node,
                started_at=started_at,
                planned=planned,
                grams=12.0,
                reason=reason,
            )
        )

    def records(self, node: str = "1") -> list[Command]:
        assert not self.engine.ledger.open
        return [
            command
            for _, command in sorted(self.engine.ledger.closed.items())
            if command.nodes == (node,)
        ]

    def states(self, node: str = "1") -> list[CommandState]:
        return [command.state for command in self.records(node)]


@pytest.fixture
def feeder() -> Feeder:
    """Return a feeder with a meal at 8:00, at 7:00."""
    return Feeder()


def test_a_meal_that_its_node_tells_of_is_dispensed(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT + 5.0)

    assert feeder.states() == [SUCCEEDED]
    assert feeder.records()[0].params == {"portions": 2}


@pytest.mark.parametrize("off", [-300.0, -60.0, 0.0, 60.0, 299.0])
def test_a_meal_is_told_of_within_five_minutes_of_its_time(
    feeder: Feeder, off: float
) -> None:
    feeder.until(EIGHT + 299.5)
    feeder.fed(EIGHT + off)

    assert feeder.states() == [SUCCEEDED]


@pytest.mark.parametrize("off", [-301.0, -HOUR])
def test_what_was_fed_earlier_is_no_meal(feeder: Feeder, off: float) -> None:
    feeder.until(EIGHT + MINUTE)
    feeder.fed(EIGHT + off)

    assert feeder.states() == []


def test_a_meal_that_its_node_failed_to_feed_failed_and_says_why(
    feeder: Feeder,
) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT, reason="bowl is full")

    assert feeder.states() == [FAILED]
    assert feeder.records()[0].timeline[-1].detail == "bowl is full"


def test_a_meal_that_nobody_tells_of_is_missed_after_five_minutes(
    feeder: Feeder,
) -> None:
    feeder.until(EIGHT + 299.0)
    assert feeder.states() == []

    feeder.until(EIGHT + 300.0)
    assert feeder.states() == [MISSED]
    assert feeder.records()[0].timeline[-1].cause is Cause.MISSED


def test_promise_3_a_meal_that_was_missed_stays_so(feeder: Feeder) -> None:
    feeder.until(EIGHT + 400.0)
    feeder.fed(EIGHT + 5.0)

    assert feeder.states() == [MISSED]


def test_a_meal_that_is_told_of_twice_is_one(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT + 5.0)
    feeder.fed(EIGHT + 5.0)

    assert feeder.states() == [SUCCEEDED]


def test_a_meal_that_is_told_of_again_after_a_restart_is_one(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT + 5.0)
    feeder.crash()
    feeder.connect()
    feeder.fed(EIGHT + 5.0)
    feeder.advance(HOUR)

    assert feeder.states() == [SUCCEEDED]


def test_what_was_failed_and_is_fed_a_minute_later_failed(feeder: Feeder) -> None:
    feeder.until(EIGHT + 120.0)
    feeder.fed(EIGHT + 5.0, reason="jam")
    feeder.fed(EIGHT + 65.0)

    assert feeder.states() == [FAILED]


def test_a_button_feeds_no_meal(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT, planned=False)
    feeder.until(EIGHT + HOUR)

    assert feeder.states() == [MISSED]


def test_a_button_is_remembered_as_the_last_that_was_fed(feeder: Feeder) -> None:
    feeder.fed(MORNING - 60.0, planned=False)
    feeder.fed(MORNING - 30.0, planned=False, reason="jam")
    feeder.crash()

    assert feeder.engine.ledger.feeds.dispensed.last_fed("1") == MORNING - 60.0


def test_a_meal_for_all_nodes_is_one_at_each() -> None:
    feeder = Feeder(a_meal("08:00"))
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT, "2")
    feeder.until(EIGHT + 300.0)

    assert feeder.states("1") == [MISSED]
    assert feeder.states("2") == [SUCCEEDED]


def test_two_meals_close_to_each_other_are_told_apart() -> None:
    feeder = Feeder(
        replace(a_meal("08:00"), nodes=("1",)),
        replace(a_meal("08:04", meal_id="more"), nodes=("1",)),
    )
    feeder.until(EIGHT + 250.0)
    feeder.fed(EIGHT + 3.0)
    feeder.fed(EIGHT + 243.0)
    feeder.until(EIGHT + HOUR)

    assert feeder.states() == [SUCCEEDED, SUCCEEDED]


def test_two_meals_that_are_both_fed_late_are_two() -> None:
    feeder = Feeder(
        replace(a_meal("08:00"), nodes=("1",)),
        replace(a_meal("08:02", meal_id="more"), nodes=("1",)),
    )
    feeder.until(EIGHT + 290.0)
    feeder.fed(EIGHT + 130.0)
    feeder.fed(EIGHT + 200.0)
    feeder.until(EIGHT + HOUR)

    assert feeder.states() == [SUCCEEDED, SUCCEEDED]


def test_each_day_has_its_meal(feeder: Feeder) -> None:
    for day in range(3):
        feeder.until(EIGHT + day * DAY + 20.0)
        feeder.fed(EIGHT + day * DAY + 5.0)
    feeder.advance(HOUR)

    assert feeder.states() == [SUCCEEDED] * 3


def test_a_disabled_meal_is_not_missed() -> None:
    feeder = Feeder(a_meal("08:00", enabled=False))
    feeder.until(EIGHT + HOUR)

    assert feeder.states("1") == feeder.states("2") == []


def test_what_nobody_could_hear_is_not_missed(feeder: Feeder) -> None:
    feeder.until(EIGHT - 60.0)
    feeder.disconnect()
    feeder.until(EIGHT + 60.0)
    feeder.connect()
    feeder.until(EIGHT + HOUR)

    assert feeder.states() == []


def test_what_is_told_when_the_connection_is_back_counts(feeder: Feeder) -> None:
    feeder.until(EIGHT - 60.0)
    feeder.disconnect()
    feeder.until(EIGHT + 6 * HOUR)
    feeder.connect()
    feeder.fed(EIGHT + 5.0)

    assert feeder.states() == [SUCCEEDED]


def test_a_meal_in_days_of_absence_is_neither_missed_nor_dispensed(
    feeder: Feeder,
) -> None:
    feeder.crash(away=3 * DAY)
    feeder.connect()
    feeder.advance(MINUTE)

    assert feeder.states() == []


def test_a_node_whose_clock_is_a_little_ahead_is_believed(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT + 60.0)

    assert feeder.states() == [SUCCEEDED]


@pytest.mark.parametrize("at", [EIGHT + DAY, EIGHT - 3 * DAY, 0.0])
def test_a_node_whose_clock_is_wrong_fills_no_book(feeder: Feeder, at: float) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(at)

    assert feeder.states() == []
    assert not [*feeder.engine.ledger.feeds.dispensed]


def test_a_stranger_feeds_no_meal(feeder: Feeder) -> None:
    feeder.until(EIGHT + 20.0)
    feeder.fed(EIGHT, "9")

    assert not [*feeder.engine.ledger.feeds.dispensed]


def test_nodes_that_do_not_tell_miss_nothing() -> None:
    feeder = Feeder(keeper=PlanKeeper.NODES)
    feeder.until(EIGHT + HOUR)

    assert feeder.states("1") == []


def test_a_clock_set_back_by_years_does_not_hide_what_is_missed() -> None:
    feeder = Feeder()
    feeder.set_clock(4 * 365 * DAY)
    feeder.advance(MINUTE)
    feeder.set_clock(-4 * 365 * DAY)
    feeder.connect()
    feeder.until(EIGHT + DAY + HOUR)

    assert feeder.states()[-1] is MISSED


class TestTheCountsOfADay:
    """They fall to nought when it ends, also while a node is silent."""

    def told_late(self) -> Feeder:
        feeder = Feeder(keeper=PlanKeeper.NODES)
        feeder.until(MIDNIGHT - HOUR)
        feeder.disconnect()
        return feeder

    def grams(self, feeder: Feeder) -> float:
        return view(feeder.engine, feeder.now).nodes["1"].grams_today

    def test_of_what_nodes_fed(self) -> None:
        feeder = self.told_late()
        feeder.fed(MIDNIGHT - HOUR, planned=False)
        assert self.grams(feeder) == 12.0

        assert feeder.engine.next_deadline(feeder.now) == HOUR
        feeder.until(MIDNIGHT)
        assert self.grams(feeder) == 0.0

    def test_of_a_node_whose_clock_is_a_little_ahead(self) -> None:
        feeder = self.told_late()
        feeder.until(MIDNIGHT - MINUTE)
        feeder.fed(MIDNIGHT + MINUTE, planned=False)
        assert self.grams(feeder) == 0.0

        assert feeder.engine.next_deadline(feeder.now) == MINUTE
        feeder.until(MIDNIGHT)
        assert self.grams(feeder) == 12.0


def flood(feeder: Feeder, reports: int) -> None:
    for number in range(reports):
        feeder.fed(MORNING - number, planned=False)
        feeder.advance(0.1)


def test_a_node_that_tells_much_takes_nothing_from_another(feeder: Feeder) -> None:
    feeder.fed(MORNING - HOUR, "2", planned=False)
    flood(feeder, 2 * LIMIT)

    told = feeder.engine.ledger.feeds.dispensed
    assert [report.node for report in told].count("1") == LIMIT
    assert told.last_fed("2") == MORNING - HOUR
    assert feeder.engine.ledger.feeds.dispensed.last_fed("1") == MORNING


def test_promise_6_many_reports_share_commits(feeder: Feeder) -> None:
    writes = feeder.disk.writes
    flood(feeder, 600)
    feeder.advance(REPORTS_SHARE)

    assert feeder.disk.writes - writes <= 2 + 60.0 / REPORTS_SHARE
    assert len(feeder.disk.read().dispensed) == 600


def test_what_a_node_says_now_and_then_is_stored_at_once(feeder: Feeder) -> None:
    for number in range(3):
        feeder.fed(feeder.now.wall, planned=False)
        assert len(feeder.disk.read().dispensed) == number + 1
        feeder.advance(REPORTS_SHARE)


class TestASkippedDate:
    @pytest.fixture
    def feeder(self) -> Feeder:
        """Return a feeder whose meal at 8:00 is skipped today."""
        feeder = Feeder()
        feeder.tell(SkipMeal("breakfast", date(2026, 7, 20)))
        return feeder

    def test_that_the_node_did_not_feed_is_skipped(self, feeder: Feeder) -> None:
        feeder.until(EIGHT + HOUR)

        assert feeder.states() == [CommandState.CANCELLED]
        assert feeder.records()[0].timeline[-1].cause is Cause.SKIPPED

    def test_that_the_node_fed_all_the_same_was_fed(self, feeder: Feeder) -> None:
        feeder.until(EIGHT + 20.0)
        feeder.fed(EIGHT + 5.0)
        feeder.until(EIGHT + HOUR)

        assert feeder.states() == [SUCCEEDED]

    def test_is_followed_by_one_that_is_missed_if_nobody_tells_of_it(
        self, feeder: Feeder
    ) -> None:
        feeder.until(EIGHT + DAY + HOUR)

        assert feeder.states() == [CommandState.CANCELLED, MISSED]

    def test_in_a_pause_of_the_plan_is_skipped_for_its_reason(self) -> None:
        feeder = Feeder()
        feeder.tell(PausePlan(until=EIGHT + MINUTE, reason="at the vet's"))
        feeder.until(EIGHT + HOUR)

        assert feeder.states() == [CommandState.CANCELLED]
        assert feeder.records()[0].timeline[-1].detail == "at the vet's"

    def test_is_never_overdue(self, feeder: Feeder) -> None:
        feeder.until(EIGHT + 6 * HOUR)

        assert feeder.engine.ledger.overdue == {}
