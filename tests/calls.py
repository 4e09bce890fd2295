"""How tests call actions, and bring a command to where they want it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.service import async_get_all_descriptions
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import (
    DispatchConfigEntry,
    DispatchCoordinator,
)
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from .nodes import Nodes, pass_time, settled

type Act = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def device_of(
    hass: HomeAssistant, entry: DispatchConfigEntry, node: str | None = None
) -> str:
    """Return the id of the device of a station, or of one of its nodes."""
    known_by = entry.entry_id if node is None else f"{entry.entry_id}_{node}"
    (found,) = (
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if (DOMAIN, known_by) in device.identifiers
    )
    return found


async def call(
    hass: HomeAssistant,
    action: str,
    device_id: str,
    context: Context | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """Call an action of a device and return its answer.

    `context` tells who calls; None: an automation.
    """
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_id, **fields},
        blocking=True,
        context=context,
        return_response=True,
    )
    assert isinstance(answer, dict)
    return answer


async def use(hass: HomeAssistant, action: str, entity_id: str, **fields: Any) -> None:
    """Use an entity as a person does, for example by `valve.open_valve`."""
    domain, _, name = action.partition(".")
    await hass.services.async_call(
        domain, name, {"entity_id": entity_id, **fields}, blocking=True
    )


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return what is shown of an entity."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


def shown(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity."""
    return state_of(hass, entity_id).state


def attribute(hass: HomeAssistant, entity_id: str, name: str) -> Any:
    """Return an attribute of an entity."""
    return state_of(hass, entity_id).attributes[name]


async def calendar_events(
    hass: HomeAssistant, calendar: str, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return what a calendar shows between two moments."""
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": calendar, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found: Any = answer[calendar]
    events: list[dict[str, Any]] = found["events"]
    return events


def actions_of(
    hass: HomeAssistant, entry: DispatchConfigEntry, node: str | None = None
) -> Act:
    """Return a function that calls actions of a station, or of one of its nodes."""
    device_id = device_of(hass, entry, node)

    async def act(action: str, **fields: Any) -> dict[str, Any]:
        return await call(hass, action, device_id, **fields)

    return act


async def descriptions(hass: HomeAssistant) -> dict[str, Any]:
    """Return how Home Assistant describes our actions to people.

    It describes all that there are, and for some others it needs what is not installed
    here.
    """
    for domain, actions in hass.services.async_services().items():
        for action in actions if domain != DOMAIN else ():
            hass.services.async_remove(domain, action)
    described: dict[str, Any] = (await async_get_all_descriptions(hass))[DOMAIN]
    return described


async def all_ready(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    """Have both nodes be ready for long enough."""
    await nodes.ready()
    await pass_time(hass, freezer, 1)


async def feed_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: DispatchConfigEntry,
    nodes: Nodes,
) -> int:
    """Have a feed sent that no node answers; return its id."""
    act = actions_of(hass, entry)
    await all_ready(hass, freezer, nodes)
    command_id: int = (await act("feed", portions=2))["command_id"]
    await settled(hass, entry.runtime_data)
    await pass_time(hass, freezer, 11)
    await settled(hass, entry.runtime_data)
    return command_id


async def disk_works_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
) -> None:
    """Let time pass until all is on a disk that was full a moment ago.

    What was being written then may still fail, and is tried again after 30 seconds.
    """
    while coordinator.engine.ledger.revision > coordinator.driver.commits.revision:
        await pass_time(hass, freezer, 31)
        # A slow disk must not have the clock run away meanwhile.
        with suppress(NotStoredError):
            await coordinator.async_stored()
    await hass.async_block_till_done()


async def fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> CommandState:
    """Feed from the action to the last word of the nodes; return what became of it."""
    await all_ready(hass, freezer, nodes)
    command_id = (await act("feed", portions=1))["command_id"]
    await settled(hass, coordinator)
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)
    command = coordinator.engine.ledger.find(command_id)
    assert command is not None
    return command.state


def registered(
    entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> dict[str, er.RegistryEntry]:
    """Return the entities of a station that there are, by their ids."""
    return {
        entity.entity_id: entity
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    }
