"""What can stand on the command line, as types for argparse."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from simulator.faults import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_SCALE = 0.01
HIGHEST_PORT = 65_535


def port(text: str) -> int:
    number = int(text)
    if not 0 < number <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port, 1 to {HIGHEST_PORT}")
    return number


def prefix(text: str) -> str:
    if not text or text.startswith("$") or any(sign in text for sign in "+#\0"):
        raise argparse.ArgumentTypeError(f"{text!r} cannot begin a topic")
    return text


def nodes(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if not name or name == ALL or any(sign in name for sign in "+#/\0"):
            raise argparse.ArgumentTypeError(f"{name!r} cannot name a node")
    if len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"{text} names a node twice")
    return names


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return number


def scale(text: str) -> float:
    number = float(text)
    if not LEAST_SCALE <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number from {LEAST_SCALE}")
    return number


def one_of(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Return what reads a list of words of these."""

    def words(text: str) -> tuple[str, ...]:
        found = tuple(word.strip() for word in text.split(","))
        for word in found:
            if word not in known:
                raise argparse.ArgumentTypeError(
                    f"{word!r} is none of {', '.join(known)}"
                )
        return found

    return words
