"""The answers arm: how soon nodes get the answers that they wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
import json
from pathlib import Path

from scripts.parts.broker import Broker, BrokerKind
from scripts.parts.flows import add_mqtt, add_station
from scripts.parts.home_assistant import HomeAssistantProcess

from .figures import Figure, times
from .voice import Voice

TIMES = 200
WAITING = 500
"""Messages that are there first."""
PATIENCE = 30
ASK_AGAIN = 0.5
HUB_LIMIT = 0.1
GATEWAY = "gateway1"
JUNK = json.dumps({"_|deviceHid": "feeder1", "s|msg_type": "hb"})


async def answers(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Measure it for a hub that asks for the time, and for a feeder's API requests."""
    broker = Broker(folder / "broker", kind=BrokerKind.MOSQUITTO)
    home_assistant = HomeAssistantProcess(folder / "home_assistant", name="Load")
    heard: asyncio.Queue[float] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as ends:
        ends.push_async_callback(broker.stop)
        await broker.start()
        ends.push_async_callback(home_assistant.stop)
        await home_assistant.start()
        api = home_assistant.api
        await add_mqtt(api, broker)
        await add_station(api, "Garden", protocol="valve_hub", prefix="hub", nodes=())
        await add_station(api, "Cats", protocol="petnet", prefix="krs", nodes=())
        say("Home Assistant runs with a hub and a feeder's gateway.")
        voice = await ends.enter_async_context(
            Voice(
                broker,
                ("hub/tx", f"krs/api/stg/{GATEWAY}"),
                lambda topic, payload: _note(heard, topic, payload, loop.time()),
            )
        )
        for ask in (_ask_for_time, _request):
            await _until_answered(voice, heard, ask)
        time_asked = await _ask(voice, heard, _ask_for_time)
        request = await _ask(voice, heard, _request)
        behind = await _ask(voice, heard, _request_behind_others)
    return [
        times("GET_DATETIME to DATETIME", time_asked, HUB_LIMIT),
        times("API request to its reply", request),
        times(f"API request to its reply, behind {WAITING} messages", behind),
    ]


def _note(heard: asyncio.Queue[float], topic: str, payload: bytes, at: float) -> None:
    if topic != "hub/tx" or payload.startswith(b"DATETIME"):
        heard.put_nowait(at)


async def _until_answered(
    voice: Voice, heard: asyncio.Queue[float], ask: Callable[[Voice], None]
) -> None:
    """Ask until Home Assistant has subscribed, and take all the answers."""
    async with asyncio.timeout(PATIENCE):
        while heard.empty():
            ask(voice)
            await asyncio.sleep(ASK_AGAIN)
    while not heard.empty():
        heard.get_nowait()


async def _ask(
    voice: Voice, heard: asyncio.Queue[float], ask: Callable[[Voice], None]
) -> Sequence[float]:
    loop = asyncio.get_running_loop()
    taken = []
    for _ in range(TIMES):
        asked_at = loop.time()
        ask(voice)
        async with asyncio.timeout(PATIENCE):
            taken.append(await heard.get() - asked_at)
    return taken


def _ask_for_time(voice: Voice) -> None:
    voice.say("hub/rx", "GET_DATETIME\n")


def _request(voice: Voice) -> None:
    parameters = {
        "uri": f"/api/v1/core/gateways/{GATEWAY}/checkin",
        "method": "PUT",
        "apiKey": "",
        "body": "{}",
    }
    content = {
        "requestId": "r",
        "eventName": "GatewayToServer_ApiRequest",
        "encrypted": False,
        "parameters": parameters,
    }
    voice.say(f"krs.api.gts.{GATEWAY}", json.dumps(content))


def _request_behind_others(voice: Voice) -> None:
    for _ in range(WAITING):
        voice.say(f"krs.tel.gts.{GATEWAY}", JUNK)
    _request(voice)
