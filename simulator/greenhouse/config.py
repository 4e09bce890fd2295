"""Configurations as HEAD firmware takes, refuses and keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.greenhouse.wire import number, read_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.greenhouse.kinds import NodeType

LONGEST_CONFIG = 4096
HIGHEST_PORT = 65_535
TEMPORARY = ("gh-temp", "zn-temp")
NEEDS_RELAY_TYPE = ("RELAY", "VALVE", "FAN", "HEATER")
FW_VERSION = "1.0.0"
NETWORK: dict[str, Any] = {
    "wifi": {"ssid": "home", "pass": "secret-of-the-network"},
    "mqtt": {"host": "192.168.1.10", "port": 1883},
}
"""What a node learned when it was set up."""

type Config = dict[str, Any]


class ConfigError(ValueError):
    """A configuration that a node does not take; the text says why."""


def factory_config(hardware_id: str, key: str, node_type: NodeType) -> Config:
    """Return what a node holds that nobody gave an address."""
    greenhouse, zone = TEMPORARY
    config: Config = {
        "node_id": hardware_id,
        "version": 1,
        "type": key,
        "gh_uid": greenhouse,
        "zone_uid": zone,
        "channels": [],
        **NETWORK,
    }
    return with_own_channels(config, node_type)


def with_own_channels(config: Config, node_type: NodeType) -> Config:
    """Return a configuration with what its node puts into it."""
    if not node_type.channels:
        return config
    patched = dict(config)
    own = [dict(channel) for channel in node_type.channels]
    if node_type.takes_channels:
        sent = config.get("channels")
        kept = sent if isinstance(sent, list) else []
        names = {each.get("name") for each in kept if isinstance(each, dict)}
        own = kept + [each for each in own if each["name"] not in names]
    patched["channels"] = own
    if node_type.limits is not None:
        limits = config.get("limits")
        sent = limits if isinstance(limits, dict) else {}
        patched["limits"] = {**sent, **node_type.limits}
    return patched


def read_config(payload: bytes, node_type: NodeType) -> Config:
    """Return what a node takes. Raises ConfigError."""
    if len(payload) > LONGEST_CONFIG:
        raise ConfigError("Config too large")
    try:
        config = with_own_channels(read_object(payload), node_type)
    except (ValueError, TypeError):
        raise ConfigError("Invalid JSON") from None
    if len(json.dumps(config, separators=(",", ":"))) >= LONGEST_CONFIG:
        raise ConfigError("Config too large")
    for key in ("node_id", "type", "gh_uid", "zone_uid"):
        if not isinstance(config.get(key), str):
            raise ConfigError(f"Missing or invalid {key}")
    if number(config.get("version")) is None:
        raise ConfigError("Missing or invalid version")
    if not isinstance(config.get("channels"), list):
        raise ConfigError("Missing or invalid channels")
    _check_network(config)
    for channel in config["channels"]:
        _check_channel(channel)
    return config


def _check_network(config: Mapping[str, Any]) -> None:
    mqtt, wifi = config.get("mqtt"), config.get("wifi", {"configured": True})
    if not isinstance(mqtt, dict):
        raise ConfigError("Missing or invalid mqtt")
    if mqtt.get("configured") is not True:
        if not _text(mqtt.get("host")):
            raise ConfigError("Missing or invalid mqtt.host")
        port = number(mqtt.get("port"))
        if port is None or not 0 < port <= HIGHEST_PORT:
            raise ConfigError("Missing or invalid mqtt.port (must be 1-65535)")
    if not isinstance(wifi, dict):
        raise ConfigError("Missing or invalid wifi")
    if wifi.get("configured") is not True and not _text(wifi.get("ssid")):
        raise ConfigError("Missing or invalid wifi.ssid")


def _check_channel(channel: Any) -> None:  # noqa: ANN401
    match channel:
        case {"type": str(kind), "actuator_type": str(actuator)} if (
            kind.upper() == "ACTUATOR" and actuator.upper() in NEEDS_RELAY_TYPE
        ):
            relay_type = channel.get("relay_type")
            if not _text(relay_type):
                raise ConfigError("Missing relay_type for actuator channel")
            if str(relay_type).upper() not in ("NC", "NO"):
                raise ConfigError("Invalid relay_type for actuator channel")


def _text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def kept(config: Config, before: Config) -> Config:
    """Return what is stored: what was sent, with the node's own network and points."""
    stored = dict(config)
    wifi, mqtt = config.get("wifi"), config["mqtt"]
    if not isinstance(wifi, dict) or not _text(wifi.get("ssid")):
        stored["wifi"] = before["wifi"]
    if not _text(mqtt.get("host")) or number(mqtt.get("port")) is None:
        stored["mqtt"] = before["mqtt"]
    points = before.get("calibration")
    if isinstance(points, dict) and points:
        sent = config.get("calibration")
        stored["calibration"] = points | (sent if isinstance(sent, dict) else {})
    return stored


def is_the_same(config: Config, held: Config) -> bool:
    """Whether nothing but the network is another."""
    network = ("wifi", "mqtt")
    return {key: value for key, value in config.items() if key not in network} == {
        key: value for key, value in held.items() if key not in network
    }


def moves(config: Config, before: Config) -> bool:
    """Whether a configuration makes its node connect anew.

    It does where its address is another, and where it does not name the broker just
    as the node holds it.
    """
    sent, held = config["mqtt"], before["mqtt"]
    keys = ("host", "port", "keepalive", "username", "password", "use_tls")
    return address_in(config) != address_in(before) or any(
        sent.get(key) != held.get(key) for key in keys
    )


def is_temporary(config: Mapping[str, Any]) -> bool:
    """Whether it gives no address."""
    greenhouse, zone = TEMPORARY
    return bool(config["gh_uid"] == greenhouse or config["zone_uid"] == zone)


def address_in(config: Mapping[str, Any]) -> str:
    """Return the levels of a topic that say where a node lives."""
    return f"{config['gh_uid']}/{config['zone_uid']}/{config['node_id']}"
