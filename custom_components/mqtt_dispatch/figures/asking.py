"""What is asked of the history for figures, and what is at hand beside it."""

from __future__ import annotations

from ..coordinator import DispatchCoordinator
from ..history.asking import async_survey_history
from ..history.commands import at_hand
from .computing import StationFigures
from .reading import Window, read_figures


async def async_figures(
    coordinator: DispatchCoordinator, window: Window
) -> StationFigures:
    """Return the figures of a station, worked out in the executor.

    Raises HistoryUnavailable.
    """
    return await async_survey_history(
        coordinator.hass,
        read_figures,
        coordinator.config_entry.entry_id,
        window,
        tuple(at_hand(coordinator, on_disk=True).values()),
    )
