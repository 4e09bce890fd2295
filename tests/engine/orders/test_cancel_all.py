"""Emptying the queue: what is withdrawn, and what keeps its turn."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Withdrawn
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    CancelAll,
    PutMeal,
)
from tests.engine.driver import MINUTE, Driver, Writes
from tests.engine.plan.feeders import Feeders
from tests.engine.plan.meal_samples import a_meal


def cancel_all(driver: Driver) -> Withdrawn:
    (answer,) = (
        effect
        for effect in driver.tell(CancelAll("Ann"))
        if isinstance(effect, Withdrawn)
    )
    return answer


def test_all_that_was_never_sent_is_withdrawn_in_one_commit(kitchen: Driver) -> None:
    sent = kitchen.feed()
    waiting = (kitchen.feed(), kitchen.feed(), kitchen.order("operate", "1"))
    writes = kitchen.disk.writes

    answer = cancel_all(kitchen)
    assert answer == Withdrawn(waiting, ((sent, "already_sent"),))
    assert kitchen.disk.writes == writes + 1
    for command_id in waiting:
        assert kitchen.state(command_id) is CommandState.CANCELLED
        assert kitchen.command(command_id).timeline[-1].detail == "Ann"
    kitchen.crash()
    kitchen.all_ready()
    assert {command_id for command_id, _ in kitchen.published} == {sent}


def test_a_doubt_stands_and_is_said_to(kitchen: Driver) -> None:
    doubtful = kitchen.feed()
    kitchen.advance(20.0)

    assert cancel_all(kitchen) == Withdrawn((), ((doubtful, "already_sent"),))
    assert kitchen.state(doubtful) is CommandState.UNCONFIRMED


def test_what_must_be_done_keeps_its_turn(kitchen: Driver) -> None:
    kitchen.pause()
    closing = kitchen.order("close_valve", "1")
    feed = kitchen.feed()

    assert cancel_all(kitchen) == Withdrawn((feed,), ((closing, "must_be_done"),))
    kitchen.go_on()
    assert kitchen.published == [(closing, "1")]


def test_what_brings_nodes_their_plan_keeps_its_turn() -> None:
    feeders = Feeders()
    feeders.pause()
    feeders.tell(PutMeal(a_meal("08:00")))
    feeders.tell(Adopted("1", "welcome"))
    brought = [*feeders.engine.ledger.open]
    assert brought
    feed = feeders.feed()

    answer = cancel_all(feeders)
    assert answer.command_ids == (feed,)
    assert {*answer.kept} == {(one, "belongs_to_nodes") for one in brought}


def test_a_meal_that_waits_is_withdrawn_and_not_fed_later(kitchen: Driver) -> None:
    kitchen.pause()
    kitchen.tell(PutMeal(a_meal("12:01")))
    kitchen.advance(2 * MINUTE)
    (meal,) = kitchen.engine.ledger.open

    assert cancel_all(kitchen).command_ids == (meal,)
    kitchen.go_on()
    kitchen.advance(10 * MINUTE)
    assert kitchen.published == []


def test_an_empty_queue_has_nothing_to_withdraw(kitchen: Driver) -> None:
    assert cancel_all(kitchen) == Withdrawn((), ())


def test_what_cannot_be_stored_is_withdrawn_as_soon_as_it_can(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.writes = Writes.FAIL
    cancel_all(kitchen)
    kitchen.go_on()
    assert kitchen.published == []

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(MINUTE)
    stored = kitchen.disk.command(feed)
    assert stored is not None
    assert stored.state is CommandState.CANCELLED
