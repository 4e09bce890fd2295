"""Somebody who speaks to Home Assistant's own assistant."""

from __future__ import annotations

from typing import Any

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component

ASSISTANT = conversation.DOMAIN


async def set_up(hass: HomeAssistant, *exposed: str) -> None:
    """Have an assistant to which entities are exposed."""
    for component in ("homeassistant", "conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    await hass.async_block_till_done()
    for entity_id in exposed:
        async_expose_entity(hass, ASSISTANT, entity_id, True)


async def say(
    hass: HomeAssistant,
    meant: str,
    context: Context | None = None,
    assistant: str | None = ASSISTANT,
    platform: str = "test",
    **slots: Any,
) -> intent.IntentResponse:
    """Have an intent handled; return the answer."""
    return await intent.async_handle(
        hass,
        platform,
        meant,
        {name: {"value": value} for name, value in slots.items()},
        context=context or Context(),
        assistant=assistant,
    )


def words(answer: intent.IntentResponse) -> str:
    """Return what is heard."""
    said: str = answer.speech["plain"]["speech"]
    return said
