"""What people, automations and Home Assistant ask of a station is done here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..ledger.restore import confirm_restore
from ..model.clock import Now
from ..model.command import Outcome
from ..model.effects import Effect, Enqueued
from ..model.events import (
    Adopted,
    Backup,
    Cancel,
    CancelAll,
    Choose,
    CommandWish,
    ConfirmRestore,
    Dispatching,
    Enqueue,
    FeedRefused,
    Finish,
    ForgetRefusals,
    Guarded,
    Refused,
    Release,
    Resolve,
    StationWish,
    TrustClock,
    ZoneChanged,
)
from ..model.policy import FEED
from ..plan.plan import Plan
from .decisions import cancel, cancel_all, not_resent, release, resolve
from .enqueue import enqueue, finish, known_or_allowed
from .guards import check_feed
from .meal_wishes import MealWishes
from .pausing import Pausing
from .refusals import RefusalWatch
from .unstored_wishes import About, TakeBack, UnstoredWishes, meal_of


class Wishes:
    """Does what is asked for, and takes back what could not be stored."""

    def __init__(self, facts: Facts, deliveries: Deliveries, plan: Plan) -> None:
        """Begin with nothing asked for."""
        self._facts, self._ledger = facts, facts.ledger
        self._deliveries = deliveries
        self._plan = plan
        self.unstored = UnstoredWishes()
        self.refusals = RefusalWatch(facts.deadlines)
        self.pausing = Pausing(facts)
        self.meals = MealWishes(facts, deliveries, plan, self.unstored)

    def check(self, order: Enqueue, now: Now) -> None:
        """Raise Refused for an order that would be refused now; nothing changes."""
        account = self._account(order, now)
        taken = self._with_what_is_taken_off(order, now)
        with self._saying_what_helps(order, now):
            known_or_allowed(self._ledger, self._facts.station, taken, now, account)

    def of_commands(self, wish: CommandWish, now: Now) -> list[Effect]:
        """Do what is asked for of commands. Raises Refused: nothing has changed."""
        match wish:
            case Enqueue():
                return self._ordered(self._enqueue(wish, now))
            case Release():
                release(self._ledger, self._deliveries, wish, now)
            case Cancel(command_id, by):
                cancel(self._ledger, self._deliveries, command_id, by, now)
            case CancelAll(by):
                return [cancel_all(self._ledger, self._deliveries, by, now)]
            case Resolve(command_id, outcome, by):
                resolve(
                    self._ledger,
                    self._facts.station,
                    command_id,
                    outcome,
                    by=by,
                    now=now,
                )
                if outcome is Outcome.RESEND:
                    self._unless_stored(
                        lambda at: not_resent(
                            self._ledger, self._deliveries, command_id, at
                        )
                    )
            case FeedRefused(by):
                self.refusals.refused(by, now)
            case ForgetRefusals():
                self.refusals.forget()
            case Finish(command_id):
                rest = finish(self._ledger, self._facts.station, command_id, now)
                # What it brings to a node may no longer be what that should hold.
                self._plan.desired.look_again(now)
                return self._ordered(rest)
        return []

    def _enqueue(self, order: Enqueue, now: Now) -> int:
        before, account = self._ledger.next_id, self._account(order, now)
        taken = self._with_what_is_taken_off(order, now)
        with self._saying_what_helps(order, now):
            command_id = enqueue(self._ledger, self._facts.station, taken, now, account)
        if command_id >= before:
            if order.kind == FEED:
                self.refusals.accepted()
            if taken.taken_off is not None:
                self.meals.taking_off.take(taken.taken_off)
        return command_id

    @contextmanager
    def _saying_what_helps(self, order: Enqueue, now: Now) -> Iterator[None]:
        """Have a refusal say where it does not help to take it off the next meal."""
        try:
            yield
        except Guarded as refusal:
            if refusal.code == "portions_planned" and not self._helps(order, now):
                refusal.placeholders["off_next_meal"] = "not_enough"
            raise

    def _helps(self, order: Enqueue, now: Now) -> bool:
        """Whether it would be allowed if the next meal got so much less."""
        try:
            off = self._with_what_is_taken_off(replace(order, off_next_meal=True), now)
            check_feed(self._ledger, self._facts.station, off, now)
        except Refused:
            return False
        return True

    def _with_what_is_taken_off(self, order: Enqueue, now: Now) -> Enqueue:
        if not order.off_next_meal:
            return order
        portions = order.params.get("portions", 1)
        station, then = self._facts.station, max(now.wall, order.at or 0.0)
        off = self.meals.taking_off.of_next(portions, station, replace(now, wall=then))
        return replace(order, taken_off=off)

    def _account(self, order: Enqueue, now: Now) -> Now:
        """Return the time as it should be. Raises Refused where none can be named."""
        clock = self._facts.clock
        if order.at is not None and not clock.plausible:
            raise Refused("clock_doubted")
        return clock.account(now)

    def _ordered(self, command_id: int) -> list[Effect]:
        if command_id in self._ledger.unstored:
            command = self._ledger.find(command_id)
            off = None if command is None else command.taken_off
            self._unless_stored(
                lambda _: self._ledger.withdraw(command_id),
                () if off is None else meal_of(off.meal_id),
            )
        return [Enqueued(command_id)]

    def of_station(self, wish: StationWish, now: Now) -> list[Effect]:
        """Do what is asked for of the station. Raises Refused: nothing has changed."""
        match wish:
            case ConfirmRestore(keep, by):
                confirm_restore(self._ledger, keep=keep, by=by, now=now)
                self._plan.desired.look_again(now)
            case Backup(under_way):
                self._ledger.back_up(under_way=under_way)
            case Choose(chosen):
                self._ledger.choose(chosen)
            case Dispatching():
                self._unless_stored(self.pausing.dispatch(wish, now), ("pause",))
            case ZoneChanged(zone):
                before = self._facts.station
                self._facts.station = replace(before, zone=zone)
                self._plan.place_changed(before.place, now)
            case TrustClock():
                self._facts.clock.trust(now)
            case Adopted(node, key):
                self._plan.welcome(node, key, now)
            case _:
                return self.meals.do(wish, now)
        return []

    def _unless_stored(self, take_back: TakeBack, about: About = ()) -> None:
        """Have what was just done taken back if it cannot be stored."""
        self.unstored.asked(self._ledger.revision, take_back, about)
