"""What is kept of nodes that are offered: not without end."""

from __future__ import annotations

from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.flows.discovered import (
    MOST_TOLD,
    async_keep_told,
    async_told,
)


async def test_a_flood_of_strangers_makes_the_oldest_forgotten(
    hass: HomeAssistant,
) -> None:
    for number in range(MOST_TOLD + 2):
        async_keep_told(hass, f"disp/+/{number}", {"number": number})

    assert async_told(hass, "disp/+/1") == {}
    assert async_told(hass, "disp/+/2") == {"number": 2}
    assert async_told(hass, f"disp/+/{MOST_TOLD + 1}") == {"number": MOST_TOLD + 1}


async def test_what_was_told_is_not_lost_by_being_heard_again_without_it(
    hass: HomeAssistant,
) -> None:
    async_keep_told(hass, "disp/+/1", {"number": 1})
    async_keep_told(hass, "disp/+/1", {})

    assert async_told(hass, "disp/+/1") == {"number": 1}
