"""What a station learns of its nodes while it runs, and how it welcomes new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback

from .const import CONF_KNOWN, CONF_WELCOME
from .coordinator import DispatchCoordinator
from .engine.model.command import Command, CommandState
from .engine.model.effects import Changed
from .engine.model.events import Adopted
from .flows.discovered import async_told, offer_of_node
from .protocols.messages import Happened, Learned
from .storage.disk import NotStoredError


@callback
def async_learn_of_nodes(coordinator: DispatchCoordinator) -> None:
    """Keep what commands that succeeded leave known of their nodes.

    Config entries are written a second later: what was lost with a crash stands in the
    history of the commands.
    """
    ledger = coordinator.engine.ledger
    for node in coordinator.engine.station.nodes:
        _keep_what_it_told_before(coordinator, node)
        subentry = coordinator.subentry(node)
        if subentry is None or subentry.data.get(CONF_WELCOME) is not None:
            # A person has just said something else of it.
            continue
        for kind in coordinator.protocol.kinds:
            command = ledger.known.newest(kind, node)
            if command is not None and command.state is CommandState.SUCCEEDED:
                _learn(coordinator, command)

    @callback
    def changed(change: Changed) -> None:
        command = ledger.find(change.command_id)
        if change.state is CommandState.SUCCEEDED and command is not None:
            _learn(coordinator, command)

    @callback
    def said(news: Learned | Happened) -> None:
        if isinstance(news, Learned):
            _keep(coordinator, news.node, news.facts)

    coordinator.async_on_change(changed)
    coordinator.async_on_said(said)


def _learn(coordinator: DispatchCoordinator, command: Command) -> None:
    for node in command.nodes:
        learned = coordinator.protocol.learned(coordinator.driver.site, command, node)
        _keep(coordinator, node, learned)


def _keep_what_it_told_before(coordinator: DispatchCoordinator, node: str) -> None:
    """Keep what was told of a node while it was offered, and nobody is asked for."""
    told = async_told(coordinator.hass, offer_of_node(coordinator.config_entry, node))
    known = coordinator.driver.site.nodes[node].keys()
    asked = coordinator.protocol.node_fields.keys()
    news = {name: told[name] for name in told.keys() - known - asked}
    if news:
        _keep(coordinator, node, news)


def _keep(
    coordinator: DispatchCoordinator, node: str, learned: Mapping[str, Any]
) -> None:
    """Keep what was learned of a node; what is known already is not written anew."""
    subentry = coordinator.subentry(node)
    if subentry is None:
        return
    known = subentry.data.get(CONF_KNOWN, {})
    new = {**known, **learned}
    if new != known:
        _update(coordinator, subentry, {CONF_KNOWN: new})
        coordinator.async_site_changed()


async def async_welcome_nodes(coordinator: DispatchCoordinator) -> None:
    """Order what nodes that were adopted since get at first, once.

    What was not stored is ordered with the next start of the station, and what finds no
    room at once is looked at then, too.
    """
    for node in coordinator.engine.station.nodes:
        subentry = coordinator.subentry(node)
        welcome = None if subentry is None else subentry.data.get(CONF_WELCOME)
        if subentry is None or welcome is None:
            continue
        coordinator.handle(Adopted(node, f"welcome:{welcome}"))
        try:
            await coordinator.async_stored()
        except NotStoredError:
            return
        if node not in coordinator.engine.plan.desired.unwelcomed:
            _update(coordinator, subentry, {CONF_WELCOME: None})


def _update(
    coordinator: DispatchCoordinator,
    subentry: ConfigSubentry,
    changes: Mapping[str, Any],
) -> None:
    coordinator.hass.config_entries.async_update_subentry(
        coordinator.config_entry, subentry, data={**subentry.data, **changes}
    )
