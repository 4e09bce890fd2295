"""The calendar shows what became of the dates of a meal, and changes none of them."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import Act, actions_of, all_ready, state_of
from ..nodes import Nodes, pass_time, settled
from .page import AND_FOLLOWING, MEALS, Page, berlin_time

OVER = "The meal of 2026-06-02 is over or under way, so it can no longer be changed."
LUNCH = "2026-06-02T13:00 Lunch: 2 portions"


@pytest.fixture
async def lunch(page: Page) -> None:
    """A lunch on every day from today on."""
    assert (
        await page.create(
            "2026-06-02T13:00:00", "Lunch: 2 portions", rrule="FREQ=DAILY"
        )
        is None
    )


class Day:
    """The Tuesday, as it passes at the station."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        station: DispatchCoordinator,
        nodes: Nodes,
    ) -> None:
        self._hass, self._freezer, self._station = hass, freezer, station
        self.nodes = nodes

    async def until(self, clock: str, day: str = "2026-06-02") -> None:
        moment = berlin_time(f"{day}T{clock}").timestamp()
        await pass_time(self._hass, self._freezer, moment - self._freezer().timestamp())
        await settled(self._hass, self._station)

    async def ready(self) -> int:
        """Have the nodes be ready; return the number of the feed that was ordered."""
        await all_ready(self._hass, self._freezer, self.nodes)
        await settled(self._hass, self._station)
        (command_id,) = self._station.engine.ledger.open
        return command_id


@pytest.fixture
def day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    mqtt_mock: Any,
) -> Day:
    """The Tuesday at noon."""
    return Day(hass, freezer, station, Nodes(hass, mqtt_mock))


@pytest.mark.usefixtures("lunch")
async def test_what_was_fed_says_so_and_stays(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, day: Day
) -> None:
    await day.until("13:00:01")
    command_id = await day.ready()
    assert await page.shown("2026-06-02") == [
        "2026-06-02T13:00 open · Lunch: 2 portions"
    ]
    assert state_of(hass, MEALS).state == "on"
    await day.nodes.accept(command_id)
    await day.nodes.done(command_id)
    await settled(hass, station)

    assert await page.shown("2026-06-02", 2) == [
        "2026-06-02T13:00 fed · Lunch: 2 portions",
        "2026-06-03T13:00 Lunch: 2 portions",
    ]
    before = dict(station.engine.ledger.meals)
    event = (await page.events("2026-06-02"))[0]
    for which in ("", AND_FOLLOWING):
        assert await page.delete(event, which) == OVER
        assert await page.change(event, which, summary="Lunch: 9 portions") == OVER
    assert station.engine.ledger.meals == before


@pytest.mark.usefixtures("lunch")
async def test_what_failed_and_what_was_missed_say_so(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, day: Day
) -> None:
    await day.until("13:00:01")
    command_id = await day.ready()
    for node in ("1", "2"):
        await day.nodes.refuse(command_id, node)
    await settled(hass, station)
    await day.until("15:00:00", "2026-06-03")

    assert await page.shown("2026-06-02", 3) == [
        "2026-06-02T13:00 failed · Lunch: 2 portions",
        "2026-06-03T13:00 missed · Lunch: 2 portions",
        "2026-06-04T13:00 Lunch: 2 portions",
    ]


@pytest.mark.usefixtures("lunch")
async def test_what_was_skipped_stays_so(page: Page, day: Day) -> None:
    assert await page.delete(await page.event("2026-06-02")) is None
    await day.until("13:10:00")
    assert await page.shown("2026-06-02") == [
        "2026-06-02T13:00 skipped · Lunch: 2 portions"
    ]
    assert await page.delete(await page.event("2026-06-02")) == OVER


@pytest.mark.usefixtures("lunch")
async def test_what_waits_can_still_be_changed_and_skipped(
    page: Page, station: DispatchCoordinator, day: Day
) -> None:
    await day.until("13:00:01")
    event = await page.event("2026-06-02")
    assert await page.change(event, summary="Lunch: 3 portions") is None
    (command,) = station.engine.ledger.open.values()
    assert command.params["portions"] == 3

    assert await page.delete(await page.event("2026-06-02")) is None
    assert not station.engine.ledger.open
    assert await page.shown("2026-06-02") == [
        "2026-06-02T13:00 skipped · Lunch: 3 portions"
    ]


@pytest.mark.usefixtures("lunch")
async def test_what_is_no_longer_planned_is_shown_without_being_offered(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, day: Day
) -> None:
    await day.until("13:00:01")
    command_id = await day.ready()
    await day.nodes.accept(command_id)
    await day.nodes.done(command_id)
    await settled(hass, station)
    assert await page.delete_all(await page.event("2026-06-03")) is None

    event = await page.event("2026-06-02")
    assert event["summary"] == "fed · Meal: 2 portions"
    assert event["uid"] is None


@pytest.mark.usefixtures("lunch")
async def test_a_meal_that_was_moved_after_it_was_fed_is_not_shown_again(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, day: Day
) -> None:
    await day.until("13:00:01")
    command_id = await day.ready()
    await day.nodes.accept(command_id)
    await day.nodes.done(command_id)
    await settled(hass, station)
    later = {"start": "2026-06-03T16:00:00"}
    assert await page.change_all(await page.event("2026-06-03"), **later) is None
    assert await page.shown("2026-06-02", 2) == [
        "2026-06-02T13:00 fed · Lunch: 2 portions",
        "2026-06-03T16:00 Lunch: 2 portions",
    ]


@pytest.mark.usefixtures("lunch")
async def test_the_next_event_is_the_next_that_is_not_skipped(
    hass: HomeAssistant, page: Page
) -> None:
    assert await page.delete(await page.event("2026-06-02")) is None
    assert await page.change(await page.event("2026-06-03"), summary="1") is None
    attributes = state_of(hass, MEALS).attributes
    assert attributes["start_time"] == "2026-06-03 13:00:00"
    assert attributes["message"] == "Lunch: 1 portion"


@pytest.fixture
def act(hass: HomeAssistant, station: DispatchCoordinator) -> Act:
    """Return what calls the actions of the station."""
    return actions_of(hass, station.config_entry)


async def test_what_is_ordered_for_later_is_shown_and_withdrawn(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, act: Act
) -> None:
    answer = await act("feed", portions=3, at="2026-06-02 21:30")
    await settled(hass, station)
    assert await page.shown("2026-06-02") == ["2026-06-02T21:30 Meal: 3 portions"]

    event = await page.event("2026-06-02")
    assert await page.delete(event) is None

    assert await page.shown("2026-06-02") == []
    command = station.engine.ledger.find(answer["command_id"])
    assert command is not None
    assert command.state == "cancelled"
    again = await page.delete(event)
    assert again is not None
    assert "has already ended: it was cancelled" in again


async def test_who_changes_what_is_ordered_for_later_is_told_what_to_do_instead(
    page: Page, station: DispatchCoordinator, act: Act
) -> None:
    await act("feed", portions=3, at="2026-06-02 21:30")
    before = dict(station.engine.ledger.open)

    told = await page.change(await page.event("2026-06-02"), summary="4")

    assert told is not None
    assert "Delete it, and add an event" in told
    assert station.engine.ledger.open == before


@pytest.mark.usefixtures("lunch")
async def test_what_is_ordered_for_later_can_be_the_next_event(
    hass: HomeAssistant, station: DispatchCoordinator, day: Day, act: Act
) -> None:
    await act("feed", portions=3, at="2026-06-02 12:30")
    await act("feed", portions=4, at="2026-06-02 12:40")
    await settled(hass, station)
    shown = state_of(hass, MEALS)
    assert shown.attributes["message"] == "Meal: 3 portions"
    assert shown.attributes["start_time"] == "2026-06-02 12:30:00"

    await day.until("12:30:01")
    shown = state_of(hass, MEALS)
    assert (shown.state, shown.attributes["message"]) == (
        "on",
        "open · Meal: 3 portions",
    )
    await day.until("12:31:00")
    shown = state_of(hass, MEALS)
    assert (shown.state, shown.attributes["message"]) == ("off", "Meal: 4 portions")
    await day.until("12:41:00")
    assert state_of(hass, MEALS).attributes["message"] == "Lunch: 2 portions"


async def test_what_was_ordered_for_later_says_what_became_of_it(
    hass: HomeAssistant, page: Page, station: DispatchCoordinator, day: Day, act: Act
) -> None:
    await act("feed", portions=3, at="2026-06-02 12:30")
    await day.until("12:30:01")
    event = await page.event("2026-06-02")
    assert event["summary"] == "open · Meal: 3 portions"
    assert event["uid"] is not None, "it still waits and can be withdrawn"
    command_id = await day.ready()
    await day.nodes.accept(command_id)
    assert (await page.event("2026-06-02"))["uid"] is None
    await day.nodes.done(command_id)
    await settled(hass, station)

    await act("feed", portions=1, at="2026-06-02 12:40")
    await day.until("14:00:00")

    assert await page.shown("2026-06-02") == [
        "2026-06-02T12:30 fed · Meal: 3 portions",
        "2026-06-02T12:40 missed · Meal: 1 portion",
    ]
