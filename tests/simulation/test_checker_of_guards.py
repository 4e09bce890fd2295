"""The judge of how many feeds are taken, by records written by hand."""

from __future__ import annotations

from collections.abc import Iterator
import json

from simulation.checker import judge
from simulation.record import (
    Answered,
    Asked,
    ClockSet,
    Durable,
    Ended,
    Entry,
    Loaded,
    StationBegan,
)

S = "s1"
BEGAN = StationBegan(0.0, S, ("1",), (), (), feeds_waiting=2, feeds_per_hour=3)


def stored(
    at: float, *states: str, key: str | None = None, latest: str = "feed"
) -> Durable:
    """Return a file with feeds in these states; what is not queued was sent.

    The one that was ordered last is of the kind `latest`.
    """
    commands: list[dict[str, object]] = [
        {
            "id": number,
            "kind": latest if number == len(states) else "feed",
            "params": {},
            "created_at": at,
            "idempotency_key": key,
            "finishes": None,
            "state": state,
            "deliveries": [
                {"node": "1", "state": "done", "attempts": int(state != "queued")}
            ],
            "timeline": [],
        }
        for number, state in enumerate(states, start=1)
    ]
    contents = json.dumps({"data": {"meals": [], "commands": commands}})
    return Durable(at, S, "stored", contents.encode())


def taken(at: float, number: int, states: list[str], key: str = "") -> Iterator[Entry]:
    """Yield the record of a feed that was asked for and taken."""
    yield Asked(at, S, number, "feed", None, at)
    yield stored(at, *states, key=key or None)
    yield Answered(at, S, number, number)


def broken(*record: Entry, began: StationBegan = BEGAN) -> list[str]:
    found = judge([began, *record, Ended(9000.0, in_time=True)]).violations
    return [one.what for one in found if one.promise == 7]


def fed(*times: float) -> list[Entry]:
    """Return the record of feeds that are done at once."""
    return [
        entry
        for number, at in enumerate(times, start=1)
        for entry in taken(at, number, ["succeeded"] * number)
    ]


def test_feeds_within_an_hour_are_counted() -> None:
    assert not broken(*fed(1, 2, 3))
    assert broken(*fed(1, 2, 3, 4)) == ["4 feeds were taken within an hour"]
    assert broken(*fed(1, 2, 3, 3590))
    assert not broken(*fed(1, 2, 3, 3601))


def test_what_a_key_names_that_is_no_feed_is_none() -> None:
    asked = Asked(4, S, 4, "feed", "key", 4)
    named = stored(4, *["succeeded"] * 4, latest="operate")
    assert not broken(*fed(1, 2, 3), asked, named, Answered(4, S, 4, 4))


def test_feeds_that_wait_are_counted() -> None:
    third = [*taken(1, 1, ["queued"]), *taken(2, 2, ["queued"] * 2)]
    assert not broken(*third)
    assert broken(*third, *taken(3, 3, ["queued"] * 3)) == ["3 feeds wait"]
    assert not broken(*third, *taken(3, 3, ["sent", "queued", "queued"]))


def test_meals_of_the_plan_do_not_wait_by_anybody_s_order() -> None:
    meals = taken(1, 1, ["queued"] * 3, key="meal:1:2026-05-29T08:00")

    assert not broken(*meals)


def test_any_number_is_taken_where_the_owner_says_so() -> None:
    waiting = [*taken(1, 1, ["queued"]), *taken(2, 2, ["queued"] * 3)]
    assert broken(*waiting)
    assert not broken(*waiting, began=BEGAN._replace(feeds_waiting=0))
    assert not broken(*fed(1, 2, 3, 4), began=BEGAN._replace(feeds_per_hour=0))


def test_what_was_ordered_before_a_start_with_another_clock_is_not_known() -> None:
    start = Loaded(4, S, stored(3, *["succeeded"] * 3).contents, None)
    four = fed(1, 2, 3, 5)
    before, after = four[:9], four[9:]

    assert broken(*before, start, *after)
    assert not broken(*before, ClockSet(3, 7200.0), start, *after)
