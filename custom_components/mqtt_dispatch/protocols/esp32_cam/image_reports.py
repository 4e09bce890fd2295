"""What cameras say of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...engine.model.reports import SessionReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo(SessionReport):
    """What a node says of an image before, among or after its parts."""

    node: str
    name: str
    parts: int
    size: int | None
    """Bytes, where the node told it."""
    taken_at: float | None
    """Unix seconds; None: nobody knows."""
    problem: str = ""
    """What the node says is wrong with it."""


@dataclass(frozen=True, slots=True)
class ImagePart(SessionReport):
    """A part of an image. Nodes count them from 0 or from 1."""

    node: str
    name: str
    index: int
    content: bytes


@dataclass(frozen=True, slots=True)
class NoImage(SessionReport):
    """A node could not take an image, or not find the one of this name."""

    node: str
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingsAlone(SessionReport):
    """A node told what it measured, and nothing of an image."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingImages(SessionReport):
    """A node that calls in keeps images that it could not send before."""

    node: str
    count: int
    names: tuple[str, ...]
    """What they are called, as far as it told."""
    all_at_once: bool
    """Whether it sends them all when it is told so once."""


ANY_IMAGE: Final = "image"
"""The subject of answers that speak of the next image, whatever it is called."""


def image_subject(name: str) -> str:
    """Return the subject of answers that speak of the image of this name."""
    return f"{ANY_IMAGE}:{name}"
