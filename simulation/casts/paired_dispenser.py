"""Two nodes that act together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    PAIRED_DISPENSER as PROTOCOL,
)
from simulation.casts.base import Cast, StationPlan, Wish
from simulator.node import Message, Node
from simulator.paired_dispenser.station import station as nodes_of
from simulator.paired_dispenser.wire import FIRMWARES, Firmware, Settings


@dataclass(frozen=True, slots=True)
class Nature:
    """What the nodes are."""

    firmware: Firmware
    work_seconds: float
    interval_scale: float
    """By how much they say less often than others that they are there."""
    while_busy: str


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    scale = choice((20.0, 60.0, 90.0))
    firmware = choice(
        (
            FIRMWARES["old"],
            FIRMWARES["seed"],
            FIRMWARES["new"],
            Firmware(
                version=choice((None, "1.9")),
                dedupes=choice((True, False)),
                answers_repeats=choice((True, True, False)),
                last_id=choice((True, False)),
                expires_at=choice((True, False)),
                mixes_up=choice((True, False)),
            ),
        )
    )
    nodes = ("1", "2")
    drops = nodes if firmware.dedupes else ()
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=nodes,
        nature=Nature(
            firmware=firmware,
            # An original gives up its board after 30 s, and mixes up what follows.
            work_seconds=choice(
                (2.0, 8.0, 25.0) if firmware.version is None else (2.0, 8.0, 30.0, 60.0)
            ),
            interval_scale=scale,
            while_busy=choice(("quiet", "says_so")),
        ),
        options={
            "max_age": 10.0 * scale,
            "online_age": 15.0 * scale,
            "hold": choice((30.0, 120.0, 600.0)),
        },
        drops_repeats=drops,
        tells=drops if firmware.last_id else (),
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    nature: Nature = plan.nature
    settings = Settings(
        prefix=plan.name,
        firmware=nature.firmware,
        work_seconds=nature.work_seconds,
        interval_scale=nature.interval_scale,
        while_busy=nature.while_busy,
    )
    return [*nodes_of(plan.nodes, settings, dict.fromkeys(plan.nodes), now)]


def _order(random: Random, station: StationPlan) -> Wish:
    choice = random.choice
    kind = choice(("feed", "feed", "feed", "operate", "reboot"))
    nodes = station.nodes
    params: dict[str, Any] = {}
    if kind == "feed":
        params = {"portions": random.randint(1, 3)}
    else:
        nodes = choice((("1",), ("2",), station.nodes))
    if kind == "operate":
        params = {"op": "dc", "on": choice((True, False))}
    return kind, params, nodes


def _named(kind: str, params: Mapping[str, Any], intent: int) -> Mapping[str, Any]:
    return {**params, "pet": intent} if kind == "feed" else params


def _plans(random: Random, station: StationPlan) -> Wish:
    return "feed", {"portions": random.randint(1, 3)}, station.nodes


_FAULTS = (
    ("ack", "drop"),
    ("ack", "delay"),
    ("ack", "double"),
    ("ack", "reorder"),
    ("evt", "drop"),
    ("evt", "delay"),
    ("evt", "double"),
    ("evt", "reorder"),
    ("silent", "idle"),
    ("silent", "works"),
    ("refuse", "on"),
    ("fail", "jam"),
    ("die", "now"),
    ("die", "accepted"),
    ("die", "executed"),
    ("busy", "now"),
    ("busy", "after_work"),
    ("flap", "on"),
)
_JUNK = (
    b"",
    b"{",
    b"[1]",
    b"\xff\xfe",
    b'{"queue_id":"1","accepted":1}',
    b'{"queue_id":1999999999,"accepted":1}',
    b'{"queue_id":1999999998,"done":1,"status":"success"}',
    b'{"queue_id":true,"done":1}',
    b'{"online":"yes","ready":7,"uptime":-1}',
    b'{"online":1,"ready":1}',
    b'{"a":' * 400,
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    found = []
    for payload in random.sample(_JUNK, 4):
        channel = random.choice(("ack", "evt", "state"))
        node = random.choice(("1", "2", "7", "a/b"))
        found.append(Message(f"{plan.name}/{channel}/{node}", payload))
    return found


def _retained_junk(plan: StationPlan) -> list[Message]:
    found = []
    for channel in ("ack", "evt", "state"):
        for command_id in range(1, 4):
            payload = (
                f'{{"queue_id":{command_id},"accepted":1,"done":1,'
                '"online":1,"ready":1,"uptime":9999}'
            ).encode()
            topic = f"{plan.name}/{channel}/{command_id}"
            found.append(Message(topic, payload, retain=True))
    return found


PAIRED_DISPENSER = Cast(
    protocol=PROTOCOL,
    # The longest expiry, an hour, then holds and answers of what was sent at its end.
    rests_within=3 * 3600.0,
    by_the_clock=False,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    plans=_plans,
    faults=_FAULTS,
    timed=frozenset(
        (fault, value)
        for fault, value in _FAULTS
        if fault in ("die", "busy", "flap") or value == "delay"
    ),
    at_once=frozenset((fault, value) for fault, value in _FAULTS if value == "now"),
    junk=_junk,
    retained_junk=_retained_junk,
)
