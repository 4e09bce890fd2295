"""What keeps an animal from being fed too much or too often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
import math

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command
from ..model.events import Enqueue, Guarded, TooMany
from ..model.policy import FEED, HOUR, Settings, Station
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
    after, ends = math.nextafter(wall, math.inf), day_ends(wall, station.zone)
    return _planned(ledger, station, after, ends)


def _planned(ledger: Ledger, station: Station, start: float, end: float) -> int:
    """Return the portions that the plan gives from `start` to before `end`."""
    portions = 0
    for meal in ledger.meals.values():
        if meal.kind != FEED:
            continue
        nodes = station.tellers_of(meal) or station.nodes_of(meal)
        for one in occurrences(meal, start, end, station.place):
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
    """Raise Guarded if a feed would break a limit of the station.

    One for later counts on the day for which it is. How many feeds wait and are ordered
    bounds neither the plan nor who has confirmed: TooMany says that this would help.
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

    Who feeds beside the plan must leave room for what it will still give that day.
    """
    settings, zone = station.settings, station.zone
    if settings.portions_per_day is settings.minimum_gap is None:
        return
    at = _moment(order.at, now)
    if (limit := settings.portions_per_day) is not None:
        day, portions = local_date(at, zone), order.params.get("portions", 1)
        given = portions_today(ledger, at, zone) + sum(
            command.params.get("portions", 1)
            for command in _waiting(ledger)
            if local_date(_moment(command.not_before, now), zone) == day
        )
        if given + portions > limit:
            raise Guarded("portions_per_day", limit=limit, given=given)
        planned = 0
        if order.cause is not Cause.MEAL:
            start = max(math.nextafter(now.wall, math.inf), _midnight(at, zone))
            planned = _planned(ledger, station, start, day_ends(at, zone))
            if (off := order.taken_off) is not None and off.date == day:
                planned -= off.portions
        if given + planned + portions > limit:
            raise Guarded("portions_planned", limit=limit, given=given, planned=planned)
    if (gap := settings.minimum_gap) is not None:
        passed = _since_fed(ledger, now)
        if passed is not None and passed + at - now.wall < gap:
            raise Guarded("minimum_gap", minutes=round((gap - passed) / 60, 1))
        # The plan goes before what comes later: that is looked at in its time.
        if order.cause is not Cause.MEAL and any(
            now.wall < each.not_before and abs(each.not_before - at) < gap
            for each in _waiting(ledger)
            if each.not_before is not None
        ):
            raise Guarded("minimum_gap_planned", minutes=round(gap / 60, 1))


def comes_too_soon(
    ledger: Ledger, settings: Settings, command: Command, now: Now
) -> bool:
    """Whether the minimum gap keeps from being fed now what was ordered for now."""
    gap = settings.minimum_gap
    if gap is None or command.kind != FEED or command.ever_sent:
        return False
    passed = _since_fed(ledger, now, but_for=command.id)
    return passed is not None and passed < gap


def _since_fed(ledger: Ledger, now: Now, but_for: int | None = None) -> float | None:
    """Return how many seconds ago was fed; nought if a feed may come at any moment."""
    comes = any(
        (each.not_before or 0.0) <= now.wall and each.id != but_for
        for each in _waiting(ledger)
    )
    return 0.0 if comes else ledger.feeds.since_fed(now.steady)


def _waiting(ledger: Ledger) -> Iterator[Command]:
    """Go through the feeds that were never sent, while none changes."""
    return (
        command
        for command in ledger.open.never_sent.of(FEED)
        if command.finishes not in ledger.feeds
    )


def _moment(at: float | None, now: Now) -> float:
    """Return when a feed is to be given that is for then, or for now."""
    return max(at or 0.0, now.wall)
