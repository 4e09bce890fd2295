"""Whoever relays to the nodes: it must be there, and answers one line at a time."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Relay
from tests.engine.driver import MINUTE, Writes
from tests.engine.hub import Hub

SENT = CommandState.SENT
ACCEPTED = CommandState.ACCEPTED
QUEUED = CommandState.QUEUED
SUCCEEDED = CommandState.SUCCEEDED
UNCONFIRMED = CommandState.UNCONFIRMED


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

    def test_line_of_a_close_is_given_its_5_seconds_too(self, hub: Hub) -> None:
        hub.close(0)
        other = hub.open(0, "2")
        hub.advance(4.5)

        assert len(hub.published) == 1
        assert hub.whys(other) == [Why.UNANSWERED]

    def test_line_of_a_close_goes_again_before_all_else(self, hub: Hub) -> None:
        close = hub.close(0)
        other = hub.open(0, "2")
        hub.advance(5.0)

        assert hub.published == [(close, "1")] * 2
        assert hub.state(other) is QUEUED

    def test_line_of_a_close_leaves_room_for_others_in_the_end(self, hub: Hub) -> None:
        hub.close(0)
        other = hub.open(0, "2")
        hub.advance(20.0)

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

    def test_inquiry_that_is_never_answered_blocks_for_6_seconds(self) -> None:
        hub = Hub()
        hub.connect()
        hub.tell(Relay())
        valve = hub.open(0)
        hub.advance(5.5)
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
