"""The arm in which the history is damaged, gone, or of a newer version."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
import sqlite3

from scripts.parts.flows import DOMAIN
from scripts.parts.process import PartError

from .deciding import settle
from .runs import TAGS_A_RUN, Run, judged, unrecorded
from .stand import Stand
from .verdict import judge

NOISE = b"\xa5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfortune:
    """What befalls the file of the history."""

    name: str
    befall: Callable[[Path], None]
    issue: str = ""
    """Of what a person must be told."""
    running: bool = False
    """Whether it befalls it while Home Assistant has it open."""
    undo: Callable[[Path], None] | None = None
    """What makes it good again; None: what it had is lost."""


async def broken(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Let each misfortune befall the history, and see that the queue goes on.

    A run is three feeds. The line of the first stands in the history alone, that of the
    second in the file of the station, too. The third is given with the history broken:
    it must be fed, and told, and have its line once there is a history again.
    """
    for number, misfortune in enumerate(MISFORTUNES, 1):
        first = number * TAGS_A_RUN
        second, third = first + 1, first + 2
        stand.folder.plan_nothing()
        for tag in (first, second):
            await stand.order(tag)
            await stand.rest()
            await settle(stand)
        if not misfortune.running:
            await stand.home_assistant.kill()
            _complete(stand.stored.database)
        misfortune.befall(stand.stored.database)
        if misfortune.undo is None:
            # What is in the file of the station is brought to the history by a start.
            lost = {first, second} if misfortune.running else {first}
            stand.forgotten |= {tag for tag in stand.orders if tag < first} | lost
        if not misfortune.running:
            await stand.start_home_assistant()
        await stand.order(third)
        await stand.rest()
        meanwhile = judge(await stand.outcome(third))
        if misfortune.issue:
            await _said(stand, misfortune.issue)
        if misfortune.undo is not None:
            await stand.home_assistant.kill()
            misfortune.undo(stand.stored.database)
            await stand.start_home_assistant()
        await settle(stand)
        run = await judged(arm, (stand,), misfortune.name, number)
        verdicts = run.verdicts | meanwhile | unrecorded((stand,), run)
        yield replace(run, verdicts=verdicts)


async def _said(stand: Stand, issue: str) -> None:
    """Raise PartError if a person was not told of it."""
    listed = await stand.home_assistant.api.ask("repairs/list_issues")
    issues = [each["issue_id"] for each in listed["issues"] if each["domain"] == DOMAIN]
    if issue not in issues:
        raise PartError(f"Nobody was told of {issue}, but of {issues}")


def _complete(path: Path) -> None:
    """Have all that was written stand in the file itself."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _overwrite(begin: int) -> Callable[[Path], None]:
    def befall(path: Path) -> None:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(begin)
            file.write(NOISE * (size - begin))

    return befall


def _halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _remove(path: Path) -> None:
    for beside in path.parent.glob(f"{path.name}*"):
        beside.unlink()


def _to_version(change: int) -> Callable[[Path], None]:
    def befall(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {version + change}")

    return befall


_DAMAGED = "history_damaged"
_PAGE = 4096

MISFORTUNES = (
    Misfortune(
        name="all of it overwritten, Home Assistant down",
        befall=_overwrite(0),
        issue=_DAMAGED,
    ),
    Misfortune(
        name="all but its first page overwritten, Home Assistant down",
        befall=_overwrite(_PAGE),
        issue=_DAMAGED,
    ),
    Misfortune(
        name="cut in half, Home Assistant down",
        befall=_halve,
        issue=_DAMAGED,
    ),
    Misfortune(name="removed, Home Assistant down", befall=_remove),
    Misfortune(name="removed, Home Assistant running", befall=_remove, running=True),
    Misfortune(
        name="of a newer version, and put right again",
        befall=_to_version(1),
        issue="history_newer",
        undo=_to_version(-1),
    ),
)
