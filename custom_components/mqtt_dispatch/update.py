"""Firmware that a person has ready for a node."""

from __future__ import annotations

from typing import Any, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry
from .engine.model.command import Cause, CommandClass
from .entity import READING_FIRMWARE, NodeEntity, async_add_for_nodes
from .ordering.commands import async_order

PARALLEL_UPDATES = 0

UPDATES = "update_firmware"
"""The kind of command that has a node install a firmware."""
FIELD_URL = "firmware_url"
FIELD_VERSION = "firmware_version"
FIRMWARE = UpdateEntityDescription(
    key="firmware", device_class=UpdateDeviceClass.FIRMWARE
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the firmware of each node for which a person named one."""
    coordinator = entry.runtime_data
    if UPDATES not in coordinator.protocol.kinds:
        return
    nodes = coordinator.driver.site.nodes
    async_add_for_nodes(
        entry,
        async_add_entities,
        lambda node: (
            [Firmware(coordinator, FIRMWARE, node)]
            if {FIELD_URL, FIELD_VERSION} <= nodes[node].keys()
            else []
        ),
    )


class Firmware(NodeEntity, UpdateEntity):
    """The firmware that a node has, and the one that a person has ready for it."""

    _attr_supported_features = (
        UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS
    )

    @property
    @override
    def holds_without_node(self) -> bool:
        """It orders, and the queue keeps orders for a node that sleeps or is gone."""
        return True

    @property
    @override
    def installed_version(self) -> str | None:
        """What the node says that it runs; None: nothing that can still be so."""
        if not self.word_holds:
            return None
        version = self.node_view.readings.get(READING_FIRMWARE)
        return None if version is None else str(version)

    @property
    @override
    def latest_version(self) -> str | None:
        """What a person said that there is."""
        version: str = self.coordinator.driver.site.nodes[self.node][FIELD_VERSION]
        return version

    @property
    @override
    def in_progress(self) -> bool:
        """Whether it is on its way, or waits for the node."""
        return any(
            command.kind == UPDATES and self.node in command.nodes
            for command in self.coordinator.engine.ledger.open.by_class.of(
                CommandClass.LATEST
            )
        )

    @override
    async def async_install(
        self, version: str | None, backup: bool, **kwargs: Any
    ) -> None:
        """Order the update."""
        fields = self.coordinator.driver.site.nodes[self.node]
        params = {"url": fields[FIELD_URL], "version": fields[FIELD_VERSION]}
        await async_order(self.coordinator, UPDATES, params, (self.node,), Cause.BUTTON)

    @override
    def _picture(self) -> object:
        return (self.installed_version, self.latest_version, self.in_progress)
