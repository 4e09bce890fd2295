"""What storage relies on in the core, beyond what it documents: pinned on each core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from homeassistant.helpers.storage import Store
from homeassistant.util.file import write_utf8_file_atomic

from .samples import STATION_KEY, home_assistant

CONTENT = (
    f'{{"version": 1, "minor_version": 1, "key": "{STATION_KEY}", "data": {{"a": 1}}}}'
)


async def test_saving_a_read_only_store_makes_the_core_look_again_and_writes_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".storage"
    folder.mkdir()
    path = folder / STATION_KEY
    async with home_assistant(tmp_path) as hass:
        write_utf8_file_atomic(str(path), CONTENT)
        unaware: Store[dict[str, Any]] = Store(hass, 1, STATION_KEY)
        assert await unaware.async_load() is None, "then it need not be told"

        forgetting: Store[dict[str, Any]] = Store(hass, 1, STATION_KEY, read_only=True)
        await forgetting.async_save({})

        assert path.read_text() == CONTENT
        aware: Store[dict[str, Any]] = Store(hass, 1, STATION_KEY)
        assert await aware.async_load() == {"a": 1}
        assert path.read_text() == CONTENT
