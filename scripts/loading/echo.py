"""How long Home Assistant takes to answer: over MQTT, and over its API."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Self

from scripts.parts.api import Api
from scripts.parts.process import PartError

from .fleet import Fleet

ECHO_TOPIC = "load/echo"
ECHO_ENTITY = "sensor.echo"
ECHO_SENSOR = f"""\
mqtt:
  sensor:
    - name: Echo
      state_topic: {ECHO_TOPIC}
"""
PERIOD = 0.5
WORK_OFF_PATIENCE = 600


class Echo:
    """Asks twice a second while it is entered.

    `mqtt` has the seconds from a publish to a sensor's new state, `api` those of a
    request; both as they were at the moment in which they were asked for.
    """

    def __init__(self, api: Api, fleet: Fleet) -> None:
        self.mqtt: list[float] = []
        self.api: list[float] = []
        self._api = api
        self._fleet = fleet
        self._published: dict[str, tuple[float, asyncio.Event]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(work)
            for work in (self._listen(listening), self._publish(), self._ask())
        ]
        await listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def all_echoed(self) -> None:
        """Wait until what is published now has been worked off.

        Raises PartError after ten minutes.
        """
        try:
            async with asyncio.timeout(WORK_OFF_PATIENCE):
                await self._send().wait()
        except TimeoutError:
            raise PartError("Home Assistant does not work off its messages") from None

    def _send(self) -> asyncio.Event:
        number, echoed = str(time.monotonic_ns()), asyncio.Event()
        self._published[number] = (time.monotonic(), echoed)
        self._fleet.publish(ECHO_TOPIC, number.encode())
        return echoed

    async def _publish(self) -> None:
        while True:
            self._send()
            await asyncio.sleep(PERIOD)

    async def _listen(self, listening: asyncio.Event) -> None:
        async with self._api.websocket() as socket:
            changes = socket.events("subscribe_entities", entity_ids=[ECHO_ENTITY])
            async for change in changes:
                listening.set()
                fields = change.get("c", {}).get(ECHO_ENTITY, {}).get("+", {})
                if (sent := self._published.pop(fields.get("s", ""), None)) is not None:
                    at, echoed = sent
                    self.mqtt.append(time.monotonic() - at)
                    echoed.set()

    async def _ask(self) -> None:
        while True:
            started = time.monotonic()
            await self._api.get("/api/config")
            self.api.append(time.monotonic() - started)
            await asyncio.sleep(PERIOD)
