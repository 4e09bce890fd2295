"""Images: in parts of any order, whole or said not to be, and shown as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.esp32_cam.unpacking import LONG

from .calls import attribute, shown, use
from .conftest import SetUp
from .nodes import pass_time, settled
from .others import GARDEN, MAC, Camera

IMAGE = "image.garden_pond_image"
JPEG = [b"\xff\xd8\xff first ", b"second ", b"third"]
PNG = [b"\x89PNG first ", b"second"]
TAKEN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def garden(set_up: SetUp) -> MockConfigEntry:
    """A station with a camera that has not called in yet."""
    return await set_up(**GARDEN)


@pytest.fixture
def camera(hass: HomeAssistant, garden: MockConfigEntry, mqtt_mock: Any) -> Camera:
    """The camera, played by hand."""
    return Camera(hass, mqtt_mock)


async def send(
    camera: Camera, name: str, parts: list[bytes], *order: int, **more: Any
) -> None:
    await camera.describe(
        image_name=name,
        total_chunks_count=len(parts),
        capture_timestamp=TAKEN.isoformat(),
        **more,
    )
    for number in order or range(len(parts)):
        await camera.send_part(name, number, parts[number])


async def test_an_image_is_asked_for_as_the_camera_wakes_and_shown_as_it_is(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    camera: Camera,
    hass_client: ClientSessionGenerator,
) -> None:
    client = await hass_client()
    url = f"/api/image_proxy/{IMAGE}"
    assert (await client.get(url)).status == HTTPStatus.INTERNAL_SERVER_ERROR

    await use(hass, "button.press", "button.garden_pond_capture_image")
    await settled(hass, garden.runtime_data)
    assert camera.sent() == []
    await camera.hello()
    await settled(hass, garden.runtime_data)
    assert camera.sent() == [{"capture_image": True}]

    await send(camera, "image_1.jpg", JPEG, 2, 0, 2, 1)
    await settled(hass, garden.runtime_data)
    assert datetime.fromisoformat(shown(hass, IMAGE)) == TAKEN
    assert attribute(hass, IMAGE, "name") == "image_1.jpg"
    assert attribute(hass, IMAGE, "incomplete") is None
    assert attribute(hass, IMAGE, "problem") is None
    answer = await client.get(url)
    assert await answer.read() == b"".join(JPEG)
    assert answer.content_type == "image/jpeg"
    assert camera.sent()[1:] == [{"send_image": "image_1.jpg"}]
    (told,) = camera.sent("ack")
    assert set(told) == {"image_name", "ACK_OK"}
    closed = garden.runtime_data.engine.ledger.closed.values()
    assert [each.state for each in closed if each.kind == "capture_image"] == [
        CommandState.SUCCEEDED
    ]

    await send(camera, "image_2.png", PNG, error="blurred")
    answer = await client.get(url)
    assert await answer.read() == b"".join(PNG), "it shows the image before"
    assert answer.content_type == "image/png"
    assert attribute(hass, IMAGE, "name") == "image_2.png"
    assert attribute(hass, IMAGE, "problem") == "blurred"


async def test_parts_that_never_come_are_asked_for_and_then_said(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    garden: MockConfigEntry,
    camera: Camera,
) -> None:
    await camera.hello()
    await send(camera, "whole.jpg", JPEG)
    await send(camera, "torn.jpg", JPEG, 0, 2)

    for _ in range(5):
        await pass_time(hass, freezer, 16)

    asked = [told for told in camera.sent("ack") if "missing_chunks" in told]
    assert asked == [{"image_name": "torn.jpg", "missing_chunks": [1]}]
    again = [told for told in camera.sent() if told == {"send_image": "torn.jpg"}]
    assert len(again) == 3, "once it was described, and twice again"
    assert attribute(hass, IMAGE, "incomplete") == "torn.jpg"
    assert attribute(hass, IMAGE, "name") == "whole.jpg", "what is whole stays"

    await send(camera, "next.jpg", JPEG)
    assert attribute(hass, IMAGE, "name") == "next.jpg"
    assert attribute(hass, IMAGE, "incomplete") is None


async def test_a_part_that_takes_long_to_read_comes_in_its_turn(
    hass: HomeAssistant, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    await camera.hello()
    parts = [JPEG[0] * 8000, JPEG[1] * 8000]
    topic = f"ESP32CAM/{camera.spelled}/data"
    about = {"image_name": "long.jpg", "total_chunks_count": len(parts)}
    async_fire_mqtt_message(hass, topic, json.dumps(about))
    for number, part in enumerate(parts):
        payload = {"image_name": "long.jpg", "chunk_id": number, "payload": [*part]}
        assert len(json.dumps(payload)) > LONG
        async_fire_mqtt_message(hass, topic, json.dumps(payload))
    later = {**about, "image_name": "none.jpg", "error": "no camera"}
    async_fire_mqtt_message(hass, topic, json.dumps({**later, "total_chunks_count": 0}))
    assert shown(hass, IMAGE) == STATE_UNKNOWN
    while shown(hass, IMAGE) == STATE_UNKNOWN:
        await hass.async_block_till_done()

    assert attribute(hass, IMAGE, "name") == "long.jpg"
    assert attribute(hass, IMAGE, "incomplete") is None
    assert "Exception" not in caplog.text


async def test_what_is_being_read_is_understood_before_a_station_is_unloaded(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    await camera.hello()
    coordinator = garden.runtime_data
    payload = {
        "image_name": "long.jpg",
        "chunk_id": 1,
        "payload": [1] * LONG,
        "temperature": 7,
    }
    topic = f"ESP32CAM/{camera.spelled}/data"
    async_fire_mqtt_message(hass, topic, json.dumps(payload))
    for degrees in (8, 9):
        async_fire_mqtt_message(hass, topic, json.dumps({"temperature": degrees}))
    assert "temperature" not in coordinator.engine.statuses[MAC].readings
    await hass.config_entries.async_unload(garden.entry_id)

    assert coordinator.engine.statuses[MAC].readings["temperature"] == 9
