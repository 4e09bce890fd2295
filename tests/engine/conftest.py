"""What most tests of the engine begin with."""

from __future__ import annotations

import pytest

from tests.engine.driver import Driver
from tests.engine.hub import Hub


@pytest.fixture
def kitchen() -> Driver:
    """Return a station of two nodes, connected, both ready and reporting so."""
    driver = Driver()
    driver.all_ready()
    return driver


@pytest.fixture
def hub() -> Hub:
    """Return a hub that is there and has been asked for its nodes."""
    hub = Hub()
    hub.come_up()
    return hub
