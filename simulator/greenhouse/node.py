"""Nodes of the protocol `greenhouse`, of each firmware that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from simulator.greenhouse.faults import FAULTS
from simulator.greenhouse.head import HeadNode
from simulator.greenhouse.node_sim import NodeSim
from simulator.greenhouse.options import add_options, settings_from
from simulator.greenhouse.seed import SeedNode
from simulator.greenhouse.virtual import VirtualNode
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from typing import Any

    from simulator.greenhouse.life import GreenhouseNode, Settings
    from simulator.node import Node
    from simulator.simulated import Memories


class _Make(Protocol):
    def __call__(
        self,
        name: str,
        settings: Settings,
        /,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> GreenhouseNode: ...


FIRMWARES: dict[str, _Make] = {
    "head": HeadNode,
    "seed": SeedNode,
    "node_sim": NodeSim,
    "test_node": VirtualNode,
}


def station(
    names: Sequence[str],
    settings: Settings,
    types: Sequence[str],
    memories: Memories,
    now: float,
    *,
    firmware: str = "head",
) -> list[GreenhouseNode]:
    """Return a station's nodes; they have the types in turn."""
    return [
        FIRMWARES[firmware](
            name,
            settings,
            node_type=types[number % len(types)],
            memory=memories.get(name),
            now=now,
        )
        for number, name in enumerate(names)
    ]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    settings = settings_from(given)
    nodes = station(
        names, settings, given.types, memories, now, firmware=given.firmware
    )
    return [*nodes]


SIMULATED = Simulated(
    key="greenhouse",
    default_prefix="hydro",
    default_nodes=("esp32-a1b2c3d4e5f6", "esp32-0f1e2d3c4b5a"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
