"""What tests of cameras begin with."""

from __future__ import annotations

import pytest

from .playing import Camera


@pytest.fixture
def camera() -> Camera:
    """A camera that was never heard, of the maker's paper, that wakes each hour."""
    return Camera(cron="0 * * * *")


@pytest.fixture
def newer() -> Camera:
    """A camera of newer firmware."""
    camera = Camera(cron="0 * * * *")
    camera.family = "ESP32CAM"
    return camera
