"""An event that somebody makes on the calendar's page is a meal, or is refused."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.meal import Meal

from ..conftest import Disk
from .page import Page


def only_meal(station: DispatchCoordinator) -> Meal:
    (meal,) = station.engine.ledger.meals.values()
    return meal


async def test_an_event_without_repetition_is_a_meal_of_one_date(
    page: Page, station: DispatchCoordinator
) -> None:
    assert await page.create("2026-06-03T08:00:00", "Breakfast: 2 portions") is None

    assert await page.shown("2026-06-02", 7) == [
        "2026-06-03T08:00 Breakfast: 2 portions"
    ]
    event = await page.event("2026-06-03")
    assert event["uid"] == only_meal(station).id
    assert (event["recurrence_id"], event["rrule"]) == (None, None)
    assert only_meal(station).params["portions"] == 2


@pytest.mark.parametrize(
    ("rrule", "days", "shown"),
    [
        ("FREQ=DAILY", [2, 3, 4, 5, 6, 7, 8], "FREQ=DAILY"),
        ("FREQ=DAILY;INTERVAL=3", [2, 5, 8], "FREQ=DAILY;INTERVAL=3"),
        ("FREQ=WEEKLY", [2], "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=SA,TH", [4, 6], "FREQ=WEEKLY;BYDAY=TH,SA"),
        ("FREQ=WEEKLY;INTERVAL=1;BYDAY=WE", [3], "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=DAILY;COUNT=3", [2, 3, 4], "FREQ=DAILY;UNTIL=20260604T180000"),
        (
            "FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20260605T180000",
            [3, 5],
            "FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20260605T180000",
        ),
        # Its last moment is before the meal of that day.
        (
            "FREQ=DAILY;UNTIL=20260604T155959Z",
            [2, 3],
            "FREQ=DAILY;UNTIL=20260603T180000",
        ),
        ("FREQ=DAILY;UNTIL=20260604", [2, 3, 4], "FREQ=DAILY;UNTIL=20260604T180000"),
    ],
)
async def test_what_recurs_is_shown_on_its_days_and_as_it_recurs(
    page: Page, rrule: str, days: list[int], shown: str
) -> None:
    assert await page.create("2026-06-02T18:00:00", "Dinner", rrule=rrule) is None

    found = await page.events("2026-06-02", 7)
    assert [int(event["start"]["dateTime"][8:10]) for event in found] == days
    assert {event["rrule"] for event in found} == {shown}
    assert {event["recurrence_id"] for event in found} == {
        f"2026-06-{day:02}T18:00" for day in days
    }


@pytest.mark.parametrize(
    ("rrule", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ["06-02", "06-16", "06-30"]),
        # The Monday of that week is over, and so is that week.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ["06-15", "06-29"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ["06-05", "06-19"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=2", ["06-02", "06-16"]),
    ],
)
async def test_every_few_weeks_it_comes_on_one_day(
    page: Page, rrule: str, days: list[str]
) -> None:
    assert await page.create("2026-06-02T18:00:00", "Dinner", rrule=rrule) is None

    found = await page.events("2026-06-02", 29)
    assert [event["start"]["dateTime"][5:10] for event in found] == days


@pytest.mark.parametrize(
    ("rrule", "why"),
    [
        ("FREQ=MONTHLY", "It cannot recur like this: FREQ=MONTHLY"),
        ("FREQ=YEARLY;INTERVAL=2", "It cannot recur like this: FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYDAY=1MO", "It cannot recur like this"),
        ("FREQ=WEEKLY;BYDAY=+2FR", "It cannot recur like this"),
        ("FREQ=DAILY;BYHOUR=8,18", "It cannot recur like this"),
        ("FREQ=DAILY;COUNT=99999", "It cannot recur like this"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "Every 2 weeks it can come on one day"),
        ("FREQ=DAILY;UNTIL=20260601T180000", "There is no such day"),
        ("FREQ=DAILY;INTERVAL=500", "there must be 1 to 366 days, not 500"),
    ],
)
async def test_what_a_meal_cannot_be_is_refused_with_a_sentence(
    page: Page, station: DispatchCoordinator, rrule: str, why: str
) -> None:
    refusal = await page.create("2026-06-02T18:00:00", "Dinner", rrule=rrule)

    assert refusal is not None
    assert why in refusal
    assert not station.engine.ledger.meals


async def test_an_event_of_a_whole_day_is_refused(page: Page) -> None:
    refusal = await page._ask(
        "create",
        event={"dtstart": "2026-06-03", "dtend": "2026-06-04", "summary": "Dinner"},
    )
    assert refusal == "A meal needs a time of day: it cannot last all day."


async def test_what_is_over_is_not_planned(
    page: Page, station: DispatchCoordinator
) -> None:
    why = "That time is over: nothing of it would still be to come."
    assert await page.create("2026-06-02T11:00:00", "Late") == why
    over = "FREQ=DAILY;UNTIL=20260602T110000"
    assert await page.create("2026-06-01T11:00:00", "Late", rrule=over) == why
    assert not station.engine.ledger.meals


async def test_what_began_in_the_past_goes_on_from_now(page: Page) -> None:
    rrule = "FREQ=DAILY;COUNT=4"
    assert await page.create("2026-05-31T18:00:00", "Dinner", rrule=rrule) is None

    assert await page.shown("2026-05-30", 7) == [
        "2026-06-02T18:00 Dinner: 1 portion",
        "2026-06-03T18:00 Dinner: 1 portion",
    ]


async def test_seconds_are_dropped(page: Page) -> None:
    assert await page.create("2026-06-03T08:00:30", "2") is None
    assert await page.shown("2026-06-03") == ["2026-06-03T08:00 Meal: 2 portions"]


async def test_the_description_says_what_is_given_besides(
    page: Page, station: DispatchCoordinator
) -> None:
    said = "hopper: 3\n\nPET: 12"
    assert await page.create("2026-06-03T08:00:00", "2", description=said) is None

    assert only_meal(station).params == {
        "portions": 2,
        "hopper": 3,
        "bowl": 1,
        "pet": 12,
    }
    assert (await page.event("2026-06-03"))["description"] == "Hopper: 3\nPet: 12"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"description": "hopper: 9"}, "a whole number from 1 to 4 is needed, not 9"),
        ({"description": "colour: red"}, "not understood: colour: red. Each line"),
        ({"description": "He is at the vet"}, "not understood: He is at the vet."),
        ({"description": "portions: 3"}, "wanted: Hopper, Bowl, Pet"),
        ({"location": "Kitchen"}, "Leave the location empty"),
    ],
)
async def test_what_else_is_written_is_refused_rather_than_lost(
    page: Page, station: DispatchCoordinator, more: dict[str, str], why: str
) -> None:
    refusal = await page.create("2026-06-03T08:00:00", "Breakfast: 2 portions", **more)
    assert refusal is not None
    assert why in refusal
    assert not station.engine.ledger.meals


async def test_what_cannot_be_stored_is_not_planned(
    page: Page, station: DispatchCoordinator, disk_full: Disk
) -> None:
    disk_full(True)
    refusal = await page.create("2026-06-03T08:00:00", "2")
    assert refusal is not None
    assert refusal.startswith("This could not be stored on disk")
    assert not station.engine.ledger.meals
    assert await page.shown("2026-06-03") == []
