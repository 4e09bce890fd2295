"""Meals that nodes feed by themselves: dispensed, failed or missed, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    PausePlan,
    PutMeal,
    RemoveMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.engine.plan.meal_samples import a_meal
from tests.engine.plan.tellers import EIGHT, MORNING, Feeder

SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
MISSED = CommandState.EXPIRED


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


def test_a_meal_of_which_its_node_tells_late_was_fed(feeder: Feeder) -> None:
    feeder.until(EIGHT + 400.0)
    assert feeder.states() == [MISSED]
    feeder.fed(EIGHT + 5.0)
    assert feeder.states() == [MISSED, SUCCEEDED]

    feeder.until(EIGHT + HOUR)
    assert feeder.overdue == []


def test_what_is_overdue_is_so_no_longer_once_its_node_tells_of_it(
    feeder: Feeder,
) -> None:
    feeder.until(EIGHT + HOUR)
    assert len(feeder.engine.ledger.overdue) == 1
    feeder.fed(EIGHT + 5.0)
    feeder.fed(EIGHT + 5.0)

    assert feeder.engine.ledger.overdue == {}
    assert feeder.states() == [MISSED, SUCCEEDED]


def test_a_failure_that_is_told_late_leaves_it_missed(feeder: Feeder) -> None:
    feeder.until(EIGHT + 400.0)
    feeder.fed(EIGHT + 5.0, reason="jam")

    assert feeder.states() == [MISSED]


def test_a_node_that_is_new_at_a_station_was_not_expected_to_feed_before(
    feeder: Feeder,
) -> None:
    feeder.tell(PutMeal(a_meal("08:00", meal_id="all")))
    feeder.tell(RemoveMeal("breakfast"))
    feeder.until(EIGHT + MINUTE)
    for node in ("1", "2"):
        feeder.fed(EIGHT + 5.0, node)
    feeder.until(EIGHT + 2 * HOUR)
    feeder.crash(away=MINUTE, station=replace(feeder.station, nodes=("1", "2", "3")))
    feeder.connect()
    feeder.advance(HOUR)
    assert feeder.overdue == []

    feeder.advance(DAY)
    assert len(feeder.overdue) == 3


def test_a_node_that_a_meal_is_for_since_was_not_expected_to_feed_before(
    feeder: Feeder,
) -> None:
    feeder.until(EIGHT + MINUTE)
    feeder.fed(EIGHT + 5.0)
    feeder.until(EIGHT + 2 * HOUR)
    meal = feeder.engine.ledger.meals["breakfast"]
    feeder.tell(PutMeal(replace(meal, nodes=("1", "2"))))
    feeder.advance(HOUR)

    assert (feeder.states("2"), feeder.overdue) == ([], [])


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
