"""The latest images of the nodes of a station, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..engine.model.effects import ImageCame, ImageIncomplete
from ..log import LOGGER
from ..protocols.untrusted import shown

CAPTURES: Final = "capture_image"
"""The kind of command of nodes that send images."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that a node sent."""

    name: str
    content: bytes
    taken_at: float
    """Unix seconds."""
    problem: str
    """What its node said was wrong with it; empty: nothing."""


class Pictures:
    """What nodes took last, and what of it never came."""

    def __init__(self, name: str) -> None:
        """Begin with none. `name` is the station's, for the log."""
        self.latest: dict[str, Picture] = {}
        """By node."""
        self.incomplete: dict[str, str] = {}
        """The name of the latest image of a node, if parts of it never came."""
        self._name = name

    def take(self, image: ImageCame | ImageIncomplete) -> None:
        """Keep an image, or that one of a node will not come."""
        match image:
            case ImageCame(node, name, content, taken_at, problem):
                self.latest[node] = Picture(name, content, taken_at, problem)
                self.incomplete.pop(node, None)
            case ImageIncomplete(node, name, missing):
                LOGGER.warning(
                    "%s: of image %s of node %s %d parts never came",
                    *(self._name, shown(name), node, missing),
                )
                self.incomplete[node] = name
