"""What is known of an overdue meal where little is, and where several are overdue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.ledger import ledger
from custom_components.mqtt_dispatch.engine.model.events import Cancel

from ..calls import Act, actions_of, all_ready
from ..conftest import SetUp
from ..nodes import Nodes, settled
from ..others import FEEDER, PETS, Feeder
from ..repairing import Person, issues
from .test_overdue_meals import TEA, asked, late, wait

__all__ = ["late"]


async def test_a_feeder_that_nobody_could_hear_at_its_time_is_said_to_be_silent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    set_up: SetUp,
    mqtt_mock: Any,
    person: Person,
) -> None:
    entry = await set_up(**PETS)
    await Feeder(hass, mqtt_mock).tell_all()
    await actions_of(hass, entry, FEEDER)("schedule", **TEA)
    await settled(hass, entry.runtime_data)
    assert await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(hours=1))
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settled(hass, entry.runtime_data)

    told = (await asked(hass, person))["description_placeholders"]

    assert told["by"] == "14:31"
    assert told["known"].startswith(
        "- Cat keeps the plan itself, and has not said that it fed."
    )
    assert entry.runtime_data.engine.ledger.occurrences == {}


async def test_of_what_the_history_knows_no_more_it_is_said_that_nobody_does(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    late: int,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await nodes.newer()
    # Of each kind the newest that was not cancelled is kept.
    await act("feed", portions=1)
    await wait(hass, freezer, coordinator, 70)
    while coordinator.engine.ledger.unarchived:
        await wait(hass, freezer, coordinator, 2)
    monkeypatch.setattr(ledger, "HISTORY_LIMIT", 1)
    reboot = (await act("send_command", kind="reboot"))["command_id"]
    coordinator.handle(Cancel(reboot))
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.find(late) is None

    told = (await asked(hass, person))["description_placeholders"]

    assert told["known"] == "- Nobody knows what became of it."


async def test_of_several_the_question_names_by_when_its_own_was_expected(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(options={"portions_per_day": 1})
    coordinator, nodes = entry.runtime_data, Nodes(hass, mqtt_mock)
    act = actions_of(hass, entry)
    await act("schedule", **TEA)
    await act("schedule", name="Snack", time="14:05", portions=1)
    await wait(hass, freezer, coordinator, 1)
    await wait(hass, freezer, coordinator, 4)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await wait(hass, freezer, coordinator, 30)

    assert len(coordinator.data.overdue) == 2
    told = {
        issue.translation_key: issue.translation_placeholders or {}
        for issue in issues(hass)
    }
    assert told.keys() == {"meal_overdue", "unconfirmed"}
    assert told["meal_overdue"]["by"] == "14:31"
    assert told["unconfirmed"]["known"].startswith("It was expected by 14:35.\n\n- ")
