"""What a protocol keeps of its nodes beside commands, while a station runs.

Most nodes are told commands and nothing else. Some must be asked what is held for them,
or are led through their wakings. What that takes stands beside their protocol, as a
session: it hears what nodes say, may keep commands back, and tells nodes what is no
command. It touches the station through its host alone, and is never stored; what it
must know after a restart can be stored with a message.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Protocol

from .clock import Now
from .command import Cause, Command, Delivery
from .reason import Reason
from .reports import Answer, Heard, Hello, Readings, Seen
from .step import Step

if TYPE_CHECKING:
    from .effects import Effect
    from .policy import Station

type LookedAt = Callable[[Now], Iterable[tuple[Command, tuple[Reason, ...]]]]
"""`looked_at(now)`: what waits at the head of its lane, oldest first, and what for."""


class Host(Protocol):
    """What a session sees of its station, and what it may do there."""

    @property
    def station(self) -> Station:
        """The station with its rules."""

    def open_at(self, node: str) -> Iterable[Command]:
        """Return the open commands for a node, oldest first."""

    def steps_of(self, command: Command, node: str) -> tuple[Step, ...]:
        """Return what an attempt is made of, and who answers it."""

    def is_awake(self, node: str, now: Now) -> bool:
        """Whether a node has just called in."""

    def is_occupied(self, node: str) -> bool:
        """Whether a node has a command that keeps it from being given another."""

    def sent_to_sleep(self, node: str) -> None:
        """Note that a node was told to sleep."""

    def credit(self, answer: Answer, now: Now) -> bool:
        """Credit what a node said of a command; False: it speaks of none."""

    def done(
        self, command: Command, delivery: Delivery, cause: Cause, now: Now
    ) -> None:
        """End a delivery: its node has done it."""

    def has_left(self, command: Command, delivery: Delivery) -> bool:
        """Whether a message of a delivery may have been sent, now or in another life.

        Of its latest attempt, and of its latest step where it has several.
        """

    def may_speak_of_others(
        self, command: Command, node: str, such: Callable[[Command], bool]
    ) -> bool:
        """Whether what a node says may come from another command than this one.

        From such a one that was sent to it since, or is open there still.
        """

    def held_beside(self, node: str) -> int:
        """Return how many messages may be held that nobody follows any more."""

    def holds(self, node: str, count: int) -> None:
        """Note how many messages are held for a node, those in flight included."""

    def wait(self, what: Hashable, at: float | None) -> None:
        """Have `due(what)` called at a steady second; None: no more."""

    def waits_for(self, what: Hashable) -> bool:
        """Whether that is still to come."""


class Session:
    """That of a protocol whose nodes are told commands and nothing else."""

    @property
    def listens(self) -> bool:
        """Whether anything can follow from what it hears."""
        return type(self).take is not Session.take

    @property
    def asked(self) -> bool:
        """Whether an answer is waited for, while nobody else may be asked."""
        return False

    def connection(self, now: Now, *, up: bool) -> None:
        """Take in that the connection to the broker came or went."""

    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """Take in what was said; return what follows, and what it says of nodes.

        It gets what is heard live from nodes of the station, the first introduction of
        any other, what is said of whoever relays, refusals without an id while it has
        `asked`, and reports of its own, whoever they are from.
        """
        return []

    def remembers(self, command: Command, node: str, step: int, now: Now) -> Readings:
        """Return what is stored with a message of a command when it is recorded.

        It comes back in `Delivery.remembered`, also after a restart. It is asked again
        before the message leaves: if something else is so by then, nothing is
        remembered with it.
        """
        return {}

    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """Do what it wanted to wait for."""
        return []

    def in_the_way(self, command: Command, node: str, now: Now) -> Reason | None:
        """Return why a node must not be sent a command now, or once more.

        It changes nothing: who shows what waits asks it, too.
        """
        return None

    def keeps_waiting(self, command: Command, reason: Reason, now: Now) -> None:
        """Take in that a command whose turn it is waits for this reason."""

    def stopped(self, command_id: int, node: str) -> None:
        """Take in that a command was sent, answered or ended: it waits no more."""

    def ask(self, now: Now, *, missed: bool) -> list[Effect]:
        """Return what is to be asked before more is sent; nobody else is asked.

        `missed`: something waits for whoever relays, who is silent.
        """
        return []

    def run(self, now: Now, waiting: LookedAt) -> list[Effect]:
        """Return what nodes are told once commands have had their turn."""
        return []


def no_session(_host: Host) -> Session:
    """Return the session of nodes that are told commands and nothing else."""
    return Session()
