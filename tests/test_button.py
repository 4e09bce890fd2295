"""Buttons order a command, on the same way as actions do."""

from __future__ import annotations

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.mqtt_dispatch.coordinator import (
    DispatchCoordinator,
    NotStoredError,
)
from custom_components.mqtt_dispatch.engine.model import Cause

from .conftest import Disk, SetUp
from .nodes import Nodes, pass_time, settled

FEED = "button.kitchen_feed"
REBOOT_2 = "button.kitchen_node_2_reboot"


async def press(hass: HomeAssistant, entity_id: str) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )


async def test_feed_orders_the_portions_of_the_number(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.kitchen_portions", "value": 4},
        blocking=True,
    )
    await nodes.ready()
    await pass_time(hass, freezer, 1)

    await press(hass, FEED)
    await settled(hass, coordinator)

    assert [message["items"][0]["quantity"] for message in nodes.sent("1")] == [4]
    assert len(nodes.sent("2")) == 1


async def test_feed_gives_one_portion_until_the_number_says_otherwise(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await press(hass, FEED)

    (command,) = coordinator.engine.book.open.values()
    assert command.params["portions"] == 1
    assert command.timeline[0].cause is Cause.BUTTON


async def test_a_press_is_stored_and_waits_for_nodes_that_are_away(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await press(hass, FEED)
    assert nodes.sent("1") == []

    await nodes.ready()
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)

    assert len(nodes.sent("1")) == 1


async def test_reboot_goes_to_its_own_node(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.ready()

    await press(hass, REBOOT_2)
    await settled(hass, coordinator)

    assert nodes.sent("1") == []
    assert [message["op"] for message in nodes.sent("2")] == ["reboot"]


async def test_a_press_fails_if_it_cannot_be_stored(
    hass: HomeAssistant, coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    disk_full(True)

    with pytest.raises(NotStoredError):
        await press(hass, FEED)

    assert not coordinator.engine.book.open


async def test_a_press_that_a_guard_refuses_says_why(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(options={"minimum_gap": 3600})
    await press(hass, FEED)

    with pytest.raises(ServiceValidationError) as refused:
        await press(hass, FEED)

    assert refused.value.translation_key == "minimum_gap"


async def test_a_protocol_without_a_kind_has_no_button_for_it(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from custom_components.mqtt_dispatch.protocols import PROTOCOLS

    protocol = PROTOCOLS["paired_dispenser"]
    kinds = {"operate": protocol.kinds["operate"]}
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.station.PROTOCOLS",
        {"paired_dispenser": replace(protocol, kinds=kinds)},
    )

    await set_up()

    assert hass.states.async_entity_ids("button") == []
