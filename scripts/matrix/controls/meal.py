"""A feed as a task of a queue does it: published, and waited for until it is done."""

from __future__ import annotations

import json
import threading
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

NODES = ("1", "2")
PREFIX = "disp"
PATIENCE = 8.0
"""Seconds; the nodes work for one."""


class NoAnswerError(Exception):
    """A node did not say in time that it is done."""


def feed(host: str, port: int, tag: int) -> None:
    """Feed, and return when both nodes are done. Raises NoAnswerError and OSError."""
    subscribed, done = threading.Event(), {node: threading.Event() for node in NODES}

    def on_connect(
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        client.subscribe([(f"{PREFIX}/ack/+", 1), (f"{PREFIX}/evt/+", 1)])

    def on_subscribe(
        _client: Client,
        _userdata: object,
        _mid: int,
        _reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        subscribed.set()

    def on_message(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        answer = json.loads(message.payload)
        if answer.get("queue_id") == tag and answer.get("status") == "success":
            done[message.topic.rpartition("/")[2]].set()

    client = Client(CallbackAPIVersion.VERSION2)
    client.on_connect = on_connect
    client.on_subscribe = on_subscribe
    client.on_message = on_message
    client.connect(host, port)
    client.loop_start()
    try:
        if not subscribed.wait(PATIENCE):
            raise NoAnswerError("the broker")
        for node in NODES:
            payload = json.dumps(_message(tag, dispenses=node == NODES[0]))
            client.publish(f"{PREFIX}/cmd/{node}", payload, qos=1)
        for node, ended in done.items():
            if not ended.wait(PATIENCE):
                raise NoAnswerError(node)
    finally:
        client.disconnect()
        client.loop_stop()


def _message(tag: int, *, dispenses: bool) -> dict[str, Any]:
    message: dict[str, Any] = {"queue_id": tag, "patient_id": tag, "target_room": 1}
    if dispenses:
        message["items"] = [{"pill_id": 1, "quantity": 1}]
    return message
