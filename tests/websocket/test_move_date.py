"""One date is moved with what the plan tells of it, as the calendar's page does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..calls import actions_of, device_of
from ..conftest import SetUp
from ..nodes import settled
from ..others import ORCHARD

pytestmark = pytest.mark.usefixtures("freezer")
LAWN = {"name": "Lawn", "time": "18:00", "valve": 1, "duration": 90}
LUNCH = {"name": "Lunch", "time": "18:00", "portions": 2}


async def _plan(socket: Any, device_id: str) -> list[dict[str, Any]]:
    await socket.send_json_auto_id(
        {"type": "mqtt_dispatch/plan", "device_id": device_id}
    )
    answer = await socket.receive_json()
    dates: list[dict[str, Any]] = answer["result"]["dates"]
    return dates


async def _move(
    socket: Any, calendar: str, date: dict[str, Any], time: str
) -> dict[str, Any]:
    start = datetime.fromisoformat(f"{date['date']}T{time}:00")
    end = start + timedelta(seconds=date["lasts"])
    await socket.send_json_auto_id(
        {
            "type": "calendar/event/update",
            "entity_id": calendar,
            "uid": date["meal_id"],
            "recurrence_id": date["date"],
            "event": {
                "summary": date["in_words"],
                "dtstart": start.isoformat(),
                "dtend": end.isoformat(),
            },
        }
    )
    answer: dict[str, Any] = await socket.receive_json()
    return answer


@pytest.fixture
async def lunch(hass: HomeAssistant, kitchen: MockConfigEntry) -> MockConfigEntry:
    """Return a station that feeds lunch every day."""
    await actions_of(hass, kitchen)("schedule", **LUNCH)
    await settled(hass, kitchen.runtime_data)
    return kitchen


async def test_one_date_comes_at_its_new_time_and_all_others_as_ever(
    hass: HomeAssistant, lunch: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    socket, device_id = await hass_ws_client(hass), device_of(hass, lunch)
    dates = await _plan(socket, device_id)

    answer = await _move(socket, "calendar.kitchen_meals", dates[2], "19:30")

    assert answer["success"], answer
    moved = await _plan(socket, device_id)
    times = ["18:00"] * len(dates)
    times[2] = "19:30"
    assert [date["time"] for date in moved] == times
    assert [date["in_words"] for date in moved] == [date["in_words"] for date in dates]
    assert {date["meal_id"] for date in moved} == {dates[0]["meal_id"]}


async def test_a_date_cannot_be_moved_to_a_time_that_is_over(
    hass: HomeAssistant, lunch: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    socket, device_id = await hass_ws_client(hass), device_of(hass, lunch)
    dates = await _plan(socket, device_id)

    answer = await _move(socket, "calendar.kitchen_meals", dates[0], "00:01")

    assert not answer["success"]
    assert answer["error"]["message"]
    assert await _plan(socket, device_id) == dates


@pytest.mark.parametrize("duration", [90, 3600])
async def test_what_runs_for_a_time_does_so_on_a_date_that_is_moved(
    hass: HomeAssistant,
    set_up: SetUp,
    hass_ws_client: WebSocketGenerator,
    duration: int,
) -> None:
    entry = await set_up(**ORCHARD)
    act = actions_of(hass, entry, "1")
    await act("schedule", **LAWN | {"duration": duration})
    await settled(hass, entry.runtime_data)
    socket, device_id = await hass_ws_client(hass), device_of(hass, entry)
    dates = await _plan(socket, device_id)
    assert dates[1]["lasts"] == duration

    answer = await _move(socket, "calendar.orchard_plan", dates[1], "19:30")
    assert answer["success"], answer

    (meal,) = entry.runtime_data.engine.ledger.meals.values()
    assert meal.params["duration"] == duration
    assert all(each.params is None for each in meal.overrides.values())
