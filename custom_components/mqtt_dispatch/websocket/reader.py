"""Who looks at stations, what he may see and do there, and in which language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized

from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..engine.model.command import Command
from ..entity import async_find_device
from ..ordering.permissions import may
from ..ordering.targets import is_of_station
from ..texts.reader import async_language_of


@dataclass(frozen=True, slots=True)
class Reader:
    """A signed-in user who looks."""

    hass: HomeAssistant
    user: User
    language: str | None
    """None: that of the server."""

    @callback
    def may_see(self, entry: DispatchConfigEntry) -> bool:
        """Whether he may read the station as a whole."""
        return self._may(POLICY_READ, entry.entry_id, (None,))

    @callback
    def may_control(self, entry: DispatchConfigEntry) -> bool:
        """Whether he may control the station as a whole."""
        return self._may(POLICY_CONTROL, entry.entry_id, (None,))

    @callback
    def may_control_node(self, entry: DispatchConfigEntry, node: str) -> bool:
        """Whether he may control a node."""
        return self._may(POLICY_CONTROL, entry.entry_id, (node,))

    @callback
    def may_decide(self, coordinator: DispatchCoordinator, command: Command) -> bool:
        """Whether he may change what becomes of a command, as the actions have it."""
        of_station = is_of_station(coordinator, command.kind, command.nodes)
        nodes = (None,) if of_station else command.nodes
        return self._may(POLICY_CONTROL, coordinator.config_entry.entry_id, nodes)

    @callback
    def demand_sight(self, entry: DispatchConfigEntry) -> None:
        """Check that he may see a station. Raises Unauthorized."""
        if not self.may_see(entry):
            raise Unauthorized(user_id=self.user.id, permission=POLICY_READ)

    def _may(self, policy: str, entry_id: str, nodes: Iterable[str | None]) -> bool:
        devices = [async_find_device(self.hass, entry_id, node) for node in nodes]
        known = [device.id for device in devices if device is not None]
        return len(known) == len(devices) and may(self.hass, self.user, policy, known)


async def async_reader(
    hass: HomeAssistant, connection: ActiveConnection, accepted: str
) -> Reader:
    """Return who is at a connection.

    `accepted` is the language of what he looks with, for a user who chose none.
    """
    user = connection.user
    return Reader(hass, user, await async_language_of(hass, user.id, accepted))
