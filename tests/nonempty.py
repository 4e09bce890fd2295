"""Loops in which a test judges: of nothing, everything is true."""

from __future__ import annotations

from collections.abc import Iterable


def some[T](items: Iterable[T]) -> list[T]:
    """Return what there is to judge. A test that finds nothing fails."""
    found = [*items]
    assert found, "there is nothing to judge"
    return found
