"""What fuzzing begins with: good messages and good files."""

from __future__ import annotations

from collections.abc import Iterator
import json

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.effects import Commit
from custom_components.mqtt_dispatch.engine.model.events import (
    Committed,
    Connection,
    Enqueue,
    Event,
    PutMeal,
)
from custom_components.mqtt_dispatch.engine.model.policy import FEED, Station
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Done, Seen
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION, Format

from .fuzzed import Fuzzed
from .mutation import RECORD
from .wire import RETAINED, WAITS

MESSAGES = 8
"""Of one conversation."""
NODES = ("1", "2")
POLICIES = PROTOCOLS["paired_dispenser"].policies
PAIR = Station(nodes=NODES, policies=POLICIES)
NOW = Now(wall=1_790_000_000.0, steady=5000.0)


def messages(fuzzed: Fuzzed) -> Iterator[bytes]:
    """Yield what the nodes of a station say, live and retained."""
    for number, payload in fuzzed.payloads():
        for how in (0, RETAINED):
            yield bytes([number, how]) + payload


def conversations(fuzzed: Fuzzed) -> Iterator[bytes]:
    """Yield what the nodes of a station say, a few messages at a time.

    Between them passes no time, or some.
    """
    said = [*fuzzed.payloads()]
    for first in range(0, len(said), MESSAGES // 2):
        for wait in range(len(WAITS)):
            yield RECORD.join(
                bytes([number, wait << 1]) + payload
                for number, payload in said[first : first + MESSAGES]
            )


def files() -> Iterator[bytes]:
    """Yield whole files of a station and of its history, each in either place."""
    for content in _files():
        for number in range(2):
            yield bytes([number, 0]) + content


def _files() -> Iterator[bytes]:
    engine = Engine(PAIR, Snapshot(), (), NOW)
    yield _file(STATION, engine.snapshot())
    now = _live(engine, NOW)
    alive = engine.snapshot()
    yield _file(STATION, alive)
    yield _file(HISTORY, alive.commands)
    wait = POLICIES[FEED].done_timeout
    _tell(engine, Connection(up=True), Now(now.wall + wait, now.steady + wait))
    yield _file(STATION, engine.snapshot())


def _live(engine: Engine, now: Now) -> Now:
    """Have one feed done, one taken, and one that waits."""
    meal = new_meal(
        meal_id="breakfast",
        name="Breakfast",
        rule=new_rule(time="07:30", weekdays=["mon"]),
        params={"portions": 1},
    )
    _tell(engine, Connection(up=True), now)
    _tell(engine, PutMeal(meal), now)
    for key in ("done", "taken", "waits"):
        order = Enqueue(
            kind=FEED,
            params={"portions": 1},
            nodes=NODES,
            cause=Cause.ACTION,
            idempotency_key=key,
        )
        _tell(engine, order, now)
    for _ in range(2):
        for node in NODES:
            _tell(engine, Seen(node=node, live=True, online=True, ready=True), now)
        now = Now(now.wall + 1, now.steady + 1)
    first = min(engine.ledger.open)
    for node in NODES:
        _tell(engine, Done(node, first), now)
    for node in NODES:
        _tell(engine, Accepted(node, min(engine.ledger.open)), now)
    return now


def _tell(engine: Engine, event: Event, now: Now) -> None:
    if Commit() in engine.handle(event, now):
        _tell(engine, Committed(engine.snapshot().revision), now)


def _file[T](written: Format[T], value: T) -> bytes:
    envelope = {
        "version": 1,
        "minor_version": written.minor_version,
        "data": written.as_json(value),
    }
    return json.dumps(envelope).encode()
