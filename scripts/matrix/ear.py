"""Listens to nodes, to know when they have nothing left to do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
import json

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from scripts.parts.broker import Broker
from scripts.parts.process import PartError

READY_REPORTS = 2
"""The first may have been on its way when what it does not know of yet arrived."""


async def nodes_at_rest(
    broker: Broker, nodes: Sequence[str], patience: float, prefix: str = "disp"
) -> None:
    """Return when each node has said twice from now on that it is ready.

    A node at work does not say so. Raises PartError after `patience` seconds.
    """
    loop = asyncio.get_running_loop()
    at_rest = asyncio.Event()
    heard: Counter[str] = Counter()

    def hear(node: str) -> None:
        heard[node] += 1
        if all(heard[name] >= READY_REPORTS for name in nodes):
            at_rest.set()

    def on_connect(
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        client.subscribe(f"{prefix}/state/+")

    def on_message(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        if not message.retain and json.loads(message.payload).get("ready"):
            loop.call_soon_threadsafe(hear, message.topic.rpartition("/")[2])

    client = Client(CallbackAPIVersion.VERSION2)
    client.on_connect = on_connect
    client.on_message = on_message
    await asyncio.to_thread(client.connect, broker.host, broker.port)
    client.loop_start()
    try:
        async with asyncio.timeout(patience):
            await at_rest.wait()
    except TimeoutError:
        raise PartError(f"The nodes are not at rest; heard {dict(heard)}") from None
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
