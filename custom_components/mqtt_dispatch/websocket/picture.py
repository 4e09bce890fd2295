"""All that is shown of a station, as one picture in the reader's language.

Moments are unix seconds. `frontend/src/api.ts` has the same as types.
"""

from __future__ import annotations

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PROTOCOL

from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..engine.model.pause import Pause, PlanPause
from ..engine.model.policy import FEED
from ..entity import async_device_of, async_find_device, model_of
from ..ordering.amounts import portions_of
from ..protocols import PROTOCOLS
from ..protocols.fields import Whole
from ..station import nodes_of
from ..texts.meals import overdue_in_words
from ..texts.reader import in_language
from ..texts.sentences import pause_in_words, protocol_in_words, reason_in_words
from .commands_shown import commands_of, doubts_of
from .equipment import cameras_of, roles_of, valves_of
from .meals_shown import meals_of
from .reader import Reader


def station_listed(reader: Reader, entry: DispatchConfigEntry) -> dict[str, Any]:
    """Return what tells a station from others, loaded or not."""
    device = async_find_device(reader.hass, entry.entry_id)
    # None: what its owner described himself, and does not describe any more.
    protocol = PROTOCOLS.get(entry.data[CONF_PROTOCOL])
    with in_language(reader.language):
        return {
            "entry_id": entry.entry_id,
            "device_id": None if device is None else device.id,
            "title": entry.title,
            "protocol": entry.data[CONF_PROTOCOL],
            "protocol_in_words": entry.data[CONF_PROTOCOL]
            if protocol is None
            else protocol_in_words(reader.hass, protocol),
            "loaded": entry.state is ConfigEntryState.LOADED,
            "feeds": protocol is not None and FEED in protocol.kinds,
            "nodes": list(nodes_of(entry)),
            "may_control": reader.may_control(entry),
        }


def picture_of(reader: Reader, entry: DispatchConfigEntry) -> dict[str, Any]:
    """Return all that is shown of a station.

    Of one that is not loaded no more than what it is.
    """
    listed = station_listed(reader, entry)
    if not listed["loaded"]:
        return {"station": listed}
    coordinator = entry.runtime_data
    with in_language(reader.language):
        return {
            "station": {**listed, **_station(coordinator)},
            "feeding": _feeding(coordinator),
            "nodes": _nodes(coordinator, reader),
            "commands": commands_of(coordinator, reader),
            "doubts": doubts_of(coordinator, reader),
            "meals": meals_of(coordinator, may_control=listed["may_control"]),
            "valves": valves_of(coordinator),
            "cameras": cameras_of(coordinator),
        }


def _station(coordinator: DispatchCoordinator) -> dict[str, Any]:
    seen, hass = coordinator.data, coordinator.hass
    return {
        "status": seen.status.value,
        "ready": seen.ready,
        "connected": seen.connected,
        "storage_ok": coordinator.engine.conditions.storage_ok,
        "open": seen.open,
        "waiting": seen.waiting,
        "pause": _pause(coordinator, seen.pause),
        "plan_pause": _pause(coordinator, seen.plan_pause),
        "portions_today": seen.portions_today,
        "last_fed": seen.last_fed,
        "overdue": [overdue_in_words(coordinator, each) for each in seen.overdue],
        "time_zone": str(hass.config.time_zone),
        "entities": roles_of(coordinator),
    }


def _pause(
    coordinator: DispatchCoordinator, pause: Pause | PlanPause | None
) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {
        "until": pause.until,
        "reason": pause.reason or None,
        "in_words": pause_in_words(coordinator.hass, pause),
    }


def _feeding(coordinator: DispatchCoordinator) -> dict[str, Any] | None:
    """Return how much can be fed; None: nothing can."""
    feed = coordinator.protocol.kinds.get(FEED)
    portions = None if feed is None else feed.fields.get("portions")
    if feed is None or not isinstance(portions, Whole) or not _any_feeds(coordinator):
        return None
    chosen = portions_of(coordinator)
    return {
        "whole_station": feed.whole_station,
        "minimum": portions.minimum,
        "maximum": portions.maximum,
        "chosen": portions.minimum if chosen is None else chosen.amount,
        "grams": coordinator.portion.weigh(1),
    }


def _any_feeds(coordinator: DispatchCoordinator) -> bool:
    """Whether a node feeds, or there is none yet of which that could be known."""
    nodes = coordinator.data.nodes
    return not nodes or any(coordinator.understands(node, FEED) for node in nodes)


def _nodes(coordinator: DispatchCoordinator, reader: Reader) -> list[dict[str, Any]]:
    hass, entry = coordinator.hass, coordinator.config_entry
    found = []
    for node, seen in coordinator.data.nodes.items():
        device = async_device_of(coordinator, node)
        subentry = coordinator.subentry(node)
        why, model = seen.reason, model_of(coordinator, node)
        found.append(
            {
                "node": node,
                "title": node if subentry is None else subentry.title,
                "device_id": None if device is None else device.id,
                "presence": seen.presence.value,
                "ready": seen.ready,
                "online": seen.online,
                "last_seen": seen.last_seen,
                "why": None if why is None else why.why.value,
                "why_in_words": None
                if why is None
                else reason_in_words(hass, coordinator, why),
                "feeds": coordinator.understands(node, FEED),
                "last_fed": seen.last_fed,
                "may_control": reader.may_control_node(entry, node),
                "entities": roles_of(coordinator, node),
                "model": None if model is None else model.title,
                "not_provable": [] if model is None else [*model.not_provable],
            }
        )
    return found
