"""What nodes move is moved by voice: by the core's own intents, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from homeassistant.components import intent as core_intents
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, intent
from homeassistant.setup import async_setup_component
import pytest

from ..calls import shown, use
from ..conftest import SetUp
from ..nodes import settled
from ..others import (
    CHANNELS,
    GLASSHOUSE,
    ORCHARD,
    PETS,
    Feeder,
    Greenhouse,
    Hub,
    Station,
    with_channels,
)

WATERED = with_channels(*CHANNELS, node_type="relay")
LAMP = "light.glasshouse_nutrients_lamp_light"
VENT = "cover.glasshouse_nutrients_window_vent"
CURTAIN = "cover.orchard_shade_curtain"
VALVE = "valve.orchard_apples_valve_0"
ON, OFF = intent.INTENT_TURN_ON, intent.INTENT_TURN_OFF

type Making = Callable[[HomeAssistant, Any], Feeder | Greenhouse | Hub]
"""Makes who plays the nodes of a station."""

# station, who plays its nodes, what is spoken of, what is meant: the command
SPOKEN: list[tuple[Station, Making, str, str, dict[str, Any], tuple[str, Any]]] = [
    (GLASSHOUSE, Greenhouse, LAMP, ON, {}, ("light_on", {"channel": "lamp"})),
    (GLASSHOUSE, Greenhouse, LAMP, OFF, {}, ("light_off", {"channel": "lamp"})),
    (
        GLASSHOUSE,
        Greenhouse,
        LAMP,
        "HassLightSet",
        {"brightness": 40},
        ("set_pwm", {"channel": "lamp", "value": 40}),
    ),
    (
        GLASSHOUSE,
        Greenhouse,
        "switch.glasshouse_nutrients_heater",
        ON,
        {},
        ("set_relay", {"channel": "heater", "state": True}),
    ),
    (
        GLASSHOUSE,
        Greenhouse,
        "switch.glasshouse_nutrients_heater",
        OFF,
        {},
        ("set_relay", {"channel": "heater", "state": False}),
    ),
    (
        PETS,
        Feeder,
        "switch.pets_cat_front_button",
        OFF,
        {},
        ("set_button", {"enable": False}),
    ),
    (
        WATERED,
        Greenhouse,
        "valve.glasshouse_nutrients_valve_inlet",
        ON,
        {},
        ("open_valve", {"channel": "inlet", "duration_s": 60}),
    ),
    (ORCHARD, Hub, VALVE, ON, {}, ("open_valve", {"valve": 0, "duration": 600})),
    (ORCHARD, Hub, VALVE, OFF, {}, ("close_valve", {"valve": 0})),
    (ORCHARD, Hub, CURTAIN, ON, {}, ("curtain", {"action": "open"})),
    (ORCHARD, Hub, CURTAIN, OFF, {}, ("curtain", {"action": "close"})),
    (ORCHARD, Hub, CURTAIN, "HassOpenCover", {}, ("curtain", {"action": "open"})),
    (ORCHARD, Hub, CURTAIN, "HassCloseCover", {}, ("curtain", {"action": "close"})),
    (
        GLASSHOUSE,
        Greenhouse,
        VENT,
        intent.INTENT_SET_POSITION,
        {"position": 35},
        ("set_pwm", {"channel": "window", "value": 35}),
    ),
    (
        GLASSHOUSE,
        Greenhouse,
        VENT,
        OFF,
        {},
        ("set_pwm", {"channel": "window", "value": 0}),
    ),
]
if hasattr(core_intents, "BUTTON_DOMAIN"):
    SPOKEN += [
        (PETS, Feeder, "button.pets_cat_feed", ON, {}, ("feed", {"portions": 1})),
        (
            GLASSHOUSE,
            Greenhouse,
            "button.glasshouse_nutrients_run_main",
            ON,
            {},
            ("run_pump", {"channel": "main", "duration_ms": 1000}),
        ),
    ]
if hasattr(core_intents, "StopMovingIntentHandler"):
    SPOKEN.append(
        (ORCHARD, Hub, CURTAIN, "HassStopMoving", {}, ("curtain", {"action": "stop"}))
    )


@pytest.mark.parametrize(
    ("station", "make", "entity_id", "meant", "slots", "ordered"), SPOKEN
)
async def test_what_is_said_to_an_assistant_is_ordered(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    station: Station,
    make: Making,
    entity_id: str,
    meant: str,
    slots: dict[str, Any],
    ordered: tuple[str, dict[str, Any]],
) -> None:
    for component in ("homeassistant", "intent"):
        assert await async_setup_component(hass, component, {})
    entry = await set_up(**station)
    await make(hass, mqtt_mock).tell_all()
    await hass.async_block_till_done()
    state = hass.states.get(entity_id)
    assert state is not None

    said = {"name": state.name, **slots}
    answer = await intent.async_handle(
        hass, "test", meant, {key: {"value": value} for key, value in said.items()}
    )
    await settled(hass, entry.runtime_data)
    assert answer.response_type is intent.IntentResponseType.ACTION_DONE
    assert [target.id for target in answer.success_results] == [entity_id]
    newest = max(entry.runtime_data.engine.ledger.open.values(), key=lambda it: it.id)
    assert (newest.kind, newest.params) == ordered


async def test_a_valve_is_opened_by_voice_for_the_run_time_that_was_chosen(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    for component in ("homeassistant", "intent"):
        assert await async_setup_component(hass, component, {})
    entry = await set_up(**ORCHARD)
    hub = Hub(hass, mqtt_mock)
    await hub.list_nodes()
    await use(hass, "number.set_value", f"number.{VALVE[6:]}_run_time", value=42)

    slots = {"name": {"value": "Orchard Apples Valve 0"}}
    await intent.async_handle(hass, "test", ON, slots)
    await settled(hass, entry.runtime_data)
    assert hub.sent() == ["SEND_ACTUATOR 1 1 1 0 42"]


async def test_nobody_pauses_a_station_who_switches_off_all_in_a_room(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**PETS)
    await Feeder(hass, mqtt_mock).tell_all()
    area = ar.async_get(hass).async_create("Kitchen")
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_device(device.id, area_id=area.id)

    await hass.services.async_call(
        "switch", "turn_off", {"area_id": area.id}, blocking=True
    )
    assert shown(hass, "switch.pets_dispatching") == "on"
    assert entry.runtime_data.engine.ledger.open == {}, "its button is no switch"
