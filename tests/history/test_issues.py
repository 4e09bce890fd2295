"""A person is told what is lost of the history, and that it is well again."""

from __future__ import annotations

from pathlib import Path
import shutil

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history import database as database_module
from custom_components.mqtt_dispatch.history.database import (
    HistoryError,
    Trouble,
    async_history,
)
from custom_components.mqtt_dispatch.history.schema import VERSION, connect
from custom_components.mqtt_dispatch.history.writer import write

from .ended import ended

PAST = Past(commands=(ended(1),))


def _told(hass: HomeAssistant) -> dict[str, str]:
    return {
        issue_id: (issue.translation_placeholders or {})["what"]
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


async def test_that_nothing_is_written_is_told_until_it_is(
    hass: HomeAssistant, kitchen: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = async_history(hass)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database_module, "write", full)
    with pytest.raises(HistoryError):
        await history.async_write(kitchen.entry_id, PAST)
    assert list(_told(hass)) == [Trouble.UNUSABLE]
    monkeypatch.setattr(database_module, "write", write)
    await history.async_write(kitchen.entry_id, PAST)
    assert _told(hass) == {}


async def test_what_was_damaged_is_told_with_the_name_under_which_it_is_kept(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    history = async_history(hass)
    for each in history.path.parent.glob(f"{history.path.name}*"):
        each.unlink()
    history.path.write_bytes(b"no database" * 100)
    await history.async_write(kitchen.entry_id, PAST)

    (kept,) = _told(hass).values()
    assert (history.path.parent / kept).read_bytes() == b"no database" * 100


async def test_a_newer_one_is_told_and_the_station_goes_on(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    history = async_history(hass)
    newer = connect(tmp_path / "newer.db")
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    for each in history.path.parent.glob(f"{history.path.name}*"):
        each.unlink()
    shutil.copy(tmp_path / "newer.db", history.path)

    assert await hass.config_entries.async_reload(kitchen.entry_id)
    assert _told(hass) == {Trouble.NEWER: str(history.path)}
