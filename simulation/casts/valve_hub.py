"""Valves behind a hub that holds commands for them while they sleep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.valve_hub.protocol import (
    VALVE_HUB as PROTOCOL,
)
from simulation.casts.base import Cast, Held, StationPlan, Wish
from simulator.node import Message, Node
from simulator.valve_hub.station import station as nodes_of
from simulator.valve_hub.wire import Settings

NODES = ("1", "2", "9")
CURTAIN = "9"
VALVES = 2
LEAST_RUN = 60
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    slots = choice((8, 8, 12))
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=NODES,
        nature=Settings(
            prefix=name,
            wake_seconds=choice((45.0, 120.0, 600.0)),
            valves=VALVES,
            slots=slots,
            curtains=frozenset({CURTAIN}),
            bridge=choice(("plain", "tasmota")),
        ),
        options={"hold": choice((30.0, 120.0, 600.0))},
        fields={node: {"slots": 0 if node == CURTAIN else slots} for node in NODES},
        zone=choice(_ZONES),
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    return [*nodes_of(plan.nodes, plan.nature, {}, now)]


def _order(random: Random, _station: StationPlan) -> Wish:
    choice = random.choice
    kind = choice(
        ("open_valve",) * 5
        + ("close_valve",) * 2
        + ("reboot", "curtain", "set_wake_interval", "set_datetime")
    )
    nodes = choice((("1",), ("1",), ("2",), ("1", "2")))
    params: dict[str, Any] = {}
    match kind:
        case "open_valve" | "close_valve":
            params = {"valve": random.randrange(VALVES)}
        case "curtain":
            params = {"action": choice(("open", "close", "stop"))}
            nodes = (CURTAIN,)
        case "set_wake_interval":
            params = {"seconds": choice((45, 60, 300, 900))}
    return kind, params, nodes


def _named(kind: str, params: Mapping[str, Any], intent: int) -> Mapping[str, Any]:
    if kind != "open_valve":
        return params
    return {**params, "duration": LEAST_RUN + intent}


def _meal(random: Random, _station: StationPlan) -> Mapping[str, Any]:
    """Draw a line at an hour of its own, so that no two overlap at a node."""
    number = random.randrange(8)
    return {
        "time": f"{number * 3:02}:{random.choice((0, 20, 45)):02}",
        "weekdays": random.sample(_DAYS, random.randint(1, 7)),
        "params": {
            "valve": random.randrange(VALVES),
            "duration": random.choice((30, 300, 900)),
        },
        "nodes": random.choice((("1",), ("2",), ("1", "2"))),
    }


def _holds(plan: StationPlan, memory: Mapping[str, Any]) -> Iterator[Held]:
    for node in plan.nodes:
        if node != CURTAIN:
            slots = memory.get(node, {}).get("slots", {}).values()
            yield (
                node,
                [
                    [slot[name] for name in ("hour", "minute", "duration")]
                    + [slot["days"], slot["valve"]]
                    for slot in slots
                ],
            )


_FAULTS = (
    ("answer", "drop"),
    ("answer", "delay"),
    ("answer", "double"),
    ("answer", "join"),
    ("answer", "glue"),
    ("answer", "cut"),
    ("event", "drop"),
    ("event", "delay"),
    ("event", "double"),
    ("event", "join"),
    ("event", "cut"),
    ("error", "Node_busy"),
    ("error", "Buffer_full"),
    ("fail", "overlap"),
    ("fail", "checksum"),
    ("motor", "error"),
    ("asleep", "now"),
    ("asleep", "now"),
    ("restart", "now"),
    ("restart", "now"),
    ("restart", "queued"),
    ("restart", "handing"),
    ("deaf", "now"),
)
_JUNK = (
    b"",
    b"QUEUED",
    b"\xff\xfe\n",
    b"QUEUED ACTUATOR 1 1",
    b"ERROR",
    b"EVENT_LOG 1 17592186044417 0 9999999 0 0\n",
    b"EVENT_LOG 77 5 0 117 0 0\n",
    b"HEARTBEAT 1 1 300 0 0 0 0\n",
    b"QUEUE 1 999\nUPDATE 1",
    b'{"SerialReceived":5}',
    b"SENSOR_DATA 1 2 3\n",
    b"A" * 5000,
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    return [Message(f"{plan.name}/rx", each) for each in random.sample(_JUNK, 4)]


def _retained_junk(plan: StationPlan) -> list[Message]:
    return [
        Message(
            f"{plan.name}/rx",
            b"QUEUED ACTUATOR 1 1 1\nEVENT_LOG 1 17592186044417 0 117 0 0\n",
            retain=True,
        )
    ]


def _is_question(message: Message) -> bool:
    return b"GET_DATETIME" in message.payload


def _is_complaint(message: Message) -> bool:
    return (
        b"ERROR Failed to queue" in message.payload or b"Buffer_full" in message.payload
    )


VALVE_HUB = Cast(
    protocol=PROTOCOL,
    stretch=4.0,
    # Three attempts of what a node may take 30 min for, and a plan of many lines.
    rests_within=12 * 3600.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    faults=_FAULTS,
    timed=frozenset(
        (fault, value)
        for fault, value in _FAULTS
        if fault in ("asleep", "restart", "deaf") or value == "delay"
    ),
    at_once=frozenset((fault, value) for fault, value in _FAULTS if value == "now"),
    junk=_junk,
    retained_junk=_retained_junk,
    zones=_ZONES,
    meal=_meal,
    holds=_holds,
    is_question=_is_question,
    is_complaint=_is_complaint,
)
