"""Whoever listens to a station."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Changed

from ..calls import Act, fed
from ..nodes import Nodes


async def test_a_listener_that_fails_harms_nobody_else(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    told: list[CommandState] = []

    def fails(_: Changed) -> None:
        raise RuntimeError("a bug")

    coordinator.async_on_change(fails)
    coordinator.async_on_change(lambda change: told.append(change.state))
    assert await fed(hass, freezer, coordinator, nodes, act) is CommandState.SUCCEEDED
    assert told == ["queued", "sent", "accepted", "succeeded"]
