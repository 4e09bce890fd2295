"""What is fuzzed. A target takes bytes and raises for what must not be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
import dataclasses
import logging
import math
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR, get_internal_store_manager

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.model import Report
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import (
    Malformed,
    Message,
    Publication,
    Site,
)
from custom_components.mqtt_dispatch.store import StationStore, StorageUnusable

from . import seeds
from .mutation import HEAD

PREFIX = "p"
NOON = 1_700_000_000.0
SITE = Site(prefix=PREFIX, nodes={})
CHANNELS = ("state", "ack", "evt", "status", "cmd", "rx", "")
LONGEST_REASON = 100
LONGEST_MALFORMED = 40
HIGHEST = 2.0**64
ENTRY_ID = "fuzz"
FILES = (f"{DOMAIN}.{ENTRY_ID}", f"{DOMAIN}.{ENTRY_ID}.history")

type Target = Callable[[bytes], None]


def report(data: bytes) -> None:
    """Have every protocol read a message; its first bytes choose topic and retain."""
    head, payload = data[:HEAD].ljust(HEAD, b"\0"), data[HEAD:]
    channel = CHANNELS[head[0] % len(CHANNELS)]
    node = ("1", payload[:70].decode("utf-8", "replace"))[head[1] >> 7]
    topic = f"{PREFIX}/{channel}/{node}" if channel else node
    for protocol in PROTOCOLS.values():
        message = Message(topic, payload, bool(head[1] & 1), NOON)
        for found in protocol.report(SITE, message):
            _check(found)


def _check(found: Report | Malformed | Publication) -> None:
    if isinstance(found, Malformed):
        if not found.reason.isascii() or len(found.reason) > LONGEST_MALFORMED:
            raise AssertionError(f"a reason out of bounds: {found.reason!r}")
        return
    for value in _values(found):
        match value:
            case str():
                kept = len(value) <= LONGEST_REASON and value.isprintable()
            case int() | float():
                kept = math.isfinite(value) and abs(value) <= HIGHEST
            case _:
                kept = value is None
        if not kept:
            raise AssertionError(f"out of bounds: {found!r}")


def _values(found: Report) -> Iterator[object]:
    for value in dataclasses.asdict(found).values():
        if isinstance(value, dict):
            yield from value
            yield from value.values()
        else:
            yield value


class Storage:
    """Has a station load a file; what it takes it must also be able to run."""

    def __init__(self, folder: Path) -> None:
        """Keep the files in a folder that is not there yet."""
        logging.disable(logging.CRITICAL)
        self._storage = folder / STORAGE_DIR
        self._storage.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        self._hass = self._loop.run_until_complete(self._home_assistant(folder))

    def __call__(self, data: bytes) -> None:
        """Load a file; its first byte chooses which one of the station it is."""
        head, content = data[:HEAD].ljust(HEAD, b"\0"), data[HEAD:]
        for path in self._storage.iterdir():
            path.unlink()
        ir.async_get(self._hass).issues.clear()
        path = self._storage / FILES[head[0] % len(FILES)]
        path.write_bytes(content)
        kept = path
        try:
            snapshot, history = self._loop.run_until_complete(
                StationStore(self._hass, ENTRY_ID).async_load()
            )
        except StorageUnusable as unusable:
            kept = Path(unusable.path)
        else:
            view(Engine(seeds.PAIR, snapshot, history, seeds.NOW), seeds.NOW)
        if kept.read_bytes() != content:
            raise AssertionError(f"{kept} is not what it was")

    async def _home_assistant(self, folder: Path) -> HomeAssistant:
        hass = HomeAssistant(str(folder))
        await get_internal_store_manager(hass).async_initialize()
        await ir.async_load(hass, read_only=True)
        return hass
