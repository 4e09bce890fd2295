"""A store on real files of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.storage.store import StationStore

from .samples import ENTRY_ID, home_assistant


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """Return where Home Assistant keeps its files."""
    folder = tmp_path / ".storage"
    folder.mkdir()
    return folder


@pytest.fixture
async def core(tmp_path: Path, storage: Path) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant that was started when the station had no files."""
    async with home_assistant(tmp_path) as hass:
        yield hass


@pytest.fixture
def store(core: HomeAssistant) -> StationStore:
    """Return the store of the station."""
    return StationStore(core, ENTRY_ID)
