"""What nodes of a profile tell, as a person sees it."""

from __future__ import annotations

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    SensorDeviceClass,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.mqtt_dispatch.const import CONF_FIELDS, DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchConfigEntry
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.device_classes import (
    COUNTS,
    MAY_COUNT,
    OF_NUMBERS,
    OF_YES_NO,
)
from tests.calls import attribute, registered, shown
from tests.conftest import SetUp
from tests.nodes import Player, pass_time, speak_german
from tests.nonempty import some
from tests.others import BARN, Bridge

TANKS: dict[str, Any] = {
    "format": 1,
    "profile": "tanks",
    "maker": "Nobody",
    "prefix": "farm",
    "topics": {"told": "{prefix}/{node}/told"},
    "kinds": {"fill": {"class": "latest", "told": "done"}},
    "models": {
        "two": {
            "title": "Two tanks",
            "several": {"param": "tank", "numbers": [1, 2]},
            "readings": {
                "water_level": {
                    "topic": "told",
                    "path": "level_{tank}",
                    "number": [0, 500],
                    "shown": {"device_class": "volume_storage", "unit": "L"},
                },
                "temperature": {
                    "topic": "told",
                    "path": "warm_{tank}",
                    "number": [0, 99],
                    "shown": {"device_class": "temperature", "unit": "°C"},
                },
                "lid": {
                    "topic": "told",
                    "path": "lid",
                    "words": {"U": "up", "D": "down"},
                    "shown": {"name": "The lid", "diagnostic": True},
                },
                "water": {
                    "topic": "told",
                    "path": "used",
                    "number": [0, 1000000],
                    "shown": {"device_class": "water", "unit": "L", "precision": 1},
                },
                "leak": {
                    "topic": "told",
                    "path": "leak",
                    "yes": 1,
                    "no": 0,
                    "shown": {"device_class": "moisture"},
                },
                "secret_state": {"topic": "told", "path": "hidden", "number": [0, 9]},
            },
            "kinds": {
                "fill": {"steps": [{"topic": "{prefix}/{node}/fill", "payload": "1"}]}
            },
        }
    },
}


@pytest.fixture
def own(hass: HomeAssistant) -> Iterator[None]:
    """A profile of the owner's, whose nodes tell all kinds of things."""
    folder = Path(hass.config.path(DOMAIN, "profiles"))
    folder.mkdir(parents=True)
    (folder / "tanks.json").write_text(json.dumps(TANKS), encoding="utf-8")
    yield
    PROTOCOLS.set_own({})


@pytest.fixture
async def tanks(own: None, set_up: SetUp) -> DispatchConfigEntry:
    """A station of that profile."""
    entry: DispatchConfigEntry = await set_up(
        title="Farm",
        protocol="tanks",
        prefix="farm",
        nodes={"shed": {"title": "Shed", CONF_FIELDS: {"model": "two"}}},
    )
    return entry


def readings_of(hass: HomeAssistant, entry: DispatchConfigEntry) -> set[str]:
    """Return what a station shows of what its nodes tell, by entity id."""
    keys = entry.runtime_data.protocol.readings
    node = f"{entry.entry_id}_{next(iter(entry.runtime_data.data.nodes))}_"
    return {
        entity_id
        for entity_id, entity in registered(er.async_get(hass), entry).items()
        if entity.unique_id.removeprefix(node) in keys
    }


async def test_a_feeder_shows_what_it_counted_what_fed_last_and_whether_it_is_well(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry: Any = await set_up(**BARN)
    assert readings_of(hass, entry) == set(), "it told nothing yet"

    await Bridge(hass, mqtt_mock).tell_all()
    assert {each: shown(hass, each) for each in readings_of(hass, entry)} == {
        "sensor.barn_dog_portions_counted_today": "3",
        "sensor.barn_dog_fed_by": "plan",
        "binary_sensor.barn_dog_problem": "off",
    }


async def test_a_count_that_begins_anew_is_one_for_statistics(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**BARN)
    await Bridge(hass, mqtt_mock).tell_all()
    portions = "sensor.barn_dog_portions_counted_today"
    assert attribute(hass, portions, "state_class") == "total_increasing"


async def test_a_problem_appears_when_the_feeder_tells_of_it(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**BARN)
    bridge = Bridge(hass, mqtt_mock)
    await bridge.tell_all()
    await bridge.say(portions_per_day=3, error=True)
    assert shown(hass, "binary_sensor.barn_dog_problem") == "on"


async def test_what_was_told_is_not_shown_of_a_node_that_is_gone(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, freezer: Any
) -> None:
    await set_up(**BARN)
    await Bridge(hass, mqtt_mock).tell_all()
    await Player(hass, mqtt_mock).publish(
        "zigbee2mqtt/dog/availability", {"state": "offline"}
    )
    await pass_time(hass, freezer, 1)
    assert shown(hass, "sensor.barn_dog_fed_by") == "unavailable"


async def test_what_the_package_knows_is_called_in_the_language_of_the_server(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await speak_german(hass)
    await set_up(**BARN)
    await Bridge(hass, mqtt_mock).tell_all()
    names = {state.name for state in hass.states.async_all("sensor")}
    assert "Barn Dog Heute gezählte Portionen" in names


async def test_a_reading_of_an_owner_is_shown_as_he_says_it(
    hass: HomeAssistant, tanks: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    await Player(hass, mqtt_mock).publish(
        "farm/shed/told", {"lid": "U", "used": 12.5, "leak": 1, "hidden": 3}
    )
    states = {
        state.name: state.state
        for entity_id in readings_of(hass, tanks)
        if (state := hass.states.get(entity_id)) is not None
    }
    assert states == {
        "Farm Shed The lid": "up",
        # The package has a name for it only beside a valve.
        "Farm Shed Water": "12.5",
        "Farm Shed Leak": "on",
    }


async def test_what_an_owner_says_of_a_reading_is_what_home_assistant_knows_of_it(
    hass: HomeAssistant, tanks: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    await Player(hass, mqtt_mock).publish(
        "farm/shed/told", {"lid": "U", "used": 12.5, "leak": 1}
    )
    found = registered(er.async_get(hass), tanks)
    lid, water = found["sensor.farm_shed_the_lid"], found["sensor.farm_shed_water"]
    assert lid.entity_category == "diagnostic"
    assert (lid.capabilities or {})["options"] == ["up", "down"]
    assert (water.original_device_class, water.unit_of_measurement) == ("water", "L")
    assert (water.capabilities or {})["state_class"] == "total_increasing"
    leak = found["binary_sensor.farm_shed_leak"]
    assert leak.original_device_class == "moisture"


async def test_of_several_things_each_has_its_number(
    hass: HomeAssistant, tanks: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    await Player(hass, mqtt_mock).publish(
        "farm/shed/told", {"level_1": 100, "level_2": 200, "warm_2": 20}
    )
    states = {
        state.name: state.state
        for entity_id in readings_of(hass, tanks)
        if (state := hass.states.get(entity_id)) is not None
    }
    assert states == {
        "Farm Shed Water level 1": "100",
        "Farm Shed Water level 2": "200",
        "Farm Shed Temperature 2": "20",
    }


async def test_of_several_things_what_the_package_knows_is_called_in_its_language(
    hass: HomeAssistant, own: None, set_up: SetUp, mqtt_mock: Any
) -> None:
    await speak_german(hass)
    await set_up(
        title="Farm",
        protocol="tanks",
        prefix="farm",
        nodes={"shed": {"title": "Shed", CONF_FIELDS: {"model": "two"}}},
    )
    await Player(hass, mqtt_mock).publish("farm/shed/told", {"warm_2": 20})
    names = {state.name for state in hass.states.async_all("sensor")}
    assert "Farm Shed Temperatur 2" in names


@pytest.mark.parametrize("device_class", some(list(OF_NUMBERS)))
def test_a_device_class_of_a_number_and_its_units_are_those_of_home_assistant(
    device_class: str,
) -> None:
    known = {
        str(unit or "") for unit in DEVICE_CLASS_UNITS[SensorDeviceClass(device_class)]
    }
    assert {*OF_NUMBERS[device_class]} <= known


@pytest.mark.parametrize("device_class", some(list(OF_NUMBERS)))
def test_what_counts_is_what_home_assistant_takes_for_a_count(
    device_class: str,
) -> None:
    known = DEVICE_CLASS_STATE_CLASSES[SensorDeviceClass(device_class)]
    counts = SensorStateClass.TOTAL_INCREASING in known
    measures = SensorStateClass.MEASUREMENT in known
    assert (counts, measures) == (
        device_class in MAY_COUNT,
        device_class not in COUNTS,
    )


def test_each_device_class_of_a_yes_or_no_is_one_of_home_assistant() -> None:
    assert {*OF_YES_NO} <= {*BinarySensorDeviceClass}
