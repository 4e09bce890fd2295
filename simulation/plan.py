"""All that a seed decides before a run begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
import re
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from simulation.casts import CASTS
from simulation.casts.base import StationPlan
from simulator.faults import Order

MINUTE = 60.0
HOUR = 3600.0
_EARLIEST = 1_767_225_600
"""Unix seconds of 2026-01-01, where the wall clocks begin."""
_YEAR = 365 * 24 * 3600
_NAME = re.compile("s[0-9]+")
"""What stations are named, and their prefixes with them."""


def is_of_another_station(topic: str, name: str) -> bool:
    """Whether a topic is below the prefix of another station than the one named.

    What is below none, such as the topics that all cameras share, is of each.
    """
    root = re.split("[/.]", topic, maxsplit=1)[0]
    return root != name and _NAME.fullmatch(root) is not None


class Deed(NamedTuple):
    """One thing that is done to the world."""

    at: float
    what: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run."""

    seed: int
    protocol: str
    wall: float
    seconds: float
    stations: tuple[StationPlan, ...]
    deeds: tuple[Deed, ...]


def make_plan(seed: int, stations: int, hours: float, protocol: str) -> Plan:
    """Draw a run. Its length, and how many stations it has, do not follow the seed.

    What would happen in `hours` is spread over as much longer as a protocol's nodes
    take for everything.
    """
    random = Random(f"{seed} plan")
    cast = CASTS[protocol]
    seconds = hours * HOUR * cast.stretch
    planned = tuple(cast.draw(random, f"s{n}") for n in range(1, stations + 1))
    if "feed" in cast.protocol.kinds:
        guards = Random(f"{seed} guards")
        planned = tuple(_guarded(guards, station) for station in planned)
    draw = _Draw(random, seconds, hours, planned)
    deeds = [*draw.people(), *draw.process(), *draw.storage(), *draw.bus()]
    deeds += draw.nodes()
    deeds += draw.halts(Random(f"{seed} halts"))
    deeds += draw.together(Random(f"{seed} together"))
    deeds += draw.later(Random(f"{seed} later"))
    wall = float(_EARLIEST + random.randrange(_YEAR))
    keeping = Random(f"{seed} keeping")
    for station in planned:
        if cast.protocol.planning is not None:
            deeds += draw.keepers(keeping, station)
            wall = _near_a_change(keeping, station.zone, wall, seconds)
        elif "feed" in cast.protocol.kinds:
            deeds += draw.movers(keeping, station)
        deeds += draw.planners(Random(f"{seed} {station.name} planners"), station)
    return Plan(
        seed=seed,
        protocol=protocol,
        wall=wall,
        seconds=seconds,
        stations=planned,
        deeds=tuple(sorted(deeds, key=lambda deed: deed.at)),
    )


def _guarded(random: Random, station: StationPlan) -> StationPlan:
    """Return a station that takes only a few feeds; most take any number."""
    waiting, per_hour = random.choice(
        ((0, 0), (0, 0), (random.randint(1, 3), random.randint(2, 6)))
    )
    limits = {"feeds_waiting": waiting, "feeds_per_hour": per_hour}
    return replace(station, options={**station.options, **limits})


def _near_a_change(random: Random, zone: str, wall: float, seconds: float) -> float:
    """Return a beginning; of two runs in one, clocks are set in the course of it."""
    found = ZoneInfo(zone)

    def offset(at: float) -> timedelta | None:
        return datetime.fromtimestamp(at, found).utcoffset()

    change = next(
        (
            at
            for at in range(int(wall), int(wall) + _YEAR, 1800)
            if offset(at) != offset(at + 1800)
        ),
        None,
    )
    if change is None or random.random() < 0.5:  # noqa: PLR2004 - one of two
        return wall
    return change - random.uniform(0.0, seconds)


class _Draw:
    """Draws the deeds. Each sort comes not at all, seldom or often in a run."""

    def __init__(
        self,
        random: Random,
        seconds: float,
        hours: float,
        stations: tuple[StationPlan, ...],
    ) -> None:
        self._random = random
        self._seconds = seconds
        self._hours = hours
        self._stations = stations

    def people(self) -> Iterator[Deed]:
        for station in self._stations:
            yield from self._people_of(station)

    def _people_of(self, station: StationPlan) -> Iterator[Deed]:
        random, choice = self._random, self._random.choice
        protocol = CASTS[station.protocol].protocol
        keys = [f"key {number}" for number in range(4)]
        for at in self._moments(4, 8, 14):
            again = choice((0, 0, 0, 0, 1))
            order = self._order(station, keys)
            for number in range(1 + again):
                yield Deed(at + number * choice((0.001, 0.001, 20.0)), *order)
        for what, counts in (
            ("cancel", (0, 0, 2)),
            ("finish", (0, 1, 3)),
            ("pause", (0, 0, 1)),
            ("resume", (1, 1, 1)),
            ("unschedule", (0, 0, 1)),
        ):
            for at in self._moments(*counts):
                yield Deed(at, "ask", _ask(station, what, {}))
        if "feed" in protocol.kinds and protocol.planning is None:
            for at in self._moments(0, 0, 1):
                minutes = choice((2, 9))
                yield Deed(at, "ask", _ask(station, "meal", {"minutes": minutes}))
        for at in self._moments(0, 2, 5):
            outcome = choice(("succeeded", "failed", "resend", "resend"))
            yield Deed(at, "ask", _ask(station, "resolve", {"outcome": outcome}))
        for at in self._moments(1, 3, 3):
            keep = random.random() < _MOSTLY
            yield Deed(at, "ask", _ask(station, "confirm", {"keep": keep}))
        for at in self._moments(0, 1, 2):
            yield Deed(at, "look", {"station": station.name})

    def process(self) -> Iterator[Deed]:
        random, choice = self._random, self._random.choice
        for at in self._moments(0, 2, 5):
            yield Deed(
                at,
                "crash",
                {
                    "power": choice((True, False)),
                    "points": random.randrange(40),
                    "down": choice((0.5, 5.0, 40.0, 400.0)),
                },
            )
        for at in self._moments(0, 0, 1):
            yield Deed(at, "stop", {"down": choice((2.0, 60.0, 900.0))})
        for at in self._moments(0, 0, 2):
            yield Deed(at, "reload", {"station": choice(self._stations).name})
        for at in self._moments(0, 0, 2):
            by = choice((-7200.0, -60.0, -2.0, 2.0, 60.0, 3600.0, -90000.0, 90000.0))
            yield Deed(at, "set_clock", {"by": by})

    def storage(self) -> Iterator[Deed]:
        choice = self._random.choice
        steps = ("create", "write", "sync", "rename", "sync_folder")
        for at in self._moments(0, 0, 3):
            yield Deed(at, "disk_fails", {"step": choice(steps)})
        for what in ("disk_full", "disk_read_only", "disk_slow"):
            for at in self._moments(0, 0, 0, 1):
                yield Deed(at, what, {"seconds": choice((3.0, 45.0, 300.0))})
        for at in self._moments(0, 0, 0, 1):
            station = choice(self._stations).name
            yield Deed(
                at * 0.8,
                "back_up",
                {"station": station, "seconds": choice((None, 1.0, 20.0))},
            )
            then = at * 0.8 + choice((30.0, 200.0, 600.0, 1200.0))
            yield Deed(min(then, self._seconds), "restore", {"station": station})
        for at in self._moments(0, 0, 0, 0, 0, 1):
            yield Deed(at, "corrupt", {"station": choice(self._stations).name})

    def bus(self) -> Iterator[Deed]:
        random, choice = self._random, self._random.choice
        for at in self._moments(0, 1, 3):
            kinds = choice(("loses", "doubles", "delays", "loses doubles delays"))
            strength = choice((0.05, 0.3, 0.8))
            late = choice((0.3, 3.0, 20.0))
            weather = dict.fromkeys(kinds.split(), strength) | {"late": late}
            yield Deed(
                at, "weather", {"weather": weather, "seconds": choice((20.0, 200.0))}
            )
        for at in self._moments(0, 1, 3):
            yield Deed(
                at,
                "cut_home",
                {
                    "noticed_after": choice((0.0, 2.0, 30.0)),
                    "believed_after": choice((0.0, 0.0, 1.0)),
                    "back_after": choice((0.0, 5.0, 120.0)),
                },
            )
        for at in self._moments(0, 1, 4):
            yield Deed(at, "break_at_publish", {"when": choice(("before", "after"))})
        for at in self._moments(0, 0, 1):
            yield Deed(
                at,
                "restart_broker",
                {
                    "persistent": choice((True, False)),
                    "down": choice((0.2, 10.0, 90.0)),
                },
            )
        for station in self._stations:
            if random.random() < _SELDOM:
                yield Deed(0.0, "retained_junk", {"station": station.name})
            for at in self._moments(0, 0, 4):
                yield Deed(at, "junk", {"station": station.name})

    def nodes(self) -> Iterator[Deed]:
        choice = self._random.choice
        for station in self._stations:
            for at in self._moments(0, 1, 3):
                yield Deed(
                    at,
                    "cut_node",
                    {
                        "station": station.name,
                        "node": choice(station.nodes),
                        "seconds": choice((0.5, 20.0, 300.0)),
                    },
                )
            for at in self._moments(0, 3, 8):
                yield Deed(
                    at,
                    "order_fault",
                    {"station": station.name, "order": self._fault(station)},
                )

    def keepers(self, random: Random, station: StationPlan) -> Iterator[Deed]:
        """Draw what changes a plan that nodes keep, with a chance of its own."""
        cast = CASTS[station.protocol]
        for at in _moments(random, self._seconds, self._hours, 2, 5, 9):
            meal = cast.meal(random, station)
            yield Deed(at, "ask", _ask(station, "put_meal", {"given": meal}))
        for at in _moments(random, self._seconds, self._hours, 0, 1, 3):
            yield Deed(at, "ask", _ask(station, "unschedule", {}))
        for at in _moments(random, self._seconds, self._hours, 0, 0, 2):
            zone = random.choice(cast.zones)
            yield Deed(at, "set_zone", {"station": station.name, "zone": zone})
        dates = Random(f"{random.random()} dates")
        for at in _moments(dates, self._seconds, self._hours, 0, 2, 6):
            yield Deed(at, "ask", _ask(station, *self._change_of_dates(dates)))
        for at in _moments(dates, self._seconds, self._hours, 0, 1):
            yield Deed(at, "ask", _ask(station, "resume_plan", {}))

    def _change_of_dates(self, random: Random) -> tuple[str, dict[str, Any]]:
        """Draw what is changed of dates that nodes keep."""
        changes: tuple[tuple[str, dict[str, Any]], ...] = (
            ("skip", {"today": False}),
            ("skip", {"today": True}),
            ("skip", {"today": False, "until": random.choice((0, 2, 9))}),
            ("unskip", {"today": random.choice((True, False))}),
            ("move_date", {"minutes": random.choice((-30, 2, 90, 600))}),
            ("pause_plan", {"lasts": random.choice((None, 900.0, 7200.0))}),
        )
        return random.choice(changes)

    def movers(self, random: Random, station: StationPlan) -> Iterator[Deed]:
        """Draw what moves the meals that Home Assistant orders."""
        if random.random() < _SELDOM:
            for at in _moments(random, self._seconds, self._hours, 1, 2):
                fields = {"minutes": random.choice((2, 9, 40))}
                yield Deed(at, "ask", _ask(station, "meal", fields))
            for at in _moments(random, self._seconds, self._hours, 1, 4):
                minutes = random.choice((-40, -10, 0, 1, 5, 30))
                yield Deed(at, "ask", _ask(station, "move", {"minutes": minutes}))
            for at in _moments(random, self._seconds, self._hours, 0, 1, 2):
                zone = random.choice(("UTC", "Europe/Berlin", "America/Los_Angeles"))
                yield Deed(at, "set_zone", {"station": station.name, "zone": zone})
            for at in _moments(random, self._seconds, self._hours, 0, 2):
                by = random.choice((82_800.0, -900_000.0, 900_000.0))
                yield Deed(at, "set_clock", {"by": by})
                yield Deed(at + random.uniform(0.1, 400.0), "set_clock", {"by": -by})

    def planners(self, random: Random, station: StationPlan) -> Iterator[Deed]:
        """Draw plans of all sorts that Home Assistant keeps, and what becomes of them.

        Dates are skipped, moved, withdrawn, and answered where they are overdue.
        """
        plans = CASTS[station.protocol].plans
        if random.random() > _MOSTLY or plans(random, station) is None:
            return

        def moments(*counts: int) -> list[float]:
            return _moments(random, self._seconds, self._hours, *counts)

        for at in moments(1, 2, 4):
            minutes = random.choice((1, 3, 9, 30))
            fields = {
                "minutes": minutes,
                "days": random.choice(_DAYS),
                "wish": plans(random, station),
                "if_missed": random.choice(("feed_late", "feed_late", "skip", "ask")),
                "deadline": random.choice((60.0, 60.0, 300.0, 1800.0)),
            }
            yield Deed(at, "ask", _ask(station, "plan", fields))
            if random.random() < _OFTEN:
                # Most are changed soon, around the time of their first date.
                then = at + 60.0 * random.uniform(0.0, minutes + 3.0)
                yield Deed(then, "ask", _ask(station, *self._change(random)))
        for at in moments(0, 2, 6):
            yield Deed(at, "ask", _ask(station, *self._change(random)))
        for at in moments(0, 1, 2):
            yield Deed(at, "ask", _ask(station, "resume_plan", {}))
        for at in moments(1, 4, 8):
            answer = random.choice(("feed_now", "feed_now", "happened", "leave"))
            yield Deed(at, "ask", _ask(station, "answer_overdue", {"answer": answer}))

    def _change(self, random: Random) -> tuple[str, dict[str, Any]]:
        """Draw what is changed of a plan."""
        minutes = random.choice((-30, -2, 0, 2, 10))
        changes: tuple[tuple[str, dict[str, Any]], ...] = (
            ("skip", {"today": False}),
            ("skip", {"today": True}),
            ("skip", {"today": False, "until": random.choice((0, 2))}),
            ("unskip", {"today": random.choice((True, False))}),
            ("move", {"minutes": minutes}),
            ("move_date", {"minutes": minutes}),
            ("move_date", {"minutes": minutes}),
            ("withdraw_meal", {}),
            ("unschedule", {}),
            ("pause_plan", {"lasts": random.choice((None, 120.0, 900.0))}),
        )
        return random.choice(changes)

    def halts(self, random: Random) -> Iterator[Deed]:
        """Draw pauses that have an end, and queues that are emptied."""
        for station in self._stations:
            for at in _moments(random, self._seconds, self._hours, 0, 0, 1, 3):
                how = random.choice(("lasts", "lasts", "until"))
                seconds = random.choice((5.0, 200.0, 800.0))
                yield Deed(at, "ask", _ask(station, "pause", {how: seconds}))
                if random.random() < _MOSTLY:
                    then = at + random.uniform(0.5, 1.0) * seconds
                    yield Deed(then, "ask", _ask(station, "cancel_all", {}))

    def later(self, random: Random) -> Iterator[Deed]:
        """Draw feeds that are ordered for later."""
        for station in self._stations:
            for at in _moments(random, self._seconds, self._hours, 0, 2, 5):
                kind, params, nodes = CASTS[station.protocol].order(random, station)
                fields = {
                    "kind": kind,
                    "params": params,
                    "nodes": nodes,
                    "key": None,
                    "expires_in": random.choice((None, None, 300.0)),
                    "after": random.choice((0.0, 10.0, 300.0, 1500.0, 3000.0)),
                }
                if kind == "feed":
                    yield Deed(at, "ask", _ask(station, "order", fields))

    def together(self, random: Random) -> Iterator[Deed]:
        """Draw what is ordered at all stations at once."""
        if len(self._stations) < _SEVERAL:
            return
        for at in _moments(random, self._seconds, self._hours, 6, 14):
            orders = {}
            for station in self._stations:
                kind, params, nodes = CASTS[station.protocol].order(random, station)
                orders[station.name] = {"kind": kind, "params": params, "nodes": nodes}
            yield Deed(at, "ask_all", {"orders": orders})

    def _fault(self, station: StationPlan) -> Order:
        choice, cast = self._random.choice, CASTS[station.protocol]
        node = choice((*station.nodes, None))
        fault, value = choice(cast.faults)
        late = choice((1.0, 15.0, 120.0)) * max(1.0, cast.stretch / 2)
        timed = (fault, value) in cast.timed
        count = choice((1, 1, 1, 2)) if (fault, value) not in cast.at_once else None
        return Order(fault, value, node, late if timed else None, count)

    def _order(
        self, station: StationPlan, keys: list[str]
    ) -> tuple[str, dict[str, Any]]:
        choice = self._random.choice
        kind, params, nodes = CASTS[station.protocol].order(self._random, station)
        return "ask", _ask(
            station,
            "order",
            {
                "kind": kind,
                "params": params,
                "nodes": nodes,
                "key": choice((None, None, None, None, choice(keys))),
                "expires_in": choice((None, None, None, 60.0, 300.0)),
            },
        )

    def _moments(self, *counts: int) -> list[float]:
        return _moments(self._random, self._seconds, self._hours, *counts)


def _moments(random: Random, seconds: float, hours: float, *counts: int) -> list[float]:
    """Draw how often a thing happens in an hour, and when."""
    most = random.choice(counts) * hours
    count = int(most) + (random.random() < most - int(most))
    return [random.uniform(1.0, seconds) for _ in range(count)]


_DAYS = ("daily", "daily", "weekly", "every third", "once", "other weekdays")
_OFTEN = 0.5
_MOSTLY = 0.7
_SEVERAL = 2
_SELDOM = 0.3


def _ask(station: StationPlan, what: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"station": station.name, "what": what, "fields": fields}
