"""What follows when a wait has ended, or may not be begun anew."""

from __future__ import annotations

from collections.abc import Iterable

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from ..model.step import Silence
from .attempts import Unsent, Wait
from .deliveries import Deliveries, delivery_of
from .evidence import executed
from .undone import end_undone


class Timeouts:
    """Sends again what may be, and ends what may not, each when its time is over."""

    def __init__(self, facts: Facts, deliveries: Deliveries) -> None:
        """Watch over deliveries."""
        self._station = facts.station
        self._ledger, self._clock = facts.ledger, facts.clock
        self._statuses = facts.statuses
        self._deliveries = deliveries
        facts.deadlines.when(Due.WAIT, self._wait_is_over)

    def look_at(self, remaining: Iterable[tuple[Command, Delivery]], now: Now) -> None:
        """End what is still to be sent and may not be any more."""
        deliveries = self._deliveries
        for command, delivery in remaining:
            current = self._end_undone(command.id, delivery.node, now)
            if current is None:
                continue
            if self._clock.plausible and command.is_out_of_time(now.wall):
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)
            elif delivery.node not in self._station.nodes:
                self._give_up(current, delivery, now, Cause.NODE_REMOVED)
            elif deliveries.repeats.would_harm(command, delivery, now):
                self._give_up(current, delivery, now, Cause.OUT_OF_ATTEMPTS)

    def end_at_removed_nodes(self, command: Command, now: Now) -> None:
        """End what was to be sent to nodes that are no longer of the station.

        What they may have is followed as ever.
        """
        pending = [
            delivery
            for delivery in command.deliveries
            if delivery.state is DeliveryState.PENDING
        ]
        unsent = [each for each in pending if each.node not in self._station.nodes]
        if not unsent:
            return
        if len(unsent) == len(pending) and not command.ever_sent:
            self._deliveries.close(
                command, CommandState.CANCELLED, Cause.NODE_REMOVED, now
            )
            return
        for delivery in unsent:
            current = self._ledger.open[command.id]
            self._give_up(current, delivery, now, Cause.NODE_REMOVED)

    def expire(self, command: Command, now: Now) -> None:
        """End the unsent part of a waiting command of which a part was sent."""
        for delivery in command.deliveries:
            if delivery.state is DeliveryState.PENDING:
                current = self._ledger.open[command.id]
                self._give_up(current, delivery, now, Cause.OUT_OF_TIME)

    def _wait_is_over(self, command_id: int, node: str, now: Now) -> None:
        part = (command_id, node)
        wait = self._deliveries.attempts.end_wait(part)
        command = self._end_undone(command_id, node, now)
        if command is None or wait is None:
            # It ended by now, perhaps with another of its waits at this same instant.
            return
        delivery = delivery_of(command, node)
        policy = self._station.policy(command)
        if wait is Wait.RETRY:
            self._deliveries.attempts.of(part).unsent = Unsent.AGAIN
            return
        if wait is Wait.ACCEPT and self._need_not_answer(command, node):
            undoing = self._station.course(command, node).undoing
            goes_on = undoing is not None and undoing.goes_on
            done = self._silence(command, node) is Silence.DONE and not goes_on
            state = DeliveryState.DONE if done else DeliveryState.ACCEPTED
            self._deliveries.move(command, delivery, state, Cause.TOLD, now)
            return
        course = self._station.course(command, node)
        if wait is Wait.DONE and course.ends_by_itself:
            status = self._statuses.of(node)
            if course.lasts and (status.heard is None or status.uptime is not None):
                self._give_up(command, delivery, now, Cause.DONE_TIMEOUT)
            else:
                self._deliveries.move(
                    command, delivery, DeliveryState.DONE, Cause.RUN_OVER, now
                )
            return
        if wait is Wait.ACCEPT:
            cause = Cause.ACCEPT_TIMEOUT
            waited = self._station.accept_wait(command, delivery.attempts)
            waited += course.kept_for
        else:
            cause = Cause.DONE_TIMEOUT
            waited = course.lasts + policy.done_timeout
        may_repeat = (
            command.command_class is not CommandClass.ONCE or delivery.repeatable
        )
        has_attempts = policy.attempts is None or delivery.attempts < policy.attempts
        if may_repeat and has_attempts:
            entry = TimelineEntry(now.wall, delivery.state, cause, node)
            self._deliveries.retry_later(
                command.noted(entry),
                node,
                now.steady + max(0.0, policy.delay_after(delivery.attempts) - waited),
            )
        else:
            self._give_up(
                command, delivery, now, Cause.OUT_OF_ATTEMPTS if may_repeat else cause
            )

    def _end_undone(self, command_id: int, node: str, now: Now) -> Command | None:
        """Return a command whose delivery to a node goes on; no newer one undoes it."""
        if (command := self._ledger.open.get(command_id)) is not None:
            end_undone(self._deliveries, self._ledger, command, now)
        command = self._ledger.open.get(command_id)
        goes_on = command is not None and delivery_of(command, node).state.open
        return command if goes_on else None

    def _need_not_answer(self, command: Command, node: str) -> bool:
        """Whether its silence says nothing against a message that surely came."""
        needed = self._silence(command, node) is Silence.DOUBT
        return not needed and self._deliveries.was_told(command, node)

    def _silence(self, command: Command, node: str) -> Silence:
        """Return what it means that a node does not answer the message in flight."""
        delivery = delivery_of(command, node)
        if delivery.step + 1 < delivery.steps:
            return Silence.DOUBT
        own = self._station.course(command, node).silence
        return self._station.policy(command).silence if own is None else own

    def _give_up(
        self, command: Command, delivery: Delivery, now: Now, cause: Cause
    ) -> None:
        """End a delivery that is not sent again."""
        in_doubt = delivery.attempts > 0 and command.command_class is CommandClass.ONCE
        state = DeliveryState.UNKNOWN if in_doubt else DeliveryState.FAILED
        self._deliveries.move(command, delivery, state, cause, now)
        status = self._statuses.of(delivery.node)
        if (
            in_doubt
            and status.drops_repeats
            and status.last_id is not None
            and executed(command.id, status.last_id)
        ):
            moved = self._ledger.open[command.id]
            self._deliveries.move(
                moved, delivery, DeliveryState.DONE, Cause.LAST_ID, now
            )
