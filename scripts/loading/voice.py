"""Says what a script says, and hears what is said on some topics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from scripts.parts.broker import Broker

from .loop_client import LoopClient

PATIENCE = 10


class Voice:
    """An MQTT client; `on_message` gets the topic and payload of what it hears."""

    def __init__(
        self,
        broker: Broker,
        topics: Sequence[str] = (),
        on_message: Callable[[str, bytes], None] = lambda _topic, _payload: None,
    ) -> None:
        self._broker = broker
        self._topics = [(topic, 0) for topic in topics]
        self._connected = asyncio.Event()
        self._client = LoopClient(Client(CallbackAPIVersion.VERSION2))
        self._client.paho.on_connect = lambda *_: self._subscribe()
        self._client.paho.on_subscribe = lambda *_: self._connected.set()

        def came(_: Client, __: object, message: MQTTMessage) -> None:
            on_message(message.topic, message.payload)

        self._client.paho.on_message = came

    async def __aenter__(self) -> Self:
        self._client.connect(self._broker.host, self._broker.port)
        async with asyncio.timeout(PATIENCE):
            await self._connected.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.disconnect()

    def say(self, topic: str, payload: str, qos: int = 0) -> None:
        """Publish something."""
        self._client.paho.publish(topic, payload, qos)

    def _subscribe(self) -> None:
        if self._topics:
            self._client.paho.subscribe(self._topics)
        else:
            self._connected.set()
