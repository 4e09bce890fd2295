"""What is known of the latest attempt at each delivery, in memory alone.

After a restart it is begun anew: whatever stands here may be forgotten, and then is
waited for from the beginning, or not done at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.command import Command, DeliveryState
from ..model.reports import Readings

type Part = tuple[int, str]
"""A command's id and a node: what names a delivery."""
type Remembers = Callable[[Command, str, int, Now], Readings]
"""`remembers(command, node, step, now)`: see `Session.remembers`."""


class Wait(StrEnum):
    """What a delivery in flight waits for."""

    ACCEPT = "accept"
    DONE = "done"
    RETRY = "retry"


class Unsent(StrEnum):
    """What of a delivery in flight is still to be sent."""

    AGAIN = "again"
    """All of it once more, from the first step on."""
    NEXT_STEP = "next_step"


@dataclass(slots=True)
class Attempt:
    """One sending of a delivery."""

    recorded: int | None = None
    """The revision that must be on disk before it leaves; None: it has left."""
    before: DeliveryState | None = None
    """The state in which it found its delivery, while it can be taken back."""
    told: bool = False
    """Whether it was published over the connection that still stands."""
    wait: Wait | None = None
    rests: bool = False
    """Whether its node is left alone with it, as it was too busy for it."""
    unsent: Unsent | None = None
    is_repeat: bool = False
    """Whether it repeats what its node may have."""
    known_since: float | None = None
    """Since when its node may know the command; steady seconds."""
    heard: int = 0
    """How often its node was heard while it lies with whoever relays to it."""

    @property
    def awaits_acceptance(self) -> bool:
        """Whether the node has not said yet whether it takes the latest message."""
        return self.recorded is not None or self.wait is Wait.ACCEPT

    @property
    def awaits_answer(self) -> bool:
        """Whether it is on its way to the node, or that still has time to answer."""
        return self.awaits_acceptance or self.wait is Wait.DONE

    @property
    def goes_on(self) -> bool:
        """Whether the node took the latest message and waits for the next step."""
        return self.unsent is Unsent.NEXT_STEP

    def stop(self) -> None:
        """Wait for nothing, and have nothing of it sent any more.

        What the node may know of it stays.
        """
        self.recorded = self.before = self.wait = self.unsent = None
        self.told = self.rests = False


_NONE = Attempt()
"""Stands for an attempt of which nothing is known; it is never changed."""


class Attempts:
    """The latest attempt at each delivery of which anything is known."""

    def __init__(self, deadlines: Deadlines) -> None:
        """Begin with nothing known."""
        self._attempts: dict[Part, Attempt] = {}
        self._deadlines = deadlines
        self._stopped: Callable[[int, str], None] | None = None
        self._remembers: Remembers | None = None
        deadlines.when(Due.REST, self._has_rested)

    def when_stopped(self, then: Callable[[int, str], None]) -> None:
        """Have the session told whenever nothing is waited for any more."""
        self._stopped = then

    def remember_by(self, remembers: Remembers) -> None:
        """Have the session say what is remembered with each message."""
        self._remembers = remembers

    def to_remember(self, command: Command, node: str, step: int, now: Now) -> Readings:
        """Return what is stored with a message that is recorded."""
        if self._remembers is None:
            return {}
        return self._remembers(command, node, step, now)

    def at(self, part: Part) -> Attempt:
        """Return what is known of a delivery, to be looked at and not changed."""
        return self._attempts.get(part, _NONE)

    def of(self, part: Part) -> Attempt:
        """Return what is known of a delivery, to be changed."""
        return self._attempts.setdefault(part, Attempt())

    def wait(self, part: Part, wait: Wait, until: float) -> None:
        """Begin a wait until a steady second; it replaces the one that was running."""
        self.of(part).wait = wait
        self._deadlines.set(Due.WAIT, *part, at=until)

    def end_wait(self, part: Part) -> Wait | None:
        """Wait no more; return what was waited for."""
        attempt = self.of(part)
        wait, attempt.wait = attempt.wait, None
        self._deadlines.drop(Due.WAIT, *part)
        return wait

    def rest(self, part: Part, until: float) -> None:
        """Leave a node alone with a delivery until a steady second."""
        self.of(part).rests = True
        self._deadlines.set(Due.REST, *part, at=until)

    def stop(self, part: Part) -> None:
        """Wait for nothing of a delivery, and have nothing of it sent any more."""
        if (attempt := self._attempts.get(part)) is not None:
            attempt.stop()
            self._deadlines.drop(Due.WAIT, *part)
            self._deadlines.drop(Due.REST, *part)
        if self._stopped is not None:
            self._stopped(*part)

    def forget(self, command: Command) -> None:
        """Drop all that is known of a command that is open no longer."""
        for node in command.nodes:
            self.stop((command.id, node))
            self._attempts.pop((command.id, node), None)

    def __iter__(self) -> Iterator[tuple[Part, Attempt]]:
        """Go through all of which anything is known, oldest first."""
        return iter(tuple(self._attempts.items()))

    def take_stored(self, revision: int | None) -> list[Part]:
        """Take out those whose record is on disk with `revision`; None: all recorded.

        They come in the order in which they were recorded.
        """
        stored = sorted(
            (attempt.recorded, number, part)
            for number, (part, attempt) in enumerate(self)
            if attempt.recorded is not None
            and (revision is None or attempt.recorded <= revision)
        )
        for _, _, part in stored:
            self._attempts[part].recorded = None
        return [part for _, _, part in stored]

    def _has_rested(self, command_id: int, node: str, _: Now) -> None:
        self.of((command_id, node)).rests = False
