"""The judge of what expires, by records written by hand."""

from __future__ import annotations

import json

import pytest

from simulation.checker import judge
from simulation.record import (
    ClockSet,
    Durable,
    Ended,
    Entry,
    Loaded,
    StationBegan,
    Told,
)

S = "s1"
WALL = 1_784_548_800.0
BEGAN = StationBegan(0.0, S, ("1",), (), (), wall=WALL)
DAY = 86_400.0
EMPTY = json.dumps({"data": {"meals": [], "commands": []}}).encode()
STARTED = Loaded(1500.0, S, EMPTY, EMPTY)


def ended(at: float) -> tuple[Durable, Told]:
    """Return the record of a feed for one hour that expires."""
    feed = {
        "id": 1,
        "kind": "feed",
        "params": {},
        "created_at": WALL,
        "expires_at": WALL + 3600.0,
        "idempotency_key": None,
        "finishes": None,
        "state": "expired",
        "deliveries": [{"node": "1", "state": "pending", "attempts": 0}],
        "timeline": [],
    }
    contents = json.dumps({"data": {"meals": [], "commands": [feed]}})
    stored = Durable(at, S, "stored", contents.encode())
    return stored, Told(at, S, 1, "expired", "out_of_time")


def broken(*record: Entry) -> list[str]:
    found = judge([BEGAN, *record, Ended(9000.0, in_time=True)]).violations
    return [one.what for one in found if "before its time" in one.what]


@pytest.mark.parametrize(
    "clocks",
    [
        pytest.param((), id="in its time"),
        pytest.param((ClockSet(3000.0, DAY),), id="by a clock that stands"),
        pytest.param(
            (ClockSet(100.0, -DAY), ClockSet(3590.0, DAY)), id="by one set back before"
        ),
        pytest.param((ClockSet(1400.0, DAY), STARTED), id="by one that it began with"),
        pytest.param(
            (ClockSet(1400.0, -2 * DAY), STARTED, ClockSet(3590.0, 2 * DAY)),
            id="by one that was far behind when it began",
        ),
    ],
)
def test_what_expires_when_its_time_is_over_is_well(clocks: tuple[Entry, ...]) -> None:
    assert broken(*clocks, *ended(3600.0)) == []


@pytest.mark.parametrize(
    "clocks",
    [
        pytest.param((), id="without a reason"),
        pytest.param((ClockSet(1900.0, DAY),), id="by a clock that has just jumped"),
        pytest.param(
            (ClockSet(500.0, DAY), ClockSet(501.0, -DAY)), id="by one set right since"
        ),
    ],
)
def test_what_expires_before_is_not(clocks: tuple[Entry, ...]) -> None:
    assert len(broken(*clocks, *ended(2000.0))) == 1


BEHIND = (
    ClockSet(1400.0, -2 * DAY),
    STARTED,
    ClockSet(1600.0, 2 * DAY),
    ClockSet(1605.0, DAY),
)
"""A clock that is far behind at the start, then right, and then a day ahead."""


def test_of_a_clock_set_twice_the_second_may_be_the_first_that_is_seen() -> None:
    assert broken(*BEHIND, *ended(1700.0)) == []


def test_but_not_where_the_station_spoke_in_between() -> None:
    spoke = Durable(1602.0, S, "stored", EMPTY)
    assert len(broken(*BEHIND[:3], spoke, BEHIND[3], *ended(1700.0))) == 1
