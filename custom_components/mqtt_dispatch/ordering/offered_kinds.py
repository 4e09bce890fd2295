"""The kinds of command that actions offer in the user interface."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from homeassistant.const import CONF_PROTOCOL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.yaml import load_yaml_dict

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..entity import async_look_at_nodes
from ..protocols import PROTOCOLS
from ..protocols.defaults import all_understood

ACTIONS: Final = ("send_command", "schedule")
_DESCRIPTIONS: Final[HassKey[dict[str, Any]]] = HassKey(f"{DOMAIN}_of_any_kind")
_UNDERSTOOD: Final[HassKey[dict[str, frozenset[str]]]] = HassKey(f"{DOMAIN}_understood")
"""What the nodes of stations understand, where that depends on what they tell."""


async def async_load_description(hass: HomeAssistant) -> None:
    """Read how the actions are described, but for the kinds, and offer all of them."""
    file = Path(__file__).parents[1] / "services.yaml"
    actions = await hass.async_add_executor_job(load_yaml_dict, str(file))
    hass.data[_DESCRIPTIONS] = {action: actions[action] for action in ACTIONS}
    async_offer_kinds(hass)


@callback
def async_offer_kinds(hass: HomeAssistant) -> None:
    """Offer what the nodes of the stations understand that there are; without any, all.

    Home Assistant describes an action once for all devices, so what is offered is what
    any of them understands. What the chosen device does not is refused with its name.
    """
    kinds = {
        kind
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        for kind in _kinds_at(hass, entry)
    }
    all_kinds = {kind for each in PROTOCOLS.values() for kind in each.kinds}
    for action, description in deepcopy(hass.data[_DESCRIPTIONS]).items():
        select = description["fields"]["kind"]["selector"]["select"]
        select["options"] = sorted(kinds or all_kinds)
        async_set_service_schema(hass, DOMAIN, action, description)


@callback
def async_follow_kinds(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Offer what the nodes of a station understand, as they tell of it."""
    coordinator = entry.runtime_data
    understood = hass.data.setdefault(_UNDERSTOOD, {})
    by_node: dict[str, frozenset[str]] = {}
    known: dict[str, object] = {}

    @callback
    def look(node: str) -> None:
        # What a node measures each second says nothing of what any understands.
        protocol = coordinator.protocol
        fields = coordinator.driver.site.nodes.get(node)
        readings = coordinator.data.nodes[node].readings
        told = fields, tuple(readings.get(key) for key in protocol.understood_by)
        if known.get(node) == told:
            return
        known[node] = told
        by_node[node] = frozenset(
            kind for kind in protocol.kinds if coordinator.understands(node, kind)
        )
        kinds = frozenset[str]().union(*by_node.values())
        if understood.get(entry.entry_id) != kinds:
            understood[entry.entry_id] = kinds
            async_offer_kinds(hass)

    @callback
    def forget() -> None:
        understood.pop(entry.entry_id, None)

    if coordinator.protocol.understands is not all_understood:
        async_look_at_nodes(entry, look)
        entry.async_on_unload(forget)


def _kinds_at(hass: HomeAssistant, entry: DispatchConfigEntry) -> Collection[str]:
    # Of a station that is not loaded nobody knows what its nodes will tell.
    kinds = hass.data.get(_UNDERSTOOD, {}).get(entry.entry_id)
    if kinds is not None:
        return kinds
    protocol = PROTOCOLS.get(entry.data[CONF_PROTOCOL])
    return () if protocol is None else protocol.kinds
