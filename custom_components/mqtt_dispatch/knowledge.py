"""What a station learns of its nodes while it runs, and how it welcomes new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback

from .const import CONF_KNOWN, CONF_WELCOME
from .coordinator import DispatchCoordinator, NotStoredError
from .engine.events import Adopted, Changed
from .engine.model import CommandState
from .station import nodes_of


@callback
def async_learn_of_nodes(coordinator: DispatchCoordinator) -> None:
    """Keep what commands that succeeded leave known of their nodes."""

    @callback
    def changed(change: Changed) -> None:
        if change.state is not CommandState.SUCCEEDED:
            return
        command = coordinator.engine.book.find(change.command_id)
        if command is None or not (learned := coordinator.protocol.learned(command)):
            return
        for node in command.nodes:
            if (subentry := _subentry(coordinator, node)) is not None:
                known = {**subentry.data.get(CONF_KNOWN, {}), **learned}
                _update(coordinator, subentry, {CONF_KNOWN: known})
        coordinator.async_site_changed()

    coordinator.async_on_change(changed)


async def async_welcome_nodes(coordinator: DispatchCoordinator) -> None:
    """Order what nodes that were adopted since get at first, once.

    What was not stored is ordered with the next start of the station.
    """
    for node in coordinator.engine.station.nodes:
        subentry = _subentry(coordinator, node)
        welcome = None if subentry is None else subentry.data.get(CONF_WELCOME)
        if subentry is None or welcome is None:
            continue
        coordinator.handle(Adopted(node, f"welcome:{welcome}"))
        try:
            await coordinator.async_stored()
        except NotStoredError:
            return
        _update(coordinator, subentry, {CONF_WELCOME: None})


def _subentry(coordinator: DispatchCoordinator, node: str) -> ConfigSubentry | None:
    entry = coordinator.config_entry
    subentry_id = nodes_of(entry).get(node)
    return None if subentry_id is None else entry.subentries[subentry_id]


def _update(
    coordinator: DispatchCoordinator,
    subentry: ConfigSubentry,
    changes: Mapping[str, Any],
) -> None:
    coordinator.hass.config_entries.async_update_subentry(
        coordinator.config_entry, subentry, data={**subentry.data, **changes}
    )
