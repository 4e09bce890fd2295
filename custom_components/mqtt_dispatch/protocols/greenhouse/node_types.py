"""What types of greenhouse nodes there are, and which kinds each understands.

A kind exists where the firmware of the type registers it (hydro2.0,
firmware/nodes/*/main and common/components/node_framework). What the sources leave open
is decided here:

- A type that no firmware on record has (`water_sensor`, `recirculation`), or that
  nobody told, may understand each kind: what it does not know it refuses by name.
- A light node of the vendor's test nodes has a lamp; a real one reports none.
- Of a node that has not shown its generation the newer one is assumed: the older
  refuses its configuration and finds no parameter in its commands, so nothing runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import Readings
from ..base import Site

NODE_TYPES: Final = (
    "ph",
    "ec",
    "climate",
    "relay",
    "irrig",
    "light",
    "pump",
    "water_sensor",
    "recirculation",
    "unknown",
)
UNKNOWN: Final = "unknown"
OWN_CHANNELS: Final = frozenset({"ph", "ec", "relay", "irrig", "light"})
"""The types that put their own channels in the place of those they are sent."""

GENERATION: Final = "generation"
"""What is learned of a node: `HEAD` or `SEED`."""
HEAD: Final = "head"
SEED: Final = "seed"
"""Firmware of November 2025: it checks no signature and reads params beside `cmd`."""

_CALLED: Final = MappingProxyType(
    {
        "ph_node": "ph",
        "ec_node": "ec",
        "climate_node": "climate",
        "relay_node": "relay",
        "storage_irrigation_node": "irrig",
        "lighting_node": "light",
        "light_node": "light",
        "pump_node": "pump",
    }
)
_ALL: Final = frozenset(
    {"update_config", "refresh", "reboot", "set_datetime", "exit_safe_mode"}
)
_DOSES: Final = frozenset(
    {"run_pump", "dose", "calibrate", "test_sensor", "set_sensor_mode"}
)
_RELAYS: Final = frozenset({"set_relay", "close_valve"})
"""What sets a relay can close a valve: on the wire, the two are the same."""
_SWITCHES: Final = _RELAYS | {"open_valve"}
_LIGHTS: Final = frozenset({"set_pwm", "light_on", "light_off"})
_OF_HEAD: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ph": _DOSES,
        "ec": _DOSES,
        "climate": _LIGHTS | _RELAYS | {"test_sensor"},
        "relay": _SWITCHES | {"toggle"},
        "irrig": _SWITCHES | {"run_pump", "stop_pump", "query", "test_sensor"},
        "light": _LIGHTS | _RELAYS | {"test_sensor"},
        "pump": frozenset({"run_pump"}),
    }
)
_OF_SEED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ph": frozenset({"run_pump", "stop_pump", "dose", "calibrate"}),
        "ec": frozenset({"run_pump", "stop_pump", "calibrate"}),
        "climate": _LIGHTS | _RELAYS,
        "pump": frozenset({"run_pump"}),
    }
)
_OF_ANY_HEAD: Final = frozenset().union(*_OF_HEAD.values()) - {"stop_pump"}


def node_type_of(text: str) -> str | None:
    """Return the type that a node or its configuration names; None: no known one."""
    name = text.lower()
    name = _CALLED.get(name, name)
    return name if name in NODE_TYPES else None


def kinds_of(fields: Mapping[str, Any]) -> frozenset[str]:
    """Return the kinds that a node understands, as far as is known of it."""
    node_type = fields.get("type", UNKNOWN)
    if is_seed(fields):
        return _OF_SEED.get(node_type, frozenset())
    return _ALL | _OF_HEAD.get(node_type, _OF_ANY_HEAD)


def understands(site: Site, node: str, kind: str, _readings: Readings) -> bool:
    """Return whether a node understands a kind; see `Protocol.understands`."""
    return kind in kinds_of(site.nodes.get(node, {}))


def is_seed(fields: Mapping[str, Any]) -> bool:
    """Return whether a node has shown itself to be of the older generation."""
    return bool(fields.get(GENERATION) == SEED)
