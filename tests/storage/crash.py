"""Commits in processes of their own that die, or are not let, at a given step.

`python -m tests.storage.crash FOLDER` gives each a configuration folder in `FOLDER`,
with `OLD` on disk, and prints as JSON how they ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
import json
import os
from pathlib import Path
import resource
import signal
import sys
import traceback
from typing import Any
from unittest.mock import patch

import atomicwrites
from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.storage.store import CommitError, StationStore

from .samples import ENTRY_ID, NEW, OLD

DIED = 77
REFUSED = 78
KILLED_AFTER = (1, 2, 5, 50, 200)
"""Commits."""
_BYTES_ALLOWED = 500
"""Less than what is to be written."""


def main(folder: Path) -> None:
    ends = {step: _end_of(folder / step, prepare) for step, prepare in STEPS.items()}
    said = {
        str(commits): _last_said(folder / str(commits), commits)
        for commits in KILLED_AFTER
    }
    json.dump({"ends": ends, "said": said}, sys.stdout)


def _end_of(config_dir: Path, prepare: Callable[[], None]) -> int:
    """Return the exit code of a process that wants to commit `NEW`."""

    def work() -> None:
        prepare()
        asyncio.run(_commit(config_dir, NEW))

    asyncio.run(_commit(config_dir, OLD))

    _, status = os.waitpid(_fork(work), 0)
    return os.waitstatus_to_exitcode(status)


def _last_said(config_dir: Path, commits: int) -> int:
    """Kill a process that commits without end; return the last commit it told of."""
    source, sink = os.pipe()
    child = _fork(lambda: asyncio.run(_commit_endlessly(config_dir, sink)))
    os.close(sink)
    with os.fdopen(source) as lines:
        said = [next(lines) for _ in range(commits)]
        os.kill(child, signal.SIGKILL)
        said += lines
    os.waitpid(child, 0)
    return int(said[-1])


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
    except CommitError:
        os._exit(REFUSED)
    except BaseException:  # noqa: BLE001 - a child must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


async def _commit(config_dir: Path, snapshot: Snapshot) -> None:
    hass = HomeAssistant(str(config_dir))
    await StationStore(hass, ENTRY_ID).async_commit(snapshot)


async def _commit_endlessly(config_dir: Path, sink: int) -> None:
    store = StationStore(HomeAssistant(str(config_dir)), ENTRY_ID)
    number = OLD.next_id
    while True:
        await store.async_commit(replace(NEW, next_id=number))
        os.write(sink, b"%d\n" % number)
        number += 1


def _die(*_: Any) -> None:
    os._exit(DIED)


def _die_before_the_sync() -> None:
    patch.object(atomicwrites, "_proper_fsync", _die).start()


def _die_before_the_rename() -> None:
    patch.object(os, "rename", _die).start()


def _die_after_the_rename() -> None:
    rename = os.rename

    def rename_and_die(source: str, target: str) -> None:
        rename(source, target)
        _die()

    patch.object(os, "rename", rename_and_die).start()


def _let_the_kernel_write_only_a_part() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_BYTES_ALLOWED, _BYTES_ALLOWED))


STEPS: dict[str, Callable[[], None]] = {
    "before the sync": _die_before_the_sync,
    "before the rename": _die_before_the_rename,
    "after the rename": _die_after_the_rename,
    "short write": _let_the_kernel_write_only_a_part,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
