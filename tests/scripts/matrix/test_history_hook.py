"""The hook at the history, in a process that writes it as Home Assistant does."""

from __future__ import annotations

import errno
import os
from pathlib import Path
import signal
import subprocess
import sys

import pytest

from custom_components.mqtt_dispatch.history.reader import one
from custom_components.mqtt_dispatch.history.schema import connect
from scripts.matrix.plan import FOLDER_VARIABLE, Deed, Folder, Plan
from scripts.parts.process import REPOSITORY
from tests.history.ended import KITCHEN, ended

WRITER = """\
import sys
from pathlib import Path
from scripts.matrix.hooks import history
from scripts.matrix.hooks.points import from_environment

points = from_environment()
history.install(points)
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history import database
from custom_components.mqtt_dispatch.history.schema import connect
from tests.history.ended import KITCHEN, ended

connection = connect(Path(sys.argv[1]))
points.begin()
try:
    database.write(connection, KITCHEN, Past(commands=(ended(1),)))
    database.write(connection, KITCHEN, Past())
except OSError as error:
    print(error.errno)
connection.close()
"""
LIFE = [
    "before the write of the history (succeeded: done, done)",
    "in the middle of the write of the history (succeeded: done, done)",
    "before the commit of the write of the history (succeeded: done, done)",
    "after the write of the history (succeeded: done, done)",
    "before the write of the history (no command)",
    "before the commit of the write of the history (no command)",
    "after the write of the history (no command)",
]
WRITTEN = LIFE.index("after the write of the history (succeeded: done, done)") + 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the history lies."""
    return tmp_path / "mqtt_dispatch.history.db"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """What the matrix and the hook agree on."""
    path = tmp_path / "hook"
    path.mkdir()
    return Folder(path)


def _lived(folder: Folder, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WRITER, str(path)],
        cwd=REPOSITORY,
        env={**os.environ, FOLDER_VARIABLE: str(folder.path)},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("point", [2, 3, 4, len(LIFE) + 1])
def test_a_kill_at_any_point_leaves_all_of_a_write_or_nothing(
    folder: Folder, path: Path, point: int
) -> None:
    folder.write_plan(Plan(point, Deed.KILL))
    life = _lived(folder, path)

    is_killed = point <= len(LIFE)
    assert life.returncode == (-signal.SIGKILL if is_killed else 0), life.stderr
    assert folder.passed() == LIFE[:point]
    left = connect(path)
    assert (one(left, KITCHEN, 1) == ended(1)) is (point >= WRITTEN)
    left.close()


def test_a_disk_that_fails_fails_the_write(folder: Folder, path: Path) -> None:
    folder.write_plan(Plan(99, Deed.KILL))
    folder.disk_error.write_text(str(errno.ENOSPC), encoding="utf-8")
    life = _lived(folder, path)

    assert life.stdout == f"{errno.ENOSPC}\n", life.stderr
    left = connect(path)
    assert one(left, KITCHEN, 1) is None
    left.close()
