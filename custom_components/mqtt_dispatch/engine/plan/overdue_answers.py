"""What a person says of a meal that should have happened by now."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState, DeliveryState, Outcome
from ..model.events import AnswerOverdue, Enqueue, Refused
from ..model.meal import LateAnswer, OverdueMeal
from ..orders.decisions import not_resent, resolve
from ..orders.enqueue import enqueue, finish, record
from ..orders.unstored_wishes import TakeBack
from .mealtimes import order_of
from .occurrences import Occurrences
from .recurrence import on_date


class OverdueAnswers:
    """Does what a person wants; nothing that may have been done is done again."""

    def __init__(
        self, facts: Facts, deliveries: Deliveries, dates: Occurrences
    ) -> None:
        """Answer for a station."""
        self._facts, self._ledger = facts, facts.ledger
        self._deliveries = deliveries
        self._dates = dates

    def take(self, wish: AnswerOverdue, now: Now) -> TakeBack:
        """Do what is wanted; return what undoes it. Raises Refused: nothing changed.

        `not_overdue`: that was settled otherwise meanwhile. `under_way`: what is to
        become of it shows in a moment.
        """
        overdue = self._ledger.overdue.get((wish.meal_id, wish.node))
        if overdue is None or overdue.nominal != wish.nominal or overdue.answer:
            raise Refused("not_overdue")
        undo = self._do(wish, overdue, now)
        self._ledger.put_overdue(replace(overdue, answer=wish.answer))

        def take_back(at: Now) -> None:
            undo(at)
            self._ledger.put_overdue(overdue)

        return take_back

    def _do(self, wish: AnswerOverdue, overdue: OverdueMeal, now: Now) -> TakeBack:
        if wish.answer is LateAnswer.LEAVE:
            return _nothing
        command = self._latest(overdue)
        if command is None or command.state.final:
            return self._anew(wish, command, overdue, now)
        if command.state is CommandState.UNCONFIRMED:
            return self._settle(wish, command, now)
        if command.state is CommandState.QUEUED:
            if wish.answer is LateAnswer.FEED_NOW:
                return self._hurry(command, now)
            if not command.ever_sent:
                return self._needless(wish, command, overdue, now)
        raise Refused("under_way", command_id=command.id)

    def _latest(self, overdue: OverdueMeal) -> Command | None:
        """Return the command for a date, or what finishes what that left undone."""
        settled = self._dates.settled(overdue, overdue.node)
        if settled is None or settled.command_id is None:
            return None
        command = self._ledger.find(settled.command_id)
        return None if command is None else self._ledger.parts(command)[-1]

    def _settle(self, wish: AnswerOverdue, command: Command, now: Now) -> TakeBack:
        happened = wish.answer is LateAnswer.HAPPENED
        outcome = Outcome.SUCCEEDED if happened else Outcome.RESEND
        station = self._facts.station
        resolve(self._ledger, station, command.id, outcome, by=wish.by, now=now)
        if happened:
            return _nothing
        return lambda at: not_resent(self._ledger, self._deliveries, command.id, at)

    def _hurry(self, command: Command, now: Now) -> TakeBack:
        """Have what waits wait on, as if it were ordered now."""
        expires_in = self._facts.station.policy(command).expires_in
        if expires_in is None:
            return _nothing
        self._expire_at(command.id, now.wall + expires_in)
        return lambda _: self._expire_at(command.id, command.expires_at)

    def _expire_at(self, command_id: int, at: float | None) -> None:
        if (command := self._ledger.open.get(command_id)) is not None:
            self._ledger.put(replace(command, expires_at=at))

    def _needless(
        self, wish: AnswerOverdue, command: Command, overdue: OverdueMeal, now: Now
    ) -> TakeBack:
        """Withdraw what waits: it happened without it."""
        self._deliveries.close(
            command, CommandState.CANCELLED, Cause.PERSON, now, by=wish.by
        )
        undo = self._anew(wish, None, overdue, now)

        def wait_again(at: Now) -> None:
            undo(at)
            left = None if command.expires_at is None else command.expires_at - at.wall
            order = replace(self._order(overdue, command, at), expires_in=left)
            again = enqueue(self._ledger, self._facts.station, order, at)
            self._dates.settle(overdue, again, overdue.node)

        return wait_again

    def _anew(
        self,
        wish: AnswerOverdue,
        ended: Command | None,
        overdue: OverdueMeal,
        now: Now,
    ) -> TakeBack:
        """Order what was not done, or keep that a person says it happened."""
        before = self._dates.settled(overdue, overdue.node)
        if wish.answer is LateAnswer.FEED_NOW:
            command_id: int | None = self._order_anew(ended, overdue, now)
        else:
            command_id = record(
                self._ledger,
                self._order(overdue, ended, now),
                CommandState.SUCCEEDED,
                Cause.PERSON,
                now,
                became=DeliveryState.DONE,
                reason=wish.by,
                finishes=ended.first_part if _in_part(ended) else None,
            )
        self._dates.settle(overdue, command_id, overdue.node)

        def take_back(_: Now) -> None:
            if command_id is not None:
                self._ledger.withdraw(command_id)
            self._dates.unsettle(overdue, before, overdue.node)

        return take_back

    def _order_anew(self, ended: Command | None, overdue: OverdueMeal, now: Now) -> int:
        station = self._facts.station
        if _in_part(ended):
            return finish(self._ledger, station, ended.id, now)
        account = self._facts.clock.account(now)
        order = self._order(overdue, ended, now)
        return enqueue(self._ledger, station, order, now, account)

    def _order(self, overdue: OverdueMeal, ended: Command | None, now: Now) -> Enqueue:
        station, meal = self._facts.station, self._ledger.meals.get(overdue.meal_id)
        found = None if meal is None else on_date(meal, overdue.date, station.place)
        if meal is None or found is None or found.nominal != overdue.nominal:
            raise Refused("not_overdue")
        order = order_of(meal, found, station, now, overdue.node)
        number = 0 if ended is None else ended.id
        return replace(
            order,
            cause=Cause.ACTION,
            # A second tap, or an answer that comes twice, orders nothing more.
            idempotency_key=f"{order.idempotency_key}:after {number}",
            expires_in=None,
            confirmed=True,
        )


def _in_part(ended: Command | None) -> TypeGuard[Command]:
    """Whether some nodes did their part of a command that failed, and others not."""
    return ended is not None and any(
        delivery.state is DeliveryState.DONE for delivery in ended.deliveries
    )


def _nothing(_: Now) -> None:
    """Undo nothing."""
