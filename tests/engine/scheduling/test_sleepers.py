"""Nodes that sleep: hello, the awake window, how much goes on one waking."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.camera import Camera
from tests.engine.driver import DAY, HOUR, MINUTE, Writes

SENT = CommandState.SENT
SUCCEEDED = CommandState.SUCCEEDED


@pytest.fixture
def camera() -> Camera:
    """Return a camera that was never heard."""
    return Camera()


class TestAsleep:
    def test_promise_5_a_node_that_never_called_in_is_waited_for(
        self, camera: Camera
    ) -> None:
        assert camera.whys(camera.order("ping")) == [Why.NEVER_AWAKE]

    def test_promise_5_a_node_that_slept_in_is_waited_for_since_it_was_heard(
        self, camera: Camera
    ) -> None:
        camera.hello()
        heard = camera.now.wall
        camera.advance(HOUR)
        ping = camera.order("ping")

        assert camera.whys(ping) == [Why.ASLEEP]
        assert camera.reasons(ping)[0].since == heard

    def test_offline_hours_cost_no_attempt(self, camera: Camera) -> None:
        ping = camera.order("ping")
        camera.advance(20 * HOUR)
        assert camera.delivery(ping, "1").attempts == 0

        camera.hello()
        assert camera.delivery(ping, "1").attempts == 1

    def test_offline_hours_between_two_attempts_cost_none(self, camera: Camera) -> None:
        ping = camera.order("ping")
        camera.hello()
        camera.advance(20 * HOUR)
        assert camera.whys(ping) == [Why.ASLEEP]
        assert camera.times_published(ping, "1") == 2

        camera.hello()
        assert camera.times_published(ping, "1") == 3

    def test_what_sleeps_beyond_its_time_expires(self, camera: Camera) -> None:
        ping = camera.order("ping")
        camera.advance(DAY)

        assert camera.state(ping) is CommandState.EXPIRED


class TestTheAwakeWindow:
    def test_is_60_seconds_long(self, camera: Camera) -> None:
        camera.hello()
        camera.advance(59.5)
        assert camera.state(camera.order("ping")) is SENT

    def test_is_over_after_60_seconds(self, camera: Camera) -> None:
        camera.hello()
        camera.advance(60.0)
        assert camera.whys(camera.order("ping")) == [Why.ASLEEP]

    def test_is_renewed_by_anything_the_node_sends(self, camera: Camera) -> None:
        camera.hello()
        camera.advance(50.0)
        camera.see("1")
        camera.advance(50.0)

        assert camera.state(camera.order("ping")) is SENT

    def test_is_not_opened_by_anything_but_a_hello(self, camera: Camera) -> None:
        camera.see("1", online=True, ready=True)
        assert camera.whys(camera.order("ping")) == [Why.ASLEEP]

    def test_is_not_opened_by_a_retained_message(self, camera: Camera) -> None:
        camera.hello()
        camera.advance(50.0)
        camera.see("1", live=False)
        camera.advance(10.0)

        assert camera.whys(camera.order("ping")) == [Why.ASLEEP]

    def test_is_closed_when_the_connection_is_lost(self, camera: Camera) -> None:
        camera.hello()
        camera.disconnect()
        camera.connect()
        assert camera.whys(camera.order("ping")) == [Why.NEVER_AWAKE]

    def test_is_not_opened_by_what_comes_while_nothing_can_be_sent(
        self, camera: Camera
    ) -> None:
        camera.disconnect()
        camera.hello()
        camera.connect()
        assert camera.whys(camera.order("ping")) == [Why.NEVER_AWAKE]

    def test_does_not_survive_a_restart(self, camera: Camera) -> None:
        camera.hello()
        camera.crash()
        camera.connect()
        assert camera.whys(camera.order("ping")) == [Why.NEVER_AWAKE]


class TestOneWaking:
    def test_takes_five_commands_oldest_first(self, camera: Camera) -> None:
        pings = camera.pings(7)
        camera.hello()
        for _ in range(7):
            camera.says_yes()

        assert [one for one, _ in camera.published] == pings[:5]
        assert camera.whys(pings[5]) == [Why.ENOUGH]

    def test_that_is_another_one_takes_the_rest(self, camera: Camera) -> None:
        pings = camera.pings(7)
        camera.hello()
        for _ in range(7):
            camera.says_yes()
        camera.advance(60.0)
        camera.hello()
        camera.says_yes()
        camera.says_yes()

        assert [one for one, _ in camera.published] == pings

    def test_is_not_a_new_one_when_the_node_only_reconnects(
        self, camera: Camera
    ) -> None:
        pings = camera.pings(7)
        camera.hello()
        for _ in range(7):
            camera.says_yes()
        camera.advance(30.0)
        camera.hello()

        assert [one for one, _ in camera.published] == pings[:5]

    def test_has_one_command_in_flight_at_a_time(self, camera: Camera) -> None:
        camera.pings(3)
        camera.hello()

        assert len(camera.published) == 1

    def test_is_not_used_up_by_what_never_left(self, camera: Camera) -> None:
        pings = camera.pings(5)
        camera.hello()
        for _ in range(6):
            camera.not_published(pings[0], "1")
            camera.advance(5.0)
            camera.hello()
        for _ in range(5):
            camera.says_yes()

        assert [camera.state(one) for one in pings] == [SUCCEEDED] * 5

    def test_is_not_used_up_by_what_could_not_be_recorded(self, camera: Camera) -> None:
        pings = camera.pings(5)
        camera.writes = Writes.FAIL
        camera.hello()
        for _ in range(6):
            camera.advance(30.0)
            camera.hello()
        camera.writes = Writes.AT_ONCE
        camera.advance(30.0)
        for _ in range(5):
            camera.says_yes()

        assert [camera.state(one) for one in pings] == [SUCCEEDED] * 5

    def test_of_other_nodes_may_take_another_number(self) -> None:
        camera = Camera(per_waking=2)
        pings = camera.pings(3)
        camera.hello()
        camera.says_yes()
        camera.says_yes()

        assert [one for one, _ in camera.published] == pings[:2]


def test_promise_2_a_reboot_that_a_sleeping_node_may_have_is_not_sent_again(
    camera: Camera,
) -> None:
    reboot = camera.order("reboot", "1")
    camera.hello()
    for _ in range(5):
        camera.advance(2 * MINUTE)
        camera.hello()

    assert camera.state(reboot) is CommandState.UNCONFIRMED
    assert Cause.ACCEPT_TIMEOUT in camera.causes(reboot)
    assert camera.times_published(reboot, "1") == 1


def test_what_waits_for_a_waking_still_waits_after_a_restart(camera: Camera) -> None:
    ping = camera.order("ping", "1")
    camera.crash(away=HOUR)
    camera.connect()
    camera.hello()

    assert camera.state(ping) is SENT
