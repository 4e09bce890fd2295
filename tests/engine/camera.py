"""A camera, which sleeps until it says hello."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.reports import Done, Hello
from custom_components.mqtt_dispatch.engine.model.session import Host
from custom_components.mqtt_dispatch.engine.model.step import Gate
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.session import CameraSession
from tests.engine.driver import Driver, a_station, policies

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
