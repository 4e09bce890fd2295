"""Nodes that say busy, and nodes that remember ids for a while only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Busy,
    Done,
    Failed,
    Hello,
    Rejected,
)
from tests.engine.driver import HOUR, MINUTE, Driver, Writes, a_station, policies

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
UNCONFIRMED = CommandState.UNCONFIRMED

RULES = policies(run_pump={"attempts": 20, "expires_in": HOUR}, ping={}, stop_pump={})


def a_driver(**numbers: Any) -> Driver:
    driver = Driver(a_station(policies=RULES, drops_repeats_for=300.0, **numbers))
    driver.all_ready(drops_repeats=True)
    return driver


@pytest.fixture
def pump() -> Driver:
    """Return nodes that drop repeats for 5 minutes after they first came."""
    return a_driver()


class TestBusy:
    def test_is_waited_out_without_costing_an_attempt(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        assert pump.delivery(run, "1").attempts == 0
        assert pump.whys(run) == [Why.BUSY]

        pump.advance(29.5)
        assert pump.times_published(run, "1") == 1
        pump.advance(0.5)
        assert pump.times_published(run, "1") == 2
        assert pump.delivery(run, "1").attempts == 1

    def test_that_never_ends_ends_when_the_command_expires(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1", expires_in=10 * MINUTE)
        for _ in range(30):
            pump.tell(Busy("1", run))
            pump.advance(30.0)

        assert pump.state(run) is CommandState.EXPIRED
        assert pump.times_published(run, "1") == 20

    def test_does_not_end_where_attempts_do(self, pump: Driver) -> None:
        ping = pump.order("ping", "1")
        for _ in range(10):
            pump.tell(Busy("1", ping))
            pump.advance(30.0)

        assert pump.state(ping) is SENT
        assert pump.times_published(ping, "1") == 11

    def test_leaves_the_other_node_of_a_command_alone(self, pump: Driver) -> None:
        ping = pump.order("ping", "1", "2")
        pump.accept(ping, "2")
        pump.tell(Busy("1", ping))
        pump.advance(29.5)
        assert pump.times_published(ping, "1") == 1

        pump.advance(0.5)
        assert pump.times_published(ping, "1") == 2
        assert pump.times_published(ping, "2") == 1

    def test_promise_5_is_told_of_one_node_of_two(self, pump: Driver) -> None:
        ping = pump.order("ping", "1", "2")
        pump.accept(ping, "2")
        pump.tell(Busy("1", ping))

        assert pump.whys(ping) == [Why.BUSY]
        assert pump.reasons(ping)[0].node == "1"

    def test_lets_a_person_cancel_what_certainly_did_not_begin(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.cancel(run)
        pump.advance(HOUR)

        assert pump.state(run) is CommandState.CANCELLED
        assert pump.times_published(run, "1") == 1

    def test_to_a_repeat_does_not_unsay_the_first(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(30.0)
        assert pump.times_published(run, "1") == 2

        pump.tell(Busy("1", run))
        assert pump.state(run) is SENT
        assert pump.delivery(run, "1").attempts == 1

    def test_that_comes_twice_counts_once(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.tell(Busy("1", run))

        assert pump.state(run) is QUEUED
        assert pump.whys(run) == [Why.BUSY]
        assert not pump.engine.answers.past.foreign
        assert pump.times_published(run, "1") == 1

    def test_promise_2_that_comes_late_does_not_make_it_new(self, pump: Driver) -> None:
        """Its double came when the node had just begun what it was sent again."""
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.advance(30.0)
        pump.tell(Busy("1", run))
        pump.accept(run, "1")
        assert pump.state(run) is CommandState.ACCEPTED
        pump.advance(20.0)
        pump.done(run, "1")

        assert pump.state(run) is CommandState.SUCCEEDED
        assert pump.published == [(run, "1")] * 2

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            (Done, CommandState.SUCCEEDED),
            (Failed, CommandState.FAILED),
            (Rejected, CommandState.REJECTED),
        ],
    )
    def test_is_outweighed_by_what_became_of_it(
        self, pump: Driver, answer: Callable[..., Any], state: CommandState
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.tell(answer("1", run))

        assert pump.state(run) is state
        pump.advance(HOUR)
        assert pump.times_published(run, "1") == 1

    def test_is_known_after_a_restart(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.crash()
        pump.tell(Busy("1", run))

        assert pump.state(run) is QUEUED

    def test_after_accepted_changes_nothing(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.accept(run)
        pump.tell(Busy("1", run))

        assert pump.state(run) is CommandState.ACCEPTED

    def test_promise_3_after_the_end_changes_nothing(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.done(run)
        pump.tell(Busy("1", run))
        pump.advance(HOUR)

        assert pump.state(run) is CommandState.SUCCEEDED
        assert pump.times_published(run, "1") == 1

    def test_in_doubt_changes_nothing(self, pump: Driver) -> None:
        pump.ready(drops_repeats=False)
        run = pump.order("run_pump", "1")
        pump.advance(10.0)
        pump.tell(Busy("1", run))

        assert pump.state(run) is UNCONFIRMED

    def test_is_forgotten_by_a_restart_and_the_command_goes_at_once(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Busy("1", run))
        pump.crash()
        pump.all_ready()

        assert pump.state(run) is SENT
        assert pump.times_published(run, "1") == 2

    def test_makes_what_comes_behind_wait_its_turn(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        ping = pump.order("ping", "1")
        pump.tell(Busy("1", run))

        assert pump.whys(ping) == [Why.BEHIND]

    def test_to_what_must_be_done_costs_nothing_and_makes_the_pauses_longer(
        self, pump: Driver
    ) -> None:
        stop = pump.order("stop_pump", "1")
        distances = []
        for _ in range(8):
            pump.tell(Busy("1", stop))
            before, sent = pump.now.steady, pump.times_published(stop, "1")
            while pump.times_published(stop, "1") == sent:
                pump.advance(0.5)
            distances.append(pump.now.steady - before)

        assert distances == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_while_the_repeat_is_being_recorded_keeps_that_from_leaving(
        self, pump: Driver
    ) -> None:
        ping = pump.order("ping", "1")
        pump.advance(29.5)
        pump.writes = Writes.WHEN_TOLD
        pump.advance(0.5)
        pump.tell(Busy("1", ping))
        pump.writes = Writes.AT_ONCE
        pump.commit()

        assert pump.times_published(ping, "1") == 1
        assert pump.whys(ping) == []
        pump.advance(30.0)
        assert pump.times_published(ping, "1") == 2


class TestTheMemoryOfNodes:
    def test_allows_repeats_for_5_minutes(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(299.5)

        assert pump.state(run) is SENT
        assert pump.times_published(run, "1") == 10

    def test_promise_2_allows_no_repeat_after_them(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(HOUR)

        assert pump.state(run) is UNCONFIRMED
        assert pump.times_published(run, "1") == 10

    def test_promise_2_counts_from_the_first_sending_and_not_the_last(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(240.0)
        pump.reporting = ("2",)
        pump.see("1", online=False)
        pump.advance(70.0)
        pump.ready("1", drops_repeats=True)

        assert pump.state(run) is UNCONFIRMED

    def test_promise_2_is_asked_when_the_repeat_leaves_and_not_when_it_is_recorded(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(269.5)
        sent = pump.times_published(run, "1")
        pump.writes = Writes.WHEN_TOLD
        pump.advance(40.0)
        assert pump.delivery(run, "1").state is DeliveryState.SENT
        pump.writes = Writes.AT_ONCE
        pump.commit()

        assert pump.times_published(run, "1") == sent
        assert pump.state(run) is UNCONFIRMED

    def test_promise_2_ends_when_the_node_starts_anew(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Hello(node="1"))
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1
        assert pump.state(run) is UNCONFIRMED

    def test_promise_2_ends_when_the_uptime_says_that_it_started_anew(
        self, pump: Driver
    ) -> None:
        pump.ready("1", uptime=100.0, drops_repeats=True)
        run = pump.order("run_pump", "1")
        pump.advance(10.0)
        pump.ready("1", uptime=2.0, drops_repeats=True)
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1

    def test_promise_2_ends_when_the_first_uptime_ever_heard_began_after_the_sending(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(10.0)
        pump.ready("1", uptime=8.0, drops_repeats=True)
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1

    def test_goes_on_when_the_uptime_says_that_it_ran_before_the_sending(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(10.0)
        pump.ready("1", uptime=12.0, drops_repeats=True)
        pump.advance(20.0)

        assert pump.times_published(run, "1") == 2

    def test_promise_2_ends_when_the_node_was_gone_and_tells_no_uptime(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.see("1", online=False)
        pump.advance(10.0)
        pump.ready("1", drops_repeats=True)
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1
        assert pump.state(run) is UNCONFIRMED

    def test_promise_2_ends_when_it_may_have_started_while_nobody_listened(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.disconnect()
        pump.advance(10.0)
        pump.all_ready(drops_repeats=True)
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1
        assert pump.state(run) is UNCONFIRMED

    def test_goes_on_when_the_node_is_back_and_ran_on_meanwhile(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.see("1", online=False)
        pump.disconnect()
        pump.advance(10.0)
        pump.all_ready(drops_repeats=True, uptime=100.0)
        pump.advance(20.0)

        assert pump.times_published(run, "1") == 2

    def test_promise_2_ends_when_it_starts_while_the_repeat_is_being_recorded(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(29.5)
        pump.writes = Writes.WHEN_TOLD
        pump.advance(0.5)
        pump.tell(Hello(node="1"))
        pump.writes = Writes.AT_ONCE
        pump.commit()

        assert pump.times_published(run, "1") == 1
        assert pump.state(run) is UNCONFIRMED

    def test_promise_2_is_unknown_after_a_restart(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.crash()
        pump.all_ready(drops_repeats=True)
        pump.advance(HOUR)

        assert pump.times_published(run, "1") == 1
        assert pump.state(run) is UNCONFIRMED

    def test_of_one_node_does_not_end_with_that_of_another(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.tell(Hello(node="2"))
        pump.advance(30.0)

        assert pump.times_published(run, "1") == 2

    def test_says_nothing_of_what_may_be_repeated_anyway(self, pump: Driver) -> None:
        stop = pump.order("stop_pump", "1")
        pump.advance(20 * MINUTE)

        assert pump.state(stop) is SENT
        assert pump.times_published(stop, "1") > 20

    def test_begins_anew_when_a_busy_node_gets_it_at_last(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        for _ in range(20):
            pump.tell(Busy("1", run))
            pump.advance(30.0)
        sent = pump.times_published(run, "1")
        pump.advance(30.0)

        assert pump.times_published(run, "1") == sent + 1

    def test_begins_anew_when_a_person_has_it_sent_again(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(HOUR)
        sent = pump.times_published(run, "1")
        pump.resolve(run, Outcome.RESEND)
        pump.advance(30.0)

        assert pump.times_published(run, "1") == sent + 2

    def test_promise_2_a_person_s_resend_is_repeated_for_5_minutes_at_most(
        self, pump: Driver
    ) -> None:
        rules = policies(run_pump={"attempts": 100, "expires_in": HOUR})
        pump = Driver(a_station(policies=rules, drops_repeats_for=300.0))
        pump.all_ready(drops_repeats=True)
        run = pump.order("run_pump", "1")
        pump.advance(HOUR)
        assert pump.times_published(run, "1") == 10

        pump.resolve(run, Outcome.RESEND)
        pump.advance(HOUR)
        assert pump.times_published(run, "1") == 20
        assert pump.state(run) is UNCONFIRMED

    def test_that_ended_lets_a_late_answer_settle_it(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(HOUR)
        pump.done(run)

        assert pump.state(run) is CommandState.SUCCEEDED
        assert Cause.LATE_ANSWER in pump.causes(run)
