"""A history on a disk of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
import sqlite3

import pytest

from custom_components.mqtt_dispatch.history.schema import connect


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection to a history that has just begun."""
    opened = connect(tmp_path / ".storage" / "history.db")
    yield opened
    opened.close()
