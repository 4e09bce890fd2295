"""`export_history`: which rows it tells, in which order, and how many at most."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.exporting import actions
from custom_components.mqtt_dispatch.exporting.rows import COLUMNS
from custom_components.mqtt_dispatch.protocols.params import HIDDEN

from ..calls import Act, actions_of, fed
from ..figures.commands import BEGAN, DONE, FAILED, SENT, TOOK, command
from ..figures.remembering import remembered
from ..nodes import Nodes, settled

ALL = {"since": "2000-01-01", "until": "2099-01-01"}


def ids(answer: dict[str, Any]) -> list[int]:
    """Return the numbers of the commands of an answer, each once, in their order."""
    return [*dict.fromkeys(row["command_id"] for row in answer["rows"])]


async def test_a_row_tells_all_of_a_command_at_a_node(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    await remembered(
        hass, kitchen.entry_id, command(1, SENT, TOOK, DONE, nodes=("1", "2"))
    )

    first, second = (await act("export_history", **ALL))["rows"]

    assert tuple(first) == COLUMNS
    assert first == {
        "station": "Kitchen",
        "command_id": 1,
        "kind": "feed",
        "params": {"portions": 1},
        "state": "succeeded",
        "created_at": dt_util.utc_from_timestamp(BEGAN + 1).isoformat(),
        "at": None,
        "ended_at": dt_util.utc_from_timestamp(BEGAN + 13).isoformat(),
        "cause": "node",
        "node": "1",
        "node_name": "Node 1",
        "node_state": "done",
        "attempts": 1,
        "sent_at": dt_util.utc_from_timestamp(BEGAN + 3).isoformat(),
        "accepted_at": dt_util.utc_from_timestamp(BEGAN + 4).isoformat(),
        "done_at": dt_util.utc_from_timestamp(BEGAN + 13).isoformat(),
        "reason": None,
    }
    assert second["node"] == "2"


async def test_what_is_open_or_has_just_ended_is_among_them_in_order_and_once(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    await fed(hass, freezer, kitchen.runtime_data, nodes, act)
    later = (await act("feed", portions=1))["command_id"]
    await settled(hass, kitchen.runtime_data)
    closed = kitchen.runtime_data.engine.ledger.closed[1]
    now = dt_util.utcnow().timestamp()
    await remembered(
        hass,
        kitchen.entry_id,
        closed,
        *(
            command(number, SENT, TOOK, DONE, at=now + after)
            for number, after in ((101, -500), (102, 60))
        ),
    )

    answer = await act("export_history", **ALL)

    assert ids(answer) == [102, later, 1, 101]
    (open_one, _) = (row for row in answer["rows"] if row["command_id"] == later)
    assert open_one["ended_at"] is None


async def test_a_state_by_itself(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    await remembered(
        hass,
        kitchen.entry_id,
        command(1, SENT, DONE),
        command(2, SENT, FAILED, state=CommandState.FAILED),
    )

    assert ids(await act("export_history", state="failed", **ALL)) == [2]


async def test_a_node_and_a_kind_by_themselves(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    await remembered(
        hass,
        kitchen.entry_id,
        command(1, SENT, DONE, nodes=("1", "2")),
        command(2, SENT, DONE, kind="ping"),
    )

    of_second = await actions_of(hass, kitchen, "2")("export_history", **ALL)

    assert [(row["command_id"], row["node"]) for row in of_second["rows"]] == [(1, "2")]
    assert ids(await act("export_history", kind="ping", **ALL)) == [2]
    assert ids(await act("export_history", node="1", **ALL)) == [2, 1]


async def test_more_than_a_hundred_come_and_too_many_are_refused(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    act: Act,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "MOST_COMMANDS", 150)
    commands = [command(number, SENT, DONE) for number in range(1, 152)]
    await remembered(hass, kitchen.entry_id, *commands[:150])
    assert ids(await act("export_history", **ALL)) == [*range(150, 0, -1)]

    await remembered(hass, kitchen.entry_id, commands[150])

    with pytest.raises(ServiceValidationError) as refused:
        await act("export_history", **ALL)
    assert refused.value.translation_key == "export_too_long"
    assert refused.value.translation_placeholders == {"limit": "150"}


async def test_what_may_let_somebody_in_is_left_out(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    secret = command(1, SENT, DONE, kind="of_an_older_version")
    await remembered(hass, kitchen.entry_id, secret)

    (row,) = (await act("export_history", **ALL))["rows"]

    assert row["params"] == {"portions": HIDDEN}


async def test_without_a_history_there_is_what_is_at_hand(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    feed = (await act("feed", portions=1))["command_id"]
    await settled(hass, kitchen.runtime_data)

    assert ids(await act("export_history", days=1)) == [feed]
    assert ids(await act("export_history", until="2020-01-01")) == []
