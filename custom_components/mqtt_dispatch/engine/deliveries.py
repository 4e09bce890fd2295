"""Deliveries from the moment they are sent: answers, time-outs, doubts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .book import Book
from .events import Publish
from .model import (
    Accepted,
    Answer,
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    Done,
    Failed,
    Now,
    Rejected,
    Seen,
    TimelineEntry,
)
from .policy import Station
from .readiness import NodeStatus
from .timers import Timer, Timers, Wait
from .transitions import close, deliver

NOT_EXECUTED = "not_executed"
"""The reason of a failure that a node's `last_id` tells."""


@dataclass(frozen=True, slots=True)
class _Unpublished:
    """An attempt that waits for the commit that records it."""

    revision: int
    command_id: int
    node: str


class Deliveries:
    """Follows what was sent until the nodes say what became of it."""

    def __init__(
        self,
        station: Station,
        book: Book,
        statuses: dict[str, NodeStatus],
        now: Now,
    ) -> None:
        """Take up what was in flight; its time-outs start anew."""
        self._station = station
        self._book = book
        self._statuses = statuses
        self._loaded = frozenset(book.open)
        self._unpublished: list[_Unpublished] = []
        self._before: dict[tuple[int, str], DeliveryState] = {}
        self._wanted_again: set[tuple[int, str]] = set()
        self._holds: dict[int, float] = {}
        self.timers = Timers()
        self.uncredited: Counter[str] = Counter()
        """Answers that moved nothing: `foreign` ones, and `late` ones."""
        for command in book.open.values():
            for delivery in command.deliveries:
                self._start_wait(command, delivery, now)
            self._hold_again(command, now)

    def send(self, command: Command, node: str, now: Now) -> None:
        """Record an attempt. It is published when that record is on disk."""
        delivery = _delivery(command, node)
        attempts = delivery.attempts + 1
        self._before[command.id, node] = delivery.state
        self._wanted_again.discard((command.id, node))
        self.timers.stop(command.id, node)
        cause = Cause.SENT if attempts == 1 else Cause.SENT_AGAIN
        self._book.put(
            deliver(
                command,
                node,
                DeliveryState.SENT,
                now.wall,
                cause,
                attempts=attempts,
                repeatable=self._statuses[node].drops_repeats,
            )
        )
        self._unpublished.append(_Unpublished(self._book.revision, command.id, node))

    def release(self, revision: int, now: Now, *, connected: bool) -> list[Publish]:
        """Return what may leave now that `revision` is on disk."""
        stored = [item for item in self._unpublished if item.revision <= revision]
        self._unpublished = [
            item for item in self._unpublished if item.revision > revision
        ]
        publishes = []
        for item in stored:
            command = self._book.open.get(item.command_id)
            if command is None:
                continue
            delivery = _delivery(command, item.node)
            if delivery.state is not DeliveryState.SENT:
                continue
            if connected:
                self._start_wait(command, delivery, now)
                publishes.append(Publish(item.command_id, item.node))
            else:
                self.not_published(item.command_id, item.node, now)
        return publishes

    def commit_failed(self, now: Now) -> None:
        """Take back the attempts whose record could not be written."""
        unpublished, self._unpublished = self._unpublished, []
        for item in unpublished:
            self.not_published(item.command_id, item.node, now)

    def not_published(self, command_id: int, node: str, now: Now) -> None:
        """Take back an attempt that certainly did not leave; it costs nothing."""
        command = self._book.open.get(command_id)
        before = self._before.pop((command_id, node), None)
        if command is None or before is None:
            return
        delivery = _delivery(command, node)
        if delivery.state is not DeliveryState.SENT:
            return
        self.timers.stop(command_id, node)
        if before is not DeliveryState.PENDING:
            self._wanted_again.add((command_id, node))
        self._book.put(
            deliver(
                command,
                node,
                before,
                now.wall,
                Cause.NOT_SENT,
                attempts=delivery.attempts - 1,
            )
        )

    def wanted(self) -> list[tuple[Command, Delivery]]:
        """Return the parts of commands in flight that are still to be sent."""
        return [
            (command, delivery)
            for command in self._book.open.values()
            if command.state.in_flight
            for delivery in command.deliveries
            if delivery.state is DeliveryState.PENDING
            or (command.id, delivery.node) in self._wanted_again
        ]

    def held(self) -> frozenset[int]:
        """Return the unconfirmed commands that still hold their lanes."""
        return frozenset(self._holds)

    def held_until(self, command_id: int) -> float | None:
        """Return the steady second at which a command lets its lane go on."""
        return self._holds.get(command_id)

    def answer(self, answer: Answer, now: Now) -> None:
        """Credit what a node said to the one delivery it speaks of, or to none."""
        command = self._addressed(answer)
        if command is None:
            return
        delivery = _delivery(command, answer.node)
        if not delivery.state.open and delivery.state is not DeliveryState.UNKNOWN:
            self.uncredited["late"] += 1
            return
        match answer:
            case Accepted():
                self._accepted(command, delivery, now)
            case Rejected():
                self._rejected(command, delivery, answer.reason, now)
            case Done():
                self._end(command, delivery, DeliveryState.DONE, now)
            case Failed():
                self._end(command, delivery, DeliveryState.FAILED, now, answer.reason)

    def seen(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Draw from a node's own account what it tells of its deliveries."""
        restarted = (
            report.live
            and report.uptime is not None
            and before.uptime is not None
            and report.uptime < before.uptime
        )
        if not restarted and report.last_id is None:
            return
        for command in tuple(self._book.open.values()):
            delivery = command.delivery(report.node)
            if delivery is None:
                continue
            if restarted and self._station.policy(command).done_by_restart:
                if delivery.state is DeliveryState.UNKNOWN or (
                    delivery.state.in_flight and self._may_have_left(command, delivery)
                ):
                    self._deliver(
                        command, report.node, DeliveryState.DONE, now, Cause.RESTARTED
                    )
            else:
                self._settle_by_last_id(command, delivery, report, now)

    def pass_time(self, now: Now) -> None:
        """End what has waited long enough."""
        for timer in self.timers.due(now.steady):
            self._timed_out(timer, now)
        for command_id, until in tuple(self._holds.items()):
            command = self._book.open.get(command_id)
            if (
                until <= now.steady
                or command is None
                or command.state is not CommandState.UNCONFIRMED
            ):
                del self._holds[command_id]
        for command, delivery in self.wanted():
            if command.expires_at is not None and command.expires_at <= now.wall:
                self._give_up(command, delivery, now, Cause.OUT_OF_TIME)

    def expire(self, command: Command, now: Now) -> None:
        """End the unsent part of a waiting command of which a part was sent."""
        for delivery in command.deliveries:
            if delivery.state is DeliveryState.PENDING:
                current = self._book.open[command.id]
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)

    def forget(self, command: Command) -> None:
        """Drop every wait of a command that has ended."""
        for node in command.nodes:
            self.timers.stop(command.id, node)
            self._wanted_again.discard((command.id, node))
            self._before.pop((command.id, node), None)

    def next_deadline(self) -> float | None:
        """Return the steady second at which a wait or a hold ends."""
        moments = [*self._holds.values()]
        if (ends := self.timers.next()) is not None:
            moments.append(ends)
        return min(moments, default=None)

    def _addressed(self, answer: Answer) -> Command | None:
        """Return the command that an answer speaks of, if its node may have it."""
        if answer.command_id is None:
            in_flight = [
                command
                for command in self._book.open.values()
                if (delivery := command.delivery(answer.node)) is not None
                and delivery.state.in_flight
            ]
            command = in_flight[0] if len(in_flight) == 1 else None
        else:
            command = self._book.open.get(answer.command_id)
            closed = self._book.closed.get(answer.command_id)
            if closed is not None and closed.delivery(answer.node) is not None:
                self.uncredited["late"] += 1
                return None
        if command is not None:
            delivery = command.delivery(answer.node)
            if delivery is not None and self._may_have_left(command, delivery):
                return command
        self.uncredited["foreign"] += 1
        return None

    def _accepted(self, command: Command, delivery: Delivery, now: Now) -> None:
        if delivery.state is DeliveryState.SENT:
            self._deliver(
                command, delivery.node, DeliveryState.ACCEPTED, now, Cause.NODE
            )
            return
        if delivery.state is DeliveryState.ACCEPTED:
            self.uncredited["late"] += 1
            return
        # Too late to be waited for anew, but a person will want to know it, once.
        told = any(
            (entry.cause, entry.node) == (Cause.LATE_ANSWER, delivery.node)
            for entry in command.timeline
        )
        if not told:
            entry = TimelineEntry(
                now.wall, DeliveryState.ACCEPTED, Cause.LATE_ANSWER, delivery.node
            )
            self._book.put(command.noted(entry))

    def _rejected(
        self, command: Command, delivery: Delivery, reason: str, now: Now
    ) -> None:
        if delivery.state is DeliveryState.ACCEPTED:
            self.uncredited["late"] += 1
        elif delivery.attempts > 1 and command.command_class is CommandClass.ONCE:
            # It may refuse the repeat of what it is doing.
            if delivery.state is not DeliveryState.UNKNOWN:
                self._end(command, delivery, DeliveryState.UNKNOWN, now, reason)
        else:
            self._end(command, delivery, DeliveryState.REJECTED, now, reason)

    def _end(
        self,
        command: Command,
        delivery: Delivery,
        state: DeliveryState,
        now: Now,
        reason: str = "",
    ) -> None:
        cause = Cause.NODE if delivery.state.in_flight else Cause.LATE_ANSWER
        policy = self._station.policy(command)
        if policy.attempts is None and state is not DeliveryState.DONE:
            # It is tried until it is done, whatever the node says.
            if self.timers.waits_to_retry(command.id, delivery.node):
                self.uncredited["late"] += 1
                return
            entry = TimelineEntry(now.wall, state, cause, delivery.node, reason)
            self._book.put(command.noted(entry))
            again = now.steady + policy.delay_after(delivery.attempts)
            self.timers.start(command.id, delivery.node, Wait.RETRY, again)
            return
        self._deliver(command, delivery.node, state, now, cause, reason)

    def _settle_by_last_id(
        self, command: Command, delivery: Delivery, report: Seen, now: Now
    ) -> None:
        status = self._statuses[report.node]
        if report.last_id is None or not status.drops_repeats:
            return
        unknown = delivery.state is DeliveryState.UNKNOWN
        waits_again = delivery.state is DeliveryState.PENDING and (
            delivery.attempts > 0 or command.id in self._loaded
        )
        executed = report.last_id >= command.id
        if executed and (unknown or waits_again):
            self._deliver(command, report.node, DeliveryState.DONE, now, Cause.LAST_ID)
        elif unknown and not executed and report.live and report.ready:
            self._deliver(
                command,
                report.node,
                DeliveryState.FAILED,
                now,
                Cause.LAST_ID,
                NOT_EXECUTED,
            )

    def _timed_out(self, timer: Timer, now: Now) -> None:
        command = self._book.open[timer.command_id]
        delivery = _delivery(command, timer.node)
        policy = self._station.policy(command)
        if timer.wait is Wait.RETRY:
            self._wanted_again.add((command.id, timer.node))
            return
        if timer.wait is Wait.ACCEPT:
            cause = Cause.ACCEPT_TIMEOUT
            waited = policy.accept_wait(delivery.attempts)
        else:
            cause = Cause.DONE_TIMEOUT
            waited = policy.done_timeout
        may_repeat = (
            command.command_class is not CommandClass.ONCE or delivery.repeatable
        )
        has_attempts = policy.attempts is None or delivery.attempts < policy.attempts
        if self._is_replaced(command):
            self._book.put(
                close(command, CommandState.SUPERSEDED, now.wall, Cause.SUPERSEDED)
            )
            self.forget(command)
        elif may_repeat and has_attempts:
            self._book.put(
                command.noted(
                    TimelineEntry(now.wall, delivery.state, cause, timer.node)
                )
            )
            wait = max(0.0, policy.delay_after(delivery.attempts) - waited)
            self.timers.start(command.id, timer.node, Wait.RETRY, now.steady + wait)
        else:
            self._give_up(
                command, delivery, now, Cause.OUT_OF_ATTEMPTS if may_repeat else cause
            )

    def _give_up(
        self, command: Command, delivery: Delivery, now: Now, cause: Cause
    ) -> None:
        """End a delivery that is not sent again."""
        in_doubt = delivery.attempts > 0 and command.command_class is CommandClass.ONCE
        state = DeliveryState.UNKNOWN if in_doubt else DeliveryState.FAILED
        self._deliver(command, delivery.node, state, now, cause)
        status = self._statuses[delivery.node]
        if (
            in_doubt
            and status.drops_repeats
            and status.last_id is not None
            and status.last_id >= command.id
        ):
            self._deliver(
                self._book.open[command.id],
                delivery.node,
                DeliveryState.DONE,
                now,
                Cause.LAST_ID,
            )

    def _is_replaced(self, command: Command) -> bool:
        return command.command_class is CommandClass.LATEST and any(
            newer.id > command.id
            and newer.state is CommandState.QUEUED
            and (newer.kind, newer.nodes, newer.key)
            == (command.kind, command.nodes, command.key)
            for newer in self._book.open.values()
        )

    def _deliver(
        self,
        command: Command,
        node: str,
        state: DeliveryState,
        now: Now,
        cause: Cause,
        reason: str = "",
    ) -> None:
        """Move a delivery, and what waits for it along with it."""
        moved = deliver(command, node, state, now.wall, cause, reason=reason)
        self._book.put(moved)
        self.timers.stop(command.id, node)
        self._wanted_again.discard((command.id, node))
        self._start_wait(moved, _delivery(moved, node), now)
        if moved.state.final:
            self.forget(moved)
        elif (
            moved.state is CommandState.UNCONFIRMED
            and command.state is not CommandState.UNCONFIRMED
        ):
            self._holds[moved.id] = now.steady + self._station.settings.hold

    def _start_wait(self, command: Command, delivery: Delivery, now: Now) -> None:
        policy = self._station.policy(command)
        if delivery.state is DeliveryState.SENT:
            at = now.steady + policy.accept_wait(delivery.attempts)
            self.timers.start(command.id, delivery.node, Wait.ACCEPT, at)
        elif delivery.state is DeliveryState.ACCEPTED:
            at = now.steady + policy.done_timeout
            self.timers.start(command.id, delivery.node, Wait.DONE, at)

    def _hold_again(self, command: Command, now: Now) -> None:
        """Hold a lane after a restart for what was left of the hold before it."""
        if command.state is not CommandState.UNCONFIRMED:
            return
        hold = self._station.settings.hold
        since = command.timeline[-1].at
        left = hold - max(0.0, now.wall - since)
        if left > 0:
            self._holds[command.id] = now.steady + left

    def _may_have_left(self, command: Command, delivery: Delivery) -> bool:
        unpublished = sum(
            (item.command_id, item.node) == (command.id, delivery.node)
            for item in self._unpublished
        )
        return delivery.attempts > unpublished


def _delivery(command: Command, node: str) -> Delivery:
    delivery = command.delivery(node)
    if delivery is None:
        msg = f"command {command.id} is not for node {node}"
        raise LookupError(msg)
    return delivery
