"""Stations of different protocols: each on its own, all offered in one list."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from tests.nonempty import some

from .calls import actions_of, descriptions, shown
from .conftest import SetUp
from .nodes import pass_time, settled
from .others import (
    FEEDER,
    GARDEN,
    HARDWARE_ID,
    MAC,
    PETS,
    Bridge,
    Camera,
    Feeder,
    Greenhouse,
    Hub,
)
from .package import EN


async def offered(hass: HomeAssistant) -> set[str]:
    """Return the kinds of command that `send_command` offers."""
    fields = (await descriptions(hass))["send_command"]["fields"]
    return set(fields["kind"]["selector"]["select"]["options"])


def kinds_of(*protocols: str) -> set[str]:
    return {kind for key in protocols for kind in PROTOCOLS[key].kinds}


async def test_what_one_station_does_is_nothing_to_the_others(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    everywhere: list[MockConfigEntry],
    mqtt_mock: Any,
) -> None:
    orders: tuple[tuple[str, str | None, dict[str, Any]], ...] = (
        ("feed", None, {"portions": 1}),
        ("capture_image", MAC, {}),
        ("open_valve", "1", {"valve": 0, "duration": 60}),
        ("light_on", HARDWARE_ID, {"channel": "lamp"}),
        ("set_button", FEEDER, {"enable": True}),
        ("feed", "dog", {"portions": 2}),
    )
    for entry, (kind, node, params) in zip(everywhere, orders, strict=True):
        act = actions_of(hass, entry, node)
        await act("send_command", kind=kind, params=params)
        await settled(hass, entry.runtime_data)
    camera, hub = Camera(hass, mqtt_mock), Hub(hass, mqtt_mock)
    greenhouse, feeder = Greenhouse(hass, mqtt_mock), Feeder(hass, mqtt_mock)
    assert hub.sent() == ["SEND_ACTUATOR 1 1 1 0 60"]
    assert [told["cmd"] for told in greenhouse.sent("lamp/command")] == ["set_pwm"]
    assert feeder.sent() == [("button_enable_remote", {"enable": True})]
    assert Bridge(hass, mqtt_mock).sent() == [{"serving_size": 2}]

    await greenhouse.answer("lamp", 1, "DONE")
    await camera.answer()
    await pass_time(hass, freezer, 2.0)
    for entry in everywhere:
        await settled(hass, entry.runtime_data)
    assert {"capture_image": True} in camera.sent()
    kitchen, garden, orchard, glasshouse, pets, barn = (
        shown(hass, f"sensor.{entry.title.lower()}_status") for entry in everywhere
    )
    # The camera is about to send what it was told to on its waking.
    assert (kitchen, garden, orchard) == ("running", "waiting", "running")
    assert (glasshouse, pets, barn) == ("idle", "running", "running")
    assert all(entry.runtime_data.malformed.totals == {} for entry in everywhere)


async def test_a_kind_that_the_nodes_do_not_know_is_refused_with_its_name(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    for entry in some(everywhere):
        known = entry.runtime_data.protocol.kinds
        for kind in some(kinds_of(*PROTOCOLS) - set(known)):
            name = EN["selector"]["kind"]["options"][kind]
            with pytest.raises(ServiceValidationError, match=f"command: {name}$"):
                await actions_of(hass, entry)("send_command", kind=kind)
        assert kinds_of(entry.runtime_data.protocol.key) == set(known)


async def test_the_kinds_that_are_offered_are_those_that_some_nodes_know(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    garden = await set_up(**GARDEN)
    assert await offered(hass) == kinds_of("esp32_cam")
    pets = await set_up(**PETS)
    assert await offered(hass) == kinds_of("esp32_cam", "petnet")

    await hass.config_entries.async_unload(garden.entry_id)
    assert await offered(hass) == kinds_of("esp32_cam", "petnet")
    await hass.config_entries.async_remove(garden.entry_id)
    assert await offered(hass) == kinds_of("petnet")
    await hass.config_entries.async_remove(pets.entry_id)
    assert await offered(hass) == kinds_of(*PROTOCOLS), "there is none to ask"
