"""Somebody with a card or the panel open, over a connection without a socket."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET_API
from homeassistant.components.websocket_api.http import WebSocketAdapter
from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.const import DOMAIN

from ..nodes import pass_time

type Message = dict[str, Any]
_TOKEN: Any = SimpleNamespace(id="token")
_KNOWS_FROM_WHERE = "remote" in ActiveConnection.__init__.__code__.co_varnames


def commands_of_domain(hass: HomeAssistant) -> dict[str, Any]:
    """Return the schemas of our websocket commands, by their types."""
    return {
        name: schema
        for name, (_, schema) in hass.data[WEBSOCKET_API].items()
        if name.startswith(f"{DOMAIN}/")
    }


class Looker:
    """A signed-in user, and what he was told."""

    def __init__(self, hass: HomeAssistant, user: User) -> None:
        """Connect."""
        self._hass = hass
        self.told: list[Message] = []
        self.connection = ActiveConnection(
            WebSocketAdapter(logging.getLogger(__name__), {"connid": 1}),
            hass,
            self._tell,
            user,
            _TOKEN,
            *((None,) if _KNOWS_FROM_WHERE else ()),
        )
        self._last_id = 0

    def _tell(self, message: bytes | str | Message) -> None:
        if not isinstance(message, dict):
            message = json.loads(message)
        found: Any = message
        self.told += found if isinstance(found, list) else [found]

    async def asks(self, command: str, **fields: Any) -> Message:
        """Send a command and return its answer."""
        self._last_id += 1
        self.connection.async_handle(
            {"id": self._last_id, "type": f"{DOMAIN}/{command}", **fields}
        )
        await self._hass.async_block_till_done(wait_background_tasks=True)
        answers = (one for one in self.told if one["type"] == "result")
        return next(one for one in answers if one["id"] == self._last_id)

    async def looks_at(self, device_id: str = "all", **fields: Any) -> None:
        """Subscribe, which nobody refuses."""
        answer = await self.asks("subscribe", device_id=device_id, **fields)
        assert answer["success"], answer

    @property
    def events(self) -> list[Message]:
        """What was told of subscriptions, oldest first."""
        return [one["event"] for one in self.told if one["type"] == "event"]

    @property
    def seen(self) -> Message:
        """The last picture that was told."""
        found: Message = self.events[-1]["pictures"][-1]
        return found

    async def after(self, freezer: Any, seconds: float = 0.3) -> Message:
        """Let so much time pass that news is told, and return the last picture."""
        await pass_time(self._hass, freezer, seconds)
        return self.seen

    def leaves(self) -> None:
        """Close the page."""
        self.connection.async_handle_close()
