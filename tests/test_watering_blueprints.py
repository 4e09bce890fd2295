"""The blueprints about water: a valve still open, no watering when it rained."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN

from .automating import automate, notified
from .calls import actions_of, device_of, shown
from .conftest import SetUp
from .nodes import pass_time, settled
from .others import ORCHARD, Hub

VALVE = "valve.orchard_apples_valve_0"


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """What a phone was notified of."""
    return notified(hass)


@pytest.fixture
async def hub(hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any) -> Hub:
    """A hub with valves, played by hand."""
    await set_up(**ORCHARD)
    return Hub(hass, mqtt_mock)


@pytest.mark.parametrize("close", [True, False])
async def test_a_valve_that_stays_open_is_told_of_and_closed_where_that_is_wanted(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hub: Hub,
    told: list[ServiceCall],
    *,
    close: bool,
) -> None:
    await hub.list_nodes()
    (orchard,) = hass.config_entries.async_entries(DOMAIN)
    await automate(
        hass, "valve_open", valves=[VALVE], longest={"seconds": 10}, close=close
    )
    await hub.say("EVENT_LOG 1 901 0 117 0 0")
    assert shown(hass, VALVE) == "open"
    await pass_time(hass, freezer, 5)
    assert told == []
    # The oldest core looks again only at the next tick of a clock that is set by hand.
    for _ in range(4):
        await pass_time(hass, freezer, 10)
    await settled(hass, orchard.runtime_data)
    await hass.async_block_till_done()

    (said,) = told
    assert said.data["message"] == "Orchard Apples Valve 0 is still open"
    ordered = (await actions_of(hass, orchard)("get_commands"))["commands"]
    assert [command["kind"] for command in ordered] == ["close_valve"] * close


@pytest.fixture
async def silent_hub(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hub: Hub
) -> MockConfigEntry:
    """The station of a hub that died while a valve was open."""
    await hub.list_nodes()
    (orchard,) = hass.config_entries.async_entries(DOMAIN)
    await automate(hass, "valve_open", valves=[VALVE], longest={"hours": 1}, close=True)
    await hub.say("EVENT_LOG 1 901 0 117 0 0")
    assert shown(hass, VALVE) == "open"
    for _ in range(9):
        await pass_time(hass, freezer, 5 * 60)
    assert shown(hass, VALVE) == "unknown"
    return orchard


async def an_hour_later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, orchard: MockConfigEntry
) -> None:
    for _ in range(14):
        await pass_time(hass, freezer, 5 * 60)
    await settled(hass, orchard.runtime_data)
    await hass.async_block_till_done()


@pytest.mark.parametrize("reloaded", [True, False])
async def test_a_valve_that_was_open_when_its_hub_died_is_told_of_and_closed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    silent_hub: MockConfigEntry,
    told: list[ServiceCall],
    *,
    reloaded: bool,
) -> None:
    if reloaded:
        await hass.config_entries.async_reload(silent_hub.entry_id)
        await hass.async_block_till_done()
    assert told == []
    await an_hour_later(hass, freezer, silent_hub)

    (said,) = told
    name = "Orchard Apples Valve 0"
    expected = f"{name} was open, and nobody knows whether it still is"
    assert said.data["message"] == expected
    ordered = (await actions_of(hass, silent_hub)("get_commands"))["commands"]
    assert [command["kind"] for command in ordered] == ["close_valve"]


async def test_a_valve_that_is_heard_of_again_is_not_told_of(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    silent_hub: MockConfigEntry,
    hub: Hub,
    told: list[ServiceCall],
) -> None:
    for _ in range(14):
        await hub.say("EVENT_LOG 1 902 0 118 0 0")
        assert shown(hass, VALVE) == "closed"
        await pass_time(hass, freezer, 5 * 60)
    assert told == []


RAIN = "sensor.rain"


@pytest.fixture
async def watering(
    hass: HomeAssistant, hub: Hub, told: list[ServiceCall]
) -> MockConfigEntry:
    """An orchard that is watered at 16:00, two hours ahead, unless it rains 5 mm."""
    await hub.list_nodes()
    (orchard,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(orchard, MockConfigEntry)
    for clock, enabled in (("16:00", True), ("15:40", False), ("23:00", True)):
        await actions_of(hass, orchard, "1")(
            "schedule",
            name="Apples",
            time=clock,
            valve=0,
            duration=600,
            enabled=enabled,
        )
    await automate(
        hass,
        "no_watering_when_it_rained",
        station=device_of(hass, orchard),
        rain=RAIN,
        before={"hours": 1},
    )
    return orchard


async def skipped(hass: HomeAssistant, orchard: MockConfigEntry) -> list[str]:
    """Return when it is not watered, of all that is planned."""
    meals = (await actions_of(hass, orchard)("get_schedule"))["meals"]
    return [f"{day}T{meal['time']}" for meal in meals for day in meal["skipped"]]


def rains(hass: HomeAssistant, amount: str) -> None:
    """Have the sensor say how much it rained."""
    hass.states.async_set(RAIN, amount, {"unit_of_measurement": "mm"})


async def test_nothing_is_watered_when_it_rained_and_that_is_told_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    told: list[ServiceCall],
    watering: MockConfigEntry,
) -> None:
    rains(hass, "6.5")
    for _ in range(10):
        await pass_time(hass, freezer, 5 * 60)
    await hass.async_block_till_done()
    assert await skipped(hass, watering) == [], "more than an hour ahead"
    for _ in range(10):
        await pass_time(hass, freezer, 5 * 60)
    await hass.async_block_till_done()
    assert await skipped(hass, watering) == ["2026-05-28T16:00"]
    (said,) = told
    assert said.data["message"] == (
        "Orchard: no watering on 2026-05-28 at 16:00 (Apples). Rain: 6.5 mm"
    )


async def test_what_was_planned_just_now_is_skipped_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    told: list[ServiceCall],
    watering: MockConfigEntry,
) -> None:
    rains(hass, "5")
    act = actions_of(hass, watering, "1")
    *_, latest = (await act("get_schedule"))["meals"]
    await act("schedule", meal_id=latest["meal_id"], name="", time="14:12")
    for _ in range(3):
        await pass_time(hass, freezer, 2 * 60)
    await hass.async_block_till_done()
    assert await skipped(hass, watering) == ["2026-05-28T14:12"]
    (said,) = told
    assert said.data["message"] == (
        "Orchard: no watering on 2026-05-28 at 14:12. Rain: 5 mm"
    )


@pytest.mark.parametrize("rain", ["4.9", "0", "unknown", "unavailable", "", None])
async def test_what_is_no_rain_skips_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    told: list[ServiceCall],
    watering: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    *,
    rain: str | None,
) -> None:
    if rain is not None:
        rains(hass, rain)
    for _ in range(20):
        await pass_time(hass, freezer, 5 * 60)
    await hass.async_block_till_done()
    assert await skipped(hass, watering) == []
    assert told == []
    assert "Error" not in caplog.text
