"""Buttons that order a command, or say what became of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .clock import now
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.command import Cause, CommandClass, Outcome
from .engine.model.events import Refused
from .engine.model.policy import FEED, REBOOT
from .entities.actuators import ActuatorEntity, async_add_actuators
from .entity import NodeEntity, StationEntity, async_look_at_nodes
from .ordering.amounts import portions_to_feed
from .ordering.commands import async_order, refusals_in_words
from .ordering.confirming import Consent, Question
from .ordering.doubts import async_resolve
from .ordering.permissions import async_name_of
from .protocols.actuator import Form
from .station import nodes_of

LOOK_AGAIN = 2.0
"""Seconds after the buttons went on to the next command in doubt: who presses then
still means the one before it."""

# The queue keeps the order, and those who press at once share one commit.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class OrderButtonDescription(ButtonEntityDescription):
    """A button that orders a command."""

    kind: str
    """The kind of command; the button is there if the protocol knows it."""
    params_fn: Callable[[DispatchCoordinator], dict[str, Any]] = lambda _: {}


@dataclass(frozen=True, kw_only=True)
class AnswerButtonDescription(ButtonEntityDescription):
    """A button that says what became of a command."""

    outcome: Outcome


STATION_BUTTONS: tuple[OrderButtonDescription, ...] = (
    OrderButtonDescription(
        key="feed",
        kind=FEED,
        params_fn=portions_to_feed,
    ),
)

NODE_BUTTONS: tuple[OrderButtonDescription, ...] = (
    OrderButtonDescription(
        key="reboot",
        kind=REBOOT,
        device_class=ButtonDeviceClass.RESTART,
        # Also keeps it out of what is pressed for a whole area.
        entity_category=EntityCategory.CONFIG,
    ),
)

ANSWER_BUTTONS: tuple[AnswerButtonDescription, ...] = tuple(
    AnswerButtonDescription(
        key=f"resolve_{outcome}",
        outcome=outcome,
        # Also keeps them out of what is pressed for a whole area: they contradict
        # each other.
        entity_category=EntityCategory.CONFIG,
    )
    for outcome in Outcome
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a station."""
    coordinator = entry.runtime_data
    kinds = coordinator.protocol.kinds
    async_add_entities(
        StationButton(coordinator, description)
        for description in STATION_BUTTONS
        if description.kind in kinds and kinds[description.kind].whole_station
    )
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.BUTTON,),
        lambda coordinator, actuator, node: [
            ActuatorButton(coordinator, actuator, node)
        ],
    )
    policies = coordinator.engine.station.policies.values()
    # Only what may happen once is ever in doubt.
    if any(policy.command_class is CommandClass.ONCE for policy in policies):
        async_add_entities(
            AnswerButton(coordinator, description) for description in ANSWER_BUTTONS
        )
    _async_add_node_buttons(entry, async_add_entities)


@callback
def _async_add_node_buttons(
    entry: DispatchConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add to each node the buttons of what it understands, once it says so."""
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    added: set[tuple[str, str]] = set()

    @callback
    def add_new(node: str) -> None:
        new = [
            description
            for description in NODE_BUTTONS
            if (node, description.key) not in added
            and coordinator.understands(node, description.kind)
        ]
        if new:
            added.update((node, description.key) for description in new)
            async_add_entities(
                [NodeButton(coordinator, description, node) for description in new],
                config_subentry_id=subentry_ids[node],
            )

    async_look_at_nodes(entry, add_new)


class AskingButton(StationEntity, ButtonEntity):
    """A button that may feed: a person is asked where there are many feeds already."""

    _question = Question()

    @override
    async def async_added_to_hass(self) -> None:
        """Begin with nothing asked."""
        self._question = Question()
        await super().async_added_to_hass()

    @override
    async def async_press(self) -> None:
        """Order it; who presses again, when asked, wants it all the same."""
        with self._question.put_to(self.called_in, now()) as consent:
            await self._async_order(consent)

    async def _async_order(self, consent: Consent) -> None:
        raise NotImplementedError


class StationButton(AskingButton):
    """Orders a command for all nodes of the station."""

    entity_description: OrderButtonDescription

    @override
    async def _async_order(self, consent: Consent) -> None:
        await _order(
            self.coordinator,
            self.entity_description,
            self.coordinator.engine.station.nodes,
            self.called_in,
            consent=consent,
        )


class NodeButton(NodeEntity, ButtonEntity):
    """Orders a command for one node."""

    entity_description: OrderButtonDescription

    @property
    @override
    def holds_without_node(self) -> bool:
        """It does: the queue takes the order, and waits for the node."""
        return True

    @property
    @override
    def available(self) -> bool:
        """Whether the node understands it; another firmware may not."""
        kind = self.entity_description.kind
        return super().available and self.coordinator.understands(self.node, kind)

    @override
    async def async_press(self) -> None:
        """Order it."""
        context = self.called_in
        await _order(self.coordinator, self.entity_description, (self.node,), context)

    @override
    def _picture(self) -> object:
        return self.available


class ActuatorButton(ActuatorEntity, AskingButton):
    """Has a node move something once, with the amount that was chosen."""

    @override
    async def _async_order(self, consent: Consent) -> None:
        await self.async_act("press", self.amount(), consent=consent)

    @override
    def _picture(self) -> object:
        return None


class AnswerButton(StationEntity, ButtonEntity):
    """Says what became of the oldest command that is unconfirmed."""

    entity_description: AnswerButtonDescription

    _command_id: int | None = None
    _look_again_until = 0.0

    @override
    async def async_added_to_hass(self) -> None:
        """Begin with the command that is in doubt now, if any."""
        self._go_on()
        await super().async_added_to_hass()

    @property
    @override
    def available(self) -> bool:
        """Whether there is something to answer."""
        return super().available and self._command_id is not None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Which command is meant."""
        return {"command_id": self._command_id}

    @override
    async def async_press(self) -> None:
        """Say it, in the name of whoever presses."""
        command_id, context = self._command_id, self.called_in
        with refusals_in_words():
            if command_id is None:
                raise Refused("nothing_unconfirmed")
            if now().steady < self._look_again_until:
                raise Refused("another_unconfirmed", command_id=command_id)
            await async_resolve(
                self.coordinator,
                command_id,
                self.entity_description.outcome,
                await async_name_of(self.hass, context),
            )

    @override
    def _picture(self) -> object:
        return self._command_id

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._go_on()
        super()._handle_coordinator_update()

    def _go_on(self) -> None:
        oldest = min(self.coordinator.data.unconfirmed, default=None)
        if oldest != self._command_id:
            if None not in (oldest, self._command_id):
                self._look_again_until = now().steady + LOOK_AGAIN
            self._command_id = oldest


async def _order(
    coordinator: DispatchCoordinator,
    description: OrderButtonDescription,
    nodes: tuple[str, ...],
    context: Context | None,
    *,
    consent: Consent = Consent.UNKNOWN,
) -> None:
    await async_order(
        coordinator,
        description.kind,
        description.params_fn(coordinator),
        nodes,
        Cause.BUTTON,
        consent=consent,
        context=context,
    )
