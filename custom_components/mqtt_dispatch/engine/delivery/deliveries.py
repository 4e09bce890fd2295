"""Deliveries from the moment they are sent: attempts, steps, what they wait for."""

from __future__ import annotations

from collections.abc import Callable

from ..facts import Facts
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
)
from ..model.effects import Publish
from ..scheduling.capacity import Capacity
from ..scheduling.lane_holds import LaneHolds
from .attempts import Attempts, Part, Unsent, Wait
from .duplicates import Duplicates
from .pauses import Pauses
from .repeats import Repeats
from .transitions import close, deliver, in_steps

_GIVES_UP = frozenset(
    {
        Cause.ACCEPT_TIMEOUT,
        Cause.DONE_TIMEOUT,
        Cause.OUT_OF_ATTEMPTS,
        Cause.OUT_OF_TIME,
        Cause.NODE_REMOVED,
        Cause.SUPERSEDED,
    }
)
"""Why a delivery ends of which its node said nothing: it may be held still."""


class Deliveries:
    """Follows what was sent until the nodes say what became of it."""

    def __init__(self, facts: Facts, now: Now) -> None:
        """Take up what was in flight; its time-outs start anew."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._statuses = facts.statuses
        self.attempts = Attempts(facts.deadlines)
        facts.ledger.when_gone(self.attempts.forget)
        self.repeats = Repeats(facts, self.attempts)
        self.lane_holds = LaneHolds(facts, now)
        self.capacity = Capacity(facts, self.attempts)
        self.pauses = Pauses(facts, self.capacity, now)
        self.duplicates = Duplicates(facts, self.capacity)
        for command in facts.ledger.open.values():
            for delivery in command.deliveries:
                self._start_wait(command, delivery, now)

    # What is sent

    def send(self, command: Command, node: str, now: Now) -> None:
        """Record an attempt. It is published when that record is on disk."""
        delivery = delivery_of(command, node)
        attempts = delivery.attempts + 1
        self.attempts.stop((command.id, node))
        cause = Cause.SENT if attempts == 1 else Cause.SENT_AGAIN
        sent = deliver(
            command,
            node,
            DeliveryState.SENT,
            now.wall,
            cause,
            attempts=attempts,
            repeatable=bool(self._statuses[node].drops_repeats),
            steps=len(self.capacity.steps_of(command, node)),
        )
        before = self.attempts.to_remember(command, node, 0, now)
        self._ledger.put(in_steps(sent, node, remembered=before))
        self.repeats.begin(command, delivery)
        self._recorded((command.id, node), delivery.state)
        self._statuses.put(self._statuses[node].one_more_told())

    def go_on(self, command: Command, node: str, now: Now) -> None:
        """Record the next step of an attempt or, if the latest was the last, send anew.

        It is published when that record is on disk.
        """
        part = (command.id, node)
        delivery = delivery_of(command, node)
        others = self.capacity.is_made_of_others(command, delivery)
        if others or not self.attempts.at(part).goes_on:
            self.send(command, node, now)
            return
        self.attempts.stop(part)
        step = delivery.step + 1
        before = self.attempts.to_remember(command, node, step, now)
        self._ledger.put(in_steps(command, node, step=step, remembered=before))
        self._recorded(part, delivery.state)

    def release(
        self, revision: int, now: Now, may_send: Callable[[Command], bool]
    ) -> list[Publish]:
        """Return what may leave now that `revision` is on disk."""
        publishes = []
        for part in self.attempts.take_stored(revision):
            command_id, node = part
            command = self._ledger.open.get(command_id)
            if command is None:
                continue
            delivery = delivery_of(command, node)
            if delivery.state is not DeliveryState.SENT:
                continue
            before = delivery.remembered
            if before and before != self.attempts.to_remember(
                command, node, delivery.step, now
            ):
                # What was so when it was recorded is not so any more.
                self._ledger.put(in_steps(command, node, remembered={}))
                self.attempts.of(part).recorded = self._ledger.revision
                continue
            harms = self.attempts.at(part).is_repeat and self.repeats.may_harm(
                command, node, now
            )
            late = command.is_out_of_time(now.wall)
            if not late and not harms and may_send(command):
                self._start_wait(command, delivery, now)
                self.repeats.left(part, delivery, now)
                self.attempts.of(part).told = True
                publishes.append(Publish(command_id, node, delivery.step))
            else:
                self.not_published(command_id, node, now)
        return publishes

    def commit_failed(self, now: Now) -> None:
        """Take back the attempts whose record could not be written."""
        for command_id, node in self.attempts.take_stored(None):
            self.not_published(command_id, node, now)

    def not_published(self, command_id: int, node: str, now: Now) -> None:
        """Take back a message that certainly did not leave; it costs nothing."""
        part = (command_id, node)
        command = self._ledger.open.get(command_id)
        before = self.attempts.at(part).before
        if command is None or before is None:
            return
        attempt = self.attempts.of(part)
        attempt.before = None
        delivery = delivery_of(command, node)
        if delivery.state is not DeliveryState.SENT:
            return
        self.attempts.end_wait(part)
        attempt.told = False
        if delivery.step:
            self._take_back_step(command, delivery, now)
            return
        self._statuses.put(self._statuses[node].one_less_told())
        if before is not DeliveryState.PENDING:
            attempt.unsent = Unsent.AGAIN
        attempts = delivery.attempts - 1
        self._ledger.put(
            deliver(command, node, before, now.wall, Cause.NOT_SENT, attempts=attempts)
        )

    # What nodes say

    def may_have_left(self, command: Command, delivery: Delivery) -> bool:
        """Whether an attempt, in this life or an earlier one, may have been sent."""
        return self.capacity.last_that_left(command, delivery) is not None

    def was_told(self, command: Command, node: str) -> bool:
        """Whether the latest message was published and the connection held since."""
        return self.attempts.at((command.id, node)).told

    def disconnected(self) -> None:
        """Be no longer sure that what was published last has come."""
        for _, attempt in self.attempts:
            attempt.told = False

    def awaits_answer(self, command: Command, delivery: Delivery) -> bool:
        """Whether a message is on its way to the node, or it still has time for it."""
        return self.attempts.at((command.id, delivery.node)).awaits_answer

    def step_taken(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Go on to the next step once there is room for it."""
        part = (command.id, delivery.node)
        self.attempts.stop(part)
        self.attempts.of(part).unsent = Unsent.NEXT_STEP
        self._await_done(command, delivery, now)

    def step_ended(
        self, command: Command, delivery: Delivery, step: int, now: Now
    ) -> Command:
        """Note that the node has done a step, which it must have taken then."""
        noted = in_steps(
            command, delivery.node, ended=tuple(sorted({*delivery.ended, step}))
        )
        self._ledger.put(noted)
        taken = delivery.state is DeliveryState.ACCEPTED
        if taken or self.attempts.at((command.id, delivery.node)).goes_on:
            self._await_done(noted, delivery, now)
        elif delivery.state is DeliveryState.SENT and step == delivery.step:
            if step + 1 < delivery.steps:
                self.step_taken(noted, delivery, now)
            else:
                self.move(noted, delivery, DeliveryState.ACCEPTED, Cause.NODE, now)
        # Else the latest message waits for an answer of its own.
        return self._ledger.open[command.id]

    def rest(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Take back a message that the node was too busy for; it costs nothing."""
        part, policy = (command.id, delivery.node), self._station.policy(command)
        until = now.steady + policy.delay_after(delivery.attempts)
        self.attempts.stop(part)
        if delivery.step:
            self._take_back_step(command, delivery, now)
            self.attempts.rest(part, until)
            return
        # Where attempts have no end they cost nothing, and make the pauses longer.
        attempts = delivery.attempts - (0 if policy.attempts is None else 1)
        state = DeliveryState.SENT if attempts else DeliveryState.PENDING
        moved = deliver(
            command, delivery.node, state, now.wall, Cause.BUSY, attempts=attempts
        )
        if attempts:
            self.retry_later(moved, delivery.node, until)
        else:
            self._ledger.put(moved)
            self.attempts.rest(part, until)

    def forgotten(self, now: Now, node: str | None = None) -> None:
        """Take up again what was held for a node, or for all, and is forgotten."""
        self.capacity.nothing_held(node)
        for command in self._ledger.open.in_flight():
            for delivery in command.deliveries:
                if not delivery.state.in_flight or node not in (None, delivery.node):
                    continue
                current = self._ledger.open[command.id]
                if not self.may_have_left(current, delivery):
                    self.not_published(command.id, delivery.node, now)
                    continue
                once = command.command_class is CommandClass.ONCE
                state = DeliveryState.UNKNOWN if once else DeliveryState.PENDING
                attempts = delivery.attempts - (0 if once else 1)
                self.move(
                    current, delivery, state, Cause.FORGOTTEN, now, attempts=attempts
                )

    # What time brings

    def retry_later(self, command: Command, node: str, at: float) -> None:
        """Keep a command, and send its delivery again at a steady second."""
        self._ledger.put(command)
        self.attempts.stop((command.id, node))
        self.attempts.wait((command.id, node), Wait.RETRY, at)

    def try_later(self, command: Command, delivery: Delivery, now: Now) -> bool:
        """Send a delivery again when its delay is over; False if it waits for that."""
        if self.attempts.at((command.id, delivery.node)).wait is Wait.RETRY:
            return False
        delay = self._station.policy(command).delay_after(delivery.attempts)
        self.retry_later(command, delivery.node, now.steady + delay)
        return True

    def may_be_tried_in_others(self, command: Command, delivery: Delivery) -> bool:
        """Whether what failed in its steps has an attempt left, of other ones."""
        attempts = self._station.policy(command).attempts
        return (
            delivery.state.in_flight
            and (attempts is None or delivery.attempts < attempts)
            and self.capacity.is_made_of_others(command, delivery)
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
        """Move a delivery, and what waits for it along with it.

        What was ordered is taken for what is, until the node says what is.
        """
        node = delivery.node
        moved = deliver(
            command, node, state, now.wall, cause, reason=reason, attempts=attempts
        )
        told = state is DeliveryState.ACCEPTED and self.was_told(command, node)
        if cause in _GIVES_UP and delivery.state.in_flight:
            self.capacity.given_up(delivery)
        self._ledger.put(moved)
        self.attempts.stop((command.id, node))
        if told:
            self.attempts.of((command.id, node)).told = True
        if state in (DeliveryState.ACCEPTED, DeliveryState.DONE):
            readings = self._station.assumed(command, node, state)
            if readings:
                self._statuses.put(self._statuses.of(node).assuming(readings))
        self._start_wait(moved, delivery_of(moved, node), now)
        self.pauses.ended(moved, delivery_of(moved, node), now)
        if (
            moved.state is CommandState.UNCONFIRMED
            and command.state is not CommandState.UNCONFIRMED
        ):
            self.lane_holds.begin(moved, now)

    def close(
        self,
        command: Command,
        state: CommandState,
        cause: Cause,
        now: Now,
        *,
        by: str = "",
    ) -> None:
        """End a command as a whole, whatever its deliveries say."""
        for delivery in command.deliveries:
            if delivery.state.in_flight:
                self.capacity.given_up(delivery)
        self._ledger.put(close(command, state, now.wall, cause, by=by))

    def _recorded(self, part: Part, before: DeliveryState) -> None:
        """Have an attempt leave once what the ledger says of it now is on disk."""
        attempt = self.attempts.of(part)
        attempt.recorded, attempt.before = self._ledger.revision, before

    def _start_wait(self, command: Command, delivery: Delivery, now: Now) -> None:
        if delivery.state is DeliveryState.SENT:
            waits = self._station.accept_wait(command, delivery.attempts)
            waits += self._kept_for(command, delivery.node, now)
            part = (command.id, delivery.node)
            self.attempts.wait(part, Wait.ACCEPT, now.steady + waits)
        elif delivery.state is DeliveryState.ACCEPTED:
            self._await_done(command, delivery, now)

    def _kept_for(self, command: Command, node: str, now: Now) -> float:
        """Return for how many seconds a message may still be kept for its node."""
        kept_for = self._station.course(command, node).kept_for
        sent_at = command.last_sent_at(node)
        if not kept_for or sent_at is None:
            return 0.0
        return min(kept_for, max(0.0, sent_at + kept_for - now.wall))

    def _await_done(self, command: Command, delivery: Delivery, now: Now) -> None:
        course = self._station.course(command, delivery.node)
        waits = course.lasts
        if waits or not course.ends_by_itself:
            waits += self._station.policy(command).done_timeout
        part = (command.id, delivery.node)
        self.attempts.wait(part, Wait.DONE, now.steady + waits)

    def _take_back_step(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Have the latest step, which is not the first, still to be sent."""
        back = in_steps(command, delivery.node, step=delivery.step - 1)
        self._ledger.put(back)
        self.step_taken(back, delivery, now)


def delivery_of(command: Command, node: str) -> Delivery:
    """Return the delivery to a node. Raises LookupError if there is none."""
    delivery = command.delivery(node)
    if delivery is None:
        msg = f"command {command.id} is not for node {node}"
        raise LookupError(msg)
    return delivery
