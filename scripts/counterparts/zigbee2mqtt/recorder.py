"""Hears what Zigbee2MQTT says and is told, and writes it down."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from scripts.loading.loop_client import LoopClient
from scripts.parts.broker import Broker

BASE = "zigbee2mqtt"
QUIET_SECONDS = 1.0
PATIENCE = 120
ORDERS, FRAMES = "radio/orders", "radio/frames"
# Large, and nothing that a profile reads.
LEFT_OUT = re.compile(rf"{BASE}/bridge/(definitions|groups|extensions|converters)$")
# What a command makes of a device, without what the bridge asks it on its own.
COMMANDS = ("write", "on", "off", "onWithTimedOff", "dataRequest")
INFO_KEPT = ("version", "zigbee_herdsman", "zigbee_herdsman_converters")
CONFIG_KEPT = ("availability", "device_options", "devices", "homeassistant", "mqtt")
ADVANCED_KEPT = (
    "cache_state",
    "cache_state_persistent",
    "cache_state_send_on_startup",
    "last_seen",
    "log_level",
    "output",
)

type Row = dict[str, Any]


class Recorder:
    """A client that hears everything, and writes down what a case is about."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.radio: list[Row] = []
        self.case = ""
        self._client: LoopClient
        self._began = 0.0
        self._heard = asyncio.Event()
        self._devices_said = ""

    async def connect(self, broker: Broker) -> None:
        """Connect and hear what is said from now on, and what is retained."""
        subscribed = asyncio.Event()
        paho = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        paho.on_message = self._came
        paho.on_connect = self._subscribe
        paho.on_subscribe = lambda *_: subscribed.set()
        self._client = LoopClient(paho)
        self._client.connect(broker.host, broker.port)
        async with asyncio.timeout(PATIENCE):
            await subscribed.wait()

    async def disconnect(self) -> None:
        await self._client.disconnect()

    def begin(self, case: str) -> None:
        self.case = case
        self._began = asyncio.get_running_loop().time()

    def say(self, topic: str, payload: str | Row, *, retain: bool = False) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self._client.paho.publish(topic, text, 0, retain)

    def order(self, device: str, order: str, **more: Any) -> None:
        self.say(ORDERS, {"device": device, "order": order, **more})

    async def quiet(self) -> None:
        """Wait until nobody has said anything for a while."""
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._hear()

    async def until(self, topic: str, payload: str) -> None:
        """Wait until this has been said within the case."""

        def is_said() -> bool:
            return any(
                (row["case"], row["topic"]) == (self.case, topic)
                and payload in row["payload"]
                for row in self.rows
            )

        async with asyncio.timeout(PATIENCE):
            while not is_said():
                await self._hear()

    async def _hear(self) -> None:
        self._heard.clear()
        await self._heard.wait()

    def _subscribe(self, *_: Any) -> None:
        options = SubscribeOptions(qos=1, retainAsPublished=True)
        self._client.paho.subscribe("#", options=options)

    def _came(self, _: Client, __: object, message: MQTTMessage) -> None:
        self._heard.set()
        topic, payload = message.topic, message.payload.decode()
        if not self.case or LEFT_OUT.match(topic):
            return
        if topic == ORDERS:
            self.radio.append({**self._placed(), **json.loads(payload)})
        elif topic == FRAMES:
            self._write_frame(json.loads(payload))
        elif (kept := self._kept(topic, payload)) is not None:
            said = {"topic": topic, "payload": kept, "retained": bool(message.retain)}
            self.rows.append({**self._placed(), "sent": _is_sent(topic), **said})

    def _placed(self) -> Row:
        after = round(asyncio.get_running_loop().time() - self._began, 2)
        return {"case": self.case, "after": after}

    def _write_frame(self, frame: Row) -> None:
        if frame.get("command") in COMMANDS and "to" in frame:
            called = f"{frame['cluster']}.{frame['command']}"
            told = {"device": frame["to"], "frame": called, "payload": frame["payload"]}
            self.radio.append({**self._placed(), **told})

    def _kept(self, topic: str, payload: str) -> str | None:
        """Return what is kept of a payload, None if it adds nothing to the case."""
        if topic == f"{BASE}/bridge/info":
            return _abridged(json.loads(payload)) if self.case == "start" else None
        if topic == f"{BASE}/bridge/devices":
            before, self._devices_said = self._devices_said, _names(json.loads(payload))
            return None if before == self._devices_said else payload
        if topic == f"{BASE}/bridge/logging":
            is_info = json.loads(payload)["level"] == "info"
            return None if is_info and self.case != "logged_at_level_info" else payload
        return payload


def _is_sent(topic: str) -> bool:
    """Return whether it is said to the bridge, not by it."""
    return bool(re.search(r"/(set|get)(/[^/]+)?$|/bridge/request/", topic))


def _names(devices: list[Row]) -> str:
    return str(
        [(device["ieee_address"], device["friendly_name"]) for device in devices]
    )


def _abridged(info: Row) -> str:
    config = {key: info["config"][key] for key in CONFIG_KEPT}
    config["mqtt"] = {"base_topic": config["mqtt"]["base_topic"]}
    config["advanced"] = {key: info["config"]["advanced"][key] for key in ADVANCED_KEPT}
    return json.dumps({**{key: info[key] for key in INFO_KEPT}, "config": config})
