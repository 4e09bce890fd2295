"""Two clocks: one that people set, which may be wrong, and one that nobody can set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .command import HIGHEST_ID, ID_RESERVE

BEGINNING: Final = 1_743_465_600.0
"""Unix seconds of 2025-04-01: no Home Assistant that can run this is older."""


@dataclass(frozen=True, slots=True)
class Now:
    """One instant, read from two clocks.

    `wall` is unix seconds (UTC): what people see, expiry and meals. `steady` is seconds
    on a clock that nobody can set: freshness, debounce and time-outs.
    """

    wall: float
    steady: float


def first_id(wall: float) -> int:
    """Return the lowest id that may be given by who begins at `wall`, unix seconds.

    It is above each id that was given before on the same prefix, by a station that was
    removed or out of a file that is gone: ids are given at less than one a second. A
    node that remembers ids would answer an old one from memory, and do nothing.
    """
    seconds = int(wall - BEGINNING)
    return seconds if 0 < seconds <= HIGHEST_ID - ID_RESERVE else 1
