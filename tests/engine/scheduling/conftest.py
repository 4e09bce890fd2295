"""What tests of the queue begin with."""

from __future__ import annotations

import pytest

from tests.engine.driver import Driver


@pytest.fixture
def offline() -> Driver:
    """Return a station that is not connected."""
    return Driver()
