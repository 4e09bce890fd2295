"""An MQTT client for tests: hears everything, says what it is told to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import json
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Heard:
    topic: str
    content: dict[str, Any]
    retain: bool


class Listener:
    """Subscribed to everything while it is entered."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message

    async def __aenter__(self) -> Self:
        subscribed = asyncio.Event()

        def say_subscribed(*_: object) -> None:
            self._loop.call_soon_threadsafe(subscribed.set)

        self._client.on_subscribe = say_subscribed
        self._client.connect(self._host, self._port)
        self._client.subscribe("#", 1)
        self._client.loop_start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await subscribed.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(
        self, topic: str, content: dict[str, Any], *, retain: bool = False
    ) -> None:
        self._client.publish(topic, json.dumps(content), qos=1, retain=retain)

    async def until(self, what: str, meets: Callable[[Heard], bool]) -> Heard:
        """Return the next message that meets it; fails the test if none comes."""
        skipped: deque[Heard] = deque(maxlen=5)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not meets(heard := await self._heard.get()):
                    skipped.append(heard)
        except TimeoutError:
            raise AssertionError(f"never heard {what}, last {list(skipped)}") from None
        return heard

    async def until_ready(self, node: str) -> Heard:
        """Return the next live ready report of the node."""
        return await self.until(
            f"that node {node} is ready",
            lambda heard: (
                heard.topic == f"disp/state/{node}"
                and not heard.retain
                and heard.content.get("ready") == 1
            ),
        )

    async def until_offline(self, node: str) -> Heard:
        """Return the will of the node."""
        return await self.until(
            f"that node {node} is offline",
            lambda heard: (
                heard.topic == f"disp/state/{node}" and heard.content == {"online": 0}
            ),
        )

    async def until_done(self, node: str, queue_id: int) -> Heard:
        return await self.until(
            f"that node {node} has done {queue_id}",
            lambda heard: (
                heard.topic == f"disp/evt/{node}"
                and heard.content["queue_id"] == queue_id
            ),
        )

    async def order(self, node: str, order: dict[str, Any]) -> dict[str, Any]:
        """Order a fault and return the simulator's answer."""
        topic = f"simulator/disp/{node}"
        self.publish(topic, order)
        answer = await self.until(
            f"an answer to {order}", lambda heard: heard.topic == f"{topic}/answer"
        )
        return answer.content

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        heard = Heard(message.topic, json.loads(message.payload), message.retain)
        self._loop.call_soon_threadsafe(self._heard.put_nowait, heard)
