"""What the MQTT client keeps while the broker is away, and sends when it is back.

Home Assistant's client is paho. A command of class once must not be among what it
keeps: see `protocols.messages.qos_of`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
import queue
import threading

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
import pytest

from scripts.parts.broker import Broker, find_mosquitto

PATIENCE = 20
TOPIC = "disp/cmd/1"
PROTOCOLS = {
    "3.1.1": MQTTProtocolVersion.MQTTv311,
    "5": MQTTProtocolVersion.MQTTv5,
}
SPOKEN = PROTOCOLS if find_mosquitto() else ["3.1.1"]
"""The embedded broker speaks no other."""


class Publisher:
    """A client that follows its connection as Home Assistant's does."""

    def __init__(self, broker: Broker, protocol: str) -> None:
        self._connected, self._lost = threading.Event(), threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=PROTOCOLS[protocol])
        self.client.on_connect = lambda *_: self._connected.set()
        self.client.on_disconnect = lambda *_: self._lost.set()
        self.client.connect(broker.host, broker.port)
        self.go_on()

    def go_on(self) -> None:
        self.client.loop_start()
        assert self._connected.wait(PATIENCE), "no connection"

    def notice_the_loss(self) -> None:
        assert self._lost.wait(PATIENCE), "the loss of the connection went unnoticed"
        self.client.loop_stop()
        self._connected.clear()

    def publish(self, payload: str, qos: int) -> None:
        self.client.publish(TOPIC, payload, qos)


def listen(broker: Broker) -> tuple[Client, queue.Queue[str]]:
    heard: queue.Queue[str] = queue.Queue()
    subscribed = threading.Event()

    def on_message(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        heard.put(message.payload.decode())

    node = Client(CallbackAPIVersion.VERSION2)
    node.on_message = on_message
    node.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
    node.on_subscribe = lambda *_: subscribed.set()
    node.connect(broker.host, broker.port)
    node.loop_start()
    assert subscribed.wait(PATIENCE), "the node could not subscribe"
    return node, heard


@pytest.mark.parametrize("protocol", SPOKEN)
def test_promise_2_what_is_published_with_qos_0_while_the_broker_is_away_never_comes(
    runner: asyncio.Runner, tmp_path: Path, protocol: str
) -> None:
    broker = Broker(tmp_path)
    runner.run(broker.start())
    publisher = Publisher(broker, protocol)
    node = None
    try:
        runner.run(broker.kill())
        publisher.notice_the_loss()
        publisher.publish("once", qos=0)
        publisher.publish("repeat", qos=1)
        runner.run(broker.start())
        node, heard = listen(broker)
        publisher.client.reconnect()
        publisher.go_on()
        publisher.publish("later", qos=1)

        arrived = [heard.get(timeout=PATIENCE) for _ in range(2)]
        assert sorted(arrived) == ["later", "repeat"], "QoS 1 is kept, QoS 0 is not"
        publisher.publish("last", qos=1)
        assert heard.get(timeout=PATIENCE) == "last"
    finally:
        for client in (publisher.client, node):
            if client is not None:
                client.disconnect()
                client.loop_stop()
        runner.run(broker.stop())
