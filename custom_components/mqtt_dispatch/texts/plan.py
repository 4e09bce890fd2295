"""The plan as data for machines, and in words why nothing of it is to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.meal import WEEKDAYS, Became, Meal, Rule, Settled, Sun
from ..engine.plan.occurrences import skipped_for
from ..engine.plan.outcomes import became
from ..engine.plan.recurrence import (
    Occurrence,
    fits,
    local_date,
    moment_of,
    occurrences,
)
from .responses import time_as_response
from .sentences import date_in_words, sentence

_DAYS_SHOWN: Final = 7


def meal_as_response(coordinator: DispatchCoordinator, meal: Meal) -> dict[str, Any]:
    """Return all that is planned of a meal, as the fields of `schedule` say it."""
    rule, params = meal.rule, coordinator.protocol.public(meal.kind, meal.params)
    today = local_date(now().wall, coordinator.engine.station.zone)
    otherwise = {day: each for day, each in meal.overrides.items() if day >= today}
    return {
        "meal_id": meal.id,
        "name": meal.name,
        "kind": meal.kind,
        "time": rule.time or None,
        "sun": None if rule.sun is None else rule.sun.value,
        "offset": rule.offset,
        "weekdays": [day for day in WEEKDAYS if day in rule.weekdays],
        "every": rule.every,
        "from": _day(rule.first),
        "until": _day(rule.until),
        "deadline": _short(meal.deadline / 60),
        "if_missed": meal.if_missed.value,
        "enabled": meal.enabled,
        **({"nodes": list(meal.nodes)} if meal.nodes else {}),
        "params": params,
        **next_as_response(coordinator, meal),
        "skipped": sorted(day for day, each in otherwise.items() if each.skipped),
        "skipped_until": _day(meal.skipped_until),
        "overrides": [
            {
                "date": day,
                "time": each.time or None,
                "params": None
                if each.params is None
                else coordinator.protocol.public(meal.kind, each.params),
            }
            for day, each in sorted(otherwise.items())
            if each.time or each.params is not None
        ],
        "occurrences": list(_this_week(coordinator, meal)),
    }


def next_as_response(coordinator: DispatchCoordinator, meal: Meal) -> dict[str, Any]:
    """Return when a meal next happens; in words, why that is not soon, or never."""
    engine = coordinator.engine
    found = engine.plan.dates.next_wanted(meal, now(), engine.station.place)
    text = (
        _why_never(coordinator, meal)
        if found is None
        else _why_late(coordinator, meal, found)
    )
    return {
        "next": None if found is None else time_as_response(found.at),
        **({} if text is None else {"text": text}),
    }


def _why_never(coordinator: DispatchCoordinator, meal: Meal) -> str:
    hass, engine = coordinator.hass, coordinator.engine
    rule, pause = meal.rule, engine.ledger.plan_pause
    if not meal.enabled:
        return sentence(hass, "no_next_disabled")
    if engine.plan.dates.next_of(meal, now(), engine.station.place) is not None:
        if pause is not None and pause.until is None:
            return sentence(hass, "no_next_paused")
        return sentence(hass, "no_next_skipped")
    match rule:
        case Rule(until=date() as last):
            return sentence(hass, "no_next_ended", date=date_in_words(hass, last))
        case Rule(sun=Sun.SUNRISE):
            return sentence(hass, "no_next_sunrise")
        case _:
            return sentence(hass, "no_next_sunset")


def _why_late(
    coordinator: DispatchCoordinator, meal: Meal, found: Occurrence
) -> str | None:
    """Return that the sun does not rise or set before, where it does not."""
    station, hass = coordinator.engine.station, coordinator.hass
    if (sun := meal.rule.sun) is None:
        return None
    day = date.fromisoformat(local_date(now().wall, station.zone))
    first = date.fromisoformat(found.date)
    while day < first:
        if fits(meal.rule, day) and station.sun(sun, day) is None:
            rises = sun is Sun.SUNRISE
            return sentence(
                hass,
                "no_sunrise_until" if rises else "no_sunset_until",
                date=date_in_words(hass, first),
            )
        day += timedelta(days=1)
    return None


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A date of a meal as it is planned or was dealt with, be it at one node."""

    occurrence: Occurrence
    nominal: str
    """Local "YYYY-MM-DDTHH:MM" at which it came, or is to come."""
    at: float
    """The same in unix seconds."""
    node: str
    """The node that keeps the plan and tells of it; empty: it goes by commands."""
    command_id: int | None
    """What dealt with it; None: nothing yet, or nobody knows any more."""
    became: Became | None
    """None: nobody knows any more."""


def planned_dates(
    coordinator: DispatchCoordinator, meal: Meal, days: int
) -> Iterator[PlannedDate]:
    """Yield the dates of today and of the days after it, and what became of each."""
    engine = coordinator.engine
    station, dates, wall = engine.station, engine.plan.dates, now().wall
    tellers = station.tellers_of(meal)
    today = datetime.fromtimestamp(wall, station.zone).replace(
        hour=0, minute=0, second=0, microsecond=0, fold=0
    )
    # Nobody knows what nodes did that do not tell it.
    start = today.timestamp() if tellers else wall
    end = (today + timedelta(days=days)).timestamp()
    for occurrence in occurrences(meal, start, end, station.place):
        for node in tellers or ("",):
            settled = dates.settled(occurrence, node)
            if settled is None and occurrence.at <= dates.since(meal):
                continue
            yield planned_date(coordinator, occurrence, settled, node)


def planned_date(
    coordinator: DispatchCoordinator,
    occurrence: Occurrence,
    settled: Settled | None,
    node: str = "",
) -> PlannedDate:
    """Return a date with what became of it, as far as it is `settled`."""
    nominal, at = occurrence.nominal, occurrence.at
    if settled is not None and settled.nominal != nominal:
        nominal = settled.nominal
        at = moment_of(settled, coordinator.engine.station.zone)
    return PlannedDate(
        occurrence,
        nominal,
        at,
        node,
        None if settled is None else settled.command_id,
        _became(coordinator, occurrence, settled),
    )


def _this_week(
    coordinator: DispatchCoordinator, meal: Meal
) -> Iterator[dict[str, Any]]:
    for each in planned_dates(coordinator, meal, _DAYS_SHOWN):
        yield {
            "date": each.occurrence.date,
            "time": each.nominal[11:],
            "at": time_as_response(each.at),
            **({"node": each.node} if each.node else {}),
            "state": None if each.became is None else each.became.value,
            "command_id": each.command_id,
        }


def _became(
    coordinator: DispatchCoordinator, occurrence: Occurrence, settled: Settled | None
) -> Became | None:
    """Return what became of a date, or is to; None: nobody knows any more."""
    engine = coordinator.engine
    if settled is None:
        skipped = skipped_for(engine.ledger, occurrence) is not None
        return Became.SKIPPED if skipped else Became.DUE
    command = engine.ledger.find(settled.command_id or 0)
    return None if command is None else became(command)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _short(number: float) -> float:
    return int(number) if number == int(number) else number
