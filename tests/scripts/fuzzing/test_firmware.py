"""What fuzzing tells a node at first is understood, and what must not be is noticed."""

from __future__ import annotations

import json
import shutil

import pytest

from scripts.fuzzing.firmware import CUT, LATER, Told, mutate, seeds
from scripts.fuzzing.mutation import HEAD, RECORD
from simulator.paired_dispenser.core import Core

pytestmark = pytest.mark.skipif(
    shutil.which("g++") is None, reason="no g++ with its sanitizers"
)

FEED = b'{"queue_id":17,"items":[{"pill_id":1,"quantity":2}]}'


def test_good_messages_have_cuts_in_both_writes_and_pass() -> None:
    inputs = [*seeds()]
    hows = {record[1] for each in inputs for record in each.split(RECORD)}
    assert {0, CUT, CUT | LATER} <= hows
    assert all(
        json.loads(record[HEAD:])["queue_id"]
        for each in inputs
        for record in each.split(RECORD)
    )
    told = Told()
    for each in inputs:
        told(each)


def test_what_is_tried_comes_of_seeds_and_is_the_same_for_the_same_seed() -> None:
    def tried(seed: int) -> bytes:
        return mutate(b"", 4096, seed, lambda data, most: data[: most // 2])

    every = [tried(seed) for seed in range(50)]
    assert every == [tried(seed) for seed in range(50)]
    assert len(set(every)) > 40
    assert sum(b"queue_id" in each for each in every) > 40


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ("receive", ["say ack 0 {}", "move 17 feed 2 1 0 0 0 0"] * 2, "executed twice"),
        ("receive", [], "answered: False, readable: True"),
    ],
)
def test_what_must_not_be_is_noticed(
    monkeypatch: pytest.MonkeyPatch, line: str, instead: list[str], complaint: str
) -> None:
    honest = Core.do

    def lies(core: Core, told: str) -> list[str]:
        return instead if told.startswith(line) else honest(core, told)

    monkeypatch.setattr(Core, "do", lies)
    with pytest.raises(AssertionError, match=complaint):
        Told()(bytes([0, 0]) + FEED)


def test_an_end_that_changes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Core.do

    def lies(core: Core, told: str) -> list[str]:
        came = honest(core, told)
        if told == "connect":
            return ['say evt 0 {"queue_id":17,"done":1,"status":"jammed"}']
        return came

    monkeypatch.setattr(Core, "do", lies)
    with pytest.raises(AssertionError, match="ended in two ways"):
        Told()(RECORD.join((bytes([0, 0]) + FEED, bytes([0, CUT]) + FEED)))
