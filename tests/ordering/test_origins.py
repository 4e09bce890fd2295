"""Who orders: the automation or script that ran with the context."""

from __future__ import annotations

from homeassistant.core import Context, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.ordering.origins import async_origin_of


async def starts(hass: HomeAssistant, number: int) -> Context:
    """Have an automation begin to run, and return what it orders with."""
    context = Context()
    about = {"entity_id": f"automation.no_{number}", "name": f"Number {number}"}
    hass.bus.async_fire("automation_triggered", about, context=context)
    await hass.async_block_till_done()
    return Context(parent_id=context.id)


async def test_it_is_named_as_people_and_as_home_assistant_call_it(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    context = await starts(hass, 1)

    assert await async_origin_of(hass, context) == "Number 1 (automation.no_1)"


async def test_of_many_only_the_latest_are_remembered(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    first, second = await starts(hass, 1), await starts(hass, 2)
    for number in range(3, 258):
        last = await starts(hass, number)

    assert await async_origin_of(hass, first) == ""
    assert await async_origin_of(hass, second) == "Number 2 (automation.no_2)"
    assert await async_origin_of(hass, last) == "Number 257 (automation.no_257)"
