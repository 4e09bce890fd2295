"""Unconfirmed: held, settled by evidence or a person, never by time."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.orders.guards import portions_today
from tests.engine.driver import HOUR, MINUTE, Driver, Writes

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
UNCONFIRMED, FAILED = CommandState.UNCONFIRMED, CommandState.FAILED
SUCCEEDED = CommandState.SUCCEEDED


@pytest.fixture
def doubt(kitchen: Driver) -> Driver:
    """Return a station where feed 1 has just become unconfirmed."""
    kitchen.feed()
    kitchen.advance(10.0)
    assert kitchen.state(1) is UNCONFIRMED
    return kitchen


def test_the_next_of_the_lane_is_held_for_exactly_ten_minutes(doubt: Driver) -> None:
    following = doubt.feed()
    doubt.advance(10 * MINUTE - 0.25)
    assert doubt.state(following) is QUEUED

    doubt.advance(0.25)
    assert doubt.state(following) is SENT
    assert doubt.state(1) is UNCONFIRMED


def test_a_hold_is_a_deadline_of_its_own(doubt: Driver) -> None:
    doubt.reporting = ()
    doubt.disconnect()

    assert doubt.engine.next_deadline(doubt.now) == 10 * MINUTE


def test_only_its_own_lane_is_held(doubt: Driver) -> None:
    assert doubt.state(doubt.order("operate", "1")) is SENT


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome.SUCCEEDED, SUCCEEDED), (Outcome.FAILED, FAILED)],
)
def test_a_person_settles_it_and_the_lane_goes_on(
    doubt: Driver, outcome: Outcome, state: CommandState
) -> None:
    following = doubt.feed()
    doubt.resolve(1, outcome)

    assert doubt.state(1) is state
    assert doubt.causes(1)[-1] is Cause.PERSON
    assert doubt.state(following) is SENT


def test_a_person_may_have_it_sent_again(doubt: Driver) -> None:
    following = doubt.feed()
    doubt.resolve(1, Outcome.RESEND)
    assert doubt.times_published(1, "1") == 2
    assert doubt.times_published(1, "2") == 2

    doubt.accept(1)
    doubt.done(1)
    assert doubt.state(1) is SUCCEEDED
    assert doubt.state(following) is SENT


def test_only_the_nodes_in_doubt_get_it_again(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.accept(feed, "1")
    kitchen.done(feed, "1")
    kitchen.advance(10.0)
    kitchen.resolve(feed, Outcome.RESEND)

    assert kitchen.times_published(feed, "1") == 1
    assert kitchen.times_published(feed, "2") == 2


def test_sending_again_waits_for_the_gate_and_has_time_for_it(doubt: Driver) -> None:
    doubt.advance(2 * HOUR)
    doubt.busy("2")
    doubt.reporting = ("1",)
    doubt.resolve(1, Outcome.RESEND)
    assert doubt.whys(1) == [Why.NOT_READY]

    doubt.ready("2")
    doubt.advance(0.5)
    assert doubt.times_published(1, "2") == 2


def test_promise_2_one_send_again_is_one_sending(doubt: Driver) -> None:
    doubt.resolve(1, Outcome.RESEND)
    doubt.advance(HOUR)

    assert doubt.state(1) is UNCONFIRMED
    assert doubt.times_published(1, "1") == 2


def test_promise_3_sending_again_that_runs_out_of_time_is_in_doubt_as_before(
    doubt: Driver,
) -> None:
    doubt.pause()
    doubt.resolve(1, Outcome.RESEND)
    doubt.advance(HOUR - 0.5)
    assert doubt.state(1) is QUEUED

    doubt.advance(0.5)
    assert doubt.state(1) is UNCONFIRMED
    assert doubt.deliveries(1) == [DeliveryState.UNKNOWN] * 2


def test_promise_1_a_wish_to_send_again_that_was_not_stored_is_taken_back(
    doubt: Driver,
) -> None:
    following = doubt.feed()
    doubt.writes = Writes.WHEN_TOLD
    doubt.resolve(1, Outcome.RESEND)
    doubt.fail_to_commit()
    assert doubt.state(1) is UNCONFIRMED
    assert doubt.deliveries(1) == [DeliveryState.UNKNOWN] * 2

    doubt.writes = Writes.AT_ONCE
    doubt.advance(9 * MINUTE)
    assert doubt.times_published(1, "1") == 1
    assert doubt.whys(following) == [Why.UNCONFIRMED]


def test_what_is_sent_again_goes_before_what_came_later(doubt: Driver) -> None:
    doubt.pause()
    following = doubt.feed()
    doubt.resolve(1, Outcome.RESEND)
    doubt.go_on()

    assert (doubt.state(1), doubt.state(following)) == (SENT, QUEUED)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_an_unconfirmed_command_is_resolved(
    kitchen: Driver, outcome: Outcome
) -> None:
    feed = kitchen.feed()

    with pytest.raises(Refused) as refused:
        kitchen.resolve(feed, outcome)
    assert refused.value.code == "not_unconfirmed"
    assert kitchen.state(feed) is SENT


def test_resolving_what_is_closed_or_unknown_is_refused(doubt: Driver) -> None:
    doubt.resolve(1, Outcome.FAILED)

    with pytest.raises(Refused) as closed:
        doubt.resolve(1, Outcome.SUCCEEDED)
    with pytest.raises(Refused) as unknown:
        doubt.resolve(99, Outcome.SUCCEEDED)
    assert closed.value.code == "already_closed"
    assert closed.value.placeholders == {"command_id": "1", "state": "failed"}
    assert unknown.value.code == "unknown_command"


def test_late_done_settles_it(doubt: Driver) -> None:
    following = doubt.feed()
    doubt.done(1, "1")
    assert doubt.state(1) is UNCONFIRMED

    doubt.done(1, "2")
    assert doubt.state(1) is SUCCEEDED
    assert doubt.causes(1)[-1] is Cause.LATE_ANSWER
    assert doubt.state(following) is SENT


def test_late_failure_settles_it(doubt: Driver) -> None:
    doubt.fail(1, "1", "jam")
    doubt.done(1, "2")

    assert doubt.state(1) is FAILED
    assert doubt.delivery(1, "1").reason == "jam"


def test_late_refusal_settles_it(doubt: Driver) -> None:
    doubt.reject(1, "1", "empty")
    doubt.reject(1, "2", "empty")

    assert doubt.state(1) is CommandState.REJECTED


def test_late_accept_is_told_once_and_changes_nothing(doubt: Driver) -> None:
    doubt.accept(1, "1")
    timeline = doubt.command(1).timeline
    assert (timeline[-1].cause, timeline[-1].node) == (Cause.LATE_ANSWER, "1")

    doubt.accept(1, "1")
    assert doubt.command(1).timeline == timeline
    assert doubt.state(1) is UNCONFIRMED


def test_evidence_settles_what_waits_to_be_sent_again(doubt: Driver) -> None:
    doubt.pause()
    doubt.resolve(1, Outcome.RESEND)
    doubt.done(1)
    doubt.go_on()

    assert doubt.state(1) is SUCCEEDED
    assert doubt.times_published(1, "1") == 1


def test_a_doubt_outweighs_a_failure(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.fail(feed, "1", "jam")
    kitchen.advance(10.0)

    assert kitchen.state(feed) is UNCONFIRMED


def test_last_id_at_or_above_says_that_it_was_done(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(70.0)
    assert kitchen.state(operate) is UNCONFIRMED

    kitchen.heartbeat("1", drops_repeats=True, last_id=operate)
    assert kitchen.state(operate) is SUCCEEDED
    assert kitchen.causes(operate)[-1] is Cause.LAST_ID


def test_last_id_below_says_that_it_was_not_once_the_node_is_ready(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(70.0)
    kitchen.heartbeat("1", last_id=operate - 1)
    assert kitchen.state(operate) is UNCONFIRMED

    kitchen.ready("1", last_id=operate - 1)
    assert kitchen.state(operate) is FAILED
    assert kitchen.delivery(operate, "1").reason == "not_executed"


def test_last_id_of_a_node_that_may_repeat_settles_nothing(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.ready("1", last_id=operate)
    kitchen.ready("1", last_id=0)

    assert kitchen.state(operate) is UNCONFIRMED


def test_last_id_known_before_settles_it_when_its_time_ends(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.heartbeat("1", last_id=operate)
    assert kitchen.state(operate) is SENT
    kitchen.advance(70.0)

    assert kitchen.state(operate) is SUCCEEDED


def test_the_id_of_a_command_that_overtook_it_settles_nothing(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    lost = kitchen.order("operate", "1")
    kitchen.advance(70.0)
    kitchen.advance(10 * MINUTE)
    overtaking = kitchen.order("reboot", "1")
    kitchen.accept(overtaking)
    kitchen.done(overtaking)
    kitchen.heartbeat("1", last_id=overtaking)

    assert kitchen.state(lost) is UNCONFIRMED


def test_a_number_that_no_wire_can_hold_settles_nothing(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(70.0)
    kitchen.heartbeat("1", last_id=10**400)
    kitchen.heartbeat("1", last_id=2**31 - 1)

    assert kitchen.state(operate) is UNCONFIRMED
    assert kitchen.order("operate", "2") == operate + 1


def test_a_fallen_uptime_says_that_a_reboot_was_done(kitchen: Driver) -> None:
    kitchen.heartbeat("1", uptime=500.0)
    reboot = kitchen.order("reboot", "1")
    kitchen.heartbeat("1", uptime=501.0)
    assert kitchen.state(reboot) is SENT

    kitchen.advance(2.0)
    kitchen.heartbeat("1", uptime=2.0)
    assert kitchen.state(reboot) is SUCCEEDED
    assert kitchen.causes(reboot)[-1] is Cause.RESTARTED


def test_promise_3_a_report_that_was_overtaken_is_no_restart(kitchen: Driver) -> None:
    kitchen.heartbeat("1", uptime=500.0)
    reboot = kitchen.order("reboot", "1")
    kitchen.advance(10.0)
    kitchen.heartbeat("1", uptime=510.0)
    kitchen.heartbeat("1", uptime=505.0)

    assert kitchen.state(reboot) is UNCONFIRMED


def test_promise_3_a_restart_before_a_reboot_was_sent_is_not_its_doing(
    kitchen: Driver,
) -> None:
    kitchen.heartbeat("1", uptime=400.0)
    kitchen.reporting = ()
    kitchen.advance(14.0)
    reboot = kitchen.order("reboot", "1")
    kitchen.advance(60.0)
    kitchen.heartbeat("1", uptime=70.0)

    assert kitchen.state(reboot) is UNCONFIRMED


def test_a_fallen_uptime_says_so_of_an_unconfirmed_reboot_too(kitchen: Driver) -> None:
    kitchen.heartbeat("1", uptime=500.0)
    reboot = kitchen.order("reboot", "1")
    kitchen.advance(10.0)
    kitchen.heartbeat("1", uptime=3.0)

    assert kitchen.state(reboot) is SUCCEEDED


def test_a_fallen_uptime_says_nothing_of_a_reboot_that_has_not_left(
    kitchen: Driver,
) -> None:
    kitchen.heartbeat("1", uptime=500.0)
    kitchen.pause()
    reboot = kitchen.order("reboot", "1")
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.go_on()
    kitchen.advance(2.0)
    kitchen.heartbeat("1", uptime=2.0)
    kitchen.commit()

    assert kitchen.state(reboot) is SENT
    assert kitchen.published == [(reboot, "1")]


def test_a_fallen_uptime_says_nothing_of_other_commands_or_nodes(
    kitchen: Driver,
) -> None:
    kitchen.heartbeat("1", uptime=500.0)
    kitchen.heartbeat("2", uptime=500.0)
    reboot, operate = kitchen.order("reboot", "1"), kitchen.order("operate", "2")
    kitchen.heartbeat("2", uptime=1.0)
    kitchen.see("1", live=False, uptime=1.0)

    assert (kitchen.state(reboot), kitchen.state(operate)) == (SENT, SENT)


def test_an_unconfirmed_feed_counts_as_given_until_a_person_says_otherwise(
    doubt: Driver,
) -> None:
    def portions() -> int:
        return portions_today(doubt.engine.ledger, doubt.now.wall, doubt.station.zone)

    assert portions() == 1
    doubt.resolve(1, Outcome.FAILED)
    assert portions() == 0
