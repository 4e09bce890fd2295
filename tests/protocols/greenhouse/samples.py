"""A greenhouse to speak about: one node that has its place, one that has none yet."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Message,
    Publication,
    Said,
)

from ..commands import command_for

WIRE = PROTOCOLS["greenhouse"]
NODE = "esp32-a1b2c3d4e5f6"
NEW = "esp32-00000000beef"
HOME = "hydro/gh-1/zn-2/nd-ph-1"
NEW_HOME = f"hydro/gh-temp/zn-temp/{NEW}"
SECRET = "0123456789abcdef0123456789abcdef"
NOON = 1737979200.75

CHANNELS: list[dict[str, Any]] = [
    {"name": "ph_sensor", "type": "SENSOR", "metric": "PH", "poll_interval_ms": 5000},
    {
        "name": "pump_acid",
        "type": "ACTUATOR",
        "actuator_type": "PERISTALTIC_PUMP",
        "safe_limits": {"max_duration_ms": 60_000, "min_off_ms": 3000},
        "ml_per_second": 1.5,
    },
    {"name": "lamp", "type": "ACTUATOR", "actuator_type": "LED"},
    {
        "name": "relay-1",
        "type": "ACTUATOR",
        "actuator_type": "RELAY",
        "relay_type": "NO",
    },
    {"name": "inlet", "type": "ACTUATOR", "actuator_type": "VALVE", "relay_type": "NC"},
    {"name": "fan", "type": "ACTUATOR", "actuator_type": "PWM"},
    {"name": "mixer", "type": "ACTUATOR", "actuator_type": "SOMETHING_ELSE"},
    {"name": "system", "type": "ACTUATOR", "actuator_type": "SYSTEM"},
]
SAID: dict[str, Any] = {
    "greenhouse": "gh-1",
    "zone": "zn-2",
    "uid": "nd-ph-1",
    "secret": SECRET,
    "type": "unknown",
    "channels": CHANNELS,
    "ack_means_done": False,
}
FIELDS = SAID | {
    "assigned": True,
    "lives_at": "gh-1/zn-2/nd-ph-1",
    "hardware_id": NODE,
    "generation": "head",
}


def a_site(prefix: str = "hydro", **said: Any) -> Site:
    """Return a station of a node that has its place and one that has none."""
    return Site(prefix=prefix, nodes={NODE: FIELDS | said, NEW: {}})


def reports(
    topic: str,
    payload: str | bytes,
    *,
    retain: bool = False,
    site: Site | None = None,
    wall: float = NOON,
) -> tuple[Said, ...]:
    """Return what a message says."""
    content = payload if isinstance(payload, bytes) else payload.encode()
    return WIRE.report(site or a_site(), Message(topic, content, retain, wall))


def a_command(
    kind: str,
    params: dict[str, Any] | None = None,
    *,
    node: str = NODE,
    command_id: int = 17,
) -> Command:
    """Return a command for one node."""
    known = WIRE.kinds.get(kind)
    return command_for(
        [node],
        kind,
        params or {},
        command_id=command_id,
        command_class=known.policy.command_class if known else CommandClass.ONCE,
    )


def sent(
    command: Command,
    *,
    site: Site | None = None,
    wall: float = NOON,
    readings: Readings | None = None,
) -> tuple[Publication, ...]:
    """Return what tells its node the command."""
    sending = Sending(
        command=command, node=command.nodes[0], wall=wall, readings=readings or {}
    )
    return WIRE.publications(site or a_site(), sending)


HELLO = (
    '{"message_type":"node_hello","hardware_id":"esp32-A1B2c3d4e5f6",'
    '"node_type":"ph","fw_version":"5.2","capabilities":["ph","temperature"],'
    '"provisioning_meta":{"greenhouse_token":"gh-9","zone_id":9}}'
)
