"""A camera, led through its wakings."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.session import CameraSession
from tests.engine.sleeper import Sleeper


class Camera(Sleeper):
    """Drives one camera."""

    def __init__(self, **numbers: Any) -> None:
        super().__init__(CameraSession, **numbers)

    def told_of_images(self) -> list[ImageInstruction]:
        """Return what it was told of its images."""
        messages = [each.message for each in self.instructed]
        told = [each for each in messages if isinstance(each, ImageInstruction)]
        assert len(told) == len(messages)
        return told

    def instructions(self) -> list[Instruction]:
        return [each.instruction for each in self.told_of_images()]

    def farewells(self) -> list[str]:
        """Return of which images it was told to sleep; empty: of none."""
        told = self.told_of_images()
        return [one.name for one in told if one.instruction is Instruction.SLEEP]

    def send_image(self, name: str = "a.jpg") -> None:
        self.tell(ImageInfo(node="1", name=name, parts=1, size=3, taken_at=None))
        self.tell(ImagePart("1", name, 0, b"abc"))
