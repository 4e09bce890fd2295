"""Which valves an action names, and how they are opened for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
    ENTITY_MATCH_ALL,
    Platform,
)
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause
from ..protocols.actuator import Actuator, Form
from ..protocols.params import InvalidCommand
from .amounts import Choice
from .commands import async_order, check_order, refusals_in_words
from .permissions import async_demand, async_demand_entities


@dataclass(frozen=True, slots=True)
class NamedValve:
    """A valve that an action names."""

    entity_id: str
    coordinator: DispatchCoordinator
    actuator: Actuator
    node: str

    def order(self, duration: object) -> tuple[str, dict[str, Any]]:
        """Return the kind and params that open it; None: for its own run time.

        Raises InvalidCommand for a duration where nothing closes it again.
        """
        kind, params = self.actuator.orders["open"]
        if (limits := self.actuator.amount) is None:
            if duration is not None:
                raise InvalidCommand("unknown_field", field="duration")
            return kind, dict(params)
        if duration is None:
            choice = Choice(self.coordinator, limits, self.actuator.key, self.node)
            duration = choice.amount
        return kind, {**params, limits.param: duration}


async def async_named_valves(call: ServiceCall) -> list[NamedValve]:
    """Return the valves that an action names, by themselves or by where they are.

    None that is disabled, and one that is hidden only where it is named itself.
    Raises ServiceValidationError where there are none or one is no valve of ours, and
    Unauthorized for a caller who may not control them all.
    """
    hass = call.hass
    device_ids = _wanted(call.data, ATTR_DEVICE_ID)
    await async_demand(hass, call.context, POLICY_CONTROL, device_ids)
    named = [*_named(hass, call.data)]
    await async_demand_entities(
        hass, call.context, POLICY_CONTROL, [entity.entity_id for entity in named]
    )
    for entity_id in _wanted(call.data, ATTR_ENTITY_ID) - {ENTITY_MATCH_ALL}:
        if entity_id not in {entity.entity_id for entity in named}:
            raise _refused("not_a_valve", entity=entity_id)
    if not named:
        raise _refused("no_valve")
    return [_valve_of(hass, entity) for entity in named]


async def async_open_valves(
    valves: list[NamedValve],
    duration: object,
    expires_in: float | None,
    idempotency_key: str | None,
) -> list[int]:
    """Order that each of them opens, and return the ids of the commands.

    They are on disk then. Raises what `async_order` raises; if one of them may not be
    ordered, none is.
    """
    with refusals_in_words():
        orders = [(valve, *valve.order(duration)) for valve in valves]
        for valve, kind, params in orders:
            check_order(valve.coordinator, kind, params, (valve.node,))
    return await asyncio.gather(
        *(
            async_order(
                valve.coordinator,
                kind,
                params,
                (valve.node,),
                Cause.ACTION,
                expires_in=expires_in,
                # Each of them is an order of its own.
                idempotency_key=idempotency_key
                and f"{idempotency_key}:{valve.node}:{valve.actuator.key}",
            )
            for valve, kind, params in orders
        )
    )


def _named(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[er.RegistryEntry]:
    devices, areas = dr.async_get(hass), ar.async_get(hass)
    entity_ids = _wanted(data, ATTR_ENTITY_ID)
    device_ids, area_ids = _wanted(data, ATTR_DEVICE_ID), _wanted(data, ATTR_AREA_ID)
    floor_ids, label_ids = _wanted(data, ATTR_FLOOR_ID), _wanted(data, ATTR_LABEL_ID)
    for entity in er.async_get(hass).entities.values():
        if (entity.platform, entity.domain) != (DOMAIN, Platform.VALVE):
            continue
        itself = bool(entity_ids & {entity.entity_id, ENTITY_MATCH_ALL})
        if entity.disabled or (entity.hidden and not itself):
            continue
        device = devices.async_get(entity.device_id or "")
        area_id = entity.area_id or (device.area_id if device else None)
        area = areas.async_get_area(area_id) if area_id else None
        labels = entity.labels | (device.labels if device else set())
        if (
            itself
            or entity.device_id in device_ids
            or area_id in area_ids
            or (area is not None and area.floor_id in floor_ids)
            or label_ids & (labels | (area.labels if area else set()))
        ):
            yield entity


def _wanted(data: Mapping[str, Any], key: str) -> set[str]:
    value = data.get(key) or ()
    return {value} if isinstance(value, str) else set(value)


def _valve_of(hass: HomeAssistant, entity: er.RegistryEntry) -> NamedValve:
    entry = hass.config_entries.async_get_entry(entity.config_entry_id or "")
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise _refused("station_not_loaded", device=entity.entity_id)
    coordinator: DispatchCoordinator = entry.runtime_data
    for node, fields in coordinator.driver.site.nodes.items():
        readings = coordinator.data.nodes[node].readings
        for actuator in coordinator.protocol.actuators(fields, readings):
            unique_id = f"{entry.entry_id}_{node}_{actuator.key}"
            if actuator.form is Form.VALVE and unique_id == entity.unique_id:
                return NamedValve(entity.entity_id, coordinator, actuator, node)
    raise _refused("not_a_valve", entity=entity.entity_id)


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
