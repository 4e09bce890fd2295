"""The hook, in a process that writes a station's file as Home Assistant does."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from pathlib import Path
import signal
import subprocess
import sys

import pytest
import pytest_socket

from scripts.matrix.control import Control
from scripts.matrix.hooks.clock import Clock
from scripts.matrix.hooks.home_assistant import replaced
from scripts.matrix.hooks.points import Points
from scripts.matrix.itinerary import reached
from scripts.matrix.plan import FOLDER_VARIABLE, Answer, Deed, Folder, Plan
from scripts.parts.process import REPOSITORY

WRITER = """\
import sys
from scripts.matrix.hooks import files
from scripts.matrix.hooks.points import from_environment

points = from_environment()
files.install(points)
from atomicwrites import AtomicWriter

points.begin()
try:
    with AtomicWriter(sys.argv[1], mode="wb", overwrite=True).open() as file:
        file.write(sys.argv[2].encode())
except OSError as error:
    print(error.errno)
print(points.clock.time())
"""
OLD, NEW = "old", "new"
LIFE = [
    "before a temporary station file is made",
    "before the write of the station file (sent: sent, pending)",
    "in the middle of the write of the station file (sent: sent, pending)",
    "after the write of the station file (sent: sent, pending)",
    "before the fsync of the station file (sent: sent, pending)",
    "after the fsync of the station file (sent: sent, pending)",
    "before the rename of the station file (sent: sent, pending)",
    "after the rename of the station file (sent: sent, pending)",
    "before the fsync of the folder of the station file (sent: sent, pending)",
    "after the fsync of the folder of the station file (sent: sent, pending)",
]
RENAMED = LIFE.index("after the rename of the station file (sent: sent, pending)") + 1


def content(text: str) -> str:
    """Return a file of a station with a command that bears this text."""
    deliveries = [{"state": "sent"}, {"state": "pending"}]
    command = {"id": 1, "state": "sent", "deliveries": deliveries, "text": text}
    return json.dumps({"data": {"commands": [command]}})


@pytest.fixture(autouse=True)
def _sockets() -> None:
    pytest_socket.enable_socket()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """What the matrix and the hook agree on."""
    path = tmp_path / "hook"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a station, with what it held before."""
    path = tmp_path / ".storage" / "mqtt_dispatch.1234"
    path.parent.mkdir()
    path.write_text(content(OLD), encoding="utf-8")
    return path


def write(
    folder: Folder, file: Path, writer: str = WRITER
) -> subprocess.CompletedProcess[str]:
    """Have a process with the hook write the file."""
    return subprocess.run(
        [sys.executable, "-c", writer, str(file), content(NEW)],
        cwd=REPOSITORY,
        env={**os.environ, FOLDER_VARIABLE: str(folder.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_step_of_a_write_is_a_point(folder: Folder, file: Path) -> None:
    folder.write_plan(Plan(99, Deed.KILL))
    assert write(folder, file).returncode == 0
    assert folder.passed() == LIFE


@pytest.mark.parametrize("point", range(1, len(LIFE) + 1))
def test_a_kill_stops_the_process_at_just_that_point(
    folder: Folder, file: Path, point: int
) -> None:
    folder.write_plan(Plan(point, Deed.KILL))
    assert write(folder, file).returncode == -signal.SIGKILL
    assert folder.passed() == LIFE[:point]
    held = NEW if point >= RENAMED else OLD
    assert file.read_text(encoding="utf-8") == content(held)


def test_a_full_disk_is_felt_by_the_write(folder: Folder, file: Path) -> None:
    folder.write_plan(Plan(99, Deed.KILL))
    folder.disk_error.write_text(str(errno.ENOSPC), encoding="utf-8")
    assert write(folder, file).stdout.startswith(f"{errno.ENOSPC}\n")
    assert file.read_text(encoding="utf-8") == content(OLD)


@pytest.mark.parametrize("counted", ["", "; points.begin(); points.begin()"])
def test_what_else_is_ordered_under_a_plan_goes_on_counting(
    folder: Folder, file: Path, counted: str
) -> None:
    folder.write_plan(Plan(len(LIFE) + 1, Deed.KILL))
    twice = WRITER.replace("points.begin()", f"points.begin(){counted}")
    twice = twice.replace("print(points", "points.begin(); points.reach('on')#")
    assert write(folder, file, twice).returncode == -signal.SIGKILL
    assert folder.passed() == [*LIFE, "on"]


@pytest.mark.parametrize("at_start", [True, False])
def test_a_start_is_counted_only_if_it_is_planned(
    folder: Folder, file: Path, *, at_start: bool
) -> None:
    folder.write_plan(Plan(99, Deed.KILL, at_start=at_start))
    started = WRITER.replace("points.begin()", "points.begin_at_start()")
    assert write(folder, file, started).returncode == 0
    assert folder.passed() == (LIFE if at_start else [])


def test_what_is_shortened_for_the_matrix_still_has_that_name(folder: Folder) -> None:
    missing = [
        f"{module.__name__}.{name}"
        for module, name, _ in replaced(Points(folder, Clock(0.0)))
        if not hasattr(module, name)
    ]
    assert missing == []


def test_nothing_is_counted_where_nothing_is_planned(
    folder: Folder, file: Path
) -> None:
    folder.plan_nothing()
    assert write(folder, file).returncode == 0
    assert folder.passed() == []


def test_a_plan_that_was_taken_back_is_not_carried_out(
    folder: Folder, file: Path
) -> None:
    folder.write_plan(Plan(len(LIFE), Deed.KILL))
    written = WRITER.replace(
        "        file.write", "        points.folder.plan_nothing()\n        file.write"
    )
    assert write(folder, file, written).returncode == 0
    assert folder.passed() == LIFE


async def test_a_process_that_asks_waits_for_its_answer(
    folder: Folder, file: Path
) -> None:
    plan = Plan(1, Deed.ASK, "after the rename")
    folder.write_plan(plan)

    async def deed() -> Answer:
        assert reached(plan, folder.passed()) == LIFE[RENAMED - 1]
        return Answer(clock_ahead=1e9)

    async with Control(folder) as control:
        asked = control.expect(deed)
        ended = await asyncio.to_thread(write, folder, file)
    assert await asked == LIFE[RENAMED - 1]
    assert float(ended.stdout) > 2.5e9
