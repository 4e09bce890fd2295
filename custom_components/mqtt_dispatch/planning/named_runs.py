"""The valves that events of a calendar are called like, and what a meal is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.const import Platform
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.events import Refused
from ..protocols.actuator import Actuator, Form
from ..protocols.untrusted import shown
from ..texts.meal_summaries import read_summary
from ..texts.sentences import node_title


@dataclass(frozen=True, slots=True)
class NamedRun:
    """What opens a valve for as long as an event of its name lasts."""

    node: str
    kind: str
    params: Mapping[str, Any]
    """Without how long it is to be open."""
    names: tuple[str, ...]
    """What a person calls it; the shortest first."""


def run_named(coordinator: DispatchCoordinator, summary: str) -> NamedRun | None:
    """Return what an event opens that is called like a valve; None: it is a meal.

    Raises Refused where no node of the station feeds, and none has such a valve, or
    several have: it tells how one is called.
    """
    runs = [*_runs(coordinator)]
    meant = [run for run in runs if _is_called(coordinator, run, summary)]
    if len(meant) == 1:
        return meant[0]
    if not runs or (not meant and fed_by(coordinator) is not None):
        return None
    raise Refused("meal_not_understood", text=shown(summary), example=runs[0].names[-1])


def _is_called(coordinator: DispatchCoordinator, run: NamedRun, summary: str) -> bool:
    written = read_summary(coordinator, run.kind, summary).name or ""
    return written.casefold() in map(str.casefold, run.names)


def fed_by(coordinator: DispatchCoordinator) -> tuple[str, ...] | None:
    """Return the nodes that a meal is for which names none; none: all of them.

    None: no node does what a meal orders.
    """
    nodes, kind = coordinator.driver.site.nodes, coordinator.protocol.planned_kind
    feeding = tuple(node for node in nodes if coordinator.understands(node, kind))
    if len(feeding) == len(nodes):
        return ()
    return feeding or None


def _runs(coordinator: DispatchCoordinator) -> Iterator[NamedRun]:
    """Yield what opens the valves that close by themselves, of all nodes."""
    protocol = coordinator.protocol
    for node, fields in coordinator.driver.site.nodes.items():
        readings = coordinator.data.nodes[node].readings
        valves = [
            actuator
            for actuator in protocol.actuators(fields, readings)
            if actuator.form is Form.VALVE and actuator.amount is not None
        ]
        for valve in valves:
            kind, params = valve.orders["open"]
            lasts = None if valve.amount is None else valve.amount.param
            if kind != protocol.planned_kind and lasts == protocol.lasting(kind):
                names = _names(coordinator, node, valve, alone=len(valves) == 1)
                yield NamedRun(node, kind, params, names)


def _names(
    coordinator: DispatchCoordinator, node: str, valve: Actuator, *, alone: bool
) -> tuple[str, ...]:
    """Return what a person calls a valve: as its node, if that has no other one."""
    hass = coordinator.hass
    names = [node, node_title(coordinator, node)] if alone else []
    unique_id = f"{coordinator.config_entry.entry_id}_{node}_{valve.key}"
    entities = er.async_get(hass)
    entity_id = entities.async_get_entity_id(Platform.VALVE, DOMAIN, unique_id)
    entity = entities.async_get(entity_id or "")
    if entity is not None:
        device = dr.async_get(hass).async_get(entity.device_id or "")
        if alone and device is not None:
            names.append(str(device.name_by_user or device.name))
        if (state := hass.states.get(entity.entity_id)) is not None:
            names.append(state.name)
    return tuple(names)
