"""What is published for a station, and what becomes of it where that fails."""

from __future__ import annotations

import logging
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.mqtt_dispatch.broker.link import Link

from ..conftest import SetUp
from ..others import GREENHOUSES, Greenhouse


async def test_an_answer_that_cannot_be_published_is_noted_and_raises_nothing(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.mqtt_dispatch")
    await set_up(**GREENHOUSES)
    node = Greenhouse(hass, mqtt_mock)
    await node.tell_all()
    question = {"message_type": "time_request", "uptime": 0}
    with patch.object(Link, "async_publish", side_effect=HomeAssistantError("full")):
        await node.publish("hydro/time/request", question)
        await hass.async_block_till_done(wait_background_tasks=True)

    assert "Glasshouse: publishing on hydro/time/response: full" in caplog.text
