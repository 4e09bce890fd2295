"""What the action that plans something takes, and what it makes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import Act, actions_of, all_ready
from ..conftest import SetUp
from ..nodes import Nodes
from ..others import GLASSHOUSE, ORCHARD
from .test_meals import TUESDAY, act, berlin_time, station, until, utc

__all__ = ["act", "station"]

FED = {"portions": 1}


async def the_meal(act: Act) -> dict[str, Any]:
    """Return the only meal there is, as it is told."""
    (meal,) = (await act("get_schedule"))["meals"]
    found: dict[str, Any] = meal
    return found


def dates(meal: dict[str, Any]) -> list[str]:
    """Return the dates of the week on which it comes."""
    return [each["date"] for each in meal["occurrences"]]


async def test_every_few_days_begins_today_if_nothing_else_is_said(act: Act) -> None:
    answer = await act("schedule", time="18:00", every=3, **FED)
    assert answer["next"] == utc(f"{TUESDAY}T18:00")
    meal = await the_meal(act)
    assert (meal["every"], meal["from"]) == (3, TUESDAY)
    assert dates(meal) == [TUESDAY, "2026-06-05", "2026-06-08"]
    await act("schedule", meal_id=meal["meal_id"], every=2)
    assert dates(await the_meal(act)) == [
        TUESDAY,
        "2026-06-04",
        "2026-06-06",
        "2026-06-08",
    ]


@pytest.mark.parametrize("day", ["2026-06-04", date(2026, 6, 4)])
async def test_a_meal_has_a_first_and_a_last_date_and_loses_them(
    act: Act, day: Any
) -> None:
    await act("schedule", time="18:00", **{"from": day}, until=day, **FED)
    meal = await the_meal(act)
    assert (meal["from"], meal["until"]) == ("2026-06-04", "2026-06-04")
    assert dates(meal) == ["2026-06-04"]
    await act("schedule", meal_id=meal["meal_id"], until="")
    assert dates(await the_meal(act))[:2] == ["2026-06-04", "2026-06-05"]
    await act("schedule", meal_id=meal["meal_id"], **{"from": ""})
    assert dates(await the_meal(act))[0] == TUESDAY


async def test_what_has_ended_has_no_next_date_and_says_so(act: Act) -> None:
    answer = await act("schedule", time="08:00", until=TUESDAY, **FED)
    assert answer["next"] is None
    assert answer["text"] == f"It has ended: its last day is {TUESDAY}."


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [
        (-30, -30),
        ("-30", -30),
        ("-01:30", -90),
        ("00:45:00", 45),
        ({"hours": 1}, 60),
        (timedelta(minutes=5), 5),
        (0, 0),
    ],
)
async def test_an_offset_is_minutes_or_a_time(
    act: Act, offset: Any, minutes: int
) -> None:
    await act("schedule", sun="sunset", offset=offset, **FED)
    meal = await the_meal(act)
    assert (meal["time"], meal["sun"], meal["offset"]) == (None, "sunset", minutes)


async def test_a_time_takes_away_the_sun_and_the_sun_a_time(act: Act) -> None:
    meal_id = (await act("schedule", sun="sunset", offset=-30, **FED))["meal_id"]

    async def changed(**fields: Any) -> tuple[Any, ...]:
        await act("schedule", meal_id=meal_id, **fields)
        meal = await the_meal(act)
        return meal["time"], meal["sun"], meal["offset"]

    assert await changed(name="Dinner") == (None, "sunset", -30)
    assert await changed(sun="sunrise") == (None, "sunrise", -30)
    assert await changed(time="18:00") == ("18:00", None, 0)
    assert await changed(sun="sunrise", offset=10) == (None, "sunrise", 10)
    with pytest.raises(ServiceValidationError) as refused:
        await changed(time="18:00", offset=10)
    assert refused.value.translation_key == "invalid_offset"


@pytest.mark.parametrize(
    ("deadline", "minutes"),
    [(45, 45), ("45", 45), ("00:45", 45), ({"seconds": 90}, 1.5)],
)
async def test_a_deadline_is_minutes_or_a_time(
    act: Act, deadline: Any, minutes: float
) -> None:
    await act("schedule", time="18:00", deadline=deadline, if_missed="ask", **FED)
    meal = await the_meal(act)
    assert (meal["deadline"], meal["if_missed"]) == (minutes, "ask")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"time": "08:00", "sun": "sunset"}, "time_or_sun"),
        ({"sun": "noon"}, "invalid_choice"),
        ({"sun": "sunset", "offset": 721}, "invalid_offset"),
        ({"sun": "sunset", "offset": "00:00:30"}, "invalid_offset"),
        ({"sun": "sunset", "offset": "later"}, "invalid_offset"),
        ({"time": "08:00", "offset": 5}, "invalid_offset"),
        ({"time": "08:00", "every": 0}, "invalid_number"),
        ({"time": "08:00", "every": 367}, "invalid_number"),
        ({"time": "08:00", "from": "soon"}, "invalid_date"),
        ({"time": "08:00", "until": 5}, "invalid_date"),
        (
            {"time": "08:00", "from": "2026-06-05", "until": "2026-06-04"},
            "never_occurs",
        ),
        ({"time": "08:00", "deadline": 0}, "invalid_deadline"),
        ({"time": "08:00", "deadline": 1441}, "invalid_deadline"),
        ({"time": "08:00", "deadline": "soon"}, "invalid_deadline"),
        ({"time": "08:00", "if_missed": "cry"}, "invalid_choice"),
        ({"time": "08:00", "kind": "dance"}, "unknown_kind"),
        ({"time": "08:00", "params": [5]}, "invalid_params"),
        ({"time": "08:00", "params": {"speed": 5}}, "unknown_field"),
        ({"time": "08:00", "kind": "operate"}, "missing_field"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    hass: HomeAssistant, station: MockConfigEntry, act: Act, fields: Any, code: str
) -> None:
    before = station.runtime_data.engine.ledger.revision
    with pytest.raises(ServiceValidationError) as refused:
        await act("schedule", **{**FED, **fields})
    assert refused.value.translation_key == code
    assert "{" not in str(refused.value)
    assert station.runtime_data.engine.ledger.revision == before


async def test_any_kind_is_planned_with_its_params(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
    mqtt_mock: Any,
) -> None:
    nodes = Nodes(hass, mqtt_mock)
    await nodes.say("state", "2", {"online": 1, "ready": 1, "uptime": 5, "fw": "2.1.0"})
    of_node = actions_of(hass, station, "2")
    await of_node("schedule", name="Fresh", time="13:00", kind="reboot")
    meal = await the_meal(act)
    assert (meal["kind"], meal["nodes"], meal["params"]) == ("reboot", ["2"], {})
    await until(hass, freezer, berlin_time(f"{TUESDAY}T12:59:55"))
    await all_ready(hass, freezer, nodes)
    await until(hass, freezer, berlin_time(f"{TUESDAY}T13:00:00"))
    (command,) = (await act("get_commands"))["commands"]
    assert command["kind"] == "reboot"
    assert list(command["nodes"]) == ["2"]


async def test_another_kind_has_other_params(
    hass: HomeAssistant, station: MockConfigEntry, act: Act, mqtt_mock: Any
) -> None:
    nodes = Nodes(hass, mqtt_mock)
    for node in ("1", "2"):
        state = {"online": 1, "ready": 1, "uptime": 5, "fw": "2.1.0"}
        await nodes.say("state", node, state)
    meal_id = (await act("schedule", time="13:00", **FED))["meal_id"]
    await act("schedule", meal_id=meal_id, kind="reboot")
    assert (await the_meal(act))["params"] == {}
    await act("schedule", meal_id=meal_id, kind="feed", params={"portions": 3})
    await act("schedule", meal_id=meal_id, params={"bowl": 2})
    assert (await the_meal(act))["params"] == {
        "portions": 3,
        "hopper": 1,
        "bowl": 2,
        "pet": 0,
    }


async def test_nodes_that_do_many_things_plan_none_by_itself(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    act = actions_of(hass, await set_up(**GLASSHOUSE))
    with pytest.raises(ServiceValidationError) as refused:
        await act("schedule", time="08:00")
    assert refused.value.translation_key == "missing_field"
    assert str(refused.value) == "Kind: this is missing"


async def test_nodes_that_keep_the_plan_know_no_sun(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    act = actions_of(hass, await set_up(**ORCHARD))
    with pytest.raises(ServiceValidationError) as refused:
        await act("schedule", sun="sunrise", valve=0, duration=60)
    assert refused.value.translation_key == "plan_no_sun"
    assert (await act("get_schedule"))["meals"] == []


async def test_what_became_of_each_date_of_today_is_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", **FED)
    await until(hass, freezer, berlin_time(f"{TUESDAY}T14:30"))
    (command,) = (await act("get_commands"))["commands"]
    meal = await the_meal(act)
    assert command["state"] == "expired"
    assert [each["state"] for each in meal["occurrences"]] == ["missed", *6 * ["due"]]
    assert meal["occurrences"][0]["command_id"] == command["command_id"]
