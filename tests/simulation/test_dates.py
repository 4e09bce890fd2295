"""The simulation's own account of when dates of meals come."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulation.dates import Coming, coming, never, on_day, shown_at

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
BERLIN = "Europe/Berlin"


def a_meal(**rule: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "rule": {
            "time": "08:00",
            "weekdays": WEEK,
            "sun": None,
            "offset": 0,
            "every": 1,
            "first": None,
            "until": None,
            **rule,
        },
        "params": {"portions": 2},
        "skipped_until": None,
        "overrides": {},
    }


def in_days(meal: dict[str, Any], days: int, sun: Any = never) -> list[Coming]:
    """Return what comes from 2026-07-20, a Monday, on."""
    start = datetime(2026, 7, 20, tzinfo=ZoneInfo(BERLIN)).timestamp()
    return [*coming(meal, BERLIN, sun, start, start + 86_400.0 * days)]


@pytest.mark.parametrize(
    ("day", "clock", "zone", "shown"),
    [
        ("2026-07-20", "08:00", BERLIN, "2026-07-20T08:00:00+02:00"),
        ("2026-03-29", "02:30", BERLIN, "2026-03-29T03:00:00+02:00"),
        ("2026-10-25", "02:30", BERLIN, "2026-10-25T02:30:00+02:00"),
        ("2026-10-04", "02:10", "Australia/Lord_Howe", "2026-10-04T02:30:00+11:00"),
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00"),
        ("2026-09-06", "00:00", "America/Santiago", "2026-09-06T01:00:00-03:00"),
        ("2011-12-31", "08:00", "Pacific/Apia", "2011-12-31T08:00:00+14:00"),
    ],
)
def test_a_time_comes_when_clocks_first_show_it(
    day: str, clock: str, zone: str, shown: str
) -> None:
    at = shown_at(date.fromisoformat(day), clock, zone)

    assert at is not None
    assert datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat() == shown


def test_a_date_that_clocks_never_show_has_no_times() -> None:
    assert shown_at(date(2011, 12, 30), "08:00", "Pacific/Apia") is None


def test_a_rule_names_its_dates() -> None:
    fourth = a_meal(every=4, first="2026-07-18", until="2026-07-30")
    weekly = a_meal(weekdays=["wed"])

    assert [one.day for one in in_days(fourth, 30)] == [
        "2026-07-22",
        "2026-07-26",
        "2026-07-30",
    ]
    assert [one.day for one in in_days(weekly, 10)] == ["2026-07-22", "2026-07-29"]
    assert not in_days({**weekly, "enabled": False}, 10)


def test_single_dates_are_otherwise() -> None:
    meal = a_meal() | {
        "skipped_until": "2026-07-21",
        "overrides": {
            "2026-07-21": {"skipped": False, "time": "", "params": None},
            "2026-07-22": {"skipped": None, "time": "18:00", "params": {"portions": 5}},
        },
    }

    assert [(one.nominal, one.skipped, one.params) for one in in_days(meal, 3)] == [
        ("2026-07-20T08:00", True, {"portions": 2}),
        ("2026-07-21T08:00", False, {"portions": 2}),
        ("2026-07-22T18:00", False, {"portions": 5}),
    ]


def test_the_sun_says_when_and_its_offset_never_takes_it_to_another_date() -> None:
    def sun(_: str, day: date) -> float | None:
        if day.day == 21:
            return None
        return datetime(day.year, day.month, day.day, 3, 10, 40, tzinfo=UTC).timestamp()

    early = a_meal(time="", sun="sunrise", offset=-10)
    before_midnight = a_meal(time="", sun="sunrise", offset=-400)

    assert [one.nominal for one in in_days(early, 3, sun)] == [
        "2026-07-20T05:00",
        "2026-07-22T05:00",
    ]
    first = on_day(before_midnight, date(2026, 7, 20), BERLIN, sun)
    assert first is not None
    assert first.nominal == "2026-07-20T00:00"
