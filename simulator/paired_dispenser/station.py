"""A station of paired dispensers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.paired_dispenser.faults import FAULTS
from simulator.paired_dispenser.node import PairedDispenser
from simulator.paired_dispenser.options import add_options, settings_from
from simulator.paired_dispenser.original import OriginalDispenser
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from simulator.node import Node
    from simulator.paired_dispenser.wire import Settings
    from simulator.simulated import Memories


def a_node(
    name: str,
    settings: Settings,
    *,
    dispenses: bool,
    memory: Mapping[str, Any] | None,
    now: float,
) -> PairedDispenser:
    """Return a node with the firmware of its settings; see PairedDispenser."""
    original = settings.firmware.version is None
    firmware = OriginalDispenser if original else PairedDispenser
    return firmware(name, settings, dispenses=dispenses, memory=memory, now=now)


def station(
    names: Sequence[str],
    settings: Settings,
    memories: Memories,
    now: float,
) -> list[PairedDispenser]:
    """Return a station's nodes; the first one dispenses."""
    return [
        a_node(
            name,
            settings,
            dispenses=name == names[0],
            memory=memories.get(name),
            now=now,
        )
        for name in names
    ]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    return [*station(names, settings_from(given), memories, now)]


SIMULATED = Simulated(
    key="paired_dispenser",
    default_prefix="disp",
    default_nodes=("1", "2"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
