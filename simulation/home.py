"""Home Assistant in this world: it starts, stops, crashes, and loads its stations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from simulation.broker import Broker, matches
from simulation.client import Client
from simulation.clock import Agenda, Clock
from simulation.disk import Disk
from simulation.files import StationFiles, Unusable, history_name, stored_name
from simulation.process import Process
from simulation.record import Entry, Loaded, NotLoaded, Sent, Stopped
from simulation.station import Site, Station
from simulator.node import Message

START_SECONDS = 1.0
"""From the first connection to the broker to the stations' loading."""


class Home:
    """One installation; its processes come and go, its disk stays."""

    def __init__(
        self,
        *,
        clock: Clock,
        agenda: Agenda,
        broker: Broker,
        disk: Disk,
        sites: Mapping[str, Site],
        random: Random,
        note: Callable[[Entry], None],
    ) -> None:
        self._clock = clock
        self._agenda = agenda
        self._broker = broker
        self._disk = disk
        self._sites = sites
        self._random = random
        self._note = note
        self._lives = 0
        self._stopping = False
        self._slowest_step: float | None = None
        self.stations: dict[str, Station] = {}
        self.client: Client | None = None
        self.process: Process | None = None

    @property
    def life(self) -> int:
        return self._lives

    def start(self) -> None:
        if self.process is not None:
            return
        self._lives += 1
        self.process = Process(self._lives, self._clock, self._agenda, self._random)
        self.process.set_slowest_step(self._slowest_step)
        self.client = Client(
            self.process,
            self._broker,
            receive=self._message_came,
            changed=self._connection_changed,
            subscribed=self._subscribed,
            left=self._left,
        )
        # A station is set up when the broker was reached once.
        self.process.later(0.0, self.client.connect)

    def stop(self, then: Callable[[], None]) -> None:
        """Stop as a person would, then call `then`; a stop under way goes first."""
        if self._stopping:
            self._agenda.after(1.0, lambda: self.stop(then))
            return
        self._stopping = True

        def stopped() -> None:
            if all(station.stopped for station in self.stations.values()):
                self._note(Stopped(self._clock.time))
                self.vanish()
                then()

        if not self.stations:
            stopped()
        for station in tuple(self.stations.values()):
            station.stop(stopped)

    def vanish(self) -> None:
        """Lose all memory; the connection breaks."""
        if self.client is not None:
            self.client.close()
        for site in self._sites.values():
            site.knowledge.forget()
        self._lives += 1
        self._stopping = False
        self.stations.clear()
        self.client = self.process = None

    def reload(self, station: str) -> None:
        """Unload a station and load it again; the MQTT client lives on.

        What is being unloaded is loaded again once, as Home Assistant does it: one
        after the other.
        """

        def load_again() -> None:
            if not self._stopping:
                self._load(self._sites[station])

        loaded = self.stations.get(station)
        if loaded is not None and not loaded.stopping:
            loaded.stop(load_again)

    def set_slowest_step(self, seconds: float | None) -> None:
        """Have the disk take up to so many seconds a step; None: as always."""
        self._slowest_step = seconds
        if self.process is not None:
            self.process.set_slowest_step(seconds)

    def _load_all(self) -> None:
        for site in self._sites.values():
            self._load(site)

    def _load(self, site: Site) -> None:
        if self.process is None or self.client is None:
            return
        files = StationFiles(self.process, self._disk, site.name)
        stored, history = (
            self._disk.read(name(site.name)) for name in (stored_name, history_name)
        )
        self.stations.pop(site.name, None)
        try:
            station = Station(site, self.process, self.client, files)
        except Unusable:
            self._note(NotLoaded(self._clock.time, site.name))
            return
        self._note(Loaded(self._clock.time, site.name, stored, history))
        self.stations[site.name] = station
        station.start()

    def _message_came(self, topic: str, payload: bytes, retained: bool) -> None:
        for station in tuple(self.stations.values()):
            if matches(station.filters, topic):
                station.message_came(topic, payload, retained)

    def _connection_changed(self, up: bool) -> None:
        if up and not self.stations and self.process is not None:
            self.process.later(START_SECONDS, self._load_all)
        for station in tuple(self.stations.values()):
            station.connection_changed()

    def _subscribed(self) -> None:
        for station in tuple(self.stations.values()):
            station.subscribed()

    def _left(self, station: str, message: Message, again: bool) -> None:
        what = (message.topic, message.payload, again)
        self._note(Sent(self._clock.time, station, *what))
