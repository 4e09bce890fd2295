"""When the gate of a station's next command opened, by what its nodes said."""

from __future__ import annotations

from collections.abc import Sequence
import json

from custom_components.mqtt_dispatch.engine.model.policy import Settings
from simulator.node import Message

DEBOUNCE = Settings().debounce


class Gate:
    """Watches what the nodes of one station publish. All times are unix seconds.

    The gate of a waiting command is open once the command before it is done by its
    last node, which is then left alone for `pause` seconds, and every node has been
    ready for `DEBOUNCE` seconds.
    """

    def __init__(self, nodes: Sequence[str], pause: float) -> None:
        self._pause = pause
        self._ready_since: dict[str, float | None] = dict.fromkeys(nodes)
        self._lane_free_at = 0.0

    def published(self, node: str, message: Message, now: float) -> None:
        """Take in what a node publishes."""
        channel = message.topic.split("/")[-2]
        if channel == "evt":
            self._lane_free_at = now + self._pause
        if channel != "state":
            return
        ready = json.loads(message.payload).get("ready")
        if ready == 0:
            self._ready_since[node] = None
        elif ready == 1 and self._ready_since[node] is None:
            self._ready_since[node] = now

    def opened_at(self) -> float:
        """Return when it opened; infinity while a node is not ready."""
        since = [
            float("inf") if at is None else at + DEBOUNCE
            for at in self._ready_since.values()
        ]
        return max(self._lane_free_at, *since)
