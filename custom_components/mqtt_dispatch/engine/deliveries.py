"""Deliveries from the moment they are sent: attempts, time-outs, doubts."""

from __future__ import annotations

from collections.abc import Callable

from .book import Book
from .events import Publish
from .evidence import executed
from .holds import Holds
from .model import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    Now,
    Step,
    TimelineEntry,
)
from .outbox import Outbox, Part
from .policy import Station
from .readiness import NodeStatus
from .timers import Timer, Timers, Wait
from .transitions import close, deliver, in_steps


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
        self._next_step: set[Part] = set()
        self._rests: dict[Part, float] = {}
        self._first_sent: dict[Part, float] = {}
        self.holds = Holds(book, station.settings.hold, now)
        self.timers = Timers()
        for command in book.open.values():
            for delivery in command.deliveries:
                self._start_wait(command, delivery, now)

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
                steps=len(self.steps_of(command, node)),
            )
        )
        self._outbox.add((command.id, node), delivery.state, self._book.revision)
        self._statuses[node] = self._statuses[node].one_more_told()

    def go_on(self, command: Command, node: str, now: Now) -> None:
        """Record the next step of an attempt or, if the latest was the last, send anew.

        It is published when that record is on disk.
        """
        part = (command.id, node)
        if part not in self._next_step:
            self.send(command, node, now)
            return
        self._next_step.discard(part)
        delivery = _delivery(command, node)
        self.timers.stop(command.id, node)
        self._book.put(in_steps(command, node, step=delivery.step + 1))
        self._outbox.add(part, delivery.state, self._book.revision)

    def steps_of(self, command: Command, node: str) -> tuple[Step, ...]:
        """Return what an attempt is made of, and who answers it."""
        return self._station.steps(command, node, self._statuses[node].readings)

    def subjects_of(self, command: Command, node: str) -> frozenset[str]:
        """Return what answers without an id speak of the command's outcome there."""
        steps = self.steps_of(command, node)
        return frozenset().union(*(step.done_on for step in steps))

    def in_flight(self) -> dict[str, tuple[Command, ...]]:
        """Return what each node has and has not finished."""
        found: dict[str, tuple[Command, ...]] = {}
        for command in self._book.open.values():
            for delivery in command.deliveries:
                if delivery.state.in_flight:
                    found[delivery.node] = (*found.get(delivery.node, ()), command)
        return found

    def unanswered(self) -> Command | None:
        """Return a command of which a node has not said yet whether it takes it."""
        return next(
            (
                command
                for command in self._book.open.values()
                for delivery in command.deliveries
                if self.is_unanswered(command, delivery)
            ),
            None,
        )

    def is_full(self, node: str) -> bool:
        """Whether a node that has a command can be given no further one now."""
        if self._station.settings.at_once == 1:
            return True
        has = [
            (command, delivery)
            for command in self._book.open.values()
            if command.command_class is not CommandClass.UNTIL_DONE
            and (delivery := command.delivery(node)) is not None
            and delivery.state.in_flight
        ]
        return self._messages_at(node) >= self._station.settings.at_once or any(
            self.is_unanswered(command, delivery) for command, delivery in has
        )

    def _messages_at(self, node: str) -> int:
        """Return how many messages a node has and has not finished."""
        return sum(
            delivery.step + 1 - len(delivery.ended)
            for command in self._book.open.values()
            if command.command_class is not CommandClass.UNTIL_DONE
            and (delivery := command.delivery(node)) is not None
            and delivery.state.in_flight
        )

    def is_unanswered(self, command: Command, delivery: Delivery) -> bool:
        """Whether the node has not said yet whether it takes the latest message."""
        part = (command.id, delivery.node)
        return self._outbox.holds(part) or self.timers.awaits_acceptance(*part)

    def step_taken(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Go on to the next step once there is room for it."""
        part = (command.id, delivery.node)
        self._next_step.add(part)
        self._await_done(command, delivery, now)

    def is_taken(self, command: Command, delivery: Delivery) -> bool:
        """Whether the node took the latest message and waits for the next step."""
        return (command.id, delivery.node) in self._next_step

    def step_ended(
        self, command: Command, delivery: Delivery, step: int, now: Now
    ) -> Command:
        """Note that the node has done a step, which it must have taken then."""
        noted = in_steps(
            command, delivery.node, ended=tuple(sorted({*delivery.ended, step}))
        )
        self._book.put(noted)
        if step < delivery.step or self.is_taken(command, delivery):
            self._await_done(noted, delivery, now)
        elif step + 1 < delivery.steps:
            self.step_taken(noted, delivery, now)
        elif delivery.state is DeliveryState.SENT:
            self.move(noted, delivery, DeliveryState.ACCEPTED, Cause.NODE, now)
        return self._book.open[command.id]

    def _await_done(self, command: Command, delivery: Delivery, now: Now) -> None:
        at = now.steady + self._station.policy(command).done_timeout
        self.timers.start(command.id, delivery.node, Wait.DONE, at)

    def rest(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Take back an attempt that the node was too busy for; it costs nothing."""
        part = (command.id, delivery.node)
        attempts = delivery.attempts - 1
        state = DeliveryState.SENT if attempts else DeliveryState.PENDING
        self._book.put(
            deliver(
                command, delivery.node, state, now.wall, Cause.BUSY, attempts=attempts
            )
        )
        delay = self._station.policy(command).retry_delay
        if attempts:
            self.timers.start(*part, Wait.RETRY, now.steady + delay)
        else:
            self.timers.stop(*part)
            self._rests[part] = now.steady + delay

    def resting(self) -> frozenset[Part]:
        """Return what nodes were too busy for a moment ago."""
        return frozenset(self._rests)

    def forgotten(self, now: Now) -> None:
        """Take up again what whoever held commands for the nodes has forgotten."""
        for command in tuple(self._book.open.values()):
            for delivery in command.deliveries:
                if not delivery.state.in_flight:
                    continue
                current = self._book.open[command.id]
                if not self.may_have_left(current, delivery):
                    self.not_published(command.id, delivery.node, now)
                elif command.command_class is CommandClass.ONCE:
                    self.move(
                        current,
                        delivery,
                        DeliveryState.UNKNOWN,
                        Cause.FORGOTTEN,
                        now,
                    )
                else:
                    self.move(
                        current,
                        delivery,
                        DeliveryState.PENDING,
                        Cause.FORGOTTEN,
                        now,
                        attempts=delivery.attempts - 1,
                    )

    def node_started(self, node: str) -> None:
        """Note that a node may have forgotten which commands it had."""
        for part in [part for part in self._first_sent if part[1] == node]:
            del self._first_sent[part]

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
                self._first_sent.setdefault((command_id, node), now.steady)
                publishes.append(Publish(command_id, node, delivery.step))
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
        if delivery.step:
            self._book.put(in_steps(command, node, step=delivery.step - 1))
            self._next_step.add((command_id, node))
            return
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
            or self._has_room_for_next_step(command, delivery)
        ]

    def _has_room_for_next_step(self, command: Command, delivery: Delivery) -> bool:
        part = (command.id, delivery.node)
        window = self._station.settings.step_window
        return part in self._next_step and self._messages_at(delivery.node) < window

    def pass_time(self, now: Now) -> None:
        """End what has waited long enough."""
        for timer in self.timers.due(now.steady):
            self._timed_out(timer, now)
        self.holds.pass_time(now)
        self._rests = {part: at for part, at in self._rests.items() if at > now.steady}
        for command, delivery in self.wanted():
            current = self._book.open[command.id]
            if command.expires_at is not None and command.expires_at <= now.wall:
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)
            elif self._took_back_its_word(command, delivery, now) or (
                self._has_forgotten(command, delivery, now)
            ):
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
            part = (command.id, node)
            self._wanted_again.discard(part)
            self._next_step.discard(part)
            self._first_sent.pop(part, None)
            self._rests.pop(part, None)
            self._outbox.forget(part)

    def next_deadline(self) -> float | None:
        """Return the steady second at which a wait, a rest or a hold ends."""
        ends = (*self._rests.values(), self.timers.next(), self.holds.next_deadline())
        return min((at for at in ends if at is not None), default=None)

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

    def _has_forgotten(self, command: Command, delivery: Delivery, now: Now) -> bool:
        """Whether the node, which may have the command, would not know a repeat."""
        lasts = self._station.settings.drops_repeats_for
        if (
            lasts is None
            or command.command_class is not CommandClass.ONCE
            or not delivery.state.in_flight
        ):
            return False
        since = self._first_sent.get((command.id, delivery.node))
        return since is None or since + lasts <= now.steady

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
                and newer.replaced_by == command.replaced_by
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
        self._next_step.discard((command.id, node))
        self._start_wait(moved, _delivery(moved, node), now)
        if moved.state.final:
            self.forget(moved)
        elif (
            moved.state is CommandState.UNCONFIRMED
            and command.state is not CommandState.UNCONFIRMED
        ):
            self.holds.begin(moved, now)

    def _start_wait(self, command: Command, delivery: Delivery, now: Now) -> None:
        policy = self._station.policy(command)
        if delivery.state is DeliveryState.SENT:
            at = now.steady + policy.accept_wait(delivery.attempts)
            self.timers.start(command.id, delivery.node, Wait.ACCEPT, at)
        elif delivery.state is DeliveryState.ACCEPTED:
            self._await_done(command, delivery, now)


def _delivery(command: Command, node: str) -> Delivery:
    delivery = command.delivery(node)
    if delivery is None:
        msg = f"command {command.id} is not for node {node}"
        raise LookupError(msg)
    return delivery
