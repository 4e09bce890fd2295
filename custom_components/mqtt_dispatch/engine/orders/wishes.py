"""What people, automations and Home Assistant ask of a station is done here."""

from __future__ import annotations

from dataclasses import replace

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..ledger.restore import confirm_restore
from ..model.clock import Now
from ..model.command import Outcome
from ..model.events import (
    Adopted,
    Backup,
    Cancel,
    CancelAll,
    Choose,
    CommandWish,
    ConfirmRestore,
    Dispatching,
    Effect,
    Enqueue,
    Enqueued,
    FeedRefused,
    Finish,
    ForgetRefusals,
    MealPut,
    PutMeal,
    Release,
    RemoveMeal,
    Resolve,
    StationWish,
    TrustClock,
    ZoneChanged,
)
from ..model.meal import Meal
from ..model.policy import FEED
from ..plan.plan import Plan
from ..scheduling.pausing import Pausing
from .decisions import cancel, cancel_all, not_resent, release, resolve
from .enqueue import enqueue, finish, known_or_allowed
from .refusals import RefusalWatch
from .unstored_wishes import TakeBack, UnstoredWishes


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

    def check(self, order: Enqueue, now: Now) -> None:
        """Raise Refused for an order that would be refused now; nothing changes."""
        account = self._facts.clock.account(now)
        known_or_allowed(self._ledger, self._facts.station, order, now, account)

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
        before = self._ledger.next_id
        account = self._facts.clock.account(now)
        command_id = enqueue(self._ledger, self._facts.station, order, now, account)
        if order.kind == FEED and command_id >= before:
            self.refusals.accepted()
        return command_id

    def _ordered(self, command_id: int) -> list[Effect]:
        if command_id in self._ledger.unstored:
            self._unless_stored(lambda _: self._ledger.withdraw(command_id))
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
                self._unless_stored(self.pausing.dispatch(wish, now))
            case PutMeal(meal):
                return [MealPut(self._put_meal(meal, now))]
            case RemoveMeal(meal_id):
                removed = self._plan.remove(meal_id, now)
                self._unless_stored(lambda at: self._plan.put(removed, at))
            case ZoneChanged(zone):
                before = self._facts.station
                self._facts.station = replace(before, zone=zone)
                self._plan.zone_changed(before.zone, now)
            case TrustClock():
                self._facts.clock.trust(now)
            case Adopted(node, key):
                self._plan.welcome(node, key, now)
        return []

    def _put_meal(self, meal: Meal, now: Now) -> str:
        before = self._ledger.meals.get(meal.id)
        meal_id = self._plan.put(meal, now)
        self._unless_stored(
            lambda at: (
                self._plan.remove(meal_id, at)
                if before is None
                else self._plan.put(before, at)
            )
        )
        return meal_id

    def _unless_stored(self, take_back: TakeBack) -> None:
        """Have what was just done taken back if it cannot be stored."""
        self.unstored.asked(self._ledger.revision, take_back)
