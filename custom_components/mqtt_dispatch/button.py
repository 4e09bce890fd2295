"""Buttons that order a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model import Cause
from .engine.policy import FEED, REBOOT
from .entity import NodeEntity, StationEntity, async_add_for_nodes
from .ordering import async_order

# The queue keeps the order, and those who press at once share one commit.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class OrderButtonDescription(ButtonEntityDescription):
    """A button that orders a command."""

    kind: str
    """The kind of command; the button is there if the protocol knows it."""
    params_fn: Callable[[DispatchCoordinator], dict[str, Any]] = lambda _: {}


STATION_BUTTONS: tuple[OrderButtonDescription, ...] = (
    OrderButtonDescription(
        key="feed",
        kind=FEED,
        params_fn=lambda coordinator: {"portions": coordinator.portions},
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
        if description.kind in kinds
    )
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            NodeButton(coordinator, description, node)
            for description in NODE_BUTTONS
            if description.kind in kinds
        ],
    )


class StationButton(StationEntity, ButtonEntity):
    """Orders a command for all nodes of the station."""

    entity_description: OrderButtonDescription

    async def async_press(self) -> None:
        """Order it."""
        await _order(
            self.coordinator,
            self.entity_description,
            self.coordinator.engine.station.nodes,
        )


class NodeButton(NodeEntity, ButtonEntity):
    """Orders a command for one node."""

    entity_description: OrderButtonDescription

    async def async_press(self) -> None:
        """Order it."""
        await _order(self.coordinator, self.entity_description, (self.node,))


async def _order(
    coordinator: DispatchCoordinator,
    description: OrderButtonDescription,
    nodes: tuple[str, ...],
) -> None:
    await async_order(
        coordinator,
        description.kind,
        description.params_fn(coordinator),
        nodes,
        Cause.BUTTON,
    )
