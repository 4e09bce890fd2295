"""Commands that stand in the history of a station."""

from __future__ import annotations

from contextlib import closing
import sqlite3

from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.database import async_history
from custom_components.mqtt_dispatch.history.schema import VERSION


async def remembered(hass: HomeAssistant, entry_id: str, *commands: Command) -> None:
    """Have commands stand in the history of a station."""
    await async_history(hass).async_write(entry_id, Past(commands=commands))


async def unreadable(hass: HomeAssistant) -> None:
    """Have the history be one of a newer version, which nobody may touch."""
    path = async_history(hass).path

    def replace() -> None:
        path.parent.mkdir(exist_ok=True)
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        with closing(sqlite3.connect(path)) as newer:
            newer.execute(f"PRAGMA user_version = {VERSION + 1000}")

    await hass.async_add_executor_job(replace)
