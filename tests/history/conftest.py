"""A history on a disk of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
import sqlite3

import pytest

from custom_components.mqtt_dispatch.history.schema import connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the history lies."""
    return tmp_path / ".storage" / "mqtt_dispatch.history.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection to a history that has just begun."""
    opened = connect(path)
    yield opened
    opened.close()
