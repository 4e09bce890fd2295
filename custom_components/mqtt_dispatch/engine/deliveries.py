"""Deliveries from the moment they are sent: attempts, time-outs, doubts."""

from __future__ import annotations

from collections.abc import Callable

from .book import Book
from .events import Publish
from .evidence import executed
from .model import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    Now,
    TimelineEntry,
)
from .outbox import Outbox, Part
from .policy import Station
from .readiness import NodeStatus
from .timers import Timer, Timers, Wait
from .transitions import close, deliver


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
        self._outbox = Outbox()
        self._wanted_again: set[Part] = set()
        self._holds: dict[int, float] = {}
        self.timers = Timers()
        for command in book.open.values():
            for delivery in command.deliveries:
                self._start_wait(command, delivery, now)
            self._hold_again(command, now)

    def send(self, command: Command, node: str, now: Now) -> None:
        """Record an attempt. It is published when that record is on disk."""
        delivery = _delivery(command, node)
        attempts = delivery.attempts + 1
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
                repeatable=bool(self._statuses[node].drops_repeats),
            )
        )
        self._outbox.add((command.id, node), delivery.state, self._book.revision)

    def release(
        self, revision: int, now: Now, may_send: Callable[[Command], bool]
    ) -> list[Publish]:
        """Return what may leave now that `revision` is on disk."""
        publishes = []
        for command_id, node in self._outbox.take_stored(revision):
            command = self._book.open.get(command_id)
            if command is None:
                continue
            delivery = _delivery(command, node)
            if delivery.state is not DeliveryState.SENT:
                continue
            in_time = command.expires_at is None or command.expires_at > now.wall
            if in_time and may_send(command):
                self._start_wait(command, delivery, now)
                publishes.append(Publish(command_id, node))
            else:
                self.not_published(command_id, node, now)
        return publishes

    def commit_failed(self, now: Now) -> None:
        """Take back the attempts whose record could not be written."""
        for command_id, node in self._outbox.take_all():
            self.not_published(command_id, node, now)

    def not_published(self, command_id: int, node: str, now: Now) -> None:
        """Take back an attempt that certainly did not leave; it costs nothing."""
        command = self._book.open.get(command_id)
        before = self._outbox.undo((command_id, node))
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
            current = self._book.open[command.id]
            if command.expires_at is not None and command.expires_at <= now.wall:
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)
            elif self._took_back_its_word(command, delivery, now):
                self._give_up(current, delivery, now, Cause.OUT_OF_ATTEMPTS)

    def expire(self, command: Command, now: Now) -> None:
        """End the unsent part of a waiting command of which a part was sent."""
        for delivery in command.deliveries:
            if delivery.state is DeliveryState.PENDING:
                current = self._book.open[command.id]
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)

    def may_have_left(self, command: Command, delivery: Delivery) -> bool:
        """Whether an attempt, in this life or an earlier one, may have been sent."""
        unpublished = self._outbox.holds((command.id, delivery.node))
        return delivery.attempts > int(unpublished)

    def try_later(self, command: Command, delivery: Delivery, now: Now) -> bool:
        """Send a delivery again when its delay is over; False if it waits for that."""
        if self.timers.waits_to_retry(command.id, delivery.node):
            return False
        self._book.put(command)
        delay = self._station.policy(command).delay_after(delivery.attempts)
        self._wanted_again.discard((command.id, delivery.node))
        self.timers.start(command.id, delivery.node, Wait.RETRY, now.steady + delay)
        return True

    def forget(self, command: Command) -> None:
        """Drop every wait of a command that has ended."""
        for node in command.nodes:
            self.timers.stop(command.id, node)
            self._wanted_again.discard((command.id, node))
            self._outbox.forget((command.id, node))

    def next_deadline(self) -> float | None:
        """Return the steady second at which a wait or a hold ends."""
        moments = [*self._holds.values()]
        if (ends := self.timers.next()) is not None:
            moments.append(ends)
        return min(moments, default=None)

    def _timed_out(self, timer: Timer, now: Now) -> None:
        command = self._book.open.get(timer.command_id)
        if command is None:
            # It ended with another of its waits, at this same instant.
            return
        delivery = _delivery(command, timer.node)
        policy = self._station.policy(command)
        if self._is_replaced(command):
            self._book.put(
                close(command, CommandState.SUPERSEDED, now.wall, Cause.SUPERSEDED)
            )
            self.forget(command)
            return
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
        if may_repeat and has_attempts:
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
        self.move(command, delivery, state, cause, now)
        status = self._statuses[delivery.node]
        if (
            in_doubt
            and status.drops_repeats
            and status.last_id is not None
            and executed(self._book, delivery.node, command.id, status.last_id)
        ):
            moved = self._book.open[command.id]
            self.move(moved, delivery, DeliveryState.DONE, Cause.LAST_ID, now)

    def _took_back_its_word(
        self, command: Command, delivery: Delivery, now: Now
    ) -> bool:
        """Whether the node, which may have the command, drops repeats no more."""
        status = self._statuses[delivery.node]
        return (
            command.command_class is CommandClass.ONCE
            and delivery.state.in_flight
            and status.is_online(now, self._station.settings)
            and not status.drops_repeats
        )

    def _is_replaced(self, command: Command) -> bool:
        """Whether a newer command waits only for this one, which no node works on."""
        return (
            command.command_class is CommandClass.LATEST
            and not any(
                self.timers.awaits_answer(command.id, node) for node in command.nodes
            )
            and any(
                newer.id > command.id
                and newer.id not in self._book.unstored
                and newer.state is CommandState.QUEUED
                and (newer.kind, newer.nodes, newer.key)
                == (command.kind, command.nodes, command.key)
                for newer in self._book.open.values()
            )
        )

    def move(
        self,
        command: Command,
        delivery: Delivery,
        state: DeliveryState,
        cause: Cause,
        now: Now,
        *,
        reason: str = "",
        attempts: int | None = None,
    ) -> None:
        """Move a delivery, and what waits for it along with it."""
        node = delivery.node
        moved = deliver(
            command, node, state, now.wall, cause, reason=reason, attempts=attempts
        )
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
        since = next(
            (
                entry.at
                for entry in reversed(command.timeline)
                if entry.state == CommandState.UNCONFIRMED
            ),
            command.created_at,
        )
        left = hold - max(0.0, now.wall - since)
        if left > 0:
            self._holds[command.id] = now.steady + left


def _delivery(command: Command, node: str) -> Delivery:
    delivery = command.delivery(node)
    if delivery is None:
        msg = f"command {command.id} is not for node {node}"
        raise LookupError(msg)
    return delivery
