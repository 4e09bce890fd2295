"""What tests of the plan begin with."""

from __future__ import annotations

import pytest

from tests.engine.plan.feeders import Feeders


@pytest.fixture
def feeders() -> Feeders:
    """Return two feeders without a plan."""
    return Feeders()
