"""The events of a station: what becomes of each command, and what nodes tell of."""

from __future__ import annotations

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .bundle import path_of_command
from .clock import now
from .coordinator import DispatchConfigEntry, DispatchCoordinator, Refusal
from .engine.model.command import Cause, CommandState
from .engine.model.effects import Changed
from .engine.model.meal import Became, OverdueMeal
from .engine.model.policy import FEED
from .engine.view import overdue_view
from .entity import NodeEntity, StationEntity, async_add_for_nodes
from .protocols.messages import Happened, Learned
from .texts.entity_names import name_of_planned
from .texts.meals import ended_as_data, overdue_as_data
from .texts.responses import change_as_data

PARALLEL_UPDATES = 0

REFUSED = "refused"
"""The type of an order that a guard refused: no command was made of it."""
COMMAND = EventEntityDescription(
    key="command", event_types=[*(state.value for state in CommandState), REFUSED]
)

OVERDUE = "overdue"
"""The type of a meal that should have happened by now, and did not."""
_OUTCOMES = (Became.FED, Became.SKIPPED, Became.MISSED, Became.FAILED)
MEAL = EventEntityDescription(
    key="meal", event_types=[*(outcome.value for outcome in _OUTCOMES), OVERDUE]
)

OTHER = "other"
"""The type of what a node tells of in words that its protocol does not know."""
HAPPENED = EventEntityDescription(key="happened")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of a station and of its nodes."""
    coordinator = entry.runtime_data
    async_add_entities(
        [CommandEvent(coordinator, COMMAND), MealEvent(coordinator, MEAL)]
    )
    if coordinator.protocol.events:
        async_add_for_nodes(
            entry, async_add_entities, lambda node: [NodeEvent(coordinator, node)]
        )


class CommandEvent(StationEntity, EventEntity):
    """Tells each state that a command comes into, once it is on disk."""

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_change(self._changed))
        self.async_on_remove(self.coordinator.async_on_refusal(self._refused))

    @callback
    def _changed(self, change: Changed) -> None:
        command = self.coordinator.engine.ledger.find(change.command_id)
        if command is None:
            return
        entry_id = self.coordinator.config_entry.entry_id
        self._trigger_event(
            change.state.value,
            {
                **change_as_data(command, change),
                "link": path_of_command(self.hass, entry_id, command.id),
            },
        )
        self.async_write_ha_state()

    @callback
    def _refused(self, refusal: Refusal) -> None:
        self._trigger_event(
            REFUSED,
            {
                "command_id": None,
                "kind": refusal.kind,
                "cause": Cause.GUARD.value,
                "reason": refusal.code,
                "ordered_by": refusal.by or None,
                "nodes": list(refusal.nodes),
            },
        )
        self.async_write_ha_state()


class MealEvent(StationEntity, EventEntity):
    """Tells what became of each date of a meal, and which are overdue."""

    def __init__(
        self, coordinator: DispatchCoordinator, description: EventEntityDescription
    ) -> None:
        """Be called after what is planned."""
        super().__init__(coordinator, description)
        self._attr_translation_key = name_of_planned(
            description.key, feeds=FEED in coordinator.protocol.kinds
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_change(self._changed))
        self.async_on_remove(self.coordinator.async_on_overdue(self._overdue))

    @callback
    def _changed(self, change: Changed) -> None:
        engine = self.coordinator.engine
        command = engine.ledger.find(change.command_id)
        outcome = engine.plan.became(change)
        if command is None or command.meal is None or outcome is None:
            return
        data = ended_as_data(self.coordinator, command, command.meal)
        self._trigger_event(outcome.value, data)
        self.async_write_ha_state()

    @callback
    def _overdue(self, meal: OverdueMeal) -> None:
        known = overdue_view(self.coordinator.engine, meal, now())
        if known is None:
            return
        self._trigger_event(OVERDUE, overdue_as_data(self.coordinator, known))
        self.async_write_ha_state()


class NodeEvent(NodeEntity, EventEntity):
    """Tells what a node says has happened at it."""

    def __init__(self, coordinator: DispatchCoordinator, node: str) -> None:
        """Take the codes that the protocol knows."""
        super().__init__(coordinator, HAPPENED, node)
        self._attr_event_types = [*coordinator.protocol.events, OTHER]

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_said(self._said))

    @callback
    def _said(self, news: Learned | Happened) -> None:
        if not isinstance(news, Happened) or news.node != self.node:
            return
        known = news.code in self.coordinator.protocol.events
        self._trigger_event(
            news.code if known else OTHER, {"code": news.code, **news.details}
        )
        self.async_write_ha_state()
