"""Nodes behind a hub: one unanswered line at a time, ten places, a hub that forgets."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.readiness import Why
from custom_components.mqtt_dispatch.engine.reports import (
    Done,
    Failed,
    Forgot,
    HeldItem,
    Holds,
    Relay,
)
from tests.engine.driver import HOUR, MINUTE, Writes
from tests.engine.hub import Hub

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
QUEUED, SUCCEEDED = CommandState.QUEUED, CommandState.SUCCEEDED
UNCONFIRMED = CommandState.UNCONFIRMED


@pytest.fixture
def hub() -> Hub:
    """Return a hub that is there and has been asked for its nodes."""
    hub = Hub()
    hub.come_up()
    return hub


class TestTheRelay:
    def test_is_asked_for_its_nodes_when_the_connection_is_there(self) -> None:
        hub = Hub()
        hub.connect()

        assert hub.inquired == [None]

    def test_must_be_there_and_the_node_need_not(self) -> None:
        hub = Hub()
        valve = hub.open(0)
        hub.connect()
        assert hub.whys(valve) == [Why.RELAY_SILENT]

        hub.list_nodes()
        assert hub.state(valve) is SENT

    def test_is_there_for_60_seconds_after_each_line(self, hub: Hub) -> None:
        hub.advance(59.5)
        first = hub.open(0)
        assert hub.state(first) is SENT

        hub.take(first)
        hub.advance(60.0)
        assert hub.whys(hub.open(1)) == [Why.RELAY_SILENT]

    def test_that_is_silent_is_called_once_a_minute_while_something_waits(
        self, hub: Hub
    ) -> None:
        hub.advance(10 * MINUTE)
        assert hub.inquired == [None]

        hub.open(0)
        hub.advance(3 * MINUTE)
        assert hub.inquired == [None] * 5

    def test_that_answers_the_call_gets_what_waits(self, hub: Hub) -> None:
        hub.advance(10 * MINUTE)
        valve = hub.open(0)
        assert hub.inquired == [None, None]
        hub.list_nodes()

        assert hub.state(valve) is SENT

    def test_that_is_silent_is_not_called_while_dispatching_is_paused(
        self, hub: Hub
    ) -> None:
        hub.pause()
        hub.advance(10 * MINUTE)
        hub.open(0)
        hub.advance(10 * MINUTE)

        assert hub.inquired == [None]

    def test_is_gone_with_the_connection(self, hub: Hub) -> None:
        hub.disconnect()
        valve = hub.open(0)
        hub.connect()

        assert hub.whys(valve) == [Why.RELAY_SILENT]


class TestOneUnanswered:
    def test_line_keeps_all_others_of_the_station_waiting(self, hub: Hub) -> None:
        first, other = hub.open(0), hub.open(0, "2")
        assert hub.state(other) is QUEUED
        assert hub.reasons(other)[0].command_id == first
        assert hub.whys(other) == [Why.UNANSWERED]

        hub.take(first)
        assert hub.state(other) is SENT

    def test_line_keeps_even_a_close_waiting(self, hub: Hub) -> None:
        first, close = hub.open(0), hub.close(1)
        assert hub.whys(close) == [Why.UNANSWERED]

        hub.take(first)
        assert hub.state(close) is SENT

    def test_line_is_followed_by_a_close_before_all_else(self, hub: Hub) -> None:
        first, second = hub.open(0), hub.open(1)
        close = hub.close(0, "2")
        hub.take(first)

        assert hub.state(close) is SENT
        assert hub.state(second) is QUEUED

    def test_line_that_is_never_answered_blocks_for_5_seconds(self, hub: Hub) -> None:
        first, other = hub.open(0), hub.open(0, "2")
        hub.advance(4.5)
        assert hub.state(other) is QUEUED

        hub.advance(0.5)
        assert hub.state(first) is UNCONFIRMED
        assert hub.state(other) is SENT

    def test_line_is_refused_and_the_next_one_goes(self, hub: Hub) -> None:
        first, other = hub.open(0), hub.open(0, "2")
        hub.refuse()

        assert hub.state(first) is CommandState.REJECTED
        assert hub.state(other) is SENT

    def test_line_of_a_command_for_two_nodes_is_followed_by_the_other(
        self, hub: Hub
    ) -> None:
        valve = hub.order("open_valve", "1", "2", params={"valve": 0})
        assert hub.published == [(valve, "1")]

        hub.take(valve, "1")
        assert hub.published == [(valve, "1"), (valve, "2")]

    def test_inquiry_keeps_all_waiting_until_it_is_answered(self) -> None:
        hub = Hub()
        hub.connect()
        hub.tell(Relay())
        valve = hub.open(0)
        assert hub.whys(valve) == [Why.UNANSWERED]

        hub.list_nodes()
        assert hub.state(valve) is SENT

    def test_inquiry_that_is_never_answered_blocks_for_5_seconds(self) -> None:
        hub = Hub()
        hub.connect()
        hub.tell(Relay())
        valve = hub.open(0)
        hub.advance(4.5)
        assert hub.state(valve) is QUEUED

        hub.advance(0.5)
        assert hub.state(valve) is SENT

    def test_inquiry_is_refused_and_no_command_is(self) -> None:
        hub = Hub()
        hub.connect()
        hub.tell(Relay())
        valve = hub.open(0)
        hub.refuse()

        assert hub.state(valve) is SENT

    def test_line_is_recorded_and_the_next_one_waits_for_that_too(
        self, hub: Hub
    ) -> None:
        hub.pause()
        first, other = hub.open(0), hub.open(0, "2")
        hub.writes = Writes.WHEN_TOLD
        hub.go_on()
        hub.tell(Relay())

        assert hub.state(first) is SENT
        assert hub.whys(other) == [Why.UNANSWERED]


class TestAnswersWithoutAnId:
    def test_are_credited_to_the_line_that_is_unanswered(self, hub: Hub) -> None:
        first, other = hub.open(0), hub.open(1)
        hub.take(first)
        hub.take(other)

        assert hub.state(first) is hub.state(other) is ACCEPTED

    def test_of_what_is_done_find_the_command_by_its_subject(self, hub: Hub) -> None:
        first, other = hub.open(0), hub.open(1)
        hub.take(first)
        hub.take(other)
        hub.happens("open_valve 1")

        assert hub.state(first) is ACCEPTED
        assert hub.state(other) is SUCCEEDED

    def test_that_come_late_are_credited_while_a_resend_is_awaited(
        self, hub: Hub
    ) -> None:
        plan = hub.plan(1)
        hub.advance(20.0)
        hub.take(plan)
        hub.advance(MINUTE)

        assert hub.state(plan) is ACCEPTED
        assert hub.times_published(plan, "1") == 1

    def test_never_speak_of_two_commands_that_are_alike(self, hub: Hub) -> None:
        first, twin = hub.open(0), hub.open(0)
        hub.take(first)
        assert hub.state(twin) is QUEUED
        assert hub.reasons(twin)[0].command_id == first
        assert hub.whys(twin) == [Why.BEHIND]

        hub.happens("open_valve 0")
        assert hub.state(twin) is SENT

    def test_never_speak_of_two_closes_that_are_alike(self, hub: Hub) -> None:
        first = hub.close(0)
        hub.take(first)
        twin = hub.close(0)
        assert hub.whys(twin) == [Why.BEHIND]

        hub.happens("close_valve 0")
        assert hub.state(first) is SUCCEEDED
        assert hub.state(twin) is SENT


class TestTenPlaces:
    def test_take_nine_commands_and_no_more(self, hub: Hub) -> None:
        valves = [hub.open(valve) for valve in range(12)]
        for valve in valves:
            hub.take(valve)

        assert [hub.state(valve) for valve in valves] == [ACCEPTED] * 9 + [QUEUED] * 3

    def test_take_the_next_when_one_is_done(self, hub: Hub) -> None:
        valves = [hub.open(valve) for valve in range(10)]
        for valve in valves:
            hub.take(valve)
        hub.happens("open_valve 4")

        assert hub.state(valves[9]) is SENT

    def test_keep_the_last_for_a_close(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        close = hub.close(0)

        assert hub.state(close) is SENT
        assert hub.messages_at("1") == 10

    def test_take_no_eleventh_though_it_is_a_close(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.take(hub.close(0))
        close = hub.close(1)
        assert hub.whys(close) == [Why.FULL]

        hub.happens("open_valve 3")
        assert hub.state(close) is SENT

    def test_are_not_more_for_closes_alone(self, hub: Hub) -> None:
        closes = [hub.close(valve) for valve in range(12)]
        for close in closes:
            hub.take(close)

        assert hub.messages_at("1") == 10

    def test_full_of_closes_take_no_other_command(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.close(valve))
        valve = hub.open(20)

        assert hub.whys(valve) == [Why.FULL]

    def test_are_shared_by_the_lines_of_a_plan(self, hub: Hub) -> None:
        plan = hub.plan(16)
        hub.take(plan, times=16)
        assert hub.steps_sent(plan, "1") == [*range(9)]

        hub.happens("slot 0")
        hub.take(plan)
        assert hub.steps_sent(plan, "1") == [*range(10)]

    def test_are_shared_by_a_plan_and_commands(self, hub: Hub) -> None:
        for valve in range(4):
            hub.take(hub.open(valve))
        plan = hub.plan(16)
        hub.take(plan, times=16)
        assert hub.steps_sent(plan, "1") == [*range(5)]

        hub.take(hub.close(0))
        hub.happens("slot 0")
        assert hub.messages_at("1") == 9

    def test_are_each_node_s_own(self, hub: Hub) -> None:
        for valve in range(10):
            hub.take(hub.open(valve))
        other = hub.open(0, "2")

        assert hub.state(other) is SENT

    def test_that_are_taken_by_others_are_waited_for_at_no_cost(self, hub: Hub) -> None:
        valve = hub.open(0)
        hub.is_full()
        assert hub.whys(valve) == [Why.BUSY]
        hub.tell(Relay())
        hub.advance(30.0)

        assert hub.times_published(valve, "1") == 2
        assert hub.delivery(valve, "1").attempts == 1

    def test_taken_meanwhile_are_not_there_for_what_rested(self, hub: Hub) -> None:
        plan = hub.order("set_plan", "2", "1", params={"slots": 1})
        hub.take(plan, "2")
        hub.is_full()
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.tell(Relay())
        hub.advance(30.0)

        assert hub.messages_at("1") == 9
        assert hub.whys(plan) == [Why.FULL]

    def test_full_in_the_middle_of_a_plan_let_it_go_on_later(self, hub: Hub) -> None:
        plan = hub.plan(3)
        hub.take(plan)
        hub.is_full()
        hub.advance(30.0)
        hub.take(plan, times=2)

        assert hub.steps_sent(plan, "1") == [0, 1, 1, 2]
        assert hub.state(plan) is ACCEPTED

    def test_full_make_a_close_try_again_at_growing_distances(self, hub: Hub) -> None:
        close = hub.close(0)
        distances = []
        for _ in range(8):
            hub.is_full()
            before, sent = hub.now.steady, hub.times_published(close, "1")
            while hub.times_published(close, "1") == sent:
                hub.advance(0.5)
                hub.tell(Relay())
            distances.append(hub.now.steady - before)

        assert distances == [1, 2, 4, 8, 16, 32, 60, 60]


class TestAHubThatForgot:
    def test_has_what_may_be_repeated_sent_again_at_no_cost(self, hub: Hub) -> None:
        plan = hub.plan(1)
        hub.take(plan)
        hub.tell(Forgot())
        hub.list_nodes()

        assert hub.steps_sent(plan, "1") == [0, 0]
        assert hub.delivery(plan, "1").attempts == 1

    def test_has_a_plan_begun_anew_in_the_middle_of_it(self, hub: Hub) -> None:
        plan = hub.plan(3)
        hub.take(plan, times=2)
        hub.tell(Forgot())
        hub.list_nodes()
        hub.take(plan)

        assert hub.steps_sent(plan, "1") == [0, 1, 2, 0, 1]

    def test_promise_2_leaves_once_in_doubt_and_never_repeats_it(
        self, hub: Hub
    ) -> None:
        valve = hub.open(0)
        hub.take(valve)
        hub.tell(Forgot())
        hub.list_nodes()
        hub.advance(HOUR)

        assert hub.state(valve) is UNCONFIRMED
        assert Cause.FORGOTTEN in hub.causes(valve)
        assert hub.times_published(valve, "1") == 1

    def test_has_a_close_sent_again_before_all_else(self, hub: Hub) -> None:
        plan = hub.plan(1)
        hub.take(plan)
        close = hub.close(0)
        hub.take(close)
        hub.tell(Forgot())

        assert hub.times_published(close, "1") == 2
        assert hub.times_published(plan, "1") == 1

    def test_sends_what_was_only_being_recorded_as_if_for_the_first_time(
        self, hub: Hub
    ) -> None:
        hub.pause()
        valve = hub.open(0)
        hub.writes = Writes.WHEN_TOLD
        hub.go_on()
        hub.tell(Forgot())
        hub.writes = Writes.AT_ONCE
        hub.commit()
        hub.list_nodes()

        assert hub.state(valve) is SENT
        assert hub.times_published(valve, "1") == 1
        assert hub.delivery(valve, "1").attempts == 1

    def test_is_asked_for_its_nodes(self, hub: Hub) -> None:
        hub.tell(Forgot())

        assert hub.inquired == [None, None]

    def test_has_free_places_again(self, hub: Hub) -> None:
        for valve in range(10):
            hub.take(hub.open(valve))
        hub.tell(Forgot())
        hub.list_nodes()
        close = hub.close(20)

        assert hub.messages_at("1") == 1
        assert hub.state(close) is SENT


class TestWhatNoNodeTells:
    """Kinds that are done when the hub holds them no longer."""

    def test_is_asked_for_when_the_node_was_heard(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        assert hub.inquired == [None]

        hub.see("1")
        assert hub.inquired == [None, "1"]

    def test_is_done_when_the_hub_holds_nothing_more(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.holds("1")

        assert hub.state(wake) is SUCCEEDED
        assert Cause.NO_LONGER_HELD in hub.causes(wake)

    def test_is_done_when_the_hub_holds_only_others(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        clock = hub.order("set_datetime", "1")
        hub.take(clock)
        hub.see("1")
        hub.holds("1", "set_datetime")

        assert hub.state(wake) is SUCCEEDED
        assert hub.state(clock) is ACCEPTED

    def test_is_asked_for_twice_more_while_it_is_held(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        for _ in range(5):
            hub.holds("1", "set_wake_interval")
            hub.advance(5.0)

        assert hub.inquired == [None, "1", "1", "1"]
        assert hub.state(wake) is ACCEPTED

    def test_is_not_done_by_what_is_held_for_another_node(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.holds("2")

        assert hub.state(wake) is ACCEPTED

    def test_is_not_done_by_an_answer_that_was_cut_off(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.tell(Holds("1", 2))
        hub.tell(HeldItem("set_datetime"))
        hub.advance(30.0)

        assert hub.state(wake) is ACCEPTED

    def test_is_not_done_by_an_answer_that_nobody_asked_for(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.holds("1")

        assert hub.state(wake) is ACCEPTED

    def test_is_sent_again_when_the_node_is_silent_for_too_long(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.advance(30 * MINUTE)
        hub.list_nodes()

        assert hub.times_published(wake, "1") == 2


class TestRestartsAndDecisions:
    def test_promise_2_what_the_hub_took_before_a_restart_is_not_sent_again(
        self, hub: Hub
    ) -> None:
        valve = hub.open(0)
        hub.take(valve)
        hub.crash()
        hub.come_up()
        hub.advance(HOUR)

        assert hub.state(valve) is UNCONFIRMED
        assert hub.times_published(valve, "1") == 1

    def test_what_the_hub_took_before_a_restart_is_done_by_its_event(
        self, hub: Hub
    ) -> None:
        valve = hub.open(0)
        hub.take(valve)
        hub.crash(away=HOUR)
        hub.come_up()
        hub.happens("open_valve 0")

        assert hub.state(valve) is SUCCEEDED

    def test_places_are_still_taken_after_a_restart(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.crash()
        hub.come_up()
        more, close = hub.open(20), hub.close(0)

        assert hub.state(more) is QUEUED
        assert hub.state(close) is SENT

    def test_a_plan_in_the_middle_begins_anew_after_a_restart(self, hub: Hub) -> None:
        plan = hub.plan(3)
        hub.take(plan)
        hub.crash()
        hub.come_up()
        hub.advance(30.0)

        assert hub.steps_sent(plan, "1") == [0, 1, 0]

    def test_a_plan_whose_line_could_not_be_recorded_goes_on_when_it_can(
        self, hub: Hub
    ) -> None:
        plan = hub.plan(3)
        hub.writes = Writes.FAIL
        hub.take(plan)
        hub.writes = Writes.AT_ONCE
        hub.advance(30.0)
        hub.tell(Relay())

        assert hub.steps_sent(plan, "1") == [0, 1]

    def test_what_no_place_was_found_for_can_be_cancelled(self, hub: Hub) -> None:
        valve = hub.open(0)
        hub.is_full()
        hub.cancel(valve)
        hub.advance(MINUTE)

        assert hub.state(valve) is CommandState.CANCELLED
        assert hub.times_published(valve, "1") == 1

    def test_a_failed_line_fails_the_plan_and_frees_its_places(self, hub: Hub) -> None:
        plan = hub.plan(9)
        hub.take(plan, times=9)
        hub.tell(Failed("1", reason="full", subject="slot 3"))

        assert hub.state(plan) is CommandState.FAILED
        assert hub.state(hub.open(0)) is SENT

    def test_late_events_of_a_plan_in_flight_no_more_are_nobodys(
        self, hub: Hub
    ) -> None:
        plan = hub.plan(2)
        hub.take(plan)
        hub.refuse()
        hub.tell(Done("1", subject="slot 0"))

        assert hub.state(plan) is CommandState.REJECTED
        assert hub.deliveries(plan) == [DeliveryState.REJECTED]
