"""What people asked for that is not on disk yet: what cannot be stored never was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from ..model.clock import Now
from ..model.events import Refused

type TakeBack = Callable[[Now], object]
"""`take_back(now)`: has all be as if it had not been asked for."""
type About = tuple[str, ...]
"""What a wish changes, if the next one that changes it goes on from there; or empty."""


def meal_of(meal_id: str) -> About:
    """Return what is changed by who changes a meal."""
    return "meal", meal_id


class UnstoredWishes:
    """Takes back what was asked for in a commit that failed.

    Who asked is told by then that nothing has changed.
    """

    def __init__(self) -> None:
        """Begin with nothing asked for."""
        self._asked: list[_Asked] = []

    def asked(self, revision: int, take_back: TakeBack, about: About = ()) -> None:
        """Note what a revision of the ledger will store."""
        self._asked.append(_Asked(revision, take_back, about))

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        self._asked = [wish for wish in self._asked if wish.revision > revision]

    def not_stored(self, revision: int, now: Now) -> None:
        """Take back what could not be stored, the newest first.

        What a later wish went on from stands or falls with that.
        """
        later = {
            wish.about: wish.revision
            for wish in reversed(self._asked)
            if wish.revision > revision and wish.about
        }
        asked, self._asked = self._asked, []
        failed = []
        for wish in asked:
            if wish.revision > revision:
                self._asked.append(wish)
            elif wish.about in later:
                self._asked.append(replace(wish, revision=later[wish.about]))
            else:
                failed.append(wish)
        for wish in reversed(failed):
            with suppress(Refused):
                # It may be gone in another way since.
                wish.take_back(now)


@dataclass(frozen=True, slots=True)
class _Asked:
    revision: int
    take_back: TakeBack
    about: About
