"""The amounts that people chose beforehand; they hold once they are on disk."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.choice import Chosen

type Amounts = dict[tuple[str | None, str], Chosen]


class ChosenAmounts:
    """What is chosen, by node and by what it is of."""

    def __init__(self, stored: Iterable[Chosen]) -> None:
        """Take up what was stored."""
        self.held = _by_what(stored)
        """What holds."""
        self._waiting: list[tuple[int, Chosen]] = []

    def choose(self, chosen: Chosen, revision: int) -> None:
        """Have an amount hold once a revision of the ledger is on disk."""
        self._waiting.append((revision, chosen))

    def at(self, revision: int) -> Amounts:
        """Return what holds once a revision is on disk."""
        chosen = (one for at, one in self._waiting if at <= revision)
        return self.held | _by_what(chosen)

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        self.held = self.at(revision)
        self.not_stored(revision)

    def not_stored(self, revision: int) -> None:
        """Drop what is not: who chose it is told so."""
        self._waiting = [item for item in self._waiting if item[0] > revision]


def _by_what(chosen: Iterable[Chosen]) -> Amounts:
    return {(one.node, one.what): one for one in chosen}
