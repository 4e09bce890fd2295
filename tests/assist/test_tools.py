"""A language model is offered the intents as tools, as far as something is exposed."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.assist.handlers import (
    HANDLERS,
    INTENT_FEED,
    INTENT_LAST_FED,
    INTENT_WAITING,
)
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from .talking import ASSISTANT, set_up

ASKS_FOR_TOOLS = hasattr(llm, "ToolAnnotations")
"""Whether the core asks integrations for tools; before, every intent was one."""


def spoken() -> llm.LLMContext:
    """Return in whose name a language model speaks."""
    given: dict[str, Any] = {
        "platform": "test",
        "context": Context(),
        "language": "en",
        "assistant": ASSISTANT,
        "device_id": None,
    }
    taken = {field.name for field in fields(llm.LLMContext)}
    if "user_prompt" in taken:
        given["user_prompt"] = None
    return llm.LLMContext(**given)


async def offered(hass: HomeAssistant, *exposed: str) -> dict[str, Any]:
    """Return our tools by the intents that they are."""
    await set_up(hass, *exposed)
    if ASKS_FOR_TOOLS:
        assert await async_setup_component(hass, "llm", {})
    api = await llm.async_get_api(hass, llm.LLM_API_ASSIST, spoken())
    ours = {each.intent_type for each in HANDLERS}
    tools = {tool.name.rpartition("__")[2]: tool for tool in api.tools}
    found: dict[str, Any] = {
        name: (api, tool) for name, tool in tools.items() if name in ours
    }
    return found


async def test_a_language_model_feeds_once(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    tools = await offered(hass, "button.kitchen_feed")
    assert set(tools) == {INTENT_FEED, INTENT_LAST_FED, INTENT_WAITING}
    api, tool = tools[INTENT_FEED]
    assert tool.description.startswith("Feeds an animal once")
    asked = llm.ToolInput(tool.name, {"name": "Kitchen", "portions": 2})
    for _ in range(2):
        answer = await api.async_call_tool(asked)
        told = getattr(answer, "data", answer)
        assert told["speech"]["plain"]["speech"].startswith("Kitchen: 2 portions")
    (command,) = coordinator.engine.ledger.open.values()
    assert command.params["portions"] == 2


@pytest.mark.skipif(not ASKS_FOR_TOOLS, reason="this core offers every intent")
@pytest.mark.parametrize(
    ("exposed", "found"),
    [
        ([], set()),
        (["sensor.kitchen_last_fed"], {INTENT_LAST_FED, INTENT_WAITING}),
    ],
)
async def test_only_what_is_exposed_is_offered_and_each_tool_says_what_it_is(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    *,
    exposed: list[str],
    found: set[str],
) -> None:
    tools = await offered(hass, *exposed)
    assert set(tools) == found
    for name, (_, tool) in tools.items():
        assert tool.name == f"mqtt_dispatch__{name}"
        assert tool.title
        assert tool.integration == "mqtt_dispatch"
        assert tool.annotations.read_only
        assert not tool.annotations.open_world


@pytest.mark.skipif(not ASKS_FOR_TOOLS, reason="this core offers every intent")
async def test_nothing_is_offered_elsewhere_or_before_there_are_intents(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    tools: Any = import_module("custom_components.mqtt_dispatch.llm")
    assert tools.async_get_tools(hass, spoken(), llm.LLM_API_ASSIST) is None
    await set_up(hass, "button.kitchen_feed")
    assert tools.async_get_tools(hass, spoken(), "another") is None
    offered_now = tools.async_get_tools(hass, spoken(), llm.LLM_API_ASSIST)
    assert len(offered_now.tools) == len(HANDLERS)
