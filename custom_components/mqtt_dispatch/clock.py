"""The clocks of the machine, for an engine that has none."""

from __future__ import annotations

import time

from .engine.model.clock import Now


def now() -> Now:
    """Read both."""
    return Now(wall=time.time(), steady=time.monotonic())
