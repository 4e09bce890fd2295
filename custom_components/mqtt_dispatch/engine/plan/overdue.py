"""Meals that were expected to have happened by now, and did not.

Of a meal only the latest date is watched. It is said once, with what is on disk, so it
is told after a start, too, but never twice; it ends when it was fed after all, be it by
hand, or when a person has answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
import math

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.meal import (
    Became,
    IfMissed,
    LateAnswer,
    Meal,
    MealDate,
    OverdueMeal,
)
from ..model.policy import DAY, FEED, Station
from ..wall_clock import WallClock
from .mealtimes import ON_TIME
from .occurrences import Occurrences, skipped_for
from .outcomes import became, became_in_all, sent_at
from .recurrence import Occurrence, occurrences, on_date

_TOLD_FOR = 2 * DAY
"""For which an older date is still worth a question."""


class OverdueMeals:
    """Watches the deadlines of what is planned."""

    def __init__(
        self, ledger: Ledger, clock: WallClock, dates: Occurrences, now: Now
    ) -> None:
        """Begin with a look at what passed meanwhile."""
        self._ledger = ledger
        self._clock = clock
        self._dates = dates
        self.next_at: float | None = now.wall
        """Unix seconds."""
        self._looked_at: dict[tuple[str, str], Occurrence | OverdueMeal] = {}
        """The latest date of each meal at each node that was expected by then."""
        self._under_way: set[int] = set()
        """Commands of dates that were under way when they should have happened."""
        self._known_nodes = _known_nodes(ledger) if ledger.meals else None
        """Those of which an earlier run knew; None: there was no plan."""
        self._first_look: float | None = None
        """Unix seconds: what was before it is not expected of other nodes."""
        ledger.when_gone(self._ended)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the plan, the place, the clock or an outcome is another one."""
        self.next_at = now.wall

    def _ended(self, command: Command) -> None:
        if command.meal is not None or command.kind == FEED:
            self.look_again(self._ledger.now)

    def run(self, station: Station, now: Now) -> None:
        """Note what is overdue now, and what no longer is."""
        if any(map(self._came_to_an_end, self._under_way)):
            self.look_again(now)
        if self.next_at is None or self.next_at > now.wall:
            return
        self.next_at = None
        if not self._clock.plausible:
            return
        self._first_look = self._first_look or now.wall
        self._under_way.clear()
        for overdue in tuple(self._ledger.overdue.values()):
            self._is_latest(overdue, overdue.node, now)
            self._follow(overdue, station, now)
        upcoming = []
        for meal in self._ledger.meals.values():
            for node in station.tellers_of(meal):
                latest = None
                for occurrence, by in self._expected(meal, node, station, now):
                    if by > now.wall and not self._is_said_to_have_happened(
                        occurrence, node
                    ):
                        upcoming.append(by)
                        break
                    latest = occurrence
                if latest is not None and self._is_latest(latest, node, now):
                    self._look(latest, meal, node)
        self.next_at = min(upcoming, default=None)

    def _expected(
        self, meal: Meal, node: str, station: Station, now: Now
    ) -> Iterator[tuple[Occurrence, float]]:
        """Yield the dates of late and of soon, each with when it should have been."""
        if meal.begins is None:
            return
        since = max(self._dates.since(meal), self._is_there_since(node))
        start = math.nextafter(now.wall - _TOLD_FOR, math.inf)
        for occurrence in occurrences(meal, start, math.inf, station.place):
            by = self._expected_by(meal, occurrence, occurrence.at, node)
            if occurrence.at > since or self._was_open(occurrence, by, since, node):
                yield occurrence, by

    def _is_there_since(self, node: str) -> float:
        """Return since when a node is of the station, if that is since this run."""
        if not node or self._known_nodes is None or node in self._known_nodes:
            return -math.inf
        return self._first_look or -math.inf

    def _was_open(
        self, occurrence: Occurrence, by: float, since: float, node: str
    ) -> bool:
        """Whether it had come, and was not over, when its meal or place was changed."""
        settled = self._dates.settled(occurrence, node)
        if settled is None or settled.nominal != occurrence.nominal:
            return False
        command = self.command_of(occurrence, node)
        return by > since or (
            command is not None
            and command.state is not CommandState.UNCONFIRMED
            and (not command.state.final or command.timeline[-1].at > since)
        )

    def _expected_by(self, meal: Meal, date: MealDate, at: float, node: str) -> float:
        asks = meal.if_missed is IfMissed.ASK
        is_known = asks and self._became(date, node) is not Became.DUE
        return at + (ON_TIME if is_known else meal.deadline)

    def expected_by(self, overdue: OverdueMeal) -> float:
        """Return when a date should have happened, in unix seconds."""
        if (meal := self._ledger.meals.get(overdue.meal_id)) is None:
            return overdue.at
        return self._expected_by(meal, overdue, overdue.at, overdue.node)

    def command_of(self, date: MealDate, node: str) -> Command | None:
        """Return what deals with a date, or tells why it is not fed; None: nothing.

        Where something finishes what it left undone, that.
        """
        settled = self._dates.settled(date, node)
        if settled is None or settled.command_id is None:
            return None
        command = self._ledger.find(settled.command_id)
        if command is None or became(command) is not Became.FAILED:
            return command
        return self._ledger.parts(command)[-1]

    def _is_said_to_have_happened(self, date: Occurrence, node: str) -> bool:
        """Whether a person has said that a date happened, be it before it is late."""
        command = self.command_of(date, node)
        return (
            command is not None
            and command.state.final
            and command.timeline[-1].cause is Cause.PERSON
            and self._became(date, node) is Became.FED
        )

    def _is_latest(self, date: Occurrence | OverdueMeal, node: str, now: Now) -> bool:
        """Whether no later date was looked at before.

        One that was is expected later where its meal is given more time since. By a
        clock that was ahead it may not have come yet.
        """
        key = (date.meal_id, node)
        before = self._looked_at.get(key)
        if before is not None and date.date < before.date and before.at <= now.wall:
            return False
        self._looked_at[key] = date
        return True

    def _look(self, latest: Occurrence, meal: Meal, node: str) -> None:
        known = self._ledger.overdue.get((meal.id, node))
        # A clock that was set back a little may know of an earlier one only.
        if known is not None and known.date >= latest.date:
            return
        if known is not None:
            self._ledger.drop_overdue(known)
        if skipped_for(self._ledger, latest) is not None:
            return
        command = self.command_of(latest, node)
        if command is not None and command.state.in_flight:
            # A run may take longer than its deadline; it shows in a while.
            self._under_way.add(command.id)
            return
        overdue = OverdueMeal(latest.meal_id, latest.nominal, latest.at, node)
        if self._became(overdue, node) is None:
            return
        if not self._happened(overdue, meal.kind):
            self._ledger.raise_overdue(overdue)

    def _came_to_an_end(self, command_id: int) -> bool:
        command = self._ledger.find(command_id)
        return command is None or not command.state.in_flight

    def _follow(self, overdue: OverdueMeal, station: Station, now: Now) -> None:
        meal = self._ledger.meals.get(overdue.meal_id)
        if (
            meal is None
            or self._comes_otherwise(meal, overdue, station, now)
            or overdue.at < now.wall - _TOLD_FOR
            or overdue.node not in station.tellers_of(meal)
            or self._happened(overdue, meal.kind)
        ):
            self._ledger.drop_overdue(overdue)
        elif overdue.answer is LateAnswer.FEED_NOW and self._became(
            overdue, overdue.node
        ) in (Became.MISSED, Became.FAILED):
            # It was tried, and a person must be asked again.
            self._ledger.put_overdue(replace(overdue, answer=None))

    def _comes_otherwise(
        self, meal: Meal, overdue: OverdueMeal, station: Station, now: Now
    ) -> bool:
        """Whether the plan has that date no more as it was, or still to come."""
        found = on_date(meal, overdue.date, station.place)
        return (
            found is None
            or found.nominal != overdue.nominal
            or found.at > now.wall + self._clock.behind
        )

    def _happened(self, overdue: OverdueMeal, kind: str) -> bool:
        """Whether a date needs no person, be it that the animal was fed by hand since.

        Another meal of the plan does not make up for it.
        """
        if (known := self._became(overdue, overdue.node)) is None:
            # What told it is in the history by now: it did not happen, unless a person
            # said so.
            known = Became.FED if overdue.answer is LateAnswer.HAPPENED else known
        if known in (Became.FED, Became.SKIPPED):
            return True
        if kind != FEED:
            return False
        for feed in self._ledger.feeds.values():
            if feed.certain and feed.at > overdue.at:
                command = self._ledger.find(feed.command_id)
                if (
                    command is not None
                    and command.meal is None
                    and sent_at(command) > overdue.at
                ):
                    return True
        return any(
            report.started_at > overdue.at and not report.planned and not report.reason
            for report in self._ledger.feeds.dispensed.of(overdue.node)
        )

    def _became(self, date: MealDate, node: str) -> Became | None:
        """Return what became of a date; None: nobody knows any more."""
        if (settled := self._dates.settled(date, node)) is None:
            return Became.DUE
        command = self._ledger.find(settled.command_id or 0)
        return None if command is None else became_in_all(self._ledger, command)


def _known_nodes(ledger: Ledger) -> frozenset[str]:
    """Return the nodes of which anything is stored."""
    commands = (*ledger.open.values(), *ledger.closed.values())
    ordered = {node for command in commands for node in command.nodes}
    return frozenset(ordered | {report.node for report in ledger.feeds.dispensed})
