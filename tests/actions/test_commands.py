"""The actions for commands that are there: look, take back, settle."""

from __future__ import annotations

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.history.asking import HistoryUnavailable
from custom_components.mqtt_dispatch.history.database import (
    HistoryDatabase,
    HistoryError,
)
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, actions_of, all_ready, disk_works_again
from ..conftest import Disk, SetUp
from ..figures.commands import DONE, FAILED, SENT, command
from ..figures.remembering import remembered, unreadable
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled
from ..others import GARDEN


async def test_commands_are_told_newest_first_with_their_timelines(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=2, idempotency_key="breakfast")
    await settled(hass, coordinator)
    await nodes.accept(1)
    await nodes.done(1)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await act("feed", portions=3)
    third, second, first = (await act("get_commands"))["commands"]
    assert [one["command_id"] for one in (third, second, first)] == [3, 2, 1]
    assert [one["state"] for one in (third, second, first)] == [
        "queued",
        "sent",
        "succeeded",
    ]
    assert third["waiting_for"] == [
        {
            "why": "behind",
            "node": None,
            "since": None,
            "until": None,
            "command_id": 2,
        }
    ]
    assert first["waiting_for"] == second["waiting_for"] == []
    assert first["params"]["portions"] == 2
    assert (first["class"], first["idempotency_key"]) == ("once", "breakfast")
    assert first["nodes"]["2"] == {"state": "done", "attempts": 1, "reason": ""}
    line = [
        (entry["state"], entry["cause"], entry["node"]) for entry in first["timeline"]
    ]
    assert line[0] == ("queued", "action", None)
    assert line[-1] == ("succeeded", "node", None)
    assert ("accepted", "node", "1") in line
    assert first["timeline"][0]["at"] == first["created_at"]
    assert first["created_at"].endswith("+00:00")
    json.dumps(first)


async def test_commands_can_be_chosen_by_id_state_and_number(act: Act) -> None:
    for _ in range(3):
        await act("feed", portions=1)
    await act("cancel_command", command_id=2)

    async def found(**fields: Any) -> list[int]:
        commands = (await act("get_commands", **fields))["commands"]
        return [command["command_id"] for command in commands]

    assert await found(command_id=2) == [2]
    assert await found(state="queued") == [3, 1]
    assert await found(state="cancelled") == [2]
    assert await found(state="queued", limit=1) == [3]
    assert await found(limit=2) == [3, 2]


@pytest.fixture
async def began(hass: HomeAssistant, coordinator: DispatchCoordinator) -> float:
    """350 commands stand in the database, ordered a second each after that moment.

    None of them is at hand.
    """
    began = dt_util.utcnow().timestamp() - 9000
    await remembered(
        hass,
        coordinator.config_entry.entry_id,
        *(command(number, SENT, DONE, at=began + number) for number in range(101, 449)),
        command(
            449,
            SENT,
            FAILED,
            state=CommandState.FAILED,
            nodes=("2",),
            at=began + 449,
        ),
        command(450, SENT, DONE, kind="ping", at=began + 450),
    )
    return began


def told_ids(answer: dict[str, Any]) -> list[int]:
    """Return the numbers of the commands of an answer, in their order."""
    return [one["command_id"] for one in answer["commands"]]


@pytest.mark.usefixtures("began")
async def test_commands_are_told_however_old_page_by_page(act: Act) -> None:
    await act("feed", portions=1)
    first = await act("get_commands", limit=150, since="2000-01-01")
    second = await act("get_commands", limit=1000, before=first["next"])

    assert len(first["commands"]) == 150
    every = [*told_ids(first), *told_ids(second)]
    assert every == [1, *range(450, 100, -1)]
    assert second["next"] is None
    assert first["only_at_hand"] is second["only_at_hand"] is False


@pytest.mark.usefixtures("began")
async def test_an_old_command_is_told_by_its_number(act: Act) -> None:
    answer = await act("get_commands", command_id=101)

    (told,) = answer["commands"]
    assert told["state"] == "succeeded"
    assert told["waiting_for"] == []
    assert [entry["state"] for entry in told["timeline"]] == [
        "queued",
        "sent",
        "done",
        "succeeded",
    ]
    assert answer["next"] is None
    for field in ("command_id", "before"):
        with pytest.raises(ServiceValidationError) as refused:
            await act("get_commands", **{field: 999})
        assert refused.value.translation_key == "unknown_command"


async def test_old_commands_can_be_chosen_by_what_they_are(
    act: Act, began: float
) -> None:
    async def found(**fields: Any) -> list[int]:
        return told_ids(await act("get_commands", **fields))

    def at(seconds: float) -> str:
        return dt_util.utc_from_timestamp(began + seconds).isoformat()

    assert await found(state="failed") == [449]
    assert await found(kind="ping") == [450]
    assert await found(node="2") == [449]
    assert await found(since=at(448), until=at(450)) == [449, 448]
    assert await found(command_id=450, state="failed") == []


@pytest.mark.usefixtures("began")
async def test_what_is_at_hand_is_told_as_such_where_the_database_cannot_be_read(
    hass: HomeAssistant, act: Act
) -> None:
    await act("feed", portions=1)
    await unreadable(hass)

    answer = await act("get_commands")
    assert told_ids(answer) == [1]
    assert answer["only_at_hand"] is True

    at_hand = await act("get_commands", command_id=1)
    assert at_hand["only_at_hand"] is False
    with pytest.raises(HistoryUnavailable):
        await act("get_commands", command_id=101)


async def test_what_was_not_sent_can_be_taken_back(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await act("feed", portions=1)
    answer = await act("cancel_command", command_id=1)
    assert answer == {"command_id": 1, "state": "cancelled"}
    await hass.config_entries.async_reload(kitchen.entry_id)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert nodes.sent("1") == []
    with pytest.raises(ServiceValidationError) as refused:
        await act("cancel_command", command_id=1)
    assert refused.value.translation_key == "already_cancelled"


async def test_what_was_sent_cannot_be_taken_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    with pytest.raises(ServiceValidationError) as refused:
        await act("cancel_command", command_id=1)
    assert refused.value.translation_key == "already_sent"


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
async def test_a_person_settles_what_is_in_doubt(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
    outcome: str,
    in_doubt: int,
) -> None:
    answer = await act("resolve_command", command_id=in_doubt, outcome=outcome)
    assert answer == {"command_id": in_doubt, "state": outcome}
    await hass.config_entries.async_reload(kitchen.entry_id)
    (told,) = (await act("get_commands", command_id=in_doubt))["commands"]
    assert told["state"] == outcome
    assert len(nodes.sent("1")) == 1


async def test_a_person_has_it_sent_again(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    in_doubt: int,
) -> None:
    await act("resolve_command", command_id=in_doubt, outcome="resend")
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert [message["queue_id"] for message in nodes.sent("1")] == [in_doubt] * 2
    await nodes.done(in_doubt)
    await settled(hass, coordinator)
    (told,) = (await act("get_commands", command_id=in_doubt))["commands"]
    assert told["state"] == "succeeded"


async def test_what_is_not_in_doubt_cannot_be_settled(act: Act) -> None:
    await act("feed", portions=1)
    with pytest.raises(ServiceValidationError) as refused:
        await act("resolve_command", command_id=1, outcome="succeeded")
    assert refused.value.translation_key == "not_unconfirmed"


async def test_a_resend_that_cannot_be_stored_is_not_sent_later_either(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
    in_doubt: int,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("resolve_command", command_id=in_doubt, outcome="resend")
    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert coordinator.engine.conditions.storage_ok
    assert len(nodes.sent("1")) == 1
    command = coordinator.engine.ledger.open[in_doubt]
    assert command.state is CommandState.UNCONFIRMED


async def test_a_settlement_that_cannot_be_stored_yet_is_kept_and_stored_later(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
    disk_full: Disk,
    in_doubt: int,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("resolve_command", command_id=in_doubt, outcome="succeeded")
    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    stored, _ = await coordinator.store.async_load()
    states = {command.id: command.state for command in stored.commands}
    assert states[in_doubt] is CommandState.SUCCEEDED


@pytest.mark.usefixtures("began")
async def test_an_answer_of_which_a_page_could_not_be_read_says_so(
    act: Act, coordinator: DispatchCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {number: command(number, SENT, DONE) for number in range(101, 301)}
    coordinator.engine.ledger.closed.update(many)
    read, refused = HistoryDatabase.async_read, iter((True,))

    async def once_refused(database: HistoryDatabase, *args: Any, **more: Any) -> Any:
        if next(refused, False):
            raise HistoryError("not now")
        return await read(database, *args, **more)

    monkeypatch.setattr(HistoryDatabase, "async_read", once_refused)
    answer = await act("get_commands", limit=150)

    assert len(answer["commands"]) == 150
    assert answer["only_at_hand"] is True


async def test_no_password_of_an_address_is_told(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry: Any = await set_up(**GARDEN)
    act = actions_of(hass, entry)
    await act(
        "send_command",
        kind="update_firmware",
        params={"url": "https://anna:secret@example.org/cam.bin?key=secret"},
    )

    (told,) = (await act("get_commands"))["commands"]

    assert told["params"] == {"url": "https://example.org/cam.bin"}
