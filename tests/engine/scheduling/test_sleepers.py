"""Nodes that sleep: hello, the awake window, how much goes on one waking."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import DAY, HOUR, MINUTE, Writes
from tests.engine.sleeper import Sleeper

SENT = CommandState.SENT
SUCCEEDED = CommandState.SUCCEEDED


@pytest.fixture
def node() -> Sleeper:
    """Return a node that was never heard."""
    return Sleeper()


class TestAsleep:
    def test_promise_5_a_node_that_never_called_in_is_waited_for(
        self, node: Sleeper
    ) -> None:
        assert node.whys(node.order("ping")) == [Why.NEVER_AWAKE]

    def test_promise_5_a_node_that_slept_in_is_waited_for_since_it_was_heard(
        self, node: Sleeper
    ) -> None:
        node.hello()
        heard = node.now.wall
        node.advance(HOUR)
        ping = node.order("ping")

        assert node.whys(ping) == [Why.ASLEEP]
        assert node.reasons(ping)[0].since == heard

    def test_offline_hours_cost_no_attempt(self, node: Sleeper) -> None:
        ping = node.order("ping")
        node.advance(20 * HOUR)
        assert node.delivery(ping, "1").attempts == 0

        node.hello()
        assert node.delivery(ping, "1").attempts == 1

    def test_offline_hours_between_two_attempts_cost_none(self, node: Sleeper) -> None:
        ping = node.order("ping")
        node.hello()
        node.advance(20 * HOUR)
        assert node.whys(ping) == [Why.ASLEEP]
        assert node.times_published(ping, "1") == 2

        node.hello()
        assert node.times_published(ping, "1") == 3

    def test_what_sleeps_beyond_its_time_expires(self, node: Sleeper) -> None:
        ping = node.order("ping")
        node.advance(DAY)

        assert node.state(ping) is CommandState.EXPIRED


class TestTheAwakeWindow:
    def test_is_60_seconds_long(self, node: Sleeper) -> None:
        node.hello()
        node.advance(59.5)
        assert node.state(node.order("ping")) is SENT

    def test_is_over_after_60_seconds(self, node: Sleeper) -> None:
        node.hello()
        node.advance(60.0)
        assert node.whys(node.order("ping")) == [Why.ASLEEP]

    def test_is_renewed_by_anything_the_node_sends(self, node: Sleeper) -> None:
        node.hello()
        node.advance(50.0)
        node.see("1")
        node.advance(50.0)

        assert node.state(node.order("ping")) is SENT

    def test_is_not_opened_by_anything_but_a_hello(self, node: Sleeper) -> None:
        node.see("1", online=True, ready=True)
        assert node.whys(node.order("ping")) == [Why.ASLEEP]

    def test_is_not_opened_by_a_retained_message(self, node: Sleeper) -> None:
        node.hello()
        node.advance(50.0)
        node.see("1", live=False)
        node.advance(10.0)

        assert node.whys(node.order("ping")) == [Why.ASLEEP]

    def test_is_closed_when_the_connection_is_lost(self, node: Sleeper) -> None:
        node.hello()
        node.disconnect()
        node.connect()
        assert node.whys(node.order("ping")) == [Why.NEVER_AWAKE]

    def test_is_not_opened_by_what_comes_while_nothing_can_be_sent(
        self, node: Sleeper
    ) -> None:
        node.disconnect()
        node.hello()
        node.connect()
        assert node.whys(node.order("ping")) == [Why.NEVER_AWAKE]

    def test_does_not_survive_a_restart(self, node: Sleeper) -> None:
        node.hello()
        node.crash()
        node.connect()
        assert node.whys(node.order("ping")) == [Why.NEVER_AWAKE]


class TestOneWaking:
    def test_takes_five_commands_oldest_first(self, node: Sleeper) -> None:
        pings = node.pings(7)
        node.hello()
        for _ in range(7):
            node.says_yes()

        assert [one for one, _ in node.published] == pings[:5]
        assert node.whys(pings[5]) == [Why.ENOUGH]

    def test_that_is_another_one_takes_the_rest(self, node: Sleeper) -> None:
        pings = node.pings(7)
        node.hello()
        for _ in range(7):
            node.says_yes()
        node.advance(60.0)
        node.hello()
        node.says_yes()
        node.says_yes()

        assert [one for one, _ in node.published] == pings

    def test_is_not_a_new_one_when_the_node_only_reconnects(
        self, node: Sleeper
    ) -> None:
        pings = node.pings(7)
        node.hello()
        for _ in range(7):
            node.says_yes()
        node.advance(30.0)
        node.hello()

        assert [one for one, _ in node.published] == pings[:5]

    def test_has_one_command_in_flight_at_a_time(self, node: Sleeper) -> None:
        node.pings(3)
        node.hello()

        assert len(node.published) == 1

    def test_is_not_used_up_by_what_never_left(self, node: Sleeper) -> None:
        pings = node.pings(5)
        node.hello()
        for _ in range(6):
            node.not_published(pings[0], "1")
            node.advance(5.0)
            node.hello()
        for _ in range(5):
            node.says_yes()

        assert [node.state(one) for one in pings] == [SUCCEEDED] * 5

    def test_is_not_used_up_by_what_could_not_be_recorded(self, node: Sleeper) -> None:
        pings = node.pings(5)
        node.writes = Writes.FAIL
        node.hello()
        for _ in range(6):
            node.advance(30.0)
            node.hello()
        node.writes = Writes.AT_ONCE
        node.advance(30.0)
        for _ in range(5):
            node.says_yes()

        assert [node.state(one) for one in pings] == [SUCCEEDED] * 5

    def test_of_other_nodes_may_take_another_number(self) -> None:
        node = Sleeper(per_waking=2)
        pings = node.pings(3)
        node.hello()
        node.says_yes()
        node.says_yes()

        assert [one for one, _ in node.published] == pings[:2]


def test_promise_2_a_reboot_that_a_sleeping_node_may_have_is_not_sent_again(
    node: Sleeper,
) -> None:
    reboot = node.order("reboot", "1")
    node.hello()
    for _ in range(5):
        node.advance(2 * MINUTE)
        node.hello()

    assert node.state(reboot) is CommandState.UNCONFIRMED
    assert Cause.ACCEPT_TIMEOUT in node.causes(reboot)
    assert node.times_published(reboot, "1") == 1


def test_what_waits_for_a_waking_still_waits_after_a_restart(node: Sleeper) -> None:
    ping = node.order("ping", "1")
    node.crash(away=HOUR)
    node.connect()
    node.hello()

    assert node.state(ping) is SENT
