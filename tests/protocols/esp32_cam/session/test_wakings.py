"""How cameras are led through a waking, to its farewell."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Done
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    Instruction,
    about_image,
)
from tests.engine.driver import HOUR, MINUTE

from .camera import Camera

CAPTURE, SEND = Instruction.CAPTURE, Instruction.SEND
KEEP_AWAKE = Instruction.KEEP_AWAKE
SLEEP = Instruction.SLEEP
SUCCEEDED = CommandState.SUCCEEDED


@pytest.fixture
def camera() -> Camera:
    """Return a camera that was never heard."""
    return Camera()


class TestFarewell:
    """What a node is told of images that it sends, beside commands."""

    def test_is_said_when_the_image_is_complete_and_nothing_waits(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.send_image()

        assert camera.instructions() == [CAPTURE, SEND, SLEEP]

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
        assert camera.instructed[-1] == about_image("1", "", Instruction.SLEEP)

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

        assert camera.instructions() == [CAPTURE, SEND, SLEEP]

    def test_is_said_once(self, camera: Camera) -> None:
        camera.hello()
        camera.send_image()
        camera.advance(MINUTE)

        assert camera.instructions() == [CAPTURE, SEND, SLEEP]

    def test_is_not_said_of_an_image_that_is_incomplete(self, camera: Camera) -> None:
        camera.hello()
        camera.tell(ImageInfo(node="1", name="a", parts=2, size=6, taken_at=None))
        camera.tell(ImagePart("1", "a", 0, b"abc"))
        camera.advance(HOUR)

        assert camera.farewells() == [""]

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
        assert camera.instructed[-1] == about_image("1", "", Instruction.SLEEP)

    def test_is_said_again_to_a_node_that_has_not_heard_it(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.send_image()
        camera.hello()
        camera.send_image()

        assert camera.instructions() == [CAPTURE, SEND, SLEEP, SLEEP]

    def test_is_not_said_again_to_a_node_that_sleeps(self, camera: Camera) -> None:
        camera.hello()
        camera.send_image()
        camera.send_image()

        assert camera.instructions() == [CAPTURE, SEND, SLEEP]

    def test_is_not_said_of_an_image_that_was_too_large(self, camera: Camera) -> None:
        huge = ImageInfo(node="1", name="a", parts=5000, size=None, taken_at=None)
        for _ in range(2):
            camera.hello()
            camera.tell(huge)

        assert camera.farewells() == ["", ""]

    def test_comes_after_the_image_is_credited(self, camera: Camera) -> None:
        capture = camera.order("capture_image", "1")
        camera.hello()
        camera.tell(Accepted("1", capture))
        camera.tell(Done("1", capture))
        camera.send_image()

        assert camera.state(capture) is SUCCEEDED
        assert camera.instructions() == [CAPTURE, SEND, SLEEP]

    def test_is_not_said_while_nothing_may_be_sent_but_after_it(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.pause()
        camera.send_image()
        assert camera.farewells() == []

        camera.go_on()
        assert camera.farewells() == ["a.jpg"]
