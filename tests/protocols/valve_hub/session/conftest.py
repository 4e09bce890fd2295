"""A hub that is there, and answers without ids."""

from __future__ import annotations

import pytest

from tests.engine.hub import Hub


@pytest.fixture
def hub() -> Hub:
    """Return a hub that has named its nodes."""
    hub = Hub()
    hub.come_up()
    return hub
