"""A file that cannot be used is kept, and never looks like a first run."""

from __future__ import annotations

from collections.abc import Iterator
import copy
import errno
import json
import os
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION, Format
from custom_components.mqtt_dispatch.storage.store import (
    CommitError,
    StationStore,
    StorageUnusable,
)

from .samples import (
    ENTRY_ID,
    FULL,
    NEW,
    STATION_KEY,
    closed,
    command,
    files,
    home_assistant,
    past,
)

NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "zeros": bytes(4096),
    "cut short": b'{"version": 1, "minor_version": 1, "data": {"next_id": 4',
    "no UTF-8": b'{"version": 1, "data": "\xff"}',
    "nested beyond reason": b"[" * 100_000,
}
NOT_AN_ENVELOPE: dict[str, bytes] = {
    "an empty object": b"{}",
    "null": b"null",
    "a list": b"[]",
    "a number": b"5",
    "a text": b'"commands"',
    "no version": b'{"minor_version": 1, "data": {}}',
    "no data": b'{"version": 1, "minor_version": 1}',
    "null data": b'{"version": 1, "minor_version": 1, "data": null}',
    "list data": b'{"version": 1, "minor_version": 1, "data": []}',
    "empty data": b'{"version": 1, "minor_version": 1, "data": {}}',
    "text as version": b'{"version": "1", "minor_version": 1, "data": {}}',
    "null as version": b'{"version": null, "minor_version": 1, "data": {}}',
    "version 0": b'{"version": 0, "minor_version": 1, "data": {}}',
    "minor version 0": b'{"version": 1, "minor_version": 0, "data": {}}',
    "text as minor version": b'{"version": 1, "minor_version": "1", "data": {}}',
}
NEWER: dict[str, bytes] = {
    "major": b'{"version": 2, "minor_version": 1, "data": {"next_id": 4}}',
    "minor": b'{"version": 1, "minor_version": 99, "data": {"next_id": 4}}',
    "both": b'{"version": 12, "minor_version": 4, "data": null}',
}


def each(contents: dict[str, bytes]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("content", contents.values(), ids=contents.keys())


async def refusal(hass: HomeAssistant) -> StorageUnusable:
    with pytest.raises(StorageUnusable) as raised:
        await StationStore(hass, ENTRY_ID).async_load()
    return raised.value


async def put_both(store: StationStore) -> None:
    await store.async_commit(FULL)
    await store.async_write_history(past(2))


@each(NOT_JSON)
async def test_a_file_that_is_not_json_is_refused_at_every_start_and_kept(
    store: StationStore, storage: Path, tmp_path: Path, content: bytes
) -> None:
    await put_both(store)
    (storage / STATION_KEY).write_bytes(content)
    for _ in range(3):
        async with home_assistant(tmp_path) as restarted:
            unusable = await refusal(restarted)
            assert unusable.reason == "corrupt"
            assert files(storage)[unusable.path.rpartition("/")[2]] == content
            again = await refusal(restarted)
            assert (again.path, again.reason) == (unusable.path, "corrupt")


@each(NOT_AN_ENVELOPE)
async def test_json_that_is_not_ours_is_refused_and_stays(
    store: StationStore, core: HomeAssistant, storage: Path, content: bytes
) -> None:
    await put_both(store)
    (storage / STATION_KEY).write_bytes(content)
    unusable = await refusal(core)
    assert (unusable.path, unusable.reason) == (str(storage / STATION_KEY), "corrupt")
    assert (storage / STATION_KEY).read_bytes() == content
    assert set(files(storage)) == {STATION_KEY}


@each(NEWER)
async def test_a_newer_version_is_refused_and_stays(
    store: StationStore, core: HomeAssistant, storage: Path, content: bytes
) -> None:
    await put_both(store)
    (storage / STATION_KEY).write_bytes(content)
    unusable = await refusal(core)
    assert (unusable.path, unusable.reason) == (str(storage / STATION_KEY), "newer")
    assert (storage / STATION_KEY).read_bytes() == content
    assert set(files(storage)) == {STATION_KEY}


@pytest.mark.parametrize("version", [(0, 1), (0, 9), (-1, 1), (1, 0), (1, -1)])
async def test_a_version_that_never_was_is_refused_whatever_it_holds(
    store: StationStore, core: HomeAssistant, storage: Path, version: tuple[int, int]
) -> None:
    await store.async_commit(FULL)
    file = storage / STATION_KEY
    envelope = json.loads(file.read_bytes())
    envelope["version"], envelope["minor_version"] = version
    file.write_text(json.dumps(envelope))
    assert (await refusal(core)).reason == "corrupt"


JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "junk",
    [],
    {},
    [[]],
    {"a": 1},
)


def variants(node: Any) -> Iterator[Any]:
    """Yield JSON data with one part of it junk, missing, or one part more."""
    for junk in JUNK:
        if junk != node:
            yield junk
    match node:
        case dict():
            for key, value in node.items():
                yield {name: node[name] for name in node if name != key}
                yield from ({**node, key: variant} for variant in variants(value))
            yield {**node, "unknown": 1}
        case list():
            for index, value in enumerate(node):
                for variant in variants(value):
                    yield [*node[:index], variant, *node[index + 1 :]]


@pytest.mark.parametrize(
    ("content", "value"),
    [(STATION, FULL), (HISTORY, tuple(closed(1)))],
    ids=["station", "history"],
)
def test_data_are_understood_whole_or_not_at_all(
    content: Format[Any], value: Any
) -> None:
    """No part of a file is ever dropped, made up or bent into shape."""
    data = json.loads(json.dumps(content.as_json(value)))
    understood = tried = 0
    for variant in variants(data):
        tried += 1
        before = copy.deepcopy(variant)
        try:
            loaded = content.understand(variant)
        except (KeyError, TypeError, ValueError):
            continue
        understood += 1
        assert content.as_json(loaded) == before
    assert understood > 0
    assert tried > 400


async def test_one_ill_command_among_many_refuses_the_file(
    store: StationStore, core: HomeAssistant, storage: Path
) -> None:
    commands = tuple(command(number) for number in range(1, 101))
    await store.async_commit(Snapshot(next_id=101, commands=commands))
    file = storage / STATION_KEY
    envelope = json.loads(file.read_bytes())
    del envelope["data"]["commands"][50]["state"]
    file.write_text(json.dumps(envelope))
    assert (await refusal(core)).reason == "corrupt"


async def test_a_file_that_cannot_be_read_now_is_neither_corrupt_nor_a_first_run(
    core: HomeAssistant, storage: Path
) -> None:
    (storage / STATION_KEY).mkdir()
    with pytest.raises(HomeAssistantError):
        await StationStore(core, ENTRY_ID).async_load()
    with pytest.raises(HomeAssistantError):
        await StationStore(core, ENTRY_ID).async_set_aside()
    assert (storage / STATION_KEY).is_dir()


async def test_a_corrupt_file_on_a_read_only_disk_is_refused(
    core: HomeAssistant, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    (storage / STATION_KEY).write_bytes(b"")
    monkeypatch.setattr(os, "rename", read_only)
    unusable = await refusal(core)
    assert unusable.reason == "corrupt"
    assert Path(unusable.path) == storage / STATION_KEY
    with pytest.raises(CommitError):
        await StationStore(core, ENTRY_ID).async_set_aside()
    assert (storage / STATION_KEY).read_bytes() == b""


async def test_a_file_restored_in_place_of_a_corrupt_one_is_loaded(
    store: StationStore, core: HomeAssistant, storage: Path
) -> None:
    await put_both(store)
    backup = (storage / STATION_KEY).read_bytes()
    (storage / STATION_KEY).write_bytes(b"")
    await refusal(core)
    (storage / STATION_KEY).write_bytes(backup)
    assert await StationStore(core, ENTRY_ID).async_load() == (FULL, closed(2))


@each(NOT_JSON | NOT_AN_ENVELOPE | NEWER)
async def test_set_aside_keeps_the_file_and_begins_anew_in_its_place(
    store: StationStore, storage: Path, tmp_path: Path, content: bytes
) -> None:
    await put_both(store)
    (storage / STATION_KEY).write_bytes(content)
    async with home_assistant(tmp_path) as restarted:
        await refusal(restarted)
        name = await StationStore(restarted, ENTRY_ID).async_set_aside()
    assert name is not None
    assert name.startswith(f"{STATION_KEY}.")
    assert (storage / name).read_bytes() == content
    async with home_assistant(tmp_path) as restarted:
        loaded = await StationStore(restarted, ENTRY_ID).async_load()
    assert loaded == (Snapshot(), closed(2))


async def test_set_aside_does_not_touch_what_can_be_used(
    store: StationStore, core: HomeAssistant, storage: Path
) -> None:
    await put_both(store)
    before = files(storage)
    assert await StationStore(core, ENTRY_ID).async_set_aside() is None
    assert files(storage) == before


async def test_set_aside_does_not_count_a_first_run_as_unusable(
    store: StationStore, storage: Path
) -> None:
    assert await store.async_set_aside() is None
    assert files(storage) == {}


async def test_what_was_set_aside_before_does_not_refuse_a_later_start(
    store: StationStore, core: HomeAssistant, storage: Path
) -> None:
    for content in (b"", NEWER["minor"], b"", NEWER["major"]):
        (storage / STATION_KEY).write_bytes(content)
        assert await StationStore(core, ENTRY_ID).async_set_aside()
    assert await StationStore(core, ENTRY_ID).async_load() == (Snapshot(), [])
    await store.async_commit(NEW)
    assert await StationStore(core, ENTRY_ID).async_load() == (NEW, [])
    assert len(files(storage)) == 5


async def test_set_aside_on_a_full_disk_says_so_and_loses_nothing(
    core: HomeAssistant, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (storage / STATION_KEY).write_bytes(b"evidence")
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.mkstemp", full)
        with pytest.raises(CommitError):
            await StationStore(core, ENTRY_ID).async_set_aside()
    assert list(files(storage).values()) == [b"evidence"]
    await StationStore(core, ENTRY_ID).async_set_aside()
    assert await StationStore(core, ENTRY_ID).async_load() == (Snapshot(), [])
