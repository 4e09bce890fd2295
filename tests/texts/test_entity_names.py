"""What entities of channels and parts are called."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.texts.entity_names import labelled, readable

from ..conftest import SetUp
from ..others import GLASSHOUSE, HARDWARE_ID, ORCHARD, Greenhouse, Hub, Station

CALLED_LIKE_THEIR_KIND = [
    {"name": "light", "type": "ACTUATOR", "actuator_type": "LED"},
    {"name": "valve", "type": "ACTUATOR", "actuator_type": "VALVE"},
    {"name": "grow_light", "type": "ACTUATOR", "actuator_type": "LED"},
    {"name": "fan", "type": "ACTUATOR", "actuator_type": "FAN"},
    {"name": "pump", "type": "ACTUATOR", "actuator_type": "PUMP"},
    {"name": "ph", "type": "SENSOR", "metric": "PH"},
    {"name": "tank", "type": "SENSOR", "metric": "PH"},
    {"name": "flow_rate", "type": "SENSOR", "metric": "FLOW_RATE"},
]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("light", "light"),
        ("grow_light", "grow light"),
        ("relay-1", "relay 1"),
        ("PH_tank", "pH tank"),
        ("co2", "CO2"),
        ("pump_EC", "pump EC"),
        ("0", "0"),
        ("_", "_"),
    ],
)
def test_a_label_is_shown_as_a_person_writes_it(label: str, shown: str) -> None:
    assert readable(label) == shown


@pytest.mark.parametrize(
    ("pattern", "label", "kind", "name"),
    [
        # It is called what it is.
        ("{} light", "light", "light", "Light"),
        ("{} Licht", "light", "light", "Licht"),
        ("{} Licht", "licht", "light", "Licht"),
        ("Valve {}", "VALVE", "valve", "Valve"),
        ("Ventil {}", "valve", "valve", "Ventil"),
        ("{} pH", "ph", "ph", "pH"),
        ("{} conductivity", "ec", "ec", "Conductivity"),
        ("{} flow rate", "flow_rate", "flow_rate", "Flow rate"),
        ("Run {}", "run", "", "Run"),
        # It says what it is.
        ("{} light", "grow_light", "light", "Grow light"),
        ("{} Licht", "grow_light", "light", "Grow light"),
        ("Valve {}", "inlet-valve", "valve", "Inlet valve"),
        ("{} pH", "ph_tank", "ph", "pH tank"),
        # It does not.
        ("{} light", "grow", "light", "Grow light"),
        ("{} light", "lightning", "light", "Lightning light"),
        ("Valve {}", "1", "valve", "Valve 1"),
        ("Run {}", "pump_acid", "", "Run pump acid"),
        ("{} run time", "pump_acid", "", "Pump acid run time"),
        # A button says what it does, whatever the part is called.
        ("Stop {}", "stop_valve", "", "Stop stop valve"),
        ("{}", "fan", "relay", "Fan"),
    ],
)
def test_a_name_says_nothing_twice(
    pattern: str, label: str, kind: str, name: str
) -> None:
    assert labelled(pattern, label, kind) == name


def glasshouse(channels: list[dict[str, Any]]) -> Station:
    node = GLASSHOUSE["nodes"][HARDWARE_ID]
    fields = {**node["fields"], "channels": channels}
    return {**GLASSHOUSE, "nodes": {HARDWARE_ID: {**node, "fields": fields}}}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            {
                "light.glasshouse_nutrients_light": "Light",
                "light.glasshouse_nutrients_grow_light": "Grow light",
                "switch.glasshouse_nutrients_fan": "Fan",
                "valve.glasshouse_nutrients_valve": "Valve",
                "button.glasshouse_nutrients_run_pump": "Run pump",
                "number.glasshouse_nutrients_pump_run_time": "Pump run time",
                "sensor.glasshouse_nutrients_ph": "pH",
                "sensor.glasshouse_nutrients_tank_ph": "Tank pH",
                "sensor.glasshouse_nutrients_flow_rate": "Flow rate",
            },
        ),
        (
            "de",
            {
                "light.glasshouse_nutrients_licht": "Licht",
                "light.glasshouse_nutrients_grow_light": "Grow light",
                "switch.glasshouse_nutrients_fan": "Fan",
                "valve.glasshouse_nutrients_ventil": "Ventil",
                "button.glasshouse_nutrients_pump_laufen_lassen": "Pump laufen lassen",
                "number.glasshouse_nutrients_pump_laufdauer": "Pump Laufdauer",
                "sensor.glasshouse_nutrients_ph_wert": "pH-Wert",
                "sensor.glasshouse_nutrients_tank_ph_wert": "Tank pH-Wert",
                "sensor.glasshouse_nutrients_flow_rate": "Flow rate",
            },
        ),
    ],
)
async def test_what_is_called_like_its_kind_says_so_once(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    language: str,
    names: dict[str, str],
) -> None:
    hass.config.language = language
    await set_up(**glasshouse(CALLED_LIKE_THEIR_KIND))
    node = Greenhouse(hass, mqtt_mock)
    await node.tell_all()
    for channel, metric in (("ph", "PH"), ("flow_rate", "FLOW_RATE")):
        await node.measure(channel, metric, 1.5)

    shown = {
        entity_id: None if state is None else state.attributes["friendly_name"]
        for entity_id in names
        for state in [hass.states.get(entity_id)]
    }

    assert not [each for each in hass.states.async_entity_ids() if each[-2:] == "_2"]
    assert shown == {
        entity_id: f"Glasshouse Nutrients {name}" for entity_id, name in names.items()
    }


async def test_only_a_valve_that_closes_by_itself_says_when(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**ORCHARD)
    await Hub(hass, mqtt_mock).tell_all()
    await set_up(**glasshouse(CALLED_LIKE_THEIR_KIND))
    await Greenhouse(hass, mqtt_mock).tell_all()

    saying = [each for each in hass.states.async_entity_ids() if "closes_at" in each]

    assert saying == [
        "sensor.orchard_apples_valve_0_closes_at",
        "sensor.orchard_apples_valve_1_closes_at",
    ]
