"""What all entities of MQTT Dispatch have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import override

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .audience import OF_STATION
from .const import DOMAIN
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.view import NodeView, Presence
from .entities.known_devices import async_link_to_known_device
from .protocols.base import NodeModel
from .protocols.profiled.names import HARDWARE_ID
from .station import nodes_of
from .texts.sentences import node_title, protocol_in_words

READING_FIRMWARE = "fw"
"""The reading that stands on a node's device page instead of in an entity."""


class StationEntity(CoordinatorEntity[DispatchCoordinator]):
    """An entity of a station."""

    _attr_has_entity_name = True
    called_in: Context | None = None
    """The context of the action that was called on it last."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: EntityDescription,
        context: Hashable = OF_STATION,
    ) -> None:
        """Take the name, the unique id and the device from the description's key."""
        super().__init__(coordinator, context)
        self.entity_description = description
        entry_id = coordinator.config_entry.entry_id
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry_id)})
        self._shown: object = None
        self._shown_available = True

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to follow the station."""
        await super().async_added_to_hass()
        self._shown, self._shown_available = self._picture(), self.available

    @callback
    @override
    def async_set_context(self, context: Context) -> None:
        """Remember in whose name an action is called on it."""
        super().async_set_context(context)
        self.called_in = context

    def _picture(self) -> object:
        """Return all that is shown while it is available; only a change is written."""
        return None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        picture, available = self._picture(), self.available
        if picture != self._shown or available is not self._shown_available:
            self._shown, self._shown_available = picture, available
            self.async_write_ha_state()


class NodeEntity(StationEntity):
    """An entity of a node, which is there for as long as the word of its node holds."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        description: EntityDescription,
        node: str,
        context: Hashable = None,
    ) -> None:
        """Belong to the device of the node, and follow all news of it.

        With a `context`, those of that one alone.
        """
        super().__init__(coordinator, description, context=context or node)
        entry_id = coordinator.config_entry.entry_id
        self.node = node
        self._attr_unique_id = f"{entry_id}_{node}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={node_identifier(entry_id, node)}
        )

    @property
    @override
    def available(self) -> bool:
        """Whether what it shows is so, as far as anybody can tell."""
        return super().available and (self.holds_without_node or self.word_holds)

    @property
    def word_holds(self) -> bool:
        """Whether what its node said can still be so."""
        return self.node_view.presence is Presence.HERE

    @property
    def holds_without_node(self) -> bool:
        """Whether it shows what is so without its node."""
        return False

    @property
    def node_view(self) -> NodeView:
        """What is known of the node now."""
        return self.coordinator.data.nodes[self.node]


def node_identifier(entry_id: str, node: str) -> tuple[str, str]:
    """Return what a node's device is known by."""
    return (DOMAIN, f"{entry_id}_{node}")


def station_and_node(
    identifiers: Iterable[tuple[str, ...]],
) -> tuple[str, str | None] | None:
    """Return the id of the entry that a device belongs to, and its node.

    The node is None where it is the station's own. None: it is no device of ours.
    """
    # Other integrations have identifiers of other lengths.
    own = (each[1] for each in identifiers if each[0] == DOMAIN)
    if (identifier := next(own, None)) is None:
        return None
    entry_id, _, node = identifier.partition("_")
    return entry_id, node or None


@callback
def async_device_of(
    coordinator: DispatchCoordinator, node: str | None = None
) -> dr.DeviceEntry | None:
    """Return the device of a station, or of one of its nodes."""
    return async_find_device(coordinator.hass, coordinator.config_entry.entry_id, node)


@callback
def async_find_device(
    hass: HomeAssistant, entry_id: str, node: str | None = None
) -> dr.DeviceEntry | None:
    """Return the same by the id of the entry, which need not be loaded."""
    wanted = (DOMAIN, entry_id) if node is None else node_identifier(entry_id, node)
    found = (
        device
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
        if wanted in device.identifiers
    )
    return next(found, None)


@callback
def async_add_for_nodes(
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities_of: Callable[[str], Iterable[Entity]],
) -> None:
    """Add to each node the entities that `entities_of(node)` returns."""
    for node, subentry_id in nodes_of(entry).items():
        async_add_entities(entities_of(node), config_subentry_id=subentry_id)


@callback
def async_look_at_nodes(
    entry: DispatchConfigEntry, look: Callable[[str], None]
) -> None:
    """Call `look(node)` now, and whenever there is news of a node."""
    for node in nodes_of(entry):
        look(node)
    entry.async_on_unload(entry.runtime_data.async_on_node(look))


def model_of(coordinator: DispatchCoordinator, node: str) -> NodeModel | None:
    """Return what a node is, as far as a person said it."""
    fields = coordinator.driver.site.nodes.get(node, {})
    return coordinator.protocol.model(fields)


@callback
def async_register_devices(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Register the station and its nodes, and follow the firmware of the nodes."""
    registry = dr.async_get(hass)
    protocol = entry.runtime_data.protocol
    model = protocol_in_words(hass, protocol)
    station = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer="MQTT Dispatch",
        model=model,
        entry_type=dr.DeviceEntryType.SERVICE,
    )
    devices: dict[str, str] = {}
    for node, subentry_id in nodes_of(entry).items():
        of_node = model_of(entry.runtime_data, node)
        device = registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry_id,
            identifiers={node_identifier(entry.entry_id, node)},
            name=f"{entry.title} {node_title(entry.runtime_data, node)}",
            manufacturer=protocol.maker,
            model=model if of_node is None else of_node.title,
            connections=(
                {(dr.CONNECTION_NETWORK_MAC, mac)}
                if (mac := protocol.mac(node)) is not None
                else set()
            ),
        )
        # `via_device` is on its way out and `via_device_id` is not everywhere yet,
        # except here.
        registry.async_update_device(device.id, via_device_id=station.id)
        devices[node] = device.id

    firmware: dict[str, str | None] = {}

    @callback
    def follow_firmware(node: str) -> None:
        reading = entry.runtime_data.data.nodes[node].readings.get(READING_FIRMWARE)
        version = reading if isinstance(reading, str) else None
        if firmware.get(node) != version:
            firmware[node] = version
            registry.async_update_device(devices[node], sw_version=version)

    hardware_ids: dict[str, object] = {}

    @callback
    def follow_hardware_id(node: str) -> None:
        fields = entry.runtime_data.driver.site.nodes.get(node, {})
        hardware_id = fields.get(HARDWARE_ID)
        if hardware_ids.get(node) != hardware_id:
            hardware_ids[node] = hardware_id
            link = async_link_to_known_device(hass, str(hardware_id))
            registry.async_update_device(devices[node], configuration_url=link)

    async_look_at_nodes(entry, follow_firmware)
    async_look_at_nodes(entry, follow_hardware_id)
