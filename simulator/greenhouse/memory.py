"""What HEAD firmware remembers of the commands that it looked at."""

from __future__ import annotations

from dataclasses import dataclass

REMEMBERED_IDS = 128
MEMORY_SECONDS = 300.0


@dataclass(slots=True)
class _Known:
    id: str
    since: float
    status: str = ""


class Memory:
    """128 ids for 5 minutes, in a ring; lost with the power.

    An id is noted when it is looked up, before anybody knows whether its command can
    be done. What did not end in DONE or ERROR is taken to run still, and each repeat
    of it begins its 5 minutes anew.
    """

    def __init__(self) -> None:
        self._known: list[_Known | None] = [None] * REMEMBERED_IDS
        self._next = 0

    def look_up(self, cmd_id: str, now: float) -> str | None:
        """Return how a command ended, ACK while it has not; None: it is new.

        A new one is noted.
        """
        for slot, known in enumerate(self._known):
            if known is None:
                continue
            if now - known.since > MEMORY_SECONDS:
                self._known[slot] = None
            elif known.id == cmd_id:
                if not known.status:
                    known.since = now
                return known.status or "ACK"
        self._known[self._next] = _Known(cmd_id, now)
        self._next = (self._next + 1) % REMEMBERED_IDS
        return None

    def end(self, cmd_id: str, status: str) -> None:
        """Note how a command ended; only DONE and ERROR are kept."""
        if status not in ("DONE", "ERROR"):
            return
        for known in self._known:
            if known is not None and known.id == cmd_id:
                known.status = status
