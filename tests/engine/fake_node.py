"""A node as the engine's stories need one: it executes, and answers into the air."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Answer,
    Done,
    Failed,
    Rejected,
    Seen,
)


class Fate(Enum):
    """What becomes of what is published."""

    ARRIVES = auto()
    IS_REFUSED = auto()
    IS_LOST = auto()
    DOES_NOT_LEAVE = auto()


@dataclass(slots=True)
class Node:
    """Executes what arrives, and answers into the air."""

    name: str
    drops_repeats: bool = False
    reports_last_id: bool = False
    gives_ids: bool = True
    executed: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    air: list[Answer] = field(default_factory=list)
    booted: float = 0.0

    def receive(self, command_id: int, *, refuses: bool) -> None:
        known = self._named(command_id)
        if self.drops_repeats and command_id in self.executed:
            self.air.append(Accepted(self.name, known))
            if command_id not in self.tasks:
                self.air.append(Done(self.name, known))
        elif refuses:
            self.air.append(Rejected(self.name, known, "no"))
        else:
            self.executed.append(command_id)
            self.tasks.append(command_id)
            self.air.append(Accepted(self.name, known))

    def work(self, *, fails: bool) -> None:
        if not self.tasks:
            return
        known = self._named(self.tasks.pop(0))
        self.air.append(
            Failed(self.name, known, "jam") if fails else Done(self.name, known)
        )

    def lose_power(self, now: float) -> None:
        self.tasks.clear()
        self.booted = now

    def says(self, now: float, *, ready: bool | None, live: bool = True) -> Seen:
        last_id = max(self.executed, default=None) if self.reports_last_id else None
        return Seen(
            node=self.name,
            live=live,
            online=True,
            ready=ready,
            uptime=now - self.booted,
            drops_repeats=True if self.drops_repeats else None,
            last_id=last_id,
        )

    def _named(self, command_id: int) -> int | None:
        return command_id if self.gives_ids else None
