"""A bridge whose cache is behind repeats what was so: no closing is proven by that."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.profiled.following.proof import Proof
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import HOUR
from tests.protocols.profiled.shipped import text_of

from .bench import TAP, Together

RUN = 30


@pytest.fixture
def both() -> Together:
    return Together(read(text_of("zigbee2mqtt")), {TAP: "pushok_valve"})


def closed_unheard(both: Together) -> int:
    """Have it open, so that the bridge does not hear it, and miss two closings."""
    both.bench.order("taken=drop,count=1")
    both.put("open_valve", TAP, duration=RUN)
    both.run(1)
    both.bench.order("echo=alone,count=2")
    closing = both.put("close_valve", TAP)
    both.run(2.5)
    assert both.bench.deeds() == [("open_valve", {})], "it is open still"
    return closing


def test_what_is_open_is_not_taken_for_closed_by_an_echo(both: Together) -> None:
    closing = closed_unheard(both)
    assert both.state(closing) is CommandState.SENT

    both.run(60)
    assert both.bench.deeds("ended") != []
    assert both.state(closing) is CommandState.SUCCEEDED


def test_an_echo_taken_for_the_word_of_the_valve_is_seen(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Proof, "_still_to_ask", lambda *_: "")
    closing = closed_unheard(both)

    assert both.state(closing) is CommandState.SUCCEEDED
    both.run(10)
    assert both.bench.deeds("ended") == [], "so it stays open"


def test_what_never_opened_is_not_closed_for_ever(both: Together) -> None:
    both.bench.order("silent=idle,count=1")
    both.put("open_valve", TAP, duration=RUN)
    both.run(RUN + 60)
    ledger = both.home.engine.ledger
    (closing,) = (each for each in ledger.closed.values() if each.ends is not None)
    assert closing.state is CommandState.SUCCEEDED

    told = both.bench.deeds("close_valve")
    both.run(HOUR)
    assert both.bench.deeds("close_valve") == told
    assert len(told) <= 5
