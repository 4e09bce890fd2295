"""What a node does not understand is not offered, not stored and never sent."""

from __future__ import annotations

from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service import async_get_all_descriptions
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Dispatching
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.ordering.offered_kinds import ACTIONS

from ..calls import actions_of
from ..nodes import Nodes, settled

REBOOT = "button.kitchen_node_2_reboot"
NEWER = {"online": 1, "ready": 1, "uptime": 5, "fw": "2.1.0"}
ORIGINAL = {"online": 1, "ready": 1, "uptime": 9}


def is_there(hass: HomeAssistant) -> bool:
    """Return whether the second node can be rebooted with a button."""
    state = hass.states.get(REBOOT)
    return state is not None and state.state != STATE_UNAVAILABLE


async def offered(hass: HomeAssistant) -> set[str]:
    """Return the kinds that the actions offer."""
    descriptions = await async_get_all_descriptions(hass)
    found: list[Any] = [
        descriptions[DOMAIN][action]["fields"]["kind"]["selector"]["select"]["options"]
        for action in ACTIONS
    ]
    assert all(kinds == found[0] for kinds in found)
    return set(found[0])


async def test_a_reboot_is_offered_once_the_state_of_a_node_tells_its_firmware(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.say("state", "2", ORIGINAL)
    assert hass.states.get(REBOOT) is None
    assert await offered(hass) == {"feed", "operate"}

    await nodes.say("state", "2", NEWER)
    assert is_there(hass)
    assert hass.states.get("button.kitchen_node_1_reboot") is None
    assert await offered(hass) == {"feed", "operate", "reboot"}


async def test_it_goes_when_the_node_has_the_firmware_of_its_maker_again(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
) -> None:
    def firmware() -> str | None:
        devices = dr.async_entries_for_config_entry(device_registry, kitchen.entry_id)
        (version,) = (
            device.sw_version for device in devices if device.name == "Kitchen Node 2"
        )
        return version

    await nodes.say("state", "2", NEWER)
    assert firmware() == "2.1.0"
    await nodes.say("state", "2", ORIGINAL)

    assert not is_there(hass)
    assert await offered(hass) == {"feed", "operate"}
    assert firmware() is None


async def test_a_word_of_one_node_has_no_other_looked_at(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []
    understands = coordinator.understands

    def looks(node: str, kind: str) -> bool:
        looked_at.append(node)
        return understands(node, kind)

    await nodes.ready()
    monkeypatch.setattr(coordinator, "understands", looks)
    await nodes.say("state", "2", NEWER)
    assert "reboot" in await offered(hass)

    assert "2" in looked_at
    assert "1" not in looked_at


@pytest.mark.parametrize(
    ("node", "action", "fields"),
    [
        ("1", "reboot", {}),
        ("2", "reboot", {}),
        (None, "reboot", {}),
        ("2", "send_command", {"kind": "reboot"}),
        (
            "2",
            "send_command",
            {"kind": "operate", "params": {"op": "servo", "id": 4, "on": True}},
        ),
    ],
)
async def test_an_original_node_is_ordered_nothing_else(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    node: str | None,
    action: str,
    fields: dict[str, Any],
) -> None:
    await nodes.ready()
    before = coordinator.engine.ledger.revision
    with pytest.raises(ServiceValidationError) as refused:
        await actions_of(hass, kitchen, node)(action, **fields)
    await settled(hass, coordinator)

    assert refused.value.translation_key == "not_understood"
    assert coordinator.engine.ledger.revision == before
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_promise_8_what_waits_for_a_node_that_is_an_original_now_is_not_sent(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.say("state", "2", NEWER)
    coordinator.handle(Dispatching(enabled=False))
    command_id = await async_order(coordinator, "reboot", {}, ("2",), Cause.ACTION)
    await nodes.say("state", "2", ORIGINAL)
    coordinator.handle(Dispatching(enabled=True))
    await settled(hass, coordinator)

    assert nodes.sent("2") == []
    command = coordinator.engine.ledger.find(command_id)
    assert command is not None
    assert command.state is CommandState.FAILED
    assert command.deliveries[0].reason == "not_understood"
