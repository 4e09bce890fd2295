"""What is kept of cameras beside commands: their wakings, and images under way."""

from __future__ import annotations

from collections.abc import Hashable
from typing import override

from ...engine.model.clock import Now
from ...engine.model.command import Command
from ...engine.model.effects import (
    Effect,
    ImageCame,
    ImageEffect,
    ImageIncomplete,
    Instruct,
)
from ...engine.model.reason import Reason
from ...engine.model.reports import Answer, Done, Failed, Heard, Hello, Seen
from ...engine.model.session import Host, LookedAt, Session
from .image_reports import (
    ANY_IMAGE,
    ImageInfo,
    ImagePart,
    NoImage,
    PendingImages,
    ReadingsAlone,
    image_subject,
)
from .images import Images
from .wakings import Wakings

INCOMPLETE = "incomplete"
"""The reason of a failure: parts of an image never came."""


class CameraSession(Session):
    """Leads cameras through their wakings, and puts together what they send."""

    def __init__(self, host: Host) -> None:
        """Begin with nobody awake."""
        self._host = host
        self._images = Images(host)
        self._wakings = Wakings(host, self._images)

    @override
    def connection(self, now: Now, *, up: bool) -> None:
        """See `Session`."""
        if not up:
            self._wakings.disconnected()

    @override
    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """See `Session`."""
        if getattr(report, "node", None) not in self._host.station.nodes:
            return []
        match report:
            case Seen(node=node):
                self._wakings.heard(node, now)
            case Hello(node=node):
                self._wakings.hello(node, now)
            case PendingImages():
                self._wakings.told_pending(report)
            case ReadingsAlone(node):
                self._wakings.measured_alone(node, now)
            case NoImage(node, name, reason):
                self._credit(node, name, now, reason=reason)
                self._wakings.failed(report)
            case ImageInfo() | ImagePart():
                return [*self._image_came(report, now)]
        return []

    @override
    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """Ask for what is missing of an image, or give it up; nodes wait for `run`."""
        match what:
            case (str(node), str(name)):
                return [*self._followed(self._images.follow_up(node, name, now), now)]
        return []

    @override
    def in_the_way(self, command: Command, node: str, now: Now) -> Reason | None:
        """See `Session`."""
        return self._wakings.reason(command, node, now)

    @override
    def run(self, now: Now, waiting: LookedAt) -> list[Effect]:
        """See `Session`."""
        return [*self._wakings.run(now, waiting)]

    def _image_came(self, report: ImageInfo | ImagePart, now: Now) -> list[ImageEffect]:
        node, name = report.node, report.name
        if self._images.has_all(report, now) and self._host.is_awake(node, now):
            # It is back, so it has not heard that its image is complete.
            self._wakings.complete(node, name, now)
        effects = self._followed(self._images.take(report, now), now)
        if isinstance(report, ImageInfo) and name in self._images.under_way(node):
            self._wakings.described(report, now)
        return effects

    def _followed[E: ImageEffect | Instruct](
        self, effects: list[E], now: Now
    ) -> list[E]:
        """Draw from what became of images what it tells of commands and wakings."""
        for effect in effects:
            match effect:
                case ImageCame(node, name):
                    self._credit(node, name, now)
                    self._wakings.complete(node, name, now)
                case ImageIncomplete(node, name):
                    self._credit(node, name, now, reason=INCOMPLETE)
                    self._wakings.incomplete(node)
        return effects

    def _credit(
        self, node: str, name: str | None, now: Now, *, reason: str | None = None
    ) -> None:
        """Credit an image, whole or (with a reason) not, to the command that asked.

        That is one for an image of this name or, if there is none, for any image.
        """
        named = () if name is None else (image_subject(name),)
        for subject in (*named, ANY_IMAGE):
            answer: Answer = Done(node, subject=subject)
            if reason is not None:
                answer = Failed(node, reason=reason, subject=subject)
            if self._host.credit(answer, now):
                return
