"""Plans that nodes keep: refused or stored, sent down, and told of in the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import actions_of, calendar_events, shown
from ..conftest import SetUp
from ..nodes import pass_time, settled, speak_german
from ..others import FEEDER, GATEWAY, ORCHARD, PETS, Feeder, Hub

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 2, 12, tzinfo=BERLIN)
"""A Tuesday."""


@pytest.fixture(autouse=True)
async def _berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOON)


@pytest.fixture
async def pets(set_up: SetUp) -> MockConfigEntry:
    """A station of two feeders."""
    dog = {"title": "Dog", "fields": {"gateway": GATEWAY, "firmware": "2.0.0"}}
    return await set_up(**PETS | {"nodes": {**PETS["nodes"], "d09": dog}})


@pytest.fixture
def feeder(hass: HomeAssistant, pets: MockConfigEntry, mqtt_mock: Any) -> Feeder:
    """The feeders, played by hand."""
    return Feeder(hass, mqtt_mock)


async def events(
    hass: HomeAssistant, calendar: str, start: datetime, end: datetime
) -> list[tuple[str, str]]:
    found = await calendar_events(hass, calendar, start, end)
    return [(event["start"][11:16], event["summary"]) for event in found]


async def test_a_run_of_a_valve_goes_down_in_utc_after_all_removals(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, freezer: FrozenDateTimeFactory
) -> None:
    entry = await set_up(**ORCHARD)
    hub = Hub(hass, mqtt_mock)
    await hub.list_nodes()
    act = actions_of(hass, entry, "1")
    lawn = {"name": "Lawn", "time": "01:30", "weekdays": ["mon"], "valve": 1}

    answer = await act("schedule", **lawn, duration=90)
    assert answer["next"] == "2026-06-07T23:30:00+00:00"
    await hub.holds_nothing()
    for slot in (1, 0):
        await settled(hass, entry.runtime_data)
        assert hub.sent()[-1] == f"REMOVE_SCHEDULE 1 {slot}"
        await hub.say(f"QUEUED REMOVE_SCHEDULE 1 {slot}")
        await pass_time(hass, freezer, 1.0)
    await settled(hass, entry.runtime_data)
    # 01:30 on Monday in Berlin is Sunday in UTC.
    assert hub.sent()[2:] == ["SET_SCHEDULE 1 0 23:30 90 1 1"]
    await hub.say("QUEUED SET_SCHEDULE 1 3")
    for event in ("113 0 1", "113 0 0", "112 0 0"):
        await hub.say(f"EVENT_LOG 1 901 0 {event}")
    await settled(hass, entry.runtime_data)
    assert entry.runtime_data.engine.ledger.open == {}
    assert await events(
        hass, "calendar.orchard_plan", NOON, NOON + timedelta(days=8)
    ) == [("01:30", "Lawn: valve 1 for 1.5 min")]


async def test_a_plan_that_nodes_cannot_hold_is_refused_before_it_is_stored(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, pets: MockConfigEntry
) -> None:
    orchard = await set_up(**ORCHARD)
    await Hub(hass, mqtt_mock).list_nodes()
    for entry, given, said in (
        (orchard, {"valve": 2, "duration": 60}, "Valve: a whole number"),
        (orchard, {"valve": 0}, "Duration: this is missing"),
        (orchard, {"valve": 0, "duration": 9, "portions": 1}, "Portions: this means"),
        (pets, {"portions": 33}, "Portions: a whole number"),
        (
            pets,
            {"portions": 1, "weekdays": ["mon", "tue"]},
            "must be on all",
        ),
        (pets, {"portions": 1, "valve": 1}, "Valve: this means nothing"),
    ):
        (node, *_) = entry.runtime_data.engine.station.nodes
        with pytest.raises(ServiceValidationError, match=said):
            await actions_of(hass, entry, node)("schedule", time="08:00", **given)
    runs = actions_of(hass, orchard, "1")
    for time in ("06:00", "07:00"):
        await runs("schedule", time=time, valve=0, duration=60)
    with pytest.raises(ServiceValidationError, match="the node takes: 2"):
        await runs("schedule", time="08:00", valve=0, duration=60)

    assert len((await runs("get_schedule"))["meals"]) == 2
    assert orchard.runtime_data.engine.ledger.known.newest("set_plan", "1").params == {
        "clear": 2,
        "slots": [
            {"hour": hour, "minute": 0, "days": 127, "valve": 0, "duration": 60}
            for hour in (4, 5)
        ],
    }
    assert (await actions_of(hass, pets)("get_schedule"))["meals"] == []
    assert pets.runtime_data.engine.ledger.open == {}


async def test_a_schedule_reaches_each_feeder_in_the_form_that_it_takes(
    hass: HomeAssistant, pets: MockConfigEntry, feeder: Feeder
) -> None:
    coordinator = pets.runtime_data
    await actions_of(hass, pets)("schedule", time="08:00", portions=4)
    await actions_of(hass, pets, FEEDER)("schedule", time="18:30", portions=1)
    await feeder.say("hb")
    await feeder.obey(coordinator)
    told = feeder.sent()
    assert [name for name, _ in told] == [
        "utc_offset",
        "schedule_clear",
        "schedule_mod_start",
        "schedule_add",
        "schedule_mod_end",
    ]
    assert told[0][1] == {"utc_offset": 7200}
    assert [entry["data"]["time"] for entry in told[3][1]] == [28_800, 66_600]

    await feeder.say("hb", "d09")
    await feeder.obey(coordinator)
    assert [name for name, _ in feeder.sent()[5:]] == ["utc_offset", "schedule"]
    assert [meal["portion"] for meal in feeder.sent()[-1][1]] == [0.25]

    await feeder.say("hash", s__local_md5="")
    await feeder.obey(coordinator)
    assert [name for name, _ in feeder.sent()[7:]] == [name for name, _ in told[1:]]


async def test_the_calendar_tells_what_became_of_meals_that_feeders_fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    pets: MockConfigEntry,
    feeder: Feeder,
) -> None:
    act = actions_of(hass, pets, FEEDER)
    for time, portions in (("13:00", 2), ("14:00", 1), ("15:00", 3)):
        await act("schedule", time=time, portions=portions)
    await feeder.say("hb")
    await feeder.obey(pets.runtime_data)
    sent = len(feeder.sent())

    await pass_time(hass, freezer, 3600)
    at = (NOON + timedelta(hours=1)).timestamp()
    for _ in range(2):
        await feeder.fed(at + 20)
    await pass_time(hass, freezer, 3600)
    await feeder.fed(at + 3600, b__fail=True, s__err="jam")
    await pass_time(hass, freezer, 3600 + 301)
    await settled(hass, pets.runtime_data)

    calendar = "calendar.pets_meals"
    past = (NOON, NOON + timedelta(hours=4))
    assert await events(hass, calendar, *past) == [
        ("13:00", "Cat: 2 portions dispensed"),
        ("14:00", "Cat: 1 portion failed: jam"),
        ("15:00", "Cat: 3 portions missed"),
    ]
    await speak_german(hass)
    assert await events(hass, calendar, *past) == [
        ("13:00", "Cat: 2 Portionen ausgegeben"),
        ("14:00", "Cat: 1 Portion fehlgeschlagen: jam"),
        ("15:00", "Cat: 3 Portionen verpasst"),
    ]
    assert len(feeder.sent()) == sent, "the feeder fed by itself"
    assert shown(hass, "sensor.pets_next_meal") == "2026-06-03T11:00:00+00:00"
    await feeder.say("sensor", i__chg=0)
    assert shown(hass, "sensor.pets_cat_last_fed") == "2026-06-02T11:00:20+00:00"


async def test_what_a_feeder_dispensed_is_weighed_by_itself_and_by_nobody_else(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    pets: MockConfigEntry,
    feeder: Feeder,
) -> None:
    hass.config_entries.async_update_entry(pets, options={"portion_grams": 10.0})
    await hass.async_block_till_done()
    await actions_of(hass, pets, FEEDER)("schedule", time="13:00", portions=2)
    await feeder.say("hb")
    await feeder.obey(pets.runtime_data)

    await pass_time(hass, freezer, 3660)
    await feeder.fed((NOON + timedelta(hours=1)).timestamp(), f__a_g=17)
    await settled(hass, pets.runtime_data)

    assert await events(
        hass, "calendar.pets_meals", NOON, NOON + timedelta(days=1, hours=2)
    ) == [
        ("13:00", "Cat: 2 portions dispensed"),
        ("13:00", "Meal: 2 portions (20 g)"),
    ]
    assert float(shown(hass, "sensor.pets_cat_grams_today")) == 17
