"""Attempts on their way from the ledger to the broker."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.command import DeliveryState

type Part = tuple[int, str]
"""A command's id and a node: what names a delivery."""


class Uncommitted:
    """Which attempts wait for the commit that records them, and how to undo one."""

    def __init__(self) -> None:
        """Begin empty."""
        self._recorded: dict[Part, int] = {}
        self._before: dict[Part, DeliveryState] = {}

    def add(self, part: Part, before: DeliveryState, revision: int) -> None:
        """Keep an attempt until `revision` is on disk."""
        self._recorded[part] = revision
        self._before[part] = before

    def holds(self, part: Part) -> bool:
        """Whether the latest attempt has certainly not left yet."""
        return part in self._recorded

    def recorded(self) -> Iterable[Part]:
        """Return the deliveries whose latest attempt has certainly not left yet."""
        return self._recorded

    def take_stored(self, revision: int) -> list[Part]:
        """Take out what is recorded on disk, in the order in which it came."""
        stored = [part for part, at in self._recorded.items() if at <= revision]
        for part in stored:
            del self._recorded[part]
        return stored

    def take_all(self) -> list[Part]:
        """Take out everything."""
        parts = list(self._recorded)
        self._recorded.clear()
        return parts

    def undo(self, part: Part) -> DeliveryState | None:
        """Return, once, the state in which the latest attempt found its delivery."""
        return self._before.pop(part, None)

    def forget(self, part: Part) -> None:
        """Drop an attempt that is not to leave any more."""
        self._recorded.pop(part, None)
        self._before.pop(part, None)
