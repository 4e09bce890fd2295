"""The steady deadlines of deliveries. They live in memory and start anew."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Wait(StrEnum):
    """What a delivery in flight waits for."""

    ACCEPT = "accept"
    DONE = "done"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Timer:
    """The end of one wait, in steady seconds."""

    at: float
    command_id: int
    node: str
    wait: Wait


class Timers:
    """At most one wait for each delivery."""

    def __init__(self) -> None:
        """Begin with none."""
        self._timers: dict[tuple[int, str], Timer] = {}

    def start(self, command_id: int, node: str, wait: Wait, at: float) -> None:
        """Start a wait; it replaces the one that was running."""
        self._timers[command_id, node] = Timer(at, command_id, node, wait)

    def stop(self, command_id: int, node: str) -> None:
        """Stop the wait of a delivery, if there is one."""
        self._timers.pop((command_id, node), None)

    def waits(self, command_id: int, node: str) -> bool:
        """Whether a delivery waits for anything."""
        return (command_id, node) in self._timers

    def waits_to_retry(self, command_id: int, node: str) -> bool:
        """Whether a delivery only waits to be sent again."""
        timer = self._timers.get((command_id, node))
        return timer is not None and timer.wait is Wait.RETRY

    def awaits_acceptance(self, command_id: int, node: str) -> bool:
        """Whether the node has not said yet whether it takes a delivery."""
        timer = self._timers.get((command_id, node))
        return timer is not None and timer.wait is Wait.ACCEPT

    def awaiting_acceptance(self) -> list[tuple[int, str]]:
        """Return all deliveries of which nodes have not said yet that."""
        return [
            part for part, timer in self._timers.items() if timer.wait is Wait.ACCEPT
        ]

    def awaits_answer(self, command_id: int, node: str) -> bool:
        """Whether the node of a delivery still has time to answer."""
        timer = self._timers.get((command_id, node))
        return timer is not None and timer.wait is not Wait.RETRY

    def due(self, steady: float) -> list[Timer]:
        """Take out the waits that have ended, oldest first."""
        ended = sorted(
            (timer for timer in self._timers.values() if timer.at <= steady),
            key=lambda timer: (timer.at, timer.command_id, timer.node),
        )
        for timer in ended:
            del self._timers[timer.command_id, timer.node]
        return ended

    def next(self) -> float | None:
        """Return when the first wait ends."""
        return min((timer.at for timer in self._timers.values()), default=None)
