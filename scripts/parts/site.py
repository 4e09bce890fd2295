"""A whole site: broker, simulated nodes, and a Home Assistant that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
import json
from pathlib import Path
import shutil
from types import MappingProxyType
from typing import Self

from .broker import Broker, BrokerKind
from .flows import (
    DOMAIN,
    add_mqtt,
    add_station,
    adopt,
    device_id,
    has_device,
    hears,
)
from .home_assistant import HomeAssistantProcess
from .simulator import Player, Simulator
from .stations import KITCHEN, Staged

STATION = KITCHEN.name
LOAD_PATIENCE = 60


type Play = Callable[[Path, Broker, Staged], Player]
"""Returns what plays the nodes of a station; its files go to that folder."""


def _silent(_: str) -> None: ...


def _simulated(folder: Path, broker: Broker, station: Staged) -> Player:
    return Simulator(
        folder,
        broker,
        protocol=station.protocol,
        prefix=station.prefix,
        nodes=station.nodes,
        options=station.options,
    )


class Site:
    """Stations, usually the one called Kitchen, on ports that nobody else has.

    `async with Site(folder) as site` starts it and ends it. After `begin_as_copy_of`
    Home Assistant knows broker and station from its first start. `players` says, by
    protocol, what plays nodes in place of our simulator.
    """

    def __init__(
        self,
        folder: Path,
        *,
        stations: Sequence[Staged] = (KITCHEN,),
        broker_kind: BrokerKind | None = None,
        port: int | None = None,
        time_zone: str = "UTC",
        more_configuration: str = "",
        environment: Mapping[str, str] | None = None,
        module: str = "homeassistant",
        players: Mapping[str, Play] = MappingProxyType({}),
        say: Callable[[str], None] = _silent,
    ) -> None:
        self.stations = tuple(stations)
        self.broker = Broker(folder / "broker", kind=broker_kind)
        self.simulators = {
            station.protocol: players.get(station.protocol, _simulated)(
                folder / "simulator" / station.protocol, self.broker, station
            )
            for station in stations
        }
        self.home_assistant = HomeAssistantProcess(
            folder / "home_assistant",
            port=port,
            name=self.stations[0].name if len(self.stations) == 1 else "Home",
            time_zone=time_zone,
            more_configuration=more_configuration,
            environment=environment,
            module=module,
        )
        self._say = say
        self._ends = AsyncExitStack()

    @property
    def simulator(self) -> Player:
        """What plays the nodes of the first station."""
        return self.simulators[self.stations[0].protocol]

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the parts; raises PartError with the reason if one will not."""
        self._ends.push_async_callback(self.broker.stop)
        await self.broker.start()
        self._say(f"An MQTT broker ({self.broker.kind}) runs on {self.broker.address}.")

        self._ends.push_async_callback(self.home_assistant.stop)
        await self.home_assistant.start()
        api = self.home_assistant.api
        version = (await api.get("/api/config"))["version"]
        self._say(f"Home Assistant {version} runs on {self.home_assistant.url}.")
        self._say(f"Its configuration is in {self.home_assistant.config}.")

        is_new = not self._knows("mqtt")
        if is_new:
            await add_mqtt(api, self.broker)
            for station in self.stations:
                await self._add(station)
                await self.until_listening(station)
        # Nodes that introduce themselves do so once: somebody must listen by then.
        for simulator in self.simulators.values():
            self._ends.push_async_callback(simulator.stop)
            await simulator.start()
        number = sum(len(station.nodes) for station in self.stations)
        self._say(f"{number} simulated nodes talk to it.")
        if is_new:
            for station in self.stations:
                await self._adopt_nodes(station)

    async def stop(self) -> None:
        """Stop the parts, the last started first."""
        await self._ends.aclose()

    async def device_id(self, name: str = STATION) -> str:
        """Return the id of the station's device, or of another by its name."""
        return await device_id(self.home_assistant.api, name)

    async def _add(self, station: Staged) -> None:
        await add_station(
            self.home_assistant.api,
            station.name,
            protocol=station.protocol,
            prefix=station.prefix,
            nodes=station.known,
        )
        self._say(f"The station {station.name} is set up.")

    async def _adopt_nodes(self, station: Staged) -> None:
        for node, answers in station.adopted.items():
            await adopt(self.home_assistant.api, station.prefix, node, answers)
            await self.until_loaded(station, station.device_of(node))
            self._say(f"{station.name}: {answers['name']} called in and was added.")

    async def until_listening(self, station: Staged) -> None:
        """Wait until a station hears what its nodes say."""

        async def listens() -> bool:
            return await hears(self.home_assistant.api, station.name)

        await self.home_assistant.process.until("listening", listens, LOAD_PATIENCE)

    async def until_loaded(self, station: Staged, device: str) -> None:
        """Wait until a station is set up and has a device of this name.

        A change of its nodes sets it up anew.
        """
        api = self.home_assistant.api

        async def is_loaded() -> bool:
            entries = await api.ask("config_entries/get", domain=DOMAIN)
            states = {entry["title"]: entry["state"] for entry in entries}
            return states.get(station.name) == "loaded" and await has_device(
                api, device
            )

        await self.home_assistant.process.until(
            f"showing {device}", is_loaded, LOAD_PATIENCE
        )

    def begin_as_copy_of(self, folder: Path) -> None:
        """Take what Home Assistant knew in the folder of a site that was stopped."""
        config = self.home_assistant.config
        shutil.copytree(folder / "home_assistant" / "config", config, symlinks=True)
        path = config / ".storage" / "core.config_entries"
        stored = json.loads(path.read_bytes())
        for entry in stored["data"]["entries"]:
            if entry["domain"] == "mqtt":
                entry["data"]["port"] = self.broker.port
        path.write_text(json.dumps(stored), encoding="utf-8")

    def _knows(self, domain: str) -> bool:
        stored = self.home_assistant.stored("core.config_entries")
        entries = stored["data"]["entries"] if stored else []
        return any(entry["domain"] == domain for entry in entries)
