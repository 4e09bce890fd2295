"""The checker on what each protocol adds, by records written by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulation.checker import judge
from simulation.record import (
    Asks,
    Came,
    ClockSet,
    Complained,
    Durable,
    Ended,
    Entry,
    Executed,
    Fault,
    Holds,
    Loaded,
    Pictured,
    Pictures,
    Read,
    Resend,
    Sent,
    StationBegan,
    Told,
    ZoneSet,
)
from simulation.repeating import DAY

S = "s1"
HUB = StationBegan(0.0, S, ("1",), (), (), "valve_hub", "UTC", (("1", 8),))
CAMERAS = StationBegan(0.0, S, ("AABBCCDDEE01",), (), (), "esp32_cam")
FEEDERS = StationBegan(0.0, S, ("f",), (), (), "petnet", "UTC")
GREENHOUSE = StationBegan(0.0, S, ("g",), ("g",), (), "greenhouse")
NOON = 1_767_268_800.0
"""Unix seconds of 2026-01-01T12:00:00Z."""
MEAL = {
    "id": "m",
    "rule": {
        "time": "01:30",
        "weekdays": ["mon"],
        "sun": None,
        "offset": 0,
        "every": 1,
        "first": None,
        "until": None,
    },
    "params": {"valve": 1, "duration": 60},
    "nodes": [],
    "enabled": True,
    "skipped_until": None,
    "overrides": {},
}


def stored(
    *commands: tuple[int, str, dict[str, Any], str, str, int],
    node: str = "1",
    meals: tuple[Any, ...] = (),
    plan_pause: dict[str, Any] | None = None,
) -> Durable:
    """Return a file: id, kind, params, state, state of the part, attempts."""
    content = {
        "data": {
            "meals": list(meals),
            "plan_pause": plan_pause,
            "commands": [
                {
                    "id": command_id,
                    "kind": kind,
                    "params": params,
                    "created_at": float(command_id),
                    "idempotency_key": None,
                    "finishes": None,
                    "state": state,
                    "deliveries": [{"node": node, "state": part, "attempts": attempts}],
                    "timeline": [
                        {"at": NOON, "node": node, "state": part, "cause": "node"}
                    ],
                }
                for command_id, kind, params, state, part, attempts in commands
            ],
        }
    }
    return Durable(1.0, S, "stored", json.dumps(content).encode())


def line(at: float, text: str) -> Sent:
    return Sent(at, S, "s1/tx", f"{text}\n".encode(), again=False)


def ran(at: float, text: str, kind: str = "open_valve") -> Executed:
    return Executed(at, S, "1", text, kind, "{}")


def promises(*record: Entry) -> list[int]:
    return [one.promise for one in judge(record).violations]


NOTHING: dict[str, Any] = {}
RUN = {"valve": 0, "duration": 61}
LINE = "SEND_ACTUATOR 1 1 1 0 61"
OPENING = stored((1, "open_valve", RUN, "sent", "sent", 1))
OPENED = stored((1, "open_valve", RUN, "succeeded", "done", 1))
TOLD = Told(4.0, S, 1, "succeeded", "node")


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        pytest.param((OPENING, line(2, LINE), ran(3, LINE), OPENED, TOLD), [], id="ok"),
        pytest.param((OPENING, line(2, LINE), OPENED, TOLD), [3], id="untrue"),
        pytest.param((OPENING, line(2, LINE), line(3, LINE)), [2], id="sent twice"),
        pytest.param(
            (
                OPENING,
                line(2, LINE),
                Complained(2.1, S, "hub", b"ERROR Buffer_full"),
                line(3, LINE),
            ),
            [],
            id="turned away",
        ),
        pytest.param(
            (OPENING, line(2, LINE), ran(3, LINE), ran(4, LINE)), [2], id="ran twice"
        ),
        pytest.param((OPENING, ran(3, LINE)), [2], id="never sent"),
        pytest.param((line(2, LINE),), [1], id="not stored"),
        pytest.param(
            (OPENING, line(2, LINE), Complained(3, S, "hub", b"ERROR Failed to queue")),
            [2],
            id="too many",
        ),
    ],
)
def test_a_line_without_an_id_is_known_by_what_it_says(
    record: tuple[Entry, ...], broken: list[int]
) -> None:
    assert promises(HUB, *record) == broken


def test_two_reboots_that_nothing_tells_apart_are_two() -> None:
    both = stored(
        (1, "reboot", {}, "unconfirmed", "unknown", 1),
        (2, "reboot", {}, "sent", "sent", 1),
    )
    text = "REBOOT_NODE 1"
    twice = (line(2, text), ran(3, text, "reboot"), line(4, text))

    assert promises(HUB, both, *twice, ran(5, text, "reboot")) == []
    assert promises(HUB, both, *twice, ran(5, text, "reboot"), line(6, text)) == [2]


@pytest.mark.parametrize(
    ("zone", "slot"),
    [
        ("UTC", [1, 30, 60, 2, 1]),
        ("Europe/Berlin", [0, 30, 60, 2, 1]),
        ("Pacific/Auckland", [12, 30, 60, 1, 1]),
        ("America/New_York", [6, 30, 60, 2, 1]),
    ],
)
def test_a_plan_is_compared_in_utc(zone: str, slot: list[int]) -> None:
    record = (HUB, stored(meals=(MEAL,)), ZoneSet(2.0, S, zone))
    good, bad = (
        Holds(3.0, S, "1", NOON, json.dumps([[*slot[:3], days, 1]]))
        for days in (slot[3], 64)
    )

    assert promises(*record, good) == []
    assert promises(*record, bad) == [5]
    assert promises(*record, Holds(3.0, S, "1", NOON, "[]")) == [5]


@pytest.mark.parametrize(
    ("other", "pause", "slots"),
    [
        ({"skipped": True}, None, []),
        ({"time": "02:00"}, None, [[2, 0, 60, 2, 1]]),
        ({}, {"since": NOON, "until": None}, []),
        ({}, {"since": 0.0, "until": NOON - DAY}, [[1, 30, 60, 2, 1]]),
    ],
)
def test_a_date_that_is_otherwise_is_so_in_what_a_node_holds(
    other: dict[str, Any], pause: dict[str, Any] | None, slots: list[list[int]]
) -> None:
    overrides = {"2026-01-05": {"skipped": None, "time": "", "params": None} | other}
    meal = {**MEAL, "overrides": overrides if other else {}}
    record = (HUB, stored(meals=(meal,), plan_pause=pause))
    as_ever, held = ([[1, 30, 60, 2, 1]], slots)

    assert promises(*record, Holds(3.0, S, "1", NOON, json.dumps(held))) == []
    broken = [] if held == as_ever else [5]
    assert promises(*record, Holds(3.0, S, "1", NOON, json.dumps(as_ever))) == broken
    # Whether it is put back in time is nobody's to say for a while.
    after = NOON + 5 * DAY
    assert (promises(*record, Holds(3.0, S, "1", after, "[]")) == []) is (
        pause is not None and pause["until"] is None
    )


def test_the_offset_of_feeders_is_a_part_of_their_plan() -> None:
    meal = {**MEAL, "params": {"portions": 2}}
    record = (FEEDERS, stored(node="f", meals=(meal,)))

    def holds(offset: int) -> Holds:
        contents = {"entries": [[5400, 0.125, True]], "utc_offset": offset}
        return Holds(3.0, S, "f", NOON, json.dumps(contents))

    assert promises(*record, holds(0)) == []
    assert promises(*record, holds(3600)) == [5]


def test_an_image_that_is_another_is_seen() -> None:
    taken = Pictured(1.0, S, "AABBCCDDEE01", "a.jpg", "d1")

    for digest, broken in (("d1", []), ("d2", [3])):
        shown = Pictures(2.0, S, "AABBCCDDEE01", "a.jpg", digest)
        assert promises(CAMERAS, taken, shown) == broken


def test_an_image_that_is_forgotten_before_anybody_saw_it_is_seen() -> None:
    taken = Pictured(1.0, S, "AABBCCDDEE01", "a.jpg", "d1")
    shown = Pictures(2.0, S, "AABBCCDDEE01", "a.jpg", "d1")
    said = b'{"image_name":"a.jpg","ACK_OK":{}}'
    released = Sent(3.0, S, "s1/AABBCCDDEE01/ack", said, again=False)

    assert promises(CAMERAS, taken, shown, released) == []
    assert promises(CAMERAS, taken, released) == [3]


def came(at: float) -> Came:
    return Came(at, S, "s1/AABBCCDDEE01/ack", NOON + at)


def read(at: float, came_at: float) -> Read:
    return Read(at, S, "s1/AABBCCDDEE01/ack", NOON + came_at)


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        ((came(1), came(2), read(3, 1), read(3, 2)), 0),
        ((came(1), came(2), read(3, 2)), 1),
        ((came(1), came(2), read(3, 2), read(3, 1)), 2),
        ((came(1), read(1, 1), read(2, 1)), 1),
        ((came(1), came(20)), 1),
        ((came(1), Ended(30, in_time=True)), 1),
        ((came(1), Loaded(2, S, None, None), came(30), read(30, 30)), 0),
    ],
)
def test_each_message_is_read_in_its_turn(
    record: tuple[Entry, ...], broken: int
) -> None:
    assert promises(CAMERAS, *record) == [4] * broken


def test_what_belongs_to_a_waking_is_counted_as_no_command() -> None:
    topic = "s1/AABBCCDDEE01"
    hello = Asks(2.0, S, f"{topic}/status", b'{"status":"alive"}', answerable=True)
    asked = [
        Sent(3.0 + n, S, f"{topic}/cmd", b'{"send_image":"a.jpg"}', again=False)
        for n in range(7)
    ]
    ran = Executed(4.0, S, "AABBCCDDEE01", "1", "send_image", '{"send_image":"a.jpg"}')

    assert promises(CAMERAS, hello, *asked, ran) == []
    assert promises(CAMERAS, hello, ran) == [2]


def test_five_commands_of_one_waking_are_enough() -> None:
    many = [(n, "ping", NOTHING, "sent", "sent", 1) for n in range(1, 8)]
    file = stored(*many, node="AABBCCDDEE01")
    topic = "s1/AABBCCDDEE01"
    hello = Asks(2.0, S, f"{topic}/status", b'{"status":"alive"}', answerable=True)
    pings = [
        Sent(3.0 + n, S, f"{topic}/cmd", b'{"ping":true}', False) for n in range(6)
    ]

    assert promises(CAMERAS, file, hello, *pings[:5]) == []
    assert promises(CAMERAS, file, hello, *pings) == [2]
    assert promises(CAMERAS, file, hello, *pings[:5], hello, pings[5]) == []


@pytest.mark.parametrize(("later", "broken"), [(60.0, []), (80.0, [3])])
def test_a_reboot_is_not_done_by_the_hello_of_a_next_waking(
    later: float, broken: list[int]
) -> None:
    node, at = "AABBCCDDEE01", 4.0 + later
    sending = stored((1, "reboot", {}, "sent", "sent", 1), node=node)
    done = stored((1, "reboot", {}, "succeeded", "done", 1), node=node)
    told = Sent(4.0, S, f"s1/{node}/cmd", b'{"reboot":true}', again=False)
    record = (sending, told, done._replace(at=at), TOLD._replace(at=at))

    assert promises(CAMERAS, *record) == broken


def test_a_request_is_answered_at_once_and_once() -> None:
    request = Asks(2.0, S, "s1.api.gts.g", b'{"requestId":"r"}', answerable=True)
    reply = Sent(2.0, S, "s1/api/stg/g", b'{"requestId":"r"}', again=False)
    later = line(9.0, "x")._replace(topic="s1/api/stg/g", payload=b'{"requestId":"q"}')

    assert promises(FEEDERS, request, reply) == []
    assert promises(FEEDERS, request, reply, reply) == [4]
    assert promises(FEEDERS, request, later) == [4, 4]


ASKING: list[tuple[str, dict[str, Any], bool]] = [
    ("time/request", {"uptime": 3}, True),
    ("a/b/c/acid/command_response", {"error_code": "time_not_synced"}, True),
    ("a/b/c/acid/command_response", {"error_code": "pump_error"}, False),
    ("a/b/c/diagnostics", {"ts": 75}, True),
    ("a/b/c/diagnostics", {"ts": NOON}, False),
]


@pytest.mark.parametrize(("topic", "said", "asks"), ASKING)
def test_a_node_that_shows_that_it_does_not_know_the_time_asks_for_it(
    topic: str, said: dict[str, Any], asks: bool
) -> None:
    asked = Asks(2.0, S, f"s1/{topic}", json.dumps(said).encode(), True, NOON)
    told = Sent(2.0, S, "s1/time/response", b"{}", again=False)
    later = told._replace(at=3.0, topic="s1/a/b/c/config")

    assert promises(GREENHOUSE, asked, told) == ([] if asks else [4])
    assert promises(GREENHOUSE, asked, later) == ([4] if asks else [])


@pytest.mark.parametrize(("behind", "broken"), [(DAY + 1, []), (DAY - 1, [4])])
def test_a_clock_that_is_a_day_behind_what_is_stored_tells_no_time(
    behind: float, broken: list[int]
) -> None:
    file = stored((1, "dose", {"ml": 1}, "sent", "sent", 1), node="g")
    wall = NOON - behind
    asked = Asks(2.0, S, "s1/time/request", b"{}", answerable=True, wall=wall)
    later = Sent(3.0, S, "s1/a/b/c/config", b"{}", again=False)
    record = (GREENHOUSE, Loaded(1.0, S, file.contents, None), asked)
    told = later._replace(at=4.0, topic="s1/time/response")

    assert promises(*record, later) == broken
    assert promises(*record, later, told) == broken * 2


@pytest.mark.parametrize(
    ("by", "at", "broken"),
    [(61.0, 2.0, []), (-DAY, 2.0, []), (59.0, 2.0, [4]), (-DAY + 1, 2.0, [4])],
)
def test_a_clock_that_has_just_gone_far_tells_no_time(
    by: float, at: float, broken: list[int]
) -> None:
    file = stored((1, "dose", {"ml": 1}, "sent", "sent", 1), node="g")
    asked = Asks(at, S, "s1/time/request", b"{}", answerable=True, wall=NOON + DAY)
    began = (GREENHOUSE, Loaded(1.0, S, file.contents, None), ClockSet(1.5, by))
    later = Sent(at + 1, S, "s1/a/b/c/config", b"{}", again=False)

    assert promises(*began, asked, later) == broken
    again = asked._replace(at=at + 301.0), later._replace(at=at + 302.0)
    assert promises(*began, asked, later, *again) == [*broken, 4]


def test_a_run_that_a_node_began_and_lost_its_power_over_is_no_success() -> None:
    def file(state: str, part: str) -> Durable:
        run = (1, "run_pump", {"duration_ms": 2500}, state, part, 1)
        return stored(run, node="g")

    told = Sent(2.0, S, "s1/a/b/c/pump/command", b'{"cmd_id":"md-1"}', again=False)
    died = Fault(2.0, "node die=accepted", "")
    done = Executed(3.0, S, "g", "md-1", "run_pump", "{}")
    record = (GREENHOUSE, file("sent", "sent"), told, died)

    assert promises(*record, done, file("succeeded", "done"), TOLD) == []
    assert promises(*record, file("succeeded", "done"), TOLD) == [3]


def test_a_node_that_drops_repeats_for_five_minutes_gets_none_after() -> None:
    dose = (1, "dose", {"ml": 1}, "sent", "sent", 3)

    def told(at: float) -> Sent:
        return Sent(at, S, "s1/a/b/c/acid/command", b'{"cmd_id":"md-1"}', again=False)

    record = (GREENHOUSE, stored(dose, node="g"), told(2.0), told(290.0))

    assert promises(*record) == []
    assert promises(*record, told(303.0)) == [2]


def test_what_a_person_wants_again_is_known_from_then_on() -> None:
    """Its node may still know it of the first time; it gets another name then."""
    dose = (1, "dose", {"ml": 1}, "sent", "sent", 3)

    def told(at: float, name: str) -> Sent:
        said = json.dumps({"cmd_id": name}).encode()
        return Sent(at, S, "s1/a/b/c/acid/command", said, again=False)

    def done(at: float, name: str) -> Executed:
        return Executed(at, S, "g", name, "dose", "{}")

    once = (told(2.0, "md-1"), done(2.1, "md-1"))
    again = (told(300.0, "md-1-300"), done(300.1, "md-1-300"))
    record = (GREENHOUSE, stored(dose, node="g"), *once)
    wanted = Resend(299.0, S, 1, taken_back=False)

    assert promises(*record, *again) == [2]
    assert promises(*record, wanted, *again, told(330.0, "md-1-300")) == []
    assert promises(*record, wanted, *again, told(601.0, "md-1-300")) == [2]
