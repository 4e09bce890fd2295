"""A file of an older minor version is brought up to date, and only when written."""

from __future__ import annotations

from dataclasses import replace
import json
from pathlib import Path
from typing import Any

from homeassistant.core import CoreState, HomeAssistant
import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import snapshot_as_json
from custom_components.mqtt_dispatch.storage import store as store_module
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION, Step
from custom_components.mqtt_dispatch.storage.store import StationStore, StorageUnusable

from .samples import ENTRY_ID, FULL, HISTORY_KEY, STATION_KEY, closed, files


def rename(old: str, new: str) -> Step:
    """Return a step after which a part of the data has another name."""

    def step(data: dict[str, Any]) -> dict[str, Any]:
        others = {key: value for key, value in data.items() if key != old}
        return {**others, new: data[old]}

    return step


STATION_STEPS = (
    rename("jobs", "tasks"),
    rename("tasks", "orders"),
    rename("orders", "wishes"),
    rename("wishes", "commands"),
)
HISTORY_STEPS = (rename("past", "commands"),)


@pytest.fixture
def older(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files as the first of five minor versions, or of two, wrote them."""
    monkeypatch.setattr(store_module, "STATION", replace(STATION, steps=STATION_STEPS))
    monkeypatch.setattr(store_module, "HISTORY", replace(HISTORY, steps=HISTORY_STEPS))
    data = rename("commands", "jobs")(snapshot_as_json(FULL))
    put(storage, STATION_KEY, 1, data)
    data = rename("commands", "past")(HISTORY.as_json(tuple(closed(2))))
    put(storage, HISTORY_KEY, 1, data)


def put(storage: Path, key: str, minor_version: int, data: dict[str, Any]) -> None:
    envelope = {
        "version": 1,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    (storage / key).write_text(json.dumps(envelope))


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def second(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return commands as the second version wrote them: each one message a node."""
    return [
        command
        | {
            "deliveries": [
                without(delivery, "steps", "step", "ended")
                for delivery in command["deliveries"]
            ]
        }
        for command in commands
    ]


def as_second(data: dict[str, Any]) -> dict[str, Any]:
    """Return a station as the second version wrote it."""
    return without(data, "dispensed", "chosen") | {
        "commands": second(data["commands"]),
        "meals": [without(meal, "nodes") for meal in data["meals"]],
    }


def minor_version(storage: Path, key: str) -> int:
    version: int = json.loads((storage / key).read_bytes())["minor_version"]
    return version


@pytest.mark.usefixtures("older")
async def test_each_step_from_the_version_found_is_taken_in_order(
    core: HomeAssistant,
) -> None:
    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (FULL, closed(2))


async def test_files_of_the_first_version_are_understood(
    core: HomeAssistant, storage: Path
) -> None:
    def first(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [without(command, "finishes") for command in second(commands)]

    stored = replace(
        FULL,
        in_backup=False,
        restored_at=None,
        dispensed=(),
        chosen=(),
        commands=FULL.commands[:2],
    )
    data = without(as_second(snapshot_as_json(stored)), "in_backup", "restored_at")
    data["commands"] = first(data["commands"])
    put(storage, STATION_KEY, 1, data)
    history = HISTORY.as_json(tuple(closed(2)))
    put(storage, HISTORY_KEY, 1, {"commands": first(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (stored, closed(2))


async def test_files_of_the_second_version_are_understood(
    core: HomeAssistant, storage: Path
) -> None:
    stored = replace(FULL, dispensed=(), chosen=())
    put(storage, STATION_KEY, 2, as_second(snapshot_as_json(stored)))
    history = HISTORY.as_json(tuple(closed(2)))
    put(storage, HISTORY_KEY, 2, {"commands": second(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (stored, closed(2))


async def test_a_station_of_the_third_version_is_understood(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 3, without(snapshot_as_json(FULL), "chosen"))

    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == replace(FULL, chosen=())


@pytest.mark.usefixtures("older")
async def test_a_step_that_was_taken_before_is_not_taken_again(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 3, rename("commands", "orders")(snapshot_as_json(FULL)))
    assert (await StationStore(core, ENTRY_ID).async_load())[0] == FULL


@pytest.mark.usefixtures("older")
async def test_the_old_files_stay_until_a_commit(
    core: HomeAssistant, storage: Path
) -> None:
    before = files(storage)
    await StationStore(core, ENTRY_ID).async_load()
    core.set_state(CoreState.stopping)
    await StationStore(core, ENTRY_ID).async_load()
    await core.async_stop(force=True)
    assert files(storage) == before


@pytest.mark.usefixtures("older")
async def test_a_commit_writes_the_newest_version(
    core: HomeAssistant, storage: Path
) -> None:
    store = StationStore(core, ENTRY_ID)
    snapshot, history = await store.async_load()
    await store.async_commit(snapshot)
    await store.async_write_history(history)
    assert minor_version(storage, STATION_KEY) == 5
    assert minor_version(storage, HISTORY_KEY) == 2
    assert await StationStore(core, ENTRY_ID).async_load() == (FULL, closed(2))


@pytest.mark.usefixtures("older")
async def test_an_older_version_refuses_what_a_migrated_one_wrote(
    core: HomeAssistant, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = StationStore(core, ENTRY_ID)
    snapshot, _ = await store.async_load()
    await store.async_commit(snapshot)
    monkeypatch.undo()
    with pytest.raises(StorageUnusable) as refusal:
        await StationStore(core, ENTRY_ID).async_load()
    assert refusal.value.reason == "newer"
    assert minor_version(storage, STATION_KEY) == 5


@pytest.mark.usefixtures("older")
async def test_what_migrates_to_nothing_sensible_is_corrupt_and_stays(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 1, {"jobs": []})
    before = (storage / STATION_KEY).read_bytes()
    with pytest.raises(StorageUnusable) as refusal:
        await StationStore(core, ENTRY_ID).async_load()
    assert refusal.value.reason == "corrupt"
    assert (storage / STATION_KEY).read_bytes() == before
