"""The history as a file, for whoever may read the station."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from aiohttp import web
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util, slugify
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..history.reader import Filters
from .actions import EXPORTS, async_wanted
from .commands import async_commands
from .rows import Row, as_csv, header, rows_of

_LINES: Final = 100
"""Commands that are sent at a time."""
_BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells spreadsheets that the text is in UTF-8."""


@callback
def async_serve_history(hass: HomeAssistant) -> None:
    """Offer the file."""
    hass.http.register_view(HistoryView)


class HistoryView(HomeAssistantView):
    """Tells the history of a station as comma-separated values, the newest first.

    It takes what `export_history` takes, and asks for the same permission.
    """

    url = f"/api/{DOMAIN}/history.csv"
    name = f"api:{DOMAIN}:history"

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Send the file, as it is read."""
        hass = request.app[KEY_HASS]
        given = {key: text for key, text in request.query.items() if key != "authSig"}
        try:
            call = ServiceCall(
                hass, DOMAIN, "export_history", EXPORTS(given), self.context(request)
            )
            station, filters = await async_wanted(call)
            lines = _lines(station, filters)
            first = await anext(lines)
        except Unauthorized:
            raise
        except (vol.Invalid, ServiceValidationError) as refused:
            return self.json_message(str(refused), HTTPStatus.BAD_REQUEST)
        except HomeAssistantError as error:
            return self.json_message(str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        response = web.StreamResponse(headers=_headers(station))
        await response.prepare(request)
        await response.write((_BYTE_ORDER_MARK + header() + first).encode())
        async for text in lines:
            await response.write(text.encode())
        await response.write_eof()
        return response


async def _lines(station: DispatchCoordinator, filters: Filters) -> AsyncIterator[str]:
    """Yield lines of the file, many at a time, and once at least."""
    rows: list[Row] = []
    count = 0
    async for command in async_commands(station, filters):
        rows += rows_of(station, command, filters.node)
        count += 1
        if count % _LINES == 0:
            yield as_csv(rows)
            rows = []
    yield as_csv(rows)


def _headers(coordinator: DispatchCoordinator) -> dict[str, str]:
    name = f"{slugify(coordinator.name)}_{dt_util.now():%Y-%m-%d}.csv"
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
