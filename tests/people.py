"""Users of Home Assistant, and what each may do."""

from __future__ import annotations

from typing import Any

from homeassistant.auth.models import Group, User
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er


async def a_user(hass: HomeAssistant, *group_ids: str, name: str = "Anna") -> User:
    """Add a user who belongs to groups of Home Assistant."""
    if await hass.auth.async_get_owner() is None:
        # The first user owns Home Assistant, whatever the groups.
        await hass.auth.async_create_user("Owner")
    user = await hass.auth.async_create_user(name, group_ids=list(group_ids))
    user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    return user


async def a_user_for(
    hass: HomeAssistant, entities: dict[str, Any], name: str = "Anna"
) -> User:
    """Add a user who may do with entities what a policy says."""
    group = Group(name=None, policy={"entities": entities})
    hass.auth._store._groups[group.id] = group
    return await a_user(hass, group.id, name=name)


def as_user(user: User) -> Context:
    """Return what a call bears that a user makes."""
    return Context(user_id=user.id)
