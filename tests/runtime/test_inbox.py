"""Long messages are unpacked in pieces, and nothing is taken out of its turn."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Effect
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.engine.model.reports import Seen
from custom_components.mqtt_dispatch.protocols.messages import Malformed
from custom_components.mqtt_dispatch.runtime import inbox

from .world import WIRE, Kitchen

LONG = b'{"online": 1, "ready": 1, "uptime": 100, "x": "' + b"x" * 200 + b'"}'


@pytest.fixture
def kitchen() -> Kitchen:
    """Two dispensers; what is longer than 100 bytes is unpacked in two pieces."""
    return Kitchen(protocol=replace(WIRE, long_report=100, unpacked=in_two))


def in_two(payload: bytes) -> Generator[None, None, bytes]:
    yield
    yield
    return payload


def work(kitchen: Kitchen, times: int = 3) -> None:
    """Let so many pieces of work be done."""
    for _ in range(times):
        kitchen.clock.next()


def say(kitchen: Kitchen, kind: str, payload: bytes, node: str = "1") -> None:
    kitchen.driver.message_came(f"disp/{kind}/{node}", payload, retained=False)


def uptime(kitchen: Kitchen, node: str = "1") -> float | None:
    return kitchen.driver.engine.statuses[node].uptime


def test_a_short_message_is_read_when_it_comes(kitchen: Kitchen) -> None:
    say(kitchen, "state", b'{"online": 1, "uptime": 5}')
    assert uptime(kitchen) == 5


def test_a_long_one_is_unpacked_in_pieces_and_taken_then(kitchen: Kitchen) -> None:
    say(kitchen, "state", LONG)
    work(kitchen, 2)
    assert uptime(kitchen) is None
    work(kitchen, 1)
    assert uptime(kitchen) == 100


def test_all_else_goes_on_while_one_is_unpacked(kitchen: Kitchen) -> None:
    kitchen.ready()
    say(kitchen, "state", LONG.replace(b"100", b"8"))
    work(kitchen, 1)
    kitchen.feed()
    assert kitchen.driver.engine.ledger.open
    assert uptime(kitchen) == 100

    kitchen.clock.advance(0)
    assert uptime(kitchen) == 8


def test_what_comes_after_a_long_one_is_taken_after_it(kitchen: Kitchen) -> None:
    say(kitchen, "state", LONG)
    say(kitchen, "state", b'{"online": 1, "uptime": 7}')
    say(kitchen, "state", LONG.replace(b"100", b"8"))
    say(kitchen, "state", b'{"online": 1, "uptime": 9}')
    taken: list[float | None] = []
    while not taken or taken[-1] != 9:
        taken.append(uptime(kitchen))
        work(kitchen, 1)
    # Those of long ones are overtaken at once by the short ones after them.
    assert [*dict.fromkeys(taken)] == [None, 7, 9]


def test_a_lost_connection_is_known_after_what_came_before(kitchen: Kitchen) -> None:
    say(kitchen, "state", LONG)
    kitchen.driver.connection_changed(up=False)
    assert kitchen.driver.engine.conditions.connected

    work(kitchen)
    assert not kitchen.driver.engine.conditions.connected


def test_whoever_is_stopped_understands_and_stores_first_what_came(
    kitchen: Kitchen,
) -> None:
    kitchen.ready()
    feed = kitchen.feed()
    kitchen.clock.advance(1.0)
    say(kitchen, "state", LONG)
    for node in ("1", "2"):
        say(kitchen, "evt", b'{"queue_id": %d, "done": 1}' % feed, node)
    ended: list[bool] = []
    kitchen.driver.stop(lambda: ended.append(True))
    assert ended == []

    work(kitchen)
    kitchen.clock.advance(1.0)
    assert ended == [True]
    (stored,) = kitchen.disk.written[-1].commands
    assert (stored.id, stored.state) == (feed, CommandState.SUCCEEDED)


def test_what_is_longer_than_any_message_is_refused_without_being_read(
    kitchen: Kitchen,
) -> None:
    say(kitchen, "state", b"x" * (WIRE.max_report_bytes + 1))
    assert kitchen.listeners.malformed == [Malformed("too long")]


def test_what_waits_to_be_read_is_bounded(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_UNREAD", 3 * len(LONG))
    for _ in range(6):
        say(kitchen, "state", LONG)
    assert kitchen.listeners.malformed == [Malformed(inbox.TOO_MUCH)] * 2
    kitchen.clock.advance(0)
    assert uptime(kitchen) == 100

    say(kitchen, "state", LONG.replace(b"100", b"8"))
    kitchen.clock.advance(0)
    assert uptime(kitchen) == 8
    assert len(kitchen.listeners.malformed) == 2


def raising(*_: object) -> tuple[()]:
    raise RuntimeError("a bug of a protocol")


def test_what_a_protocol_raises_keeps_nothing_else_from_being_read() -> None:
    kitchen = Kitchen(protocol=replace(WIRE, report=raising))
    say(kitchen, "state", b'{"online": 1, "uptime": 5}')

    assert kitchen.listeners.faults == [inbox.READING]


def raising_in_the_middle(_: bytes) -> Generator[None, None, bytes]:
    yield
    raise RuntimeError("a bug of a protocol")


def test_what_cannot_be_unpacked_is_left_out_and_the_next_one_read() -> None:
    protocol = replace(WIRE, long_report=100, unpacked=raising_in_the_middle)
    kitchen = Kitchen(protocol=protocol)
    say(kitchen, "state", LONG)
    say(kitchen, "state", b'{"online": 1, "uptime": 7}')
    work(kitchen, 2)

    assert kitchen.listeners.faults == [inbox.UNPACKING]
    assert uptime(kitchen) == 7


def test_what_the_engine_raises_lets_the_others_be_taken_in_and_the_station_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kitchen = Kitchen(protocol=replace(WIRE, long_report=100, unpacked=in_two))
    handle = kitchen.driver.engine.handle

    def fail_at(event: Event, now: Now) -> list[Effect]:
        if isinstance(event, Seen) and event.uptime == 7:
            raise RuntimeError("a bug of the engine")
        return handle(event, now)

    monkeypatch.setattr(kitchen.driver.engine, "handle", fail_at)
    say(kitchen, "state", LONG)
    say(kitchen, "state", b'{"online": 1, "uptime": 7}')
    say(kitchen, "state", b'{"online": 1, "uptime": 8}')
    work(kitchen)
    assert uptime(kitchen) == 8
    assert kitchen.listeners.faults == [inbox.READING]

    stopped: list[bool] = []
    kitchen.driver.stop(lambda: stopped.append(True))
    kitchen.clock.advance(1)
    assert stopped
