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
import sqlite3
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
except sqlite3.OperationalError as error:
    print(error)
connection.close()
"""
_DONE, _NONE = (
    f"the write of the history ({what})"
    for what in ("succeeded: done, done", "no command")
)
LIFE = [
    f"before {_DONE}",
    f"before the deliveries of a command go in {_DONE}",
    f"before a command comes in {_DONE}",
    f"before a delivery comes in {_DONE}",
    f"before a delivery comes again in {_DONE}",
    f"before the commit in {_DONE}",
    f"after {_DONE}",
    f"before {_NONE}",
    f"before the commit in {_NONE}",
    f"after {_NONE}",
]
WRITTEN = LIFE.index(f"after {_DONE}") + 1


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


@pytest.mark.parametrize("point", [2, 4, WRITTEN - 1, WRITTEN, len(LIFE) + 1])
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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errno.ENOSPC, f"{errno.ENOSPC}\n"),
        (errno.EROFS, "attempt to write a readonly database\n"),
    ],
)
def test_a_disk_that_fails_fails_the_write(
    folder: Folder, path: Path, error: int, said: str
) -> None:
    folder.write_plan(Plan(99, Deed.KILL))
    folder.disk_error.write_text(str(error), encoding="utf-8")
    life = _lived(folder, path)

    assert life.stdout == said, life.stderr
    left = connect(path)
    assert one(left, KITCHEN, 1) is None
    left.close()
