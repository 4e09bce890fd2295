"""What a station has on a disk, loaded and written as `store` does, step by step.

The history stands for the database: what is written comes beside what is there, all of
it or nothing, and what cannot be read is set aside and begun anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from homeassistant.util.json import json_loads

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.storage.encoding import (
    STORAGE_VERSION,
    Encoder,
)
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION, Format
from simulation.disk import Disk, write_atomically
from simulation.process import Process

type Ended = Callable[[Exception | None], None]


class Unusable(Exception):  # noqa: N818 - it is a state, not a fault
    """A file is there, and is not what this version would have written."""


def stored_name(station: str) -> str:
    return f"mqtt_dispatch.{station}"


def history_name(station: str) -> str:
    return f"mqtt_dispatch.{station}.history"


class StationFiles:
    """What a station has on a disk."""

    def __init__(self, process: Process, disk: Disk, station: str) -> None:
        self._process = process
        self._stored = _File(process, disk, stored_name(station), STATION)
        self._history = _File(process, disk, history_name(station), HISTORY)
        self._ended: dict[int, Command] = {}

    def load(self) -> tuple[Snapshot, list[Command]]:
        """Return what is stored, and the history. Raises Unusable."""
        stored = self._stored.load()
        with suppress(Unusable):
            self._ended = {command.id: command for command in self._history.load()}
        return stored, list(self._ended.values())

    def commit(self, snapshot: Snapshot, ended: Ended) -> None:
        self._stored.write(snapshot, ended)

    def write_history(self, past: Past, ended: Ended) -> None:
        known = self._ended | {command.id: command for command in past.commands}

        def written(error: Exception | None) -> None:
            if error is None:
                self._ended = known
            ended(error)

        if past.commands:
            self._history.write(tuple(known.values()), written)
        else:
            self._process.later(self._process.disk_seconds(), partial(ended, None))


class _File[T]:
    def __init__(
        self, process: Process, disk: Disk, name: str, content: Format[T]
    ) -> None:
        self._process = process
        self._disk = disk
        self._name = name
        self._format = content
        self._waiting: list[tuple[T, Ended]] = []
        self._writing = False
        self._encoder = Encoder(name, content)

    def load(self) -> T:
        contents = self._disk.read(self._name)
        if contents is None:
            return self._format.empty
        try:
            envelope: Any = json_loads(contents)
            version = (envelope["version"], envelope["minor_version"])
            if version != (STORAGE_VERSION, self._format.minor_version):
                raise Unusable(self._name)
            return self._format.understand(envelope["data"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable(self._name) from error

    def write(self, value: T, ended: Ended) -> None:
        """Write after what is being written; `ended` gets what went wrong, if it did.

        Each step is one of the world's, so that a crash can fall between any two.
        """
        self._waiting.append((value, ended))
        if not self._writing:
            self._begin()

    def _begin(self) -> None:
        if not self._waiting:
            self._writing = False
            return
        self._writing = True
        value, ended = self._waiting.pop(0)
        try:
            contents = self._encoder.encode(value)
        except (KeyError, TypeError, ValueError) as error:
            # What the next start could not read is not written.
            failed = partial(self._end, error, ended)
            self._process.later(self._process.disk_seconds(), failed)
            return
        steps = write_atomically(self._disk, self._name, contents)
        self._step(steps, next(steps), ended)

    def _step(self, steps: Iterator[str], name: str, ended: Ended) -> None:
        def do() -> None:
            self._process.point(f"before {name} of {self._name}")
            try:
                upcoming = next(steps)
            except StopIteration:
                self._end(None, ended)
            except OSError as error:
                self._end(error, ended)
            else:
                self._step(steps, upcoming, ended)

        self._process.later(self._process.disk_seconds(), do)

    def _end(self, error: Exception | None, ended: Ended) -> None:
        self._process.point(f"after the write of {self._name}")
        ended(error)
        self._begin()
