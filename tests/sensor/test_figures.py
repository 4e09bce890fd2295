"""Figures of a node over a week: what they count, and when they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.figures import recent

from ..calls import Act, actions_of, attribute, fed, shown
from ..conftest import station_entry
from ..figures.commands import DONE, FAILED, SENT, TOOK, command
from ..figures.remembering import remembered, unreadable
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time

SUCCESS = "sensor.kitchen_node_1_success_rate_7_days"
ACCEPTED = "sensor.kitchen_node_1_accepted_after_7_days"
FINISHED = "sensor.kitchen_node_1_done_after_7_days"


def ended(command_id: int, days: float, *, well: bool = True) -> Command:
    """Return a command of node 1 that was ordered so many days ago."""
    at = (dt_util.utcnow() - timedelta(days=days)).timestamp()
    if well:
        return command(command_id, SENT, TOOK, DONE, at=at)
    return command(command_id, SENT, FAILED, at=at, state=CommandState.FAILED)


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """A station that is not set up yet."""
    entry = station_entry()
    entry.add_to_hass(hass)
    return entry


async def start(
    hass: HomeAssistant, entry: MockConfigEntry, *commands: Command
) -> None:
    """Set up a station that has a history."""
    await remembered(hass, entry.entry_id, *commands)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.usefixtures("all_enabled", "freezer", "mqtt_mock")
async def test_what_was_in_the_last_seven_days_counts(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    week = (ended(1, 8, well=False), ended(2, 6.9), ended(3, 1), ended(4, 0.1))
    await start(hass, entry, *week, ended(5, 0.05, well=False))

    assert shown(hass, SUCCESS) == "75.0"
    assert shown(hass, ACCEPTED) == "1.0"
    assert shown(hass, FINISHED) == "10.0"
    assert attribute(hass, SUCCESS, "unit_of_measurement") == "%"
    assert shown(hass, SUCCESS.replace("1", "2", 1)) == STATE_UNKNOWN


@pytest.mark.usefixtures("all_enabled")
async def test_they_change_when_a_command_ends_and_never_by_themselves(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: Any,
    entry: MockConfigEntry,
) -> None:
    await start(hass, entry, ended(900, 6.99, well=False))
    nodes, act = Nodes(hass, mqtt_mock), actions_of(hass, entry)
    assert shown(hass, SUCCESS) == "0.0"
    await fed(hass, freezer, entry.runtime_data, nodes, act)
    assert shown(hass, SUCCESS) == "50.0"

    await pass_time(hass, freezer, 3600.0)
    assert shown(hass, SUCCESS) == "50.0", "nothing has ended"
    await fed(hass, freezer, entry.runtime_data, nodes, act)

    assert shown(hass, SUCCESS) == "100.0"


@pytest.mark.usefixtures("all_enabled")
async def test_they_stand_after_a_restart(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    await fed(hass, freezer, kitchen.runtime_data, nodes, act)
    assert shown(hass, SUCCESS) == "100.0"

    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert shown(hass, SUCCESS) == "100.0"


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_history_what_is_at_hand_counts(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    await fed(hass, freezer, kitchen.runtime_data, nodes, act)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await act("feed", portions=1)

    await unreadable(hass)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert shown(hass, SUCCESS) == "100.0"


@pytest.mark.usefixtures("all_enabled", "freezer", "mqtt_mock")
async def test_of_very_many_the_latest_count(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST_PARTS", 2)
    await start(
        hass, entry, ended(1, 3, well=False), ended(2, 2), ended(3, 1, well=False)
    )

    assert shown(hass, SUCCESS) == "50.0"


@pytest.mark.usefixtures("mqtt_mock")
async def test_nothing_is_read_where_nobody_is_shown_any(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr(recent, "async_survey_history", read.append)

    await start(hass, entry)

    assert read == []
    assert hass.states.get(SUCCESS) is None
