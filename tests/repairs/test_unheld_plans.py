"""A plan that did not reach its node is said, and can be sent."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.unheld_plans import NOT_HELD

from ..calls import actions_of
from ..conftest import Disk, SetUp
from ..nodes import settled
from ..others import ORCHARD, Hub
from ..repairing import Person, issues, keys

LAWN = {"name": "Lawn", "time": "06:00", "valve": 1, "duration": 90}


@pytest.fixture
async def orchard(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> MockConfigEntry:
    """A station whose hub is silent, with a plan that waits for it."""
    entry = await set_up(**ORCHARD)
    await actions_of(hass, entry, "1")("schedule", **LAWN)
    await settled(hass, entry.runtime_data)
    assert keys(hass) == []
    return entry


async def cancel_it(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    (command_id,) = entry.runtime_data.engine.ledger.open
    await actions_of(hass, entry)("cancel_command", command_id=command_id)
    await settled(hass, entry.runtime_data)


async def test_a_cancelled_plan_is_not_sent_again_and_that_is_said(
    hass: HomeAssistant, orchard: MockConfigEntry, mqtt_mock: Any
) -> None:
    await cancel_it(hass, orchard)

    (issue,) = issues(hass)
    assert issue.translation_key == "plan_not_held"
    assert issue.is_fixable
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["node"] == "Apples"
    assert "was cancelled at" in issue.translation_placeholders["known"]
    hub = Hub(hass, mqtt_mock)
    await hub.tell_all()
    await settled(hass, orchard.runtime_data)
    assert hub.sent() == []


async def test_a_person_sends_it_from_the_repairs(
    hass: HomeAssistant, orchard: MockConfigEntry, mqtt_mock: Any, person: Person
) -> None:
    await cancel_it(hass, orchard)
    (issue,) = issues(hass)
    flow = await person.opens(issue)
    assert flow["step_id"] == "confirm"
    assert (
        "(Set the plan) was cancelled at " in flow["description_placeholders"]["known"]
    )

    done = await person.submits(flow)

    assert done["type"] == "create_entry"
    assert keys(hass) == []
    (command,) = orchard.runtime_data.engine.ledger.open.values()
    assert (command.kind, command.nodes) == ("set_plan", ("1",))
    assert len(command.params["slots"]) == 1


async def test_what_is_cancelled_once_more_is_said_once_more(
    hass: HomeAssistant, orchard: MockConfigEntry, person: Person
) -> None:
    await cancel_it(hass, orchard)
    (first,) = issues(hass)
    await person.submits(await person.opens(first))

    await cancel_it(hass, orchard)

    (second,) = issues(hass)
    assert second.issue_id != first.issue_id
    assert (await person.opens(second))["type"] == "form"


async def test_a_change_of_the_plan_sends_it_and_settles_the_issue(
    hass: HomeAssistant, orchard: MockConfigEntry, person: Person
) -> None:
    await cancel_it(hass, orchard)
    (issue,) = issues(hass)
    flow = await person.opens(issue)

    await actions_of(hass, orchard, "1")("schedule", **{**LAWN, "time": "07:00"})
    await settled(hass, orchard.runtime_data)

    assert keys(hass) == []
    assert (await person.submits(flow))["reason"] == "already_settled"
    assert len(orchard.runtime_data.engine.ledger.open) == 1


async def test_a_station_that_is_not_loaded_sends_no_plan(
    hass: HomeAssistant, orchard: MockConfigEntry, person: Person
) -> None:
    await cancel_it(hass, orchard)
    (issue,) = issues(hass)
    form = await person.opens(issue)
    await hass.config_entries.async_unload(orchard.entry_id)
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue

    answers = await person.submits(form), await person.opens(issue)

    assert [answer["reason"] for answer in answers] == ["station_not_loaded"] * 2


async def test_where_too_many_commands_are_open_it_is_not_said_to_be_settled(
    hass: HomeAssistant, orchard: MockConfigEntry, person: Person
) -> None:
    hass.config_entries.async_update_entry(orchard, options={"max_open": 1})
    await hass.async_block_till_done()
    await cancel_it(hass, orchard)
    (issue,) = issues(hass)
    act = actions_of(hass, orchard, "1")
    await act("send_command", kind="set_wake_interval", params={"seconds": 60})
    flow = await person.opens(issue)

    assert (await person.submits(flow))["reason"] == "queue_full"
    assert keys(hass) == ["plan_not_held"]


def test_every_end_but_a_good_one_is_said() -> None:
    ends = {state for state in CommandState if state.final}
    assert NOT_HELD.keys() == ends - {CommandState.SUCCEEDED, CommandState.SUPERSEDED}


async def test_what_a_person_set_himself_is_no_plan(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(**ORCHARD)
    act = actions_of(hass, entry, "1")
    await act("send_command", kind="set_wake_interval", params={"seconds": 60})
    await cancel_it(hass, entry)
    assert keys(hass) == []


async def test_a_plan_that_cannot_be_stored_is_not_sent(
    hass: HomeAssistant, orchard: MockConfigEntry, person: Person, disk_full: Disk
) -> None:
    await cancel_it(hass, orchard)
    (issue,) = issues(hass)
    flow = await person.opens(issue)
    disk_full(True)

    ended = await person.submits(flow)

    assert ended["reason"] == "not_stored"
    assert orchard.runtime_data.engine.ledger.open == {}
