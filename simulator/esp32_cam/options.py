"""What the command line says about cameras alone, and the faults to order of them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from simulator import arguments
from simulator.esp32_cam.firmware import FIRMWARES, settings_of
from simulator.esp32_cam.wire import (
    ACKS,
    BATCHES,
    CLOCKS,
    FAMILIES,
    HELLOS,
    METADATA,
    MISSES,
    PAYLOADS,
    QUOTES,
    SPELLINGS,
    Settings,
)
from simulator.faults import Fault

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USUAL_FIRMWARE = "3.5"

_ON = ("on",)

WAKE_FAULTS: dict[str, Fault] = {
    "hello": Fault("the hello is lost, or comes twice", ("drop", "double")),
    "doze": Fault("sleeps right after its hello, and takes no command", _ON),
}
COMMAND_FAULTS: dict[str, Fault] = {
    "ack": Fault(
        "the ack, of one that acks, is dropped, sent SECONDS late, or sent twice",
        ("drop", "delay", "double"),
        timed={"delay": True},
    ),
    "refuse": Fault("executes nothing; acks with STATUS, if it acks"),
    "silent": Fault("ignores the command", _ON),
}
IMAGE_FAULTS: dict[str, Fault] = {
    "camera": Fault(
        "takes no picture: sends readings alone, or says that it failed",
        ("broken", "failed"),
    ),
    "metadata": Fault(
        "the description of an image is lost, comes after the chunks (10 s late, where"
        " they wait for it), or twice and once more after them",
        ("drop", "late", "double"),
    ),
    "chunks_lost": Fault(
        "one chunk of 15 is lost; all: what is asked for again, too", ("some", "all")
    ),
    "chunks_doubled": Fault("each chunk comes twice", _ON),
    "chunks_shuffled": Fault("chunks come in any order", _ON),
    "chunks_late": Fault("a few chunks come once more after the image is whole", _ON),
    "dies_sending": Fault(
        "loses power in the middle of an image; back after SECONDS, else at its next"
        " wake",
        _ON,
        timed={"on": False},
    ),
}
AT_ONCE: dict[str, Fault] = {
    "wake": Fault("wakes up now", ("now",), at_once=("now",)),
    "die": Fault(
        "loses power now; back after SECONDS, else never",
        ("now",),
        timed={"now": False},
        at_once=("now",),
    ),
}
FAULTS: dict[str, Fault] = WAKE_FAULTS | COMMAND_FAULTS | IMAGE_FAULTS | AT_ONCE


_CHOICES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("family", FAMILIES, "of its topics"),
    ("data", FAMILIES, "of its topic for images"),
    ("spelling", tuple(SPELLINGS), "of its MAC"),
    ("hello", HELLOS, "form of its hello"),
    ("metadata", METADATA, "form of its descriptions of images"),
    ("payload", PAYLOADS, "of a chunk"),
    ("clock", CLOCKS, "how it tells the time"),
    ("quotes", QUOTES, "in its JSON"),
    ("acks", ACKS, "how it acknowledges commands"),
    ("misses-on", MISSES, "where it hears which chunks are missing"),
    ("batch", BATCHES, "whether images sent unasked wait for one another"),
)
_SECONDS: tuple[tuple[str, str], ...] = (
    ("chunk-seconds", "from one chunk to the next"),
    ("capture-seconds", "that a picture takes"),
    ("boot-seconds", "from a reboot to the hello"),
    ("awake-seconds", "that it stays awake when nothing happens"),
)


def add_options(parser: ArgumentParser) -> None:
    """Add what can be said of cameras; what is left out is as with their firmware."""
    usual = Settings("")
    add = parser.add_argument
    add(
        "--firmware",
        choices=tuple(FIRMWARES),
        default=USUAL_FIRMWARE,
        help=f"what it does and how it spells it ({USUAL_FIRMWARE})",
    )
    for name, values, meaning in _CHOICES:
        add(f"--{name}", choices=values, help=meaning)
    add("--counts-from", type=int, choices=(0, 1), help="the first chunk's number")
    add("--fahrenheit", action="store_true", default=None, help="measures so")
    add("--image-bytes", type=int, metavar="N", help=f"({usual.image_bytes})")
    add("--chunk-bytes", type=_positive, metavar="N", help=f"({usual.chunk_bytes})")
    add("--pending", type=int, metavar="N", help="images taken before")
    for name, meaning in _SECONDS:
        default = getattr(usual, name.replace("-", "_"))
        said = f"{meaning} ({default:g})"
        add(f"--{name}", type=arguments.seconds, metavar="S", help=said)
    add(
        "--wake-seconds",
        type=arguments.seconds,
        metavar="S",
        help="sleeps at most S seconds (else until the time it was told, or a minute)",
    )


def settings_from(given: Namespace) -> Settings:
    """Return what the command line says of cameras."""
    names = {each.name for each in fields(Settings)} - {"prefix"}
    said = {
        name: value
        for name, value in vars(given).items()
        if name in names and value is not None
    }
    return settings_of(given.firmware, given.prefix, **said)


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number
