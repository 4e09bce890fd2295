"""What nodes measure: a sensor each when it first comes, for as long as it holds."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.entities import readings

from ..calls import attribute, shown
from ..conftest import SetUp
from ..nodes import pass_time
from ..others import (
    GARDEN,
    GLASSHOUSE,
    ORCHARD,
    PETS,
    Camera,
    Feeder,
    Greenhouse,
    Hub,
)

CHANNEL = "sensor.glasshouse_nutrients_"


async def test_what_a_camera_measured_is_as_old_as_its_sleep(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    await set_up(**GARDEN)
    camera = Camera(hass, mqtt_mock)
    assert hass.states.get("sensor.garden_pond_temperature") is None

    await camera.tell_all()
    await pass_time(hass, freezer, 2 * 60 * 60)

    assert shown(hass, "binary_sensor.garden_pond_online") == STATE_OFF
    for name, value, unit in (
        ("temperature", "21.5", "°C"),
        ("humidity", "48", "%"),
        ("pressure", "1013", "hPa"),
        ("gas_resistance", "52.1", "kΩ"),
        ("battery_voltage", "3.9", "V"),
    ):
        sensor = f"sensor.garden_pond_{name}"
        assert (
            shown(hass, sensor),
            attribute(hass, sensor, "unit_of_measurement"),
        ) == (
            value,
            unit,
        )
    assert shown(hass, "sensor.garden_pond_pending_images") == "2"


async def test_a_valve_node_tells_its_battery_or_that_it_has_none(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**ORCHARD)
    await Hub(hass, mqtt_mock).tell_all()

    assert shown(hass, "sensor.orchard_apples_battery") == "80"
    assert shown(hass, "sensor.orchard_apples_power_supply") == "battery"
    assert shown(hass, "sensor.orchard_apples_unsent_records") == "1"
    assert shown(hass, "sensor.orchard_apples_errors") == "none"
    assert shown(hass, "sensor.orchard_shade_errors") == "several"
    assert attribute(hass, "sensor.orchard_shade_errors", "errors") == [
        "sensor",
        "clock",
    ]
    assert shown(hass, "sensor.orchard_shade_temperature") == "21.5"
    assert shown(hass, "sensor.orchard_shade_humidity") == "48.3"
    assert shown(hass, "sensor.orchard_shade_power_supply") == "mains"
    assert hass.states.get("sensor.orchard_shade_battery") is None


async def test_channels_are_what_their_metrics_are_and_others_plain_numbers(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.tell_all()

    for name, value, unit, device_class in (
        ("tank_ph", "5.9", None, "ph"),
        ("tank_conductivity", "5.9", "mS/cm", "conductivity"),
        ("tank_co2", "5.9", "ppm", "carbon_dioxide"),
        ("air_temperature", "21.5", "°C", "temperature"),
        ("air_humidity", "21.5", "%", "humidity"),
    ):
        state = hass.states.get(f"{CHANNEL}{name}")
        assert state is not None, name
        assert state.state == value
        assert state.attributes.get("unit_of_measurement") == unit
        assert state.attributes.get("device_class") == device_class
        assert state.attributes["state_class"] == "measurement"

    before = set(hass.states.async_entity_ids("sensor"))
    await node.measure("tank", "PH", 6.1)
    await node.measure("fan", "VALUE", 7)
    await node.answer("lamp", 9, "DONE", state=True)
    assert shown(hass, f"{CHANNEL}tank_ph") == "6.1"
    assert set(hass.states.async_entity_ids("sensor")) == before, "shown twice"

    # Nodes also measure what they do not name among their channels.
    await node.measure("nobody", "PH", 7)
    new = set(hass.states.async_entity_ids("sensor")) - before
    assert new == {f"{CHANNEL}nobody_ph"}


async def test_a_switch_for_the_level_says_whether_the_water_has_reached_it(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    level = "binary_sensor.glasshouse_nutrients_level_clean_max"

    await node.measure("level_clean_max", "WATER_LEVEL_SWITCH", 0)
    assert shown(hass, level) == STATE_OFF
    assert attribute(hass, level, "friendly_name") == (
        "Glasshouse Nutrients Level clean max"
    )
    await node.measure("level_clean_max", "WATER_LEVEL_SWITCH", 1)
    assert shown(hass, level) == STATE_ON
    assert not [
        sensor for sensor in hass.states.async_entity_ids("sensor") if "level" in sensor
    ]


async def test_what_a_channel_measured_is_gone_with_its_node_and_back_with_it(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.measure("tank", "PH", 6.1)
    await node.publish(f"{node.home}/lwt", "offline")
    assert shown(hass, f"{CHANNEL}tank_ph") == STATE_UNAVAILABLE
    await node.measure("tank", "PH", 6.2)
    assert shown(hass, f"{CHANNEL}tank_ph") == "6.2"


async def test_a_node_that_invents_metrics_gets_no_end_of_sensors(
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readings, "MOST_CHANNELS", 3)
    await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)

    for number in range(6):
        await node.measure("tank", f"M{number}", number)

    assert [
        entity_id
        for entity_id in hass.states.async_entity_ids("sensor")
        if "_tank_" in entity_id
    ] == [f"{CHANNEL}tank_m{number}" for number in range(3)]


async def test_a_feeder_tells_what_it_fed_and_how_it_is(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    charging, problem = (
        "binary_sensor.pets_cat_charging",
        "binary_sensor.pets_cat_problem",
    )
    assert shown(hass, charging) == shown(hass, problem) == STATE_UNAVAILABLE
    assert shown(hass, "sensor.pets_cat_last_fed") == STATE_UNKNOWN

    await feeder.say("sensor", f__voltage=5010, i__chg=1)
    assert shown(hass, problem) == STATE_UNKNOWN
    assert shown(hass, "sensor.pets_cat_last_fed") == STATE_UNKNOWN
    at = freezer.time_to_freeze.timestamp()
    for _ in range(2):
        await feeder.fed(at - 60, source=5)
    await feeder.fed(at, source=5, f__a_g=10)
    assert shown(hass, "sensor.pets_cat_voltage") == "5.01"
    assert shown(hass, "sensor.pets_cat_hopper") == "700"
    assert shown(hass, "sensor.pets_cat_last_fed") == "2026-05-28T21:00:00+00:00"
    assert float(shown(hass, "sensor.pets_cat_grams_today")) == 22.5
    assert (shown(hass, charging), shown(hass, problem)) == (STATE_ON, STATE_OFF)

    await feeder.say("sensor", i__chg=0)
    await feeder.fed(at + 1, source=5, b__fail=True, s__err="jam")
    assert (shown(hass, charging), shown(hass, problem)) == (STATE_OFF, STATE_ON)
    assert shown(hass, "sensor.pets_cat_last_fed") == "2026-05-28T21:00:00+00:00"

    await pass_time(hass, freezer, 24 * 60 * 60)
    await feeder.say("sensor", i__chg=0)
    assert float(shown(hass, "sensor.pets_cat_grams_today")) == 0


async def test_what_belongs_to_the_last_meal_stands_beside_it_and_is_no_problem(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    at = freezer.time_to_freeze.timestamp()

    await feeder.fed(
        at, source=6, f__a_g=10, b__bowl=True, b__trip=False, s__rid="E0000001"
    )

    state = hass.states.get("sensor.pets_cat_last_fed")
    assert state is not None
    shown_beside = {
        key: state.attributes.get(key)
        for key in ("source", "grams", "bowl", "trip", "recipe", "lrg")
    }
    assert shown_beside == {
        "source": "schedule",
        "grams": 10,
        "bowl": 1,
        "trip": 0,
        "recipe": "E0000001",
        "lrg": None,
    }
    assert shown(hass, "binary_sensor.pets_cat_problem") == STATE_OFF
