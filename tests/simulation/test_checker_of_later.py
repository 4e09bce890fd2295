"""The judge of what was ordered for later, by records written by hand."""

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
    OpenCommands,
    Restored,
    StationBegan,
)

S = "s1"
WALL = 1_784_548_800.0
BEGAN = StationBegan(0.0, S, ("1",), (), (), wall=WALL)
DAY = 86_400.0
EMPTY = json.dumps({"data": {"meals": [], "commands": []}}).encode()


PUT_BACK = Restored(40.0, S, 20.0, EMPTY, EMPTY)


def stored(at: float, attempts: int, cause: str = "sent") -> Durable:
    """Return the record of a feed for 1000 s after the beginning."""
    feed = {
        "id": 1,
        "kind": "feed",
        "params": {},
        "created_at": WALL,
        "expires_at": WALL + 4600.0,
        "not_before": WALL + 1000.0,
        "idempotency_key": None,
        "finishes": None,
        "state": "sent" if attempts else "queued",
        "deliveries": [{"node": "1", "state": "sent", "attempts": attempts}],
        "timeline": [{"node": "1", "state": "sent", "cause": cause}],
    }
    contents = json.dumps({"data": {"meals": [], "commands": [feed]}})
    return Durable(at, S, "stored", contents.encode())


def waits(at: float, why: str) -> OpenCommands:
    return OpenCommands(at, S, 60.0, ((1, "queued", (why,)),))


def broken(*record: Entry) -> list[str]:
    found = judge([BEGAN, *record, Ended(9000.0, in_time=True)]).violations
    return [one.what for one in found if "its time" in one.what]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param((stored(990.0, 0), stored(1000.0, 1)), id="in its time"),
        pytest.param((ClockSet(100.0, 50.0), stored(960.0, 1)), id="by a clock nearby"),
        pytest.param((ClockSet(100.0, DAY), stored(410.0, 1)), id="by one that stands"),
        pytest.param(
            (ClockSet(1000.5, -500.0), stored(1001.0, 1)), id="before that was set back"
        ),
        pytest.param(
            (ClockSet(100.0, DAY), Loaded(200.0, S, EMPTY, EMPTY), stored(210.0, 1)),
            id="by one that it began with",
        ),
        pytest.param((stored(10.0, 0), waits(999.0, "not_yet")), id="it waits"),
        pytest.param(
            (PUT_BACK, stored(50.0, 1, "restored"), stored(60.0, 1, "person")),
            id="as far as an older file knows",
        ),
        pytest.param((stored(10.0, 0), waits(2000.0, "offline")), id="for a node"),
        pytest.param(
            (stored(10.0, 0), ClockSet(500.0, -2000.0), waits(2000.0, "not_yet")),
            id="by a clock that was set back",
        ),
    ],
)
def test_what_comes_in_its_time_is_right(record: tuple[Entry, ...]) -> None:
    assert not broken(*record)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param((stored(990.0, 1),), id="sent too soon"),
        pytest.param((stored(50.0, 1, "restored"),), id="though no file was put back"),
        pytest.param(
            (PUT_BACK, stored(50.0, 1, "restored"), stored(990.0, 2)),
            id="sent too soon after a file was put back",
        ),
        pytest.param(
            (ClockSet(100.0, DAY), stored(200.0, 1)), id="by a clock that is not sure"
        ),
        pytest.param(
            (ClockSet(100.0, -500.0), stored(1001.0, 1)), id="though it was set back"
        ),
        pytest.param((stored(10.0, 0), waits(1100.0, "not_yet")), id="for ever"),
    ],
)
def test_what_comes_too_soon_or_not_at_all_is_seen(record: tuple[Entry, ...]) -> None:
    assert len(broken(*record)) == 1
