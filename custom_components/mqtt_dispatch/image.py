"""The images that nodes send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .entity import NodeEntity, async_add_for_nodes
from .texts.timestamps import when

PARALLEL_UPDATES = 0

CAPTURES = "capture_image"
"""The kind of command of nodes that send images."""
IMAGE = ImageEntityDescription(key="image")
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


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
    """The latest image of a node. It is kept for as long as Home Assistant runs."""

    _unrecorded_attributes = frozenset({"name", "problem", "incomplete"})

    def __init__(
        self, hass: HomeAssistant, coordinator: DispatchCoordinator, node: str
    ) -> None:
        """Begin with the image that came before, if any."""
        NodeEntity.__init__(self, coordinator, IMAGE, node)
        ImageEntity.__init__(self, hass)

    @property
    def image_last_updated(self) -> datetime | None:
        """When it was taken."""
        picture = self.coordinator.pictures.latest.get(self.node)
        return None if picture is None else when(picture.taken_at)

    @property
    def content_type(self) -> str:
        """What the image is, by how it begins."""
        picture = self.coordinator.pictures.latest.get(self.node)
        content = b"" if picture is None else picture.content
        for beginning, kind in _BEGINNINGS.items():
            if content.startswith(beginning):
                return kind
        return "image/jpeg"

    @content_type.setter
    def content_type(self, _: str) -> None:
        """Leave it to the image what it is."""

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """What its node says of it, and which later one never came whole."""
        picture = self.coordinator.pictures.latest.get(self.node)
        return {
            "name": None if picture is None else picture.name,
            "problem": None if picture is None else picture.problem or None,
            "incomplete": self.coordinator.pictures.incomplete.get(self.node),
        }

    async def async_image(self) -> bytes | None:
        """Return it."""
        picture = self.coordinator.pictures.latest.get(self.node)
        return None if picture is None else picture.content

    def _picture(self) -> object:
        latest = self.coordinator.pictures.latest.get(self.node)
        return (latest, self.extra_state_attributes)

    @callback
    def _handle_coordinator_update(self) -> None:
        # What is cached is of the image before.
        self._cached_image = None
        super()._handle_coordinator_update()
