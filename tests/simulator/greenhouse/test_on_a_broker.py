"""Greenhouse nodes as a process on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
import json
from pathlib import Path
import queue
import time
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
import pytest

from scripts.parts.broker import Broker, find_mosquitto
from scripts.parts.simulator import Simulator
from simulator.greenhouse.wire import signature
from simulator.ledger import executions

from .bench import HOME, NODE, SECRET, TEMPORARY, a_config

PATIENCE_SECONDS = 15.0


class Home:
    """Whoever tells the nodes what to do, and hears all of them."""

    def __init__(self, broker: Broker) -> None:
        self._heard: queue.SimpleQueue[MQTTMessage] = queue.SimpleQueue()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _client, _data, message: self._heard.put(
            message
        )
        self._client.connect(broker.host, broker.port)
        self._client.subscribe("hydro/#", 1)
        self._client.loop_start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, content: dict[str, Any]) -> None:
        self._client.publish(topic, json.dumps(content), qos=1)

    def until(self, topic: str, **content: object) -> MQTTMessage:
        """Return the next message there that says so; fails the test if none does."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (left := end - time.monotonic()) > 0:
            try:
                message = self._heard.get(timeout=left)
            except queue.Empty:
                break
            if message.topic == topic and _says(message.payload, content):
                return message
        pytest.fail(f"nothing on {topic} that says {content}")

    def tell_time(self) -> None:
        """Answer whoever asks what time it is."""
        self.until("hydro/time/request")
        self.publish(
            "hydro/time/response",
            {"message_type": "time_response", "unix_ts": int(time.time())},
        )

    def command(self, cmd: str, channel: str, cmd_id: str, **params: object) -> None:
        """Send a signed command."""
        content: dict[str, Any] = {"cmd": cmd, "params": params, "cmd_id": cmd_id}
        content["ts"] = int(time.time())
        content["sig"] = signature(content, SECRET)
        self.publish(f"{HOME}/{channel}/command", content)


def _says(payload: bytes, content: dict[str, object]) -> bool:
    if not content:
        return True
    said = json.loads(payload)
    return all(said.get(key) == value for key, value in content.items())


@pytest.fixture
async def broker(socket_enabled: None, tmp_path: Path) -> AsyncIterator[Broker]:
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(tmp_path / "broker")
    await broker.start()
    yield broker
    await broker.kill()


@pytest.fixture
async def nodes(broker: Broker, tmp_path: Path) -> AsyncIterator[Simulator]:
    nodes = Simulator(
        tmp_path / "nodes",
        broker,
        protocol="greenhouse",
        prefix="hydro",
        nodes=[NODE],
        options=[
            *("--firmware", "head", "--types", "ph", "--interval-scale", "0.1"),
            *("--state", str(tmp_path / "flash")),
        ],
    )
    yield nodes
    await nodes.kill()


async def test_a_node_joins_works_and_is_gone(
    broker: Broker, nodes: Simulator, tmp_path: Path
) -> None:
    with Home(broker) as home:
        await nodes.start()
        home.tell_time()
        home.until("hydro/node_hello", hardware_id=NODE)
        home.publish(f"{TEMPORARY}/config", a_config())
        home.until(f"{TEMPORARY}/lwt")
        home.until(f"{HOME}/status", status="ONLINE")
        home.command("report_config", "system", "md-1")
        home.until(f"{HOME}/config_report", zone_uid="zn-1")
        answers = f"{HOME}/pump_acid/command_response"
        home.command("run_pump", "pump_acid", "md-2", duration_ms=200)
        home.until(answers, cmd_id="md-2", status="ACK")
        home.until(answers, cmd_id="md-2", status="DONE")
        home.command("run_pump", "pump_acid", "md-2", duration_ms=200)
        home.until(answers, cmd_id="md-2", status="DONE")
        await nodes.kill()
        assert home.until(f"{HOME}/lwt").payload == b"offline"
        await nodes.start()
        home.until(f"{HOME}/config_report", zone_uid="zn-1")
    assert executions(tmp_path / "nodes") == {("hydro", NODE, "md-2"): 1}
    assert SECRET not in nodes.process.tail()
