"""The judges of pauses, emptied queues and orders over stations, by hand."""

from __future__ import annotations

import json

from simulation.checker import judge
from simulation.record import (
    ClockSet,
    Crashed,
    Durable,
    Emptied,
    Ended,
    Entry,
    OpenCommands,
    Paused,
    Sent,
    StationBegan,
    Together,
    TogetherEnded,
)

A, B = "s1", "s2"
ORDERS = ((A, 1), (B, 1))


def stored(at: float, state: str, station: str = A) -> Durable:
    """Return a file with one feed; what is not in the queue any more was sent."""
    command = {
        "id": 1,
        "kind": "feed",
        "params": {},
        "created_at": 1.0,
        "idempotency_key": None,
        "finishes": None,
        "state": state,
        "deliveries": [
            {"node": "1", "state": "pending", "attempts": int(state == "sent")}
        ],
        "timeline": [],
    }
    contents = json.dumps({"data": {"meals": [], "commands": [command]}})
    return Durable(at, station, "stored", contents.encode())


def broken(promise: int, *record: Entry) -> list[str]:
    began = [StationBegan(0.0, name, ("1",), (), ()) for name in (A, B)]
    found = judge([*began, *record, Ended(9000.0, in_time=True)]).violations
    return [one.what for one in found if one.promise == promise]


def hello(at: float) -> Sent:
    return Sent(at, A, "anywhere", b'{"queue_id": 1}', again=False)


def test_nothing_is_sent_in_a_pause() -> None:
    pause = Paused(10, A, True, until=70)
    assert broken(7, pause, hello(60)) == ["anywhere was sent in a pause"]
    assert not broken(7, pause, hello(70.5))
    assert not broken(7, pause, hello(60)._replace(again=True))
    assert not broken(7, pause, Paused(50, A, known=False), hello(60))
    assert broken(7, pause._replace(until=None), hello(8000))


def test_a_pause_ends() -> None:
    pause = Paused(10, A, True, until=70, by_wall=True)
    waits = OpenCommands(80, A, 1.0, ((1, "queued", ("paused",)),))
    assert broken(4, pause, waits) == ["a pause lasts 10 s too long"]
    assert not broken(4, pause, waits._replace(at=70.5))
    assert not broken(4, pause, ClockSet(20, -3600), waits)
    assert broken(4, pause._replace(by_wall=False), ClockSet(20, -3600), waits)


def test_what_is_withdrawn_is_never_sent() -> None:
    queued, emptied = stored(5, "queued"), Emptied(10, A, (1,), ())
    gone = stored(9, "cancelled")
    assert not broken(7, queued, gone, emptied)
    assert broken(7, queued, gone, emptied, stored(20, "sent")) == [
        "#1 was withdrawn, and sent"
    ]


def test_nothing_waits_in_a_queue_that_was_emptied() -> None:
    queued = stored(5, "queued")
    assert broken(7, queued, Emptied(10, A, (), ()))
    assert broken(7, queued, Emptied(10, A, (), (1,)))
    assert not broken(7, stored(5, "sent"), Emptied(10, A, (), (1,)))


def test_what_is_ordered_together_is_sent_once_all_is_stored() -> None:
    ordered = Together(1, ORDERS)
    one, other = stored(2, "queued"), stored(3, "queued", B)
    sent = stored(4, "sent")
    assert not broken(1, ordered, one, other, TogetherEnded(3, ORDERS, True), sent)
    assert broken(1, ordered, one, sent) == ["sent before #1 of s2 was stored with it"]
    assert not broken(1, ordered, one, Crashed(3, False, ""), sent), "nobody was told"


def test_what_is_ordered_together_and_failed_is_sent_nowhere() -> None:
    record = Together(1, ORDERS), stored(2, "queued"), TogetherEnded(3, ORDERS, False)
    assert not broken(1, *record, stored(4, "cancelled"))
    assert broken(1, *record, stored(4, "sent"))
    assert not broken(1, *record, Crashed(4, False, ""), stored(5, "sent"))
    over = stored(3.5, "cancelled")
    assert broken(1, *record, over, Crashed(4, False, ""), stored(5, "sent"))
