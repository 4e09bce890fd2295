"""Orders for faults, given to the simulator over MQTT while it runs."""

from __future__ import annotations

import json
import queue
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from .broker import Broker
from .process import PartError

ANSWER_PATIENCE = 10


def give(broker: Broker, topic: str, order: dict[str, Any]) -> None:
    """Give an order and return when the simulator says it stands; blocks until then.

    Raises PartError if the simulator refuses or says nothing for ten seconds.
    """
    answers: queue.Queue[bytes] = queue.Queue()

    def on_connect(
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        client.subscribe(f"{topic}/answer", qos=1)

    def on_subscribe(
        client: Client,
        _userdata: object,
        _mid: int,
        _reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        client.publish(topic, json.dumps(order), qos=1)

    def on_message(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        answers.put(message.payload)

    client = Client(CallbackAPIVersion.VERSION2)
    client.on_connect = on_connect
    client.on_subscribe = on_subscribe
    client.on_message = on_message
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        answer = json.loads(answers.get(timeout=ANSWER_PATIENCE))
    except queue.Empty:
        raise PartError(f"The simulator did not answer to {order}") from None
    finally:
        client.disconnect()
        client.loop_stop()
    if "ordered" not in answer:
        raise PartError(f"The simulator refused {order}: {answer}")
