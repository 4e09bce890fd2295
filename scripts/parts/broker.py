"""An MQTT broker: mosquitto where it is installed, else one from a Python package."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
import os
from pathlib import Path
import shutil
import sys

from .process import HOST, PartError, Process, free_port, listens

START_PATIENCE = 20
# Debian installs it where the PATH of an ordinary user does not look.
PLACES_OF_MOSQUITTO = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"


class BrokerKind(StrEnum):
    """Which program plays the broker."""

    MOSQUITTO = "mosquitto"
    EMBEDDED = "embedded"


def find_mosquitto() -> str | None:
    return shutil.which("mosquitto") or shutil.which(
        "mosquitto", path=PLACES_OF_MOSQUITTO
    )


class Broker:
    """A broker for anybody on this machine, without passwords.

    After a `stop` mosquitto remembers retained messages for the next start, after a
    `kill` it does not. The embedded broker never does, and speaks MQTT 3.1.1 only.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        kind: BrokerKind | None = None,
        more_configuration: Sequence[str] = (),
    ) -> None:
        """Start nothing yet; `more_configuration` are lines for mosquitto."""
        mosquitto = find_mosquitto()
        if kind is None:
            kind = BrokerKind.MOSQUITTO if mosquitto else BrokerKind.EMBEDDED
        self.kind = kind
        self.host = HOST
        self.port = port or free_port()
        self._folder = folder
        self._more_configuration = more_configuration
        if kind is BrokerKind.EMBEDDED:
            command = [sys.executable, "-m", "scripts.parts.embedded_broker"]
            command.append(str(self.port))
        elif mosquitto:
            command = [mosquitto, "-c", str(self._configuration)]
        else:
            raise PartError("mosquitto is not installed")
        self.process = Process("The broker", command, folder / "broker.log")

    @property
    def protocol(self) -> str:
        """The newest MQTT version it speaks, in the words of Home Assistant."""
        return "3.1.1" if self.kind is BrokerKind.EMBEDDED else "5"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    async def start(self) -> None:
        """Start it and return when it takes connections."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.kind is BrokerKind.MOSQUITTO:
            self._configure_mosquitto()
        await self.process.start()
        await self.process.until(
            "taking connections", lambda: listens(self.port), START_PATIENCE
        )

    async def stop(self) -> None:
        await self.process.stop()

    async def kill(self) -> None:
        await self.process.kill()

    @property
    def _configuration(self) -> Path:
        return self._folder / "mosquitto.conf"

    def _configure_mosquitto(self) -> None:
        lines = [
            f"listener {self.port} {self.host}",
            "allow_anonymous true",
            "persistence true",
            f"persistence_location {self._folder}/",
            "log_dest stderr",
            "max_queued_messages 0",
        ]
        if os.geteuid() == 0:
            # It would become another user, who may not write here, and would
            # survive us: the kernel forgets the parent of who changes the user.
            lines.append("user root")
        lines += self._more_configuration
        self._configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
