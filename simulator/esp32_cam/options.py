"""What the command line says about cameras alone, and the faults to order of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import arguments
from simulator.esp32_cam.wire import (
    CLOCKS,
    FAMILIES,
    HELLOS,
    METADATA,
    PAYLOADS,
    SPELLINGS,
    Settings,
)
from simulator.faults import Fault

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_ON = ("on",)

WAKE_FAULTS: dict[str, Fault] = {
    "hello": Fault("the hello is lost, or comes twice", ("drop", "double")),
    "doze": Fault("sleeps right after its hello, and takes no command", _ON),
}
COMMAND_FAULTS: dict[str, Fault] = {
    "ack": Fault(
        "the ack is dropped, sent SECONDS late, or sent twice",
        ("drop", "delay", "double"),
        timed={"delay": True},
    ),
    "refuse": Fault("acks with STATUS, executes nothing"),
    "silent": Fault("ignores the command", _ON),
}
IMAGE_FAULTS: dict[str, Fault] = {
    "metadata": Fault(
        "the description of an image is lost, comes after the chunks, or twice",
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


def add_options(parser: ArgumentParser) -> None:
    usual = Settings("")
    add = parser.add_argument
    add("--family", choices=FAMILIES, default=usual.family, help="of its topics")
    add("--spelling", choices=SPELLINGS, default=usual.spelling, help="of its MAC")
    add("--hello", choices=HELLOS, default=usual.hello, help="form of its hello")
    add("--payload", choices=PAYLOADS, default=usual.payload, help="of a chunk")
    add("--metadata", choices=METADATA, default=usual.metadata, help="how it spells it")
    add("--clock", choices=CLOCKS, default=usual.clock, help="how it tells the time")
    add("--counts-from", type=int, choices=(0, 1), default=usual.counts_from)
    add("--fahrenheit", action="store_true", help="measures in degrees Fahrenheit")
    add("--image-bytes", type=int, default=usual.image_bytes, metavar="N")
    add("--chunk-bytes", type=_positive, default=usual.chunk_bytes, metavar="N")
    add("--pending", type=int, default=usual.pending, help="images taken before")
    for name, meaning in (
        ("chunk-seconds", "from one chunk to the next"),
        ("capture-seconds", "that a picture takes"),
        ("boot-seconds", "from a reboot to the hello"),
        ("awake-seconds", "that it stays awake when nothing happens"),
    ):
        default = getattr(usual, name.replace("-", "_"))
        add(
            f"--{name}",
            type=arguments.seconds,
            default=default,
            metavar="S",
            help=f"{meaning} ({default:g})",
        )
    add(
        "--wake-seconds",
        type=arguments.seconds,
        metavar="S",
        help="sleeps at most S seconds (else until the time it was told, or a minute)",
    )


def settings_from(given: Namespace) -> Settings:
    return Settings(
        prefix=given.prefix,
        family=given.family,
        spelling=given.spelling,
        hello=given.hello,
        payload=given.payload,
        metadata=given.metadata,
        clock=given.clock,
        counts_from=given.counts_from,
        fahrenheit=given.fahrenheit,
        image_bytes=given.image_bytes,
        chunk_bytes=given.chunk_bytes,
        chunk_seconds=given.chunk_seconds,
        capture_seconds=given.capture_seconds,
        boot_seconds=given.boot_seconds,
        awake_seconds=given.awake_seconds,
        wake_seconds=given.wake_seconds,
        pending=given.pending,
    )


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number
