"""Meals planned on the calendar's page in zones that set their clocks or do not."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..nodes import settled
from .page import AND_FOLLOWING, Page

NIGHTS = {
    "Europe/Berlin": ("2027-03-28", "02:30", "03:00", "2026-10-25", "02:30"),
    "Australia/Adelaide": ("2026-10-04", "02:30", "03:00", "2027-04-04", "02:30"),
    "America/Santiago": ("2026-09-06", "00:30", "01:00", "2027-04-03", "23:30"),
    "Australia/Lord_Howe": ("2026-10-04", "02:15", "02:30", "2027-04-04", "01:45"),
}
"""By zone: a date and a time that the clocks skip, when that comes, and ones that they
show twice."""


type LiveIn = Callable[[str, str], Coroutine[Any, Any, None]]


@pytest.fixture
def live_in(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: DispatchCoordinator
) -> LiveIn:
    """Have the owner live in a zone, and it be noon, two days before a day."""

    async def live(zone: str, day: str) -> None:
        await hass.config.async_update(time_zone=zone)
        noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))
        freezer.move_to(noon.astimezone(UTC) - timedelta(days=2))
        await settled(hass, station)

    return live


@pytest.mark.parametrize("zone", NIGHTS)
async def test_a_time_that_clocks_skip_comes_right_after_and_stays_what_it_is(
    live_in: LiveIn, station: DispatchCoordinator, page: Page, zone: str
) -> None:
    day, clock, comes, _, _ = NIGHTS[zone]
    await live_in(zone, day)
    assert await page.create(f"{day}T{clock}:00", "2", rrule="FREQ=DAILY") is None
    event = await page.event(day)
    assert event["start"]["dateTime"][:16] == f"{day}T{comes}"
    assert event["recurrence_id"] == f"{day}T{clock}"

    # What is shown that day is saved without its time being touched.
    for change in (
        page.change(event, AND_FOLLOWING, summary="3"),
        page.change(event, summary="4"),
    ):
        assert await change is None
    (meal,) = station.engine.ledger.meals.values()
    assert meal.rule.time == clock
    (override,) = meal.overrides.values()
    assert (override.time, (override.params or {})["portions"]) == ("", 4)


@pytest.mark.parametrize("zone", NIGHTS)
async def test_a_time_that_clocks_show_twice_is_planned_and_deleted_once(
    live_in: LiveIn, station: DispatchCoordinator, page: Page, zone: str
) -> None:
    _, _, _, day, clock = NIGHTS[zone]
    await live_in(zone, day)
    assert await page.create(f"{day}T{clock}:00", "2", rrule="FREQ=DAILY") is None
    event = await page.event(day)
    assert event["start"]["dateTime"][:16] == f"{day}T{clock}"
    assert event["end"]["dateTime"][:16] == f"{day}T{clock}"
    first_pass = datetime.fromisoformat(event["start"]["dateTime"]).timestamp()
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
    assert first_pass == local.timestamp()

    assert await page.change(event, summary="4") is None
    (meal,) = station.engine.ledger.meals.values()
    (override,) = meal.overrides.values()
    assert override.time == ""
    assert await page.delete(await page.event(day)) is None
    assert [each["summary"] for each in await page.events(day)] == [
        "skipped · Meal: 4 portions"
    ]


@pytest.mark.parametrize(
    ("zone", "until"),
    [
        ("Europe/Berlin", "20260614T160000Z"),
        ("America/Los_Angeles", "20260615T010000Z"),
        ("Pacific/Kiritimati", "20260614T040000Z"),
        ("Asia/Kathmandu", "20260614T121500Z"),
        ("UTC", "20260614T180000Z"),
    ],
)
async def test_the_last_moment_in_utc_is_that_of_a_local_date(
    live_in: LiveIn, page: Page, zone: str, until: str
) -> None:
    await live_in(zone, "2026-06-13")
    rrule = f"FREQ=DAILY;UNTIL={until}"
    assert await page.create("2026-06-13T18:00:00", "2", rrule=rrule) is None
    assert await page.shown("2026-06-11", 9) == [
        "2026-06-13T18:00 Meal: 2 portions",
        "2026-06-14T18:00 Meal: 2 portions",
    ]


async def test_who_moves_to_another_zone_keeps_the_times_on_his_clock(
    hass: HomeAssistant, live_in: LiveIn, station: DispatchCoordinator, page: Page
) -> None:
    await live_in("Europe/Berlin", "2026-06-13")
    assert await page.create("2026-06-13T18:00:00", "2", rrule="FREQ=DAILY") is None
    moved = {"start": "2026-06-14T07:00:00"}
    assert await page.change(await page.event("2026-06-14"), **moved) is None

    await hass.config.async_update(time_zone="America/New_York")
    await settled(hass, station)

    found = await page.events("2026-06-13", 2)
    assert [event["start"]["dateTime"] for event in found] == [
        "2026-06-13T18:00:00-04:00",
        "2026-06-14T07:00:00-04:00",
    ]
