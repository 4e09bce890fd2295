"""The events of a station: what becomes of each command."""

from __future__ import annotations

from typing import Any

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .engine.events import Changed
from .engine.model import Cause, Command, CommandState, DeliveryState
from .entity import StationEntity

PARALLEL_UPDATES = 0

COMMAND = EventEntityDescription(
    key="command", event_types=[state.value for state in CommandState]
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of a station."""
    async_add_entities([CommandEvent(entry.runtime_data, COMMAND)])


class CommandEvent(StationEntity, EventEntity):
    """Tells each state that a command comes into, once it is on disk."""

    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_change(self._changed))

    @callback
    def _changed(self, change: Changed) -> None:
        command = self.coordinator.engine.book.find(change.command_id)
        if command is None:
            return
        self._trigger_event(
            change.state.value,
            {
                "command_id": command.id,
                "kind": command.kind,
                "cause": change.cause.value,
                "decided_by": _person(change.cause, change.detail),
                "nodes": list(command.nodes),
                "results": _results(command, change),
            },
        )
        self.async_write_ha_state()


def _results(command: Command, change: Changed) -> dict[str, dict[str, Any]]:
    """Return where each node stood when the command changed.

    The command may have moved on since, and that may not be on disk yet. What a command
    finishes is already done where nothing came to pass.
    """
    moved = {entry.node for entry in command.timeline}
    return {
        delivery.node: _result(
            DeliveryState.PENDING if delivery.node in moved else delivery.state
        )
        for delivery in command.deliveries
    } | {
        entry.node: _result(
            entry.state, "" if entry.cause is Cause.PERSON else entry.detail
        )
        for entry in command.timeline
        if entry.node is not None and entry.at <= change.at
    }


def _result(state: str, reason: str = "") -> dict[str, Any]:
    return {"state": str(state), "reason": reason or None}


def _person(cause: Cause, detail: str) -> str | None:
    """Return who decided; None if no person did, or nobody knows which."""
    return detail or None if cause is Cause.PERSON else None
