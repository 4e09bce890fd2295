"""Which valves an action names, and how they are opened for a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, ENTITY_MATCH_ALL, Platform
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause
from ..protocols.actuator import Actuator, Form
from ..protocols.params import InvalidCommand
from .amounts import amount_of
from .commands import Wanted
from .given import OrderFields
from .permissions import async_demand_entities
from .targets import async_check_devices, selected

LONGEST_RUN: Final = 86_400
"""Seconds that an action may ask for; what a valve takes is for its kind to say."""


@dataclass(frozen=True, slots=True)
class NamedValve:
    """A valve that an action names."""

    entity_id: str
    coordinator: DispatchCoordinator
    actuator: Actuator
    node: str

    def wanted(self, duration: object, fields: OrderFields) -> Wanted:
        """Return what opens it; None: for its own run time.

        Raises InvalidCommand for a duration where nothing closes it again.
        """
        kind, params = self._order(duration)
        key = fields.idempotency_key
        return Wanted(
            coordinator=self.coordinator,
            kind=kind,
            params=params,
            nodes=(self.node,),
            cause=Cause.ACTION,
            expires_in=fields.expires_in,
            # Each valve is an order of its own.
            idempotency_key=key and f"{key}:{self.node}:{self.actuator.key}",
        )

    def _order(self, duration: object) -> tuple[str, dict[str, Any]]:
        kind, params = self.actuator.orders["open"]
        choice = amount_of(self.coordinator, self.actuator, self.node)
        if choice is None and duration is not None:
            raise InvalidCommand("unknown_field", field="duration")
        if choice is None:
            return kind, dict(params)
        amount = choice.params if duration is None else {choice.limits.param: duration}
        return kind, {**params, **amount}


async def async_named_valves(call: ServiceCall) -> list[NamedValve]:
    """Return the valves that an action names, by themselves or by where they are.

    None that is disabled, and one that is hidden only where it is named itself.
    Raises ServiceValidationError where there are none or one is no valve of ours, and
    Unauthorized for a caller who may not control them all.
    """
    hass, meant = call.hass, selected(call)
    await async_check_devices(call, POLICY_CONTROL)
    wanted = meant.referenced | meant.indirectly_referenced
    every_one = call.data.get(ATTR_ENTITY_ID) == ENTITY_MATCH_ALL
    named = [
        entity
        for entity in er.async_get(hass).entities.values()
        if (entity.platform, entity.domain) == (DOMAIN, Platform.VALVE)
        and not entity.disabled
        and (every_one or entity.entity_id in wanted)
    ]
    entity_ids = [entity.entity_id for entity in named]
    if others := meant.referenced - {*entity_ids}:
        raise _refused("not_a_valve", entity=min(others))
    await async_demand_entities(hass, call.context, POLICY_CONTROL, entity_ids)
    if not named:
        raise _refused("no_valve")
    return [_valve_of(hass, entity) for entity in named]


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
