"""The player says what the real Zigbee2MQTT said, as far as the profile tells of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.profiled.reports import (
    NOTHING,
    Refused,
    Told,
)
from tests.protocols.profiled.shipped import Recorded, cases, recorded, said, spoken

from .bench import FEEDER, MODELS, ProfiledBench, zigbee2mqtt

WIRE = spoken("zigbee2mqtt")
NODES = {node: {"model": model} for node, model in MODELS.items()}
OURS = (*(f"zigbee2mqtt/{node}" for node in NODES), "zigbee2mqtt/bridge/logging")
LONG = 400.0
"""Seconds after which whatever was asked for is over."""

type Spoken = list[tuple[str, str]]


def differences(before: Spoken, rows: Spoken) -> list[object]:
    """Return what became different, message by message, and what was refused."""
    told: dict[str, dict[str, object]] = {node: {} for node in NODES}
    found: list[object] = []
    for place, (topic, payload) in enumerate([*before, *rows]):
        for each in said(WIRE, topic, payload, NODES):
            match each:
                case Told(node, _, readings, _):
                    fresh = {
                        name: value
                        for name, value in readings.items()
                        if value != NOTHING and told[node].get(name) != value
                    }
                    told[node] |= fresh
                    if fresh and place >= len(before):
                        found.append((node, fresh))
                case Refused(node, key, _):
                    found.append((node, key))
    return found


def rows_of(case: str) -> list[Recorded]:
    """Return what was sent and said in a case, as far as it concerns nodes of ours."""
    found = recorded("zigbee2mqtt", case)
    return [row for row in found if row.sent or row.topic in OURS]


def rows_before(case: str) -> Spoken:
    """Return what nodes told until a case began."""
    found: Spoken = []
    for name in CASES_IN_ORDER:
        if name == case:
            break
        found += [
            (row.topic, row.payload)
            for row in rows_of(name)
            if not row.sent and row.topic != OURS[-1]
        ]
    return found


def begun_at(case: str) -> ProfiledBench:
    """Return a bridge whose nodes are as the real ones were when a case began."""
    values: dict[str, dict[str, Any]] = {}
    for topic, payload in rows_before(case):
        told = {f"state {key}": value for key, value in json.loads(payload).items()}
        values.setdefault(topic.rpartition("/")[2], {}).update(told)
    memory = {node: {"values": each, "count": 1} for node, each in values.items()}
    bench = zigbee2mqtt(memory=memory, new=True, interval_scale=1000, work_seconds=0.2)
    bench.messages.clear()
    return bench


def play(bench: ProfiledBench, case: str) -> Spoken:
    """Send what was sent in a case; return what is said to it."""
    rows = [row for row in rows_of(case) if row.sent]
    for place, row in enumerate(rows, 1):
        bench.send(row.topic, row.payload)
        bench.run(1.0 if place < len(rows) else LONG)
    return spoken_by(bench)


def spoken_by(bench: ProfiledBench) -> Spoken:
    return [(message.topic, message.payload.decode()) for _, message in bench.messages]


def real(case: str) -> list[object]:
    rows = [(row.topic, row.payload) for row in rows_of(case) if not row.sent]
    return differences(rows_before(case), rows)


CASES_IN_ORDER = cases("zigbee2mqtt")


@pytest.mark.parametrize(
    ("case", "orders"),
    [
        ("feed", ()),
        ("portions_beyond_the_range", ()),
        ("feeder_jammed", ("fail=told",)),
        ("feed_refused", ("refuse=3",)),
        ("feed_answer_lost", ("echo=none",)),
        ("feed_out_of_reach", ("gone=silent",)),
        ("unknown_name", ()),
        ("same_error_again", ()),
        ("unknown_key", ()),
        ("not_json", ()),
        ("datapoint_opened", ()),
        ("datapoint_opened_and_closed", ()),
        ("datapoint_out_of_reach", ("gone=silent",)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_sent_brings_about_what_it_did_at_the_real_program(
    case: str, orders: tuple[str, ...]
) -> None:
    bench = begun_at(case)
    for order in orders:
        bench.order(order)

    assert differences(rows_before(case), play(bench, case)) == real(case)


@pytest.mark.parametrize(
    ("case", "orders"),
    [("fed_by_hand", ("press=now",)), ("day_turns", ("counter=now",))],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_happens_by_itself_is_told_as_by_the_real_program(
    case: str, orders: tuple[str, ...]
) -> None:
    bench = begun_at(case)
    for order in orders:
        bench.order(f"node={FEEDER},{order}")
    bench.run(LONG)

    assert differences(rows_before(case), spoken_by(bench)) == real(case)


def test_who_never_fed_tells_of_its_count_for_the_first_time_like_the_real_one() -> (
    None
):
    bench = zigbee2mqtt(new=True, interval_scale=1000, work_seconds=0.2)
    bench.messages.clear()
    case = "fed_before_its_counters_are_known"

    assert differences([], play(bench, case)) == [
        each for each in real(case) if each != (FEEDER, {"problem": 0.0})
    ]
