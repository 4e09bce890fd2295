"""From the device that an action names to its station, and who may do what there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..entity import node_identifier
from .permissions import async_demand, async_name_of


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is about; its caller may use the device that it names."""

    call: ServiceCall
    coordinator: DispatchCoordinator
    nodes: tuple[str, ...]
    """All nodes of the station, or the one that the device is."""
    is_station: bool
    """Whether the device is the station as a whole."""

    async def async_demand_station(self, policy: str) -> None:
        """Check that the caller may read or control the station as a whole.

        Raises Unauthorized.
        """
        entry_id = self.coordinator.config_entry.entry_id
        await self._demand(policy, [(DOMAIN, entry_id)])

    async def async_demand_command(self, kind: str, nodes: tuple[str, ...]) -> None:
        """Check that the caller controls all that a command goes to.

        That is the station for what always goes to the whole of it, or went to a node
        that was removed since, and each node for the rest. Raises Unauthorized.
        """
        known = self.coordinator.protocol.kinds.get(kind)
        removed = not set(nodes) <= set(self.coordinator.engine.station.nodes)
        if removed or (known is not None and known.whole_station):
            await self.async_demand_station(POLICY_CONTROL)
        else:
            entry_id = self.coordinator.config_entry.entry_id
            await self._demand(
                POLICY_CONTROL, [node_identifier(entry_id, node) for node in nodes]
            )

    async def async_caller(self) -> str:
        """Return what people call the caller; empty for an automation."""
        return await async_name_of(self.call.hass, self.call.context)

    async def _demand(
        self, policy: str, identifiers: Iterable[tuple[str, str]]
    ) -> None:
        hass, wanted = self.call.hass, set(identifiers)
        device_ids = [
            device.id
            for device in dr.async_entries_for_config_entry(
                dr.async_get(hass), self.coordinator.config_entry.entry_id
            )
            if device.identifiers & wanted
        ]
        await async_demand(hass, self.call.context, policy, device_ids)


async def async_target(call: ServiceCall, policy: str) -> Target:
    """Return what the device that an action names stands for.

    Raises ServiceValidationError where that is nothing that could do anything, and
    Unauthorized for a caller who may not do with the device what `policy` says.
    """
    hass, device_id = call.hass, call.data[ATTR_DEVICE_ID]
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise _refused("unknown_device", device_id=device_id)
    name = device.name_by_user or device.name or device_id
    # Other integrations have identifiers of other lengths.
    own = [
        identifier[1] for identifier in device.identifiers if identifier[0] == DOMAIN
    ]
    if not own:
        raise _refused("not_a_station", device=name)
    await async_demand(hass, call.context, policy, [device_id])
    entry_id, _, node = own[0].partition("_")
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise _refused("station_not_loaded", device=name)
    coordinator: DispatchCoordinator = entry.runtime_data
    nodes = (node,) if node else coordinator.engine.station.nodes
    return Target(call, coordinator, nodes, is_station=not node)


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
