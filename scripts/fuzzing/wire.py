"""What nodes say, fuzzed: read by a protocol, and taken by the engine of a station.

An input of `Reading` is a message, one of `Playing` some messages. A message begins
with bytes that say where and how it comes: see `_came`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
import dataclasses
import json
import math
from typing import Any, Final

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import (
    Commit,
    Effect,
    Instruct,
    Publish,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    CommitFailed,
    Committed,
    Connection,
    Event,
    NotPublished,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Failed,
    Needs,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.protocols.base import Protocol, Sending
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
    Said,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.runtime.publisher import instructing_of
from custom_components.mqtt_dispatch.storage.migrations import STATION

from .fuzzed import Fuzzed
from .mutation import HEAD, RECORD

BEGINNING: Final = Now(wall=1_790_000_000.0, steady=5000.0)
LONGEST_TEXT: Final = 255
LONGEST_MALFORMED: Final = 40
LONGEST_PAYLOAD: Final = 4096
LONGEST_TOPIC: Final = 65_535
HIGHEST: Final = 2.0**64
MOST_REPORTS: Final = 256
WAITS: Final = (0.0, 0.1, 1.0, 5.0, 15.0, 60.0, 600.0, 3600.0)
"""Seconds from one message to the next."""
MOST_TICKS: Final = 30
"""As often the engine is called while nobody says anything; then all time passes."""
MOST_IDLE_TICKS: Final = 20
"""As often it may want to be called at once, with nothing happening between."""
MOST_EFFECTS: Final = 2000
"""From one message."""

RETAINED, CUT_OFF, NOT_STORED, NOT_SENT, ANYWHERE = 1, 1 << 4, 1 << 5, 1 << 6, 1 << 7
"""Bits of the second byte of a message; between the first two is how long it waits."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Came:
    """A message and what befalls the station before it."""

    topic: str
    payload: bytes
    how: int

    @property
    def wait(self) -> float:
        return WAITS[self.how >> 1 & 7]

    def message(self, wall: float) -> Message:
        return Message(self.topic, self.payload, bool(self.how & RETAINED), wall)


class Reading:
    """Has a protocol read a message, and looks at what it says."""

    def __init__(self, fuzzed: Fuzzed) -> None:
        self._protocol = fuzzed.protocol
        self._site = fuzzed.site
        self._topics = fuzzed.topics

    def __call__(self, data: bytes) -> None:
        """Raise for what must not be."""
        came = _came(data, self._topics)
        found = self._protocol.report(self._site, came.message(BEGINNING.wall))
        if len(found) > MOST_REPORTS:
            raise AssertionError(f"{len(found)} reports of a message")
        for each in found:
            self._check(each)

    def _check(self, found: Said) -> None:
        match found:
            case Malformed(reason):
                if not reason.isascii() or len(reason) > LONGEST_MALFORMED:
                    raise AssertionError(f"a reason out of bounds: {reason!r}")
            case Publication():
                check_publication(found)
                self._check_silence(found)
            case _:
                check_report(found, self._protocol)

    def _check_silence(self, said: Publication) -> None:
        """Check that what we say ourselves is not answered by us."""
        heard = Message(said.topic, said.payload.encode(), False, BEGINNING.wall)
        found = self._protocol.report(self._site, heard)
        if any(isinstance(each, Publication) for each in found):
            raise AssertionError(f"an answer to our own {said!r}: {found!r}")


class Playing:
    """Has the engine of a station take what a protocol reads."""

    def __init__(self, fuzzed: Fuzzed) -> None:
        self._fuzzed = fuzzed
        self._station = fuzzed.station
        self._topics = fuzzed.topics

    def __call__(self, data: bytes) -> None:
        """Raise for what must not be."""
        play = _Play(self._fuzzed, Engine(self._station, Snapshot(), (), BEGINNING))
        for event in self._fuzzed.beginning():
            play.take(event)
        for record in data.split(RECORD):
            play.hear(_came(record, self._topics))
        play.end()


class _Play:
    """A station whose disk and connection do what a message says."""

    def __init__(self, fuzzed: Fuzzed, engine: Engine) -> None:
        self._protocol = fuzzed.protocol
        self._site = fuzzed.site
        self._engine = engine
        self._now = BEGINNING
        self._how = 0

    def hear(self, came: _Came) -> None:
        """Let a message come, some time after the last."""
        self._how = came.how
        self._wait(came.wait)
        if came.how & CUT_OFF:
            self.take(Connection(up=False))
            self.take(Connection(up=True))
        for found in self._protocol.report(self._site, came.message(self._now.wall)):
            if not isinstance(found, Malformed | Publication | Learned | Happened):
                self.take(found)

    def take(self, event: Event) -> None:
        """Have the engine take an event, and carry out what follows from it."""
        events = deque([event])
        effects = 0
        while events:
            for effect in self._engine.handle(events.popleft(), self._now):
                effects += 1
                events.extend(self._carry_out(effect))
            if effects > MOST_EFFECTS:
                raise AssertionError(f"no end of what follows from {event!r}")

    def end(self) -> None:
        """Check that what is stored is what will be loaded, and that it can begin."""
        view(self._engine, self._now)
        snapshot = self._engine.snapshot()
        written = json.loads(json.dumps(STATION.as_json(snapshot), allow_nan=False))
        loaded = STATION.understand(written)
        if STATION.as_json(loaded) != STATION.as_json(snapshot):
            raise AssertionError("a snapshot is not what was written")
        again = Engine(self._engine.station, loaded, (), self._now)
        again.handle(Connection(up=True), self._now)
        view(again, self._now)

    def _wait(self, seconds: float) -> None:
        until = self._now.steady + seconds
        idle = 0
        for _ in range(MOST_TICKS):
            deadline = self._engine.next_deadline(self._now)
            if deadline is None or self._now.steady + deadline > until:
                break
            before = self._now.steady
            self._pass(deadline)
            idle = idle + 1 if self._now.steady == before else 0
            if idle > MOST_IDLE_TICKS:
                raise AssertionError("it wants to be called at once for ever")
            self.take(Tick())
        self._pass(max(0.0, until - self._now.steady))
        self.take(Tick())

    def _pass(self, seconds: float) -> None:
        self._now = Now(self._now.wall + seconds, self._now.steady + seconds)

    def _carry_out(self, effect: Effect) -> Iterator[Event]:
        match effect:
            case Commit():
                failed = self._how & NOT_STORED
                self._how &= ~NOT_STORED
                revision = self._engine.snapshot().revision
                yield CommitFailed(revision) if failed else Committed(revision)
            case Publish():
                yield from self._publish(effect)
            case Instruct():
                self._instruct(effect)

    def _publish(self, order: Publish) -> Iterator[Event]:
        command = self._engine.ledger.open.get(order.command_id)
        if command is None:
            return
        if self._how & NOT_SENT:
            yield NotPublished(order.command_id, order.node)
            return
        sending = Sending(
            command=command,
            node=order.node,
            wall=self._now.wall,
            step=order.step,
            readings=self._engine.statuses[order.node].readings,
        )
        try:
            _check_all(self._protocol.messages(self._site, sending))
        except InvalidCommand as invalid:
            yield Failed(order.node, command.id, invalid.code)

    def _instruct(self, order: Instruct) -> None:
        instructing = instructing_of(order, self._engine, self._now.wall)
        said = self._protocol.instruct(self._site, instructing)
        _check_all(said, math.inf)


def check_report(found: Report | Learned | Happened, protocol: Protocol) -> None:
    """Raise AssertionError for a report that is not one, or is out of bounds."""
    for value in _values(dataclasses.asdict(found)):
        match value:
            case str():
                kept = len(value) <= LONGEST_TEXT and (not value or value.isprintable())
            case bytes():
                kept = len(value) <= protocol.max_report_bytes
            case int() | float():
                kept = math.isfinite(value) and abs(value) <= HIGHEST
            case _:
                kept = value is None
        if not kept:
            raise AssertionError(f"out of bounds: {found!r}")
    node = getattr(found, "node", None)
    if node is not None and protocol.node_name(node) != node:
        raise AssertionError(f"no name of a node: {found!r}")
    match found:
        case Needs(_, kind) if kind not in protocol.kinds:
            raise AssertionError(f"no kind: {found!r}")
        case Seen() if not all(_is_told_of(key, protocol) for key in found.readings):
            raise AssertionError(f"no reading: {found!r}")


def check_publication(said: Publication, longest: float = LONGEST_PAYLOAD) -> None:
    """Raise AssertionError for what no broker or no node would take."""
    if set(said.topic) & set("+#\0") or not (
        0 < len(said.topic.encode()) <= LONGEST_TOPIC
    ):
        raise AssertionError(f"no topic: {said.topic!r}")
    if len(said.payload.encode()) > longest:
        raise AssertionError(f"{len(said.payload)} characters on {said.topic}")


def _check_all(said: Iterable[Publication], longest: float = LONGEST_PAYLOAD) -> None:
    for publication in said:
        check_publication(publication, longest)


def _is_told_of(key: str, protocol: Protocol) -> bool:
    return key in protocol.readings or ("/" in key and "/" in protocol.readings)


def _values(value: Any) -> Iterator[object]:  # noqa: ANN401
    match value:
        case dict():
            yield from value
            for part in value.values():
                yield from _values(part)
        case list() | tuple() | frozenset():
            for part in value:
                yield from _values(part)
        case _:
            yield value


def _came(data: bytes, topics: tuple[str, ...]) -> _Came:
    """Return the message that data are: a topic's number, how it comes, the payload.

    What a topic leaves open are the first characters of the payload.
    """
    head, payload = data[:HEAD].ljust(HEAD, b"\0"), data[HEAD:]
    topic = topics[head[0] % len(topics)]
    words = payload[:70].decode("utf-8", "replace").split("/")
    if head[1] & ANYWHERE:
        topic = words[0]
    for word in words:
        topic = topic.replace("+", word, 1)
    return _Came(topic.replace("+", words[-1]), payload, head[1])
