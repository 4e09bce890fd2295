"""What things cost, as ratios: each beside its yardstick, by turns, in one run.

Everything here is the integration's own; only the broker is missing. A ratio tells
something on any machine, the times beside it on none but this one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
import json
import os
from pathlib import Path
from statistics import median
import tempfile
import time
from types import MappingProxyType
from typing import override

from homeassistant.components.mqtt.models import ReceiveMessage
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.const import CONF_PROTOCOL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR

from custom_components.mqtt_dispatch.broker.link import Link
from custom_components.mqtt_dispatch.const import (
    CONF_NODE,
    CONF_PREFIX,
    DOMAIN,
    SUBENTRY_NODE,
)
from custom_components.mqtt_dispatch.coordinator import (
    DispatchConfigEntry,
    DispatchCoordinator,
)
from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.effects import Commit
from custom_components.mqtt_dispatch.engine.model.events import (
    Committed,
    Connection,
    Enqueue,
    Event,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.policy import (
    FEED,
    HOUR,
    Settings,
    Station,
)
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Done, Seen
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
)
from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    PAIRED_DISPENSER,
)
from custom_components.mqtt_dispatch.storage.store import StationStore

from .bench_past import async_filled, async_seconds, looks

PAIR = ("1", "2")
FEW, FULL, MOST = 10, 1_000, 10_000
"""How many commands are open; the last is the highest bound that an owner can set."""
LONG_PAST, SHORT_PAST = 1_000_000, 10_000
"""How many commands stand in the history."""
ORDERS = 200
PORTIONS = MappingProxyType({"portions": 1, "hopper": 1, "bowl": 1, "pet": 0})

START = Now(wall=1_784_548_800.0, steady=5000.0)
SETTLED = Now(wall=START.wall + 1, steady=START.steady + 1)

HEARTBEAT = b'{"online":1,"uptime":123,"ready":1,"fw":"2.0.0","last_id":0}'
SITE = Site(prefix=PAIRED_DISPENSER.default_prefix, nodes={node: {} for node in PAIR})
HEARTBEAT_TOPIC = f"{PAIRED_DISPENSER.default_prefix}/state/{PAIR[0]}"

_SAME = Seen(node=PAIR[0], live=True, ready=True, online=True, uptime=123)

type Run = Callable[[], Awaitable[float]]
"""Does something once and returns the seconds that it took."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """What something costs beside its yardstick; both in seconds."""

    what: str
    cost: float
    yardstick: float

    @override
    def __str__(self) -> str:
        return (
            f"{self.what:<66}{_time(self.cost):>9}{_time(self.yardstick):>10}"
            f"{self.cost / self.yardstick:>8.2f}"
        )


async def _compare(what: str, run: Run, yardstick: Run, times: int) -> Ratio:
    """Run both by turns, so that what else the machine does befalls both alike."""
    pairs = [(await run(), await yardstick()) for _ in range(times)]
    costs, yardsticks = zip(*pairs, strict=True)
    return Ratio(what, median(costs), median(yardsticks))


def _each(work: Callable[[], object], times: int) -> Run:
    """Return what measures one of many repetitions: one alone is below the clock."""

    async def run() -> float:
        started = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - started) / times

    return run


class Driven:
    """An engine whose nodes are ready and whose disk takes no time."""

    def __init__(self, nodes: tuple[str, ...], commands: int) -> None:
        station = Station(
            nodes=nodes,
            policies=PROTOCOLS["paired_dispenser"].policies,
            settings=Settings(max_open=MOST, feeds_waiting=0, feeds_per_hour=0),
        )
        self.engine = Engine(station, _stored(nodes, commands), (), START)
        self.engine.handle(Connection(up=True), START)
        for node in nodes:
            self.engine.handle(Seen(node=node, live=True, ready=True), START)
        self.tell(Tick())
        self.view = view(self.engine, SETTLED)

    def tell(self, event: Event) -> None:
        effects = self.engine.handle(event, SETTLED)
        if Commit() in effects:
            self.tell(Committed(self.engine.ledger.revision))

    def hear(self) -> None:
        """Take in a heartbeat, from the bytes on."""
        message = Message(HEARTBEAT_TOPIC, HEARTBEAT, False, SETTLED.wall)
        for report in PAIRED_DISPENSER.report(SITE, message):
            if not isinstance(report, Malformed | Publication | Learned | Happened):
                self.tell(report)

    def hear_and_look(self) -> None:
        """Take in a heartbeat of which only the time is news, and look what is next."""
        self.tell(_SAME)
        self.view = view(self.engine, SETTLED, self.view)
        self.engine.next_deadline(SETTLED)

    def feed(self) -> None:
        """Order a feed, and see the one that is at the head done."""
        nodes = self.engine.station.nodes
        self.tell(Enqueue(kind=FEED, params=PORTIONS, nodes=nodes, cause=Cause.ACTION))
        head = next(iter(self.engine.ledger.open))
        for answer in (Accepted, Done):
            for node in nodes:
                self.tell(answer(node, head))
        if self.engine.ledger.closed[head].state is not CommandState.SUCCEEDED:
            raise RuntimeError("the feed that was to be measured did not succeed")


def _stored(nodes: tuple[str, ...], commands: int) -> Snapshot:
    return Snapshot(
        next_id=commands + 1,
        commands=tuple(
            Command(
                id=number,
                kind=FEED,
                params=PORTIONS,
                command_class=CommandClass.ONCE,
                created_at=START.wall,
                expires_at=START.wall + HOUR,
                deliveries=tuple(Delivery(node) for node in nodes),
                timeline=(
                    TimelineEntry(START.wall, CommandState.QUEUED, Cause.ACTION),
                ),
            )
            for number in range(1, commands + 1)
        ),
    )


def _one_feed(others: int) -> Run:
    async def run() -> float:
        driven = Driven(PAIR, others)
        started = time.perf_counter()
        driven.feed()
        return time.perf_counter() - started

    return run


async def _rules() -> AsyncIterator[Ratio]:
    few, many = Driven(PAIR, FEW), Driven(PAIR, MOST)
    yield await _compare(
        f"A heartbeat, its view and the next deadline, {MOST:,} open : {FEW}",
        _each(many.hear_and_look, 200),
        _each(few.hear_and_look, 200),
        times=50,
    )
    yield await _compare(
        f"The same at {MOST:,} : json.loads of its bytes",
        _each(many.hear_and_look, 200),
        _each(lambda: json.loads(HEARTBEAT), 1000),
        times=50,
    )
    yield await _compare(
        "A heartbeat from its bytes on : json.loads of them",
        _each(few.hear, 200),
        _each(lambda: json.loads(HEARTBEAT), 1000),
        times=50,
    )
    for others in (FULL, MOST):
        yield await _compare(
            f"A feed ordered, sent, accepted and done, {others:,} open : {FEW}",
            _one_feed(others - 1),
            _one_feed(FEW - 1),
            times=30,
        )


async def _commit(hass: HomeAssistant, commands: int) -> Ratio:
    """Change one command of many and store it, beside a plain write of the bytes."""
    key = f"bench_{commands}"
    store, snapshot = StationStore(hass, key), _stored(PAIR, commands)
    await store.async_commit(snapshot)
    file = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{key}"))
    content = await hass.async_add_executor_job(file.read_bytes)
    changed = _changes(snapshot)

    async def commit() -> float:
        one = next(changed)
        started = time.perf_counter()
        await store.async_commit(one)
        return time.perf_counter() - started

    async def write() -> float:
        started = time.perf_counter()
        await hass.async_add_executor_job(_write, file.with_name("plain"), content)
        return time.perf_counter() - started

    return await _compare(
        f"A commit, {commands:,} open : write and fsync of {len(content):,} bytes",
        commit,
        write,
        times=20,
    )


def _changes(snapshot: Snapshot) -> Iterator[Snapshot]:
    first, *others = snapshot.commands
    for number in count():
        first = replace(first, key=str(number))
        yield replace(snapshot, commands=(first, *others))


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class NoBroker(Link):
    """A link that is up, and from which nothing ever comes."""

    @callback
    @override
    def attach(
        self,
        on_message: Callable[[ReceiveMessage], None],
        on_connection: Callable[[bool], None],
    ) -> None:
        on_connection(True)


class Orders:
    """Orders as the actions give them, through a station's own worker to the disk."""

    def __init__(self, hass: HomeAssistant, *, at_once: bool) -> None:
        self._hass = hass
        self._at_once = at_once
        self.commits = 0

    async def run(self) -> float:
        entry = _entry()
        store = StationStore(self._hass, entry.entry_id)
        link = NoBroker(self._hass, ())
        coordinator = DispatchCoordinator(
            self._hass, entry, store, link, stored=Snapshot(), history=[]
        )
        coordinator.async_start()
        before = store.writes
        started = time.perf_counter()
        if self._at_once:
            await asyncio.gather(*(_order(coordinator) for _ in range(ORDERS)))
        else:
            for _ in range(ORDERS):
                await _order(coordinator)
        taken = time.perf_counter() - started
        self.commits = store.writes - before
        await coordinator.async_stop()
        return taken


async def _order(coordinator: DispatchCoordinator) -> None:
    await async_order(coordinator, FEED, PORTIONS, PAIR, Cause.ACTION)


def _entry() -> DispatchConfigEntry:
    return ConfigEntry(
        domain=DOMAIN,
        title="Bench",
        data={
            CONF_PROTOCOL: PAIRED_DISPENSER.key,
            CONF_PREFIX: PAIRED_DISPENSER.default_prefix,
        },
        options={"feeds_waiting": 0, "feeds_per_hour": 0},
        subentries_data=[
            {
                "subentry_type": SUBENTRY_NODE,
                "title": node,
                "unique_id": node,
                "data": {CONF_NODE: node},
            }
            for node in PAIR
        ],
        discovery_keys=MappingProxyType({}),
        pref_disable_new_entities=None,
        pref_disable_polling=None,
        source=SOURCE_USER,
        unique_id=PAIRED_DISPENSER.default_prefix,
        version=1,
        minor_version=1,
    )


async def _orders(hass: HomeAssistant) -> Ratio:
    at_once, in_turn = Orders(hass, at_once=True), Orders(hass, at_once=False)
    ratio = await _compare("", at_once.run, in_turn.run, times=3)
    return replace(
        ratio,
        what=f"{ORDERS} orders at once ({at_once.commits} written) :"
        f" one by one ({in_turn.commits} written)",
    )


async def _past(folder: str) -> AsyncIterator[Ratio]:
    """Look back at a long past and at a short one, by turns."""
    long = await async_filled(folder, LONG_PAST)
    short = await async_filled(folder, SHORT_PAST)
    for what, look in looks().items():
        yield await _compare(
            f"{what}, {LONG_PAST:,} commands : {SHORT_PAST:,}",
            partial(async_seconds, look, long),
            partial(async_seconds, look, short),
            times=30,
        )


async def _all(folder: str) -> AsyncIterator[Ratio]:
    async for ratio in _rules():
        yield ratio
    hass = HomeAssistant(folder)
    for commands in (1, FULL, MOST):
        yield await _commit(hass, commands)
    yield await _orders(hass)
    async for ratio in _past(folder):
        yield ratio
    await hass.async_stop(force=True)


async def main() -> None:
    """Print the table, line by line as it comes."""
    print(f"{'what : yardstick':<66}{'what':>9}{'yardstick':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory(prefix="mqtt_dispatch_bench_") as folder:
        async for ratio in _all(folder):
            print(ratio, flush=True)
        print(f"The files were in {folder}; TMPDIR chooses another disk.")


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds / 1e-6:.1f} µs"


if __name__ == "__main__":
    asyncio.run(main())
