"""What people choose beforehand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """How much is given when nobody says how much."""

    node: str | None
    """None: by the whole station."""
    what: str
    amount: float
