"""What a backup holds of a station says that it comes from one.

A station that begins from it knows, whatever its nodes can tell, that commands may have
been executed since: it sends nothing of class once before a person confirms.
"""

from __future__ import annotations

from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .coordinator import DispatchCoordinator
from .engine.model.events import Backup
from .history.database import async_history
from .storage.disk import NotStoredError


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Mark what is stored, before it is copied."""
    for coordinator in _stations(hass):
        coordinator.handle(Backup(under_way=True))
        try:
            await coordinator.async_stored()
        except NotStoredError:
            # A repair issue stands for that already. It is no reason to have no backup.
            continue
    await async_history(hass).async_hold()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Take the mark away, and write what waited for that."""
    async_history(hass).release()
    for coordinator in _stations(hass):
        coordinator.handle(Backup(under_way=False))


def _stations(hass: HomeAssistant) -> list[DispatchCoordinator]:
    return [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
