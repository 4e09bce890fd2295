"""What scripts/load measures with: a limit that is broken must show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.loading import lateness
from scripts.loading.figures import Figure, markdown, number, text, times
from scripts.loading.fleet import Arrival, plan
from scripts.loading.flood import packet
from scripts.loading.gate import DEBOUNCE, Gate
from scripts.loading.junk import Junk, JunkMaker
from scripts.loading.orders import Ordered, Purpose
from scripts.loading.stops import longest, of_stops
from scripts.loading.watch import MEBIBYTE, Sample, growth, percentile
from scripts.loading.watched_home import Stops, timed
from simulator.node import Message


def state(node: str, **content: Any) -> Message:
    return Message(f"load001/state/{node}", json.dumps(content).encode())


def test_the_nodes_are_shared_out_evenly_and_none_is_lost() -> None:
    stations = plan(3, 10)
    assert [len(station.nodes) for station in stations] == [4, 3, 3]
    assert len({station.prefix for station in stations}) == 3
    assert {station.drops_repeats for station in stations} == {True, False}


def test_a_gate_opens_when_the_last_node_has_been_ready_for_a_while() -> None:
    gate = Gate(("1", "2"), pause=0.0)
    gate.published("1", state("1", online=1, ready=1), 10.0)
    assert gate.opened_at() == float("inf")
    gate.published("2", state("2", online=1, ready=1), 12.0)
    gate.published("1", state("1", online=1, ready=1), 14.0)
    gate.published("1", state("1", online=1), 15.0)
    assert gate.opened_at() == 12.0 + DEBOUNCE


def test_a_gate_closes_while_a_node_is_busy_and_opens_after_the_last_done() -> None:
    gate = Gate(("1",), pause=0.0)
    gate.published("1", state("1", ready=1), 10.0)
    gate.published("1", state("1", ready=0), 11.0)
    assert gate.opened_at() == float("inf")
    gate.published("1", state("1", ready=1), 14.0)
    gate.published("1", Message("load001/evt/1", b"{}"), 20.0)
    assert gate.opened_at() == 20.0


def test_a_command_is_late_from_its_order_or_from_the_opening_of_its_gate() -> None:
    arrivals = {
        ("p", 1): Arrival(5.0, {"1": 10.25, "2": 10.5}),
        ("p", 2): Arrival(20.0, {"1": 20.75}),
        ("q", 2): Arrival(0.0, {"1": 99.0}),
    }
    orders = [
        Ordered("p", Purpose.PLAIN, 10.0, command_id=1),
        Ordered("p", Purpose.PLAIN, 11.0, command_id=2),
        Ordered("p", Purpose.PLAIN, 12.0),
    ]
    assert lateness.of_commands(orders, arrivals) == [0.25, 0.5, 0.75]


def test_deadlines_are_read_from_timelines() -> None:
    def entry(second: float, cause: str, node: str | None = None) -> dict[str, Any]:
        minutes, seconds = divmod(second, 60)
        at = f"2026-01-01T00:{minutes:02.0f}:{seconds:06.3f}+00:00"
        return {"at": at, "cause": cause, "node": node}

    silent = {
        "expires_at": None,
        "timeline": [
            entry(1, "sent", "1"),
            entry(2, "sent", "2"),
            entry(12.5, "accept_timeout", "2"),
            entry(32.25, "sent_again", "2"),
        ],
    }
    expired = {
        "expires_at": "2026-01-01T00:00:05+00:00",
        "timeline": [entry(5.125, "out_of_time")],
    }
    assert lateness.of_deadlines([silent, expired]) == {
        "accept timeout": [0.5],
        "retry": [0.25],
        "expiry": [0.125],
    }


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (50, 50), (99, 99), (99.5, 100), (100, 100)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: int) -> None:
    assert percentile(range(100, 0, -1), percent) == value


def test_growth_is_in_mebibytes_a_minute() -> None:
    samples = [Sample(second, second * MEBIBYTE // 30, 0, 0) for second in range(60)]
    assert growth(samples) == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        (number("errors", 0, 0), True),
        (number("errors", 1, 0), False),
        (number("commands", 5), None),
        (times("late", [0.1] * 99 + [5.0], 1.0), False),
        (times("late", [0.1] * 99 + [5.0], 1.0, top=99), True),
        (times("late", [0.1]), None),
        (times("late", [], 1.0), False),
        (times("late", []), None),
    ],
)
def test_a_figure_says_whether_its_limit_is_kept(
    figure: Figure, kept: bool | None
) -> None:
    assert figure.kept is kept
    assert ("BROKEN" in text([figure])) is (kept is False)
    assert ("**no**" in markdown([figure])) is (kept is False)


@pytest.mark.parametrize("size", [0, 1, 100, 127, 128, 16_384, 65_536])
def test_a_packet_has_its_length_as_mqtt_writes_it(size: int) -> None:
    sent = packet(Junk("a/b", b"x" * size, retain=size == 1))
    assert sent[0] == (0x31 if size == 1 else 0x30)
    length, shift, at = 0, 0, 1
    while True:
        length |= (sent[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if sent[at - 1] < 0x80:
            break
    assert sent[at:] == b"\0\3a/b" + b"x" * size
    assert length == len(sent) - at


def test_junk_is_the_same_for_the_same_seed_and_is_not_what_a_node_could_say() -> None:
    places = [("p", "1"), ("p", "2")]
    junk = JunkMaker(places, seed=3).make(2000)
    assert junk == JunkMaker(places, seed=3).make(2000)
    assert junk != JunkMaker(places, seed=4).make(2000)
    known = {f"p/state/{node}" for _, node in places}
    told = [_readable(one.payload) for one in junk if one.topic in known]
    assert not any({"online", "ready"} & told_of.keys() for told_of in told)


def _readable(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {key: value for key, value in content.items() if value in (0, 1, "0", "1")}


def test_an_original_dispenser_is_left_alone_after_it_was_done() -> None:
    gate = Gate(("1",), pause=16.0)
    gate.published("1", Message("p/state/1", b'{"ready": 1}'), now=10.0)
    gate.published("1", Message("p/evt/1", b"{}"), now=20.0)

    assert gate.opened_at() == 36.0


def test_what_held_the_loop_longest_is_found_among_the_lines_of_its_time(
    tmp_path: Path,
) -> None:
    told = Stops()
    told.note("ours", 0.004, "a")
    told.note("ours", 0.002, "b")
    path = tmp_path / "stops"
    lines = (
        {"at": 9.0, "ours": (1.0, "before")},
        {"at": 10.0, **told.take()},
        {"at": 11.0, "loop": (0.5, "c")},
        {"at": 12.0, "ours": (0.006, "x/mqtt_dispatch/d.py:e")},
        {"at": 13.0, "ours": (1.0, "after")},
    )
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    assert longest(path, 10.0, 11.0) == {"ours": (0.004, "a"), "loop": (0.5, "c")}
    within, *_ = of_stops("then", longest(path, 10.0, 11.0), {})
    assert within.kept
    broken, *_ = of_stops("then", longest(path, 10.0, 12.0), {})
    assert broken.kept is False
    assert broken.found == "6.0 ms in d.py:e"


def test_a_call_is_timed_whatever_it_raises() -> None:
    stops = Stops()

    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        timed(stops, fail)()

    assert stops.take()["ours"][1].endswith("fail")
    assert stops.take() == {}
