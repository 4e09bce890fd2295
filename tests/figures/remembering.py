"""Commands that stand in the history of a station."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.figures.asking import FILE_NAME
from custom_components.mqtt_dispatch.history.schema import connect
from custom_components.mqtt_dispatch.history.writer import write


def history_path(hass: HomeAssistant) -> Path:
    """Return where the history of a Home Assistant is."""
    return Path(hass.config.path(STORAGE_DIR, FILE_NAME))


async def remembered(hass: HomeAssistant, entry_id: str, *commands: Command) -> None:
    """Have commands stand in the history of a station."""

    def remember() -> None:
        with closing(connect(history_path(hass))) as connection:
            write(connection, entry_id, Past(commands=commands))

    await hass.async_add_executor_job(remember)


async def damaged(hass: HomeAssistant) -> None:
    """Have the history be no database."""

    def damage() -> None:
        path = history_path(hass)
        path.parent.mkdir(exist_ok=True)
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        path.write_bytes(b"no database, whatever its name says " * 100)

    await hass.async_add_executor_job(damage)
