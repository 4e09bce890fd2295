"""Points on the wire: each command that leaves, each answer of a node that comes."""

from __future__ import annotations

import os
from typing import Any

from paho.mqtt.client import Client

from scripts.matrix.plan import PROTOCOL_VARIABLE, QOS_VARIABLE
from scripts.matrix.wires import WIRES

from .points import Points


def install(points: Points) -> None:
    """Count points at what every MQTT client of this process sends and gets."""
    wire = WIRES[os.environ.get(PROTOCOL_VARIABLE, "paired_dispenser")]
    forced = os.environ.get(QOS_VARIABLE)
    publish, send, handle = Client.publish, Client._sock_send, Client._handle_on_message  # noqa: SLF001

    def watched_publish(self: Client, topic: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        node = wire.told_to(topic, _bytes(args[0]) if args else b"")
        if node is None:
            return publish(self, topic, *args, **options)
        points.reach(f"before the publish to node {node}")
        if forced:
            args = (args[0], int(forced), *args[2:])
        info = publish(self, topic, *args, **options)
        points.reach(f"after the publish to node {node}")
        return info

    def watched_send(self: Client, packet: bytes) -> int:
        node = wire.told_in(bytes(packet))
        if node is None:
            return send(self, packet)
        points.reach(f"before the bytes for node {node} leave")
        sent = send(self, packet)
        points.reach(f"after the bytes for node {node} left")
        return sent

    def watched_handle(self: Client, message: Any) -> None:  # noqa: ANN401
        said = wire.said_by(message.topic, message.payload)
        if said is None:
            handle(self, message)
            return
        name, node = said
        points.reach(f"before {name} of node {node} is handled")
        handle(self, message)
        points.reach(f"after {name} of node {node} was handled")

    Client.publish = watched_publish  # type: ignore[method-assign]
    Client._sock_send = watched_send  # type: ignore[assignment, method-assign]  # noqa: SLF001
    Client._handle_on_message = watched_handle  # type: ignore[method-assign]  # noqa: SLF001


def _bytes(payload: object) -> bytes:
    return payload if isinstance(payload, bytes) else str(payload).encode()
