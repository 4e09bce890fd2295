"""A station of protocol 3: a hub that plays all its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.simulated import Simulated
from simulator.valve_hub.faults import FAULTS
from simulator.valve_hub.hub import HUB, ValveHub
from simulator.valve_hub.options import add_options, settings_from
from simulator.valve_hub.wire import HIGHEST_ADDRESS, Settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from simulator.node import Node
    from simulator.simulated import Memories


def station(
    names: Sequence[str],
    settings: Settings,
    memories: Memories,
    now: float,
) -> list[ValveHub]:
    """Return the one client that plays a station. Raises ValueError for a bad name."""
    for name in names:
        address = int(name) if name.isascii() and name.isdigit() else 0
        if str(address) != name or not 0 < address <= HIGHEST_ADDRESS:
            raise ValueError(f"{name} is not an address, 1 to {HIGHEST_ADDRESS}")
    return [ValveHub(names, settings, memory=memories.get(HUB), now=now)]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    return [*station(names, settings_from(given), memories, now)]


SIMULATED = Simulated(
    key="valve_hub",
    default_prefix="valvehub",
    default_nodes=("1", "2"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
