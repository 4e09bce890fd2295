"""One run: the world is made, goes wrong, becomes well, and comes to rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
import json
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from simulation.air import Air
from simulation.broker import Broker
from simulation.casts import CASTS
from simulation.casts.base import StationPlan
from simulation.clock import Agenda, Clock
from simulation.disk import Disk
from simulation.files import history_name, stored_name
from simulation.home import Home
from simulation.knowledge import Knowledge
from simulation.mischief import Mischief
from simulation.people import People
from simulation.plan import Plan
from simulation.process import Crash
from simulation.record import Durable, Ended, Entry, Healed, Holds, StationBegan
from simulation.seats import Seat
from simulation.station import Site, Station

BIND_AFTER = 60.0
"""Seconds after which a person looks whether nodes have lost their place."""
BELIEVED_WITHIN = 301.0 + 300.0
"""Seconds in which a clock that is set right in the end is noticed, and then believed:
until then nodes are told nothing by it."""
LOOK_EVERY = 20.0
ENDLESS = 10_000
"""So many things at one instant are a loop."""
FAR_AHEAD = 6 * 3600.0
"""Seconds beyond which no run lasts."""


class World:
    """Runs a plan, and keeps the record of it."""

    def __init__(self, plan: Plan) -> None:
        self.record: list[Entry] = []
        self._plan = plan
        self._clock = clock = Clock(plan.wall)
        self._agenda = agenda = Agenda(clock)
        note = self.record.append
        self._air = air = Air(self._random("air"))
        self._disk = disk = Disk(self._random("disk"), self._became_durable)
        self._parts = {
            name(station.name): (station.name, part)
            for station in plan.stations
            for name, part in ((stored_name, "stored"), (history_name, "history"))
        }
        for station in plan.stations:
            note(_began(station, plan.wall))
        self._cast = cast = CASTS[plan.protocol]
        broker = Broker(agenda, air, in_order=cast.in_order)
        self._sites = {
            station.name: Site(station, cast, Knowledge(station), note)
            for station in plan.stations
        }
        self._home = Home(
            clock=clock,
            agenda=agenda,
            broker=broker,
            disk=disk,
            sites=self._sites,
            random=self._random("home"),
            note=note,
        )
        self._seated = self._seats(broker)
        self._people = People(self._random("people"), lambda: clock.time)
        self._mischief = Mischief(
            clock=clock,
            agenda=agenda,
            air=air,
            broker=broker,
            disk=disk,
            home=self._home,
            people=self._people,
            seats=self._seated,
            sites=self._sites,
            random=self._random("mischief"),
            note=note,
        )

    def run(self) -> list[Entry]:
        """Run the plan to its end, and return the record."""
        for deed in self._plan.deeds:
            self._agenda.after(deed.at, partial(self._mischief.do, deed))
        self._home.start()
        self._advance(self._plan.seconds)
        self._heal()
        self._agenda.after(BIND_AFTER, self._bind)
        self._advance(self._clock.time + max(self._cast.tells_within, BELIEVED_WITHIN))
        rested = self._come_to_rest()
        self._show()
        # A start would make up for what was missed before it.
        self._look_at_nodes()
        self._home.stop(self._home.start)
        rested = self._come_to_rest() and rested
        self._show()
        self._look_at_nodes()
        self.record.append(Ended(self._clock.time, rested))
        return self.record

    def _come_to_rest(self) -> bool:
        """Look every while whether nothing goes on any more.

        Not at once: what was begun a moment ago, as to stop, has not shown yet.
        """
        end = self._clock.time + self._cast.rests_within
        while self._clock.time < end:
            self._advance(self._clock.time + LOOK_EVERY)
            self._look_after()
            if self._rests():
                self._mend_plans()
                if self._rests():
                    return True
        return False

    @property
    def air(self) -> Air:
        return self._air

    def _advance(self, until: float) -> None:
        at_once, before = 0, -1.0
        while (at := self._agenda.next_at()) is not None and at <= until:
            action = self._agenda.take(self._home.life)
            if action is None:
                continue
            at_once = at_once + 1 if self._clock.time == before else 0
            before = self._clock.time
            if at_once > ENDLESS:
                raise RuntimeError(f"time stands still at {before}")
            try:
                action()
            except Crash:
                self._mischief.crash()
        self._clock.time = until

    def _heal(self) -> None:
        self._mischief.heal()
        self.record.append(Healed(self._clock.time))

    def _look_after(self) -> None:
        """Do what a person does who wants all to go on."""
        for station in self._home.stations.values():
            if not station.engine.ledger.dispatching:
                self._people.ask(station, "resume", {})
            if station.engine.ledger.restored_at is not None:
                self._people.ask(station, "confirm", {"keep": True})
            if station.engine.clock.asks:
                self._people.ask(station, "trust_clock", {})

    def _bind(self) -> None:
        if len(self._home.stations) < len(self._sites):
            # Somebody who cannot look yet looks again.
            self._agenda.after(BIND_AFTER, self._bind)
            return
        for station in self._home.stations.values():
            self._people.ask(station, "bind", {})

    def _mend_plans(self) -> None:
        for station in self._home.stations.values():
            self._people.ask(station, "mend_plan", {})

    def _rests(self) -> bool:
        stations = self._home.stations
        return len(stations) == len(self._sites) and all(map(_rests, stations.values()))

    def _look_at_nodes(self) -> None:
        """Note what is in the nodes' flash."""
        for station in self._plan.stations:
            flash: dict[str, Any] = {}
            for (owner, _), seat in self._seated.items():
                if owner == station.name:
                    flash |= seat.memory
            for node, held in self._cast.holds(station, flash):
                what = (node, self._clock.now().wall, json.dumps(held))
                self.record.append(Holds(self._clock.time, station.name, *what))

    def _show(self) -> None:
        for station in self._home.stations.values():
            station.show()

    def _became_durable(self, name: str) -> None:
        if name in self._parts:
            contents = self._disk.durable(name)
            if contents is not None:
                station, part = self._parts[name]
                self.record.append(Durable(self._clock.time, station, part, contents))

    def _seats(self, broker: Broker) -> Mapping[tuple[str, str], Seat]:
        seats = {}
        for station in self._plan.stations:
            for node in self._cast.nodes(station, self._clock.true):
                seats[station.name, node.name] = Seat(
                    station,
                    self._cast,
                    node,
                    clock=self._clock,
                    agenda=self._agenda,
                    broker=broker,
                    note=self.record.append,
                )
        return seats

    def _random(self, what: str) -> Random:
        return Random(f"{self._plan.seed} {what}")


def _rests(station: Station) -> bool:
    ledger = station.engine.ledger
    if ledger.restored_at is not None or not ledger.dispatching:
        return False
    # What was ordered by a clock that was days ahead is for a day that does not come.
    ends = station.now().wall + FAR_AHEAD
    return not ledger.unstored and all(
        command.state is CommandState.UNCONFIRMED or (command.not_before or 0.0) > ends
        for command in ledger.open.values()
    )


def _began(plan: StationPlan, wall: float) -> StationBegan:
    places = tuple(
        (node, fields["slots"])
        for node, fields in plan.fields.items()
        if "slots" in fields
    )
    return StationBegan(
        0.0,
        plan.name,
        plan.nodes,
        plan.drops_repeats,
        plan.tells,
        CASTS[plan.protocol].protocol.key,
        plan.zone,
        places,
        wall,
        plan.options.get("feeds_waiting", 0),
        plan.options.get("feeds_per_hour", 0),
    )
