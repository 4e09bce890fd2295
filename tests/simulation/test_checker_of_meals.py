"""The judge of the meals that Home Assistant orders, by records written by hand."""

from __future__ import annotations

import json

import pytest

from simulation.checker import judge
from simulation.record import ClockSet, Durable, Ended, Entry, StationBegan, ZoneSet

S = "s1"
NOON = 1_780_056_000.0
"""2026-05-29, 12:00 UTC, when each record begins."""
BEGAN = StationBegan(0.0, S, ("1",), (), (), wall=NOON)
DAILY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def planned(at: float, *times: str, enabled: bool = True) -> Durable:
    """Return a file with a meal at each of these times."""
    meals = [
        {
            "id": str(number),
            "rule": {"time": time, "weekdays": DAILY},
            "enabled": enabled,
        }
        for number, time in enumerate(times)
    ]
    contents = json.dumps({"data": {"meals": meals, "commands": []}})
    return Durable(at, S, "stored", contents.encode())


def ordered(at: float, time: str) -> Durable:
    """Return a history with the feed of meal 0, when it was at that time."""
    command = {
        "id": 1,
        "kind": "feed",
        "params": {},
        "created_at": NOON + at,
        "idempotency_key": f"meal:0:2026-05-29T{time}",
        "finishes": None,
        "state": "expired",
        "deliveries": [],
        "timeline": [],
    }
    contents = json.dumps({"data": {"commands": [command]}})
    return Durable(at, S, "history", contents.encode())


def lost(*record: Entry) -> list[str]:
    found = judge([BEGAN, *record, Ended(3600.0, in_time=True)]).violations
    return [one.what for one in found if "became of" in one.what]


def test_a_meal_of_which_nothing_became_is_lost() -> None:
    assert lost(planned(1, "12:10"))
    assert not lost(planned(1, "12:10"), ordered(600, "12:10"))
    assert not lost(planned(1, "12:10", enabled=False))
    assert not lost(planned(1, "11:50"), planned(2, "13:10"))


@pytest.mark.parametrize(("moved_at", "is_lost"), [(500, False), (1100, True)])
def test_a_meal_that_is_moved_long_after_its_time_had_come(
    moved_at: float, is_lost: bool
) -> None:
    record = (planned(1, "12:10"), planned(moved_at, "18:00"))

    assert bool(lost(*record)) is is_lost
    assert not lost(*record, ordered(3000, "18:00")), "a date is dealt with once"


def test_a_meal_comes_by_the_time_of_its_owner() -> None:
    zone = "Europe/Berlin"

    assert not lost(planned(1, "14:10"))
    assert lost(ZoneSet(0, S, zone), planned(1, "14:10"))
    assert lost(planned(1, "14:10"), ZoneSet(300, S, zone))


def test_nobody_knows_what_came_due_by_a_clock_that_was_set() -> None:
    assert not lost(planned(1, "12:10"), ClockSet(2, -7200.0))
