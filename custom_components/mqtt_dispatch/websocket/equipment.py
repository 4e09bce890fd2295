"""The entities of a station and its nodes by what they are, whatever their ids.

What an entity shows the card reads from its state.
"""

from __future__ import annotations

from typing import Any, Final

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..entities.pictures import CAPTURES
from ..entity import async_device_of
from ..protocols.actuator import Form

_STATION: Final = (
    "ready",
    "status",
    "queue",
    "feed",
    "portions",
    "portions_today",
    "last_fed",
    "dispatching",
    "meals",
    "plan",
    "command",
)
_NODE: Final = ("ready", "online", "reboot", "image", "next_wake", "capture")


@callback
def roles_of(
    coordinator: DispatchCoordinator, node: str | None = None
) -> dict[str, str]:
    """Return the entity ids of a station, or of a node, that are shown, by role."""
    by_key = _by_key(coordinator, node)
    roles = _STATION if node is None else _NODE
    return {role: by_key[role] for role in roles if role in by_key}


@callback
def valves_of(coordinator: DispatchCoordinator) -> list[dict[str, Any]]:
    """Return the valves of the nodes, each with what stands beside it."""
    protocol, found = coordinator.protocol, []
    for node, seen in coordinator.data.nodes.items():
        fields = coordinator.driver.site.nodes.get(node, {})
        valves = [
            actuator
            for actuator in protocol.actuators(fields, seen.readings)
            if actuator.form is Form.VALVE
        ]
        by_key = _by_key(coordinator, node) if valves else {}
        for valve in valves:
            if (entity_id := by_key.get(valve.key)) is None:
                continue
            amount = valve.amount
            run_time = None if amount is None else f"{valve.key}_{amount.param}"
            found.append(
                {
                    "node": node,
                    "valve": entity_id,
                    "closes_at": by_key.get(f"{valve.key}_closes_at"),
                    "run_time": by_key.get(run_time or ""),
                }
            )
    return found


@callback
def cameras_of(coordinator: DispatchCoordinator) -> list[dict[str, Any]]:
    """Return the cameras among the nodes."""
    if CAPTURES not in coordinator.protocol.kinds:
        return []
    found = []
    for node in coordinator.data.nodes:
        roles = roles_of(coordinator, node)
        if "image" in roles:
            found.append(
                {
                    "node": node,
                    "image": roles["image"],
                    "next_wake": roles.get("next_wake"),
                    "capture": roles.get("capture"),
                }
            )
    return found


def _by_key(coordinator: DispatchCoordinator, node: str | None) -> dict[str, str]:
    """Return the entities of a device that are not disabled, by their own keys."""
    device = async_device_of(coordinator, node)
    if device is None:
        return {}
    entry_id = coordinator.config_entry.entry_id
    prefix = f"{entry_id}_" if node is None else f"{entry_id}_{node}_"
    return {
        entity.unique_id.removeprefix(prefix): entity.entity_id
        for entity in er.async_entries_for_device(
            er.async_get(coordinator.hass), device.id
        )
        if entity.platform == DOMAIN
    }
