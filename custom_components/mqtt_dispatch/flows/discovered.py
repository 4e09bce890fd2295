"""Discovered flows are offers to a person; an offer that is void is withdrawn."""

from __future__ import annotations

from typing import Any

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..station import prefix_of

MOST_TOLD = 1000
"""Nodes; whoever may publish may introduce himself, but not without end."""
_TOLD: HassKey[dict[str, dict[str, Any]]] = HassKey(f"{DOMAIN}_told")


def offer_of_node(entry: DispatchConfigEntry, node: str) -> str:
    """Return the unique id of the offer to add a node to a station.

    No prefix contains a `+`, so it is never that of a station.
    """
    return f"{prefix_of(entry)}/+/{node}"


@callback
def async_withdraw_offers_of(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Withdraw the offers to add nodes to a station."""
    source = SOURCE_INTEGRATION_DISCOVERY
    async_withdraw_offers(hass, entry_id=entry.entry_id, source=source)


@callback
def async_keep_told(hass: HomeAssistant, offer: str, fields: dict[str, Any]) -> None:
    """Keep what a node that is offered told of itself.

    It may be heard, and offered, before it tells that.
    """
    told = hass.data.setdefault(_TOLD, {})
    if fields:
        told[offer] = fields
    while len(told) > MOST_TOLD:
        del told[next(iter(told))]


@callback
def async_told(hass: HomeAssistant, offer: str) -> dict[str, Any]:
    """Return what a node that is offered told of itself."""
    return hass.data.get(_TOLD, {}).get(offer, {})


@callback
def async_withdraw_offers(hass: HomeAssistant, **context: Any) -> None:
    """Withdraw the offers with this context."""
    flows = hass.config_entries.flow
    for offer in flows.async_progress_by_handler(DOMAIN, match_context=context):
        flows.async_abort(offer["flow_id"])
