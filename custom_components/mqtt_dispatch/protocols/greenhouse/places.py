"""Where a greenhouse node is spoken to: its address, or its temporary one.

What the wire leaves open is decided here:

- A node is known by its hardware id in lower case. One that has an address already
  tells its hardware id to nobody: it is known by the last word of that address.
- Its address is three words that a person gave it, and is read as it is spelled.
- A node is told something at its address, at the one that it had before, or at its
  temporary one: at which of these it spoke last, and else where it last took a place.
  Nothing is ever said anywhere else, wherever a message claims to come from.
- Its temporary address ends with its hardware id as it spelled it when it was first
  heard.
"""

from __future__ import annotations

from collections.abc import Mapping
import re
from typing import Any, Final

from ...engine.model.reports import Readings
from ..base import Site
from .channels import LONGEST_WORD, WORD

TEMPORARY: Final = ("gh-temp", "zn-temp")
PLACE_FIELDS: Final = ("greenhouse", "zone", "uid")

ADDRESS: Final = "address"
"""The reading that says where a node last spoke."""

HARDWARE_ID: Final = "hardware_id"
_MADE_OF_MAC: Final = re.compile(r"esp32-([0-9a-fA-F]{12})")
ASSIGNED: Final = "assigned"
LIVES_AT: Final = "lives_at"
"""What is learned of a node: how it spells its id, that it took a place, and which."""

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
    return site.index(_home).get(path(address))


def _home(fields: Mapping[str, Any]) -> str | None:
    return fields.get(LIVES_AT)


def others_at(site: Site, node: str, address: Address) -> list[str]:
    """Return the other nodes that have an address, or still live there."""
    where = path(address)
    return [
        other
        for other, fields in site.nodes.items()
        if other != node
        and (address_of(fields) == address or fields.get(LIVES_AT) == where)
    ]


def temporary_address(node: str, fields: Mapping[str, Any]) -> Address:
    """Return where a node without a configuration is spoken to."""
    return (*TEMPORARY, fields.get(HARDWARE_ID) or node)


def place(site: Site, node: str, readings: Readings) -> str:
    """Return the beginning of the topics on which a node is told something now."""
    fields = site.nodes.get(node, {})
    temporary = path(temporary_address(node, fields))
    address = address_of(fields)
    own = temporary if address is None else path(address)
    home = fields.get(LIVES_AT) or (own if fields.get(ASSIGNED) else temporary)
    spoke = readings.get(ADDRESS)
    return f"{site.prefix}/{spoke if spoke in (own, home, temporary) else home}"


def mac(node: str) -> str | None:
    """Return the MAC in a hardware id as the firmware makes it; None: it has none."""
    found = _MADE_OF_MAC.fullmatch(node)
    return None if found is None else found[1]
