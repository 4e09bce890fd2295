"""What is read of the history for somebody who asked, and hears if that cannot be."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from .access import Job
from .database import HistoryError, async_history


class HistoryUnavailable(HomeAssistantError):  # noqa: N818 - it is a state, not a fault
    """The history cannot be read now."""

    def __init__(self) -> None:
        """Say so in the language of whoever asked."""
        super().__init__(
            translation_domain=DOMAIN, translation_key="history_unavailable"
        )


async def async_read_history[**P, R](
    hass: HomeAssistant, job: Job[P, R], *args: P.args, **options: P.kwargs
) -> R:
    """Have something read; see `HistoryDatabase.async_read`.

    Raises HistoryUnavailable.
    """
    try:
        return await async_history(hass).async_read(job, *args, **options)
    except HistoryError as error:
        raise HistoryUnavailable from error


async def async_survey_history[**P, R](
    hass: HomeAssistant, job: Job[P, R], *args: P.args, **options: P.kwargs
) -> R:
    """Have much read; see `HistoryDatabase.async_survey`. Raises HistoryUnavailable."""
    try:
        return await async_history(hass).async_survey(job, *args, **options)
    except HistoryError as error:
        raise HistoryUnavailable from error
