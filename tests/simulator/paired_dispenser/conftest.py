"""Skips what needs a compiler where there is none."""

from __future__ import annotations

import shutil

import pytest

COMPILERS = ("g++", "clang++")


@pytest.fixture
def compiler() -> None:
    """Skip the test where the library of `firmware/` cannot be compiled."""
    if not any(map(shutil.which, COMPILERS)):
        pytest.skip(f"no C++ compiler: none of {', '.join(COMPILERS)}")
