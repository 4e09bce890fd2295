"""What actions refuse, and that nothing is left of it."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.protocols.paired_dispenser import protocol

from ..calls import Act, actions_of, all_ready, call
from ..nodes import Nodes, settled

BAD_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("feed", {}, "missing_field"),
    ("feed", {"portions": 0}, "invalid_number"),
    ("feed", {"portions": 51}, "invalid_number"),
    ("feed", {"portions": "two"}, "invalid_number"),
    ("feed", {"portions": 1.5}, "invalid_number"),
    ("feed", {"portions": [1]}, "invalid_number"),
    ("feed", {"portions": True}, "invalid_number"),
    ("feed", {"portions": 1, "hopper": 0}, "invalid_number"),
    ("feed", {"portions": 1, "hopper": 5}, "invalid_number"),
    ("feed", {"portions": 1, "bowl": 4}, "invalid_number"),
    ("feed", {"portions": 1, "pet": -1}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": 0}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": 604801}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": "soon"}, "invalid_number"),
    ("feed", {"portions": 1, "idempotency_key": ""}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "idempotency_key": "x" * 256}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "idempotency_key": 5}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "wait": "maybe"}, "invalid_choice"),
    ("send_command", {"kind": "dance"}, "unknown_kind"),
    ("send_command", {"kind": ["feed"]}, "unknown_kind"),
    ("send_command", {"kind": "feed", "params": []}, "invalid_params"),
    ("send_command", {"kind": "feed", "params": {"portions": 0}}, "invalid_number"),
    ("send_command", {"kind": "reboot", "params": {"now": 1}}, "unknown_field"),
    ("send_command", {"kind": "reboot", "params": {5: 1}}, "unknown_field"),
    ("send_command", {"kind": "reboot", "expires_in": 0}, "invalid_number"),
    ("send_command", {"kind": "operate", "params": {"op": "x"}}, "invalid_choice"),
    ("reboot", {}, "not_understood"),
    ("send_command", {"kind": "reboot"}, "not_understood"),
    (
        "send_command",
        {"kind": "operate", "params": {"op": "dc", "on": True}},
        "not_understood",
    ),
    ("schedule", {"portions": 1}, "missing_field"),
    ("schedule", {"time": "08:00"}, "missing_field"),
    ("schedule", {"time": "25:00", "portions": 1}, "invalid_time"),
    ("schedule", {"time": "08:00:30", "portions": 1}, "invalid_time"),
    ("schedule", {"time": 800, "portions": 1}, "invalid_time"),
    ("schedule", {"time": "08:00", "portions": 0}, "invalid_number"),
    ("schedule", {"time": "08:00", "portions": 1, "hopper": 5}, "invalid_number"),
    (
        "schedule",
        {"time": "08:00", "portions": 1, "weekdays": ["mon", "caturday"]},
        "invalid_weekdays",
    ),
    ("schedule", {"time": "08:00", "portions": 1, "weekdays": []}, "invalid_weekdays"),
    ("schedule", {"time": "08:00", "portions": 1, "weekdays": 5}, "invalid_weekdays"),
    ("schedule", {"time": "08:00", "portions": 1, "enabled": "no"}, "invalid_choice"),
    ("schedule", {"meal_id": "99", "time": "08:00"}, "unknown_meal"),
    ("unschedule", {"meal_id": "99"}, "unknown_meal"),
    ("cancel_command", {"command_id": 99}, "unknown_command"),
    ("cancel_command", {"command_id": "x"}, "invalid_number"),
    ("cancel_command", {"command_id": None}, "missing_field"),
    ("cancel_command", {"command_id": 2**31}, "invalid_number"),
    ("resolve_command", {"command_id": 99, "outcome": "failed"}, "unknown_command"),
    ("resolve_command", {"command_id": 99, "outcome": "perhaps"}, "invalid_choice"),
    ("resolve_command", {"command_id": 99, "outcome": None}, "missing_field"),
    ("finish_command", {"command_id": 99, "wait": "maybe"}, "invalid_choice"),
    ("unschedule", {"meal_id": None}, "missing_field"),
    ("get_commands", {"command_id": 99}, "unknown_command"),
    ("get_commands", {"state": "lost"}, "invalid_choice"),
    ("get_commands", {"limit": 0}, "invalid_number"),
    ("get_commands", {"limit": 1001}, "invalid_number"),
]


@pytest.mark.parametrize(("action", "fields", "key"), BAD_INPUT)
async def test_bad_input_is_refused_and_nothing_is_stored_or_sent(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    action: str,
    fields: dict[str, Any],
    key: str,
) -> None:
    await all_ready(hass, freezer, nodes)
    before = coordinator.engine.ledger.revision
    with pytest.raises(ServiceValidationError) as refused:
        await actions_of(hass, kitchen)(action, **fields)
    await settled(hass, coordinator)
    assert refused.value.translation_domain == DOMAIN
    assert refused.value.translation_key == key
    assert coordinator.engine.ledger.revision == before
    assert coordinator.store.writes == 0
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_a_command_that_nodes_could_not_read_is_refused(
    coordinator: DispatchCoordinator, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "LONGEST_COMMAND", 60)
    for action, fields in (
        ("feed", {}),
        ("schedule", {"time": "08:00"}),
        ("send_command", {"kind": "feed", "params": {"portions": 1}}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await act(action, **fields, **({} if "kind" in fields else {"portions": 1}))
        assert refused.value.translation_key == "payload_too_large"
    assert coordinator.engine.ledger.revision == 0


@pytest.mark.parametrize(
    "identifiers", [("hue", "1"), ("homekit", "1", "bridge"), ("lonely",)]
)
async def test_a_device_of_another_integration_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, identifiers: Any
) -> None:
    other = MockConfigEntry(domain=str(identifiers[0]))
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={identifiers}, name="Lamp"
    )
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "feed", device.id, portions=1)
    assert refused.value.translation_key == "not_a_station"
    assert refused.value.translation_placeholders == {"device": "Lamp"}


async def test_a_device_that_is_not_there_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "feed", "nothing", portions=1)
    assert refused.value.translation_key == "unknown_device"


@pytest.mark.parametrize("node", [None, "1"])
async def test_a_station_that_is_not_loaded_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, node: str | None
) -> None:
    act = actions_of(hass, kitchen, node)
    await hass.config_entries.async_unload(kitchen.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1)
    assert refused.value.translation_key == "station_not_loaded"
