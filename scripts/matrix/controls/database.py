"""Points at the writes of a queue that keeps its orders in SQLite."""

from __future__ import annotations

import re
import sqlite3
from typing import Any, override

from scripts.matrix.hooks.points import Points

WRITING = re.compile(
    r"^\s*(insert|update|delete)\b.*?\b(task|kv|schedule|orders)\b", re.DOTALL
)


def install(points: Points) -> None:
    """Count a point before and after each commit that changes something."""

    class Watched(sqlite3.Connection):
        """A connection whose commits are points."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._written: str | None = None
            self.set_trace_callback(self._trace)

        @override
        def commit(self) -> None:
            written, self._written = self._written, None
            if written is None:
                super().commit()
                return
            points.reach(f"before the commit of the {written}")
            super().commit()
            points.reach(f"after the commit of the {written}")

        def _trace(self, statement: str) -> None:
            if found := WRITING.match(statement):
                self._written = f"{found[1]} ({found[2]})"

    connect = sqlite3.connect

    def watched_connect(*args: Any, **options: Any) -> sqlite3.Connection:
        return connect(*args, factory=Watched, **options)

    sqlite3.connect = watched_connect  # type: ignore[assignment]
