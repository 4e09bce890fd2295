"""From what an action names to its stations, and who may do what there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..entity import node_identifier, station_and_node
from .permissions import async_demand, async_name_of

try:
    from homeassistant.helpers import target as targets_of_core
except ImportError:  # before 2025.8
    from homeassistant.helpers import service as targets_of_core  # type: ignore[no-redef]

_CORE: Final[Any] = targets_of_core
_Selection: Final = getattr(
    _CORE,
    "TargetSelection",
    # It had another name first, which is on its way out.
    getattr(_CORE, "TargetSelectorData", None),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is about at a station; its caller may use what it names."""

    call: ServiceCall
    coordinator: DispatchCoordinator
    nodes: tuple[str, ...]
    """All nodes of the station, or those that are named."""
    is_station: bool
    """Whether the station as a whole is named."""
    is_named: bool = True
    """Whether it is named itself, not only by where it stands or by a label."""

    async def async_demand_station(self, policy: str) -> None:
        """Check that the caller may read or control the station as a whole.

        Raises Unauthorized.
        """
        entry_id = self.coordinator.config_entry.entry_id
        await self._demand(policy, [(DOMAIN, entry_id)])

    async def async_demand_command(self, kind: str, nodes: tuple[str, ...]) -> None:
        """Check that the caller controls all that a command goes to.

        Raises Unauthorized.
        """
        if is_of_station(self.coordinator, kind, nodes):
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


def is_of_station(
    coordinator: DispatchCoordinator, kind: str, nodes: Iterable[str]
) -> bool:
    """Whether who deals with a command must control the station as a whole.

    So it is with what always goes to the whole of it, or went to a node that was
    removed since; for the rest it is each node.
    """
    known = coordinator.protocol.kinds.get(kind)
    removed = not set(nodes) <= set(coordinator.engine.station.nodes)
    return removed or (known is not None and known.whole_station)


async def async_target(call: ServiceCall, policy: str) -> Target:
    """Return what the device that an action names stands for.

    Raises ServiceValidationError where that is nothing that could do anything, and
    Unauthorized for a caller who may not do with the device what `policy` says.
    """
    (target,) = await _async_targets(call, policy, {call.data[ATTR_DEVICE_ID]: True})
    return target


async def async_targets(call: ServiceCall, policy: str) -> list[Target]:
    """Return what an action is about, one for each station, by the stations' names.

    It names devices, entities, areas, floors and labels, any number of each. Of what
    stands in an area or bears a label only our own is meant. Raises as `async_target`.
    """
    device_ids = dict.fromkeys(_devices_meant(call), False)
    device_ids |= dict.fromkeys(_devices_named(call), True)
    if not device_ids:
        raise _refused("no_target")
    return await _async_targets(call, policy, device_ids)


async def async_stations(
    call: ServiceCall, is_able: Callable[[Target], bool] = lambda _: True
) -> tuple[list[DispatchCoordinator], str]:
    """Return the stations of an action that is about all of each, and who calls.

    One that is not able to is meant only where it is named itself.
    """
    targets = await async_targets(call, POLICY_CONTROL)
    able = [target for target in targets if target.is_named or is_able(target)]
    for target in able or targets:
        await target.async_demand_station(POLICY_CONTROL)
    by = await targets[0].async_caller()
    return [target.coordinator for target in able or targets], by


async def async_station(call: ServiceCall, policy: str) -> DispatchCoordinator:
    """Return the station of an action that is about all of it."""
    target = await async_target(call, policy)
    await target.async_demand_station(policy)
    return target.coordinator


async def async_check_devices(call: ServiceCall, policy: str) -> None:
    """Check that each device which an action names by itself is one of ours.

    Raises as `async_target`.
    """
    for device_id in _device_ids(call):
        await _async_target_of(call, policy, device_id, is_named=True)


def of_kind(targets: list[Target], kind: str) -> list[Target]:
    """Return those of which a kind of command can be ordered.

    Who feeds in an area does not mean the cameras there. What is named itself stays,
    so that it refuses.
    """
    able = [
        target
        for target in targets
        if target.is_named or kind in target.coordinator.protocol.kinds
    ]
    return able or targets


async def _async_targets(
    call: ServiceCall, policy: str, device_ids: dict[str, bool]
) -> list[Target]:
    """Return the targets that devices stand for; each says whether it is named."""
    found: dict[str, Target] = {}
    for device_id, is_named in device_ids.items():
        target = await _async_target_of(call, policy, device_id, is_named=is_named)
        entry_id = target.coordinator.config_entry.entry_id
        found[entry_id] = _both(found.get(entry_id), target)
    return sorted(found.values(), key=lambda target: target.coordinator.name)


def _both(one: Target | None, other: Target) -> Target:
    """Return what two targets of a station mean together."""
    if one is None:
        return other
    station = other.coordinator.engine.station
    named = {*one.nodes, *other.nodes}
    return Target(
        other.call,
        other.coordinator,
        tuple(node for node in station.nodes if node in named),
        is_station=one.is_station or other.is_station,
        is_named=one.is_named or other.is_named,
    )


async def _async_target_of(
    call: ServiceCall, policy: str, device_id: str, *, is_named: bool
) -> Target:
    hass = call.hass
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise _refused("unknown_device", device_id=device_id)
    name = device.name_by_user or device.name or device_id
    if (own := station_and_node(device.identifiers)) is None:
        raise _refused("not_a_station", device=name)
    await async_demand(hass, call.context, policy, [device_id])
    entry_id, node = own
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise _refused("station_not_loaded", device=name)
    coordinator: DispatchCoordinator = entry.runtime_data
    nodes = (node,) if node else coordinator.engine.station.nodes
    return Target(call, coordinator, nodes, is_station=node is None, is_named=is_named)


def _devices_named(call: ServiceCall) -> Iterator[str]:
    """Yield the devices that are named, by themselves or by their entities."""
    registry = er.async_get(call.hass)
    yield from _device_ids(call)
    for entity_id in sorted(selected(call).referenced):
        entity = registry.async_get(entity_id)
        if entity is None or entity.platform != DOMAIN or entity.device_id is None:
            raise _refused("not_a_station", device=entity_id)
        yield entity.device_id


def _devices_meant(call: ServiceCall) -> Iterator[str]:
    """Yield our devices that are meant by where they stand or by their labels."""
    hass, meant = call.hass, selected(call)
    entities, devices = er.async_get(hass), dr.async_get(hass)
    found = set(meant.referenced_devices)
    for entity_id in meant.indirectly_referenced:
        entity = entities.async_get(entity_id)
        if entity is not None and entity.platform == DOMAIN and entity.device_id:
            found.add(entity.device_id)
    for device_id in sorted(found):
        device = devices.async_get(device_id)
        if device is not None and station_and_node(device.identifiers):
            yield device_id


def _device_ids(call: ServiceCall) -> list[str]:
    """Return the devices that are named by themselves."""
    named: list[str] | str = call.data.get(ATTR_DEVICE_ID, [])
    return [] if isinstance(named, str) else named


def selected(call: ServiceCall) -> Any:  # noqa: ANN401 - each core has its own class
    """Return what the core makes of what a call names.

    Raises ServiceValidationError for an area, a floor or a label that is not there.
    """
    what = call if _Selection is None else _Selection(call.data)
    meant = _CORE.async_extract_referenced_entity_ids(call.hass, what)
    missing = (
        *meant.missing_areas,
        *meant.missing_floors,
        *meant.missing_labels,
    )
    if missing:
        raise _refused("unknown_target", target=", ".join(sorted(missing)))
    return meant


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
