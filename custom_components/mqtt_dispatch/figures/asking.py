"""What is asked of the history, and what is at hand beside it."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..history.access import Job
from ..history.database import HistoryError, async_history
from .computing import StationFigures
from .reading import Window, read_figures


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
    hass: HomeAssistant, job: Job[P, R], *args: P.args, **options: P.kwargs
) -> R:
    """Have something read for whoever asked; see `HistoryDatabase.async_read`.

    Raises HomeAssistantError where the history cannot be read.
    """
    try:
        return await async_history(hass).async_read(job, *args, **options)
    except HistoryError as error:
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
