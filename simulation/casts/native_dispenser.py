"""Two nodes that act together and are the library of `firmware/` itself.

Their power goes in writes of their flash, at each moment of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from simulation.casts.base import StationPlan
from simulation.casts.paired_dispenser import PAIRED_DISPENSER
from simulator.node import Node
from simulator.paired_dispenser.station import station as nodes_of
from simulator.paired_dispenser.wire import FIRMWARES, Settings

KEY = "native_dispenser"
STEPS = 98
"""Moments of a write: before it erases, after that, after each byte of a record."""
WRITES = (1, 2)
"""From its order on: the next, which mostly takes a command, and that after it, at its
moment or at its end."""
_NODES = ("1", "2")


@dataclass(frozen=True, slots=True)
class Nature:
    """What the nodes are."""

    work_seconds: float


def _draw(random: Random, name: str) -> StationPlan:
    return StationPlan(
        name=name,
        protocol=KEY,
        nodes=_NODES,
        nature=Nature(work_seconds=random.choice((2.0, 8.0, 30.0))),
        options={"hold": random.choice((30.0, 120.0, 600.0))},
        drops_repeats=_NODES,
        tells=_NODES,
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    nature: Nature = plan.nature
    settings = Settings(
        prefix=plan.name,
        firmware=FIRMWARES["native"],
        work_seconds=nature.work_seconds,
    )
    return [*nodes_of(plan.nodes, settings, dict.fromkeys(plan.nodes), now)]


_CUTS = tuple(("cut", f"{write}-{step}") for write in WRITES for step in range(STEPS))
_OTHERS = PAIRED_DISPENSER.faults
_FAULTS = (*_CUTS, *(len(_CUTS) // len(_OTHERS)) * _OTHERS)
"""Every other one is a cut."""

NATIVE_DISPENSER = replace(
    PAIRED_DISPENSER,
    key=KEY,
    draw=_draw,
    nodes=_nodes,
    faults=_FAULTS,
    at_once=PAIRED_DISPENSER.at_once | frozenset(_CUTS),
)
