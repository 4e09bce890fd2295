"""What a node of protocol 4 tells unasked, by way of its agenda.

A node without a configuration says hello on the topic that all share, tells its status
and heartbeat, and measures nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.greenhouse.simple.options import CAPABILITIES
from simulator.greenhouse.simple.work import measurement
from simulator.node import Agenda, Effect, Message, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.faults import StandingOrders
    from simulator.greenhouse.simple.wire import Config, Settings

HEARTBEAT_SECONDS = 30.0
USUAL_POLL_MS = 5000
FREE_HEAP_BYTES = 180_000
RSSI_DBM = -61


class Telling:
    """Hello, status, heartbeats, measurements and what a node holds.

    `base` gives the beginning of its topics now.
    """

    def __init__(
        self,
        node: str,
        settings: Settings,
        *,
        node_type: str,
        base: Callable[[], str],
        agenda: Agenda,
        orders: StandingOrders,
    ) -> None:
        self._node = node
        self._settings = settings
        self._type = node_type
        self._base = base
        self._agenda = agenda
        self._orders = orders
        self._polled: set[str] = set()

    def introduce(
        self, config: Config | None, booted_at: float, now: float
    ) -> list[Effect]:
        """Say what a node says once it is connected, and go on telling."""
        online = self._say("status", {"status": "ONLINE", "ts": int(now)}, retain=True)
        effects: list[Effect] = [online, *self._hello(config), self.time_request()]
        return effects + self.go_on(config, booted_at, now)

    def go_on(
        self, config: Config | None, booted_at: float, now: float
    ) -> list[Effect]:
        """Tell what the node holds, and measure what it says."""
        effects: list[Effect] = []
        if config is not None:
            effects += self._config(config)
            for channel in config.channels.values():
                if channel["type"] == "SENSOR":
                    effects += self._measure(channel, now)
        return effects + self._heartbeat(booted_at, now)

    def fall_silent(self) -> None:
        """Tell nothing more by itself."""
        self._agenda.drop("heartbeat")
        for name in self._polled:
            self._agenda.drop(f"poll {name}")
        self._polled.clear()

    def time_request(self) -> Message:
        request = {"message_type": "time_request"}
        topic = f"{self._settings.prefix}/time/request"
        return Message(topic, json.dumps(request).encode(), qos=1)

    def refuse_config(self, code: str) -> list[Effect]:
        return [self._say("config_response", {"status": "ERROR", "error_code": code})]

    def _hello(self, config: Config | None) -> list[Effect]:
        if lost := self._orders.view().get("hello"):
            return [Note(f"fault on its hello: {lost}")]
        hello = {
            "message_type": "node_hello",
            "hardware_id": self._node,
            "node_type": self._type,
            "fw_version": self._settings.firmware.version,
            "capabilities": CAPABILITIES[self._type],
            "provisioning_meta": {"zone_id": None},
        }
        if config is not None:
            return [self._say("node_hello", hello)]
        topic = f"{self._settings.prefix}/node_hello"
        return [Message(topic, json.dumps(hello).encode(), qos=1)]

    def _config(self, config: Config) -> list[Effect]:
        if never := self._orders.view().get("binding"):
            return [Note(f"fault on what it holds: {never}")]
        if self._settings.binding == "response":
            return [self._say("config_response", {"status": "OK"})]
        held = {
            key: value for key, value in config.content.items() if key != "node_secret"
        }
        return [self._say("config_report", held)]

    def _heartbeat(self, booted_at: float, now: float) -> list[Effect]:
        at = now + HEARTBEAT_SECONDS * self._settings.interval_scale
        self._agenda.put("heartbeat", at, lambda at: self._heartbeat(booted_at, at))
        content = {
            "uptime": int(now - booted_at),
            "free_heap": FREE_HEAP_BYTES,
            "rssi": RSSI_DBM,
        }
        return [self._say("heartbeat", content)]

    def _measure(self, channel: Mapping[str, Any], now: float) -> list[Effect]:
        name = channel["name"]
        self._polled.add(name)
        at = now + channel.get("poll_interval_ms", USUAL_POLL_MS) / 1000
        self._agenda.put(f"poll {name}", at, lambda at: self._measure(channel, at))
        content = measurement(channel, now) | {"ts": int(now)}
        return [self._say(f"{name}/telemetry", content)]

    def _say(
        self, suffix: str, content: Mapping[str, Any], *, retain: bool = False
    ) -> Message:
        payload = json.dumps(content).encode()
        return Message(f"{self._base()}/{suffix}", payload, qos=1, retain=retain)
