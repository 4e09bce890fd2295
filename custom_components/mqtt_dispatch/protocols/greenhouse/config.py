"""The configuration of a greenhouse node, which gives it its place.

What the wire leaves open is decided here:

- `version` is a checksum of the rest of it: the same as long as the node should hold
  the same, and told apart when the node says what it holds.
- A command that gives a node its place says which in its params, so that it is known
  where the node lives once it is done.
- The limits of size and nesting of a command hold for a configuration too.
- Two nodes with one address would both do what one is told: neither is configured so.
"""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
from typing import Any, Final

from ...engine.model import Command, Wanted
from ..base import Publication, Site
from ..params import InvalidCommand
from .channels import channels_of
from .places import (
    ASSIGNED,
    LIVES_AT,
    PLACE_FIELDS,
    address_of,
    others_at,
    path,
)
from .signing import canonical_json

LONGEST_MESSAGE: Final = 4096
"""Bytes; a node drops what is longer without a word."""
CONFIG: Final = "config"
"""Its topic, and the subject of what a node says of it."""
UPDATE_CONFIG: Final = "update_config"
PLACE: Final = "address"
"""The param that says which place it gives."""


def configuration(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole configuration of a node.

    Raises InvalidCommand (missing_field) for one that nobody gave an address.
    """
    for name in PLACE_FIELDS:
        if not fields.get(name):
            raise InvalidCommand("missing_field", field=name)
    held = {
        "node_id": fields["uid"],
        "type": fields.get("type") or "unknown",
        "gh_uid": fields["greenhouse"],
        "zone_uid": fields["zone"],
        "channels": [dict(channel) for channel in channels_of(fields).values()],
    }
    if fields.get("secret"):
        held["node_secret"] = fields["secret"]
    digest = hashlib.sha256(canonical_json(held).encode()).digest()
    return {**held, "version": int.from_bytes(digest[:4]) >> 1}


def configure(site: Site, node: str, where: str) -> Publication:
    """Return what tells a node its configuration, at the beginning of its topics.

    Raises InvalidCommand for one that cannot be: `missing_field` without an address,
    `invalid_choice` where another node has that address, since both would do what one
    is told, and `payload_too_large`.
    """
    fields = site.nodes.get(node, {})
    held = configuration(fields)
    address = address_of(fields)
    if address is not None and (others := others_at(site, node, address)):
        raise InvalidCommand(
            "invalid_choice",
            field="uid",
            choices="",
            value=f"{path(address)} ({', '.join(others)})",
        )
    return Publication(f"{where}/{CONFIG}", payload_of(held))


def check_address(fields: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse to give a node a place that is not the one that a person said.

    Raises InvalidCommand (invalid_choice).
    """
    address = address_of(fields)
    if address is None or params.get(PLACE, path(address)) == path(address):
        return
    raise InvalidCommand(
        "invalid_choice", field=PLACE, choices=path(address), value=params[PLACE]
    )


def payload_of(message: Mapping[str, Any]) -> str:
    """Return a message as it is sent. Raises InvalidCommand (payload_too_large)."""
    payload = canonical_json(message)
    size = len(payload.encode())
    if size > LONGEST_MESSAGE:
        raise InvalidCommand("payload_too_large", size=size, limit=LONGEST_MESSAGE)
    return payload


def welcome(site: Site, node: str) -> tuple[Wanted, ...]:
    """Return that a node with an address gets its configuration."""
    address = address_of(site.nodes.get(node, {}))
    if address is not None:
        params = {PLACE: path(address)}
        return (Wanted(node=node, kind=UPDATE_CONFIG, params=params),)
    return ()


def learned(site: Site, command: Command, node: str) -> Mapping[str, Any]:
    """Return where a node lives from now on; see `Protocol.learned`."""
    if command.kind != UPDATE_CONFIG:
        return {}
    known: dict[str, Any] = {ASSIGNED: True}
    if PLACE in command.params:
        return {**known, LIVES_AT: command.params[PLACE]}
    address = address_of(site.nodes.get(node, {}))
    return known if address is None else {**known, LIVES_AT: path(address)}
