"""From when until when something is asked for that has been."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from homeassistant.core import ServiceCall
from homeassistant.util import dt as dt_util

from ..engine.model.events import Refused
from ..ordering.commands import refusals_in_words
from ..ordering.schemas import Fields, in_words, takes
from ..protocols.fields import Whole
from ..protocols.untrusted import LATEST_MOMENT

ATTR_DAYS: Final = "days"
ATTR_SINCE: Final = "since"
ATTR_UNTIL: Final = "until"
USUAL_DAYS: Final = 7
MOST_DAYS: Final = 3660


class Period(NamedTuple):
    """A time that has been, in unix seconds."""

    since: float
    until: float
    """Not in it any more."""


def _moment(value: object) -> float:
    """Take a moment, or a local date for its beginning."""
    try:
        found = _read(value).timestamp()
    except (ValueError, OverflowError):
        raise Refused("invalid_past", value=value) from None
    if not 0 <= found <= LATEST_MOMENT:
        raise Refused("invalid_past", value=value)
    return found


def _read(value: object) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        return dt_util.start_of_local_day(value)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    if (day := dt_util.parse_date(text)) is not None:
        return dt_util.start_of_local_day(day)
    moment = dt_util.parse_datetime(text, raise_on_error=True)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt_util.get_default_time_zone())
    return moment


PERIOD_FIELDS: Final[Fields] = {
    ATTR_DAYS: takes(ATTR_DAYS, Whole(minimum=1, maximum=MOST_DAYS)),
    ATTR_SINCE: in_words(_moment),
    ATTR_UNTIL: in_words(_moment),
}


def period_of(call: ServiceCall) -> Period:
    """Return which time an action is about: usually the last week, up to now.

    Days are 24 hours each. Raises ServiceValidationError.
    """
    days, since = call.data.get(ATTR_DAYS), call.data.get(ATTR_SINCE)
    until = call.data.get(ATTR_UNTIL)
    if until is None:
        # What was ordered this very moment is in it, too.
        until = dt_util.utcnow().timestamp() + 1.0
    with refusals_in_words():
        if since is None:
            lasts = timedelta(days=days or USUAL_DAYS)
            return Period(until - lasts.total_seconds(), until)
        if days is not None:
            raise Refused("days_or_since")
        if since >= until:
            raise Refused("empty_period")
    return Period(since, until)
