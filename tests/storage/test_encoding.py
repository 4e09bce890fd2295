"""What the next start could not read is not written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.storage.encoding import Encoder
from custom_components.mqtt_dispatch.storage.migrations import STATION

from .samples import FULL


def test_an_id_that_stands_twice_is_not_written() -> None:
    (command, *_) = FULL.commands
    twice = replace(FULL, commands=(command, replace(command, created_at=1.0)))

    with pytest.raises(ValueError, match="an id twice"):
        Encoder("station", STATION).encode(twice)
