"""Answers: late, doubled, reordered, foreign, without an id."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
)
from tests.engine.driver import Driver, Writes

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
REJECTED = CommandState.REJECTED


def all_answers(node: str, command_id: int | None) -> list[Event]:
    return [
        Accepted(node, command_id),
        Rejected(node, command_id, "no"),
        Done(node, command_id),
        Failed(node, command_id, "no"),
    ]


def test_accepted_and_done_are_two_things(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.accept(feed, "1")
    assert kitchen.state(feed) is SENT
    kitchen.accept(feed, "2")
    assert kitchen.state(feed) is ACCEPTED
    kitchen.done(feed, "1")
    assert kitchen.state(feed) is ACCEPTED
    kitchen.done(feed, "2")
    assert kitchen.state(feed) is SUCCEEDED


def test_done_without_accepted_counts_as_both(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    kitchen.accept(feed, "2")
    assert kitchen.state(feed) is ACCEPTED

    kitchen.accept(feed, "1")
    assert kitchen.deliveries(feed) == [DeliveryState.DONE, DeliveryState.ACCEPTED]


def test_a_doubled_accept_does_not_put_the_done_timeout_off(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.accept(operate)
    kitchen.advance(80.0)
    revision = kitchen.engine.ledger.revision
    kitchen.accept(operate)
    assert kitchen.engine.ledger.revision == revision
    kitchen.advance(10.0)

    assert kitchen.state(operate) is CommandState.UNCONFIRMED


def test_a_refusal_by_one_of_two_nodes_ends_it_when_the_other_has_ended(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.reject(feed, "1", "empty")
    assert kitchen.state(feed) is SENT

    kitchen.done(feed, "2")
    assert kitchen.state(feed) is REJECTED
    assert kitchen.delivery(feed, "1").reason == "empty"


def test_a_failure_outweighs_a_refusal(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.reject(feed, "1", "empty")
    kitchen.fail(feed, "2", "jam")

    assert kitchen.state(feed) is FAILED


def test_a_refusal_after_acceptance_is_not_believed(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.accept(operate)
    kitchen.reject(operate, "1", "busy")

    assert kitchen.state(operate) is ACCEPTED


def test_promise_2_a_refusal_of_a_repeat_leaves_the_first_in_doubt(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(30.0)
    kitchen.reject(operate, "1", "busy")
    assert kitchen.state(operate) is CommandState.UNCONFIRMED
    assert kitchen.delivery(operate, "1").reason == "busy"

    kitchen.done(operate)
    assert kitchen.state(operate) is SUCCEEDED


@pytest.mark.parametrize(
    "outcome", [SUCCEEDED, FAILED, REJECTED, CommandState.CANCELLED]
)
def test_promise_3_no_answer_reopens_a_final_state(
    kitchen: Driver, outcome: CommandState
) -> None:
    if outcome is CommandState.CANCELLED:
        kitchen.pause()
    operate = kitchen.order("operate", "1")
    match outcome:
        case CommandState.SUCCEEDED:
            kitchen.done(operate)
        case CommandState.FAILED:
            kitchen.fail(operate, "1")
        case CommandState.REJECTED:
            kitchen.reject(operate, "1")
        case _:
            kitchen.cancel(operate)
    closed = kitchen.command(operate)
    assert closed.state is outcome

    for answer in all_answers("1", operate):
        kitchen.tell(answer)
    assert kitchen.command(operate) == closed
    assert kitchen.engine.answers.uncredited == {"late": 4}


@pytest.mark.parametrize("command_id", [2, 999, 0, -1, 2**70])
def test_an_unknown_id_credits_nothing(kitchen: Driver, command_id: int) -> None:
    operate = kitchen.order("operate", "1")
    before = kitchen.command(operate)
    for answer in all_answers("1", command_id):
        kitchen.tell(answer)

    assert kitchen.command(operate) == before
    assert kitchen.engine.answers.uncredited == {"foreign": 4}


@pytest.mark.parametrize("node", ["2", "3", ""])
def test_a_node_it_was_not_for_credits_nothing(kitchen: Driver, node: str) -> None:
    operate = kitchen.order("operate", "1")
    before = kitchen.command(operate)
    for answer in all_answers(node, operate):
        kitchen.tell(answer)

    assert kitchen.command(operate) == before
    assert kitchen.engine.answers.uncredited == {"foreign": 4}


def test_an_answer_to_what_still_waits_credits_nothing(kitchen: Driver) -> None:
    kitchen.pause()
    operate = kitchen.order("operate", "1")
    for answer in all_answers("1", operate):
        kitchen.tell(answer)

    assert kitchen.deliveries(operate) == [DeliveryState.PENDING]


def test_an_answer_to_what_has_not_left_yet_credits_nothing(kitchen: Driver) -> None:
    kitchen.pause()
    operate = kitchen.order("operate", "1")
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.go_on()
    assert kitchen.deliveries(operate) == [DeliveryState.SENT]
    for answer in all_answers("1", operate):
        kitchen.tell(answer)
    assert kitchen.deliveries(operate) == [DeliveryState.SENT]

    kitchen.commit()
    assert kitchen.published == [(operate, "1")]


def test_an_answer_that_makes_a_repeat_needless_keeps_it_from_leaving(
    kitchen: Driver,
) -> None:
    ping = kitchen.order("ping", "1")
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.advance(30.0)
    assert kitchen.delivery(ping, "1").attempts == 2
    kitchen.accept(ping)
    kitchen.commit()

    assert kitchen.state(ping) is ACCEPTED
    assert kitchen.times_published(ping, "1") == 1


def test_each_answer_goes_to_its_own_command(kitchen: Driver) -> None:
    first, second = kitchen.order("operate", "1"), kitchen.order("operate", "1")
    kitchen.done(first)
    assert kitchen.state(second) is SENT
    kitchen.done(first)

    assert kitchen.state(second) is SENT


def test_an_answer_without_id_goes_to_the_one_in_flight_there(kitchen: Driver) -> None:
    one, other = kitchen.order("operate", "1"), kitchen.order("operate", "2")
    kitchen.accept(None, "1")
    assert (kitchen.state(one), kitchen.state(other)) == (ACCEPTED, SENT)

    kitchen.done(None, "1")
    assert (kitchen.state(one), kitchen.state(other)) == (SUCCEEDED, SENT)


def test_an_answer_without_id_goes_to_nobody_when_two_are_in_flight(
    kitchen: Driver,
) -> None:
    operate, close = kitchen.order("operate", "1"), kitchen.order("close_valve", "1")
    kitchen.done(None, "1")

    assert (kitchen.state(operate), kitchen.state(close)) == (SENT, SENT)
    assert kitchen.engine.answers.uncredited == {"foreign": 1}


def test_an_answer_without_id_goes_to_nobody_when_none_is_in_flight(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.done(None, "1")

    assert kitchen.state(operate) is CommandState.UNCONFIRMED


def test_late_evidence_for_one_command_does_not_disturb_the_next(
    kitchen: Driver,
) -> None:
    first = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.advance(600.0)
    second = kitchen.order("operate", "1")
    kitchen.done(first)

    assert kitchen.state(first) is SUCCEEDED
    assert kitchen.state(second) is SENT


def test_a_timeline_tells_when_what_and_why(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(2.0)
    kitchen.accept(operate)
    kitchen.advance(3.0)
    kitchen.fail(operate, "1", "jam")

    start = kitchen.command(operate).created_at
    lines = [
        (entry.at - start, entry.state, entry.cause, entry.node, entry.detail)
        for entry in kitchen.command(operate).timeline
    ]
    assert lines == [
        (0.0, "queued", Cause.ACTION, None, ""),
        (0.0, "sent", Cause.SENT, "1", ""),
        (0.0, "sent", Cause.SENT, None, ""),
        (2.0, "accepted", Cause.NODE, "1", ""),
        (2.0, "accepted", Cause.NODE, None, ""),
        (5.0, "failed", Cause.NODE, "1", "jam"),
        (5.0, "failed", Cause.NODE, None, ""),
    ]


def test_a_timeline_is_bounded_and_keeps_its_beginning(kitchen: Driver) -> None:
    close = kitchen.order("close_valve", "1")
    beginning = kitchen.command(close).timeline[:3]
    kitchen.advance(3 * 3600.0)

    timeline = kitchen.command(close).timeline
    assert len(timeline) == 200
    assert timeline[:3] == beginning
    assert kitchen.now.wall - timeline[-1].at < 61.0


def test_a_flood_of_answers_writes_nothing(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.accept(operate)
    writes = kitchen.disk.writes
    for _ in range(500):
        kitchen.accept(operate)
        kitchen.done(999, "1")
        kitchen.reject(operate, "2")

    assert kitchen.disk.writes == writes


def test_an_answer_does_not_undo_what_a_person_decided(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.resolve(operate, Outcome.SUCCEEDED)
    kitchen.fail(operate, "1", "jam")

    assert kitchen.state(operate) is SUCCEEDED
