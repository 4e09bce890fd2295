"""The intents as tools of language models.

Only cores that ask integrations for tools load this; older ones offer every intent.
"""

from __future__ import annotations

from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import intent
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    IntentTool,
    LLMContext,
    Tool,
    ToolAnnotations,
)

from .assist.handlers import HANDLERS, Feed, LastFed, SpokenOf, Waiting
from .assist.places import async_offered
from .const import DOMAIN

_TITLES: dict[type[SpokenOf], str] = {
    Feed: "Feed once",
    LastFed: "Last fed",
    Waiting: "What waits, and why",
}
_ASKS = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
_FEEDS = ToolAnnotations(open_world=False)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return those for which something is exposed to the assistant."""
    if api_id != LLM_API_ASSIST or not llm_context.assistant:
        return None
    registered = {handler.intent_type: handler for handler in intent.async_get(hass)}
    tools: list[Tool] = []
    for kind in HANDLERS:
        if (handler := registered.get(kind.intent_type)) is None:
            continue
        if not async_offered(hass, llm_context.assistant, to_feed=kind.feeds):
            continue
        tools.append(
            IntentTool(
                f"{DOMAIN}__{kind.intent_type}",
                handler,
                title=_TITLES[kind],
                integration=DOMAIN,
                annotations=_FEEDS if kind.feeds else _ASKS,
            )
        )
    return LLMTools(tools=tools) if tools else None
