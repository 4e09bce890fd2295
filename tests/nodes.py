"""Nodes played by hand: what they say, and what they were sent."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.translation import async_load_integrations
from pytest_homeassistant_custom_component.common import (
    async_fire_mqtt_message,
    async_fire_time_changed,
)

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

ALL_READINGS = {"online": 1, "food": 80, "rssi": -61, "fw": "2.1.0"}
CLOCKED = {"online": 1, "ready": 1, "clock": 1_800_000_000.25}
COUNTED = {
    "queue_id": 17,
    "done": 1,
    "status": "vision_complete",
    "count_detected": 3,
    "expected": 3,
}
"""What a camera says after a feed."""


async def settled(hass: HomeAssistant, coordinator: DispatchCoordinator) -> None:
    """Wait until all that a station was told is on disk, and what follows is sent."""
    await hass.async_block_till_done()
    while coordinator.engine.ledger.revision > coordinator.driver.commits.revision:
        await coordinator.async_stored()
        await hass.async_block_till_done()
    # It is looked at right after, which nobody waits for.
    await asyncio.sleep(0)
    await hass.async_block_till_done()


async def speak_german(hass: HomeAssistant) -> None:
    """Have the owner choose German."""
    hass.config.language = "de"
    await async_load_integrations(hass, {DOMAIN})


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Move both clocks, and let run what is due."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


CONVEYOR_SECONDS = 16.0
"""How long a dispenser of the maker's is left alone after a feed."""


class Player:
    """What all who play nodes have in common."""

    def __init__(self, hass: HomeAssistant, mqtt_mock: Any) -> None:
        """Speak over the broker that Home Assistant believes in."""
        self._hass = hass
        self._mqtt = mqtt_mock

    async def publish(self, topic: str, payload: Any, *, retain: bool = False) -> None:
        """Publish something; what is no text becomes JSON."""
        body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        async_fire_mqtt_message(self._hass, topic, body, retain=retain)
        await self._hass.async_block_till_done()

    def published(self, topic: str) -> list[str]:
        """Return what was published on a topic, oldest first."""
        return [
            call.args[1]
            for call in self._mqtt.async_publish.call_args_list
            if call.args[0] == topic
        ]

    async def connection(self, *, up: bool) -> None:
        """Cut the connection to the broker, or have it back."""
        self._mqtt.connected = up
        async_dispatcher_send(self._hass, MQTT_CONNECTION_STATE, up)
        await self._hass.async_block_till_done()


class Nodes(Player):
    """The two nodes of a `paired_dispenser` station."""

    def __init__(
        self, hass: HomeAssistant, mqtt_mock: Any, prefix: str = "disp"
    ) -> None:
        """Speak under a prefix."""
        super().__init__(hass, mqtt_mock)
        self._prefix = prefix
        self._health: dict[str, dict[str, Any]] = {}

    async def newer(self, *names: str) -> None:
        """Have nodes a firmware that knows more than the maker's, as they tell."""
        for node in names or ("1", "2"):
            self._health[node] = {"fw": "2.1.0"}
            health = {"online": 1} | self._health[node]
            await self.say("state", node, health, retain=True)

    async def say(
        self, kind: str, node: str, payload: Any, *, retain: bool = False
    ) -> None:
        """Have a node say something on its state, ack or evt topic."""
        await self.publish(f"{self._prefix}/{kind}/{node}", payload, retain=retain)

    async def ready(self, *names: str) -> None:
        """Have nodes report that they are ready (both, if none is named)."""
        for node in names or ("1", "2"):
            state = {"online": 1, "ready": 1, "uptime": 100}
            await self.say("state", node, state | self._health.get(node, {}))

    async def accept(self, command_id: int, *names: str) -> None:
        """Have nodes take a command."""
        for node in names or ("1", "2"):
            await self.say("ack", node, {"queue_id": command_id, "accepted": 1})

    async def refuse(self, command_id: int, node: str) -> None:
        """Have a node refuse a command."""
        await self.say("ack", node, {"queue_id": command_id, "accepted": 0})

    async def done(self, command_id: int, *names: str, status: str = "success") -> None:
        """Have nodes finish a command."""
        for node in names or ("1", "2"):
            await self.say(
                "evt", node, {"queue_id": command_id, "done": 1, "status": status}
            )

    def sent(self, node: str) -> list[dict[str, Any]]:
        """Return what was published to a node, oldest first."""
        return [*map(json.loads, self.published(f"{self._prefix}/cmd/{node}"))]
