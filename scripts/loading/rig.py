"""The real parts of a run: a broker, nodes, and a Home Assistant that knows them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from scripts.parts.api import Api, wait_for_state
from scripts.parts.broker import Broker, BrokerKind
from scripts.parts.flows import add_mqtt, add_station, set_options
from scripts.parts.home_assistant import HomeAssistantProcess
from scripts.parts.process import PartError

from .echo import ECHO_SENSOR
from .fleet import Fleet, StationPlan
from .junk import CHANNELS
from .watched_home import STOPS

READY_PATIENCE = 120

STOCK_SENSOR = """\
    - name: Stock {prefix} {channel}
      state_topic: {prefix}/{channel}/+
      qos: 1
      encoding: ""
      value_template: "{{{{ value is defined }}}}"
"""
"""The least that a sensor of Home Assistant's own can make of a message: it renders a
template without looking into the bytes, and its state never changes."""

_ANY_NUMBER_OF_FEEDS = {"feeds_waiting": 0, "feeds_per_hour": 0}


class Rig:
    """A Home Assistant with all stations, or with a stock sensor for each topic filter.

    Both are subscribed to the same filters, and get the same messages. `watched`:
    whether it is told what held its event loop, which costs as much as what is timed.
    """

    def __init__(
        self,
        folder: Path,
        stations: Sequence[StationPlan],
        say: Callable[[str], None],
        *,
        stock: bool = False,
        watched: bool = True,
    ) -> None:
        self.stations = stations
        self.broker = Broker(folder / "broker", kind=BrokerKind.MOSQUITTO)
        self.fleet = Fleet(self.broker, stations)
        self.stops = folder / "stops"
        """The file in which stands what held the event loop; see `watched_home`."""
        self.home_assistant = HomeAssistantProcess(
            folder / "home_assistant",
            name="Load",
            module="scripts.loading.watched_home" if watched else "homeassistant",
            environment={STOPS: str(self.stops)},
            more_configuration=ECHO_SENSOR + (_stock(stations) if stock else ""),
        )
        self.devices: dict[str, str] = {}
        """By prefix: the id of the station's device."""
        self._say = say
        self._stock = stock
        self._ends = AsyncExitStack()

    @property
    def api(self) -> Api:
        return self.home_assistant.api

    @property
    def storage(self) -> Path:
        """Where Home Assistant keeps its files."""
        return self.home_assistant.config / ".storage"

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.aclose()

    async def ask_diagnostics(self) -> dict[str, dict[str, Any]]:
        """Return the diagnostics of each station, by prefix."""
        entries = await self.api.get("/api/config/config_entries/entry")
        found = {}
        for entry in entries:
            if entry["domain"] != "mqtt_dispatch":
                continue
            path = f"/api/diagnostics/config_entry/{entry['entry_id']}"
            data = (await self.api.get(path))["data"]
            found[data["entry"]["data"]["prefix"]] = data
        return found

    async def _start(self) -> None:
        self._ends.push_async_callback(self.broker.stop)
        await self.broker.start()
        self._ends.push_async_callback(self.fleet.stop)
        await self.fleet.start()
        self._ends.push_async_callback(self.home_assistant.stop)
        await self.home_assistant.start()
        await add_mqtt(self.api, self.broker)
        if self._stock:
            self._say("Home Assistant runs with stock sensors.")
            return
        for station in self.stations:
            await add_station(
                self.api, station.name, prefix=station.prefix, nodes=station.nodes
            )
            await set_options(self.api, station.name, "feeding", _ANY_NUMBER_OF_FEEDS)
        self._say(f"Home Assistant runs with {len(self.stations)} stations.")
        await self._learn_devices()
        # What adding it all left behind in memory is no part of what running it costs.
        await self.home_assistant.restart()
        await self._until_ready()
        self._say("All stations are ready.")

    async def _learn_devices(self) -> None:
        devices = await self.api.ask("config/device_registry/list")
        by_name = {device["name"]: device["id"] for device in devices}
        self.devices = {
            station.prefix: by_name[station.name] for station in self.stations
        }

    async def _until_ready(self) -> None:
        entities = [
            f"binary_sensor.{station.name.lower().replace(' ', '_')}_ready"
            for station in self.stations
        ]
        try:
            async with asyncio.timeout(READY_PATIENCE):
                for entity in entities:
                    await wait_for_state(self.api, entity, "on".__eq__)
        except TimeoutError:
            raise PartError("The stations did not become ready") from None


def _stock(stations: Sequence[StationPlan]) -> str:
    return "".join(
        STOCK_SENSOR.format(prefix=station.prefix, channel=channel)
        for station in stations
        for channel in CHANNELS
    )
