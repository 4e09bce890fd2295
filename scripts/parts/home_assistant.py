"""A real Home Assistant process with a folder of its own."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from importlib.util import find_spec
import json
from pathlib import Path
import sys

import aiohttp

from .api import Api, Json, RefusedError
from .process import HOST, REPOSITORY, PartError, Process, free_port

START_PATIENCE = 120

CONFIGURATION = """\
homeassistant:
  name: {name}
  unit_system: metric
  time_zone: {time_zone}
  country: GB
  language: en
diagnostics:
frontend:
"""
HTTP_CONFIGURATION = """\
http:
  server_host: {host}
  server_port: {port}
"""


class HomeAssistantProcess:
    """Home Assistant on 127.0.0.1, with the integration of this repository.

    `start` gives `api`, signed in as the owner, who is made at the first start.
    Everything it knows is in its folder: `folder / "config"`. A kill loses what Home
    Assistant had not saved by itself yet: a new config entry is saved after a second,
    a new device or entity after up to three minutes, and at a `stop`. `module` is what
    Python runs in place of Home Assistant, and must run it; `environment` is added to
    our own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        name: str = "Home",
        time_zone: str = "UTC",
        more_configuration: str = "",
        module: str = "homeassistant",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.config = folder / "config"
        self._configuration = CONFIGURATION.format(name=name, time_zone=time_zone)
        self._configuration += more_configuration
        self.process = Process(
            "Home Assistant",
            [
                *(sys.executable, "-m", module, "--config", str(self.config)),
                # Everything is installed, and a start must not wait for a network.
                *("--skip-pip", "--log-no-color"),
            ],
            folder / "home-assistant.log",
            environment=environment,
        )
        self._api: Api | None = None

    @property
    def api(self) -> Api:
        if self._api is None:
            raise PartError("Home Assistant is not running")
        return self._api

    async def start(self) -> None:
        """Start it and return when it has set up all its integrations."""
        self._prepare()
        await self.process.start()
        self._api = Api(self.url)
        await self.process.until("taking connections", self._answers, START_PATIENCE)
        await self.api.sign_in()
        await self.process.until("running", self._runs, START_PATIENCE)

    async def stop(self) -> int | None:
        """Stop it as a shutdown does and return its exit code."""
        await self._close_api()
        return await self.process.stop()

    async def kill(self) -> None:
        """Kill it with SIGKILL, as a power cut does."""
        await self._close_api()
        await self.process.kill()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def stored(self, key: str) -> Json:
        """Return what is in a file of Home Assistant's storage, None if not there."""
        path = self.config / ".storage" / key
        return json.loads(path.read_bytes()) if path.exists() else None

    def log(self) -> str:
        """Return what it logged, over all its starts."""
        path = self.process.log
        return path.read_text(encoding="utf-8", errors="replace")

    def complaints(self, about: str = "mqtt_dispatch") -> list[str]:
        """Return the warnings and errors in the log that name this."""
        return [
            line
            for line in self.log().splitlines()
            if (" WARNING " in line or " ERROR " in line)
            and about in line
            # Said about every custom integration.
            and "We found a custom integration" not in line
        ]

    async def _answers(self) -> bool:
        try:
            # Served by the frontend, which is set up after the rest of the API.
            await self.api.get("/manifest.json")
        except aiohttp.ClientConnectionError:
            return False
        except RefusedError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return False
            raise
        return True

    async def _runs(self) -> bool:
        return bool((await self.api.get("/api/config"))["state"] == "RUNNING")

    async def _close_api(self) -> None:
        if self._api is not None:
            await self._api.close()
            self._api = None

    def _prepare(self) -> None:
        storage = self.config / ".storage"
        storage.mkdir(parents=True, exist_ok=True)
        components = self.config / "custom_components"
        if not components.is_symlink():
            components.symlink_to(REPOSITORY / "custom_components")
        configuration = self._configuration
        if not _keeps_http_in_storage():
            configuration += HTTP_CONFIGURATION.format(host=HOST, port=self.port)
        path = self.config / "configuration.yaml"
        path.write_text(configuration, encoding="utf-8")
        _store(storage, "http", 1, {"server_host": [HOST], "server_port": self.port})
        if not (storage / "onboarding").exists():
            # Finishing this step sets up a weather forecast and others that ask
            # servers on the internet; nobody here has use for them.
            _store(storage, "onboarding", 4, {"done": ["core_config"]})


def _store(storage: Path, key: str, version: int, data: Json) -> None:
    envelope = {"version": version, "minor_version": 1, "key": key, "data": data}
    (storage / key).write_text(json.dumps(envelope), encoding="utf-8")


def _keeps_http_in_storage() -> bool:
    """Return whether this core migrated `http:` from YAML to its storage."""
    spec = find_spec("homeassistant")
    if spec is None or spec.origin is None:
        raise PartError("Home Assistant is not installed")
    return (Path(spec.origin).parent / "components/http/config.py").exists()
