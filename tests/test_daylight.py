"""When the sun rises and sets at home, and what that makes of meals that go by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.daylight import Daylight
from custom_components.mqtt_dispatch.engine.model.meal import Sun

from .calls import Act, actions_of
from .conftest import SetUp
from .nodes import pass_time

BERLIN = ("Europe/Berlin", 52.52, 13.405)
TROMSO = ("Europe/Oslo", 69.65, 18.96)
AUCKLAND = ("Pacific/Auckland", -36.85, 174.76)
HONOLULU = ("Pacific/Honolulu", 21.31, -157.86)
KIRITIMATI = ("Pacific/Kiritimati", 1.87, -157.43)

type Home = tuple[str, float, float]


async def move(hass: HomeAssistant, home: Home) -> None:
    """Have Home Assistant be at home somewhere."""
    zone, latitude, longitude = home
    await hass.config.async_update(
        time_zone=zone, latitude=latitude, longitude=longitude, elevation=0
    )
    await hass.async_block_till_done()


def local(moment: float | None) -> str:
    """Return what the clock shows."""
    assert moment is not None
    zone = dt_util.get_default_time_zone()
    return datetime.fromtimestamp(moment, zone).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize("event", list(Sun))
@pytest.mark.parametrize("home", [BERLIN, AUCKLAND, HONOLULU, KIRITIMATI])
async def test_where_the_sun_rises_daily_each_local_date_has_its_own_time(
    hass: HomeAssistant, home: Home, event: Sun
) -> None:
    await move(hass, home)
    daylight = Daylight(hass)
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(366)]
    found = [local(daylight.at(event, day)) for day in days]
    assert [moment[:10] for moment in found] == [str(day) for day in days]
    hours = {int(moment[11:13]) for moment in found}
    assert hours <= ({*range(3, 10)} if event is Sun.SUNRISE else {*range(15, 23)})


async def test_berlin_has_the_times_of_home_assistant(hass: HomeAssistant) -> None:
    await move(hass, BERLIN)
    daylight = Daylight(hass)
    assert local(daylight.at(Sun.SUNRISE, date(2026, 6, 21))) == "2026-06-21T04:43"
    assert local(daylight.at(Sun.SUNSET, date(2026, 6, 21))) == "2026-06-21T21:32"


@pytest.mark.parametrize("event", list(Sun))
async def test_in_the_far_north_there_are_days_without_either(
    hass: HomeAssistant, event: Sun
) -> None:
    await move(hass, TROMSO)
    daylight = Daylight(hass)
    assert daylight.at(event, date(2026, 6, 21)) is None, "the midnight sun"
    assert daylight.at(event, date(2026, 12, 21)) is None, "the polar night"
    assert daylight.at(event, date(2026, 3, 20)) is not None


@pytest.mark.parametrize("event", list(Sun))
@pytest.mark.parametrize("day", [date.min, date.max])
async def test_the_calendar_has_an_end(
    hass: HomeAssistant, day: date, event: Sun
) -> None:
    moment = Daylight(hass).at(event, day)
    assert moment is None or isinstance(moment, float)


async def test_it_is_asked_once_for_each_date(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    daylight = Daylight(hass)
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.daylight.get_astral_event_date",
        lambda _hass, event, day: asked.append((event, day)),
    )
    for _ in range(3):
        daylight.at(Sun.SUNSET, date(2026, 6, 21))
    assert len(asked) == len(set(asked)) == 3


@pytest.fixture
async def berlin(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp
) -> MockConfigEntry:
    """A station in Berlin, at noon of a day in June."""
    await move(hass, BERLIN)
    noon = datetime.fromisoformat("2026-06-02T12:00")
    freezer.move_to(noon.replace(tzinfo=ZoneInfo("Europe/Berlin")))
    return await set_up()


@pytest.fixture
def act(hass: HomeAssistant, berlin: MockConfigEntry) -> Act:
    """Calls an action of the station."""
    return actions_of(hass, berlin)


def shown(moment: str) -> str:
    """Return what the clock shows when an action tells of a moment."""
    return local(datetime.fromisoformat(moment).timestamp())


async def test_a_meal_is_fed_when_the_sun_has_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    berlin: MockConfigEntry,
    act: Act,
) -> None:
    answer = await act("schedule", sun="sunset", offset=30, portions=1)
    assert shown(answer["next"]) == "2026-06-02T21:50"
    ahead = datetime.fromisoformat(answer["next"]) - dt_util.utcnow()
    await pass_time(hass, freezer, ahead.total_seconds() - 1)
    assert (await act("get_commands"))["commands"] == []
    await pass_time(hass, freezer, 1)
    (command,) = (await act("get_commands"))["commands"]
    assert command["idempotency_key"].endswith(":2026-06-02T21:50")
    (meal,) = (await act("get_schedule"))["meals"]
    assert shown(meal["next"]) == "2026-06-03T21:51"


async def test_who_moves_has_meals_by_the_sun_of_the_new_home(
    hass: HomeAssistant, act: Act
) -> None:
    await act("schedule", sun="sunset", portions=1)

    async def upcoming() -> Any:
        (meal,) = (await act("get_schedule"))["meals"]
        return shown(meal["next"])

    assert await upcoming() == "2026-06-02T21:20"
    await hass.config.async_update(latitude=45.0)
    await hass.async_block_till_done()
    assert await upcoming() == "2026-06-02T20:46", "in the same zone"
    await move(hass, AUCKLAND)
    assert await upcoming() == "2026-06-03T17:11", "in another zone"


async def test_a_meal_waits_for_the_sun_of_the_far_north_and_says_so(
    hass: HomeAssistant, act: Act
) -> None:
    await move(hass, TROMSO)
    answer = await act("schedule", sun="sunset", portions=1)
    assert shown(answer["next"])[:7] == "2026-07"
    first = shown(answer["next"])[:10]
    sentence = f"Before {first} the sun does not set there on all of its days."
    assert answer["text"] == sentence
    answer = await act("schedule", sun="sunset", until="2026-06-30", portions=1)
    assert answer["next"] is None
    assert answer["text"] == "It has ended: its last day is 2026-06-30."


@pytest.mark.parametrize(
    ("sun", "latitude", "says"),
    [
        ("sunrise", 89.9, "The sun does not rise there on any of its next days."),
        ("sunset", -89.9, "The sun does not set there on any of its next days."),
    ],
)
async def test_where_the_sun_stays_away_for_half_a_year_nothing_is_to_come(
    hass: HomeAssistant, act: Act, sun: str, latitude: float, says: str
) -> None:
    await act("schedule", sun=sun, portions=1)
    await hass.config.async_update(latitude=latitude)
    await hass.async_block_till_done()
    (meal,) = (await act("get_schedule"))["meals"]
    assert (meal["next"], meal["text"], meal["occurrences"]) == (None, says, [])
