"""The next meal and today's, and what became of each."""

from __future__ import annotations

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import Act, actions_of, all_ready
from ..nodes import Nodes, pass_time, settled
from ..nonempty import some
from .looking import Looker

pytestmark = pytest.mark.usefixtures("freezer")


async def test_without_a_plan_nothing_is_shown(looker: Looker) -> None:
    await looker.looks_at()

    assert looker.seen["meals"] == {"planned": 0, "next": None, "today": []}


async def test_the_next_meal_says_when_and_what(looker: Looker, act: Act) -> None:
    meal = await act("schedule", name="Dinner", time="18:00", portions=2)
    await looker.looks_at()

    meals = looker.seen["meals"]
    assert meals["planned"] == 1
    assert meals["next"] == meals["today"][0]
    assert meals["next"] == {
        "meal_id": meal["meal_id"],
        "title": "Dinner",
        "in_words": "Dinner: 2 portions",
        "kind": "feed",
        "date": "2026-05-28",
        "time": "18:00",
        "at": meals["next"]["at"],
        "node": None,
        "state": "pending",
        "why": None,
        "command_id": None,
        "may": ["skip"],
    }


async def test_a_skipped_date_can_be_had_after_all(looker: Looker, act: Act) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=2)
    await act("skip_meal")
    await looker.looks_at()

    meals = looker.seen["meals"]
    assert meals["next"]["date"] == "2026-05-29"
    (today,) = meals["today"]
    assert (today["state"], today["may"]) == ("skipped", ["unskip"])


async def test_todays_dates_follow_what_becomes_of_them(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    looker: Looker,
    nodes: Nodes,
) -> None:
    act, coordinator = actions_of(hass, kitchen), kitchen.runtime_data
    await act("schedule", name="Tea", time="14:01", portions=1)
    await looker.looks_at()

    async def state() -> tuple[str, list[str]]:
        seen = (await looker.after(freezer))["meals"]["today"][0]
        return seen["state"], seen["may"]

    await pass_time(hass, freezer, 61)
    await settled(hass, coordinator)
    assert await state() == ("waiting", ["skip"])
    command_id = looker.seen["meals"]["today"][0]["command_id"]
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert await state() == ("dispensing", [])
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)
    assert await state() == ("unconfirmed", [])
    await nodes.done(command_id)
    await settled(hass, coordinator)
    assert await state() == ("fed", [])


async def test_what_was_cancelled_says_who_did(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    looker: Looker,
    act: Act,
) -> None:
    await act("schedule", name="Tea", time="14:01", portions=1)
    await pass_time(hass, freezer, 61)
    await settled(hass, coordinator)
    (command_id,) = coordinator.engine.ledger.open
    await act("cancel_command", command_id=command_id)
    await looker.looks_at()

    (today,) = looker.seen["meals"]["today"]
    assert today["state"] == "skipped"
    assert today["why"].startswith("It was cancelled")


async def test_what_nobody_knows_any_more_is_unknown(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    looker: Looker,
    act: Act,
) -> None:
    await act("schedule", name="Tea", time="14:01", portions=1)
    await pass_time(hass, freezer, 61)
    await settled(hass, coordinator)
    occurrences = coordinator.engine.ledger.occurrences
    for key, date in some(occurrences.items()):
        occurrences[key] = replace(date, command_id=None)
    await looker.looks_at()

    assert looker.seen["meals"]["today"][0]["state"] == "unknown"
