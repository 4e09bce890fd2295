"""The plan of a station: its meals, what became of them, what nodes should hold."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.meal import Meal, Place
from ..model.pause import PlanPause
from ..model.reports import Dispensed, Needs
from .desired import Desired
from .deviations import Deviations
from .mealtimes import Mealtimes
from .node_meals import NodeMeals
from .occurrences import Occurrences
from .overdue import OverdueMeals
from .skipping import Skipping
from .taken_off import TakingOff


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
        self._overdue = OverdueMeals(ledger, clock, occurrences, now)
        self.skipping = Skipping(ledger, occurrences)
        self.taking_off = TakingOff(ledger, occurrences)
        self.dates = occurrences
        self._facts = facts

    def run(self, now: Now) -> None:
        """Order what is due, and note what was missed."""
        station = self._facts.station
        listening_since = self._facts.conditions.listening_since
        self.mealtimes.run(station, now)
        self._node_meals.run(station, now, listening_since=listening_since)
        self._overdue.run(station, now)
        if self.desired.run(station, now):
            self.deviations.look_again(now)
        self.deviations.run(station, now)
        for due, at in (
            (Due.MEAL, self.mealtimes.next_at),
            (Due.NODE_MEAL, self._node_meals.next_at),
            (Due.OVERDUE, self._overdue.next_at),
            (Due.DESIRED, self.desired.next_at),
            (Due.DEVIATION, self.deviations.next_at),
            (Due.CLOCK, self._facts.clock.stands_at()),
        ):
            self._facts.deadlines.set(due, at=at)

    def put(self, meal: Meal, now: Now) -> str:
        """Add or replace a meal; return its id. Raises Refused."""
        meal_id = self.mealtimes.put(meal, self._facts.station, now)
        self.look_again(now)
        return meal_id

    def remove(self, meal_id: str, now: Now) -> Meal:
        """Remove a meal and return it. Raises Refused if there is none of that id."""
        removed = self.mealtimes.remove(meal_id, self._facts.station, now)
        self.look_again(now)
        return removed

    def pause(self, pause: PlanPause | None, now: Now) -> None:
        """Have nothing of the plan done for a while, or all of it."""
        self._facts.ledger.pause_plan(pause)
        self.look_again(now)

    def place_changed(self, before: Place, now: Now) -> None:
        """Have what was still to come anywhere come at the time of the new place."""
        self.mealtimes.place_changed(before, self._facts.station, now)
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
                self._overdue.look_again(now)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals, the time zone or the clock have changed."""
        self.mealtimes.look_again(now)
        self._node_meals.look_again(now)
        self._overdue.look_again(now)
        self.desired.look_again(now)
