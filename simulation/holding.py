"""Judges what is ordered at several stations: all of it is sent, or none (1)."""

from __future__ import annotations

from simulation.facts import Facts
from simulation.record import Together, TogetherEnded

type _Order = tuple[str, int]


class Holding:
    """Follows what was ordered together over all stations."""

    def __init__(self) -> None:
        self._facts: dict[str, Facts] = {}
        self._waiting: set[tuple[_Order, ...]] = set()
        self._failed: set[tuple[_Order, ...]] = set()

    def add(self, facts: Facts) -> None:
        self._facts[facts.name] = facts

    def ordered(self, entry: Together) -> None:
        self._waiting.add(entry.orders)

    def ended(self, entry: TogetherEnded) -> None:
        self._waiting.discard(entry.orders)
        if not entry.stored:
            self._failed.add(entry.orders)

    def durable(self, station: str, at: float) -> None:
        for orders in self._of(station, self._waiting):
            missing = [one for one in orders if not self._is_stored(one)]
            if missing and any(map(self._was_sent, orders)):
                where, command_id = missing[0]
                what = f"sent before #{command_id} of {where} was stored with it"
                self._facts[station].break_promise(1, at, what)
        for orders in self._of(station, self._failed):
            if any(map(self._was_sent, orders)):
                self._failed.discard(orders)
                what = f"{orders} was sent, and who ordered it was told that none is"
                self._facts[station].break_promise(1, at, what)

    def crashed(self) -> None:
        """Let each go on by itself of which nobody was told anything.

        Nor can be known again that it was withdrawn, unless that is on disk.
        """
        self._waiting.clear()
        for orders in tuple(self._failed):
            if not all(map(self._is_over, orders)):
                self._failed.discard(orders)
                self._facts[orders[0][0]].excuse(
                    "ordered together and failed, found on disk after a crash"
                )

    def restored(self, station: str) -> None:
        for groups in (self._waiting, self._failed):
            groups.difference_update(self._of(station, groups))

    def _of(
        self, station: str, groups: set[tuple[_Order, ...]]
    ) -> list[tuple[_Order, ...]]:
        return [orders for orders in groups if station in dict(orders)]

    def _is_stored(self, order: _Order) -> bool:
        station, command_id = order
        return command_id in self._facts[station].known

    def _is_over(self, order: _Order) -> bool:
        station, command_id = order
        command = self._facts[station].known.get(command_id)
        return command is None or command.state in ("cancelled", "expired")

    def _was_sent(self, order: _Order) -> bool:
        """Whether an attempt is on disk, under whatever id."""
        station, command_id = order
        facts = self._facts[station]
        command = facts.known.get(command_id)
        return command is not None and any(
            attempts
            for other in facts.known.values()
            if other.intent == command.intent
            for _, attempts, _ in other.parts.values()
        )
