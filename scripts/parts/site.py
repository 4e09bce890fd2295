"""A whole site: broker, simulated nodes, and a Home Assistant that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
import json
from pathlib import Path
import shutil
from typing import Self

from .broker import Broker, BrokerKind
from .flows import add_mqtt, add_station, device_id
from .home_assistant import HomeAssistantProcess
from .simulator import Simulator

STATION = "Kitchen"


def _silent(_: str) -> None: ...


class Site:
    """A station called Kitchen with two nodes, on ports that nobody else has.

    `async with Site(folder) as site` starts it and ends it. After `begin_as_copy_of`
    Home Assistant knows broker and station from its first start.
    """

    def __init__(
        self,
        folder: Path,
        *,
        broker_kind: BrokerKind | None = None,
        simulator_options: Sequence[str] = (),
        port: int | None = None,
        time_zone: str = "UTC",
        more_configuration: str = "",
        environment: Mapping[str, str] | None = None,
        say: Callable[[str], None] = _silent,
    ) -> None:
        self.broker = Broker(folder / "broker", kind=broker_kind)
        self.simulator = Simulator(
            folder / "simulator", self.broker, options=simulator_options
        )
        self.home_assistant = HomeAssistantProcess(
            folder / "home_assistant",
            port=port,
            name=STATION,
            time_zone=time_zone,
            more_configuration=more_configuration,
            environment=environment,
        )
        self._say = say
        self._ends = AsyncExitStack()

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

        self._ends.push_async_callback(self.simulator.stop)
        await self.simulator.start()
        self._say("Two simulated nodes talk to it.")

        self._ends.push_async_callback(self.home_assistant.stop)
        await self.home_assistant.start()
        api = self.home_assistant.api
        version = (await api.get("/api/config"))["version"]
        self._say(f"Home Assistant {version} runs on {self.home_assistant.url}.")

        if not self._knows("mqtt"):
            await add_mqtt(api, self.broker)
            await add_station(api, STATION)
            self._say(f"The station {STATION} is set up.")

    async def stop(self) -> None:
        """Stop the parts, the last started first."""
        await self._ends.aclose()

    async def device_id(self, name: str = STATION) -> str:
        """Return the id of the station's device, or of another by its name."""
        return await device_id(self.home_assistant.api, name)

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
