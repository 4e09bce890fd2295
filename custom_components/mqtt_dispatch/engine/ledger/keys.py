"""The idempotency keys that were used within a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model.command import Command
from ..model.policy import DAY
from .snapshot import UsedKey


class UsedKeys(dict[str, UsedKey]):
    """Which command each key stands for."""

    def __init__(self, stored: Iterable[UsedKey]) -> None:
        """Take up what was stored."""
        super().__init__({used.key: used for used in stored})

    def command_of(self, key: str, wall: float) -> int | None:
        """Return the command of a key that is still good."""
        used = self.get(key)
        return None if used is None or wall - used.at >= DAY else used.command_id

    def use(self, key: str, command_id: int, wall: float) -> None:
        """Remember a key, and forget those that are too old."""
        for used in tuple(self.values()):
            if wall - used.at >= DAY:
                del self[used.key]
        self[key] = UsedKey(key, command_id, wall)

    def goes_on_as(self, command: Command, twin: int) -> None:
        """Have the key of an order stand, for no longer, for what it goes on as."""
        if (used := self._of(command)) is not None:
            self[used.key] = replace(used, command_id=twin)

    def free(self, command: Command) -> None:
        """Let an order that came to nothing be given anew by its key."""
        if (used := self._of(command)) is not None:
            del self[used.key]

    def _of(self, command: Command) -> UsedKey | None:
        used = self.get(command.idempotency_key or "")
        is_its = used is not None and used.command_id == command.id
        return used if is_its else None
