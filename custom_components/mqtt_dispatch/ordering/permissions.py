"""Who asks for something, and whether Home Assistant lets them."""

from __future__ import annotations

from collections.abc import Iterable

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er, http

from ..const import DOMAIN
from ..protocols.untrusted import shown


async def async_name_of(hass: HomeAssistant, context: Context | None) -> str:
    """Return what people call the one who asks; empty where nobody is known."""
    if context is None or context.user_id is None:
        return ""
    user = await hass.auth.async_get_user(context.user_id)
    return "" if user is None or user.name is None else shown(user.name)


def _request() -> http.Request | None:
    # A core that no longer tells leaves a decision without the name of who made it.
    current_request = getattr(http, "current_request", None)
    return None if current_request is None else current_request.get()


def context_of_request() -> Context | None:
    """Return in whose name the current HTTP request comes, if there is one."""
    request = _request()
    return None if request is None else http.HomeAssistantView.context(request)


def languages_of_request() -> str:
    """Return what languages the browser of the current HTTP request accepts."""
    request = _request()
    return "" if request is None else request.headers.get("Accept-Language", "")


async def async_demand(
    hass: HomeAssistant, context: Context, policy: str, device_ids: Iterable[str]
) -> None:
    """Check that whoever asks may read or control devices: all of their entities.

    `policy` is POLICY_READ or POLICY_CONTROL. What no person asks for may be done.
    Raises Unauthorized, and UnknownUser for a person who is gone.
    """
    if (user := await _async_restricted(hass, context, policy)) is None:
        return
    for device_id in device_ids:
        entity_ids = _own_entities(hass, device_id)
        _demand_all(user, context, policy, entity_ids)
        if not entity_ids:
            raise _unauthorized(context, policy, None)


@callback
def may(
    hass: HomeAssistant, user: User, policy: str, device_ids: Iterable[str]
) -> bool:
    """Return whether `async_demand` lets a user who is signed in do that."""
    if user.permissions.access_all_entities(policy):
        return True
    owned = [_own_entities(hass, device_id) for device_id in device_ids]
    return all(
        entity_ids
        and all(user.permissions.check_entity(each, policy) for each in entity_ids)
        for entity_ids in owned
    )


async def async_demand_entities(
    hass: HomeAssistant, context: Context, policy: str, entity_ids: Iterable[str]
) -> None:
    """Check the same for entities by themselves. Raises the same."""
    user = await _async_restricted(hass, context, policy)
    if user is not None:
        _demand_all(user, context, policy, entity_ids)


def _own_entities(hass: HomeAssistant, device_id: str) -> list[str]:
    return [
        entity.entity_id
        for entity in er.async_entries_for_device(er.async_get(hass), device_id)
        # Others may hang entities of theirs on a device.
        if entity.platform == DOMAIN
    ]


async def _async_restricted(
    hass: HomeAssistant, context: Context, policy: str
) -> User | None:
    """Return who asks; None: nobody who may not do everything."""
    if context.user_id is None:
        return None
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context, permission=policy)
    return None if user.permissions.access_all_entities(policy) else user


def _demand_all(
    user: User, context: Context, policy: str, entity_ids: Iterable[str]
) -> None:
    for entity_id in entity_ids:
        if not user.permissions.check_entity(entity_id, policy):
            raise _unauthorized(context, policy, entity_id)


def _unauthorized(context: Context, policy: str, entity_id: str | None) -> Unauthorized:
    return Unauthorized(
        context=context,
        entity_id=entity_id,
        perm_category=CAT_ENTITIES,
        permission=policy,
    )
