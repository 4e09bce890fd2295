"""A process that ends in the middle of a commit leaves a whole file behind."""

from __future__ import annotations

from dataclasses import dataclass
import json
from pathlib import Path
import subprocess
import sys

import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.storage.store import StationStore

from .crash import DIED, KILLED_AFTER, REFUSED
from .samples import ENTRY_ID, NEW, OLD, home_assistant


@dataclass(frozen=True)
class Wreck:
    """What crashed processes left behind."""

    folder: Path
    ends: dict[str, int]
    said: dict[str, int]


@pytest.fixture(scope="module")
def wreck(tmp_path_factory: pytest.TempPathFactory) -> Wreck:
    folder = tmp_path_factory.mktemp("crash")
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.crash", str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        timeout=240,
    )
    return Wreck(folder, **json.loads(done.stdout))


@pytest.mark.parametrize(
    ("step", "end", "left"),
    [
        ("before the sync", DIED, OLD),
        ("before the rename", DIED, OLD),
        ("after the rename", DIED, NEW),
        ("short write", REFUSED, OLD),
    ],
)
async def test_a_process_that_ends_at_a_step_leaves_a_whole_file(
    wreck: Wreck, step: str, end: int, left: Snapshot
) -> None:
    assert wreck.ends[step] == end
    async with home_assistant(wreck.folder / step) as restarted:
        store = StationStore(restarted, ENTRY_ID)
        assert await store.async_load() == (left, [])
        await store.async_commit(NEW)
        assert await store.async_load() == (NEW, [])


@pytest.mark.parametrize("commits", KILLED_AFTER)
async def test_a_killed_process_leaves_all_that_it_had_said_to_be_stored(
    wreck: Wreck, commits: int
) -> None:
    last_said = wreck.said[str(commits)]
    assert last_said >= commits
    async with home_assistant(wreck.folder / str(commits)) as restarted:
        stored, _ = await StationStore(restarted, ENTRY_ID).async_load()
    assert stored.next_id in (last_said, last_said + 1)
    assert stored.commands == NEW.commands
