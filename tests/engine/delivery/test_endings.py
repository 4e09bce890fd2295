"""What may go on after its time, and what is ordered to end it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    HIGHEST_ID,
    Cause,
    Command,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.events import CancelAll
from custom_components.mqtt_dispatch.engine.model.policy import (
    ONCE,
    UNTIL_DONE,
    Policy,
)
from custom_components.mqtt_dispatch.engine.model.step import (
    Course,
    Silence,
    Undoing,
    Wanted,
)
from tests.engine.driver import DAY, HOUR, Driver, Writes, a_station

LASTS, WITHIN = 600.0, 60.0
KNOWN_BY = LASTS + WITHIN
OPENING = replace(ONCE, accept_timeout=10.0, done_timeout=120.0)
TOLD = replace(OPENING, silence=Silence.DONE)


class Taps(Driver):
    """Two taps, each of which is open for its time and says when it is closed."""

    def __init__(
        self,
        *,
        opening: Policy = OPENING,
        closing: Policy = UNTIL_DONE,
        ends_by_itself: bool = False,
        after: float = KNOWN_BY,
        **undoing: Any,
    ) -> None:
        def course_of(command: Command, node: str) -> Course:
            if command.kind != "open":
                return Course()
            by = Wanted(node=node, kind="close", params={}, key="tap")
            known = {"over": ("tap", "closed"), **undoing}
            return Course(
                lasts=LASTS,
                ends_by_itself=ends_by_itself,
                undoing=Undoing(by=by, after=after, **known),
            )

        super().__init__(
            a_station(
                policies={"open": opening, "close": closing, "other": ONCE},
                words={"course": course_of},
                online_age=DAY,
            )
        )
        self.all_ready()

    def opens(self, *nodes: str) -> int:
        """Have taps opened, and say that they are."""
        run = self.order("open", *nodes, key="tap")
        self.accept(run)
        return run

    def says(self, node: str, state: str) -> None:
        self.see(node, online=True, readings={"tap": state})

    def is_silent(self) -> None:
        self.reporting = ()
        for node in self.station.nodes:
            self.see(node, online=False)

    def closings(self) -> list[Command]:
        ledger = self.engine.ledger
        every = {**ledger.closed, **ledger.open}
        return [every[key] for key in sorted(every) if every[key].ends is not None]


@pytest.fixture
def taps() -> Taps:
    return Taps()


def test_each_node_of_an_order_is_ended_by_itself(taps: Taps) -> None:
    run = taps.opens()
    taps.advance(LASTS)
    taps.done(run, "1")
    taps.advance(WITHIN + 1)

    (closing,) = taps.closings()
    assert closing.nodes == ("2",)
    assert closing.ends == run
    assert taps.deliveries(run) == [DeliveryState.DONE, DeliveryState.UNKNOWN]
    assert taps.command(run).ended_by("1") is None
    assert taps.command(run).ended_by("2") == closing.id


def test_what_ends_it_is_stored_together_with_the_doubt(taps: Taps) -> None:
    run = taps.opens("1")
    taps.writes = Writes.WHEN_TOLD
    taps.advance(KNOWN_BY + 1)
    (closing,) = taps.closings()
    assert taps.times_published(closing.id, "1") == 0, "it is not on disk yet"

    taps.commit()
    stored = {command.id: command for command in taps.disk.read().commands}
    assert stored[run].ended_by("1") == closing.id
    assert closing.id in stored
    taps.commit()
    assert taps.times_published(closing.id, "1") == 1


def test_a_kill_before_it_was_stored_has_it_ordered_after_that(taps: Taps) -> None:
    run = taps.opens("1")
    taps.writes = Writes.WHEN_TOLD
    taps.advance(KNOWN_BY + 1)
    assert len(taps.closings()) == 1
    taps.crash()
    taps.writes = Writes.AT_ONCE
    taps.all_ready()
    taps.advance(10)

    (closing,) = taps.closings()
    assert closing.ends == run
    assert taps.times_published(closing.id, "1") == 1


def test_what_opens_after_it_was_closed_is_ended_all_the_same(taps: Taps) -> None:
    run = taps.order("open", "1", key="tap")
    closing = taps.order("close", "1", key="tap")
    taps.advance(1)
    taps.done(closing, "1")
    taps.advance(1)
    taps.accept(run, "1")
    taps.advance(KNOWN_BY + 1)

    assert [each.ends for each in taps.closings()] == [run]


def test_a_fault_while_it_is_open_ends_it_at_once(taps: Taps) -> None:
    run = taps.opens("1")
    taps.says("1", "open")
    taps.advance(100)
    taps.fail(run, "1", "jam")
    taps.advance(0)

    (closing,) = taps.closings()
    assert taps.state(run) is CommandState.FAILED
    assert taps.times_published(closing.id, "1") == 1
    taps.advance(0)
    taps.done(closing.id)
    assert taps.state(run) is CommandState.FAILED


def test_a_failure_of_what_is_closed_needs_no_end(taps: Taps) -> None:
    run = taps.opens("1")
    taps.says("1", "closed")
    taps.fail(run, "1", "low battery")
    taps.advance(HOUR)

    assert taps.closings() == []


def test_a_failure_of_what_never_says_how_it_is_is_ended() -> None:
    taps = Taps(over=None)
    run = taps.opens("1")
    taps.fail(run, "1", "jam")
    taps.advance(0)

    assert [each.ends for each in taps.closings()] == [run]


def test_a_refused_order_began_nothing(taps: Taps) -> None:
    run = taps.order("open", "1", key="tap")
    taps.reject(run, "1")
    taps.advance(HOUR)

    assert taps.closings() == []


def test_an_order_that_was_never_sent_began_nothing(taps: Taps) -> None:
    taps.disconnect()
    run = taps.order("open", "1", key="tap")
    taps.advance(HOUR)

    assert taps.state(run) is CommandState.EXPIRED
    assert taps.closings() == []


def test_a_removed_node_is_told_nothing(taps: Taps) -> None:
    taps.opens("1")
    taps.crash(away=HOUR, station=replace(taps.station, nodes=("2",)))
    taps.advance(HOUR)

    assert taps.closings() == []


def test_no_full_queue_keeps_it_from_being_ended() -> None:
    taps = Taps()
    settings = replace(taps.station.settings, max_open=1)
    taps.crash(station=replace(taps.station, settings=settings))
    taps.all_ready()
    taps.opens("1")
    taps.advance(KNOWN_BY + 1)

    assert len(taps.closings()) == 1


def test_without_a_number_left_nothing_can_be_ordered(taps: Taps) -> None:
    run = taps.opens("1")
    taps.engine.ledger.next_id = HIGHEST_ID + 1
    taps.advance(KNOWN_BY + WITHIN)

    assert taps.closings() == []
    assert taps.state(run) is CommandState.UNCONFIRMED, "a person is told"


def test_a_clock_that_is_not_believed_has_the_whole_time_pass(taps: Taps) -> None:
    taps.opens("1")
    taps.advance(LASTS / 2)
    taps.crash(away=-30 * DAY)
    taps.advance(KNOWN_BY - 1)
    assert taps.closings() == []

    taps.advance(2)
    assert len(taps.closings()) == 1


def test_once_the_clock_is_right_what_was_left_counts(taps: Taps) -> None:
    taps.opens("1")
    taps.crash(away=-30 * DAY)
    taps.advance(10)
    taps.set_clock(30 * DAY + HOUR)
    taps.advance(DAY)

    (closing,) = taps.closings()
    assert closing.created_at < taps.now.wall - DAY + KNOWN_BY


def test_what_was_proven_before_the_clock_was_right_is_not_ended(taps: Taps) -> None:
    run, other = taps.opens("1"), taps.order("other", "2")
    taps.crash(away=-30 * DAY)
    taps.connect()
    taps.ready()
    taps.done(run)
    taps.set_clock(30 * DAY + HOUR)
    taps.advance(DAY)

    assert taps.state(run) is CommandState.SUCCEEDED
    assert taps.command(other)
    assert taps.closings() == []


def test_a_clock_that_is_set_shortens_no_time(taps: Taps) -> None:
    taps.opens("1")
    taps.set_clock(HOUR)
    taps.advance(KNOWN_BY - 1)
    assert taps.closings() == []


def test_what_never_ends_by_itself_is_ended_at_its_time() -> None:
    taps = Taps(after=LASTS, goes_on=True)
    run = taps.opens("1")
    taps.advance(LASTS - 1)
    assert taps.closings() == []

    taps.advance(2)
    (closing,) = taps.closings()
    assert taps.state(run) is CommandState.ACCEPTED
    taps.done(closing.id)
    taps.advance(0)
    assert taps.state(run) is CommandState.SUCCEEDED, "opened and closed, as it said"
    assert taps.causes(run)[-1] is Cause.ENDED


def test_what_need_not_answer_and_goes_on_is_not_done_by_being_told() -> None:
    taps = Taps(opening=TOLD, after=LASTS, goes_on=True, ends_by_itself=True, over=None)
    run = taps.order("open", "1", key="tap")
    taps.advance(11)
    assert taps.state(run) is CommandState.ACCEPTED
    assert taps.causes(run)[-1] is Cause.TOLD
    taps.advance(LASTS)
    (closing,) = taps.closings()
    taps.done(closing.id)
    taps.advance(0)
    assert taps.state(run) is CommandState.ACCEPTED, "nobody said that it opened"

    taps.advance(120)
    assert taps.state(run) is CommandState.SUCCEEDED
    assert taps.causes(run)[-1] is Cause.RUN_OVER


def test_a_person_who_cancels_the_end_has_decided(taps: Taps) -> None:
    taps.opens("1")
    taps.is_silent()
    taps.advance(KNOWN_BY + 1)
    (closing,) = taps.closings()
    taps.cancel(closing.id)
    taps.crash()
    taps.all_ready()
    taps.advance(HOUR)

    assert taps.closings() == [taps.command(closing.id)]
    assert taps.times_published(closing.id, "1") == 0


def test_what_was_to_end_it_may_be_forgotten(taps: Taps) -> None:
    run = taps.opens("1")
    taps.is_silent()
    taps.advance(KNOWN_BY + 1)
    (closing,) = taps.closings()
    taps.cancel(closing.id)
    taps.archive()
    taps.commit()
    taps.history = ()
    taps.crash()
    taps.all_ready()
    taps.done(run)
    taps.advance(HOUR)

    assert taps.state(run) is CommandState.SUCCEEDED
    assert taps.closings() == []


def test_what_ends_it_does_not_leave_once_a_newer_one_may_begin(taps: Taps) -> None:
    run = taps.opens("1")
    taps.writes = Writes.WHEN_TOLD
    taps.advance(KNOWN_BY + 1)
    taps.commit()
    (closing,) = taps.closings()
    newer = taps.order("open", "1", key="tap")
    opening = taps.command(newer)
    taps.engine.deliveries.send(opening, "1", taps.now)
    taps.commit()
    taps.commit()

    assert closing.ends == run
    assert taps.times_published(closing.id, "1") == 0
    assert taps.state(closing.id) is CommandState.SUPERSEDED


def test_what_ends_it_waits_no_more_once_a_newer_one_was_sent(taps: Taps) -> None:
    run = taps.opens("1")
    taps.is_silent()
    taps.advance(KNOWN_BY + 1)
    (closing,) = taps.closings()
    newer = taps.order("open", "1", key="tap")
    taps.engine.deliveries.send(taps.command(newer), "1", taps.now)
    taps.advance(0)

    assert closing.ends == run
    assert taps.state(closing.id) is CommandState.SUPERSEDED


def test_who_empties_the_queue_leaves_what_ends_something() -> None:
    taps = Taps(closing=ONCE)
    taps.opens("1")
    taps.is_silent()
    taps.advance(KNOWN_BY + 1)
    (closing,) = taps.closings()
    taps.tell(CancelAll())

    assert taps.state(closing.id) is CommandState.QUEUED
