"""Entities that became others, and what their owner had made of them."""

from __future__ import annotations

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..log import LOGGER
from ..protocols.actuator import Actuator
from ..station import nodes_of, protocol_of, site_of


@callback
def async_move_entities(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Put each entity that was of another platform before in its place now.

    Its owner's name, icon, area, labels and the rest go with it, also which voice
    assistants may know of it, unless its place is taken: what is there is for the same,
    and stays as it is.
    """
    protocol, subentry_ids = protocol_of(entry), nodes_of(entry)
    for node, fields in site_of(entry).nodes.items():
        for actuator in protocol.actuators(fields, {}):
            if actuator.formerly is not None:
                _move(hass, entry, node, subentry_ids[node], actuator)


def _move(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    node: str,
    subentry_id: str,
    actuator: Actuator,
) -> None:
    registry = er.async_get(hass)
    platform, key = actuator.formerly or ("", "")
    old_id = registry.async_get_entity_id(
        platform, DOMAIN, f"{entry.entry_id}_{node}_{key}"
    )
    if old_id is None:
        return
    old = registry.entities[old_id]
    registry.async_remove(old_id)
    now, unique_id = actuator.form.value, f"{entry.entry_id}_{node}_{actuator.key}"
    if registry.async_get_entity_id(now, DOMAIN, unique_id) is not None:
        return
    new = registry.async_get_or_create(
        now,
        DOMAIN,
        unique_id,
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
        if domain.partition(".")[0] != platform:
            registry.async_update_entity_options(new.entity_id, domain, options)
    LOGGER.info("%s is %s now", old_id, new.entity_id)
