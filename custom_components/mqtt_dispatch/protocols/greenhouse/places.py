"""Where a greenhouse node is spoken to: its address, or its temporary one.

What the wire leaves open is decided here:

- A node is known by its hardware id in lower case; its address is three words that a
  person gave it, and is read as it is spelled.
- A node is told something where it last spoke. Until it has spoken, it is where it was
  when it last took a place; a node that never did is at its temporary address, which
  ends with its hardware id as it last spelled it.
- A node that a person gives another address is heard at the one that it has, until it
  has moved. So is one that said hello from an address that nobody gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
import re
from typing import Any, Final

from ...engine.model import Readings
from ..base import Site
from .channels import LONGEST_WORD, WORD

TEMPORARY: Final = ("gh-temp", "zn-temp")
PLACE_FIELDS: Final = ("greenhouse", "zone", "uid")

HARDWARE_ID: Final = "hardware_id"
ADDRESS: Final = "address"
"""Readings: how a node spells its id, and where it last spoke."""

ASSIGNED: Final = "assigned"
LIVES_AT: Final = "lives_at"
"""What is learned of a node: that it took a place, and which."""

type Address = tuple[str, str, str]
"""Greenhouse, zone and node."""


def word(value: object) -> str | None:
    """Return 1 to 64 letters, digits, `_` and `-`; None for anything else."""
    if (
        isinstance(value, str)
        and len(value) <= LONGEST_WORD
        and re.fullmatch(WORD, value)
    ):
        return value
    return None


def node_name(text: str) -> str | None:
    """Return a hardware id in lower case; None for what can be none."""
    found = word(text)
    return None if found is None else found.lower()


def address_of(fields: Mapping[str, Any]) -> Address | None:
    """Return the address that a person gave a node; None: not all of it."""
    greenhouse, zone, uid = (fields.get(name) for name in PLACE_FIELDS)
    return (greenhouse, zone, uid) if greenhouse and zone and uid else None


def path(address: Address) -> str:
    """Return an address as topics have it."""
    return "/".join(address)


def is_bound(fields: Mapping[str, Any]) -> bool:
    """Return whether a node lives where a person said; see `Protocol.is_bound`."""
    address = address_of(fields)
    return (
        address is not None
        and bool(fields.get(ASSIGNED))
        and fields.get(LIVES_AT, path(address)) == path(address)
    )


def node_at(site: Site, address: Address) -> str | None:
    """Return the node that is spoken to at an address; None: nobody knows."""
    if address[:2] == TEMPORARY:
        return node_name(address[2])
    if (node := site.index(address_of).get(address)) is not None:
        return node
    where = path(address)
    for node, fields in site.nodes.items():
        if where in (fields.get(LIVES_AT), site.told(node).get(ADDRESS)):
            return node
    return None


def others_at(site: Site, node: str, address: Address) -> list[str]:
    """Return the other nodes that have an address, or still live there."""
    where = path(address)
    return [
        other
        for other, fields in site.nodes.items()
        if other != node
        and (address_of(fields) == address or fields.get(LIVES_AT) == where)
    ]


def temporary_address(node: str, readings: Readings) -> Address:
    """Return where a node without a configuration is spoken to."""
    return (*TEMPORARY, str(readings.get(HARDWARE_ID, node)))


def place(site: Site, node: str, readings: Readings) -> str:
    """Return the beginning of the topics on which a node is told something now."""
    fields = site.nodes.get(node, {})
    temporary = temporary_address(node, readings)
    assigned = address_of(fields) if fields.get(ASSIGNED) else None
    usual = fields.get(LIVES_AT) or path(assigned or temporary)
    return f"{site.prefix}/{readings.get(ADDRESS) or usual}"
