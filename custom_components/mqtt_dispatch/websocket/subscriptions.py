"""What a subscription is told: a picture at once, and each that differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
)
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..clock import now
from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from .following import Follower
from .picture import picture_of
from .reader import Reader

type Picture = Mapping[str, Any]


class Subscription:
    """One client that follows one station, or all that its user may see."""

    def __init__(
        self,
        reader: Reader,
        connection: ActiveConnection,
        message_id: int,
        *,
        version: str,
        entry_id: str | None,
    ) -> None:
        """Follow the station of an entry, or (None) all."""
        self._reader = reader
        self._connection = connection
        self._message_id = message_id
        self._version = version
        self._entry_id = entry_id
        self._followers: dict[str, Follower] = {}
        self._told: dict[str, Picture] = {}

    @callback
    def start(self) -> None:
        """Tell all that there is, and go on."""
        hass = self._reader.hass
        stop = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        self._connection.subscriptions[self._message_id] = lambda: self._stop(stop)
        self._connection.send_result(self._message_id)
        entries = [
            entry
            for entry in hass.config_entries.async_entries(DOMAIN)
            if self._entry_id in (None, entry.entry_id)
        ]
        for entry in entries:
            self._follow(entry)
        self._send([each for entry in entries if (each := self._anew(entry))])

    def _stop(self, stop_entries: Any) -> None:  # noqa: ANN401
        stop_entries()
        for follower in self._followers.values():
            follower.stop()
        self._followers.clear()

    def _follow(self, entry: DispatchConfigEntry) -> None:
        self._followers[entry.entry_id] = Follower(
            self._reader.hass, entry, lambda: self._look(entry)
        )

    @callback
    def _entry_changed(
        self, change: ConfigEntryChange, entry: DispatchConfigEntry
    ) -> None:
        # It is called for the entries of all integrations.
        if entry.domain != DOMAIN or self._entry_id not in (None, entry.entry_id):
            return
        if change is ConfigEntryChange.REMOVED:
            if (follower := self._followers.pop(entry.entry_id, None)) is not None:
                follower.stop()
            if self._told.pop(entry.entry_id, None) is not None:
                self._send([_gone(entry)])
            return
        if entry.entry_id not in self._followers:
            self._follow(entry)
        self._followers[entry.entry_id].entry_changed()

    @callback
    def _look(self, entry: DispatchConfigEntry) -> None:
        if (picture := self._anew(entry)) is not None:
            self._send([picture])

    def _anew(self, entry: DispatchConfigEntry) -> Picture | None:
        """Return what is shown of a station if it is not what was told already.

        Whoever may not see it any more is told that it is gone.
        """
        entry_id = entry.entry_id
        if not self._reader.may_see(entry):
            return _gone(entry) if self._told.pop(entry_id, None) else None
        picture = picture_of(self._reader, entry)
        if picture == self._told.get(entry_id):
            return None
        self._told[entry_id] = picture
        return picture

    def _send(self, pictures: list[Picture]) -> None:
        self._connection.send_event(
            self._message_id,
            {"version": self._version, "now": now().wall, "pictures": pictures},
        )


def _gone(entry: DispatchConfigEntry) -> Picture:
    return {"gone": entry.entry_id}
