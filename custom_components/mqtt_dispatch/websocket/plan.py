"""The week of a plan: what comes on each day, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..planning.event_lengths import run_time
from ..planning.meals import meals_as_response
from ..texts.meal_summaries import meal_in_words
from ..texts.plan import planned_dates
from ..texts.reader import in_language
from .asked import LANGUAGE, async_station
from .meals_shown import date_shown
from .reader import async_reader

DAYS: Final = 7


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/plan",
        vol.Required("device_id"): cv.string,
        **LANGUAGE,
    }
)
@websocket_api.async_response
async def plan(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the meals of a station, and its dates of today and the six days after it."""
    reader = await async_reader(hass, connection, message["language"])
    if (station := async_station(reader, connection, message)) is None:
        return
    may_control = reader.may_control(station.config_entry)
    with in_language(reader.language):
        dates = [
            (
                each.at,
                {
                    **date_shown(station, meal, each, may_control=may_control),
                    "lasts": run_time(
                        station.protocol, meal.kind, each.occurrence.params
                    ),
                },
            )
            for meal in station.engine.ledger.meals.values()
            for each in planned_dates(station, meal, DAYS)
        ]
        meals = [
            {
                "meal_id": meal["meal_id"],
                "name": meal["name"],
                "in_words": meal_in_words(
                    station, meal["name"], meal["kind"], meal["params"]
                ),
                "kind": meal["kind"],
                "time": meal["time"],
                "enabled": meal["enabled"],
            }
            for meal in meals_as_response(station)
        ]
    dates.sort(key=lambda item: item[0])
    connection.send_result(
        message["id"],
        {
            "may_control": may_control,
            "meals": meals,
            "dates": [shown for _, shown in dates],
        },
    )
