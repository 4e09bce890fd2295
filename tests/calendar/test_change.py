"""What somebody changes on the calendar's page: a date, that and later ones, all."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..conftest import Disk
from .page import AND_FOLLOWING, Page

DAILY = "FREQ=DAILY"


@pytest.fixture
async def dinner(page: Page) -> None:
    """A dinner on every day from Tuesday on."""
    start = "2026-06-02T18:00:00"
    said = {"rrule": DAILY, "description": "hopper: 2"}
    assert await page.create(start, "Dinner: 2 portions", **said) is None


def ids(station: DispatchCoordinator) -> set[str]:
    return set(station.engine.ledger.meals)


@pytest.mark.usefixtures("dinner")
@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"summary": "Dinner: 5 portions"}, "2026-06-04T18:00 Dinner: 5 portions"),
        ({"start": "2026-06-04T20:15:00"}, "2026-06-04T20:15 Dinner: 2 portions"),
        (
            {"start": "2026-06-04T09:00:00", "summary": "Dinner: 1 portion"},
            "2026-06-04T09:00 Dinner: 1 portion",
        ),
    ],
)
async def test_one_date_is_otherwise_and_no_other(
    page: Page, station: DispatchCoordinator, changed: dict[str, str], shown: str
) -> None:
    before = ids(station)
    event = await page.event("2026-06-04")

    assert await page.change(event, **changed) is None

    assert await page.shown("2026-06-03", 3) == [
        "2026-06-03T18:00 Dinner: 2 portions",
        shown,
        "2026-06-05T18:00 Dinner: 2 portions",
    ]
    assert ids(station) == before
    after = await page.event("2026-06-04")
    assert after["uid"] == event["uid"]
    assert after["description"] == "Hopper: 2"


@pytest.mark.usefixtures("dinner")
async def test_a_date_that_is_put_back_is_no_exception_any_more(
    page: Page, station: DispatchCoordinator
) -> None:
    event = await page.event("2026-06-04")
    changed = {"start": "2026-06-04T20:00:00", "summary": "Dinner: 3 portions"}
    assert await page.change(event, **changed) is None
    event = await page.event("2026-06-04")
    back = {"start": "2026-06-04T18:00:00", "summary": "Dinner: 2 portions"}
    assert await page.change(event, **back) is None

    (meal,) = station.engine.ledger.meals.values()
    assert not meal.overrides


@pytest.mark.usefixtures("dinner")
async def test_a_date_that_is_moved_to_another_day_is_skipped_and_a_meal_by_itself(
    page: Page,
) -> None:
    event = await page.event("2026-06-04")

    assert await page.change(event, start="2026-06-05T12:00:00") is None

    assert await page.shown("2026-06-03", 3) == [
        "2026-06-03T18:00 Dinner: 2 portions",
        "2026-06-04T18:00 skipped · Dinner: 2 portions",
        "2026-06-05T12:00 Dinner: 2 portions",
        "2026-06-05T18:00 Dinner: 2 portions",
    ]
    alone = (await page.events("2026-06-05"))[0]
    assert alone["uid"] != event["uid"]
    assert alone["rrule"] is None
    assert alone["description"] == "Hopper: 2"


@pytest.mark.usefixtures("dinner")
async def test_a_date_with_a_name_of_its_own_is_a_meal_by_itself(page: Page) -> None:
    event = await page.event("2026-06-04")
    assert await page.change(event, summary="Feast: 9 portions") is None
    assert await page.shown("2026-06-04", 2) == [
        "2026-06-04T18:00 skipped · Dinner: 2 portions",
        "2026-06-04T18:00 Feast: 9 portions",
        "2026-06-05T18:00 Dinner: 2 portions",
    ]


@pytest.mark.usefixtures("dinner")
async def test_nothing_of_a_moved_date_is_kept_if_it_cannot_be_stored(
    page: Page, station: DispatchCoordinator, disk_full: Disk
) -> None:
    before = dict(station.engine.ledger.meals)
    event = await page.event("2026-06-04")
    disk_full(True)

    refusal = await page.change(event, start="2026-06-05T12:00:00")

    assert refusal is not None
    assert refusal.startswith("This could not be stored on disk")
    assert station.engine.ledger.meals == before


@pytest.mark.usefixtures("dinner")
@pytest.mark.parametrize(
    ("day", "changed", "shown"),
    [
        (
            "2026-06-04",
            {"start": "2026-06-04T19:00:00", "summary": "Supper: 3 portions"},
            [
                "2026-06-03T18:00 Dinner: 2 portions",
                "2026-06-04T19:00 Supper: 3 portions",
                "2026-06-05T19:00 Supper: 3 portions",
            ],
        ),
        (
            "2026-06-04",
            {"rrule": "FREQ=WEEKLY;BYDAY=FR"},
            [
                "2026-06-03T18:00 Dinner: 2 portions",
                "2026-06-05T18:00 Dinner: 2 portions",
            ],
        ),
        (
            "2026-06-04",
            {"rrule": None},
            [
                "2026-06-03T18:00 Dinner: 2 portions",
                "2026-06-04T18:00 Dinner: 2 portions",
            ],
        ),
        (
            "2026-06-04",
            {"description": ""},
            [
                "2026-06-03T18:00 Dinner: 2 portions",
                "2026-06-04T18:00 Dinner: 2 portions",
                "2026-06-05T18:00 Dinner: 2 portions",
            ],
        ),
    ],
)
async def test_this_and_what_follows_is_another_meal_from_then_on(
    page: Page,
    station: DispatchCoordinator,
    day: str,
    changed: dict[str, Any],
    shown: list[str],
) -> None:
    event = await page.event(day)

    assert await page.change(event, AND_FOLLOWING, **changed) is None

    assert await page.shown("2026-06-03", 3) == shown
    assert len(ids(station)) == 2
    assert (await page.event("2026-06-03"))["uid"] == event["uid"]
    assert (await page.event("2026-06-03"))["description"] == "Hopper: 2"


@pytest.mark.usefixtures("dinner")
async def test_from_the_next_date_on_it_is_all_of_the_meal(
    page: Page, station: DispatchCoordinator
) -> None:
    before = ids(station)
    event = await page.event("2026-06-02")
    more = "Dinner: 4 portions"
    assert await page.change(event, AND_FOLLOWING, summary=more) is None
    assert ids(station) == before
    assert await page.shown("2026-06-02", 2) == [
        f"2026-06-02T18:00 {more}",
        f"2026-06-03T18:00 {more}",
    ]


@pytest.mark.usefixtures("dinner")
async def test_what_is_otherwise_on_later_dates_moves_along(page: Page) -> None:
    exception = await page.event("2026-06-05")
    assert await page.change(exception, start="2026-06-05T21:00:00") is None
    assert await page.delete(await page.event("2026-06-06")) is None
    event = await page.event("2026-06-04")
    more = "Dinner: 3 portions"

    assert await page.change(event, AND_FOLLOWING, summary=more) is None

    assert await page.shown("2026-06-03", 5) == [
        "2026-06-03T18:00 Dinner: 2 portions",
        f"2026-06-04T18:00 {more}",
        f"2026-06-05T21:00 {more}",
        f"2026-06-06T18:00 skipped · {more}",
        f"2026-06-07T18:00 {more}",
    ]


@pytest.mark.usefixtures("dinner")
@pytest.mark.parametrize("which", ["following", "all"])
async def test_the_time_of_an_exception_does_not_become_that_of_the_others(
    page: Page, which: str
) -> None:
    exception = await page.event("2026-06-04")
    assert await page.change(exception, start="2026-06-04T21:00:00") is None
    event, more = await page.event("2026-06-04"), "Dinner: 3 portions"

    if which == "all":
        assert await page.change_all(event, summary=more) is None
    else:
        assert await page.change(event, AND_FOLLOWING, summary=more) is None

    before = "3" if which == "all" else "2"
    assert await page.shown("2026-06-03", 3) == [
        f"2026-06-03T18:00 Dinner: {before} portions",
        f"2026-06-04T21:00 {more}",
        f"2026-06-05T18:00 {more}",
    ]


@pytest.mark.usefixtures("dinner")
@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (
            {"start": "2026-06-04T07:00:00"},
            ["2026-06-03T07:00", "2026-06-04T07:00", "2026-06-05T07:00"],
        ),
        (
            {"rrule": "FREQ=WEEKLY;BYDAY=WE,FR"},
            ["2026-06-03T18:00", "2026-06-05T18:00"],
        ),
        ({"rrule": None}, ["2026-06-04T18:00"]),
        (
            {"rrule": "FREQ=DAILY;INTERVAL=2"},
            ["2026-06-04T18:00"],
        ),
        (
            {"start": "2026-06-05T07:00:00", "rrule": "FREQ=WEEKLY;BYDAY=WE,FR"},
            ["2026-06-03T07:00", "2026-06-05T07:00"],
        ),
    ],
)
async def test_all_of_a_meal_is_changed(
    page: Page,
    station: DispatchCoordinator,
    changed: dict[str, Any],
    shown: list[str],
) -> None:
    before = ids(station)
    event = await page.event("2026-06-04")
    assert await page.change_all(event, **changed) is None
    assert await page.shown("2026-06-03", 3) == [
        f"{start} Dinner: 2 portions" for start in shown
    ]
    assert ids(station) == before


@pytest.mark.parametrize("end", ["20260604T180000", "20260604T000000", "20260604"])
async def test_a_meal_that_is_moved_keeps_its_last_date(
    page: Page, station: DispatchCoordinator, end: str
) -> None:
    rrule = "FREQ=DAILY;UNTIL=20260604T180000"
    assert await page.create("2026-06-02T18:00:00", "Dinner", rrule=rrule) is None
    before = ids(station)
    event = await page.event("2026-06-02")

    # Whichever moment of that date is sent along, it is before the new time.
    moved = {"start": "2026-06-02T20:00:00", "rrule": f"FREQ=DAILY;UNTIL={end}"}
    assert await page.change(event, AND_FOLLOWING, **moved) is None

    assert await page.shown("2026-06-02", 7) == [
        f"2026-06-0{day}T20:00 Dinner: 1 portion" for day in (2, 3, 4)
    ]
    assert (await page.event("2026-06-04"))["rrule"] == (
        "FREQ=DAILY;UNTIL=20260604T200000"
    )
    assert ids(station) == before


async def test_a_meal_of_one_date_is_moved_and_can_begin_to_recur(
    page: Page, station: DispatchCoordinator
) -> None:
    assert await page.create("2026-06-03T08:00:00", "2") is None
    before = ids(station)

    moved = {"start": "2026-06-04T09:00:00"}
    assert await page.change(await page.event("2026-06-03"), **moved) is None
    assert await page.shown("2026-06-03", 3) == ["2026-06-04T09:00 Meal: 2 portions"]

    event = await page.event("2026-06-04")
    assert await page.change(event, rrule="FREQ=WEEKLY;BYDAY=TH,FR") is None
    assert await page.shown("2026-06-03", 3) == [
        "2026-06-04T09:00 Meal: 2 portions",
        "2026-06-05T09:00 Meal: 2 portions",
    ]
    assert ids(station) == before


@pytest.mark.usefixtures("dinner")
async def test_a_change_into_the_past_or_to_what_cannot_be_changes_nothing(
    page: Page, station: DispatchCoordinator
) -> None:
    before = dict(station.engine.ledger.meals)
    event = await page.event("2026-06-02")
    over = "That time is over: nothing of it would still be to come."
    assert await page.change(event, start="2026-06-02T11:00:00") == over
    assert await page.change(event, start="2026-06-01T18:00:00") == over
    refusal = await page.change(event, AND_FOLLOWING, rrule="FREQ=MONTHLY")
    assert refusal is not None
    assert "It cannot recur like this: FREQ=MONTHLY" in refusal
    refusal = await page.change(event, summary="Dinner: 99 portions")
    assert refusal is not None
    assert "a whole number from 1 to 50 is needed, not 99" in refusal
    unknown = {**event, "uid": "404"}
    assert await page.change(unknown) == "There is no meal 404."
    assert station.engine.ledger.meals == before


# ---- deleting


@pytest.mark.usefixtures("dinner")
async def test_a_deleted_date_is_skipped_and_a_change_brings_it_back(
    page: Page, station: DispatchCoordinator
) -> None:
    skipped = "2026-06-04T18:00 skipped · Dinner: 2 portions"
    assert await page.delete(await page.event("2026-06-04")) is None
    assert await page.shown("2026-06-03", 3) == [
        "2026-06-03T18:00 Dinner: 2 portions",
        skipped,
        "2026-06-05T18:00 Dinner: 2 portions",
    ]

    before = dict(station.engine.ledger.meals)
    assert await page.delete(await page.event("2026-06-04")) is None
    assert station.engine.ledger.meals == before

    # Saved as it is shown, with the word that it is skipped.
    assert await page.change(await page.event("2026-06-04")) is None
    assert await page.shown("2026-06-04") == ["2026-06-04T18:00 Dinner: 2 portions"]
    (meal,) = station.engine.ledger.meals.values()
    assert meal.name == "Dinner"


@pytest.mark.usefixtures("dinner")
async def test_this_and_what_follows_is_deleted(
    page: Page, station: DispatchCoordinator
) -> None:
    before = ids(station)
    event = await page.event("2026-06-04")
    assert await page.delete(event, AND_FOLLOWING) is None
    assert [each[:10] for each in await page.shown("2026-06-02", 30)] == [
        "2026-06-02",
        "2026-06-03",
    ]
    assert ids(station) == before

    # Nothing is left of it then.
    event = await page.event("2026-06-02")
    assert await page.delete(event, AND_FOLLOWING) is None
    assert not ids(station)


@pytest.mark.usefixtures("dinner")
async def test_all_of_a_meal_is_deleted(
    page: Page, station: DispatchCoordinator
) -> None:
    assert await page.delete_all(await page.event("2026-06-04")) is None
    assert not ids(station)
    assert await page.shown("2026-06-02", 30) == []


@pytest.mark.usefixtures("dinner")
async def test_what_cannot_be_deleted_stays(
    page: Page, station: DispatchCoordinator, disk_full: Disk
) -> None:
    before = dict(station.engine.ledger.meals)
    event = await page.event("2026-06-04")
    assert await page.delete({**event, "uid": "404"}) == "There is no meal 404."
    no_date = {**event, "recurrence_id": "2026-06-01T18:00"}
    assert await page.delete(no_date) == (
        "The meal of 2026-06-01 is over or under way, so it can no longer be changed."
    )
    nonsense = {**event, "recurrence_id": "tomorrow"}
    refusal = await page.delete(nonsense)
    assert refusal is not None
    assert refusal.startswith("tomorrow is not a date.")
    disk_full(True)
    for which in ("", AND_FOLLOWING):
        refusal = await page.delete(event, which)
        assert refusal is not None
        assert refusal.startswith("This could not be stored on disk")
    assert await page.delete_all(event) is not None
    assert station.engine.ledger.meals == before
