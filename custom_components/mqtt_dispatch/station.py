"""What a config entry says of its station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PROTOCOL
from homeassistant.util import dt as dt_util

from .const import CONF_NODE, CONF_PREFIX, OPT_FEED_EXPIRES_IN, SUBENTRY_NODE
from .engine.policy import FEED, POLICIES, Policy, Settings, Station
from .protocols import PROTOCOLS
from .protocols.base import Protocol

_POLICY_NUMBERS = {field.name for field in fields(Policy)}
_SETTINGS_NUMBERS = {field.name for field in fields(Settings)}


def protocol_of(entry: ConfigEntry[Any]) -> Protocol:
    """Return the wire language of a station's nodes."""
    return PROTOCOLS[entry.data[CONF_PROTOCOL]]


def prefix_of(entry: ConfigEntry[Any]) -> str:
    """Return the topic prefix of a station."""
    prefix: str = entry.data[CONF_PREFIX]
    return prefix


def nodes_of(entry: ConfigEntry[Any]) -> dict[str, str]:
    """Return the subentry ids of a station's nodes, in the order of the station."""
    return {
        subentry.data[CONF_NODE]: subentry.subentry_id
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_NODE
    }


def configuration_of(entry: ConfigEntry[Any]) -> tuple[object, ...]:
    """Return all of an entry that a station is set up from."""
    return (
        entry.title,
        entry.data,
        entry.options,
        tuple(
            (subentry_id, subentry.title, subentry.data)
            for subentry_id, subentry in entry.subentries.items()
        ),
    )


def station_of(entry: ConfigEntry[Any]) -> Station:
    """Return what the engine must know of a station."""
    protocol = protocol_of(entry)
    return Station(
        nodes=tuple(nodes_of(entry)),
        policies={
            kind: _policy(kind, protocol, entry.options) for kind in protocol.kinds
        },
        settings=Settings(
            **{**protocol.settings, **_among(_SETTINGS_NUMBERS, entry.options)}
        ),
        zone=dt_util.get_default_time_zone(),
    )


def _policy(kind: str, protocol: Protocol, options: Mapping[str, Any]) -> Policy:
    policy = replace(POLICIES[kind], **protocol.kinds[kind].overrides)
    policy = replace(policy, **_among(_POLICY_NUMBERS, options))
    if kind == FEED and OPT_FEED_EXPIRES_IN in options:
        return replace(policy, expires_in=options[OPT_FEED_EXPIRES_IN])
    return policy


def _among(names: set[str], options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in names}
