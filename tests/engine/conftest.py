"""What most tests of the engine begin with."""

from __future__ import annotations

import pytest

from tests.engine.driver import Driver


@pytest.fixture
def kitchen() -> Driver:
    """Return a station of two nodes, connected, both ready and reporting so."""
    driver = Driver()
    driver.all_ready()
    return driver
