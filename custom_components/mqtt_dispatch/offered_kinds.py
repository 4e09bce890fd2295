"""The kinds of command that `send_command` offers in the user interface."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.yaml import load_yaml_dict

from .const import DOMAIN
from .station import protocol_of

ACTION: Final = "send_command"
_DESCRIPTION: Final[HassKey[dict[str, Any]]] = HassKey(f"{DOMAIN}_{ACTION}")


async def async_load_description(hass: HomeAssistant) -> None:
    """Read how the action is described while no station is there."""
    file = Path(__file__).with_name("services.yaml")
    actions = await hass.async_add_executor_job(load_yaml_dict, str(file))
    hass.data[_DESCRIPTION] = actions[ACTION]


@callback
def async_offer_kinds(hass: HomeAssistant) -> None:
    """Offer what the nodes of the stations know that there are.

    Home Assistant describes an action once for all devices, so what is offered is what
    any of them knows. What the chosen device does not know is refused with its name.
    """
    kinds = {
        kind
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        for kind in protocol_of(entry).kinds
    }
    description = deepcopy(hass.data[_DESCRIPTION])
    if kinds:
        options = description["fields"]["kind"]["selector"]["select"]["options"]
        options[:] = [kind for kind in options if kind in kinds]
    async_set_service_schema(hass, DOMAIN, ACTION, description)
