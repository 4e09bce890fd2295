"""A hub that forgets what it held, and a Home Assistant that starts anew beside it."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Done,
    Failed,
    Forgot,
    Relay,
)
from tests.engine.driver import HOUR, MINUTE, Writes
from tests.engine.hub import Hub

SENT = CommandState.SENT
QUEUED = CommandState.QUEUED
SUCCEEDED = CommandState.SUCCEEDED
UNCONFIRMED = CommandState.UNCONFIRMED


class TestAHubThatForgot:
    def test_has_what_may_be_repeated_sent_again_at_no_cost(self, hub: Hub) -> None:
        plan = hub.plan(1)
        hub.take(plan)
        hub.tell(Forgot())
        hub.list_nodes()

        assert hub.steps_sent(plan, "1") == [0, 0]
        assert hub.delivery(plan, "1").attempts == 1

    def test_has_a_plan_stopped_in_the_middle_of_it(self, hub: Hub) -> None:
        plan = hub.plan(3)
        hub.take(plan, times=2)
        hub.tell(Forgot())
        hub.list_nodes()
        hub.holds("1")
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
        hub.holds("1")

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
