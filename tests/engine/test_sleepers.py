"""Nodes that sleep: hello, the awake window, how much goes on one waking, farewell."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Done, Hello
from custom_components.mqtt_dispatch.engine.model.session import Host
from custom_components.mqtt_dispatch.engine.model.step import Gate
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
    instruct,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.session import CameraSession
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station, policies

SEND, KEEP_AWAKE = Instruction.SEND, Instruction.KEEP_AWAKE
SLEEP = Instruction.SLEEP
QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
SUCCEEDED = CommandState.SUCCEEDED

_AWAKE = {"gate": Gate.AWAKE}
RULES = policies(
    ping=_AWAKE,
    capture_image={**_AWAKE, "done_timeout": 120.0},
    reboot=_AWAKE,
)


def led(host: Host) -> CameraSession:
    """Return the session of nodes that take images only when a command says so."""
    return CameraSession(host, captures=0)


class Camera(Driver):
    """Drives one camera, which sleeps until it says hello."""

    def __init__(self, **numbers: Any) -> None:
        super().__init__(
            a_station(nodes=("1",), policies=RULES, words={"session": led}, **numbers)
        )
        self.connect()

    def hello(self) -> None:
        self.tell(Hello(node="1"))

    def told_of_images(self) -> list[ImageInstruction]:
        """Return what it was told of its images."""
        messages = [each.message for each in self.instructed]
        told = [each for each in messages if isinstance(each, ImageInstruction)]
        assert len(told) == len(messages)
        return told

    def instructions(self) -> list[Instruction]:
        return [each.instruction for each in self.told_of_images()]

    def says_yes(self) -> None:
        self.tell(Done("1"))

    def pings(self, number: int) -> list[int]:
        """Order so many commands, none of which replaces another."""
        return [self.order("ping", "1", params={"number": n}) for n in range(number)]

    def send_image(self, name: str = "a.jpg") -> None:
        self.tell(ImageInfo(node="1", name=name, parts=1, size=3, taken_at=None))
        self.tell(ImagePart("1", name, 0, b"abc"))


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


class TestFarewell:
    """What a node is told of images that it sends, beside commands."""

    def test_is_said_when_the_image_is_complete_and_nothing_waits(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.send_image()

        assert camera.instructions() == [SEND, SLEEP]

    def test_closes_the_awake_window(self, camera: Camera) -> None:
        camera.hello()
        camera.send_image()
        camera.see("1")

        assert camera.whys(camera.order("ping")) == [Why.ASLEEP]

    def test_comes_after_what_is_to_be_told_on_this_waking(
        self, camera: Camera
    ) -> None:
        first, second = camera.pings(2)
        camera.hello()
        camera.send_image()
        assert camera.instructions() == [SEND, KEEP_AWAKE]

        camera.tell(Done("1", first))
        camera.tell(Done("1", second))
        assert camera.instructed[-1] == instruct("1", "", Instruction.SLEEP)

    def test_is_said_after_45_seconds_to_one_that_does_not_answer(
        self, camera: Camera
    ) -> None:
        camera.pings(1)
        camera.hello()
        camera.send_image()
        camera.advance(44.5)
        assert SLEEP not in camera.instructions()

        camera.advance(0.5)
        assert camera.instructions() == [SEND, KEEP_AWAKE, SLEEP]

    def test_does_not_wait_for_what_goes_on_another_waking(self) -> None:
        camera = Camera(per_waking=1)
        first, _ = camera.pings(2)
        camera.hello()
        camera.tell(Done("1", first))
        camera.send_image()

        assert camera.instructions() == [SEND, SLEEP]

    def test_is_said_once(self, camera: Camera) -> None:
        camera.hello()
        camera.send_image()
        camera.advance(MINUTE)

        assert camera.instructions() == [SEND, SLEEP]

    def test_is_not_said_of_an_image_that_is_incomplete(self, camera: Camera) -> None:
        camera.hello()
        camera.tell(ImageInfo(node="1", name="a", parts=2, size=6, taken_at=None))
        camera.tell(ImagePart("1", "a", 0, b"abc"))
        camera.advance(HOUR)

        assert SLEEP not in camera.instructions()

    def test_is_said_of_each_image_that_came_meanwhile(self, camera: Camera) -> None:
        (ping,) = camera.pings(1)
        camera.hello()
        camera.send_image("a.jpg")
        camera.send_image("b.jpg")
        camera.tell(Done("1", ping))

        kept = [
            each for each in camera.told_of_images() if each.name and not each.missing
        ]
        assert [(each.instruction, each.name) for each in kept] == [
            (Instruction.SEND, "a.jpg"),
            (Instruction.KEEP_AWAKE, "a.jpg"),
            (Instruction.SEND, "b.jpg"),
            (Instruction.KEEP_AWAKE, "b.jpg"),
        ]
        assert camera.instructed[-1] == instruct("1", "", Instruction.SLEEP)

    def test_is_said_again_to_a_node_that_has_not_heard_it(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.send_image()
        camera.hello()
        camera.send_image()

        assert camera.instructions() == [SEND, SLEEP, SLEEP]

    def test_is_not_said_again_to_a_node_that_sleeps(self, camera: Camera) -> None:
        camera.hello()
        camera.send_image()
        camera.send_image()

        assert camera.instructions() == [SEND, SLEEP]

    def test_is_not_said_of_an_image_that_was_too_large(self, camera: Camera) -> None:
        huge = ImageInfo(node="1", name="a", parts=5000, size=None, taken_at=None)
        for _ in range(2):
            camera.hello()
            camera.tell(huge)

        assert camera.instructed == []

    def test_comes_after_the_image_is_credited(self, camera: Camera) -> None:
        capture = camera.order("capture_image", "1")
        camera.hello()
        camera.tell(Accepted("1", capture))
        camera.tell(Done("1", capture))
        camera.send_image()

        assert camera.state(capture) is SUCCEEDED
        assert camera.instructions() == [SEND, SLEEP]

    def test_is_not_said_while_nothing_may_be_sent_but_after_it(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.pause()
        camera.send_image()
        assert camera.instructed == []

        camera.go_on()
        assert camera.instructions()[-1] == SLEEP


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
