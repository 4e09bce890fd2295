"""What tests of the hub begin with."""

from __future__ import annotations

import pytest

from .playing import Hub


@pytest.fixture
def hub() -> Hub:
    """A hub that is there."""
    return Hub()
