"""A station of paired dispensers."""

from __future__ import annotations

from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from simulator.paired_dispenser.core import blank
from simulator.paired_dispenser.faults import FAULTS
from simulator.paired_dispenser.native import NativeDispenser
from simulator.paired_dispenser.node import PairedDispenser
from simulator.paired_dispenser.options import add_options, settings_from
from simulator.paired_dispenser.original import OriginalDispenser
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.node import Node
    from simulator.paired_dispenser.wire import Settings
    from simulator.simulated import Memories


type Dispenser = PairedDispenser | NativeDispenser


def a_node(
    name: str,
    settings: Settings,
    *,
    dispenses: bool,
    memory: Mapping[str, Any] | None,
    now: float,
    folder: Path | None = None,
) -> Dispenser:
    """Return a node with the firmware of its settings; see PairedDispenser.

    `folder` is where flash lies that is a file; without it, it is lost with the node.
    """
    if settings.firmware.native:
        flash = _flash(folder, settings.prefix, name)
        return NativeDispenser(
            name, settings, dispenses=dispenses, flash=flash, now=now
        )
    original = settings.firmware.version is None
    firmware = OriginalDispenser if original else PairedDispenser
    return firmware(name, settings, dispenses=dispenses, memory=memory, now=now)


def station(
    names: Sequence[str],
    settings: Settings,
    memories: Memories,
    now: float,
    folder: Path | None = None,
) -> list[Dispenser]:
    """Return a station's nodes; the first one dispenses."""
    return [
        a_node(
            name,
            settings,
            dispenses=name == names[0],
            memory=memories.get(name),
            now=now,
            folder=folder,
        )
        for name in names
    ]


def _flash(folder: Path | None, prefix: str, name: str) -> IO[bytes]:
    """Open what a node holds; it is blank where it is new."""
    if folder is None:
        flash: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the node closes it
    else:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{quote(f'{prefix}/{name}', safe='')}.flash"
        path.touch()
        flash = path.open("r+b")
    if flash.seek(0, SEEK_END) == 0:
        blank(flash)
    return flash


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    return [*station(names, settings_from(given), memories, now, given.state)]


SIMULATED = Simulated(
    key="paired_dispenser",
    default_prefix="disp",
    default_nodes=("1", "2"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
