"""Who goes and who is back is said in the log, in one line each."""

from __future__ import annotations

import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import SetUp
from ..nodes import Nodes, pass_time
from ..others import GARDEN, MAC, Camera
from .logged import lines

GONE = "Kitchen: node 1 is unavailable"
BACK = "Kitchen: node 1 is available again"
BROKER_GONE = "The MQTT broker is not connected: all nodes are unavailable"
BROKER_BACK = "The MQTT broker is connected again"


@pytest.fixture(autouse=True)
def _all_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def test_a_node_that_goes_and_comes_back_is_said_once_each(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    nodes: Nodes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await nodes.ready()
    for _ in range(2):
        caplog.clear()
        for _ in range(4):
            await pass_time(hass, freezer, 10)
            await nodes.say("state", "2", {"online": 1, "ready": 1})
        assert lines(caplog, logging.INFO) == [GONE]

        caplog.clear()
        for _ in range(4):
            await pass_time(hass, freezer, 10)
            await nodes.ready()
        assert lines(caplog, logging.INFO) == [BACK]


@pytest.mark.parametrize("back", [True, False])
async def test_who_is_gone_is_said_once_over_a_reload(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    caplog: pytest.LogCaptureFixture,
    *,
    back: bool,
) -> None:
    await nodes.ready()
    for _ in range(4):
        await pass_time(hass, freezer, 10)
        await nodes.say("state", "2", {"online": 1, "ready": 1})
    assert GONE in lines(caplog, logging.INFO)
    caplog.clear()
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    for _ in range(4):
        await pass_time(hass, freezer, 10)
        await nodes.ready() if back else await nodes.ready("2")

    assert lines(caplog, logging.INFO) == [BACK] * back


async def test_a_station_that_is_added_anew_has_said_nothing_yet(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    caplog: pytest.LogCaptureFixture,
    *,
    set_up: SetUp,
) -> None:
    async def node_1_goes() -> None:
        caplog.clear()
        for _ in range(4):
            await nodes.ready("2")
            await pass_time(hass, freezer, 10)

    await node_1_goes()
    assert lines(caplog, logging.INFO) == [GONE]
    await hass.config_entries.async_remove(kitchen.entry_id)
    await set_up(entry_id=kitchen.entry_id)
    await node_1_goes()
    assert lines(caplog, logging.INFO) == [GONE]


async def test_a_will_and_a_node_that_never_came_are_said_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    nodes: Nodes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.clear()
    await nodes.say("state", "2", {"online": 1, "ready": 1})
    await nodes.say("state", "2", {"online": 0})
    assert lines(caplog, logging.INFO) == ["Kitchen: node 2 is unavailable"]

    await pass_time(hass, freezer, 14)
    assert GONE not in caplog.text, "it may yet be heard"
    await pass_time(hass, freezer, 1)
    assert lines(caplog, logging.INFO)[1:] == [GONE]


async def test_a_camera_that_sleeps_is_not_said_to_be_gone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await set_up(**GARDEN)
    await Camera(hass, mqtt_mock).tell_all()
    caplog.clear()

    await pass_time(hass, freezer, 2 * 60 * 60)
    assert lines(caplog, logging.INFO) == []

    await pass_time(hass, freezer, 5 * 60)
    assert lines(caplog, logging.INFO) == [f"Garden: node {MAC} is unavailable"]


async def test_a_broker_that_goes_and_comes_back_is_said_once_for_all_stations(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stations = [
        Nodes(hass, mqtt_mock, f"disp{number}")
        for number in range(50)
        if await set_up(title=f"Station {number}", prefix=f"disp{number}")
    ]
    for nodes in stations:
        await nodes.ready()
    caplog.clear()

    await stations[0].connection(up=False)
    await pass_time(hass, freezer, 60)
    assert lines(caplog, logging.INFO) == [BROKER_GONE]

    caplog.clear()
    await stations[0].connection(up=True)
    for nodes in stations[1:]:
        await nodes.ready()
    assert lines(caplog, logging.INFO) == [BROKER_BACK]

    caplog.clear()
    await stations[0].ready("2")
    await pass_time(hass, freezer, 14)
    assert lines(caplog, logging.INFO) == []
    for nodes in stations[1:]:
        await nodes.ready()
    await stations[0].ready("2")
    await pass_time(hass, freezer, 1)
    assert lines(caplog, logging.INFO) == ["Station 0: node 1 is unavailable"]
