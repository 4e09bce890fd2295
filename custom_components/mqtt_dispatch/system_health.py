"""What the system page tells of MQTT Dispatch."""

from __future__ import annotations

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import DispatchCoordinator
from .history.database import HistoryError, async_history


@callback
def async_register(
    hass: HomeAssistant,
    register: system_health.SystemHealthRegistration,
) -> None:
    """Register what is told."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    coordinators: list[DispatchCoordinator] = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    try:
        size = await async_history(hass).async_size()
    except HistoryError:
        size = None
    return {
        "stations": len(coordinators),
        "connected": sum(
            coordinator.engine.conditions.connected for coordinator in coordinators
        ),
        "open_commands": sum(coordinator.data.open for coordinator in coordinators),
        "unconfirmed_commands": sum(
            len(coordinator.data.unconfirmed) for coordinator in coordinators
        ),
        "storage_ok": all(
            coordinator.engine.conditions.storage_ok for coordinator in coordinators
        ),
        "history_commands": None if size is None else size.commands,
        "history_size": None if size is None else f"{size.bytes / 2**20:.1f} MiB",
    }
