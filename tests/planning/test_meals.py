"""Meals: ordered by people, kept on disk, fed at their time and only once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
import time
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, actions_of, all_ready
from ..conftest import Disk, SetUp
from ..nodes import Nodes, pass_time, settled

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = "2026-06-02"


def berlin_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def utc(text: str) -> str:
    """Return a time in Berlin as actions tell it."""
    return berlin_time(text).astimezone(ZoneInfo("UTC")).isoformat()


@pytest.fixture
async def station(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp
) -> MockConfigEntry:
    """A station in Berlin on a Tuesday at noon."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(berlin_time(f"{TUESDAY}T12:00"))
    return await set_up()


@pytest.fixture
def act(hass: HomeAssistant, station: MockConfigEntry) -> Act:
    """Calls an action of the station's device."""
    return actions_of(hass, station)


async def until(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, moment: datetime
) -> None:
    """Let time pass until a moment."""
    await pass_time(hass, freezer, moment.timestamp() - time.time())


def fed(entry: MockConfigEntry) -> list[str]:
    """Return the occurrences that were enqueued, by their keys, oldest first."""
    ledger = entry.runtime_data.engine.ledger
    commands = {**ledger.closed, **ledger.open}
    return [
        str(commands[command_id].idempotency_key).split(":", 2)[2]
        for command_id in sorted(commands)
        if commands[command_id].timeline[0].cause is Cause.MEAL
        and commands[command_id].timeline[-1].cause is not Cause.MISSED
    ]


async def absent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    moment: datetime,
) -> None:
    """Have the station not run until a moment."""
    await hass.config_entries.async_unload(entry.entry_id)
    await until(hass, freezer, moment)
    await hass.config_entries.async_setup(entry.entry_id)
    await settled(hass, entry.runtime_data)


# ---- the actions


async def test_a_meal_is_told_as_it_was_ordered_and_survives_a_reload(
    hass: HomeAssistant, station: MockConfigEntry, act: Act
) -> None:
    answer = await act(
        "schedule",
        name="Breakfast",
        time="08:00:00",
        weekdays=["sun", "wed"],
        portions=2,
        hopper=3,
        bowl=2,
    )
    upcoming = utc("2026-06-03T08:00")
    assert answer["next"] == upcoming
    params = {"portions": 2, "hopper": 3, "bowl": 2, "pet": 0}
    due = {"state": "due", "command_id": None}
    meal = {
        "meal_id": answer["meal_id"],
        "name": "Breakfast",
        "kind": "feed",
        "time": "08:00",
        "sun": None,
        "offset": 0,
        "weekdays": ["wed", "sun"],
        "every": 1,
        "from": None,
        "until": None,
        "deadline": 30,
        "if_missed": "feed_late",
        "enabled": True,
        "params": params,
        **params,
        "next": upcoming,
        "skipped": [],
        "skipped_until": None,
        "overrides": [],
        "occurrences": [
            {"date": "2026-06-03", "time": "08:00", "at": upcoming, **due},
            {
                "date": "2026-06-07",
                "time": "08:00",
                "at": utc("2026-06-07T08:00"),
                **due,
            },
        ],
    }
    assert (await act("get_schedule"))["meals"] == [meal]
    await hass.config_entries.async_reload(station.entry_id)
    assert (await act("get_schedule"))["meals"] == [meal]


async def test_a_new_meal_is_fed_on_every_day_of_the_week(act: Act) -> None:
    await act("schedule", time="08:00", portions=1)
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["weekdays"] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert meal["enabled"] is True


async def test_one_weekday_needs_no_list(act: Act) -> None:
    await act("schedule", time="08:00", portions=1, weekdays="mon")
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["weekdays"] == ["mon"]


async def test_meals_are_told_in_the_order_of_their_times(act: Act) -> None:
    for clock in ("18:00", "08:00", "12:30"):
        await act("schedule", time=clock, portions=1)
    meals = (await act("get_schedule"))["meals"]
    assert [meal["time"] for meal in meals] == ["08:00", "12:30", "18:00"]


async def test_a_change_of_a_meal_keeps_what_is_not_given(
    hass: HomeAssistant, act: Act
) -> None:
    meal_id = (
        await act("schedule", name="Dinner", time="18:00", portions=2, hopper=3)
    )["meal_id"]
    (before,) = (await act("get_schedule"))["meals"]
    answer = await act("schedule", meal_id=meal_id, portions=4, time=None)
    assert answer == {"meal_id": meal_id, "next": before["next"]}
    (after,) = (await act("get_schedule"))["meals"]
    params = {**before["params"], "portions": 4}
    assert after == {**before, "params": params, "portions": 4}


async def test_a_disabled_meal_is_not_fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    answer = await act("schedule", time="13:00", portions=1, enabled=False)
    assert (answer["next"], answer["text"]) == (None, "It is switched off.")
    await until(hass, freezer, berlin_time(f"{TUESDAY}T14:00"))
    assert fed(station) == []
    answer = await act("schedule", meal_id=answer["meal_id"], enabled=True)
    assert answer["next"] == utc("2026-06-03T13:00"), "it was fed late"


async def test_a_removed_meal_is_gone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    meal_id = (await act("schedule", time="13:00", portions=1))["meal_id"]
    assert await act("unschedule", meal_id=meal_id) == {"meal_id": meal_id}
    assert (await act("get_schedule"))["meals"] == []
    await hass.config_entries.async_reload(station.entry_id)
    await until(hass, freezer, berlin_time(f"{TUESDAY}T13:00"))
    assert fed(station) == []


async def test_a_meal_that_cannot_be_stored_is_not_there(
    act: Act, disk_full: Disk
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError) as failed:
        await act("schedule", time="08:00", portions=1)
    assert failed.value.translation_key == "not_stored"
    assert (await act("get_schedule"))["meals"] == []


async def test_a_change_that_cannot_be_stored_is_not_made(
    act: Act, disk_full: Disk
) -> None:
    meal_id = (await act("schedule", time="08:00", portions=1))["meal_id"]
    before = await act("get_schedule")
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("schedule", meal_id=meal_id, time="09:00", portions=5)
    assert await act("get_schedule") == before


async def test_a_removal_that_cannot_be_stored_leaves_the_meal(
    act: Act, disk_full: Disk
) -> None:
    meal_id = (await act("schedule", time="08:00", portions=1))["meal_id"]
    before = await act("get_schedule")
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("unschedule", meal_id=meal_id)
    assert await act("get_schedule") == before


# ---- at their time


async def test_a_meal_is_fed_at_its_time_and_sent_to_the_nodes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
    mqtt_mock: Any,
) -> None:
    nodes = Nodes(hass, mqtt_mock)
    meal_id = (await act("schedule", time="13:00", portions=3))["meal_id"]
    await until(hass, freezer, berlin_time(f"{TUESDAY}T12:59:55"))
    await all_ready(hass, freezer, nodes)
    assert fed(station) == []
    await pass_time(hass, freezer, 4)
    await settled(hass, station.runtime_data)
    (sent,) = nodes.sent("1")
    assert sent["items"] == [{"pill_id": 1, "quantity": 3}]
    (told,) = (await act("get_commands"))["commands"]
    assert told["idempotency_key"] == f"meal:{meal_id}:{TUESDAY}T13:00"
    assert told["timeline"][0]["cause"] == "meal"
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["next"] == utc("2026-06-03T13:00")


async def test_a_reload_in_the_same_minute_does_not_feed_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", portions=1)
    await until(hass, freezer, berlin_time(f"{TUESDAY}T13:00:01"))
    await settled(hass, station.runtime_data)
    await absent(hass, freezer, station, berlin_time(f"{TUESDAY}T13:00:20"))
    await pass_time(hass, freezer, 60)
    assert fed(station) == [f"{TUESDAY}T13:00"]


async def test_a_meal_a_little_late_is_fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", portions=1)
    await absent(hass, freezer, station, berlin_time(f"{TUESDAY}T13:30"))
    assert fed(station) == [f"{TUESDAY}T13:00"]


async def test_a_meal_too_late_is_recorded_as_missed_and_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    told: list[tuple[Any, ...]] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.attributes.get("event_type"):
            told.append((state.attributes["event_type"], state.attributes["cause"]))

    async_track_state_change_event(hass, "event.kitchen_command", changed)
    await act("schedule", time="13:00", portions=1)
    await absent(hass, freezer, station, berlin_time(f"{TUESDAY}T13:30:01"))
    assert fed(station) == []
    (command,) = (await act("get_commands"))["commands"]
    assert command["state"] == "expired"
    assert command["timeline"][-1]["cause"] == "missed"
    assert told == [("expired", "missed")]
    await absent(hass, freezer, station, berlin_time(f"{TUESDAY}T13:40"))
    assert len((await act("get_commands"))["commands"]) == 1


@pytest.mark.parametrize(
    ("before", "clock", "at", "nominal"),
    [
        # The clock goes from 02:00 to 03:00.
        ("2026-03-28T12:00", "02:30", "2026-03-29T03:00", "2026-03-29T02:30"),
        # The clock goes from 03:00 back to 02:00: the first of the two 02:30.
        ("2026-10-24T12:00", "02:30", "2026-10-25T02:30", "2026-10-25T02:30"),
    ],
)
async def test_on_the_nights_clocks_change_a_meal_is_fed_once(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    before: str,
    clock: str,
    at: str,
    nominal: str,
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(berlin_time(before))
    station = await set_up()
    answer = await actions_of(hass, station)("schedule", time=clock, portions=1)
    assert answer["next"] == utc(at)
    await pass_time(hass, freezer, berlin_time(at).timestamp() - 1 - time.time())
    assert fed(station) == []
    await pass_time(hass, freezer, 1)
    assert fed(station) == [nominal]
    for _ in range(4):
        await pass_time(hass, freezer, 30 * 60)
    await settled(hass, station.runtime_data)
    assert fed(station) == [nominal]


async def test_in_another_time_zone_meals_keep_the_time_on_the_clock(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", portions=1)
    lisbon = datetime.fromisoformat(f"{TUESDAY}T13:00").replace(
        tzinfo=ZoneInfo("Europe/Lisbon")
    )
    await hass.config.async_update(time_zone="Europe/Lisbon")
    await hass.async_block_till_done()
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["next"] == lisbon.astimezone(ZoneInfo("UTC")).isoformat()
    await until(hass, freezer, berlin_time(f"{TUESDAY}T13:30"))
    assert fed(station) == []
    await until(hass, freezer, lisbon)
    assert fed(station) == [f"{TUESDAY}T13:00"]


async def test_what_was_fed_before_the_zone_changed_is_not_fed_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", portions=1)
    await until(hass, freezer, berlin_time(f"{TUESDAY}T13:05"))
    assert fed(station) == [f"{TUESDAY}T13:00"]
    await hass.config.async_update(time_zone="Europe/Lisbon")
    await pass_time(hass, freezer, 2 * 60 * 60)
    await settled(hass, station.runtime_data)
    assert fed(station) == [f"{TUESDAY}T13:00"]


@pytest.mark.parametrize(
    ("day", "planned", "comes"),
    [
        (TUESDAY, "13:00", "13:00"),
        # The clock goes from 02:00 to 03:00.
        ("2027-03-28", "02:30", "03:00"),
    ],
)
async def test_a_date_that_was_fed_is_told_with_the_time_at_which_it_was(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: MockConfigEntry,
    act: Act,
    nodes: Nodes,
    day: str,
    planned: str,
    comes: str,
) -> None:
    comes_at = berlin_time(f"{day}T{comes}")
    await until(hass, freezer, comes_at.astimezone(UTC) - timedelta(minutes=20))
    meal_id = (await act("schedule", time=planned, portions=1))["meal_id"]
    await until(hass, freezer, comes_at)
    await all_ready(hass, freezer, nodes)
    await settled(hass, station.runtime_data)
    (command_id,) = station.runtime_data.engine.ledger.open
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, station.runtime_data)

    await act("schedule", meal_id=meal_id, time="18:00")

    (meal,) = (await act("get_schedule"))["meals"]
    told = [(each["at"], each["time"], each["state"]) for each in meal["occurrences"]]
    tomorrow = utc(f"{(comes_at + timedelta(days=1)).date()}T18:00")
    assert told[:2] == [
        (utc(f"{day}T{comes}"), planned, "fed"),
        (tomorrow, "18:00", "due"),
    ]
    assert meal["next"] == tomorrow
