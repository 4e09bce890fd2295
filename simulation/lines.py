"""A record as lines for people, and what tells two records apart."""

from __future__ import annotations

import hashlib

from simulation.record import Entry


def digest(record: list[Entry]) -> str:
    """Return what tells two records apart."""
    found = hashlib.sha256()
    for entry in record:
        found.update(f"{type(entry).__name__}{tuple(entry)!r}\n".encode())
    return found.hexdigest()


def line(entry: Entry) -> str:
    """Return an entry as one line for a person."""
    fields = " ".join(
        f"{name}={_shown(value)}"
        for name, value in entry._asdict().items()
        if name not in ("at", "station")
    )
    where = f"{getattr(entry, 'station', '')}"
    return f"{entry.at:10.4f} {where:3} {type(entry).__name__:13} {fields}"


def _shown(value: object) -> str:
    if isinstance(value, bytes) and len(value) > _SHORT:
        return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:8]}>"
    return str(value)


_SHORT = 160
