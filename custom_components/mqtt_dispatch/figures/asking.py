"""What is asked of the history, in the executor, and what is at hand beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Concatenate, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..history.schema import DamagedHistory, NewerHistory, connect
from .computing import StationFigures
from .reading import Window, read_figures

FILE_NAME: Final = f"{DOMAIN}.history.db"


async def async_figures(
    coordinator: DispatchCoordinator, window: Window
) -> StationFigures:
    """Return the figures of a station, worked out in the executor.

    Raises HomeAssistantError where the history cannot be read.
    """
    return await async_read_history(
        coordinator.hass,
        read_figures,
        coordinator.config_entry.entry_id,
        window,
        known_commands(coordinator),
    )


async def async_read_history[**P, R](
    hass: HomeAssistant,
    job: Callable[Concatenate[sqlite3.Connection | None, P], R],
    *args: P.args,
    **options: P.kwargs,
) -> R:
    """Have something read in the executor; a history that nobody began is None.

    Raises HomeAssistantError where it cannot be read.
    """
    path = Path(hass.config.path(STORAGE_DIR, FILE_NAME))

    def read() -> R:
        if not path.exists():
            return job(None, *args, **options)
        with closing(connect(path)) as connection:
            return job(connection, *args, **options)

    try:
        return await hass.async_add_executor_job(read)
    except (NewerHistory, DamagedHistory, sqlite3.Error, OSError) as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="history_unavailable"
        ) from error


def known_commands(coordinator: DispatchCoordinator) -> tuple[Command, ...]:
    """Return the commands that are at hand and on disk; the history may lag behind."""
    ledger = coordinator.engine.ledger
    return tuple(
        command
        for command in (*ledger.closed.values(), *ledger.open.values())
        if command.id not in ledger.unstored
    )
