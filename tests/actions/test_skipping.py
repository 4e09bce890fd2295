"""The actions that skip dates of the plan, and have them happen after all."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import area_registry as ar, device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, actions_of, call, device_of
from ..conftest import Disk, SetUp
from ..nodes import pass_time, settled
from ..others import GARDEN, GLASSHOUSE
from ..people import a_user, as_user
from ..planning.test_meals import (
    TUESDAY,
    act,
    berlin_time,
    fed,
    station,
    until as time_is,
    utc,
)

__all__ = ["act", "station"]

WEDNESDAY, THURSDAY, FRIDAY = "2026-06-03", "2026-06-04", "2026-06-05"


@pytest.fixture
async def lunch(act: Act) -> str:
    """A meal at 13:00, an hour ahead; its id."""
    answer = await act("schedule", name="Lunch", time="13:00", portions=1)
    return str(answer["meal_id"])


@pytest.fixture
async def dinner(act: Act) -> str:
    """A meal at 18:00; its id."""
    answer = await act("schedule", name="Dinner", time="18:00", portions=1)
    return str(answer["meal_id"])


async def told(act: Act, meal_id: str) -> dict[str, Any]:
    """Return a meal as it is told."""
    meals = (await act("get_schedule"))["meals"]
    return next(meal for meal in meals if meal["meal_id"] == meal_id)


async def skipped(act: Act, meal_id: str) -> list[str]:
    """Return its dates of this week that are to be skipped, or were."""
    return [
        each["date"]
        for each in (await told(act, meal_id))["occurrences"]
        if each["state"] == "skipped"
    ]


async def test_the_next_is_skipped_and_then_the_one_after_it(
    act: Act, lunch: str
) -> None:
    answer = await act("skip_meal", meal_id=lunch)
    assert answer == {
        "meal_id": lunch,
        "name": "Lunch",
        "date": TUESDAY,
        "next": utc(f"{WEDNESDAY}T13:00"),
    }
    answer = await act("skip_meal", meal_id=lunch)
    assert answer["date"] == WEDNESDAY
    assert await skipped(act, lunch) == [TUESDAY, WEDNESDAY]
    assert (await told(act, lunch))["skipped"] == [TUESDAY, WEDNESDAY]


async def test_what_is_skipped_is_not_fed_and_recorded_so(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
    lunch: str,
) -> None:
    await act("skip_meal", meal_id=lunch)
    await time_is(hass, freezer, berlin_time(f"{TUESDAY}T13:30"))
    await settled(hass, station.runtime_data)
    (command,) = (await act("get_commands"))["commands"]
    assert (command["state"], command["timeline"][-1]["cause"]) == (
        "cancelled",
        "skipped",
    )
    (today, *later) = (await told(act, lunch))["occurrences"]
    assert (today["state"], today["command_id"]) == ("skipped", command["command_id"])
    assert {each["state"] for each in later} == {"due"}


async def test_without_a_meal_it_is_the_next_of_the_station(
    act: Act, dinner: str, lunch: str
) -> None:
    assert (await act("skip_meal"))["meal_id"] == lunch
    answer = await act("skip_meal")
    assert (answer["meal_id"], answer["date"]) == (dinner, TUESDAY)
    answer = await act("skip_meal", date=FRIDAY)
    assert (answer["meal_id"], answer["date"]) == (lunch, FRIDAY)
    answer = await act("skip_meal", date=FRIDAY)
    assert (answer["meal_id"], answer["date"]) == (dinner, FRIDAY)


async def test_all_until_a_date_are_skipped_and_happen_after_all(
    act: Act, lunch: str
) -> None:
    answer = await act("skip_meal", meal_id=lunch, until=THURSDAY)
    assert (answer["date"], answer["next"]) == (TUESDAY, utc(f"{FRIDAY}T13:00"))
    assert (await told(act, lunch))["skipped_until"] == THURSDAY
    assert await skipped(act, lunch) == [TUESDAY, WEDNESDAY, THURSDAY]
    answer = await act("unskip_meal", meal_id=lunch, date=WEDNESDAY)
    assert answer == {
        "meals": [
            {"meal_id": lunch, "name": "Lunch", "next": utc(f"{WEDNESDAY}T13:00")}
        ]
    }
    assert await skipped(act, lunch) == [TUESDAY, THURSDAY]
    await act("unskip_meal", meal_id=lunch)
    assert await skipped(act, lunch) == []
    assert (await told(act, lunch))["skipped_until"] is None


async def test_without_a_meal_all_that_are_skipped_happen_after_all(
    act: Act, lunch: str, dinner: str
) -> None:
    await act("skip_meal", meal_id=lunch)
    await act("skip_meal", meal_id=dinner, until=THURSDAY)
    answer = await act("unskip_meal", date=THURSDAY)
    assert [meal["meal_id"] for meal in answer["meals"]] == [dinner]
    answer = await act("unskip_meal")
    assert [meal["meal_id"] for meal in answer["meals"]] == [lunch, dinner]
    assert await skipped(act, lunch) == await skipped(act, dinner) == []
    with pytest.raises(ServiceValidationError) as refused:
        await act("unskip_meal")
    assert refused.value.translation_key == "no_meal_skipped"


@pytest.mark.parametrize(
    ("action", "fields", "code", "words"),
    [
        ("skip_meal", {"meal_id": "99"}, "unknown_meal", "99"),
        ("unskip_meal", {"meal_id": "99"}, "unknown_meal", "99"),
        ("skip_meal", {"date": "soon"}, "invalid_date", "soon"),
        ("skip_meal", {"date": WEDNESDAY, "until": FRIDAY}, "date_or_until", "until"),
        ("skip_meal", {"until": FRIDAY}, "missing_field", "Meal"),
        ("skip_meal", {"date": "2026-06-01"}, "no_meal_to_come", "skipped"),
        ("unskip_meal", {"date": WEDNESDAY}, "no_meal_skipped", "skipped"),
    ],
)
async def test_what_cannot_be_skipped_is_refused_in_words(
    *,
    station: MockConfigEntry,
    act: Act,
    lunch: str,
    action: str,
    fields: dict[str, Any],
    code: str,
    words: str,
) -> None:
    before = station.runtime_data.engine.ledger.revision
    with pytest.raises(ServiceValidationError) as refused:
        await act(action, **fields)
    assert refused.value.translation_key == code
    assert words in str(refused.value)
    assert station.runtime_data.engine.ledger.revision == before


@pytest.mark.parametrize(
    ("action", "fields", "code"),
    [
        ("skip_meal", {"date": "2026-06-01"}, "date_is_over"),
        ("skip_meal", {"until": "2026-06-01"}, "nothing_to_skip"),
        ("unskip_meal", {"date": "2026-06-01"}, "date_is_over"),
        ("skip_meal", {"date": "2030-06-01"}, "no_such_date"),
    ],
)
async def test_a_date_of_a_meal_that_cannot_be_skipped_is_named(
    act: Act, lunch: str, action: str, fields: dict[str, Any], code: str
) -> None:
    await act("schedule", meal_id=lunch, until="2029-12-31")
    with pytest.raises(ServiceValidationError) as refused:
        await act(action, meal_id=lunch, **fields)
    assert refused.value.translation_key == code
    (day,) = fields.values()
    assert day in str(refused.value)


async def test_what_was_fed_is_skipped_no_more(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
    lunch: str,
) -> None:
    await time_is(hass, freezer, berlin_time(f"{TUESDAY}T13:00:10"))
    assert fed(station) == [f"{TUESDAY}T13:00"]
    await act("skip_meal", meal_id=lunch, date=TUESDAY)
    assert await skipped(act, lunch) == [TUESDAY], "it waits, so it can be taken back"
    await pass_time(hass, freezer, 2 * 60 * 60)
    with pytest.raises(ServiceValidationError) as refused:
        await act("skip_meal", meal_id=lunch, date=TUESDAY)
    assert refused.value.translation_key == "date_is_over"


@pytest.mark.parametrize("action", ["skip_meal", "unskip_meal"])
async def test_what_cannot_be_stored_is_not_skipped(
    act: Act, lunch: str, disk_full: Disk, action: str
) -> None:
    await act("skip_meal", meal_id=lunch, date=FRIDAY)
    before = await act("get_schedule")
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act(action, meal_id=lunch)
    assert await act("get_schedule") == before


async def test_in_an_area_each_station_with_a_plan_skips_its_next(
    hass: HomeAssistant, set_up: SetUp, station: MockConfigEntry, act: Act, lunch: str
) -> None:
    glass, garden = await set_up(**GLASSHOUSE), await set_up(**GARDEN)
    area = ar.async_get(hass).async_create("Outside")
    for entry in (station, glass, garden):
        dr.async_get(hass).async_update_device(device_of(hass, entry), area_id=area.id)

    async def in_area(action: str, **fields: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN,
            action,
            {"area_id": area.id, **fields},
            blocking=True,
            return_response=True,
        )

    assert (await in_area("skip_meal"))["meal_id"] == lunch
    of_glass = actions_of(hass, glass)
    await of_glass("schedule", kind="refresh", time="06:00")
    answer = await in_area("skip_meal")
    assert [each["date"] for each in answer["stations"]] == [WEDNESDAY, WEDNESDAY]
    answer = await in_area("unskip_meal")
    assert [len(each["meals"]) for each in answer["stations"]] == [1, 1]


async def test_of_several_stations_all_skip_or_none(
    hass: HomeAssistant, set_up: SetUp, station: MockConfigEntry, act: Act, lunch: str
) -> None:
    glass = await set_up(**GLASSHOUSE)
    before = await act("get_schedule")
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN,
            "skip_meal",
            {"device_id": [device_of(hass, station), device_of(hass, glass)]},
            blocking=True,
        )
    assert refused.value.translation_key == "refused_by_one"
    assert await act("get_schedule") == before


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("skip_meal", {}),
        ("unskip_meal", {}),
        ("pause", {"what": "plan", "reason": "Away"}),
        ("resume", {"what": "plan"}),
    ],
)
async def test_what_one_of_several_stations_cannot_store_is_undone_at_the_others(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    station: MockConfigEntry,
    act: Act,
    lunch: str,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    fields: dict[str, Any],
) -> None:
    glass = await set_up(**GLASSHOUSE)
    await actions_of(hass, glass)("schedule", kind="refresh", time="06:00")
    for entry in (station, glass):
        of_entry = actions_of(hass, entry)
        await of_entry("skip_meal")
        await of_entry("pause", what="plan", until="2026-06-20 12:00")
    before = await act("get_schedule")

    async def not_stored() -> None:
        raise NotStoredError

    monkeypatch.setattr(glass.runtime_data, "async_stored", not_stored)
    devices = [device_of(hass, station), device_of(hass, glass)]
    with pytest.raises(NotStoredError) as failed:
        await hass.services.async_call(
            DOMAIN, action, {"device_id": devices, **fields}, blocking=True
        )
    assert failed.value.translation_key == "refused_by_one"
    assert await act("get_schedule") == before


async def test_who_may_not_control_the_station_skips_nothing(
    hass: HomeAssistant, station: MockConfigEntry, act: Act, lunch: str
) -> None:
    user = await a_user(hass, GROUP_ID_READ_ONLY)
    for action in ("skip_meal", "unskip_meal"):
        with pytest.raises(Unauthorized):
            await call(hass, action, device_of(hass, station), as_user(user))
    assert await skipped(act, lunch) == []


async def test_where_all_of_the_next_year_is_skipped_that_is_said(
    act: Act, lunch: str
) -> None:
    await act("skip_meal", meal_id=lunch, until="2027-12-31")

    meal = await told(act, lunch)

    assert meal["next"] is None
    assert meal["text"] == "All its dates of the next year are skipped."
