"""What tests of deliveries begin with."""

from __future__ import annotations

import pytest

from tests.engine.delivery.stepped import a_driver
from tests.engine.driver import Driver


@pytest.fixture
def feeder() -> Driver:
    """Return a station whose commands are made of three messages."""
    return a_driver()
