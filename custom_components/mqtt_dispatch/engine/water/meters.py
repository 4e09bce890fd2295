"""The meters of a station, as they stand and as they are on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..model.water import Meter

type Place = tuple[str, str]
"""A node, and what of it."""


class Meters:
    """How much ran through what; the ledger stores it beside the commands.

    People are shown what is on disk alone: what was shown never falls.
    """

    def __init__(self, stored: dict[Place, Meter]) -> None:
        """Take up what was stored; what becomes of it is kept there."""
        self._now = stored
        self._waiting: list[tuple[int, Meter]] = []
        self._held: dict[str, dict[str, float]] = {}
        for meter in self._now.values():
            self._hold(meter)

    def __iter__(self) -> Iterator[Meter]:
        """Go through all of them, as they stand."""
        return iter(self._now.values())

    def of(self, node: str, what: str) -> Meter:
        """Return a meter as it stands; one that nothing ran through yet is at 0."""
        return self._now.get((node, what)) or Meter(node=node, what=what)

    def litres(self, node: str) -> Mapping[str, float]:
        """Return what ran through a node, by what of it, as far as it is on disk."""
        return self._held.get(node, {})

    def put(self, meter: Meter, revision: int) -> None:
        """Replace a meter; what it says holds once a revision is on disk."""
        self._now[meter.node, meter.what] = meter
        self._waiting.append((revision, meter))

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        for at, meter in self._waiting:
            if at <= revision:
                self._hold(meter)
        self._waiting = [item for item in self._waiting if item[0] > revision]

    def keep_only(self, nodes: Collection[str]) -> bool:
        """Forget the meters of nodes that are none of these; False: there is none."""
        gone = [place for place in self._now if place[0] not in nodes]
        for place in gone:
            del self._now[place]
        return bool(gone)

    def _hold(self, meter: Meter) -> None:
        # What was shown before stays as it was.
        held = self._held.get(meter.node, {})
        self._held[meter.node] = held | {meter.what: meter.litres}
