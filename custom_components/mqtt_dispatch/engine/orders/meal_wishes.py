"""What people ask of the plan and of single dates is done here."""

from __future__ import annotations

from dataclasses import replace

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.clock import Now
from ..model.effects import Effect, MealPut, MealSkipped
from ..model.events import (
    AnswerOverdue,
    MealWish,
    PausePlan,
    PutMeal,
    PutMeals,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
    UnskipMeal,
)
from ..model.meal import Meal, MealDate
from ..model.pause import PlanPause
from ..plan.overdue_answers import OverdueAnswers
from ..plan.plan import Plan
from ..plan.skipping import Skipping
from ..plan.taken_off import TakingOff
from .unstored_wishes import About, TakeBack, UnstoredWishes, meal_of


class MealWishes:
    """Changes the plan, and takes back what could not be stored."""

    def __init__(
        self,
        facts: Facts,
        deliveries: Deliveries,
        plan: Plan,
        unstored: UnstoredWishes,
    ) -> None:
        """Begin with nothing asked for."""
        self._facts, self._ledger = facts, facts.ledger
        self._plan = plan
        self._unstored = unstored
        self.skipping = Skipping(facts.ledger, plan.dates)
        self.taking_off = TakingOff(
            facts.ledger, plan.dates, lambda: plan.look_again(facts.ledger.now)
        )
        self._answers = OverdueAnswers(facts, deliveries, plan.dates)

    def do(self, wish: MealWish, now: Now) -> list[Effect]:
        """Do what is asked for. Raises Refused: nothing has changed."""
        place = self._facts.station.place
        match wish:
            case PutMeal(meal):
                return [MealPut(self._put_meal(meal, now))]
            case PutMeals(meals):
                return [MealPut(self._put_meal(meal, now)) for meal in meals]
            case RemoveMeal(meal_id):
                removed, since = self._plan.remove(meal_id, now), self._ledger.next_id
                self._unless_stored(
                    lambda at: self._plan.put_back(meal_id, removed, since, at),
                    meal_of(meal_id),
                )
            case SkipMeal():
                meal, first = self.skipping.skip(wish, place, now)
                self._put_meal(meal, now)
                return [MealSkipped(MealDate(first.meal_id, first.nominal))]
            case UnskipMeal():
                self._put_meal(self.skipping.unskip(wish, place, now), now)
            case PausePlan(until, reason):
                self._pause_plan(self._plan_pause(until, reason, now), now)
            case ResumePlan():
                at = self._facts.clock.account(now).wall
                self._pause_plan(_ended(self._ledger.plan_pause, at), now)
            case AnswerOverdue():
                self._unless_stored(self._answers.take(wish, now))
        return []

    def _plan_pause(self, until: float | None, reason: str, now: Now) -> PlanPause:
        """Return a pause from now on, or from when the one began that it goes on."""
        since, before = self._facts.clock.account(now).wall, self._ledger.plan_pause
        if before is not None and before.covers(since):
            since = before.since
        return PlanPause(since, until, reason)

    def _pause_plan(self, pause: PlanPause | None, now: Now) -> None:
        before, since = self._ledger.plan_pause, self._ledger.next_id
        self._plan.pause(pause, now)
        self._unless_stored(
            lambda at: self._plan.put_pause_back(before, since, at), ("plan", "pause")
        )

    def _put_meal(self, meal: Meal, now: Now) -> str:
        before, since = self._ledger.meals.get(meal.id), self._ledger.next_id
        meal_id = self._plan.put(meal, now)
        self._unless_stored(
            lambda at: self._plan.put_back(meal_id, before, since, at), meal_of(meal_id)
        )
        return meal_id

    def _unless_stored(self, take_back: TakeBack, about: About = ()) -> None:
        """Have what was just done taken back if it cannot be stored."""
        self._unstored.asked(self._ledger.revision, take_back, about)


def _ended(pause: PlanPause | None, at: float) -> PlanPause | None:
    """Return a pause that is over then; what was skipped in it stays so."""
    if pause is None or (pause.until is not None and pause.until <= at):
        return pause
    return replace(pause, until=max(pause.since, at))
