"""What nodes are about to do otherwise than planned is told before they do it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.events import (
    PausePlan,
    PutMeal,
    RemoveMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Override
from custom_components.mqtt_dispatch.engine.model.reports import Needs
from custom_components.mqtt_dispatch.engine.plan.node_lines import MARGIN
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.engine.plan.keepers import Keepers
from tests.engine.plan.meal_samples import a_meal, utc

MONDAY = utc("2026-07-20T12:00")
"""14:00 in Berlin."""
EIGHT = utc("2026-07-21T06:00")
"""08:00 in Berlin, on the next day."""
SKIPPED = [f"{node} runs breakfast skipped 07-21T08:00" for node in "12"]


@pytest.fixture(params=[7, 1], ids=["weekly", "daily"])
def keepers(request: pytest.FixtureRequest) -> Keepers:
    """Return nodes that hold a meal at 8:00 and have gone away."""
    keepers = Keepers(MONDAY, request.param)
    keepers.put(a_meal("08:00"))
    keepers.live(MONDAY + HOUR)
    keepers.go_away()
    return keepers


class TestASkipThatDidNotArrive:
    def test_is_told_half_an_hour_before(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-21")
        keepers.live(EIGHT - 30 * MINUTE - 1)
        assert keepers.warned() == []

        keepers.live(EIGHT - 30 * MINUTE)
        assert keepers.warned() == SKIPPED
        shown = view(keepers.engine, keepers.now).deviations
        assert shown == keepers.engine.plan.deviations.found

    def test_is_told_until_the_date_is_over_and_was_told_in_truth(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-21")
        keepers.live(EIGHT + MARGIN - 1)
        assert keepers.warned() == SKIPPED
        assert keepers.ran["1"] == ["07-21T08:00 2"]

        keepers.live(EIGHT + MARGIN)
        assert keepers.warned() == []

    def test_is_told_no_longer_once_it_arrives(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-21")
        keepers.live(EIGHT - 10 * MINUTE)
        keepers.be_back()
        assert keepers.warned() == SKIPPED
        keepers.live(EIGHT - 9 * MINUTE)

        assert keepers.warned() == []
        keepers.live(EIGHT + HOUR)
        assert keepers.ran["1"] == []

    def test_has_half_of_the_time_that_is_left(self, keepers: Keepers) -> None:
        keepers.live(EIGHT - 20 * MINUTE)
        keepers.skip("2026-07-21")
        keepers.live(EIGHT - 10 * MINUTE - 1)
        assert keepers.warned() == []

        keepers.live(EIGHT - 10 * MINUTE)
        assert keepers.warned() == SKIPPED

    def test_is_told_after_a_start_in_between(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-21")
        keepers.crash(away=EIGHT - 15 * MINUTE - keepers.now.wall)

        assert keepers.warned() == SKIPPED

    def test_is_not_told_by_a_clock_that_is_not_believed(
        self, keepers: Keepers
    ) -> None:
        keepers.skip("2026-07-21")
        keepers.set_clock(EIGHT - 15 * MINUTE - keepers.now.wall)
        keepers.advance(MINUTE)

        assert keepers.warned() == []

    def test_is_nothing_once_it_is_taken_back(self, keepers: Keepers) -> None:
        keepers.skip("2026-07-21")
        keepers.live(EIGHT - 10 * MINUTE)
        keepers.unskip("2026-07-21")

        assert keepers.warned() == []


class TestWhatElseDidNotArrive:
    def test_is_a_date_that_is_put_back(self, keepers: Keepers) -> None:
        keepers.be_back()
        keepers.skip("2026-07-21")
        keepers.live(EIGHT)
        keepers.go_away()
        next_time = EIGHT + keepers.station.plan_cycle * DAY
        keepers.live(next_time - 20 * MINUTE)

        day = "07-28" if keepers.station.plan_cycle > 1 else "07-22"
        left_out = [f"{node} leaves out breakfast {day}T08:00" for node in "12"]
        assert keepers.warned() == left_out

    def test_is_a_pause_of_the_plan(self, keepers: Keepers) -> None:
        keepers.tell(PausePlan(reason="holiday"))
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == SKIPPED

    def test_is_a_date_that_was_moved(self, keepers: Keepers) -> None:
        meal = keepers.engine.ledger.meals["breakfast"]
        moved = {"2026-07-21": Override(time="08:10")}
        keepers.put(replace(meal, overrides=moved))
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == [
            *(f"{node} runs breakfast 07-21T08:00" for node in "12"),
            *(f"{node} leaves out breakfast 07-21T08:10" for node in "12"),
        ]

    def test_is_an_amount(self, keepers: Keepers) -> None:
        meal = keepers.engine.ledger.meals["breakfast"]
        more = {"2026-07-21": Override(params={"portions": 5})}
        keepers.put(replace(meal, overrides=more, nodes=("1",)))
        keepers.live(EIGHT - 20 * MINUTE)

        found = [
            (each.runs, each.params)
            for each in keepers.engine.plan.deviations.found
            if each.node == "1"
        ]
        assert found == [(True, {"portions": 2}), (False, {"portions": 5})]

    def test_is_a_new_meal(self, keepers: Keepers) -> None:
        keepers.put(replace(a_meal("08:05", meal_id="more"), nodes=("1",)))
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == ["1 leaves out more 07-21T08:05"]

    def test_is_one_that_was_removed(self, keepers: Keepers) -> None:
        keepers.tell(RemoveMeal("breakfast"))
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == [f"{node} runs  07-21T08:00" for node in "12"]

    def test_is_what_a_node_refused(self, keepers: Keepers) -> None:
        keepers.be_back()
        keepers.reachable = False
        keepers.skip("2026-07-21")
        keepers.fail(keepers.all_of("set_plan")[-1].id, "1", "overlap")
        keepers.done(keepers.all_of("set_plan", "2")[-1].id)
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == SKIPPED[:1]

    def test_is_all_of_a_node_that_says_that_it_holds_nothing(
        self, keepers: Keepers
    ) -> None:
        keepers.tell(Needs("1", "set_plan"))
        keepers.live(EIGHT - 20 * MINUTE)

        assert keepers.warned() == ["1 leaves out breakfast 07-21T08:00"]

    def test_is_nothing_that_nodes_do_right_all_the_same(
        self, keepers: Keepers
    ) -> None:
        keepers.put(a_meal("18:00", meal_id="dinner"))
        keepers.live(EIGHT + HOUR)
        assert keepers.warned() == []
        assert keepers.ran["1"] == ["07-21T08:00 2"]


def test_a_plan_that_is_held_is_never_warned_of() -> None:
    keepers = Keepers(MONDAY)
    keepers.put(a_meal("08:00"))
    keepers.skip("2026-07-23")
    warned = []
    for _ in range(14 * 24 * 4):
        keepers.live(keepers.now.wall + 15 * MINUTE)
        warned += keepers.warned()

    assert warned == []


def test_a_node_that_never_took_a_plan_does_nothing_of_it() -> None:
    keepers = Keepers(MONDAY)
    keepers.go_away()
    keepers.tell(PutMeal(a_meal("08:00")))
    keepers.live(EIGHT - 20 * MINUTE)

    assert keepers.warned() == [f"{n} leaves out breakfast 07-21T08:00" for n in "12"]
