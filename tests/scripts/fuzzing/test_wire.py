"""What fuzzing begins with is good, and what must not be is noticed."""

from __future__ import annotations

from dataclasses import replace
import math

import pytest

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.reports import (
    Failed,
    Needs,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.messages import (
    Malformed,
    Message,
    Publication,
)
from scripts.fuzzing.fuzzed import Fuzzed
from scripts.fuzzing.mutation import RECORD, mutate_one
from scripts.fuzzing.seeds import conversations, messages
from scripts.fuzzing.stations import FUZZED
from scripts.fuzzing.wire import BEGINNING, Playing, Reading
from tests.nonempty import some
from tests.protocols.folders import OF_FOLDERS

ALL = pytest.mark.parametrize("fuzzed", FUZZED.values(), ids=lambda each: each.key)
PETS = FUZZED["petnet"]
CAT = next(iter(PETS.nodes))
AN_HOUR_LATER = bytes([0, 7 << 1])


def live(node: str = CAT, **readings: str | float) -> Seen:
    return Seen(node=node, live=True, readings=readings)


def test_every_protocol_is_fuzzed() -> None:
    assert FUZZED.keys() == OF_FOLDERS | {"zigbee2mqtt"}


@ALL
def test_every_good_message_is_understood(fuzzed: Fuzzed) -> None:
    said = [
        (payload, found)
        for number, payload in fuzzed.payloads()
        for found in fuzzed.protocol.report(
            fuzzed.site,
            Message(fuzzed.topics[number], payload, False, BEGINNING.wall),
        )
    ]
    for payload, found in some(said):
        assert not isinstance(found, Malformed), payload


@ALL
def test_every_order_is_under_way_when_nodes_begin_to_speak(fuzzed: Fuzzed) -> None:
    engine = Engine(fuzzed.station, Snapshot(), (), BEGINNING)
    for event in fuzzed.beginning():
        engine.handle(event, BEGINNING)
    kinds = [
        engine.ledger.open[number + 1].kind for number in range(len(fuzzed.orders))
    ]
    assert kinds == [order.kind for order in fuzzed.orders]


@ALL
def test_every_seed_is_taken(fuzzed: Fuzzed) -> None:
    read, play = Reading(fuzzed), Playing(fuzzed)
    for data in some(messages(fuzzed)):
        read(data)
    for data in some(conversations(fuzzed)):
        play(data)


@pytest.mark.parametrize(
    "planted",
    [
        live(fw="x" * 256),
        live(fw="a\nb"),
        live(voltage=math.nan),
        live(voltage=1e300),
        live(unheard_of=1),
        live(node="no name"),
        Failed(None, 1, "\x00"),
        Needs(CAT, "no kind"),
        Malformed("x" * 41),
        Publication("a/+", "{}"),
        Publication("", "{}"),
        Publication("a", "x" * 4097),
    ],
    ids=repr,
)
def test_what_is_out_of_bounds_is_noticed(
    planted: Report | Malformed | Publication,
) -> None:
    reading = Reading(PETS)
    reading._protocol = replace(reading._protocol, report=lambda *_: (planted,))
    with pytest.raises(AssertionError):
        reading(b"\0\0{}")


def test_an_answer_to_our_own_answer_is_noticed() -> None:
    reading = Reading(PETS)
    answer = Publication("krs/api/stg/gateway-1", "{}")
    reading._protocol = replace(reading._protocol, report=lambda *_: (answer,))
    with pytest.raises(AssertionError, match="our own"):
        reading(b"\0\0{}")


def test_an_engine_that_is_never_content_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Engine, "next_deadline", lambda *_: 0.0)
    with pytest.raises(AssertionError, match="for ever"):
        Playing(PETS)(AN_HOUR_LATER)


def test_a_snapshot_that_nobody_could_load_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshot = Snapshot(next_id=0)
    monkeypatch.setattr(Engine, "snapshot", lambda _: snapshot)
    play = Playing(PETS)
    with pytest.raises(ValueError, match="ids begin with 1"):
        play(b"")


def test_a_mutation_is_the_same_for_the_same_seed_and_within_its_bounds() -> None:
    data = RECORD.join([b"\0\0{}", b'\1\0{"a":1}', b"\2\0[]"])
    for seed in range(200):
        first = mutate_one(data, 64, seed, lambda given, _: given)
        assert first == mutate_one(data, 64, seed, lambda given, _: given)
        assert len(first) <= 64


def test_messages_are_mutated_one_at_a_time() -> None:
    records = [bytes([number, 0]) + b'{"a":1}' for number in range(6)]
    data = RECORD.join(records)
    for seed in range(200):
        mutated = mutate_one(data, 999, seed, lambda given, _: given)
        kept = set(mutated.split(RECORD)) & set(records)
        # What nests deep is longer than all that may be.
        assert len(kept) >= len(records) - 1 or len(mutated) == 999
