"""The checker, by records written by hand: it sees what is wrong and nothing else."""

from __future__ import annotations

import json

import pytest

from simulation.checker import judge
from simulation.record import (
    Answered,
    Asked,
    Corrupted,
    Durable,
    Ended,
    Entry,
    Executed,
    Loaded,
    NotLoaded,
    NotStored,
    OpenCommands,
    Resend,
    Restored,
    Sent,
    Shown,
    StationBegan,
    Told,
)

S = "s1"
BEGAN = StationBegan(0.0, S, ("1",), (), ())
CAREFUL = StationBegan(0.0, S, ("1",), ("1",), ("1",))


def contents(*commands: tuple[int, str, str, int]) -> bytes:
    """Return a file: for each command its id, state, that of its part, attempts."""
    return json.dumps(
        {
            "data": {
                "meals": [],
                "commands": [
                    {
                        "id": command_id,
                        "kind": "feed",
                        "params": {"pet": command_id},
                        "created_at": float(command_id),
                        "idempotency_key": None,
                        "finishes": None,
                        "state": state,
                        "deliveries": [
                            {"node": "1", "state": part, "attempts": attempts}
                        ],
                        "timeline": [{"node": "1", "state": part, "cause": "node"}],
                    }
                    for command_id, state, part, attempts in commands
                ],
            }
        }
    ).encode()


def stored(at: float, *commands: tuple[int, str, str, int]) -> Durable:
    return Durable(at, S, "stored", contents(*commands))


def sent(at: float, command_id: int, *, again: bool = False) -> Sent:
    payload = json.dumps({"queue_id": command_id, "patient_id": command_id}).encode()
    return Sent(at, S, "s1/cmd/1", payload, again)


def executed(at: float, command_id: int) -> Executed:
    return Executed(at, S, "1", str(command_id), "feed", "{}")


def asked(at: float) -> Asked:
    return Asked(at, S, 1, "feed", None, at)


def promises(*record: Entry) -> list[int]:
    return [one.promise for one in judge(record).violations]


QUEUED = stored(1.0, (1, "queued", "pending", 0))
SENT = stored(2.0, (1, "sent", "sent", 1))
DONE = stored(4.0, (1, "succeeded", "done", 1))
GOOD: tuple[Entry, ...] = (
    BEGAN,
    asked(0.5),
    QUEUED,
    Answered(1.0, S, 1, 1),
    SENT,
    sent(2.0, 1),
    executed(3.0, 1),
    DONE,
    Told(4.0, S, 1, "succeeded", "node"),
    Shown(5.0, S, ((1, "succeeded", (("1", "done", "node"),)),)),
    Ended(6.0, in_time=True),
)


def of_a_meal(entry: Durable, *causes: str) -> Durable:
    """Return a file whose commands feed one date, and are as they are by `causes`."""
    data = json.loads(entry.contents)
    for command, cause in zip(data["data"]["commands"], causes, strict=False):
        command["idempotency_key"] = f"meal:0:1970-01-01T08:0{command['id']}"
        command["timeline"][0]["cause"] = cause
    return Durable(entry.at, S, "stored", json.dumps(data).encode())


@pytest.mark.parametrize(
    ("cause", "ordered_by", "is_broken"),
    [
        ("node", "meal", True),
        ("node", "action", False),
        ("person", "meal", False),
        ("sent", "action", True),
    ],
)
def test_what_had_failed_may_be_done_once_more_by_the_word_of_a_person(
    cause: str, ordered_by: str, is_broken: bool
) -> None:
    failed = (1, "failed", "failed", 1)
    found = promises(
        BEGAN,
        of_a_meal(SENT, "sent"),
        sent(2.0, 1),
        executed(3.0, 1),
        of_a_meal(stored(4.0, failed, (2, "sent", "sent", 1)), cause, ordered_by),
        sent(5.0, 2),
        executed(6.0, 2),
    )
    assert (2 in found) is is_broken


def test_a_good_record_is_good() -> None:
    assert promises(*GOOD) == []


@pytest.mark.parametrize(
    ("record", "promise"),
    [
        pytest.param((BEGAN, asked(0.5), Answered(1.0, S, 1, 1)), 1, id="answer first"),
        pytest.param(
            (BEGAN, asked(0.5), QUEUED, Answered(1, S, 1, 1), Loaded(2, S, None, None)),
            1,
            id="answered and lost",
        ),
        pytest.param((BEGAN, QUEUED, sent(2.0, 1)), 1, id="sent, not recorded"),
        pytest.param((BEGAN, sent(2.0, 1)), 1, id="sent, not stored"),
        pytest.param(
            (BEGAN, SENT, NotStored(2.0, S, 1, 1), sent(3.0, 1)), 1, id="sent, refused"
        ),
        pytest.param((BEGAN, NotLoaded(1.0, S)), 1, id="unreadable by itself"),
        pytest.param(
            (BEGAN, SENT, sent(2, 1), stored(3, (1, "sent", "sent", 2)), sent(3, 1)),
            2,
            id="sent again",
        ),
        pytest.param(
            (BEGAN, SENT, sent(2, 1), sent(3, 1, again=True)), 2, id="by the client"
        ),
        pytest.param(
            (BEGAN, SENT, sent(2, 1), executed(2, 1), executed(3, 1)), 2, id="twice"
        ),
        pytest.param(
            (CAREFUL, SENT, sent(2, 1), executed(2, 1), executed(3, 1)),
            2,
            id="twice, by a node that drops repeats",
        ),
        pytest.param((BEGAN, executed(2, 1)), 2, id="never sent"),
        pytest.param(
            (*GOOD[:9], Told(5.0, S, 1, "failed", "node")), 3, id="taken back"
        ),
        pytest.param((*GOOD[:9], Shown(5.0, S, ()), GOOD[-1]), 3, id="vanished"),
        pytest.param(
            (*GOOD[:9], Shown(5.0, S, ((1, "failed", ()),))), 3, id="shown otherwise"
        ),
        pytest.param((*GOOD[:6], *GOOD[7:9]), 3, id="told done, not executed"),
        pytest.param(
            (BEGAN, Corrupted(1.0, S), Loaded(2.0, S, b"{", None)), 3, id="corrupt"
        ),
        pytest.param(
            (BEGAN, QUEUED, Shown(2, S, ((1, "queued", ()),)), Ended(3, in_time=True)),
            4,
            id="queued for ever",
        ),
        pytest.param((BEGAN, Ended(3.0, in_time=False)), 4, id="no rest"),
        pytest.param(
            (BEGAN, OpenCommands(2.0, S, 5.0, ((1, "queued", ()),))), 4, id="mute"
        ),
        pytest.param(
            (BEGAN, OpenCommands(2.0, S, None, ((1, "sent", ()),))), 4, id="no deadline"
        ),
        pytest.param(
            (
                BEGAN,
                SENT,
                Told(2.0, S, 1, "sent", "sent"),
                OpenCommands(200.0, S, 1.0, ((1, "sent", ()),)),
            ),
            4,
            id="in flight too long",
        ),
    ],
)
def test_what_is_wrong_is_seen(record: tuple[Entry, ...], promise: int) -> None:
    assert set(promises(*record)) >= {promise}


def test_a_person_may_have_it_sent_again() -> None:
    record = (
        *GOOD[:7],
        Resend(3.5, S, 1, taken_back=False),
        stored(3.6, (1, "sent", "sent", 2)),
        sent(3.6, 1),
        executed(3.7, 1),
        *GOOD[7:],
    )

    assert promises(*record) == []


def test_a_resend_that_was_taken_back_gives_no_leave() -> None:
    record = (
        *GOOD[:7],
        Resend(3.5, S, 1, taken_back=False),
        Resend(3.5, S, 1, taken_back=True),
        stored(3.6, (1, "sent", "sent", 2)),
        sent(3.6, 1),
    )

    assert promises(*record) == [2]


@pytest.mark.parametrize(("began", "broken"), [(BEGAN, []), (CAREFUL, [2])])
def test_after_a_restore_only_nodes_that_cannot_tell_excuse(
    began: StationBegan, broken: list[int]
) -> None:
    record = (
        began,
        *GOOD[1:7],
        Restored(3.5, S, 1.5, contents((1, "queued", "pending", 0)), None),
        stored(3.6, (1, "sent", "sent", 1)),
        sent(3.6, 1),
        executed(3.7, 1),
    )

    assert promises(*record) == broken
    assert bool(judge(record).excused) is not bool(broken)


@pytest.mark.parametrize(("day", "broken"), [("20", [2]), ("21", [])])
def test_a_meal_is_one_a_day_whatever_its_time_becomes(
    day: str, broken: list[int]
) -> None:
    def both(state: str, part: str) -> bytes:
        data = json.loads(contents((1, state, part, 1), (2, state, part, 1)))
        first, second = data["data"]["commands"]
        first["idempotency_key"] = "meal:7:2026-07-20T08:00"
        second["idempotency_key"] = f"meal:7:2026-07-{day}T18:00"
        return json.dumps(data).encode()

    file = Durable(1.0, S, "stored", both("sent", "sent"))
    record = (BEGAN, file, sent(2.0, 1), executed(2.5, 1), sent(3.0, 2))

    assert promises(*record, executed(3.5, 2)) == broken
