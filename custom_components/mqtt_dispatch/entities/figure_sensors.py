"""How a node has done over the last days, for long-term statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..coordinator import DispatchConfigEntry
from ..entity import NodeEntity, async_add_for_nodes
from ..figures.computing import Figures
from ..figures.recent import RecentFigures


@dataclass(frozen=True, kw_only=True)
class FigureDescription(SensorEntityDescription):
    """A figure of a node."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    entity_registry_enabled_default: bool = False
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    value_fn: Callable[[Figures], float | None]


FIGURES: Final = (
    FigureDescription(
        key="success_rate",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda figures: figures.success_rate,
    ),
    FigureDescription(
        key="accepted_after",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        value_fn=lambda figures: figures.accepted_after.median,
    ),
    FigureDescription(
        key="done_after",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        value_fn=lambda figures: figures.done_after.median,
    ),
)


@callback
def async_add_figures(
    entry: DispatchConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add to each node its figures."""
    recent = RecentFigures(entry.runtime_data)
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: [
            FigureSensor(recent, entry, description, node) for description in FIGURES
        ],
    )


class FigureSensor(NodeEntity, SensorEntity):
    """A figure of a node over the last days."""

    entity_description: FigureDescription

    def __init__(
        self,
        recent: RecentFigures,
        entry: DispatchConfigEntry,
        description: FigureDescription,
        node: str,
    ) -> None:
        """Follow what ends at the node."""
        super().__init__(entry.runtime_data, description, node)
        self._recent = recent

    @override
    async def async_added_to_hass(self) -> None:
        """Have the figures worked out, if nobody has yet."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._recent.async_follow(self.node, self._handle_coordinator_update)
        )

    @property
    @override
    def holds_without_node(self) -> bool:
        """It tells what was."""
        return True

    @property
    @override
    def native_value(self) -> float | None:
        """The figure; None: there is nothing to reckon it from, or not yet."""
        figures = self._recent.of(self.node)
        return None if figures is None else self.entity_description.value_fn(figures)

    @override
    def _picture(self) -> object:
        return self.native_value
