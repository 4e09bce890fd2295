"""The history, page by page, and what happened to one command."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.figures import asking
from custom_components.mqtt_dispatch.figures.reading import read_figures
from custom_components.mqtt_dispatch.history.commands import async_page
from custom_components.mqtt_dispatch.history.reader import Filters

from ..calls import actions_of, device_of
from ..conftest import ANY_NUMBER_OF_FEEDS, SetUp
from ..figures.commands import BEGAN, DONE, FAILED, SENT, TOOK, command
from ..figures.remembering import remembered, unreadable
from ..nodes import pass_time
from .looking import Looker


async def order(hass: HomeAssistant, entry: MockConfigEntry, *kinds: str) -> None:
    """Order one after the other; nothing is ready, so all of it waits."""
    act = actions_of(hass, entry)
    for kind in kinds:
        await act(kind, **({"portions": 1} if kind == "feed" else {}))


async def ids(looker: Looker, device_id: str, **filters: Any) -> list[int]:
    """Return the numbers of the commands that fit."""
    answer = await looker.asks("history", device_id=device_id, **filters)
    return [each["id"] for each in answer["result"]["commands"]]


async def test_the_newest_command_comes_first(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await order(hass, kitchen, "feed", "feed")

    answer = await looker.asks("history", device_id=device_id)

    first, second = answer["result"]["commands"]
    assert (first["id"], second["id"]) == (2, 1)
    assert first["station"] == "Kitchen"
    assert first["kind_in_words"] == "Feed"
    assert first["state"] == "queued"
    assert first["ended_at"] is None
    assert first["nodes"] == ["Node 1", "Node 2"]
    assert answer["result"]["next"] is None


async def test_pages_follow_each_other_without_a_gap(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await order(hass, kitchen, "feed", "feed", "feed")
    first = await looker.asks("history", device_id=device_id, limit=2)
    await order(hass, kitchen, "feed")

    before = first["result"]["next"]
    second = await looker.asks("history", device_id=device_id, limit=2, before=before)

    assert [each["id"] for each in first["result"]["commands"]] == [3, 2]
    assert [each["id"] for each in second["result"]["commands"]] == [1]
    assert second["result"]["next"] is None, "what comes meanwhile shifts nothing"


async def test_the_filters_hold_together(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    device_id: str,
) -> None:
    began = freezer().timestamp()
    await order(hass, kitchen, "feed")
    await pass_time(hass, freezer, 60)
    await order(hass, kitchen, "feed")
    await actions_of(hass, kitchen)("cancel_command", command_id=1)

    assert await ids(looker, device_id, state="cancelled") == [1]
    assert await ids(looker, device_id, state="queued") == [2]
    assert await ids(looker, device_id, since=began + 30) == [2]
    assert await ids(looker, device_id, until=began + 30) == [1]
    assert await ids(looker, device_id, kind="feed", state="queued") == [2]
    assert await ids(looker, device_id, kind="reboot") == []
    assert await ids(looker, device_id, node="2") == [2, 1]
    assert await ids(looker, device_id, node="3") == []


async def test_all_stations_stand_in_one_order(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    set_up: SetUp,
    looker: Looker,
) -> None:
    yard = await set_up(title="Yard", prefix="yard", options=ANY_NUMBER_OF_FEEDS)
    for entry in (kitchen, yard, kitchen):
        await order(hass, entry, "feed")
        await pass_time(hass, freezer, 1)

    answer = await looker.asks("history", device_id="all")

    stations = [each["station"] for each in answer["result"]["commands"]]
    assert stations == ["Kitchen", "Yard", "Kitchen"]


async def test_a_command_tells_what_happened_to_it(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await order(hass, kitchen, "feed")
    await actions_of(hass, kitchen)("cancel_command", command_id=1)

    told = (await looker.asks("command", device_id=device_id, command_id=1))["result"]

    assert told["state"] == "cancelled"
    assert told["timeline"][0]["cause"] == "action"
    assert told["timeline"][-1]["state"] == "cancelled"
    assert told["ended_at"] == told["timeline"][-1]["at"]
    assert len(told["deliveries"]) == 2
    assert {each["node"] for each in told["timeline"]} <= {None, "Node 1", "Node 2"}


async def test_a_command_that_nobody_knows_is_not_found(
    looker: Looker, device_id: str
) -> None:
    answer = await looker.asks("command", device_id=device_id, command_id=77)
    assert answer["error"]["code"] == "not_found"


async def test_what_is_only_in_the_database_is_listed_page_by_page(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await order(hass, kitchen, "feed")
    now = dt_util.utcnow().timestamp()
    old = (command(n, SENT, TOOK, DONE, at=now - 9000 + n) for n in range(100, 350))
    await remembered(hass, kitchen.entry_id, *old)

    found: list[int] = []
    before: dict[str, Any] = {}
    for length in (100, 100, 51):
        told = (await looker.asks("history", device_id=device_id, **before))["result"]
        assert len(told["commands"]) == length
        assert told["only_at_hand"] is False
        found += [each["id"] for each in told["commands"]]
        before = {"before": told["next"]}

    assert told["next"] is None
    assert found == [1, *range(349, 99, -1)]


async def test_the_filters_reach_what_is_only_in_the_database(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await remembered(
        hass,
        kitchen.entry_id,
        command(101, SENT, DONE, nodes=("1", "2")),
        command(102, SENT, FAILED, state=CommandState.FAILED, nodes=("2",)),
        command(103, SENT, DONE, kind="reboot", nodes=("gone",)),
    )

    assert await ids(looker, device_id, node="2") == [102, 101]
    assert await ids(looker, device_id, node="gone") == [103]
    assert await ids(looker, device_id, kind="reboot") == [103]
    assert await ids(looker, device_id, state="failed") == [102]
    assert await ids(looker, device_id, since=BEGAN + 102) == [103, 102]
    assert await ids(looker, device_id, until=BEGAN + 102) == [101]


async def test_of_all_stations_only_those_that_are_there_are_listed(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp, looker: Looker
) -> None:
    yard = await set_up(title="Yard", prefix="yard", options=ANY_NUMBER_OF_FEEDS)
    for entry_id in (kitchen.entry_id, yard.entry_id, "01REMOVED"):
        await remembered(hass, entry_id, command(101, SENT, DONE))

    answer = await looker.asks("history", device_id="all")

    stations = {each["station"] for each in answer["result"]["commands"]}
    assert stations == {"Kitchen", "Yard"}
    assert len(answer["result"]["commands"]) == 2


async def test_an_old_command_tells_what_happened_to_it_in_words(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    old = command(101, SENT, TOOK, DONE, kind="of_an_older_version", nodes=("gone",))
    await remembered(hass, kitchen.entry_id, old)

    told = (await looker.asks("command", device_id=device_id, command_id=101))["result"]

    assert told["state"] == "succeeded"
    assert told["kind_in_words"] == "of_an_older_version"
    assert [each["state"] for each in told["timeline"]] == [
        "queued",
        "sent",
        "accepted",
        "done",
        "succeeded",
    ]
    assert told["nodes"] == ["gone"]
    assert len(told["deliveries"]) == 1


async def test_a_place_that_no_command_can_have_is_refused(
    looker: Looker, device_id: str
) -> None:
    answer = await looker.asks(
        "history", device_id=device_id, before=[1.0, "entry", 2**80]
    )

    assert answer["error"]["code"] == "invalid_format"


async def test_where_the_database_cannot_be_read_what_is_at_hand_is_told_as_such(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, device_id: str
) -> None:
    await order(hass, kitchen, "feed", "feed")
    await remembered(hass, kitchen.entry_id, command(101, SENT, DONE))
    await unreadable(hass)

    told = (await looker.asks("history", device_id=device_id, limit=1))["result"]
    assert [each["id"] for each in told["commands"]] == [2]
    assert told["only_at_hand"] is True
    rest = await ids(looker, device_id, limit=1, before=told["next"])
    assert rest == [1]

    at_hand = await looker.asks("command", device_id=device_id, command_id=1)
    assert at_hand["result"]["id"] == 1
    old = await looker.asks("command", device_id=device_id, command_id=101)
    assert old["error"]["translation_key"] == "history_unavailable"


async def test_a_page_is_not_held_up_by_figures_that_are_worked_out(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await remembered(hass, kitchen.entry_id, command(101, SENT, DONE))
    began, enough = asyncio.Event(), Event()
    told: list[int] = []

    def read_slowly(*of_what: Any) -> Any:
        hass.loop.call_soon_threadsafe(began.set)
        assert enough.wait(30), "nobody ended it"
        return read_figures(*of_what)

    monkeypatch.setattr(asking, "read_figures", read_slowly)

    async def look() -> None:
        await began.wait()
        stations = [kitchen.runtime_data]
        page = await async_page(hass, stations, Filters(), limit=50)
        told.extend(each.command.id for each in page.commands)
        enough.set()

    act = actions_of(hass, kitchen)
    try:
        async with asyncio.timeout(20):
            figures, _ = await asyncio.gather(act("get_metrics", days=3660), look())
    finally:
        enough.set()

    assert told == [101]
    assert figures["ordered"] == 1


@pytest.mark.parametrize("asked", ["history", "history_file", "command", "plan"])
async def test_no_station_no_answer(
    hass: HomeAssistant, kitchen: MockConfigEntry, looker: Looker, asked: str
) -> None:
    more = {"command_id": 1} if asked == "command" else {}
    device_id = device_of(hass, kitchen)

    answer = await looker.asks(asked, device_id="nothing", **more)
    assert answer["error"]["code"] == "not_found"

    await hass.config_entries.async_unload(kitchen.entry_id)
    answer = await looker.asks(asked, device_id=device_id, **more)
    assert answer["error"]["code"] == "not_found"


async def test_the_plan_tells_a_week(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    device_id: str,
) -> None:
    act = actions_of(hass, kitchen)
    await act("schedule", name="Lunch", time="18:00", portions=2)
    await act("schedule", name="Early", time="16:00", weekdays=["fri"], portions=1)

    told = (await looker.asks("plan", device_id=device_id))["result"]

    assert [meal["name"] for meal in told["meals"]] == ["Early", "Lunch"]
    assert told["meals"][1]["in_words"] == "Lunch: 2 portions"
    lunches = [each["date"] for each in told["dates"] if each["title"] == "Lunch"]
    assert lunches == [
        *(f"2026-05-{day}" for day in (28, 29, 30, 31)),
        *(f"2026-06-0{day}" for day in (1, 2, 3)),
    ]
    assert [each["title"] for each in told["dates"][:3]] == ["Lunch", "Early", "Lunch"]
    assert told["dates"][0]["may"] == ["skip"]
    assert told["may_control"] is True
