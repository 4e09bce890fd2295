"""The real Zigbee2MQTT as what plays the nodes of a station."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
import json
from pathlib import Path
import queue
import threading
import time
from typing import Any, override

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from scripts.parts.broker import Broker
from scripts.parts.process import REPOSITORY, PartError
from scripts.parts.simulator import Player
from scripts.parts.stations import Staged

from .bridge import Bridge
from .recorder import FRAMES, ORDERS

USUAL_HOME = REPOSITORY / "build" / "zigbee2mqtt"
"""Where the bridge is installed."""
REPORTS = 2.0
"""Seconds after which each device says again how it is."""
MINUTE = 60.0
PATIENCE = 20


def playing_in(home: Path) -> Callable[[Path, Broker, Staged], Player]:
    """Return what starts the bridge that is installed there, with a station's nodes."""

    def play(folder: Path, broker: Broker, station: Staged) -> Player:
        return PlayedBridge(home, folder, broker, station.nodes)

    return play


class PlayedBridge(Player):
    """Zigbee2MQTT, and the ledger of what the devices behind it did.

    Nodes are called as in `bridge.DEVICES`. An order is one of a device, by name:
    {"order": "stick"}.
    """

    def __init__(
        self, home: Path, folder: Path, broker: Broker, nodes: Sequence[str]
    ) -> None:
        """Start nothing yet."""
        self._nodes = nodes
        self._bridge = Bridge(
            home,
            folder,
            broker.address,
            devices=nodes,
            reports=REPORTS,
            minute=MINUTE,
        )
        self._radio = _Radio(broker)
        self.process = self._bridge.process

    @override
    async def start(self) -> None:
        await asyncio.to_thread(self._radio.connect)
        self._bridge.configure()
        await self._bridge.start()

    @override
    async def stop(self) -> None:
        await self._bridge.stop()
        await asyncio.to_thread(self._radio.disconnect)

    @override
    async def order(self, node: str, order: dict[str, Any]) -> None:
        order = {"order": "mend"} if order == {"clear": "all"} else order
        for each in self._nodes if node == "all" else (node,):
            await asyncio.to_thread(self._radio.order, each, order)

    @override
    def ledger(self) -> list[dict[str, Any]]:
        return [*self._radio.deeds]


class _Radio:
    """Hears what devices do, and gives them orders; its methods block."""

    def __init__(self, broker: Broker) -> None:
        self.deeds: list[dict[str, Any]] = []
        self._broker = broker
        self._done: queue.Queue[tuple[str, str]] = queue.Queue()
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = self._connected
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._heard

    def connect(self) -> None:
        self._client.connect(self._broker.host, self._broker.port)
        self._client.loop_start()
        if not self._subscribed.wait(PATIENCE):
            raise PartError("The radio cannot be heard")

    def disconnect(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def order(self, node: str, order: dict[str, Any]) -> None:
        """Give an order and return when the device has carried it out."""
        wanted = (node, order["order"])
        self._client.publish(ORDERS, json.dumps({"device": node, **order}), qos=1)
        try:
            while self._done.get(timeout=PATIENCE) != wanted:
                pass
        except queue.Empty:
            raise PartError(f"{node} did not {order}") from None

    def _connected(self, *_: object) -> None:
        self._client.subscribe(FRAMES, qos=1)

    def _heard(self, _: Client, __: object, message: MQTTMessage) -> None:
        told = json.loads(message.payload)
        if "done" in told:
            self._done.put((told["device"], told["done"]))
        elif "did" in told:
            about = {"node": told["device"], "kind": told["did"]}
            more = {"id": len(self.deeds) + 1, "payload": told["payload"]}
            self.deeds.append({"at": time.time(), **about, **more})
