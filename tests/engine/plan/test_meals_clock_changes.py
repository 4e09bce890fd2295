"""Meals while clocks are changed or set, and while zones move or skip a date."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import Place
from custom_components.mqtt_dispatch.engine.plan.recurrence import occurrences
from tests.engine.plan.meal_samples import (
    APIA,
    BERLIN,
    DAY,
    HOUR,
    MINUTE,
    NEW_YORK,
    NOTHING,
    Came,
    Planned,
    a_meal,
    begun,
    nominals,
    utc,
)

# The nights on which clocks change


CLOCK_CHANGES = {
    "the minute before the skip": (
        "Europe/Berlin",
        "2025-03-30T01:59",
        "2025-03-30T00:59",
    ),
    "the first minute that is skipped": (
        "Europe/Berlin",
        "2025-03-30T02:00",
        "2025-03-30T01:00",
    ),
    "in the middle of the skip": (
        "Europe/Berlin",
        "2025-03-30T02:30",
        "2025-03-30T01:00",
    ),
    "the last minute that is skipped": (
        "Europe/Berlin",
        "2025-03-30T02:59",
        "2025-03-30T01:00",
    ),
    "the minute after the skip": (
        "Europe/Berlin",
        "2025-03-30T03:00",
        "2025-03-30T01:00",
    ),
    "the first minute that is repeated": (
        "Europe/Berlin",
        "2025-10-26T02:00",
        "2025-10-26T00:00",
    ),
    "in the middle of the repeat": (
        "Europe/Berlin",
        "2025-10-26T02:30",
        "2025-10-26T00:30",
    ),
    "the last minute that is repeated": (
        "Europe/Berlin",
        "2025-10-26T02:59",
        "2025-10-26T00:59",
    ),
    "the minute after the repeat": (
        "Europe/Berlin",
        "2025-10-26T03:00",
        "2025-10-26T02:00",
    ),
    "a zone whose winter is the exception": (
        "Europe/Dublin",
        "2025-03-30T01:30",
        "2025-03-30T01:00",
    ),
    "half an hour skipped": (
        "Australia/Lord_Howe",
        "2025-10-05T02:15",
        "2025-10-04T15:30",
    ),
    "half an hour repeated": (
        "Australia/Lord_Howe",
        "2025-04-06T01:45",
        "2025-04-05T14:45",
    ),
    "skipped in the south": (
        "Pacific/Auckland",
        "2025-09-28T02:30",
        "2025-09-27T14:00",
    ),
    "repeated in the south": (
        "Pacific/Auckland",
        "2025-04-06T02:30",
        "2025-04-05T13:30",
    ),
    "midnight skipped": ("Asia/Beirut", "2025-03-30T00:00", "2025-03-29T22:00"),
    "skipped across midnight": (
        "America/Toronto",
        "1919-03-30T23:45",
        "1919-03-31T04:30",
    ),
    "repeated across midnight, before it": (
        "America/St_Johns",
        "2010-11-06T23:30",
        "2010-11-07T02:00",
    ),
    "repeated across midnight, after it": (
        "America/St_Johns",
        "2010-11-07T00:00",
        "2010-11-07T02:30",
    ),
    "a whole day repeated": (
        "Pacific/Kwajalein",
        "1969-09-30T12:00",
        "1969-09-30T01:00",
    ),
    "skipped to within a minute": (
        "Africa/Monrovia",
        "1972-01-07T00:30",
        "1972-01-07T00:45",
    ),
    "no changes": ("UTC", "2025-03-30T02:30", "2025-03-30T02:30"),
}
"""A zone, a local time, and the instant in UTC at which a meal of that time runs."""


@pytest.mark.parametrize(
    ("zone", "nominal", "at"), CLOCK_CHANGES.values(), ids=CLOCK_CHANGES
)
class TestClockChange:
    """Promise: a skipped time runs at the next valid minute, a repeated one once."""

    def test_it_occurs_at(self, zone: str, nominal: str, at: str) -> None:
        found = list(
            occurrences(
                a_meal(nominal[11:]),
                utc(at) - HOUR,
                utc(at) + HOUR,
                Place(ZoneInfo(zone)),
            )
        )
        assert [(one.nominal, one.at) for one in found] == [(nominal, utc(at))]

    def test_it_is_fed_once_at_its_time(self, zone: str, nominal: str, at: str) -> None:
        start = utc(at) - 3 * HOUR
        planned = begun(a_meal(nominal[11:]), start, ZoneInfo(zone))
        fed: list[tuple[float, str]] = []
        for minute in range(6 * 60):
            now = start + minute * MINUTE
            came = planned.come(now, ZoneInfo(zone))
            assert not came.missed
            fed += [(now, one) for one in came.fed]
        assert fed == [(utc(at), nominal)]


def test_a_day_that_begins_late_begins_with_what_was_skipped_before_it() -> None:
    start = utc("1919-03-31T04:30")
    found = occurrences(
        a_meal("23:45"), start, start + HOUR, Place(ZoneInfo("America/Toronto"))
    )
    assert nominals(found) == ["1919-03-30T23:45"]


def test_a_meal_on_a_date_that_a_zone_skips_does_not_occur() -> None:
    found = occurrences(
        a_meal(), utc("2011-12-28T12:00"), utc("2012-01-01T12:00"), Place(APIA)
    )
    assert nominals(found) == [
        "2011-12-28T08:00",
        "2011-12-29T08:00",
        "2011-12-31T08:00",
        "2012-01-01T08:00",
    ]


def test_a_date_that_a_zone_skips_is_neither_fed_nor_missed() -> None:
    planned = begun(a_meal(), utc("2011-12-29T20:00"), APIA)
    assert planned.come(utc("2011-12-30T10:05"), APIA, DAY) == NOTHING


def test_a_weekly_meal_goes_on_a_week_after_its_day_was_skipped() -> None:
    planned = Planned(a_meal(weekdays=["fri"]), "2011-12-23T08:00")
    found = planned.next_of(utc("2011-12-25T00:00"), APIA)
    assert found is not None
    assert found.nominal == "2012-01-06T08:00"


# A clock that is set


def test_a_clock_set_back_an_hour_feeds_no_meal_again() -> None:
    planned = begun(a_meal(), utc("2025-06-30T06:00"), BERLIN)
    planned.come(utc("2025-07-01T06:00"), BERLIN)
    assert planned.come(utc("2025-07-01T05:00"), BERLIN) == NOTHING
    assert planned.come(utc("2025-07-01T06:00"), BERLIN) == NOTHING


def test_what_was_fed_within_a_day_ahead_is_not_fed_again() -> None:
    planned = begun(a_meal(), utc("2025-07-01T06:00"), BERLIN, "2025-07-02T08:00")
    assert planned.come(utc("2025-07-02T06:00"), BERLIN) == NOTHING


def test_a_clock_that_was_years_ahead_does_not_starve_an_animal() -> None:
    meal = a_meal(begins=utc("2034-12-30T06:00"))
    planned = Planned(meal, "2034-12-31T08:00", "2035-01-01T08:00")
    assert planned.come(utc("2025-07-01T05:00"), BERLIN) == NOTHING
    assert planned.come(utc("2025-07-01T06:00"), BERLIN).fed == ["2025-07-01T08:00"]


@pytest.mark.parametrize("begins", ["0002-01-01T00:00", "9999-12-29T23:59"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_any_stored_beginning_leaves_meals_working(begins: str, zone: str) -> None:
    now = utc("2025-07-01T00:00")
    planned = Planned(a_meal(begins=utc(begins)))
    planned.come(now, ZoneInfo(zone))
    came = planned.come(now + DAY, ZoneInfo(zone), DAY)
    assert len(came.fed) == 1


# A zone that changes


def test_what_was_fed_in_the_east_is_not_fed_again_in_the_west() -> None:
    planned = begun(a_meal(), utc("2025-06-30T06:00"), BERLIN)
    planned.come(utc("2025-07-01T06:00"), BERLIN)
    breakfast_there = utc("2025-07-01T12:00")
    planned.travel(utc("2025-07-01T07:00"), BERLIN, NEW_YORK)
    assert planned.come(breakfast_there, NEW_YORK) == NOTHING
    came = planned.come(breakfast_there + DAY, NEW_YORK)
    assert came.fed == ["2025-07-02T08:00"]


def test_what_a_journey_west_puts_off_is_fed_there() -> None:
    planned = begun(a_meal("08:02"), utc("2025-07-01T09:00"), ZoneInfo("UTC"))
    planned.travel(utc("2025-07-01T10:00"), ZoneInfo("UTC"), NEW_YORK)
    assert planned.come(utc("2025-07-01T12:00"), NEW_YORK) == NOTHING
    assert planned.come(utc("2025-07-01T12:02"), NEW_YORK).fed == ["2025-07-01T08:02"]


@pytest.mark.parametrize(
    ("now", "came"),
    [
        ("2025-07-01T06:20", Came(["2025-07-01T08:00"], [])),
        ("2025-07-01T09:00", Came([], ["2025-07-01T08:00"])),
    ],
)
def test_what_a_journey_east_puts_into_the_past_is_fed_or_missed(
    now: str, came: Came
) -> None:
    planned = begun(a_meal(), utc("2025-07-01T05:00"), NEW_YORK)
    planned.travel(utc(now), NEW_YORK, BERLIN)
    assert planned.come(utc(now), BERLIN) == came
