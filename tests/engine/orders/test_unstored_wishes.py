"""Promise 1: what could not be stored never was, whoever asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Outcome
from custom_components.mqtt_dispatch.engine.model.events import (
    CommitFailed,
    Committed,
    Dispatching,
    Event,
    PutMeal,
    PutMeals,
    RemoveMeal,
)
from tests.engine.driver import Driver, Writes
from tests.engine.plan.meal_samples import a_meal

BREAKFAST = replace(a_meal("23:00"), id="breakfast")


def stored(kitchen: Driver) -> dict[str, Any]:
    """Return what people asked for, as it would be written."""
    snapshot = kitchen.engine.snapshot()
    return {
        "commands": snapshot.commands,
        "meals": {meal.id: replace(meal, begins=None) for meal in snapshot.meals},
        "pause": snapshot.pause,
        "keys": snapshot.keys,
    }


@pytest.fixture
def planned(kitchen: Driver) -> Driver:
    """Return a station with a meal; its disk writes when it is told to."""
    kitchen.tell(PutMeal(BREAKFAST))
    kitchen.writes = Writes.WHEN_TOLD
    return kitchen


@pytest.mark.parametrize(
    "wish",
    [
        Dispatching(enabled=False),
        PutMeal(
            replace(BREAKFAST, id="supper", rule=replace(BREAKFAST.rule, time="22:00"))
        ),
        PutMeal(replace(BREAKFAST, rule=replace(BREAKFAST.rule, time="22:00"))),
        PutMeals(
            (
                replace(BREAKFAST, rule=replace(BREAKFAST.rule, time="22:00")),
                replace(BREAKFAST, id="supper"),
            )
        ),
        RemoveMeal("breakfast"),
    ],
    ids=["pause", "new_meal", "changed_meal", "several_meals", "removed_meal"],
)
def test_promise_1_a_wish_that_could_not_be_stored_changes_nothing(
    planned: Driver, wish: Event
) -> None:
    before = stored(planned)
    planned.tell(wish)
    assert stored(planned) != before
    planned.fail_to_commit()

    assert stored(planned) == before
    assert planned.commit_wanted, "the disk may have it all the same"


def test_promise_1_several_wishes_of_one_commit_are_taken_back_newest_first(
    planned: Driver,
) -> None:
    before = stored(planned)
    planned.tell(
        PutMeal(replace(BREAKFAST, rule=replace(BREAKFAST.rule, time="22:00")))
    )
    planned.tell(
        PutMeal(replace(BREAKFAST, rule=replace(BREAKFAST.rule, time="21:00")))
    )
    planned.tell(RemoveMeal("breakfast"))
    planned.fail_to_commit()

    assert stored(planned) == before


def test_promise_1_a_wish_that_came_while_another_was_written_waits_for_its_own_commit(
    planned: Driver,
) -> None:
    planned.pause()
    written = planned.engine.snapshot()
    feed = planned.feed()
    planned.tell(CommitFailed(written.revision))

    assert planned.engine.ledger.dispatching
    assert planned.engine.ledger.find(feed) is not None
    planned.commit()
    assert planned.disk.command(feed) is not None


def test_what_is_stored_is_not_taken_back_by_a_later_failure(planned: Driver) -> None:
    planned.pause()
    feed = planned.feed()
    planned.commit()
    planned.feed()
    planned.fail_to_commit()

    assert not planned.engine.ledger.dispatching
    assert [*planned.engine.ledger.open] == [feed]


def test_an_order_to_send_again_is_a_doubt_again(planned: Driver) -> None:
    feed = planned.feed()
    planned.commit()
    planned.commit()
    planned.advance(100.0)
    planned.commit()
    before = stored(planned)["commands"][0].deliveries
    planned.resolve(feed, Outcome.RESEND)
    planned.fail_to_commit()

    assert stored(planned)["commands"][0].deliveries == before


def test_a_meal_that_was_removed_meanwhile_needs_no_taking_back(
    planned: Driver,
) -> None:
    planned.tell(
        PutMeal(
            replace(BREAKFAST, id="supper", rule=replace(BREAKFAST.rule, time="22:00"))
        )
    )
    written = planned.engine.snapshot()
    planned.tell(RemoveMeal("supper"))
    planned.tell(CommitFailed(written.revision))
    planned.tell(Committed(planned.engine.ledger.revision))

    assert [*planned.engine.ledger.meals] == ["breakfast"]
