"""The meals of a station as events: those to come, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.components.calendar import CalendarEvent

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause, Command, CommandState
from ..engine.model.meal import Became, Meal, MealDate
from ..engine.model.policy import DAY, PlanKeeper
from ..engine.plan.occurrences import skipped_for
from ..engine.plan.outcomes import became, became_in_all
from ..engine.plan.recurrence import Occurrence, moment_of, occurrences
from ..planning.calendar_events import uid_of
from ..planning.event_lengths import MEAL_LASTS, end_of, run_time
from ..planning.recurrence_rules import rrule_of
from ..texts.meal_summaries import became_in_words, description_of, meal_in_words
from .plan_outcomes import told_in_words

_FORESIGHT: Final = 366 * DAY
_TOLD: Final = (Became.FED, Became.FAILED, Became.MISSED)
"""What is said of what a node feeds by itself."""


class MealEvents:
    """Shows what is planned, and what came of it."""

    def __init__(self, coordinator: DispatchCoordinator) -> None:
        """Look at the plan of a station."""
        self._coordinator = coordinator
        self._engine = coordinator.engine

    def next(self) -> CalendarEvent | None:
        """Return what goes on, or else the next that is to happen."""
        wall = now().wall
        planned = min(
            (
                (occurrence, meal)
                for meal in self._engine.ledger.meals.values()
                for occurrence in self._first_wanted(meal, wall)
            ),
            key=lambda item: item[0].at,
            default=None,
        )
        wanted = [] if planned is None else [self._of_plan(*planned)]
        wanted += (
            event
            for event in self._ordered_for_later(self._engine.ledger.open.values())
            if wall < event.end_datetime_local.timestamp()
        )
        return min(wanted, key=_start_of, default=None)

    def between(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        """Return what touches a span of time, in its order."""
        wall, told, ledger = now().wall, self._told(), self._engine.ledger
        since = max(start.timestamp(), wall)
        until = min(end.timestamp(), wall + _FORESIGHT)
        shown = [
            self._of_plan(occurrence, meal)
            for meal in ledger.meals.values()
            for occurrence in self._occurrences(meal, since, until)
            if (meal.id, occurrence.date, "") not in told
        ]
        shown += [
            event
            for event in (
                *(self._of_command(*each) for each in told.values()),
                *self._ordered_for_later(
                    (*ledger.closed.values(), *ledger.open.values())
                ),
            )
            if event.start_datetime_local < end and start < event.end_datetime_local
        ]
        return sorted(shown, key=_start_of)

    def _ordered_for_later(
        self, commands: Iterable[Command]
    ) -> Iterator[CalendarEvent]:
        """Yield what of them was ordered for later, by itself, and not withdrawn."""
        wall, ledger = now().wall, self._engine.ledger
        for command in commands:
            at, kind, params = command.not_before, command.kind, command.params
            if at is None or command.meal is not None:
                continue
            outcome = became_in_all(ledger, command)
            if outcome is Became.SKIPPED:
                continue
            summary = meal_in_words(self._coordinator, "", kind, params)
            if at <= wall or outcome is not Became.DUE:
                summary = became_in_words(
                    self._coordinator.hass, summary, outcome, kind
                )
            start = datetime.fromtimestamp(at, self._engine.station.zone)
            yield CalendarEvent(
                start=start,
                end=end_of(start, MEAL_LASTS),
                summary=summary,
                description=description_of(
                    self._coordinator.hass, self._coordinator.protocol, kind, params
                ),
                # Only what waits can be withdrawn.
                uid=uid_of(command) if command.state is CommandState.QUEUED else None,
            )

    def _told(self) -> Mapping[tuple[str, str, str], tuple[MealDate, Command]]:
        """Return what deals with each date that was dealt with, the latest of each."""
        ledger = self._engine.ledger
        found: dict[tuple[str, str, str], tuple[MealDate, Command]] = {}
        for command in sorted(
            (*ledger.closed.values(), *ledger.open.values()), key=lambda one: one.id
        ):
            if (date := command.meal) is None or _is_ordered_anew(command):
                continue
            node = command.nodes[0] if self._is_told_by_node(command) else ""
            found[date.meal_id, date.date, node] = date, command
        return found

    def _is_told_by_node(self, command: Command) -> bool:
        keeper = self._engine.station.keeper_of(command)
        return keeper is PlanKeeper.NODES_THAT_TELL

    def _first_wanted(self, meal: Meal, wall: float) -> Iterator[Occurrence]:
        dates = self._engine.plan.dates
        for occurrence in self._occurrences(meal, wall, wall + _FORESIGHT):
            over = occurrence.at > wall and dates.is_over(occurrence, wall)
            if not over and skipped_for(self._engine.ledger, occurrence) is None:
                yield occurrence
                return

    def _occurrences(
        self, meal: Meal, start: float, end: float
    ) -> Iterator[Occurrence]:
        """Yield what goes on at `start` or begins before `end` (unix seconds)."""
        protocol = self._coordinator.protocol
        each = (meal.params, *(one.params for one in meal.overrides.values()))
        longest = max(
            run_time(protocol, meal.kind, params)
            for params in each
            if params is not None
        )
        place = self._engine.station.place
        for occurrence in occurrences(meal, start - longest, end, place):
            lasts = run_time(protocol, meal.kind, occurrence.params)
            if occurrence.at + lasts > start:
                yield occurrence

    def _of_plan(self, occurrence: Occurrence, meal: Meal) -> CalendarEvent:
        params = occurrence.params
        summary = meal_in_words(self._coordinator, meal.name, meal.kind, params)
        if skipped_for(self._engine.ledger, occurrence) is not None:
            hass = self._coordinator.hass
            summary = became_in_words(hass, summary, Became.SKIPPED)
        return self._event(occurrence, occurrence.at, meal.kind, params, summary)

    def _of_command(self, date: MealDate, command: Command) -> CalendarEvent:
        """Return what became of a date of a meal, in the past or under way."""
        hass, meal = self._coordinator.hass, self._engine.ledger.meals.get(date.meal_id)
        outcome = became(command)
        if self._is_told_by_node(command) and outcome in _TOLD:
            summary = told_in_words(hass, self._coordinator, command)
        else:
            name = "" if meal is None else meal.name
            summary = became_in_words(
                hass,
                meal_in_words(self._coordinator, name, command.kind, command.params),
                outcome,
                command.kind,
            )
        at = moment_of(date, self._engine.station.zone)
        return self._event(date, at, command.kind, command.params, summary)

    def _event(
        self,
        date: MealDate,
        at: float,
        kind: str,
        params: Mapping[str, Any],
        summary: str,
    ) -> CalendarEvent:
        hass, protocol = self._coordinator.hass, self._coordinator.protocol
        meal = self._engine.ledger.meals.get(date.meal_id)
        recurs = meal is not None and not meal.rule.one_date
        start = datetime.fromtimestamp(at, self._engine.station.zone)
        return CalendarEvent(
            start=start,
            end=end_of(start, run_time(protocol, kind, params)),
            summary=summary,
            # Never None: the page of older cores sends that back, and they refuse it.
            description=description_of(hass, protocol, kind, params),
            # Without an id, nobody is offered to change it.
            uid=None if meal is None else meal.id,
            recurrence_id=date.nominal if recurs else None,
            rrule=rrule_of(meal.rule) if meal is not None and recurs else None,
        )


def _start_of(event: CalendarEvent) -> float:
    # Home Assistant compares moments of one zone by what the clock shows.
    return event.start_datetime_local.timestamp()


def _is_ordered_anew(command: Command) -> bool:
    """Whether it was withdrawn because its date is to be otherwise."""
    return (
        command.state is CommandState.CANCELLED
        and command.timeline[-1].cause is Cause.PLAN
    )
