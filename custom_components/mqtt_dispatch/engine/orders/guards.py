"""What keeps an animal from being fed too much or too often."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
import math

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause
from ..model.events import Enqueue, Guarded, TooMany
from ..model.policy import FEED, HOUR, PlanKeeper, Settings, Station
from ..plan.occurrences import skipped_for
from ..plan.recurrence import local_date, occurrences


def portions_today(ledger: Ledger, wall: float, zone: tzinfo) -> int:
    """Return the portions that were given today, or may have been.

    Those of tomorrow, too: they were given before the clock was set back.
    """
    today = datetime.fromtimestamp(wall, zone).date()
    tomorrow = today + timedelta(days=1)
    return sum(
        feed.portions
        for feed in ledger.feeds.values()
        if today <= datetime.fromtimestamp(feed.at, zone).date() <= tomorrow
    )


def planned_today(ledger: Ledger, station: Station, wall: float) -> int:
    """Return the portions that the plan will still give today."""
    ends = day_ends(wall, station.zone)
    portions = 0
    for meal in ledger.meals.values():
        if meal.kind != FEED:
            continue
        by_nodes = station.keeper_of(meal) is not PlanKeeper.HOME
        nodes = meal.nodes or station.nodes if by_nodes else ("",)
        for one in occurrences(
            meal, math.nextafter(wall, math.inf), ends, station.place
        ):
            if skipped_for(ledger, one) is None:
                still_to_come = [
                    node
                    for node in nodes
                    if (one.meal_id, one.date, node) not in ledger.occurrences
                ]
                portions += one.params.get("portions", 1) * len(still_to_come)
    return portions


def grams_today(ledger: Ledger, node: str, wall: float, zone: tzinfo) -> float:
    """Return what a node says to have fed by itself today."""
    if not (told := ledger.feeds.dispensed.of(node)):
        return 0.0
    begins, ends = _midnight(wall, zone), day_ends(wall, zone)
    return sum(
        report.grams or 0.0 for report in told if begins <= report.started_at < ends
    )


def counts_today(ledger: Ledger, wall: float, zone: tzinfo) -> bool:
    """Whether what is counted for a day is another number once this one has ended."""
    begins = _midnight(wall, zone)
    return any(feed.at >= begins for feed in ledger.feeds.values()) or any(
        report.started_at >= begins for report in ledger.feeds.dispensed
    )


def day_ends(wall: float, zone: tzinfo) -> float:
    """Return when the owner's day ends, in unix seconds."""
    return _midnight(wall, zone, days_later=1)


def _midnight(wall: float, zone: tzinfo, days_later: int = 0) -> float:
    day = datetime.fromtimestamp(wall, zone).date() + timedelta(days=days_later)
    return datetime.combine(day, time.min, zone).timestamp()


def check_feed(ledger: Ledger, station: Station, order: Enqueue, now: Now) -> None:
    """Raise Guarded if a feed now would break a limit of the station.

    How many feeds wait and are ordered bounds neither the plan nor who has confirmed:
    TooMany says that this would help.
    """
    if order.cause is not Cause.MEAL and not order.confirmed:
        _check_runaway(ledger, station.settings, now)
    _check_amounts(ledger, order, now, station)


def _check_runaway(ledger: Ledger, settings: Settings, now: Now) -> None:
    if limit := settings.feeds_waiting:
        waiting = ledger.open.never_sent.count(FEED)
        if waiting >= limit:
            raise TooMany("feeds_waiting", waiting=waiting)
    if limit := settings.feeds_per_hour:
        ages = ledger.feeds.ordered.within_an_hour(now.steady)
        if len(ages) >= limit:
            minutes = round((HOUR - ages[-limit]) / 60, 1)
            raise TooMany("feeds_per_hour", ordered=len(ages), minutes=minutes)


def _check_amounts(ledger: Ledger, order: Enqueue, now: Now, station: Station) -> None:
    """Count feeds that still wait as given, and unconfirmed ones as done.

    Who feeds beside the plan must leave room for what it will still give today.
    """
    settings = station.settings
    if settings.portions_per_day is settings.minimum_gap is None:
        return
    waiting = [
        command
        for command in ledger.open.never_sent.of(FEED)
        if command.finishes not in ledger.feeds
    ]
    if (limit := settings.portions_per_day) is not None:
        portions = order.params.get("portions", 1)
        given = portions_today(ledger, now.wall, station.zone) + sum(
            command.params.get("portions", 1) for command in waiting
        )
        if given + portions > limit:
            raise Guarded("portions_per_day", limit=limit, given=given)
        planned = 0
        if order.cause is not Cause.MEAL:
            planned = planned_today(ledger, station, now.wall)
            if (off := order.taken_off) is not None and off.date == local_date(
                now.wall, station.zone
            ):
                planned -= off.portions
        if given + planned + portions > limit:
            raise Guarded("portions_planned", limit=limit, given=given, planned=planned)
    if (gap := settings.minimum_gap) is not None:
        passed = 0.0 if waiting else ledger.feeds.since_fed(now.steady)
        if passed is not None and passed < gap:
            raise Guarded("minimum_gap", minutes=round((gap - passed) / 60, 1))
