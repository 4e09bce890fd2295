"""What tests of images begin with."""

from __future__ import annotations

import pytest

from .images_alone import ImagesAlone


@pytest.fixture
def desk() -> ImagesAlone:
    """Return the images of a station, with nothing under way."""
    return ImagesAlone()
