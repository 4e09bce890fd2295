"""What was committed is on disk, whole, alone, in order; and it is read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
import gc
import json
import math
import os
from pathlib import Path
import shutil
import stat
import threading
from typing import Any

import atomicwrites
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.file import write_utf8_file_atomic
import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    snapshot_as_json,
)
from custom_components.mqtt_dispatch.history.database import async_history
from custom_components.mqtt_dispatch.history.reader import one
from custom_components.mqtt_dispatch.storage import store as store_module
from custom_components.mqtt_dispatch.storage.store import CommitError, StationStore

from .samples import (
    DATABASE,
    ENTRY_ID,
    FULL,
    HISTORY_KEY,
    NEW,
    OLD,
    STATION_KEY,
    closed,
    command,
    files,
    home_assistant,
    past,
)


async def test_a_first_run_is_empty_and_writes_nothing(
    store: StationStore, storage: Path
) -> None:
    assert await store.async_load() == (Snapshot(), [])
    assert files(storage) == {}
    assert store.writes == 0


async def test_every_field_comes_back(
    store: StationStore, core: HomeAssistant, tmp_path: Path
) -> None:
    await store.async_commit(FULL)
    await store.async_write_history(past(3))
    async with home_assistant(tmp_path) as restarted:
        loaded = await StationStore(restarted, ENTRY_ID).async_load()
    assert loaded == (FULL, closed(3))


async def test_a_thousand_open_commands_come_back(
    store: StationStore, core: HomeAssistant
) -> None:
    full_queue = Snapshot(
        next_id=1001, commands=tuple(command(number) for number in range(1, 1001))
    )
    await store.async_commit(full_queue)
    assert (await StationStore(core, ENTRY_ID).async_load())[0] == full_queue


async def test_the_history_holds_all_that_was_given_to_it(
    store: StationStore, core: HomeAssistant
) -> None:
    """Who hears that it is written takes all of it for archived."""
    await store.async_write_history(past(1003))
    _, history = await StationStore(core, ENTRY_ID).async_load()
    assert [command.id for command in history] == list(range(4, 1004))
    found = await async_history(core).async_read(one, ENTRY_ID, 1)
    assert found == closed(1)[0]


async def test_what_was_written_after_the_start_is_found_by_a_reload(
    store: StationStore, core: HomeAssistant
) -> None:
    """The core listed the folder when neither file was there."""
    await store.async_load()
    await store.async_commit(NEW)
    await store.async_write_history(past(1))
    assert await StationStore(core, ENTRY_ID).async_load() == (NEW, closed(1))


async def test_the_envelope_is_that_of_home_assistant(
    store: StationStore, core: HomeAssistant, storage: Path, tmp_path: Path
) -> None:
    await store.async_commit(FULL)
    async with home_assistant(tmp_path) as restarted:
        plain: Store[dict[str, Any]] = Store(restarted, 1, STATION_KEY)
        loaded = await plain.async_load()
        assert loaded is not None
        by_commit = json.loads((storage / STATION_KEY).read_bytes())
        await plain.async_save(loaded)
        by_core = json.loads((storage / STATION_KEY).read_bytes())
    assert by_commit == by_core


@pytest.mark.parametrize("state", [CoreState.stopping, CoreState.final_write])
async def test_a_commit_while_home_assistant_stops_is_on_disk(
    store: StationStore, core: HomeAssistant, storage: Path, state: CoreState
) -> None:
    core.set_state(state)
    await store.async_commit(NEW)
    await store.async_write_history(past(1))
    station = json.loads((storage / STATION_KEY).read_bytes())["data"]
    assert station == snapshot_as_json(NEW)
    found = await async_history(core).async_read(one, ENTRY_ID, 1)
    assert [found] == closed(1)


async def test_a_commit_made_during_the_stop_event_is_on_disk_after_the_stop(
    tmp_path: Path, storage: Path
) -> None:
    async with home_assistant(tmp_path) as stopping:
        store = StationStore(stopping, ENTRY_ID)
        await store.async_commit(OLD)

        async def commit(_: Event[Any]) -> None:
            await store.async_commit(NEW)

        stopping.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, commit)
    async with home_assistant(tmp_path) as restarted:
        assert (await StationStore(restarted, ENTRY_ID).async_load())[0] == NEW


async def test_only_the_owner_may_read(store: StationStore, storage: Path) -> None:
    for key in (STATION_KEY, DATABASE):
        (storage / key).touch(mode=0o644)
    await store.async_commit(NEW)
    await store.async_write_history(past(1))
    for key in (STATION_KEY, DATABASE):
        assert stat.S_IMODE((storage / key).stat().st_mode) == 0o600


async def test_all_of_it_is_synced_before_the_rename_and_the_rename_before_the_return(
    store: StationStore, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path == storage:
            steps.append("folder synced")
        else:
            whole = json.loads(path.read_bytes())["key"] == STATION_KEY
            steps.append(f"whole file synced: {whole}")

    def rename(source: str, target: str) -> None:
        real_rename(source, target)
        steps.append(f"renamed to {Path(target).name}")

    monkeypatch.setattr(atomicwrites, "_proper_fsync", fsync)
    monkeypatch.setattr(atomicwrites.os, "rename", rename)
    await store.async_commit(FULL)
    assert steps == [
        "whole file synced: True",
        f"renamed to {STATION_KEY}",
        "folder synced",
    ]


@dataclass
class Gate:
    """Holds the writes of the store up until it is opened, and watches them."""

    real: Callable[..., None]
    held: str = STATION_KEY
    entered: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(value=0)
    )
    opened: threading.Event = field(default_factory=threading.Event)
    writing: int = 0
    most_at_once: int = 0
    threads: set[int] = field(default_factory=set)

    def write(self, path: str, *args: Any, **kwargs: Any) -> None:
        if not path.endswith(self.held):
            self.real(path, *args, **kwargs)
            return
        self.threads.add(threading.get_ident())
        self.writing += 1
        self.most_at_once = max(self.most_at_once, self.writing)
        self.entered.release()
        assert self.opened.wait(10), "the test did not open the gate"
        self.real(path, *args, **kwargs)
        self.writing -= 1

    async def async_entered(self) -> None:
        """Wait until a write has begun."""
        begun = await asyncio.get_running_loop().run_in_executor(
            None, lambda: self.entered.acquire(timeout=10)
        )
        assert begun, "no write began"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate(write_utf8_file_atomic)
    monkeypatch.setattr(store_module, "write_utf8_file_atomic", gate.write)
    return gate


async def test_commits_write_one_at_a_time_and_the_last_one_stays(
    store: StationStore, core: HomeAssistant, gate: Gate
) -> None:
    commits = [
        asyncio.create_task(store.async_commit(replace(NEW, next_id=number)))
        for number in range(10, 20)
    ]
    await gate.async_entered()
    gate.opened.set()
    await asyncio.gather(*commits)
    assert gate.most_at_once == 1
    assert (await store.async_load())[0].next_id == 19
    assert store.writes == 10


async def test_the_loop_runs_while_a_commit_is_written(
    store: StationStore, gate: Gate
) -> None:
    commit = asyncio.create_task(store.async_commit(NEW))
    await gate.async_entered()
    assert not commit.done()
    gate.opened.set()
    await commit
    assert threading.get_ident() not in gate.threads


async def test_a_commit_that_is_given_up_never_overwrites_a_later_one(
    store: StationStore, gate: Gate
) -> None:
    given_up = asyncio.create_task(store.async_commit(OLD))
    await gate.async_entered()
    for _ in range(2):
        given_up.cancel()
        await asyncio.sleep(0)
    later = asyncio.create_task(store.async_commit(NEW))
    await asyncio.sleep(0)
    assert not given_up.done(), "it left while its thread was still writing"
    gate.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    await later
    assert gate.most_at_once == 1
    assert (await store.async_load())[0] == NEW


async def test_a_stop_of_home_assistant_ends_no_commit_before_its_write(
    core: HomeAssistant, store: StationStore, gate: Gate
) -> None:
    committing = asyncio.create_task(store.async_commit(NEW))
    await gate.async_entered()
    begun = asyncio.Event()
    core.bus.async_listen_once(
        EVENT_HOMEASSISTANT_STOP, callback(lambda _: begun.set())
    )
    stopping = asyncio.create_task(core.async_stop(force=True))
    await begun.wait()
    assert not committing.done(), "it ended while its thread was still writing"
    gate.opened.set()
    await committing
    await stopping


async def test_a_failed_commit_that_is_given_up_stays_silent(
    store: StationStore, gate: Gate
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no")

    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: complaints.append(context)
    )
    gate.real = fail
    given_up = asyncio.create_task(store.async_commit(OLD))
    await gate.async_entered()
    given_up.cancel()
    gate.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    del given_up
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []


async def test_a_slow_history_does_not_hold_up_a_commit(
    store: StationStore, core: HomeAssistant
) -> None:
    database = async_history(core)
    await database.async_hold()
    history = asyncio.create_task(store.async_write_history(past(2)))
    await store.async_commit(NEW)
    assert not history.done()
    database.release()
    await history
    assert await store.async_load() == (NEW, closed(2))


@pytest.mark.parametrize(
    "unstorable",
    [
        pytest.param(replace(command(8), params={"x": object()}), id="no JSON"),
        pytest.param(replace(command(8), params={"x": 2**64}), id="too big a number"),
        pytest.param(
            replace(command(8), params={"x": "\ud800"}), id="half a character"
        ),
        pytest.param(replace(command(8), created_at=math.nan), id="not a number"),
        pytest.param(replace(command(8), created_at=math.inf), id="infinity"),
    ],
)
async def test_what_the_next_start_could_not_read_is_not_written(
    store: StationStore, unstorable: Any
) -> None:
    await store.async_commit(OLD)
    with pytest.raises(CommitError):
        await store.async_commit(replace(NEW, commands=(command(7), unstorable)))
    assert store.writes == 1
    assert (await store.async_load())[0] == OLD


async def test_removal_leaves_no_file_of_the_station_and_all_of_the_others(
    store: StationStore, core: HomeAssistant, storage: Path
) -> None:
    others = {"core.config", f"{STATION_KEY}1", f"{STATION_KEY}1.history"}
    for name in (
        *others,
        f"{STATION_KEY}.corrupt.2026-01-01T00:00:00+00:00",
        f"{HISTORY_KEY}.corrupt.2026-01-01T00:00:00+00:00",
        f"{STATION_KEY}.set_aside.2026-01-01T00:00:00+00:00",
        f"{HISTORY_KEY}.set_aside.2026-01-01T00:00:00+00:00",
    ):
        (storage / name).touch()
    await store.async_commit(NEW)
    await store.async_write_history(past(1))
    await StationStore(core, ENTRY_ID).async_remove()
    assert set(files(storage)) == others
    assert (await StationStore(core, ENTRY_ID).async_load())[1] == []


async def test_removal_of_what_was_never_stored_is_nothing(
    store: StationStore, storage: Path
) -> None:
    await store.async_remove()
    assert files(storage) == {}


async def test_a_folder_that_is_not_there_is_made(
    store: StationStore, storage: Path
) -> None:
    shutil.rmtree(storage)
    await store.async_commit(NEW)
    assert (await store.async_load())[0] == NEW
