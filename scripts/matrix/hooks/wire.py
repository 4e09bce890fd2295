"""Points on the wire: each command that leaves, each answer of a node that comes."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from paho.mqtt.client import Client

from scripts.matrix.plan import QOS_VARIABLE

from .points import Points

COMMAND = re.compile(r"/cmd/(\w+)$")
ANSWER = re.compile(r"/(ack|evt)/(\w+)$")
_COMMAND_IN_PACKET = re.compile(rb"^[\x30-\x3d].{1,60}?/cmd/(\w)", re.DOTALL)


def install(points: Points) -> None:
    """Count points at what every MQTT client of this process sends and gets."""
    forced = os.environ.get(QOS_VARIABLE)
    publish, send, handle = Client.publish, Client._sock_send, Client._handle_on_message  # noqa: SLF001

    def watched_publish(self: Client, topic: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        found = COMMAND.search(topic)
        if found is None:
            return publish(self, topic, *args, **options)
        points.reach(f"before the publish to node {found[1]}")
        if forced:
            args = (args[0], int(forced), *args[2:])
        info = publish(self, topic, *args, **options)
        points.reach(f"after the publish to node {found[1]}")
        return info

    def watched_send(self: Client, packet: bytes) -> int:
        found = _COMMAND_IN_PACKET.match(bytes(packet[:100]))
        if found is None:
            return send(self, packet)
        node = found[1].decode()
        points.reach(f"before the bytes for node {node} leave")
        sent = send(self, packet)
        points.reach(f"after the bytes for node {node} left")
        return sent

    def watched_handle(self: Client, message: Any) -> None:  # noqa: ANN401
        found = ANSWER.search(message.topic)
        if found is None:
            handle(self, message)
            return
        answer = _name(found[1], message.payload)
        points.reach(f"before {answer} of node {found[2]} is handled")
        handle(self, message)
        points.reach(f"after {answer} of node {found[2]} was handled")

    Client.publish = watched_publish  # type: ignore[method-assign]
    Client._sock_send = watched_send  # type: ignore[assignment, method-assign]  # noqa: SLF001
    Client._handle_on_message = watched_handle  # type: ignore[method-assign]  # noqa: SLF001


def _name(way: str, payload: bytes) -> str:
    if way == "evt":
        return "the done"
    return "the ack" if json.loads(payload).get("accepted") else "the refusal"
