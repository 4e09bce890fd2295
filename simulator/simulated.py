"""What a protocol gives the simulator: its nodes, its options, its faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from simulator.faults import Fault
    from simulator.node import Node

type Memories = Mapping[str, Mapping[str, Any] | None]
"""What flash held (of a `Remembered`), by the client's name; None or missing where
it never stored anything."""

type MakeStation = Callable[
    [Sequence[str], argparse.Namespace, Memories, float], list[Node]
]


@dataclass(frozen=True, slots=True)
class Simulated:
    """A protocol that the simulator plays.

    `faults` are the orders its nodes take; `clear` comes on top by itself.
    `add_options` adds the protocol's own options to the command line, which must
    not have the names of the common ones. `station(names, given, memories, now)`
    makes the clients of one station: `names` is what `--nodes` says, `given` the
    whole command line (`given.prefix` among it), `now` unix seconds.

    Usually each name is one client. A client may also play several nodes, as a hub
    does: then its own name need not be among `names`, and an order that names one
    of its nodes goes to every client of the station; each takes what concerns it.
    """

    key: str
    default_prefix: str
    default_nodes: tuple[str, ...]
    faults: Mapping[str, Fault]
    add_options: Callable[[argparse.ArgumentParser], None]
    station: MakeStation
