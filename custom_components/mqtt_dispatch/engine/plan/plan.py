"""The plan of a station: its meals, what became of them, what nodes should hold."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.effects import Changed
from ..model.meal import Became, Meal, Place
from ..model.pause import PlanPause
from ..model.reports import Dispensed, Needs
from .desired import Desired
from .deviations import Deviations
from .mealtimes import Mealtimes
from .node_meals import NodeMeals
from .occurrences import Occurrences
from .outcomes import became
from .overdue import OverdueMeals


class Plan:
    """Has the plan looked at whenever it may mean something else."""

    def __init__(self, facts: Facts, now: Now) -> None:
        """Begin with a look."""
        ledger, clock = facts.ledger, facts.clock
        occurrences = Occurrences(ledger, clock)
        self.mealtimes = Mealtimes(ledger, clock, occurrences, now)
        self.desired = Desired(ledger, clock, now)
        self.deviations = Deviations(ledger, clock, self.desired, now)
        self._node_meals = NodeMeals(ledger, clock, occurrences, now)
        self.overdue = OverdueMeals(ledger, clock, occurrences, now)
        self.dates = occurrences
        self._facts = facts

    def run(self, now: Now) -> None:
        """Order what is due, and note what was missed."""
        station = self._facts.station
        listening_since = self._facts.conditions.listening_since
        self.mealtimes.run(station, now)
        self._node_meals.run(station, now, listening_since=listening_since)
        self.overdue.run(station, now)
        if self.desired.run(station, now):
            self.deviations.look_again(now)
        self.deviations.run(station, now)
        pause = self.paused(now)
        for due, at in (
            (Due.MEAL, self.mealtimes.next_at),
            (Due.NODE_MEAL, self._node_meals.next_at),
            (Due.OVERDUE, self.overdue.next_at),
            (Due.PLAN_PAUSE, None if pause is None else pause.until),
            (Due.DESIRED, self.desired.next_at),
            (Due.DEVIATION, self.deviations.next_at),
            (Due.CLOCK, self._facts.clock.stands_at()),
        ):
            self._facts.deadlines.set(due, at=at)

    def put(self, meal: Meal, now: Now) -> str:
        """Add or replace a meal; return its id. Raises Refused."""
        meal_id = self.mealtimes.changes.put(meal, self._facts.station, now)
        self.look_again(now)
        return meal_id

    def remove(self, meal_id: str, now: Now) -> Meal:
        """Remove a meal and return it. Raises Refused if there is none of that id."""
        removed = self.mealtimes.changes.remove(meal_id, self._facts.station, now)
        self.look_again(now)
        return removed

    def put_back(self, meal_id: str, before: Meal | None, since: int, now: Now) -> None:
        """Have a meal be as it was before a change that could not be stored.

        `since` is the lowest id that was free then. None: there was no such meal.
        """
        self.mealtimes.changes.put_back(meal_id, before, since, now)
        self.look_again(now)

    def pause(self, pause: PlanPause | None, now: Now) -> None:
        """Have nothing of the plan done for a while, or all of it."""
        self._facts.ledger.pause_plan(pause)
        self.look_again(now)

    def put_pause_back(self, before: PlanPause | None, since: int, now: Now) -> None:
        """Have a pause be as it was before a change that could not be stored."""
        self.mealtimes.changes.decide_anew(since, now)
        self.pause(before, now)

    def paused(self, now: Now) -> PlanPause | None:
        """Return the pause in which nothing of the plan is done now."""
        pause = self._facts.ledger.plan_pause
        return pause if pause is not None and pause.covers(now.wall) else None

    def became(self, change: Changed) -> Became | None:
        """Return what a change makes of the date of a meal that its command is for.

        None: it is for none, nothing became of it yet, or another command says what.
        """
        ledger = self._facts.ledger
        command = ledger.find(change.command_id)
        if command is None or command.meal is None or not change.state.final:
            return None
        settled = self.dates.settled(command.meal) or self.dates.settled(
            command.meal, command.nodes[0]
        )
        known = None if settled is None else ledger.find(settled.command_id or 0)
        if known is not None and known.first_part != command.first_part:
            return None
        outcome = became(command)
        return None if outcome is Became.DUE else outcome

    def place_changed(self, before: Place, now: Now) -> None:
        """Have what was still to come anywhere come at the time of the new place."""
        self.mealtimes.changes.place_changed(before, self._facts.station, now)
        self.look_again(now)

    def welcome(self, node: str, key: str, now: Now) -> None:
        """Have a node that was adopted get what every node gets at first, once."""
        self.desired.welcome(node, key, self._facts.station, now)

    def told(self, report: Needs | Dispensed, now: Now) -> None:
        """Take in what a node says of what it holds, or fed by itself."""
        station = self._facts.station
        match report:
            case Needs():
                self.desired.needed(report, station, now)
                self.deviations.look_again(now)
            case Dispensed():
                self._node_meals.take(report, station, now)
                self.overdue.look_again(now)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals, the time zone or the clock have changed."""
        self.mealtimes.look_again(now)
        self._node_meals.look_again(now)
        self.overdue.look_again(now)
        self.desired.look_again(now)
