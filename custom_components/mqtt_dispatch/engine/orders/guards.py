"""What keeps an animal from being fed too much or too often."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause
from ..model.events import Enqueue, Guarded, TooMany
from ..model.policy import FEED, HOUR, Settings, Station


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
    portions = order.params.get("portions", 1)
    _check_amounts(ledger, portions, now, station.settings, station.zone)


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


def _check_amounts(
    ledger: Ledger, portions: int, now: Now, settings: Settings, zone: tzinfo
) -> None:
    """Count feeds that still wait as given, and unconfirmed ones as done."""
    if settings.portions_per_day is settings.minimum_gap is None:
        return
    waiting = [
        command
        for command in ledger.open.never_sent.of(FEED)
        if command.finishes not in ledger.feeds
    ]
    if (limit := settings.portions_per_day) is not None:
        given = portions_today(ledger, now.wall, zone) + sum(
            command.params.get("portions", 1) for command in waiting
        )
        if given + portions > limit:
            raise Guarded("portions_per_day", limit=limit, given=given)
    if (gap := settings.minimum_gap) is not None:
        passed = 0.0 if waiting else ledger.feeds.since_fed(now.steady)
        if passed is not None and passed < gap:
            raise Guarded("minimum_gap", minutes=round((gap - passed) / 60, 1))
