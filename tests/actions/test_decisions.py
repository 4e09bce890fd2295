"""Who settled a doubt, or took something back, stands where people look for it."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from ..calls import actions_of, all_ready, call, device_of, feed_in_doubt
from ..nodes import Nodes, settled
from ..people import a_user, as_user
from ..repairing import Person, issues

WHOEVER = Context()
"""An automation: nobody knows a person behind it."""


async def decisions(hass: HomeAssistant, entry: MockConfigEntry) -> list[str]:
    """Return what the timeline of #1 tells of the persons who decided."""
    (command,) = (await actions_of(hass, entry)("get_commands", command_id=1))[
        "commands"
    ]
    return [line["detail"] for line in command["timeline"] if line["cause"] == "person"]


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "resend"])
@pytest.mark.usefixtures("in_doubt")
async def test_resolve_command_tells_who_called_it(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    told: list[dict[str, Any]],
    outcome: str,
) -> None:
    anna = as_user(await a_user(hass, GROUP_ID_USER, name="Anna"))

    station = device_of(hass, kitchen)
    await call(hass, "resolve_command", station, anna, command_id=1, outcome=outcome)
    await settled(hass, kitchen.runtime_data)
    await hass.config_entries.async_reload(kitchen.entry_id)

    # Of each node, and of the command as a whole.
    assert await decisions(hass, kitchen) == ["Anna"] * 3
    told = [event for event in told if event["cause"] == "person"]
    assert told[0]["event_type"] == ("queued" if outcome == "resend" else outcome)
    assert told[0]["decided_by"] == "Anna"


async def test_cancel_command_tells_who_called_it(
    hass: HomeAssistant, kitchen: MockConfigEntry, told: list[dict[str, Any]]
) -> None:
    anna = as_user(await a_user(hass, GROUP_ID_USER, name="Anna"))
    await actions_of(hass, kitchen)("feed", portions=1)

    await call(hass, "cancel_command", device_of(hass, kitchen), anna, command_id=1)
    await settled(hass, kitchen.runtime_data)

    assert await decisions(hass, kitchen) == ["Anna"]
    assert [(event["event_type"], event["decided_by"]) for event in told] == [
        ("queued", None),
        ("cancelled", "Anna"),
    ]


@pytest.mark.usefixtures("in_doubt")
async def test_of_an_automation_nobody_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry, told: list[dict[str, Any]]
) -> None:
    station = device_of(hass, kitchen)
    await call(
        hass, "resolve_command", station, WHOEVER, command_id=1, outcome="failed"
    )
    await settled(hass, kitchen.runtime_data)

    assert await decisions(hass, kitchen) == [""] * 3
    assert (told[-1]["cause"], told[-1]["decided_by"]) == ("person", None)


async def test_what_a_node_says_is_nobodys_decision(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    told: list[dict[str, Any]],
) -> None:
    await all_ready(hass, freezer, nodes)
    await actions_of(hass, kitchen)("feed", portions=1)
    await settled(hass, kitchen.runtime_data)
    await nodes.done(1, status="Anna")
    await settled(hass, kitchen.runtime_data)

    assert (told[-1]["event_type"], told[-1]["decided_by"]) == ("failed", None)
    assert told[-1]["results"]["1"]["reason"] == "Anna"


@pytest.mark.usefixtures("in_doubt")
async def test_who_decided_is_not_told_as_the_reason_of_a_node(
    hass: HomeAssistant, kitchen: MockConfigEntry, told: list[dict[str, Any]]
) -> None:
    anna = as_user(await a_user(hass, GROUP_ID_USER, name="Anna"))
    station = device_of(hass, kitchen)
    await call(hass, "resolve_command", station, anna, command_id=1, outcome="failed")
    await settled(hass, kitchen.runtime_data)

    assert told[-1]["results"] == {
        node: {"state": "failed", "reason": None} for node in ("1", "2")
    }


@pytest.mark.parametrize("choice", ["succeeded", "failed", "resend"])
async def test_the_repairs_tell_who_answered(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
    hass_admin_user: MockUser,
    choice: str,
) -> None:
    hass_admin_user.name = "Berta"
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    menu = await person.opens(issues(hass)[0])
    await person.chooses(menu, choice)

    assert await decisions(hass, kitchen) == ["Berta"] * 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [(None, ""), ("", ""), ("A\nB", "A�B"), ("x" * 200, "x" * 99 + "…")],
)
async def test_a_name_is_told_on_one_line_however_it_was_made(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str | None, shown: str
) -> None:
    user = await a_user(hass, GROUP_ID_USER)
    user.name = name
    await actions_of(hass, kitchen)("feed", portions=1)

    station = device_of(hass, kitchen)
    await call(hass, "cancel_command", station, as_user(user), command_id=1)

    assert await decisions(hass, kitchen) == [shown]
