"""What cameras are told of their images, beside commands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...engine.model.effects import Instruct


class Instruction(StrEnum):
    """What is next."""

    CAPTURE = "capture"
    """Take an image."""
    SEND = "send"
    """Send the whole of this image."""
    SEND_PENDING = "send_pending"
    """Send all images that are kept, one after the other."""
    SEND_PARTS = "send_parts"
    """Send these parts of this image again."""
    KEEP_AWAKE = "keep_awake"
    """This image is complete; more is to come."""
    SLEEP = "sleep"
    """This image (none: nothing that is waited for) is complete: sleep now."""


@dataclass(frozen=True, slots=True)
class ImageInstruction:
    """What is next of which image."""

    instruction: Instruction
    name: str = ""
    """The image, where the instruction is about one."""
    missing: tuple[int, ...] = ()
    """The parts that are to be sent again, counted as the node does."""


def about_image(
    node: str,
    name: str,
    instruction: Instruction,
    missing: tuple[int, ...] = (),
) -> Instruct:
    """Return what tells a node what is next of an image; no name: of none."""
    return Instruct(node, ImageInstruction(instruction, name, missing))
