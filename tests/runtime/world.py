"""Ports that do only what a test has them do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Enqueued,
    ImageEffect,
)
from custom_components.mqtt_dispatch.engine.model.events import Enqueue
from custom_components.mqtt_dispatch.engine.model.meal import OverdueMeal
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.engine.view import StationView
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
    Said,
)
from custom_components.mqtt_dispatch.runtime.driver import Driver, World
from custom_components.mqtt_dispatch.runtime.ports import Cancel, Written
from tests.engine.driver import NOON, a_station
from tests.engine.policies import POLICIES

WIRE = PROTOCOLS["paired_dispenser"]
READY = b'{"online": 1, "ready": 1, "uptime": 100}'


class FakeClock:
    """Time passes when a test says so; what is due is done on the way."""

    def __init__(self) -> None:
        self.steady = 5000.0
        self.set_by = 0.0
        """By how much the wall clock was set."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self.timers = 0
        """How many were set."""

    def now(self) -> Now:
        return Now(wall=NOON + self.set_by + self.steady, steady=self.steady)

    def later(self, seconds: float, action: Callable[[], None]) -> Cancel:
        self.timers += 1
        item = (self.steady + seconds, self.timers, action)
        self._due.append(item)

        def cancel() -> None:
            if item in self._due:
                self._due.remove(item)

        return cancel

    @property
    def waits(self) -> int:
        """How much is still to be done."""
        return len(self._due)

    def next(self) -> None:
        """Do the first thing that is due, if one is due now."""
        if self._due and min(self._due)[0] <= self.steady:
            item = min(self._due)
            self._due.remove(item)
            item[2]()

    def advance(self, seconds: float) -> None:
        end = self.steady + seconds
        while self._due and min(self._due)[0] <= end:
            item = min(self._due)
            self._due.remove(item)
            self.steady = max(self.steady, item[0])
            item[2]()
        self.steady = end


class FakeDisk:
    """Writes at once, or when it is told to, or not at all."""

    def __init__(self) -> None:
        self.written: list[Snapshot] = []
        self.history: list[Command] = []
        self.past = Past()
        """What was brought to the history last."""
        self.error: Exception | None = None
        self.slow = False
        self._waiting: list[tuple[Snapshot, Written]] = []

    def commit(self, snapshot: Snapshot, written: Written) -> None:
        self._waiting.append((snapshot, written))
        if not self.slow:
            self.finish()

    def write_history(self, past: Past, written: Written) -> None:
        if self.error is None:
            self.history.extend(past.commands)
            self.past = past
        written(self.error)

    def finish(self) -> None:
        """End the write that is under way."""
        snapshot, written = self._waiting.pop(0)
        if self.error is None:
            self.written.append(snapshot)
        written(self.error)


class FakeWire:
    """Notes what is published, with what was on disk by then."""

    def __init__(self, disk: FakeDisk) -> None:
        self._disk = disk
        self.connected = True
        self.told: list[tuple[str, int]] = []
        """Topic, and how many snapshots had been written."""
        self.said: list[str] = []

    def tell(
        self,
        publications: tuple[Publication, ...],
        *,
        qos: int,
        expires_in: float,
        not_left: Callable[[], None],
    ) -> None:
        assert qos in {0, 1}
        assert expires_in > 0
        if not self.connected:
            not_left()
            return
        self.told += [(one.topic, len(self._disk.written)) for one in publications]

    def say(self, publications: tuple[Publication, ...], *, qos: int) -> None:
        assert qos in {0, 1}
        self.said += [one.topic for one in publications]


class FakeListeners:
    """Remembers what it is told; raises where a test says so."""

    def __init__(self) -> None:
        self.changes: list[CommandState] = []
        self.overdue_meals: list[OverdueMeal] = []
        self.views: list[StationView] = []
        self.faults: list[str] = []
        self.malformed: list[Malformed] = []
        self.errors: list[Exception | None] = []
        self.on_change: Callable[[Changed], None] = lambda _: None
        self.follow_age = True

    def shown(self, before: StationView, now: StationView, *, beside: bool) -> None:
        del before, beside
        self.views.append(now)

    def follows_age(self, node: str) -> bool:
        del node
        return self.follow_age

    def changed(self, change: Changed) -> None:
        self.changes.append(change.state)
        self.on_change(change)

    def overdue(self, meal: OverdueMeal) -> None:
        self.overdue_meals.append(meal)

    def said(self, news: Learned | Happened) -> None:
        """Nobody asks here."""

    def pictured(self, image: ImageEffect) -> None:
        """Nobody asks here."""

    def discovered(self, node: str, hello: Hello) -> None:
        """Nobody asks here."""

    def heard(self, message: Message, said: tuple[Said, ...]) -> None:
        """Nobody asks here."""

    def not_understood(self, malformed: Malformed, topic: str) -> None:
        del topic
        self.malformed.append(malformed)

    def connection(self, *, up: bool) -> None:
        """Nobody asks here."""

    def storage(self, error: Exception | None) -> None:
        self.errors.append(error)

    def fault(self, doing: str) -> None:
        self.faults.append(doing)


class Kitchen:
    """Two dispensers, their driver, and its ports."""

    def __init__(self, **driven: Any) -> None:
        self.clock = FakeClock()
        self.disk = FakeDisk()
        self.wire = FakeWire(self.disk)
        self.listeners = FakeListeners()
        self.driver = Driver(
            a_station(policies=POLICIES, feeds_waiting=0, feeds_per_hour=0),
            driven.get("protocol", WIRE),
            Site(prefix="disp", nodes={"1": {}, "2": {}}),
            World(self.clock, self.disk, self.wire, self.listeners),
            stored=driven.get("stored", Snapshot()),
            history=(),
        )
        self.driver.start()
        self.driver.connection_changed(up=True)
        self.clock.advance(0)

    def ready(self, nodes: Iterable[str] = ("1", "2")) -> None:
        """Have nodes be ready, and for long enough."""
        for _ in range(2):
            for node in nodes:
                self.driver.message_came(f"disp/state/{node}", READY, retained=False)
            self.clock.advance(0.6)

    def feed(self) -> int:
        (enqueued,) = (
            effect
            for effect in self.driver.handle(
                Enqueue(
                    kind="feed",
                    params={"portions": 1},
                    nodes=("1", "2"),
                    cause=Cause.ACTION,
                    confirmed=True,
                )
            )
            if isinstance(effect, Enqueued)
        )
        return enqueued.command_id
