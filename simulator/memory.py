"""What a node keeps in flash about the ids it executed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REMEMBERED_IDS = 32
INTERRUPTED = "interrupted"


class Memory:
    """The highest id executed, and the last 32 with their status.

    Ids may come out of order: a reboot overtakes a meal that still waits. So only
    an id that is remembered counts as a repeat, not every id below the highest.
    What is being executed is not said to be: it may never end. Raises ValueError
    where `stored` is not what `stored()` returned.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        self._statuses: dict[int, str | None] = {}
        self._last_id: int | None = None
        self._told: int | None = None
        if stored is None:
            return
        try:
            self._statuses.update(stored["executed"])
            self._last_id = stored["last_id"]
        except (KeyError, TypeError) as error:
            raise ValueError("not what a node's flash holds") from error
        self.break_off()

    @property
    def last_id(self) -> int | None:
        """The highest id executed that is under way no more."""
        return self._told

    def __contains__(self, command_id: int) -> bool:
        return command_id in self._statuses

    def status(self, command_id: int) -> str | None:
        """Return the status it was reported done with; None if it never was."""
        return self._statuses[command_id]

    @property
    def interrupted(self) -> int | None:
        """The latest id, if it was put off and never begun."""
        latest = next(reversed(self._statuses), None)
        return latest if latest is not None and self.was_put_off(latest) else None

    def was_put_off(self, command_id: int) -> bool:
        """Whether an id was to begin later, and did not."""
        return self._statuses.get(command_id) == INTERRUPTED

    def put_off(self, command_id: int) -> None:
        """Keep an id that is to begin later: until then it was not executed."""
        self._keep(command_id, INTERRUPTED)

    def begin(self, command_id: int) -> None:
        self._keep(command_id, None)
        self._last_id = max(command_id, self._last_id or 0)

    def end(self, command_id: int, status: str) -> None:
        self._statuses[command_id] = status
        self._told = self._last_id

    def break_off(self) -> None:
        """Have nothing under way: what had begun was executed, and never ends."""
        self._told = self._last_id

    def _keep(self, command_id: int, status: str | None) -> None:
        self._statuses.pop(command_id, None)
        self._statuses[command_id] = status
        while len(self._statuses) > REMEMBERED_IDS:
            del self._statuses[next(iter(self._statuses))]

    def stored(self) -> dict[str, Any]:
        """Return what a new Memory is made of: JSON, `executed` as pairs."""
        return {
            "last_id": self._last_id,
            "executed": [list(pair) for pair in self._statuses.items()],
        }
