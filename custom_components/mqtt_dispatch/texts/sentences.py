"""Sentences that entities show, in the language of the server.

Entity translations cannot fill in a node's name or a time. Such sentences stand under
`common` in the translations; Home Assistant loads them with the integration, English
in the place of what a language lacks.
"""

from __future__ import annotations

from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.meal import Meal
from ..engine.model.reason import Reason, Why
from ..protocols.base import Protocol

NOTHING = "waiting_nothing"


def sentence(hass: HomeAssistant, key: str, **placeholders: object) -> str:
    """Return a sentence; its bare key if no language has it."""
    # Just after the language was changed, its words may not be loaded yet.
    for language in (hass.config.language, "en"):
        words = async_get_cached_translations(hass, language, "common", DOMAIN)
        if text := words.get(f"component.{DOMAIN}.common.{key}"):
            return text.format(**placeholders)
    return key


def reason_in_words(
    hass: HomeAssistant, coordinator: DispatchCoordinator, reason: Reason
) -> str:
    """Return what a command waits for."""
    why: str = reason.why
    if reason.why is Why.RELAY_SILENT and reason.since is None:
        why = "relay_never_heard"
    return sentence(
        hass,
        f"waiting_{why}",
        node=node_title(coordinator, reason.node),
        time="" if reason.since is None else local_time(reason.since),
        command_id=reason.command_id,
    )


def meal_in_words(hass: HomeAssistant, protocol: Protocol, meal: Meal) -> str:
    """Return the name of a meal and what is given."""
    name = meal.name or sentence(hass, "meal_unnamed")
    planning = protocol.planning
    if planning is not None and planning.in_words is not None:
        key, given = planning.in_words(meal.params)
        return sentence(hass, key, name=name, **given)
    portions = meal.params.get("portions", 1)
    return sentence(
        hass,
        "meal_one_portion" if portions == 1 else "meal_portions",
        name=name,
        portions=portions,
    )


def portions_in_words(hass: HomeAssistant, portions: int) -> str:
    """Return how many portions, as a person says it."""
    return sentence(
        hass, "one_portion" if portions == 1 else "portions", portions=portions
    )


def protocol_in_words(hass: HomeAssistant, protocol: Protocol) -> str:
    """Return what a person calls the nodes of a protocol."""
    return sentence(hass, f"protocol_{protocol.key}")


def node_title(coordinator: DispatchCoordinator, node: str | None) -> str:
    """Return what the owner calls a node."""
    if node is None:
        return ""
    subentry = coordinator.subentry(node)
    return node if subentry is None else subentry.title


def local_time(wall: float) -> str:
    """Return a time of today, or a date and a time: both stay true as time passes."""
    local: datetime = dt_util.as_local(dt_util.utc_from_timestamp(wall))
    today = local.date() == dt_util.now().date()
    return f"{local:%H:%M:%S}" if today else f"{local:%Y-%m-%d %H:%M:%S}"
