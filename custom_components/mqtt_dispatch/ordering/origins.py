"""Who stands behind an order: found as Home Assistant's logbook finds it."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.const import ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..protocols.untrusted import shown
from .permissions import async_name_of

_STARTS: Final = ("automation_triggered", "script_started")
"""What the core fires when an automation or a script begins to run."""
_MOST: Final = 256
_ORIGINS: Final[HassKey[dict[str, tuple[str, str]]]] = HassKey(f"{DOMAIN}_origins")
"""What ran lately, by the ids of its contexts: its entity and its name then."""


@callback
def async_follow_origins(hass: HomeAssistant) -> None:
    """Remember which automation or script began with which context."""
    origins = hass.data.setdefault(_ORIGINS, {})

    @callback
    def started(event: Event[Any]) -> None:
        # What it starts in turn runs in its name.
        origins.setdefault(
            event.context.id,
            (
                str(event.data.get(ATTR_ENTITY_ID, "")),
                str(event.data.get(ATTR_NAME, "")),
            ),
        )
        if len(origins) > _MOST:
            del origins[next(iter(origins))]

    for event_type in _STARTS:
        hass.bus.async_listen(event_type, started)


async def async_origin_of(hass: HomeAssistant, context: Context | None) -> str:
    """Return what people call who orders: an automation, a script or a person.

    Empty where nobody is known.
    """
    origins = hass.data.get(_ORIGINS, {})
    for context_id in () if context is None else (context.id, context.parent_id):
        if context_id is not None and (found := origins.get(context_id)):
            entity_id, name = found
            state = hass.states.get(entity_id)
            return shown(f"{name if state is None else state.name} ({entity_id})")
    return await async_name_of(hass, context)
