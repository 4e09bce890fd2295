"""Feeders and valves behind a bridge: no ids, and settings before what begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulation.record import Executed, Sent
from simulation.wires.base import Order, Wire

_LONGEST_RUN = 12 * 60.0
_BEGINS_WITHIN = 3 * 30.0
_ENDED_WITHIN = 30.0 + 30.0 + 120.0
_SOME_FOR_THE_DISK = 20.0
_IN_SECONDS = "seconds"


def _read(entry: Sent) -> Iterator[Order]:
    _, node, _ = entry.topic.split("/")
    match json.loads(entry.payload):
        case {"serving_size": portions}:
            yield Order(node, None, f"feed {portions}", sets=True)
        case {"water_countdown": minutes}:
            yield Order(node, None, f"open_valve {60 * minutes}", sets=True)
        case {"irrigation_target": number}:
            seconds = number if node.startswith(_IN_SECONDS) else 60 * number
            yield Order(node, None, f"open_valve {seconds}", sets=True)
        case {"on_with_countdown": minutes} | {"timer": minutes, "state": "ON"}:
            yield Order(node, None, f"open_valve {60 * minutes}")
        case {"feed": "START"} | {"state": "ON"}:
            yield Order(node, None, as_set=True)
        case {"state": "OFF"}:
            yield Order(node, None, "close_valve")


def _done(entry: Executed) -> Order | None:
    params = json.loads(entry.payload)
    match entry.kind:
        case "feed":
            return Order(entry.node, None, f"feed {params['portions']}")
        case "open_valve":
            return Order(entry.node, None, f"open_valve {params['duration']}")
        case "close_valve":
            return Order(entry.node, None, "close_valve")
    return None


def _says(kind: str, params: Mapping[str, Any]) -> frozenset[str]:
    match kind:
        case "feed":
            return frozenset({f"feed {params['portions']}"})
        case "open_valve":
            return frozenset({f"open_valve {params['duration']}"})
    return frozenset({kind})


_ONCE = frozenset({"feed", "open_valve"})

ZIGBEE2MQTT = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=_ONCE,
    shows=_ONCE,
    answered_within={
        "feed": 60.0 + 60.0 + 60.0 + 5.0 + _SOME_FOR_THE_DISK,
        "open_valve": _BEGINS_WITHIN
        + _LONGEST_RUN
        + _ENDED_WITHIN
        + _SOME_FOR_THE_DISK,
    },
    blurs=("node close=only_said",),
    repeats=("node keep=twice", "node retained=kept"),
    keeps=("node keep=later",),
    lasts="open_valve",
    ends="close_valve",
)
