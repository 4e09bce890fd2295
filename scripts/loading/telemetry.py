"""The telemetry arm: 50 greenhouse nodes at 1 Hz, beside stock MQTT sensors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
import json
from pathlib import Path

from scripts.parts.broker import Broker, BrokerKind
from scripts.parts.flows import add_mqtt, add_station, adopt, hears
from scripts.parts.home_assistant import HomeAssistantProcess

from .figures import Figure, number
from .voice import Voice
from .watch import Watch, written

PREFIX = "hydro"
CHANNEL = "probe"
WARM_UP_SECONDS = 70.0
"""Longer than what was ordered takes to reach the history file."""
PATIENCE = 120
HEARTBEAT_SECONDS = 5
ALIVE = json.dumps({"uptime": 60, "free_heap": 180_000, "rssi": -61})
STOCK_SENSOR = """\
    - name: Stock {node}
      state_topic: hydro/gh/zone/{node}/probe/telemetry
      value_template: "{{{{ value_json.value }}}}"
      device_class: ph
"""
WATCHED_SENSOR = f"""{STOCK_SENSOR}\
      expire_after: 120
"""
"""Unavailable when its node is silent, as ours is."""


async def telemetry(
    folder: Path, nodes: int, seconds: float, say: Callable[[str], None]
) -> list[Figure]:
    """Measure what it costs to show one reading a second of each node."""
    names = [f"node-{number:02}" for number in range(1, nodes + 1)]
    stock, _ = await _measure(folder / "stock", names, seconds, say, STOCK_SENSOR)
    watched, _ = await _measure(folder / "watched", names, seconds, say, WATCHED_SENSOR)
    ours, writes = await _measure(folder / "ours", names, seconds, say)
    return [
        Figure("Telemetry", f"{nodes} messages a second for {seconds:.0f} s"),
        number("Files of the integration written", writes, 0),
        Figure("CPU, ours", f"{ours.cpu_share:.1%} of one core"),
        Figure("CPU, stock sensors", f"{stock.cpu_share:.1%} of one core"),
        Figure(
            "CPU, stock sensors that miss their nodes",
            f"{watched.cpu_share:.1%} of one core",
        ),
        Figure(
            "Ours : stock",
            f"{ours.cpu_share / stock.cpu_share:.2f}",
            "at most 1",
            ours.cpu_share <= stock.cpu_share,
        ),
        Figure(
            "Ours : stock that misses its nodes",
            f"{ours.cpu_share / watched.cpu_share:.2f}",
        ),
        Figure("Waited for a core", f"{ours.waited_share:.1%} of the time"),
    ]


async def _measure(
    folder: Path,
    names: list[str],
    seconds: float,
    say: Callable[[str], None],
    stock_sensor: str | None = None,
) -> tuple[Watch, int]:
    broker = Broker(folder / "broker", kind=BrokerKind.MOSQUITTO)
    sensors = "".join((stock_sensor or "").format(node=name) for name in names)
    home_assistant = HomeAssistantProcess(
        folder / "home_assistant",
        name="Load",
        more_configuration=f"mqtt:\n  sensor:\n{sensors}" if sensors else "",
    )
    async with AsyncExitStack() as ends:
        ends.push_async_callback(broker.stop)
        await broker.start()
        ends.push_async_callback(home_assistant.stop)
        await home_assistant.start()
        await add_mqtt(home_assistant.api, broker)
        voice = await ends.enter_async_context(Voice(broker))
        if not sensors:
            await _adopt_all(home_assistant, broker, names)
        # What adding it all left behind in memory is no part of what telemetry costs.
        await home_assistant.restart()
        say(f"{'Stock sensors' if sensors else 'Adopted nodes'} are there.")
        await _talk(voice, names, WARM_UP_SECONDS)
        storage = home_assistant.config / ".storage"
        before = written(storage)
        async with Watch(home_assistant.process.pid) as watch:
            await _talk(voice, names, seconds)
        after = written(storage)
        return watch, sum(before.get(name) != at for name, at in after.items())


async def _adopt_all(
    home_assistant: HomeAssistantProcess, broker: Broker, names: list[str]
) -> None:
    """Adopt nodes that take their configuration, and wait until they have it."""
    api = home_assistant.api
    await add_station(api, "Glass", protocol="greenhouse", prefix=PREFIX, nodes=())

    async def listens() -> bool:
        return await hears(api, "Glass")

    # Until it listens, nobody hears a hello.
    await home_assistant.process.until("listening", listens, PATIENCE)
    channel = {"name": CHANNEL, "type": "SENSOR", "metric": "PH"}
    taken = json.dumps({"status": "OK"})

    def told(topic: str, _: bytes) -> None:
        node = topic.split("/")[3]
        nodes.say(f"{PREFIX}/gh/zone/{node}/config_response", taken, 1)

    nodes = Voice(broker, [f"{PREFIX}/+/+/+/config"], told)
    async with nodes:
        for name in names:
            hello = {
                "message_type": "node_hello",
                "hardware_id": name,
                "node_type": "ph",
            }
            nodes.say(f"{PREFIX}/node_hello", json.dumps(hello), 1)
            place = {"greenhouse": "gh", "zone": "zone", "uid": name}
            answers = {"name": name, **place, "channels": [channel]}
            await adopt(api, PREFIX, name, answers)
        async with asyncio.timeout(PATIENCE):
            while (await api.state("sensor.glass_queue"))["state"] != "0":
                for name in names:
                    nodes.say(f"{PREFIX}/gh-temp/zn-temp/{name}/heartbeat", ALIVE)
                await asyncio.sleep(HEARTBEAT_SECONDS)


async def _talk(voice: Voice, names: list[str], seconds: float) -> None:
    """Have each node measure something else each second."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for turn in range(int(seconds)):
        for place, name in enumerate(names):
            await asyncio.sleep(start + turn + place / len(names) - loop.time())
            value = 5 + (turn * 7 + place) % 100 / 50
            content = {"metric_type": "PH", "value": value, "ts": 1_800_000_000 + turn}
            topic = f"{PREFIX}/gh/zone/{name}/{CHANNEL}/telemetry"
            voice.say(topic, json.dumps(content))
