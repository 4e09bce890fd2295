"""What nodes move, as entities that order it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..engine.model.command import Cause
from ..entity import NodeEntity, async_look_at_nodes
from ..ordering.amounts import amount_of
from ..ordering.commands import async_order
from ..ordering.confirming import Consent
from ..protocols.actuator import Actuator, Form
from ..station import nodes_of
from ..texts.entity_names import (
    NAMED,
    Name,
    as_beginning,
    name_beside_part,
    name_of_part,
    readable,
)

type Make = Callable[[DispatchCoordinator, Actuator, str], Iterable[Entity]]
"""Makes the entities of an actuator of a node."""


class ActuatorEntity(NodeEntity):
    """An entity of something that a node moves."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        actuator: Actuator,
        node: str,
        description: EntityDescription | None = None,
    ) -> None:
        """Be called what the actuator is called, or what the description says."""
        super().__init__(
            coordinator, description or EntityDescription(key=actuator.key), node
        )
        self.actuator = actuator
        if actuator.configures:
            self._attr_entity_category = EntityCategory.CONFIG
        label = readable(actuator.label)
        if description is not None:
            # It stands beside the part, and says how much or until when.
            key = str(description.translation_key)
            if actuator.form is Form.BUTTON:
                name = Name(key, {"label": as_beginning(label)})
            else:
                name = name_beside_part(key, actuator.label, actuator.name)
        elif actuator.name == NAMED:
            name = Name(NAMED, {"label": as_beginning(label)})
        elif actuator.form is Form.BUTTON or not label:
            name = Name(actuator.name, {"label": label})
        else:
            name = name_of_part(actuator.name, actuator.label, actuator.name)
        self._attr_translation_key, self._attr_translation_placeholders = name

    @property
    @override
    def holds_without_node(self) -> bool:
        """It orders, and the queue keeps orders for a node that is gone.

        Home Assistant calls nothing that is unavailable and tells nobody so: an order
        to close or to switch off would be lost without a word. Its state is unknown
        then.
        """
        return True

    @property
    def reported(self) -> str | float | None:
        """What the node says of its state; None: nothing that can still be so."""
        if self.actuator.state is None or not self.word_holds:
            return None
        return self.node_view.readings.get(self.actuator.state)

    @property
    def level(self) -> float | None:
        """How far open or how bright its node says that it is, in percent."""
        if not self.word_holds:
            return None
        told = self.node_view.readings.get(self.actuator.level or "")
        return told if isinstance(told, int | float) else None

    @property
    def is_assumed(self) -> bool:
        """Whether its state is what was ordered, and nobody said yet that it is so."""
        if self.actuator.assumed is None:
            return False
        return self.node_view.readings.get(self.actuator.assumed) == "yes"

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether its state is none that its node told, so that anything may help."""
        return self.is_assumed or not self.word_holds or super().assumed_state

    async def async_act(
        self,
        what: str,
        params: Mapping[str, Any] | None = None,
        *,
        consent: Consent = Consent.UNKNOWN,
    ) -> int:
        """Order what a person does with it, and return the command's id.

        Raises what `async_order` raises.
        """
        kind, usual = self.actuator.orders[what]
        return await async_order(
            self.coordinator,
            kind,
            {**usual, **(params or {})},
            (self.node,),
            Cause.BUTTON,
            consent=consent,
            context=self.called_in,
        )

    async def async_set(self, level: float) -> int:
        """Order that it be so far open or so bright, in percent. Raises the same."""
        params = (
            {}
            if (amount := self.actuator.amount) is None
            else {amount.param: round(level)}
        )
        return await self.async_act("set", params)

    def amount(self) -> dict[str, float]:
        """Return the param that a person chose beforehand."""
        choice = amount_of(self.coordinator, self.actuator, self.node)
        return {} if choice is None else choice.params

    @override
    def _picture(self) -> object:
        return (self.word_holds, self.reported, self.level, self.is_assumed)


@callback
def async_add_actuators(
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    forms: tuple[Form, ...],
    make: Make,
) -> None:
    """Add the entities of a station's actuators, also of those told of later."""
    coordinator = entry.runtime_data
    subentry_ids = nodes_of(entry)
    added: set[tuple[str, str]] = set()
    described: dict[str, object] = {}

    @callback
    def add_new(node: str) -> None:
        protocol, readings = coordinator.protocol, coordinator.data.nodes[node].readings
        fields = coordinator.driver.site.nodes[node]
        told = tuple(readings.get(key) for key in protocol.described_by)
        if described.get(node) == (fields, told):
            return
        described[node] = (fields, told)
        new = [
            actuator
            for actuator in protocol.actuators(fields, readings)
            if actuator.form in forms and (node, actuator.key) not in added
        ]
        added.update((node, actuator.key) for actuator in new)
        entities = [
            entity for actuator in new for entity in make(coordinator, actuator, node)
        ]
        if entities:
            async_add_entities(entities, config_subentry_id=subentry_ids[node])

    async_look_at_nodes(entry, add_new)
