"""Home Assistant's own calendar page, and somebody who uses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..nodes import settled

MEALS = "calendar.kitchen_meals"
THIS = ""
AND_FOLLOWING = "THISANDFUTURE"
BERLIN = ZoneInfo("Europe/Berlin")


def berlin_time(text: str) -> datetime:
    """Return what a clock in Berlin shows, as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


class Page:
    """Does what the page does, in its own messages."""

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: DispatchCoordinator,
        client: TestClient[Any, Any],
        socket: MockHAClientWebSocket,
        calendar: str = MEALS,
    ) -> None:
        """Look at the calendar of a station."""
        self._hass = hass
        self._coordinator = coordinator
        self._client = client
        self._socket = socket
        self._calendar = calendar

    async def events(self, first: str, days: int = 1) -> list[dict[str, Any]]:
        """Return the events of some days, local."""
        zone = dt_util.get_default_time_zone()
        start = datetime.fromisoformat(first).replace(tzinfo=zone)
        span = {
            "start": start.isoformat(),
            "end": (start + timedelta(days=days)).isoformat(),
        }
        url = f"/api/calendars/{self._calendar}"
        response = await self._client.get(url, params=span)
        assert response.status == 200
        found: list[dict[str, Any]] = await response.json()
        return found

    async def shown(self, first: str, days: int = 1) -> list[str]:
        """Return when the events of some days begin, and how they are called."""
        return [
            f"{event['start']['dateTime'][:16]} {event['summary']}"
            for event in await self.events(first, days)
        ]

    async def event(self, day: str) -> dict[str, Any]:
        """Return the one event of a day."""
        (found,) = await self.events(day)
        return found

    async def create(self, start: str, summary: str, **more: Any) -> str | None:
        """Add an event; return why not, None if it was added."""
        return await self._ask("create", event=an_event(start, summary, **more))

    async def change(
        self, event: dict[str, Any], which: str = THIS, **changed: Any
    ) -> str | None:
        """Save an event of the page with what is `changed`; return why not, or None."""
        kept = {
            "start": event["start"]["dateTime"][:19],
            "summary": event["summary"],
            "description": event["description"],
            "rrule": event["rrule"],
            "minutes": _minutes(event),
        }
        wanted = {**kept, **changed}
        if which == THIS and event["rrule"]:
            # So does the page.
            wanted["rrule"] = None
        return await self._ask(
            "update",
            uid=event["uid"],
            recurrence_id=event["recurrence_id"] or "",
            recurrence_range=which,
            event=an_event(**wanted),
        )

    async def change_all(self, event: dict[str, Any], **changed: Any) -> str | None:
        """Save all of a series, as the page does where an event does not recur."""
        return await self.change({**event, "recurrence_id": None}, "all", **changed)

    async def delete(self, event: dict[str, Any], which: str = THIS) -> str | None:
        """Delete an event of the page; return why not, None if it is done."""
        return await self._ask(
            "delete",
            uid=event["uid"],
            recurrence_id=event["recurrence_id"] or "",
            recurrence_range=which,
        )

    async def delete_all(self, event: dict[str, Any]) -> str | None:
        """Delete all of a series."""
        return await self.delete({**event, "recurrence_id": None})

    async def _ask(self, what: str, **message: Any) -> str | None:
        await self._socket.send_json_auto_id(
            {
                "type": f"calendar/event/{what}",
                "entity_id": self._calendar,
                **message,
            }
        )
        answer = await self._socket.receive_json()
        if not answer["success"]:
            return str(answer["error"]["message"])
        await settled(self._hass, self._coordinator)
        return None


def an_event(
    start: str,
    summary: str,
    *,
    minutes: float = 60,
    rrule: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return an event as the page sends it: its times are local, without a zone."""
    end = datetime.fromisoformat(start) + timedelta(minutes=minutes)
    event = {"dtstart": start, "dtend": end.isoformat(), "summary": summary, **more}
    return event if rrule is None else {**event, "rrule": rrule}


def _minutes(event: dict[str, Any]) -> float:
    start, end = (
        datetime.fromisoformat(event[each]["dateTime"]).replace(tzinfo=None)
        for each in ("start", "end")
    )
    return (end - start).total_seconds() / 60
