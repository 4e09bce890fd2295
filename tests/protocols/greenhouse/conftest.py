"""What tests of greenhouse nodes begin with."""

from __future__ import annotations

import pytest

from .playing import Node


@pytest.fixture
def node() -> Node:
    """A node at its place that was heard."""
    there = Node()
    there.beat(1000)
    return there
