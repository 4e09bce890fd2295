"""The arm in which an older backup of the storage is put back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import shutil

from .deciding import decide_on_restore
from .plan import Answer, Deed, Plan
from .runs import Run, enumerated, meet
from .stand import Stand

TAKEN = "after the rename of the station file"
SECONDS_AGO = 600.0
SINCE_THE_BACKUP = 2


async def restored(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Take a backup of each state of the file, order on, and put the backup back.

    A run is five orders: the one in whose life the backup is taken; two that the backup
    does not know; one after the restart, before a person has answered what Home
    Assistant may ask; and one after that. The clock is ten minutes further on then.
    """
    backup = stand.folder.path / "backup"

    async def take() -> Answer:
        shutil.rmtree(backup, ignore_errors=True)
        backup.mkdir()
        for path in stand.stored.files():
            shutil.copy2(path, backup)
        return Answer()

    async def happen(plan: Plan, tag: int) -> str | None:
        asked = stand.control.expect(take)
        order = asyncio.ensure_future(stand.order(tag))
        point = await meet(stand, plan, tag, order)
        await order
        if point is None:
            return None
        await asked
        stand.folder.plan_nothing()
        await stand.rest()
        since = range(tag + 1, tag + 1 + SINCE_THE_BACKUP)
        for each in since:
            await stand.order(each)
            await stand.rest()
        await stand.home_assistant.kill()
        stand.forgotten |= set(since)
        _put_back(backup, stand)
        stand.put_clock_forward(SECONDS_AGO)
        await stand.start_home_assistant()
        await stand.order(since.stop)
        await decide_on_restore(stand)
        await stand.order(since.stop + 1)
        return point

    async for run in enumerated(arm, (stand,), Deed.ASK, happen, only=TAKEN):
        yield run


def _put_back(backup: Path, stand: Stand) -> None:
    for path in stand.stored.files():
        path.unlink()
    for path in backup.iterdir():
        shutil.copy2(path, stand.stored.folder)
