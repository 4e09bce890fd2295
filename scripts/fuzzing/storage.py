"""What stands in the files of a station, fuzzed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR, get_internal_store_manager

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.storage.store import StationStore, StorageUnusable

from . import seeds
from .mutation import HEAD

ENTRY_ID = "fuzz"
FILES = (f"{DOMAIN}.{ENTRY_ID}", f"{DOMAIN}.{ENTRY_ID}.history")


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
        if kept.name.endswith(".history"):
            # It is taken over or set aside, and a station starts whatever it is.
            return
        if kept.read_bytes() != content:
            raise AssertionError(f"{kept} is not what it was")

    async def _home_assistant(self, folder: Path) -> HomeAssistant:
        hass = HomeAssistant(str(folder))
        await get_internal_store_manager(hass).async_initialize()
        await ir.async_load(hass, read_only=True)
        return hass
