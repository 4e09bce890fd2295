"""What a person is told of disk and files, and what the answers do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import actions_of, disk_works_again
from ..conftest import Disk, station_entry
from ..nodes import pass_time
from ..repairing import Person, issues, keys, placeholders


async def test_a_disk_that_cannot_be_written_is_told_until_it_can(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    disk_full: Disk,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await actions_of(hass, kitchen)("feed", portions=1)
    await hass.async_block_till_done()
    (issue,) = issues(hass)
    assert issue.translation_key == "storage_failing"
    assert issue.severity is ir.IssueSeverity.CRITICAL
    assert not issue.is_fixable
    await pass_time(hass, freezer, 31)
    assert keys(hass) == ["storage_failing"]
    disk_full(False)
    await disk_works_again(hass, freezer, kitchen.runtime_data)
    assert keys(hass) == []


def unusable_file(hass: HomeAssistant, entry: MockConfigEntry, content: str) -> Path:
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    return path


async def test_a_damaged_file_is_set_aside_when_a_person_says_so(
    hass: HomeAssistant, mqtt_mock: Any, person: Person
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = unusable_file(hass, entry, "{")
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "storage_corrupt"
    (issue,) = issues(hass)
    assert (issue.translation_key, issue.is_fixable) == ("storage_corrupt", True)

    form = await person.opens(issue)
    assert (form["type"], form["step_id"]) == ("form", "confirm")
    assert form["description_placeholders"]["station"] == "Kitchen"
    assert f"{DOMAIN}.{entry.entry_id}" in form["description_placeholders"]["path"]
    end = await person.submits(form)
    assert end["type"] == "create_entry"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert issues(hass) == []
    (kept,) = path.parent.glob(f"{path.name}.*")
    assert kept.read_text() == "{"
    assert (await actions_of(hass, entry)("feed", portions=1))["command_id"] == 1


async def test_a_damaged_file_that_cannot_be_set_aside_stays_and_is_told(
    hass: HomeAssistant, mqtt_mock: Any, *, person: Person, disk_full: Disk
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    unusable_file(hass, entry, "{")
    await hass.config_entries.async_setup(entry.entry_id)
    form = await person.opens(issues(hass)[0])
    disk_full(True)
    end = await person.submits(form)
    assert (end["type"], end["reason"]) == ("abort", "not_stored")
    assert keys(hass) == ["storage_corrupt"]
    disk_full(False)
    form = await person.opens(issues(hass)[0])
    await person.submits(form)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_the_file_of_a_station_that_was_removed_is_not_asked_for(
    hass: HomeAssistant, mqtt_mock: Any, person: Person
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    unusable_file(hass, entry, "{")
    await hass.config_entries.async_setup(entry.entry_id)
    form = await person.opens(issues(hass)[0])
    await hass.config_entries.async_remove(entry.entry_id)
    end = await person.submits(form)
    assert (end["type"], end["reason"]) == ("abort", "already_settled")


async def test_a_file_of_a_newer_version_is_told_and_offers_no_fix(
    hass: HomeAssistant, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = unusable_file(
        hass, entry, json.dumps({"version": 2, "minor_version": 1, "data": {}})
    )
    await hass.config_entries.async_setup(entry.entry_id)
    (issue,) = issues(hass)
    assert (issue.translation_key, issue.is_fixable) == ("storage_newer", False)
    assert placeholders(hass) == {"station": "Kitchen", "path": str(path)}
    assert entry.state is ConfigEntryState.SETUP_ERROR


async def test_an_issue_of_storage_goes_when_the_file_is_back(
    hass: HomeAssistant, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = unusable_file(hass, entry, json.dumps({"version": 2, "data": {}}))
    await hass.config_entries.async_setup(entry.entry_id)
    assert keys(hass) == ["storage_newer"]
    path.unlink()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert keys(hass) == []
