"""What entities of channels and parts are called."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.texts.entity_names import (
    name_beside_part,
    name_of_channel,
    name_of_part,
    readable,
)

from ..conftest import SetUp
from ..others import ORCHARD, Greenhouse, Hub, with_channels

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
    ("key", "label", "kind", "named", "shown"),
    [
        # It is called what it is.
        ("light", "light", "light", "light_itself", "Light"),
        ("valve", "VALVE", "valve", "valve_itself", "VALVE"),
        ("channel_ph", "ph", "ph", "channel_ph_itself", "pH"),
        ("channel_ec", "EC", "ec", "channel_ec_itself", "EC"),
        # It says what it is.
        ("light", "grow_light", "light", "named", "Grow light"),
        ("valve", "inlet-valve", "valve", "named", "Inlet valve"),
        ("channel_ph", "ph_tank", "ph", "named", "pH tank"),
        # It does not.
        ("light", "grow", "light", "light", "Grow"),
        ("light", "lightning", "light", "light", "Lightning"),
        ("valve", "1", "valve", "valve", "1"),
    ],
)
def test_a_name_says_nothing_twice(
    key: str, label: str, kind: str, named: str, shown: str
) -> None:
    assert name_of_part(key, label, kind) == (named, {"label": shown})


@pytest.mark.parametrize(
    ("label", "named", "shown"),
    [
        ("valve", "closes_at_itself", "Valve"),
        ("drip_valve", "closes_at_named", "Drip valve"),
        ("inlet", "closes_at", "Inlet"),
        ("1", "closes_at", "1"),
    ],
)
def test_what_stands_beside_a_part_says_nothing_twice(
    label: str, named: str, shown: str
) -> None:
    assert name_beside_part("closes_at", label, "valve") == (named, {"label": shown})


@pytest.mark.parametrize(
    ("channel", "named"),
    [("tank", "channel"), ("flow_rate", "named"), ("flow_rate_2", "named")],
)
def test_a_metric_that_nobody_knows_is_called_by_its_word_once(
    channel: str, named: str
) -> None:
    name = name_of_channel(None, channel, "flow_rate")
    assert name.translation_key == named
    assert name.placeholders["metric"] == "flow rate"


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
                "button.glasshouse_nutrients_starten_pump": "Starten: pump",
                "number.glasshouse_nutrients_pump_dauer": "Pump: Dauer",
                "sensor.glasshouse_nutrients_ph_wert": "pH-Wert",
                "sensor.glasshouse_nutrients_tank_ph_wert": "Tank: pH-Wert",
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
    await set_up(**with_channels(*CALLED_LIKE_THEIR_KIND))
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


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            [
                "Valve run time",
                "Drip valve run time",
                "Valve Inlet run time",
                "Valve closes at",
                "Drip valve closes at",
                "Valve Inlet closes at",
            ],
        ),
        (
            "fr",
            [
                "Durée d'ouverture de la vanne",
                "Durée d'ouverture Drip valve",
                "Durée d'ouverture de la vanne Inlet",
                "Fermeture de la vanne",
                "Fermeture Drip valve",
                "Fermeture de la vanne Inlet",
            ],
        ),
    ],
)
async def test_what_stands_beside_a_valve_is_called_as_the_valve_is(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    language: str,
    names: list[str],
) -> None:
    hass.config.language = language
    valves = (
        {"name": name, "type": "ACTUATOR", "actuator_type": "VALVE"}
        for name in ("valve", "drip_valve", "inlet")
    )
    await set_up(**with_channels(*valves, node_type="relay"))
    await Greenhouse(hass, mqtt_mock).tell_all()
    for platform, half in (("number", names[:3]), ("sensor", names[3:])):
        shown = {
            state.attributes["friendly_name"]
            for state in hass.states.async_all(platform)
        }
        assert {f"Glasshouse Nutrients {name}" for name in half} <= shown


async def test_only_a_valve_that_closes_by_itself_says_when(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**ORCHARD)
    await Hub(hass, mqtt_mock).tell_all()
    climate = with_channels(*CALLED_LIKE_THEIR_KIND, node_type="climate")
    await set_up(**climate)
    await Greenhouse(hass, mqtt_mock).tell_all()

    saying = [each for each in hass.states.async_entity_ids() if "closes_at" in each]

    assert saying == [
        "sensor.orchard_apples_valve_0_closes_at",
        "sensor.orchard_apples_valve_1_closes_at",
    ]
