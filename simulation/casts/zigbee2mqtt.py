"""Feeders and valves of several models behind a bridge that says what it was told."""

from __future__ import annotations

from collections.abc import Mapping
import json
from random import Random
from typing import Any, Final

from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from simulation.casts.base import Cast, StationPlan, Wish
from simulator.node import Message, Node
from simulator.profiled.faults import faults_of
from simulator.profiled.settings import HEARTBEAT_SECONDS, Settings
from simulator.profiled.station import SHIPPED, profile_in, station as nodes_of

KEY: Final = "zigbee2mqtt"
PROFILE = profile_in(SHIPPED / f"{KEY}.json")
FEEDER, OTHER_FEEDER, VALVE = "feeder_1", "feeder_2", "neo_1"
OTHER_VALVES = ("lidl_1", "minutes_1", "seconds_1", "haozee_1")
MODELS = {
    "feeder": "aqara_feeder",
    "neo": "neo_valve",
    "lidl": "lidl_valve",
    "minutes": "giex_minutes_valve",
    "seconds": "giex_seconds_valve",
    "haozee": "haozee_valve",
}
"""What a node is, by what its name begins with."""
LONGEST_RUN = 12
"""Minutes."""
MOST_PORTIONS = 10
_ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles")
_SCALES = (0.2, 1.0, 3.0)
"""How much more seldom than others these nodes say something by themselves."""


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    nodes = (
        FEEDER,
        *choice(((), (OTHER_FEEDER,))),
        VALVE,
        *choice(((), *((valve,) for valve in OTHER_VALVES))),
    )
    models = {node: MODELS[node.partition("_")[0]] for node in nodes}
    return StationPlan(
        name=name,
        protocol=KEY,
        nodes=nodes,
        nature=Settings(
            profile=PROFILE,
            prefix=name,
            models=models,
            reach_seconds=choice((0.1, 0.1, 2.0)),
            work_seconds=choice((2.0, 20.0)),
            interval_scale=choice(_SCALES),
            new=choice((False, False, False, True)),
        ),
        options={"hold": choice((30.0, 120.0, 600.0))},
        fields={node: {"model": model} for node, model in models.items()},
        zone=choice(_ZONES),
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    return [*nodes_of(plan.nature, {}, now)]


def _feeders_of(station: StationPlan) -> tuple[str, ...]:
    return tuple(node for node in station.nodes if node.startswith("feeder"))


def _valves_of(station: StationPlan) -> tuple[str, ...]:
    return tuple(node for node in station.nodes if not node.startswith("feeder"))


def _order(random: Random, station: StationPlan) -> Wish:
    kind = random.choice(("feed",) * 5 + ("open_valve",) * 5 + ("close_valve",) * 2)
    known = _feeders_of(station) if kind == "feed" else _valves_of(station)
    nodes = random.choice((known[:1], known[-1:], known))
    return kind, {}, nodes


def _named(kind: str, params: Mapping[str, Any], intent: int) -> Mapping[str, Any]:
    """Return params that only every tenth or twelfth order shares."""
    match kind:
        case "feed":
            return {"portions": 1 + intent % MOST_PORTIONS}
        case "open_valve":
            return {"duration": 60 * (1 + intent % LONGEST_RUN)}
    return params


def _plans(random: Random, station: StationPlan) -> Wish:
    portions = random.randint(1, MOST_PORTIONS)
    return "feed", {"portions": portions}, _feeders_of(station)[:1]


_KNOWN = faults_of(PROFILE)
_OFTEN = frozenset(
    {("close", "never"), ("close", "unsaid"), ("restart", "now"), ("silent", "idle")}
)
_FAULTS = tuple(
    (name, value)
    for name, fault in _KNOWN.items()
    for value in fault.values
    for _ in range(4 if (name, value) in _OFTEN else 1)
)
_JUNK = (
    b"",
    b"{",
    b"[1]",
    b"null",
    b"\xff\xfe",
    b'{"state":5,"status":[]}',
    b'{"portions_per_day":-1,"feeding_source":"remote"}',
    b'{"portions_per_day":"many","serving_size":1e99}',
    b'{"status":"on_fire","battery":101}',
    b'{"level":"error","message":"z2m: Entity \'nobody\' is unknown"}',
    b'{"a":' * 400,
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    found = []
    for payload in random.sample(_JUNK, 4):
        where = random.choice((*plan.nodes, "bridge/logging", "nobody", "bridge/state"))
        found.append(Message(f"{plan.name}/{where}", payload))
    return found


def _retained_junk(plan: StationPlan) -> list[Message]:
    """Return what nodes said once, as a broker keeps it: it is of earlier."""
    return [
        Message(f"{plan.name}/{node}", json.dumps(content).encode(), retain=True)
        for node, content in (
            (FEEDER, {"portions_per_day": 99, "feeding_source": "remote"}),
            (VALVE, {"status": "on_manual_app"}),
        )
    ]


ZIGBEE2MQTT = Cast(
    protocol=PROTOCOLS[KEY],
    stretch=2.0,
    tells_within=HEARTBEAT_SECONDS * max(_SCALES) + 1.0,
    # The longest run, what closes a valve after it, and what waited for both.
    rests_within=6 * 3600.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    plans=_plans,
    faults=_FAULTS,
    timed=frozenset(
        (name, value) for name, value in _FAULTS if value in _KNOWN[name].timed
    ),
    at_once=frozenset(
        (name, value) for name, value in _FAULTS if value in _KNOWN[name].at_once
    ),
    junk=_junk,
    retained_junk=_retained_junk,
    in_order=True,
    zones=_ZONES,
)
