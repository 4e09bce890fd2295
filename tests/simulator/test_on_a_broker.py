"""The simulator as a process on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
import importlib.util
from pathlib import Path
import shutil

import pytest

from scripts.parts.broker import Broker, BrokerKind, find_mosquitto
from scripts.parts.simulator import Simulator
from simulator.ledger import executions

from .listener import Listener

pytestmark = pytest.mark.slow

FEED = {"target_room": 1, "items": [{"pill_id": 1, "quantity": 1}]}
QUICK = ("--work-seconds", "0.2", "--interval-scale", "0.1")

type StartNodes = Callable[..., Simulator]


@pytest.fixture(params=BrokerKind)
async def broker(
    request: pytest.FixtureRequest, socket_enabled: None, tmp_path: Path
) -> AsyncIterator[Broker]:
    kind: BrokerKind = request.param
    if kind is BrokerKind.MOSQUITTO and find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    if kind is BrokerKind.EMBEDDED and importlib.util.find_spec("amqtt") is None:
        pytest.skip("the Python package amqtt is not installed")
    broker = Broker(tmp_path / "broker", kind=kind)
    await broker.start()
    yield broker
    await broker.kill()


@pytest.fixture
async def start_nodes(broker: Broker, tmp_path: Path) -> AsyncIterator[StartNodes]:
    started: list[Simulator] = []

    def simulator(*options: str) -> Simulator:
        nodes = Simulator(tmp_path / "nodes", broker, options=[*QUICK, *options])
        started.append(nodes)
        return nodes

    yield simulator
    for nodes in started:
        await nodes.kill()


def listen(broker: Broker) -> Listener:
    return Listener(broker.host, broker.port)


async def test_both_nodes_execute_once_and_end_cleanly(
    broker: Broker, start_nodes: StartNodes, tmp_path: Path
) -> None:
    nodes = start_nodes()
    async with listen(broker) as listener:
        await nodes.start()
        for node in ("1", "2"):
            await listener.until_ready(node)
        for node in ("1", "2"):
            listener.publish(f"disp/cmd/{node}", {"queue_id": 17, **FEED})
            done = await listener.until_done(node, 17)
            assert done.content["status"] == "success"
    assert await nodes.process.stop() == 0
    assert executions(tmp_path / "nodes") == {
        ("disp", "1", 17): 1,
        ("disp", "2", 17): 1,
    }
    said = nodes.process.tail().splitlines()
    assert f"ready: nodes 1, 2 on {broker.host}:{broker.port}" in said
    assert said.count("node 1: executed feed 17") == 1


async def test_nodes_come_back_by_themselves_when_the_broker_does(
    broker: Broker, start_nodes: StartNodes, tmp_path: Path
) -> None:
    nodes = start_nodes()
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("2")
    await broker.stop()
    await broker.start()
    async with listen(broker) as listener:
        await listener.until_ready("2")
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        await listener.until_done("2", 17)
        assert await listener.order("2", {"refuse": True}) == {"ordered": "refuse=on"}
    assert executions(tmp_path / "nodes") == {("disp", "2", 17): 1}


async def test_killed_old_nodes_leave_a_retained_heartbeat_behind(
    broker: Broker, start_nodes: StartNodes
) -> None:
    nodes = start_nodes()
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("1")
    await nodes.kill()
    async with listen(broker) as listener:
        left = await listener.until("anything of node 1", lambda _: True)
    assert left.topic.startswith("disp/state/")
    assert left.retain
    assert set(left.content) == {"online", "uptime"}
    assert left.content["online"] == 1


async def test_killed_new_nodes_are_declared_offline_by_their_will(
    broker: Broker, start_nodes: StartNodes
) -> None:
    nodes = start_nodes("--firmware", "new")
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("1")
        await nodes.kill()
        await listener.until_offline("1")


async def test_command_sent_while_a_node_is_away_is_lost(
    broker: Broker, start_nodes: StartNodes, tmp_path: Path
) -> None:
    nodes = start_nodes()
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("2")
        assert await listener.order("2", {"die": "now"}) == {"ordered": "die=now"}
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        await listener.order("2", {"clear": "die"})
        await listener.until_ready("2")
        listener.publish("disp/cmd/2", {"queue_id": 18, **FEED})
        await listener.until_done("2", 18)
    assert executions(tmp_path / "nodes") == {("disp", "2", 18): 1}


async def test_flash_outlives_a_kill(
    broker: Broker, start_nodes: StartNodes, tmp_path: Path
) -> None:
    options = ("--firmware", "new", "--state", str(tmp_path / "flash"))
    nodes = start_nodes(*options)
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("2")
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        await listener.until_done("2", 17)
        await nodes.kill()
        await listener.until_offline("2")
        again = start_nodes(*options)
        await again.start()
        back = await listener.until_ready("2")
        assert back.content["last_id"] == 17
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        await listener.until_done("2", 17)
    assert executions(tmp_path / "nodes") == {("disp", "2", 17): 1}


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler: g++")
async def test_the_library_in_the_place_of_nodes_survives_cuts_of_its_power(
    broker: Broker, start_nodes: StartNodes, tmp_path: Path
) -> None:
    options = ("--firmware", "native", "--state", str(tmp_path / "flash"))
    nodes = start_nodes(*options)
    await nodes.start()
    async with listen(broker) as listener:
        await listener.until_ready("2")
        assert await listener.order("2", {"cut": "2-40"}) == {"ordered": "cut=2-40"}
        # Its end is cut: it comes back, and knows that it was broken off.
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        done = await listener.until_done("2", 17)
        assert done.content["status"] == "interrupted"
        await nodes.kill()
        await listener.until_offline("2")
        again = start_nodes(*options)
        await again.start()
        back = await listener.until_ready("2")
        assert back.content["last_id"] == 17
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        done = await listener.until_done("2", 17)
        assert done.content["status"] == "interrupted"
    assert executions(tmp_path / "nodes") == {("disp", "2", 17): 1}


async def test_retained_order_is_ignored(
    broker: Broker, start_nodes: StartNodes
) -> None:
    nodes = start_nodes()
    async with listen(broker) as listener:
        listener.publish("simulator/disp/all", {"refuse": True}, retain=True)
        await nodes.start()
        await listener.until_ready("2")
        listener.publish("disp/cmd/2", {"queue_id": 17, **FEED})
        await listener.until_done("2", 17)
    assert "control: ignored a retained order on simulator/disp/all" in (
        nodes.process.tail()
    )
