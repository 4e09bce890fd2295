"""Points at the history: each write of it, each half of one, its commit."""

from __future__ import annotations

import sqlite3

from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history import database

from .files import fail_if_told
from .points import Points

NAME = "write"
"""What writes, where it is called."""
WRITE = "write of the history"
_WITHIN = {
    "INSERT OR REPLACE INTO commands": f"in the middle of the {WRITE}",
    "COMMIT": f"before the commit of the {WRITE}",
}


def install(points: Points) -> None:
    """Count points at the history from now on."""
    write = getattr(database, NAME)

    def watched(connection: sqlite3.Connection, entry_id: str, past: Past) -> None:
        def trace(statement: str) -> None:
            for begin, name in _WITHIN.items():
                if statement.startswith(begin):
                    points.reach(f"{name} ({_describe(past)})")

        points.reach(f"before the {WRITE} ({_describe(past)})")
        fail_if_told(points)
        connection.set_trace_callback(trace)
        try:
            write(connection, entry_id, past)
        finally:
            connection.set_trace_callback(None)
        points.reach(f"after the {WRITE} ({_describe(past)})")

    setattr(database, NAME, watched)


def _describe(past: Past) -> str:
    """Return what is written of the newest command, in a few words."""
    if not past.commands:
        return "no command"
    newest = past.commands[-1]
    states = [str(delivery.state) for delivery in newest.deliveries]
    return f"{newest.state}: {', '.join(states)}"
