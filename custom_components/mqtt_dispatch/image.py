"""The images that nodes send."""

from __future__ import annotations

from typing import Any, override

from homeassistant.components.image import (
    DEFAULT_CONTENT_TYPE,
    ImageEntity,
    ImageEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .entities.pictures import CAPTURES, Picture
from .entity import NodeEntity, async_add_for_nodes
from .storage.pictures import CONTENT_TYPES, suffix_of
from .texts.timestamps import when

PARALLEL_UPDATES = 0

IMAGE = ImageEntityDescription(key="image")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an image to each node that sends some."""
    coordinator = entry.runtime_data
    if CAPTURES in coordinator.protocol.kinds:
        async_add_for_nodes(
            entry,
            async_add_entities,
            lambda node: [NodeImage(hass, coordinator, node)],
        )


class NodeImage(NodeEntity, ImageEntity):
    """The latest image of a node."""

    _unrecorded_attributes = frozenset({"name", "problem", "incomplete"})

    def __init__(
        self, hass: HomeAssistant, coordinator: DispatchCoordinator, node: str
    ) -> None:
        """Begin with the image that came before, if any."""
        NodeEntity.__init__(self, coordinator, IMAGE, node)
        ImageEntity.__init__(self, hass)
        self._latest: Picture | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to follow the station."""
        self._take_latest()
        await super().async_added_to_hass()

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What its node says of it, and which later one never came whole."""
        latest = self._latest
        return {
            "name": None if latest is None else latest.name,
            "problem": None if latest is None else latest.problem or None,
            "incomplete": self.coordinator.pictures.incomplete.get(self.node),
        }

    @override
    async def async_image(self) -> bytes | None:
        """Return it."""
        return None if self._latest is None else self._latest.content

    @override
    def _picture(self) -> object:
        return (self._latest, self.extra_state_attributes)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._take_latest()
        super()._handle_coordinator_update()

    def _take_latest(self) -> None:
        self._latest = latest = self.coordinator.pictures.latest.get(self.node)
        if latest is not None:
            self._attr_image_last_updated = when(latest.taken_at)
            self._attr_content_type = _content_type(latest.content)


def _content_type(content: bytes) -> str:
    """Return what an image is, by how it begins."""
    return CONTENT_TYPES.get(suffix_of(content) or "", DEFAULT_CONTENT_TYPE)
