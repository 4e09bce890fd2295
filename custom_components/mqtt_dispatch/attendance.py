"""Who is there, said in the log: one line when it goes, and one when it is back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .engine.view import NodeView, Presence
from .log import LOGGER

if TYPE_CHECKING:
    from .coordinator import DispatchConfigEntry

_LOST: HassKey[bool] = HassKey(f"{DOMAIN}_broker_lost")
_GONE: HassKey[dict[str, set[str]]] = HassKey(f"{DOMAIN}_gone")
"""By the ids of config entries: the nodes that were said to be gone."""


@callback
def async_say_connection(hass: HomeAssistant, *, up: bool) -> None:
    """Say that the broker is gone, or back, whichever station notices first."""
    if up is not hass.data.get(_LOST, False):
        return
    hass.data[_LOST] = not up
    if up:
        LOGGER.info("The MQTT broker is connected again")
    else:
        LOGGER.info("The MQTT broker is not connected: all nodes are unavailable")


class Attendance:
    """Which nodes of a station were said to be gone, in this run of Home Assistant."""

    def __init__(self, hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
        """Take up what was said before a reload; each line names the station."""
        self._station = entry.title
        self._seen: dict[str, NodeView] = {}
        gone = hass.data.setdefault(_GONE, {})
        self._gone = gone.setdefault(entry.entry_id, set())

    def look(self, nodes: Mapping[str, NodeView]) -> None:
        """Say which nodes have gone and which are back.

        Of those that nobody can hear without a broker that says nothing.
        """
        self._gone.difference_update(self._gone - nodes.keys())
        for node, view in nodes.items():
            if self._seen.get(node) is view:
                continue
            self._seen[node] = view
            if view.presence is Presence.GONE and node not in self._gone:
                self._gone.add(node)
                LOGGER.info("%s: node %s is unavailable", self._station, node)
            elif view.presence is Presence.HERE and node in self._gone:
                self._gone.discard(node)
                LOGGER.info("%s: node %s is available again", self._station, node)


@callback
def async_forget_attendance(hass: HomeAssistant, entry_id: str) -> None:
    """Forget whose nodes are gone with their station."""
    hass.data.get(_GONE, {}).pop(entry_id, None)
