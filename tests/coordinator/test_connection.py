"""A lost connection: said once, and nothing is sent twice or into the void."""

from __future__ import annotations

import logging
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import mqtt
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)

from ..calls import Act, all_ready
from ..nodes import Nodes, pass_time, settled
from .logged import faults, lines


async def test_a_lost_connection_is_said_once_and_nothing_is_sent_until_nodes_speak(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await all_ready(hass, freezer, nodes)
    caplog.clear()
    await nodes.connection(up=False)
    await nodes.connection(up=False)
    assert lines(caplog, logging.INFO) == [
        "The MQTT broker is not connected: all nodes are unavailable"
    ]
    for name in ("ready", "node_1_ready", "node_1_online", "node_2_online"):
        assert hass.states.is_state(f"binary_sensor.kitchen_{name}", STATE_UNAVAILABLE)
    assert hass.states.is_state("sensor.kitchen_status", "offline")
    await act("feed", portions=1)
    await pass_time(hass, freezer, 30)
    assert nodes.sent("1") == []

    caplog.clear()
    await nodes.connection(up=True)
    await nodes.connection(up=True)
    await pass_time(hass, freezer, 14)
    assert lines(caplog, logging.INFO) == ["The MQTT broker is connected again"]
    await pass_time(hass, freezer, 16)
    assert nodes.sent("1") == [], (
        "it was sent before the nodes said that they are ready"
    )
    await nodes.say("state", "1", {"online": 1, "ready": 1}, retain=True)
    await nodes.say("state", "2", {"online": 1, "ready": 1}, retain=True)
    await pass_time(hass, freezer, 1)
    assert nodes.sent("1") == [], "it was sent on the word of a retained message"
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert (len(nodes.sent("1")), len(nodes.sent("2"))) == (1, 1)


async def test_what_was_sent_before_the_connection_was_lost_is_not_sent_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await nodes.connection(up=False)
    await pass_time(hass, freezer, 11)
    await nodes.connection(up=True)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open[1].state is CommandState.UNCONFIRMED
    assert len(nodes.sent("1")) == 1
    await nodes.done(1)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.closed[1].state is CommandState.SUCCEEDED


async def test_what_may_have_left_counts_as_sent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    with patch.object(
        mqtt, "async_publish", side_effect=HomeAssistantError("no connection")
    ) as publish:
        await act("feed", portions=1)
        await settled(hass, coordinator)
        assert publish.call_count == 2
        await pass_time(hass, freezer, 11)
        await settled(hass, coordinator)
        await all_ready(hass, freezer, nodes)
        assert publish.call_count == 2, "it was sent again"
    assert coordinator.engine.ledger.open[1].state is CommandState.UNCONFIRMED
    assert faults(caplog) == []


async def test_what_did_not_leave_costs_nothing_and_is_sent_later(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    mqtt_mock: Any,
) -> None:
    await all_ready(hass, freezer, nodes)
    mqtt_mock.connected = False  # and nobody has said so yet
    await act("feed", portions=1)
    await settled(hass, coordinator)
    assert nodes.sent("1") == nodes.sent("2") == []
    for delivery in coordinator.engine.ledger.open[1].deliveries:
        assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    mqtt_mock.connected = True
    await pass_time(hass, freezer, 6)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert (len(nodes.sent("1")), len(nodes.sent("2"))) == (1, 1)
    command = coordinator.engine.ledger.open[1]
    assert [delivery.attempts for delivery in command.deliveries] == [1, 1]
