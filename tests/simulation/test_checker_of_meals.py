"""The judge of the meals that Home Assistant orders, by records written by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulation.checker import judge
from simulation.record import (
    ClockSet,
    Crashed,
    Durable,
    Ended,
    Entry,
    HistoryDamaged,
    Loaded,
    OverdueTold,
    StationBegan,
    ZoneSet,
)

S = "s1"
NOON = 1_780_056_000.0
"""2026-05-29, 12:00 UTC, when each record begins."""
BEGAN = StationBegan(0.0, S, ("1",), (), (), wall=NOON)
DAILY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def planned(at: float, *times: str, enabled: bool = True, **stored: Any) -> Durable:
    """Return a file with a meal at each of these times, and what else is `stored`."""
    meals = [
        {
            "id": str(number),
            "rule": {
                "time": time,
                "weekdays": DAILY,
                "sun": None,
                "offset": 0,
                "every": 1,
                "first": None,
                "until": None,
            },
            "params": {},
            "enabled": enabled,
            "deadline": 600.0,
            "if_missed": "feed_late",
            "skipped_until": stored.get("skipped_until"),
            "overrides": {},
        }
        for number, time in enumerate(times)
    ]
    data = {"meals": meals, "commands": [], "overdue": stored.get("overdue", [])}
    return Durable(at, S, "stored", json.dumps({"data": data}).encode())


def ordered(
    at: float, time: str, state: str = "expired", cause: str = "", number: int = 1
) -> Durable:
    """Return a history with the feed of meal 0, when it was at that time."""
    fed = state == "succeeded"
    part = {"node": "1", "state": "done" if fed else "pending", "attempts": int(fed)}
    entry = {"at": NOON + at, "state": state, "cause": cause, "node": None}
    command = {
        "id": number,
        "kind": "feed",
        "params": {},
        "created_at": NOON + at,
        "idempotency_key": f"meal:0:2026-05-29T{time}",
        "finishes": None,
        "meal": {"meal_id": "0", "nominal": f"2026-05-29T{time}"},
        "state": state,
        "deliveries": [part],
        "timeline": [entry],
    }
    contents = json.dumps({"data": {"commands": [command]}})
    return Durable(at, S, "history", contents.encode())


def said(*record: Entry) -> list[str]:
    found = judge([BEGAN, *record, Ended(3600.0, in_time=True)]).violations
    return [one.what for one in found]


def lost(*record: Entry) -> list[str]:
    return [what for what in said(*record) if "became of" in what]


def of_overdue(*record: Entry) -> list[str]:
    return [what for what in said(*record) if "overdue" in what]


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


def test_what_came_while_nobody_was_there_may_be_to_come_in_another_place() -> None:
    away = (planned(1, "12:10"), Crashed(300, power=False, point=""))
    elsewhere = ZoneSet(900, S, "America/New_York")
    back = Loaded(1500, S, planned(1, "12:10").contents, None)

    assert not lost(*away, elsewhere, back)
    assert lost(*away, back, elsewhere)


def test_nobody_knows_what_came_due_by_a_clock_that_was_set() -> None:
    assert not lost(planned(1, "12:10"), ClockSet(2, -7200.0))


LATE = {"meal_id": "0", "nominal": "2026-05-29T12:10", "node": "", "answer": None}
TOLD = OverdueTold(1201.0, S, "0", "2026-05-29T12:10", "")
PLANNED = planned(1, "12:10")


def test_a_skipped_date_is_not_ordered() -> None:
    skipped = planned(1, "12:10", skipped_until="2026-05-29")
    found = said(skipped, ordered(600, "12:10", "succeeded"))

    assert "'meal:0:2026-05-29' was skipped, and ordered" in found
    told = said(skipped, ordered(600, "12:10", "cancelled", "skipped"))
    assert not [what for what in told if "skipped" in what]
    assert not lost(ordered(0, "11:00", "succeeded"), skipped), "it was fed before"


@pytest.mark.parametrize(
    ("moved_to", "fed_at", "until", "is_seen"),
    [
        ("12:40", 2400, None, False),
        ("12:40", 2400, "2026-05-29", True),
        ("12:40", 1500, None, True),
        ("12:05", 1500, None, True),
    ],
    ids=["later", "later, skipped still", "before its new time", "earlier"],
)
def test_a_date_that_was_skipped_is_fed_only_where_it_was_moved_to_later(
    moved_to: str, fed_at: float, until: str | None, is_seen: bool
) -> None:
    record = (
        planned(1, "12:10", skipped_until="2026-05-29"),
        ordered(600, "12:10", "cancelled", "skipped"),
        planned(1200, moved_to, skipped_until=until),
        ordered(fed_at, moved_to, "succeeded", number=2),
    )
    found = "\n".join(said(*record))

    assert ("was skipped, and ordered" in found) is is_seen
    assert ("was told skipped, and sent" in found) is is_seen


def test_what_did_not_happen_in_time_is_told() -> None:
    missed = ordered(600, "12:10")

    assert of_overdue(PLANNED, missed)
    assert not of_overdue(PLANNED, missed, planned(1200, "12:10", overdue=[LATE]), TOLD)
    assert not of_overdue(PLANNED, ordered(700, "12:10", "succeeded"))
    assert not of_overdue(PLANNED, ordered(700, "12:10", "cancelled", "person"))
    assert of_overdue(PLANNED, ordered(700, "12:10", "cancelled", "guard"))
    assert not of_overdue(PLANNED, planned(1190, "18:00")), "it was moved in time"


def test_of_a_date_that_went_with_the_history_nobody_knows_what_became() -> None:
    missed = ordered(600, "12:10")

    assert not of_overdue(PLANNED, missed, HistoryDamaged(700, S))
    assert of_overdue(PLANNED, HistoryDamaged(550, S), missed)


def test_it_is_told_after_a_start_at_the_latest() -> None:
    away = (Crashed(1000.0, False, ""), Loaded(3590.0, S, None, None))

    assert not of_overdue(PLANNED, *away)


def test_what_is_overdue_is_told_once() -> None:
    found = of_overdue(PLANNED, planned(1200, "12:10", overdue=[LATE]), TOLD, TOLD)

    assert found == ["2026-05-29T12:10 of meal 0 was told overdue 2 times"]


@pytest.mark.parametrize(
    ("fed_at", "is_lost", "is_seen"),
    [(1300, True, False), (1300, False, True), (1100, True, True)],
    ids=["lost", "still known", "fed before"],
)
def test_it_is_told_again_only_where_what_had_fed_it_is_lost(
    fed_at: float, *, is_lost: bool, is_seen: bool
) -> None:
    stored = planned(1200, "12:10", overdue=[LATE])
    # Fed by hand, for no date.
    contents = json.loads(ordered(fed_at, "12:10", "succeeded").contents)
    contents["data"]["commands"][0]["meal"] = None
    fed = Durable(fed_at, S, "history", json.dumps(contents).encode())
    gone = [HistoryDamaged(1400, S)] if is_lost else []
    history = (fed, stored, TOLD) if fed_at < TOLD.at else (stored, TOLD, fed)
    found = of_overdue(PLANNED, *history, *gone, TOLD._replace(at=1500.0))

    assert any("told overdue 2 times" in one for one in found) is is_seen


def test_a_lost_feed_of_another_date_excuses_nothing() -> None:
    stored = planned(1200, "12:10", overdue=[LATE])
    contents = json.loads(ordered(1300, "18:00", "succeeded").contents)
    contents["data"]["commands"][0]["meal"]["meal_id"] = "9"
    fed = Durable(1300, S, "history", json.dumps(contents).encode())
    history = (stored, TOLD, fed, HistoryDamaged(1400, S), TOLD._replace(at=1500.0))
    found = of_overdue(PLANNED, *history)

    assert any("told overdue 2 times" in one for one in found)


def test_nothing_else_is_told_overdue() -> None:
    stored = planned(1200, "12:10", overdue=[LATE])
    early = TOLD._replace(at=630.0)
    fed = ordered(700, "12:10", "succeeded")

    assert any("before that was stored" in one for one in of_overdue(PLANNED, TOLD))
    assert any("and was fed" in one for one in of_overdue(PLANNED, fed, stored, TOLD))
    assert any(
        "before its time was over" in one for one in of_overdue(PLANNED, stored, early)
    )


def test_what_was_fed_after_all_is_overdue_no_longer() -> None:
    stored = planned(1200, "12:10", overdue=[LATE])
    fed = ordered(1500, "12:10", "succeeded")

    assert any("is overdue, and fed" in one for one in said(stored, TOLD, fed))
    assert not of_overdue(PLANNED, stored, TOLD, fed, planned(1501, "12:10"))
