"""What is done to the world: each deed of a plan, and its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.engine.model.events import Backup
from simulation.air import Air, Weather
from simulation.broker import Broker
from simulation.clock import Agenda, Clock
from simulation.disk import Disk
from simulation.files import history_name, stored_name
from simulation.home import Home
from simulation.people import People
from simulation.plan import Deed
from simulation.record import (
    ClockSet,
    Contents,
    Corrupted,
    Crashed,
    Entry,
    Fault,
    HistoryDamaged,
    Mended,
    Refused,
    Restored,
    ZoneSet,
)
from simulation.seats import Seat
from simulation.station import Site
from simulator.faults import Order

CRASH_WAITS = 900.0
"""Seconds for which a crash waits for something that it can interrupt."""
MENDED_AFTER = 60.0


class Mischief:
    """Does deeds. After `heal` nothing goes wrong any more."""

    def __init__(
        self,
        *,
        clock: Clock,
        agenda: Agenda,
        air: Air,
        broker: Broker,
        disk: Disk,
        home: Home,
        people: People,
        seats: Mapping[tuple[str, str], Seat],
        sites: Mapping[str, Site],
        random: Random,
        note: Callable[[Entry], None],
    ) -> None:
        self._clock = clock
        self._agenda = agenda
        self._air = air
        self._broker = broker
        self._disk = disk
        self._home = home
        self._people = people
        self._seats = seats
        self._sites = sites
        self._random = random
        self._note = note
        self._backups: dict[str, tuple[float, Contents, Contents]] = {}
        self._down_after_crash = 0.0
        self._bad: set[str] = set()
        """Stations of which a file has gone bad."""
        self._power = False
        self._healed = False
        self._deeds: Mapping[str, Callable[..., None]] = {
            "ask": self._ask,
            "ask_all": self._ask_all,
            "look": self._look,
            "crash": self._arm_crash,
            "stop": self._stop,
            "reload": self._reload,
            "set_clock": self._set_clock,
            "disk_fails": self._disk_fails,
            "disk_full": self._disk_full,
            "disk_read_only": self._disk_read_only,
            "disk_slow": self._disk_slow,
            "back_up": self._back_up,
            "restore": self._restore,
            "corrupt": self._corrupt,
            "weather": self._set_weather,
            "cut_home": self._cut_home,
            "break_at_publish": self._break_at_publish,
            "restart_broker": self._restart_broker,
            "retained_junk": self._retained_junk,
            "junk": self._junk,
            "cut_node": self._cut_node,
            "order_fault": self._order_fault,
            "set_zone": self._set_zone,
        }

    def do(self, deed: Deed) -> None:
        if self._healed:
            return
        self._deeds[deed.what](**deed.fields)

    def crash(self) -> None:
        """Let go of the process, where it stands."""
        process = self._home.process
        if process is None:
            return
        self._note(Crashed(self._clock.time, self._power, process.ended_at))
        self._home.vanish()
        if self._power:
            self._disk.lose_power()
        self._start_later(self._down_after_crash)

    def heal(self) -> None:
        self._healed = True
        self._air.weather = Weather()
        self._disk.heal()
        self._home.set_slowest_step(None)
        if any(site.cast.by_the_clock for site in self._sites.values()):
            self._set_clock(by=self._clock.true - self._clock.now().wall)
        self._start_broker()
        for seat in self._seats.values():
            seat.heal()
        if self._home.client is not None:
            self._home.client.breaks = None
        if self._home.process is not None:
            self._home.process.crash_never()

    # People

    def _ask(self, *, station: str, what: str, fields: Mapping[str, Any]) -> None:
        loaded = self._home.stations.get(station)
        if loaded is None or loaded.stopped:
            self._note(Refused(self._clock.time, station, what, "not_loaded"))
        else:
            self._people.ask(loaded, what, fields)

    def _ask_all(self, *, orders: Mapping[str, Mapping[str, Any]]) -> None:
        """Have something ordered at several stations at once."""
        loaded = [self._home.stations.get(name) for name in orders]
        found = [one for one in loaded if one is not None and not one.stopped]
        if len(found) == len(orders):
            self._people.together([*zip(found, orders.values(), strict=True)])

    def _look(self, *, station: str) -> None:
        if loaded := self._home.stations.get(station):
            loaded.show()

    # The process and its clocks

    def _arm_crash(self, *, power: bool, points: int, down: float) -> None:
        process = self._home.process
        if process is None:
            return
        self._power = power
        self._down_after_crash = down
        process.crash_after(points)

        def crash() -> None:
            if self._healed:
                return
            process.ended_at = "nothing under way"
            self.crash()

        process.later(CRASH_WAITS, crash)

    def _stop(self, *, down: float) -> None:
        if self._home.process is not None:
            self._fault("stop", f"{down:g} s")
            self._home.stop(lambda: self._start_later(down))

    def _reload(self, *, station: str) -> None:
        loaded = self._home.stations.get(station)
        if loaded is not None and not loaded.stopping:
            self._fault("reload", station)
            self._home.reload(station)

    def _start_later(self, seconds: float) -> None:
        def start() -> None:
            if self._home.process is None:
                self._clock.boot()
                self._home.start()

        self._agenda.after(seconds, start)

    def _set_clock(self, *, by: float) -> None:
        self._note(ClockSet(self._clock.time, by))
        self._clock.wall_ahead += by

    # The disk

    def _disk_fails(self, *, step: str) -> None:
        self._fault("disk error", step)
        self._disk.fails_at = step

    def _disk_full(self, *, seconds: float) -> None:
        self._fault("disk full", f"{seconds:g} s")
        self._disk.full = True
        self._agenda.after(seconds, lambda: setattr(self._disk, "full", False))

    def _disk_read_only(self, *, seconds: float) -> None:
        self._fault("disk read-only", f"{seconds:g} s")
        self._disk.read_only = True
        self._agenda.after(seconds, lambda: setattr(self._disk, "read_only", False))

    def _disk_slow(self, *, seconds: float) -> None:
        self._fault("disk slow", f"{seconds:g} s")
        self._home.set_slowest_step(seconds / 10)
        self._agenda.after(seconds, lambda: self._home.set_slowest_step(None))

    def _back_up(self, *, station: str, seconds: float | None) -> None:
        """Make a backup that takes so many seconds; None: copy the files unasked."""
        loaded = self._home.stations.get(station)
        if seconds is None:
            self._fault("files copied", station)
            self._copy(station)
        elif loaded is not None and not loaded.stopped:
            self._fault("backup", station)

            def copy() -> None:
                self._agenda.after(seconds / 2, lambda: self._copy(station))
                self._agenda.after(seconds, lambda: self._end_backup(station))

            self._people.ask(loaded, "back_up", {"then": copy})

    def _copy(self, station: str) -> None:
        if station not in self._bad:
            contents = self._contents(station)
            self._backups[station] = (self._clock.time, *contents)

    def _end_backup(self, station: str) -> None:
        loaded = self._home.stations.get(station)
        if loaded is not None and not loaded.stopped:
            loaded.handle(Backup(under_way=False))

    def _restore(self, *, station: str) -> None:
        """Put back what was kept, while Home Assistant is stopped for it."""
        if station in self._backups and self._home.process is not None:
            self._home.stop(lambda: self._put_back(station))

    def _put_back(self, station: str) -> None:
        taken_at, stored, history = self._backups[station]
        self._disk.put(stored_name(station), stored)
        self._disk.put(history_name(station), history)
        self._note(Restored(self._clock.time, station, taken_at, stored, history))
        self._start_later(5.0)

    def _corrupt(self, *, station: str) -> None:
        """Let a file go bad while Home Assistant is down; later mend it."""
        if self._home.process is not None:
            self._home.stop(lambda: self._go_bad(station))

    def _go_bad(self, station: str) -> None:
        name = self._random.choice((stored_name(station), history_name(station)))
        good = self._disk.read(name)
        if not good:
            self._start_later(5.0)
            return
        keep = self._random.randrange(len(good))
        bad = good[:keep] + bytes(self._random.randint(0, 8))
        self._disk.put(name, bad)
        if name == history_name(station):
            self._note(HistoryDamaged(self._clock.time, station))
            self._start_later(1.0)
            return
        self._bad.add(station)
        self._note(Corrupted(self._clock.time, station))
        self._start_later(1.0)

        def mend() -> None:
            self._bad.discard(station)
            if self._disk.durable(name) == bad:
                self._disk.put(name, good)
                self._note(Mended(self._clock.time, station))
            self._start_later(1.0)

        self._agenda.after(MENDED_AFTER, lambda: self._home.stop(mend))

    def _contents(self, station: str) -> tuple[Contents, Contents]:
        return (
            self._disk.durable(stored_name(station)),
            self._disk.durable(history_name(station)),
        )

    # The bus

    def _set_weather(self, *, weather: Mapping[str, float], seconds: float) -> None:
        bad = Weather(**weather)
        self._fault("weather", f"{asdict(bad)} {seconds:g} s")
        self._air.weather = bad

        def clear() -> None:
            if self._air.weather is bad:
                self._air.weather = Weather()

        self._agenda.after(seconds, clear)

    def _cut_home(self, **fields: float) -> None:
        if self._home.client is not None:
            self._fault("connection cut", f"{fields}")
            self._home.client.lose(**fields)

    def _break_at_publish(self, *, when: str) -> None:
        if self._home.client is not None:
            self._fault("breaks at publish", when)
            self._home.client.breaks = when

    def _restart_broker(self, *, persistent: bool, down: float) -> None:
        self._fault("broker restart", f"{persistent=} {down:g} s")
        self._broker.stop(persistent=persistent)
        for seat in self._seats.values():
            seat.broker_stopped()
        if self._home.client is not None:
            self._home.client.broker_stopped()
        self._agenda.after(down, self._start_broker)

    def _start_broker(self) -> None:
        self._broker.start()

    def _retained_junk(self, *, station: str) -> None:
        self._fault("retained junk", station)
        site = self._sites[station]
        for message in site.cast.retained_junk(site.plan):
            self._broker.publish(message)

    def _junk(self, *, station: str) -> None:
        self._fault("junk", station)
        site = self._sites[station]
        for message in site.cast.junk(self._random, site.plan):
            self._broker.publish(message)

    # The owner's time

    def _set_zone(self, *, station: str, zone: str) -> None:
        self._note(ZoneSet(self._clock.time, station, zone))
        self._sites[station].knowledge.zone = zone
        loaded = self._home.stations.get(station)
        if loaded is not None and not loaded.stopped:
            loaded.zone_changed()

    # Nodes

    def _cut_node(self, *, station: str, node: str, seconds: float) -> None:
        self._fault("node cut off", f"{station} {node} {seconds:g} s")
        for seat in self._seats_of(station, node):
            seat.cut(seconds)

    def _order_fault(self, *, station: str, order: Order) -> None:
        # Of a cut there are too many moments to count each apart.
        value = "" if order.fault == "cut" else f"={order.value}"
        self._fault(f"node {order.fault}{value}", f"{station} {order}")
        for seat in self._seats_of(station, order.node):
            seat.order(order)

    def _seats_of(self, station: str, node: str | None) -> list[Seat]:
        """Return the client that is a node, or all where others play it."""
        own = [seat for (owner, _), seat in self._seats.items() if owner == station]
        named = [seat for seat in own if seat.node.name == node]
        return named or own

    def _fault(self, kind: str, what: str) -> None:
        self._note(Fault(self._clock.time, kind, what))
