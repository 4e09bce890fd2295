"""A command, its deliveries to nodes, their states and their timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from .meal import MealDate, TakenOff
from .reports import Readings

HIGHEST_ID = 2**31 - 1
"""The highest id that every wire can carry."""
ID_RESERVE = 1_000_000
"""Ids that no node may use up, however high one it claims to know."""
TIMELINE_HEAD = 20
TIMELINE_LIMIT = 200


class CommandClass(StrEnum):
    """What may be done with a command when it is unsure whether a node has it."""

    ONCE = "once"
    LATEST = "latest"
    UNTIL_DONE = "until_done"
    REPEAT = "repeat"


class CommandState(StrEnum):
    """Where a command stands."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    UNCONFIRMED = "unconfirmed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def final(self) -> bool:
        """Whether nothing can change it any more."""
        return self in _FINAL

    @property
    def in_flight(self) -> bool:
        """Whether nodes are expected to answer."""
        return self in (CommandState.SENT, CommandState.ACCEPTED)


_FINAL = frozenset(
    {
        CommandState.SUCCEEDED,
        CommandState.FAILED,
        CommandState.REJECTED,
        CommandState.EXPIRED,
        CommandState.CANCELLED,
        CommandState.SUPERSEDED,
    }
)


class DeliveryState(StrEnum):
    """Where the part of a command that goes to one node stands."""

    PENDING = "pending"
    SENT = "sent"
    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"

    @property
    def in_flight(self) -> bool:
        """Whether the node is expected to answer."""
        return self in (DeliveryState.SENT, DeliveryState.ACCEPTED)

    @property
    def open(self) -> bool:
        """Whether the delivery may still move by itself."""
        return self is DeliveryState.PENDING or self.in_flight


class Cause(StrEnum):
    """Why something changed, for timelines, events and responses."""

    ACTION = "action"
    BUTTON = "button"
    MEAL = "meal"
    SENT = "sent"
    SENT_AGAIN = "sent_again"
    NOT_SENT = "not_sent"
    NODE = "node"
    LATE_ANSWER = "late_answer"
    LAST_ID = "last_id"
    RESTARTED = "restarted"
    ACCEPT_TIMEOUT = "accept_timeout"
    DONE_TIMEOUT = "done_timeout"
    RUN_OVER = "run_over"
    """The time is over that the node said it would take, and it says no more."""
    BROKEN_OFF = "broken_off"
    """The node has started anew since it was told what it says no more of."""
    OUT_OF_ATTEMPTS = "out_of_attempts"
    OUT_OF_TIME = "out_of_time"
    MISSED = "missed"
    SKIPPED = "skipped"
    GUARD = "guard"
    QUEUE_FULL = "queue_full"
    PERSON = "person"
    SUPERSEDED = "superseded"
    RENUMBERED = "renumbered"
    RESTORED = "restored"
    NODE_REMOVED = "node_removed"
    PLAN = "plan"
    WELCOME = "welcome"
    BUSY = "busy"
    FORGOTTEN = "forgotten"
    NO_LONGER_HELD = "no_longer_held"
    NOT_HANDED_OVER = "not_handed_over"
    TOLD = "told"
    """It was published to a node that was there, which need not answer."""
    ENDS = "ends"
    """It ends what another command began, which may still go on after its time."""
    ENDED = "ended"
    """Another command, ordered for that, ends what it began."""


class Outcome(StrEnum):
    """How a person settles an unconfirmed command."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RESEND = "resend"


def name_of(command_id: int) -> str:
    """Return how a timeline names another command."""
    return f"#{command_id}"


def named(detail: str) -> int:
    """Return the id of the command that a timeline names so."""
    return int(detail.removeprefix("#"))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One transition: of the command, or of its delivery to `node`."""

    at: float
    """Unix seconds."""
    state: str
    cause: Cause
    node: str | None = None
    detail: str = ""
    """What the node said, which person decided, or which other command it names."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The part of a command that goes to one node."""

    node: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    """How often it was, or may have been, published."""
    repeatable: bool = False
    """Whether the node had said, when it was sent, that it drops repeated ids."""
    reason: str = ""
    """What the node said when it refused or failed."""
    steps: int = 1
    """How many messages, sent one after the other, the latest attempt is made of."""
    step: int = 0
    """The step of the latest attempt that was sent last, from 0."""
    ended: tuple[int, ...] = ()
    """The steps of the latest attempt that the node has done."""
    remembered: Readings = MappingProxyType({})
    """What was so before its latest message, as far as the session wants to know it
    after a restart; see `Session.remembers`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One stored intent."""

    id: int
    kind: str
    params: Mapping[str, Any]
    command_class: CommandClass
    created_at: float
    """Unix seconds."""
    expires_at: float | None
    """Unix seconds; after this a delivery is not sent any more. None: never."""
    deliveries: tuple[Delivery, ...]
    state: CommandState = CommandState.QUEUED
    not_before: float | None = None
    """Unix seconds; it is not sent any sooner. None: it may be at once."""
    key: str = ""
    """What a newer command must share to supersede this one."""
    idempotency_key: str | None = None
    finishes: int | None = None
    """The first command of which this one does the part that was not done."""
    meal: MealDate | None = None
    """The date of a meal that it feeds, or of which it tells why it is not fed."""
    taken_off: TakenOff | None = None
    """What it feeds of a later date, which gets so much less unless this fails."""
    timeline: tuple[TimelineEntry, ...] = field(default=())

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes it goes to, in the order of the station."""
        return tuple(delivery.node for delivery in self.deliveries)

    @property
    def begun(self) -> bool:
        """Whether any node may have done something of it, or of what it finishes."""
        return self.ever_sent or self.finishes is not None

    @property
    def first_part(self) -> int:
        """The id of the command that this one finishes, or its own."""
        return self.finishes or self.id

    @property
    def subject(self) -> str:
        """What it is about: orders of one thing, to a node, have it in common."""
        return self.key or self.kind

    @property
    def ever_sent(self) -> bool:
        """Whether any node may have it."""
        return any(delivery.attempts for delivery in self.deliveries)

    def is_out_of_time(self, wall: float) -> bool:
        """Whether the time is over in which it may be sent."""
        return self.expires_at is not None and self.expires_at <= wall

    @property
    def ends(self) -> int | None:
        """The id of the command that it was ordered to end; None: a person's wish."""
        first = self.timeline[0]
        return named(first.detail) if first.cause is Cause.ENDS else None

    def ended_by(self, node: str) -> int | None:
        """Return the id of what was ordered to end what a node was sent last."""
        for entry in reversed(self.timeline):
            if entry.node != node:
                continue
            if entry.state == DeliveryState.SENT:
                return None
            if entry.cause is Cause.ENDED and entry.detail:
                return named(entry.detail)
        return None

    def endings(self, node: str) -> frozenset[int]:
        """Return the ids of all that was ordered to end it at a node while it was open.

        It was sent again in between.
        """
        return frozenset(
            named(entry.detail)
            for entry in self.timeline
            if entry.node == node and entry.cause is Cause.ENDED and entry.detail
        )

    def was_sent_before(self, node: str, at: float) -> bool:
        """Whether it was sent to a node before a moment, in unix seconds."""
        return any(
            entry.node == node and entry.state == DeliveryState.SENT and entry.at <= at
            for entry in self.timeline
        )

    def last_sent_at(self, node: str) -> float | None:
        """Return when it was last sent to a node, in unix seconds; None: never."""
        for entry in reversed(self.timeline):
            if entry.node == node and entry.state == DeliveryState.SENT:
                return entry.at
        return None

    def was_taken_by(self, node: str) -> bool:
        """Whether a node said itself that it takes what it was sent last."""
        of_it = (DeliveryState.SENT, DeliveryState.ACCEPTED)
        for entry in reversed(self.timeline):
            if entry.cause is Cause.ENDED:
                continue
            if entry.node == node and entry.state in of_it:
                accepted = entry.state == DeliveryState.ACCEPTED
                return accepted and entry.cause is not Cause.TOLD
        return False

    def delivery(self, node: str) -> Delivery | None:
        """Return the delivery to a node, None if the command is not for it."""
        for delivery in self.deliveries:
            if delivery.node == node:
                return delivery
        return None

    def noted(self, entry: TimelineEntry) -> Command:
        """Return the command with one more line in its timeline.

        A command that is sent again for weeks keeps its first lines and its latest.
        """
        timeline = (*self.timeline, entry)
        if len(timeline) > TIMELINE_LIMIT:
            recent = TIMELINE_LIMIT - TIMELINE_HEAD
            timeline = timeline[:TIMELINE_HEAD] + timeline[-recent:]
        return replace(self, timeline=timeline)
