"""The configuration of a greenhouse node, which gives it its place.

What the wire leaves open is decided here:

- Its network and its broker are left as they are: it holds no `wifi`, and of `mqtt`
  only that it is set up. A node of the older generation refuses that instead of losing
  its network; it is sent none once it has shown what it is.
- `version` proves nothing, so it is always the same.
- A command that gives a node its place says which in its params: they stand in its
  history.
- Two nodes with one address would both do what one is told: neither is configured so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...engine.model.step import Wanted
from ..base import Site
from ..messages import Publication
from ..params import InvalidCommand
from .channels import sent_channels
from .node_types import UNKNOWN, kinds_of
from .places import PLACE_FIELDS, address_of, others_at, path
from .signing import LONGEST_MESSAGE, payload_of

CONFIG: Final = "config"
"""Its topic, and the subject of what a node says of it."""
UPDATE_CONFIG: Final = "update_config"
PLACE: Final = "address"
"""The param that says which place it gives."""
_VERSION: Final = 1
_LONGEST_CONFIG: Final = LONGEST_MESSAGE - 1
"""Bytes; the node keeps it with an end mark."""


def configuration(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole configuration of a node.

    Raises InvalidCommand (missing_field) for one without an address or a secret, and
    for a channel without the `relay_type` that it needs.
    """
    for name in (*PLACE_FIELDS, "secret"):
        if not fields.get(name):
            raise InvalidCommand("missing_field", field=name)
    return {
        "node_id": fields["uid"],
        "version": _VERSION,
        "type": fields.get("type") or UNKNOWN,
        "gh_uid": fields["greenhouse"],
        "zone_uid": fields["zone"],
        "channels": sent_channels(fields),
        "mqtt": {"configured": True},
        "node_secret": fields["secret"],
    }


def configure(site: Site, node: str, where: str) -> Publication:
    """Return what tells a node its configuration, at the beginning of its topics.

    Raises InvalidCommand for one that cannot be: see `configuration`; `invalid_choice`
    where another node has that address, since both would do what one is told; and
    `payload_too_large`.
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
    return Publication(f"{where}/{CONFIG}", payload_of(held, _LONGEST_CONFIG))


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


def welcome(site: Site, node: str) -> tuple[Wanted, ...]:
    """Return that a node with an address gets its configuration, if it can take one."""
    fields = site.nodes.get(node, {})
    address = address_of(fields)
    if address is None or UPDATE_CONFIG not in kinds_of(fields):
        return ()
    return (Wanted(node=node, kind=UPDATE_CONFIG, params={PLACE: path(address)}),)
