"""A node that fails again and again is said so once, with what it did."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import Act, all_ready, fed
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled
from ..repairing import issues, keys, leave_as_after_a_restart, placeholders


@pytest.fixture
def failed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> Any:
    """Return a function that has feeds fail at node 1, one after the other."""

    async def fail(times: int) -> None:
        for _ in range(times):
            await pass_time(hass, freezer, CONVEYOR_SECONDS)
            await all_ready(hass, freezer, nodes)
            feed = (await act("feed", portions=2))["command_id"]
            await settled(hass, kitchen.runtime_data)
            await nodes.accept(feed)
            await nodes.done(feed, "1", status="motor_error")
            await nodes.done(feed, "2")
            await settled(hass, kitchen.runtime_data)

    return fail


async def test_the_third_failure_is_said_with_what_when_and_how(
    hass: HomeAssistant, failed: Any
) -> None:
    await failed(2)
    assert keys(hass) == []

    await failed(1)

    (issue,) = issues(hass)
    assert issue.translation_key == "keeps_failing"
    assert not issue.is_fixable
    told = placeholders(hass)
    assert (told["station"], told["node"]) == ("Kitchen", "Node 1")
    assert told["known"] == "\n".join(
        f"- Feed: 2 portions (#{number}), ordered at {at}. "
        f"Node 1: said at {at} that it failed: the motor has a fault"
        for number, at in ((1, "14:00:17"), (2, "14:00:34"), (3, "14:00:51"))
    )


async def test_a_further_failure_is_told_in_the_same_issue(
    hass: HomeAssistant, failed: Any
) -> None:
    await failed(3)
    (before,) = issues(hass)
    ir.async_ignore_issue(hass, before.domain, before.issue_id, True)

    await failed(1)

    (issue,) = issues(hass)
    assert issue.issue_id == before.issue_id
    assert issue.dismissed_version is not None, "it was set aside"
    assert "(#4)" in placeholders(hass)["known"]


async def test_it_stands_once_after_a_restart(
    hass: HomeAssistant, kitchen: MockConfigEntry, failed: Any
) -> None:
    await failed(3)
    (before,) = issues(hass)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    leave_as_after_a_restart(hass, before)
    assert keys(hass) == []

    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await hass.async_block_till_done()

    (issue,) = issues(hass)
    assert issue.issue_id == before.issue_id
    assert issue.translation_placeholders == before.translation_placeholders


async def test_it_clears_by_itself_when_the_node_does_a_command(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
    failed: Any,
) -> None:
    await failed(3)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    assert keys(hass) == ["keeps_failing"]

    await fed(hass, freezer, kitchen.runtime_data, nodes, act)

    assert keys(hass) == []


async def test_it_clears_when_a_person_answers(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
    failed: Any,
) -> None:
    await failed(3)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await all_ready(hass, freezer, nodes)
    feed = (await act("feed", portions=1))["command_id"]
    await settled(hass, kitchen.runtime_data)
    await pass_time(hass, freezer, 11)
    await settled(hass, kitchen.runtime_data)
    assert sorted(map(str, keys(hass))) == ["keeps_failing", "unconfirmed"]

    await act("resolve_command", command_id=feed, outcome="failed")
    await settled(hass, kitchen.runtime_data)

    assert keys(hass) == []


async def test_nobody_is_told_where_the_owner_wants_none(
    hass: HomeAssistant, kitchen: MockConfigEntry, failed: Any
) -> None:
    await failed(3)
    assert keys(hass) == ["keeps_failing"]
    hass.config_entries.async_update_entry(kitchen, options={"failures_in_a_row": 0})
    await hass.async_block_till_done()
    assert keys(hass) == []
