"""What stations and nodes may be called, and under which prefix they may speak.

What is not allowed is answered with the key of a translated error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..protocols.base import Protocol
from ..protocols.untrusted import line
from ..station import nodes_of, speaks

LONGEST_NAME = 100
"""Characters."""
LONGEST_PREFIX = 255
"""Bytes in UTF-8."""


def name_error(name: str) -> str | None:
    """Return why a person cannot give this name, None if it is a good one."""
    return "invalid_name" if line(name, LONGEST_NAME) is None else None


def prefix_error(prefix: str) -> str | None:
    """Return why nodes cannot speak under this prefix, None if they can."""
    try:
        mqtt.valid_publish_topic(prefix)
    except vol.Invalid:
        return "invalid_prefix"
    reserved = prefix.startswith("$") or "" in prefix.split("/")
    if reserved or len(prefix.encode()) > LONGEST_PREFIX:
        return "invalid_prefix"
    return None


def nodes_error(
    protocol: Protocol, nodes: Sequence[str], elsewhere: Collection[str] = ()
) -> str | None:
    """Return why these cannot be the nodes of a station, None if they can.

    Those `elsewhere` are, and stay, nodes of other stations.
    """
    if not nodes and protocol.default_nodes:
        return "no_nodes"
    names = [protocol.node_name(node) for node in nodes]
    if None in names:
        return "invalid_node"
    if any(name in elsewhere for name in names):
        return "node_elsewhere"
    return "node_twice" if len(set(names)) < len(names) else None


def nodes_elsewhere(
    hass: HomeAssistant, protocol: Protocol, *, but: DispatchConfigEntry | None = None
) -> set[str]:
    """Return the nodes of other stations than `but` that no other one may have."""
    if not protocol.one_of_a_kind:
        return set()
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return {
        node
        for entry in entries
        if entry is not but and speaks(entry, protocol)
        for node in nodes_of(entry)
    }


def spelled(protocol: Protocol, nodes: Iterable[str]) -> tuple[str, ...]:
    """Return nodes that can be those of a station, each in its one spelling."""
    return tuple(
        name for node in nodes if (name := protocol.node_name(node)) is not None
    )


async def async_usual_node_name(hass: HomeAssistant, node: str) -> str:
    """Return what a node is called if nobody says otherwise."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return texts[f"component.{DOMAIN}.common.node_name"].format(node=node)
