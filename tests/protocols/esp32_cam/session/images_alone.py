"""Images in parts, without the rest of a session."""

from __future__ import annotations

from collections.abc import Hashable

from custom_components.mqtt_dispatch.engine.deadlines import Deadlines, Due
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import (
    Effect,
    ImageCame,
    ImageEffect,
    Instruct,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import Images
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    Instruction,
    about_image,
)

NODE = "AABBCCDDEEFF"
NAME = "image_1.jpg"
WALL = 1_800_000_000.0


class ImagesAlone:
    """The host of images, with a clock that only the test moves."""

    def __init__(self) -> None:
        self.deadlines = Deadlines()
        self.images = Images(self)  # type: ignore[arg-type]
        self.deadlines.when(Due.SESSION, self._due)
        self.steady = 1000.0

    def wait(self, what: Hashable, at: float | None) -> None:
        self.deadlines.set(Due.SESSION, what, at=at)

    def _due(self, what: tuple[str, str], now: Now) -> list[Effect]:
        return [*self.images.follow_up(*what, now)]

    def next_deadline(self) -> float | None:
        wait = self.deadlines.next(self.now)
        return None if wait is None else self.steady + wait

    def pass_time(self, now: Now) -> list[Effect]:
        return self.deadlines.pass_time(now) or []

    @property
    def now(self) -> Now:
        return Now(WALL + self.steady, self.steady)

    def info(
        self,
        parts: int,
        *,
        size: int | None = None,
        name: str = NAME,
        node: str = NODE,
        taken_at: float | None = WALL,
    ) -> list[ImageEffect]:
        report = ImageInfo(
            node=node, name=name, parts=parts, size=size, taken_at=taken_at
        )
        return self.images.take(report, self.now)

    def part(
        self, index: int, content: bytes = b"x", *, name: str = NAME, node: str = NODE
    ) -> list[ImageEffect]:
        return self.images.take(ImagePart(node, name, index, content), self.now)

    def parts(self, *indexes: int, name: str = NAME) -> list[ImageEffect]:
        return [
            effect
            for index in indexes
            for effect in self.part(index, bytes([index]), name=name)
        ]

    def advance(self, seconds: float) -> list[Effect]:
        """Let time pass from deadline to deadline."""
        end = self.steady + seconds
        effects: list[Effect] = []
        while (at := self.next_deadline()) is not None and at <= end:
            self.steady = max(self.steady, at)
            effects += self.pass_time(self.now)
        self.steady = end
        return effects


def came(content: bytes, *, name: str = NAME, taken_at: float = WALL) -> ImageCame:
    return ImageCame(NODE, name, content, taken_at)


def parts_of(name: str, missing: tuple[int, ...]) -> Instruct:
    """Return what asks for parts of an image."""
    return about_image(NODE, name, Instruction.SEND_PARTS, missing)


def whole_of(name: str = NAME) -> Instruct:
    """Return what asks for all of an image."""
    return about_image(NODE, name, Instruction.SEND)
