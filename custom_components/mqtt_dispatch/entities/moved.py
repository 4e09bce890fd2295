"""Entities that became others, and what their owner had made of them."""

from __future__ import annotations

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..log import LOGGER
from ..protocols.measures import YesNo
from ..station import nodes_of, protocol_of, site_of


@callback
def async_move_entities(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Put each entity that was of another platform before in its place now.

    Its owner's name, icon, area, labels and the rest go with it, also which voice
    assistants may know of it, unless its place is taken: what is there is for the same,
    and stays as it is.
    """
    registry, protocol = er.async_get(hass), protocol_of(entry)
    subentry_ids = nodes_of(entry)
    for node, fields in site_of(entry).nodes.items():
        of_node = f"{entry.entry_id}_{node}"
        for actuator in protocol.actuators(fields, {}):
            platform, key = actuator.formerly or ("", "")
            old_id = registry.async_get_entity_id(platform, DOMAIN, f"{of_node}_{key}")
            if old_id is not None:
                now = (actuator.form.value, f"{of_node}_{actuator.key}")
                _move(hass, entry, old_id, subentry_ids[node], now)
    for old in er.async_entries_for_config_entry(registry, entry.entry_id):
        metric = protocol.metrics.get(old.unique_id.rpartition("/")[2])
        if old.domain == Platform.SENSOR and isinstance(metric, YesNo):
            now = (Platform.BINARY_SENSOR, old.unique_id)
            _move(hass, entry, old.entity_id, old.config_subentry_id, now)


def _move(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    old_id: str,
    subentry_id: str | None,
    now: tuple[str, str],
) -> None:
    """Make an entity one of another platform, under another unique id."""
    registry = er.async_get(hass)
    old = registry.entities[old_id]
    registry.async_remove(old_id)
    if registry.async_get_entity_id(now[0], DOMAIN, now[1]) is not None:
        return
    new = registry.async_get_or_create(
        now[0],
        DOMAIN,
        now[1],
        config_entry=entry,
        config_subentry_id=subentry_id,
        device_id=old.device_id,
        disabled_by=old.disabled_by,
        hidden_by=old.hidden_by,
        suggested_object_id=old_id.partition(".")[2],
    )
    registry.async_update_entity(
        new.entity_id,
        name=old.name,
        icon=old.icon,
        area_id=old.area_id,
        labels=old.labels,
        aliases=old.aliases,
        categories=old.categories,
    )
    for domain, options in old.options.items():
        # How a number is shown means nothing elsewhere.
        if domain.partition(".")[0] != old.domain:
            registry.async_update_entity_options(new.entity_id, domain, options)
    LOGGER.info("%s is %s now", old_id, new.entity_id)
