"""What nodes say of commands, and which delivery it is credited to."""

from __future__ import annotations

from collections import Counter

from ..facts import Facts
from ..ledger.restore import Past
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from ..model.reports import (
    Accepted,
    Answer,
    Busy,
    Done,
    Failed,
    Rejected,
    Seen,
)
from ..scheduling.readiness import NodeStatus
from .addressees import Addressed, Addressees
from .deliveries import Deliveries, delivery_of
from .evidence import executed, is_wanted_again, ran_its_course
from .handovers import Handovers

NOT_EXECUTED = "not_executed"
"""The reason of a failure that a node's `last_id` tells."""


class Answers:
    """Credits each answer to the one delivery it speaks of, or to none."""

    def __init__(self, facts: Facts, deliveries: Deliveries, now: Now) -> None:
        """Listen to nodes that may still speak of what was in flight."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._statuses = facts.statuses
        self._deliveries = deliveries
        self._handovers = Handovers(facts, deliveries)
        self._addressees = Addressees(facts.ledger, deliveries, self._handovers)
        self.past = Past(facts.ledger, facts.clock, now)
        self.uncredited: Counter[str] = Counter()
        """Answers that moved nothing: `foreign` ones, and `late` ones."""

    def take(self, answer: Answer, now: Now) -> None:
        """Credit what a node said of a command."""
        addressed = self._addressed(answer, now)
        if addressed is None:
            return
        command, delivery, step = addressed
        self._deliveries.duplicates.credited(answer, now)
        if not delivery.state.open and delivery.state is not DeliveryState.UNKNOWN:
            self.uncredited["late"] += 1
            return
        if not delivery.attempts and not isinstance(answer, Busy):
            # It says after all what became of what it was too busy for.
            state, cause = DeliveryState.SENT, Cause.LATE_ANSWER
            self._deliveries.move(command, delivery, state, cause, now, attempts=1)
            command = self._ledger.open[command.id]
            delivery = delivery_of(command, delivery.node)
        match answer:
            case Accepted():
                self._accepted(command, delivery, step, now)
            case Busy():
                self._busy(command, delivery, step, answer, now)
            case Rejected():
                self._rejected(command, delivery, step, answer, now)
            case Done():
                self._done(command, delivery, step, now)
            case Failed():
                self._failed(command, delivery, answer, now)

    def credit(self, answer: Answer, now: Now) -> bool:
        """Credit what a node said, if that can be told; False: it cannot."""
        if self._addressees.of(answer) is None:
            return False
        self.take(answer, now)
        return True

    def seen(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Draw from a node's account of itself what it tells of its commands.

        `before`: its status before that.
        """
        node, last_id = report.node, report.last_id
        if last_id is None and not self._ledger.open.may_be_known_at(node):
            # It has nothing to tell of.
            return
        if last_id is not None and node in self._statuses:
            self.past.take_last_id(node, last_id, now, live=report.live)
        self._drawn(report, before, now)
        self._handovers.heard(report, now)

    def _drawn(self, report: Seen, before: NodeStatus, now: Now) -> None:
        anew = before.restarted(report, now)
        began_at = now.wall - (report.uptime or 0.0)
        if not anew and report.last_id is None and not report.live:
            return
        for command in self._that_may_be_known(report, now):
            delivery = delivery_of(command, report.node)
            policy = self._station.policy(command)
            if report.live and policy.done_by_any_message:
                if delivery.state.in_flight and self._deliveries.may_have_left(
                    command, delivery
                ):
                    self._end(command, delivery, DeliveryState.DONE, now)
            elif anew and policy.done_by_restart:
                followed = delivery.state is DeliveryState.UNKNOWN or (
                    delivery.state.in_flight
                    and self._deliveries.may_have_left(command, delivery)
                )
                if (
                    followed
                    and command.was_sent_before(report.node, began_at)
                    and self._handovers.may_show(command, report.node)
                ):
                    self._deliveries.move(
                        command, delivery, DeliveryState.DONE, Cause.RESTARTED, now
                    )
            elif (ran := self._ran_its_course(command, delivery, report, now)) is None:
                self._settle_by_last_id(command, delivery, report, now)
            elif ran:
                self._deliveries.move(
                    command, delivery, DeliveryState.DONE, Cause.RUN_OVER, now
                )
            else:
                self._deliveries.move(
                    command, delivery, DeliveryState.UNKNOWN, Cause.BROKEN_OFF, now
                )

    def _that_may_be_known(self, report: Seen, now: Now) -> list[Command]:
        """Return the open commands of which a node may speak, oldest first."""
        node = report.node
        found = {command.id: command for command in self._ledger.open.at(node)}
        if report.last_id is not None and self._statuses.of(node).drops_repeats:
            for command in self.past.may_be_known_to(node, report.last_id, now):
                found[command.id] = command
        return [found[command_id] for command_id in sorted(found)]

    def _ran_its_course(
        self, command: Command, delivery: Delivery, report: Seen, now: Now
    ) -> bool | None:
        """Return whether a node did what ends by itself; None: that is not told."""
        if report.uptime is None or not report.live:
            return None
        if delivery.state not in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN):
            return None
        course = self._station.course(command, delivery.node)
        if not course.ends_by_itself or not course.lasts:
            return None
        began_at = now.wall - report.uptime
        return ran_its_course(command, delivery.node, course.lasts, began_at, now.wall)

    def _addressed(self, answer: Answer, now: Now) -> Addressed | None:
        """Return which step an answer speaks of, if its node may have it."""
        found = self._addressees.of(answer)
        if found is None:
            self.uncredited["foreign"] += 1
            self._take_foreign(answer, now)
            return None
        command, _, step = found
        if command.state.final or (answer.step is not None and answer.step != step):
            self.uncredited["late"] += 1
            return None
        return found

    def _take_foreign(self, answer: Answer, now: Now) -> None:
        """Notice that a node answers to somebody else, and do not get in between."""
        node, command_id = answer.node, answer.command_id
        if command_id is None or node is None or node not in self._statuses:
            return
        is_news = self.past.take_answer(node, command_id, now)
        if is_news and isinstance(answer, Accepted):
            self._statuses.put(self._statuses[node].at_work(now))

    def _accepted(
        self, command: Command, delivery: Delivery, step: int, now: Now
    ) -> None:
        if delivery.state is DeliveryState.SENT:
            if self._addressees.was_taken(command, delivery, step):
                self.uncredited["late"] += 1
            elif delivery.step + 1 < delivery.steps:
                self._deliveries.step_taken(command, delivery, now)
            else:
                self._deliveries.move(
                    command, delivery, DeliveryState.ACCEPTED, Cause.NODE, now
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
            self._ledger.put(command.noted(entry))

    def _rejected(
        self,
        command: Command,
        delivery: Delivery,
        step: int,
        answer: Rejected,
        now: Now,
    ) -> None:
        reason = answer.reason
        if self._contradicts(command, delivery, step, answer):
            self.uncredited["late"] += 1
        elif answer.for_good:
            self._move(command, delivery, DeliveryState.REJECTED, now, reason)
        elif delivery.attempts > 1 and command.command_class is CommandClass.ONCE:
            # It may refuse the repeat of what it is doing.
            if delivery.state is not DeliveryState.UNKNOWN:
                self._end(command, delivery, DeliveryState.UNKNOWN, now, reason)
        else:
            self._end(command, delivery, DeliveryState.REJECTED, now, reason)

    def _busy(
        self, command: Command, delivery: Delivery, step: int, answer: Busy, now: Now
    ) -> None:
        if not delivery.state.in_flight or self._contradicts(
            command, delivery, step, answer
        ):
            self.uncredited["late"] += 1
        else:
            self._deliveries.rest(command, delivery, now)

    def _contradicts(
        self, command: Command, delivery: Delivery, step: int, answer: Busy | Rejected
    ) -> bool:
        """Whether a node refuses what it took, and that is not its last word."""
        if delivery.state is DeliveryState.ACCEPTED:
            return not answer.after_all
        return delivery.state is DeliveryState.SENT and self._addressees.was_taken(
            command, delivery, step
        )

    def _done(self, command: Command, delivery: Delivery, step: int, now: Now) -> None:
        if delivery.steps > 1:
            if step in delivery.ended or step > delivery.step:
                self.uncredited["late"] += 1
                return
            command = self._deliveries.step_ended(command, delivery, step, now)
            if len(delivery.ended) + 1 < delivery.steps:
                return
        self._end(command, delivery, DeliveryState.DONE, now)

    def _failed(
        self, command: Command, delivery: Delivery, answer: Failed, now: Now
    ) -> None:
        """End a delivery, unless it can be tried in other steps."""
        node, state, reason = delivery.node, DeliveryState.FAILED, answer.reason
        if answer.readings:
            self._statuses.put(self._statuses.of(node).assuming(answer.readings))
        if self._deliveries.may_be_tried_in_others(command, delivery):
            entry = TimelineEntry(now.wall, state, Cause.NODE, node, reason)
            self._deliveries.try_later(command.noted(entry), delivery, now)
        elif answer.for_good:
            self._move(command, delivery, state, now, reason)
        else:
            self._end(command, delivery, state, now, reason)

    def _end(
        self,
        command: Command,
        delivery: Delivery,
        state: DeliveryState,
        now: Now,
        reason: str = "",
    ) -> None:
        if (
            self._station.policy(command).attempts is not None
            or state is DeliveryState.DONE
        ):
            self._move(command, delivery, state, now, reason)
            return
        # It is tried until it is done, whatever the node says.
        cause = _cause(delivery)
        entry = TimelineEntry(now.wall, state, cause, delivery.node, reason)
        if not self._deliveries.try_later(command.noted(entry), delivery, now):
            self.uncredited["late"] += 1

    def _move(
        self,
        command: Command,
        delivery: Delivery,
        state: DeliveryState,
        now: Now,
        reason: str,
    ) -> None:
        cause = _cause(delivery)
        self._deliveries.move(command, delivery, state, cause, now, reason=reason)

    def _settle_by_last_id(
        self, command: Command, delivery: Delivery, report: Seen, now: Now
    ) -> None:
        if report.last_id is None or not self._statuses.of(report.node).drops_repeats:
            return
        unknown = delivery.state is DeliveryState.UNKNOWN
        pending = delivery.state is DeliveryState.PENDING
        told = executed(command.id, report.last_id)
        elsewhere = self.past.is_from_elsewhere(report.node, report.last_id)
        if told is True and (unknown or (pending and delivery.attempts)):
            self._deliveries.move(
                command, delivery, DeliveryState.DONE, Cause.LAST_ID, now
            )
        elif (
            pending
            and (told is True or (told is None and elsewhere))
            and self.past.may_be_known(command, now)
            and not is_wanted_again(command, report.node)
        ):
            # It may have been sent by what this file is an older state of.
            self._deliveries.move(
                command,
                delivery,
                DeliveryState.UNKNOWN,
                Cause.RESTORED,
                now,
                attempts=max(1, delivery.attempts),
            )
        elif told is False and unknown and report.live and report.ready:
            self._deliveries.move(
                command,
                delivery,
                DeliveryState.FAILED,
                Cause.LAST_ID,
                now,
                reason=NOT_EXECUTED,
            )


def _cause(delivery: Delivery) -> Cause:
    return Cause.NODE if delivery.state.in_flight else Cause.LATE_ANSWER
