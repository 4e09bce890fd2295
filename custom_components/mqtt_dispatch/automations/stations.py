"""Which stations and nodes a trigger or a condition is about, and what goes on there.

Only for cores that take triggers and conditions of integrations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..entity import station_and_node


@dataclass(frozen=True, slots=True)
class Meant:
    """What of a station is meant."""

    whole: bool
    """Whether the station itself is."""
    nodes: frozenset[str]
    """The nodes that are meant by themselves."""

    def covers(self, nodes: Collection[str]) -> bool:
        """Whether it is about what goes to nodes."""
        return self.whole or not self.nodes.isdisjoint(nodes)


NOTHING_MEANT = Meant(whole=False, nodes=frozenset())


@callback
def async_meant(hass: HomeAssistant, target: Mapping[str, Any]) -> dict[str, Meant]:
    """Return what a target means now, by the ids of the config entries.

    Areas, labels and names change, so this holds for the moment. What is not there, or
    belongs to others, means nothing.
    """
    selected = async_extract_referenced_entity_ids(hass, TargetSelection({**target}))
    entities, devices = er.async_get(hass), dr.async_get(hass)
    device_ids = set(selected.referenced_devices)
    for entity_id in selected.referenced | selected.indirectly_referenced:
        entity = entities.async_get(entity_id)
        if entity is not None and entity.platform == DOMAIN and entity.device_id:
            device_ids.add(entity.device_id)
    stations: set[str] = set()
    nodes: dict[str, set[str]] = {}
    for device_id in device_ids:
        if (device := devices.async_get(device_id)) is None:
            continue
        if (own := station_and_node(device.identifiers)) is None:
            continue
        entry_id, node = own
        named = nodes.setdefault(entry_id, set())
        if node is None:
            stations.add(entry_id)
        else:
            named.add(node)
    return {
        entry_id: Meant(whole=entry_id in stations, nodes=frozenset(named))
        for entry_id, named in nodes.items()
    }


@callback
def async_follow_stations(
    hass: HomeAssistant, follow: Callable[[DispatchCoordinator], CALLBACK_TYPE]
) -> CALLBACK_TYPE:
    """Follow each station while it is loaded, also one that comes later.

    `follow` begins, and returns what ends it. Returned is what ends all of it.
    """
    followed: dict[str, tuple[DispatchCoordinator, CALLBACK_TYPE]] = {}

    @callback
    def look(entry: DispatchConfigEntry) -> None:
        loaded = entry.state is ConfigEntryState.LOADED
        now = entry.runtime_data if loaded else None
        before = followed.get(entry.entry_id)
        if before is not None and before[0] is not now:
            del followed[entry.entry_id]
            before[1]()
        if now is not None and entry.entry_id not in followed:
            followed[entry.entry_id] = (now, follow(now))

    @callback
    def changed(_: ConfigEntryChange, entry: DispatchConfigEntry) -> None:
        if entry.domain == DOMAIN:
            look(entry)

    for entry in hass.config_entries.async_entries(DOMAIN):
        look(entry)
    stop_looking = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)

    @callback
    def stop() -> None:
        stop_looking()
        for _, end in followed.values():
            end()
        followed.clear()

    return stop
