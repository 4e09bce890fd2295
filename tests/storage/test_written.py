"""Files that earlier versions really wrote, and what becomes of them with this one.

Those in `written/` were left by the code of their time, run by the lives in `lives.py`:
version 1 by commit df5a697, 2 by c039ae5, 3 by 67bb593, 4 by 35c286e (which paused by
the switch: it had no action for that), 5 by f3329db, 6 by 53e5644, 7 by 158d765. Before
a new version is left, `test_this_version_writes_what_is_kept_or_is_another` is run with
`--basetemp` and `-o tmp_path_retention_policy=all`, and what it left is kept beside
them; of a database, what `iterdump` says of it, with its version.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
import json
from pathlib import Path
import sqlite3
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.mqtt_dispatch.engine.model.clock import first_id
from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import ConfirmRestore
from custom_components.mqtt_dispatch.runtime import driver
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION
from custom_components.mqtt_dispatch.storage.store import StationStore
from tests.calls import actions_of
from tests.conftest import SetUp
from tests.nodes import Nodes
from tests.nonempty import some
from tests.others import Feeder, Greenhouse, Hub
from tests.repairing import keys

from .lives import BEGIN, LIVES, WRITTEN, Stage, live
from .samples import DATABASE, ENTRY_ID, HISTORY_KEY, STATION_KEY

HISTORY_FILE, DUMP = "history.json", "history.sql"
FILES = {STATION_KEY: "station.json", HISTORY_KEY: HISTORY_FILE}
ALL = sorted((int(path.parent.name), path.name) for path in WRITTEN.glob("*/*"))
"""Minor version and life."""
PUT_BACK = ("paired_dispenser_put_back", "paired_dispenser_in_backup")
PAUSED, CONFIRMED = "paired_dispenser_paused", "petnet_put_back"
GOING_ON = [
    (minor, name) for minor, name in ALL if name not in (*PUT_BACK, PAUSED, CONFIRMED)
]


@pytest.fixture(autouse=True)
def _ids_by_the_clock(_ids_from_one: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count commands as Home Assistant does."""
    monkeypatch.setattr(f"{driver.__name__}.first_id", first_id)


def data_in(folder: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / name).read_bytes())
    return data


def history_in(folder: Path) -> list[dict[str, Any]]:
    """Return the commands of the history that a life left, in a file or a database."""
    if (folder / HISTORY_FILE).exists():
        commands: list[dict[str, Any]] = data_in(folder, HISTORY_FILE)["data"][
            "commands"
        ]
        return commands
    if not (folder / DUMP).exists():
        return []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((folder / DUMP).read_text(encoding="utf-8"))
        rows = connection.execute("SELECT command FROM commands ORDER BY id")
        return [json.loads(content) for (content,) in rows]


def put_back(hass: HomeAssistant, minor: int, name: str) -> None:
    """Put the files of a life where Home Assistant looks for them."""
    dump = WRITTEN / str(minor) / name / DUMP
    if dump.exists():
        database = Path(hass.config.path(STORAGE_DIR, DATABASE))
        database.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(dump.read_text(encoding="utf-8"))
    for key, file in FILES.items():
        source = WRITTEN / str(minor) / name / file
        if source.exists():
            target = Path(hass.config.path(STORAGE_DIR, key))
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(source.read_bytes())


def is_in(old: Any, new: Any) -> bool:
    """Whether all that an older version wrote is there, as it was."""
    match old:
        case dict():
            return all(key in new and is_in(old[key], new[key]) for key in old)
        case list():
            return len(old) == len(new) and all(map(is_in, old, new))
        case _:
            return bool(old == new)


def names_in(data: Any, within: str = "") -> Iterator[str]:
    """Yield the names of all fields, but for those of params: protocols choose them."""
    for item in data if isinstance(data, list) else ():
        yield from names_in(item, f"{within}[]")
    for name, value in data.items() if isinstance(data, dict) else ():
        yield f"{within}.{name}"
        if name != "params":
            yield from names_in(value, f"{within}.{name}")


def test_of_each_earlier_version_there_are_files() -> None:
    kept = {minor for minor, _ in ALL}
    assert kept | {STATION.minor_version} == {*range(1, STATION.minor_version + 1)}
    assert {name for minor, name in ALL if minor == max(kept)} == {*LIVES}


def test_they_hold_something_of_everything() -> None:
    newest = max(minor for minor, _ in ALL)
    kept = [
        data_in(WRITTEN / str(minor) / name, "station.json")["data"]
        for minor, name in ALL
        if minor == newest
    ]
    states = {command["state"] for data in kept for command in data["commands"]}
    assert {"queued", "sent", "accepted", "unconfirmed", "cancelled"} <= states
    for name in some(kept[0]):
        assert any(data[name] for data in kept), name


@pytest.mark.parametrize("name", LIVES)
async def test_this_version_writes_what_is_kept_or_is_another(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
    name: str,
) -> None:
    stage = await live(name, hass, freezer, set_up, mqtt_mock)
    written = Path(hass.config.path(STORAGE_DIR))
    kept = WRITTEN / str(max(minor for minor, _ in ALL)) / name
    files = [(STATION_KEY, FILES[STATION_KEY])]
    for key, file in some(files):
        present, then = data_in(written, key), data_in(kept, file)
        is_another = {*names_in(present)} != {*names_in(then)}
        assert is_another is (present["minor_version"] != then["minor_version"])
    left = {written / key: (written / key).read_bytes() for key, _ in files}
    await hass.config_entries.async_unload(stage.entry.entry_id)
    for path, content in left.items():
        # Its end takes away that a backup is made.
        path.write_bytes(content)


@pytest.mark.parametrize(("minor", "name"), ALL)
async def test_all_that_was_written_is_still_there(
    hass: HomeAssistant, minor: int, name: str
) -> None:
    put_back(hass, minor, name)
    snapshot, history = await StationStore(hass, ENTRY_ID).async_load()
    folder = WRITTEN / str(minor) / name
    assert is_in(history_in(folder), HISTORY.as_json(tuple(history))["commands"])
    then, present = data_in(folder, "station.json"), STATION.as_json(snapshot)
    assert then["minor_version"] <= minor
    marks = {
        meal["id"]: meal.pop("handled")
        for meal in then["data"].get("meals", ())
        if "handled" in meal
    }
    dispatching = then["data"].pop("dispatching", None)
    assert dispatching in (None, present.get("pause") is None)
    for meal in then["data"].get("meals", ()):
        if "rule" not in meal:
            names = ("time", "weekdays")
            meal["rule"] = {name: meal.pop(name) for name in names}
    assert is_in(then["data"], present)
    told = {one.meal_id: one.nominal for one in reversed(snapshot.occurrences)}
    assert all(told[meal_id] <= mark for meal_id, mark in marks.items() if mark)
    assert snapshot.commands


@dataclass(frozen=True)
class Node:
    """How the nodes of a life are heard, and what they are told of what was queued."""

    wake: Callable[[Stage], Awaitable[None]]
    told: Callable[[Stage], list[str]]
    """All commands that were published, as on the wire."""
    first: Callable[[Command], list[str]]
    """What tells the nodes of the command that was queued."""


def _published(stage: Stage, part: str) -> list[str]:
    return [
        call.args[1]
        for call in stage.mqtt.async_publish.call_args_list
        if part in call.args[0]
    ]


async def _hear_dispensers(stage: Stage) -> None:
    await Nodes(stage.hass, stage.mqtt).ready()


async def _hear_hub(stage: Stage) -> None:
    hub = Hub(stage.hass, stage.mqtt)
    await hub.list_nodes()
    await hub.say("QUEUE 1 1", "UPDATE 1 SET_SCHEDULE 1", "QUEUE 2 0")


async def _hear_greenhouse(stage: Stage) -> None:
    node = Greenhouse(stage.hass, stage.mqtt)
    await node.say("heartbeat", {"uptime": 900})


async def _hear_feeders(stage: Stage) -> None:
    await Feeder(stage.hass, stage.mqtt).say("sensor", f__voltage=5010)


DISPENSERS = Node(
    wake=_hear_dispensers,
    told=lambda stage: [
        f"{json.loads(message)['queue_id']}" for message in _published(stage, "/cmd/")
    ],
    first=lambda command: [str(command.id)] * 2,
)
NODES = {
    "paired_dispenser": DISPENSERS,
    "valve_hub": Node(
        wake=_hear_hub,
        told=lambda stage: Hub(stage.hass, stage.mqtt).sent(),
        first=lambda _: ["SEND_ACTUATOR 1 1 1 0 30"],
    ),
    "greenhouse": Node(
        wake=_hear_greenhouse,
        told=lambda stage: [
            json.loads(message)["cmd_id"] for message in _published(stage, "/command")
        ],
        # It leaves its safe mode first.
        first=lambda command: [f"md-{command.id}-x", f"md-{command.id}"],
    ),
    "petnet": Node(
        wake=_hear_feeders,
        told=lambda stage: [name for name, _ in Feeder(stage.hass, stage.mqtt).sent()],
        first=lambda _: ["feed"],
    ),
}


@pytest.fixture
async def stage(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
    minor: int,
    name: str,
) -> Stage:
    """A life that goes on: its station with its files, minutes after they were written.

    Minor version and life are parameters of the test.
    """
    freezer.move_to(BEGIN + timedelta(minutes=8))
    put_back(hass, minor, name)
    station, _ = LIVES[name]
    return Stage(hass, freezer, mqtt_mock, await set_up(entry_id=ENTRY_ID, **station))


def among(stage: Stage, state: CommandState) -> list[Command]:
    """Return the open commands in a state."""
    open_ones = stage.entry.runtime_data.engine.ledger.open.values()
    return [command for command in open_ones if command.state is state]


def find(stage: Stage, command: Command) -> Command:
    found = stage.entry.runtime_data.engine.ledger.find(command.id)
    assert found is not None, f"command {command.id} has vanished"
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(("minor", "name"), ALL)
async def test_what_was_ordered_is_replaced_as_if_it_were_ordered_today(
    stage: Stage,
) -> None:
    coordinator = stage.entry.runtime_data
    ledger, kinds = coordinator.engine.ledger, coordinator.protocol.kinds
    for command in some((*ledger.open.values(), *ledger.closed.values())):
        assert command.key == kinds[command.kind].key(command.params)


@pytest.mark.parametrize(("minor", "name"), GOING_ON)
async def test_what_waited_is_sent_once_and_what_may_have_been_done_is_not(
    stage: Stage, name: str
) -> None:
    node = NODES[name]
    (doubtful,) = among(stage, CommandState.UNCONFIRMED)
    (queued,) = among(stage, CommandState.QUEUED)
    under_way = [
        command
        for state in (CommandState.SENT, CommandState.ACCEPTED)
        for command in among(stage, state)
    ]
    assert under_way
    assert node.told(stage) == []
    assert keys(stage.hass) == ["unconfirmed"]

    for _ in range(12):
        await node.wake(stage)
        await stage.wait(10)
    assert find(stage, doubtful).state is CommandState.UNCONFIRMED
    assert find(stage, queued).state is CommandState.QUEUED
    for command in under_way:
        if command.command_class is CommandClass.ONCE:
            assert find(stage, command).state in (
                CommandState.ACCEPTED,
                CommandState.UNCONFIRMED,
                CommandState.SUCCEEDED,
            )
    told_before = node.told(stage)

    act = actions_of(stage.hass, stage.entry)
    await act("resolve_command", command_id=doubtful.id, outcome="succeeded")
    await node.wake(stage)
    await stage.wait(2)
    assert find(stage, doubtful).state is CommandState.SUCCEEDED
    assert find(stage, queued).state is CommandState.SENT
    assert (told_before, node.told(stage)) == ([], node.first(queued))


@pytest.mark.parametrize(("minor", "name"), ALL)
async def test_ids_go_on_above_and_a_key_still_stands_for_its_first_command(
    stage: Stage, minor: int, name: str
) -> None:
    folder = WRITTEN / str(minor) / name
    written = data_in(folder, "station.json")["data"]
    if name in NODES:
        await NODES[name].wake(stage)
    commands = [*written["commands"], *history_in(folder)]
    by_key = {command["idempotency_key"]: command for command in commands}
    (first, *_) = (used["key"] for used in written["keys"])
    for used in written["keys"]:
        command = by_key[used["key"]]
        again = await stage.order(
            command["kind"],
            *_node_of(stage, command),
            key=used["key"],
            **command["params"],
        )
        assert again == used["command_id"] == command["id"]

    command = by_key[first]
    new = await stage.order(
        command["kind"], *_node_of(stage, command), key="new", **command["params"]
    )
    assert new >= written["next_id"]
    assert new > max(command["id"] for command in commands)


def _node_of(stage: Stage, command: dict[str, Any]) -> list[str]:
    nodes = [delivery["node"] for delivery in command["deliveries"]]
    everywhere = stage.entry.runtime_data.engine.station.nodes
    return [] if nodes == [*everywhere] else nodes


@pytest.mark.parametrize(
    ("minor", "name"), [(minor, name) for minor, name in ALL if name in PUT_BACK]
)
async def test_what_was_put_back_waits_until_a_person_confirms(stage: Stage) -> None:
    waiting = [command.id for command in among(stage, CommandState.QUEUED)]
    assert keys(stage.hass) == ["restored"]
    for _ in range(12):
        await DISPENSERS.wake(stage)
        await stage.wait(1)
    assert DISPENSERS.told(stage) == []
    assert [command.id for command in among(stage, CommandState.QUEUED)] == waiting

    stage.entry.runtime_data.handle(ConfirmRestore(keep=True))
    await stage.settle()
    feed, *others = waiting
    assert DISPENSERS.told(stage) == [str(feed)] * 2

    nodes = Nodes(stage.hass, stage.mqtt)
    await nodes.accept(feed)
    await nodes.done(feed)
    for _ in range(5):
        await stage.wait(4)
        await DISPENSERS.wake(stage)
    assert DISPENSERS.told(stage)[2:] == [str(other) for other in others]
    assert keys(stage.hass) == []


@pytest.mark.parametrize(
    ("minor", "name"), [(minor, name) for minor, name in ALL if name == PAUSED]
)
async def test_what_was_paused_waits_until_somebody_resumes(stage: Stage) -> None:
    waiting, *_ = among(stage, CommandState.QUEUED)
    for _ in range(12):
        await DISPENSERS.wake(stage)
        await stage.wait(1)
    assert DISPENSERS.told(stage) == []

    await actions_of(stage.hass, stage.entry)("resume")
    await stage.settle()
    assert DISPENSERS.told(stage) == [str(waiting.id)] * 2


@pytest.mark.parametrize(
    ("minor", "name"), [(minor, name) for minor, name in ALL if name == CONFIRMED]
)
async def test_plans_that_had_no_room_after_a_restore_are_ordered_now(
    stage: Stage,
) -> None:
    ledger = stage.entry.runtime_data.engine.ledger
    before = [command for command in ledger.closed.values() if command.state.final]
    (plan,) = (command for command in before if command.kind == "set_schedule")
    (again,) = (one for one in ledger.open.values() if one.kind == "set_schedule")
    assert again.params == plan.params
    assert ledger.unsure_below is None


@pytest.mark.parametrize(("minor", "name"), GOING_ON)
async def test_meals_and_what_was_counted_go_on(
    stage: Stage, minor: int, name: str
) -> None:
    kept = data_in(WRITTEN / str(minor) / name, "station.json")["data"]
    counted = sum(feed["portions"] for feed in kept["feeds"])
    dispensed = [report["started_at"] for report in kept.get("dispensed", ())]
    seen = stage.entry.runtime_data.data
    told = await actions_of(stage.hass, stage.entry)("get_schedule")

    assert seen.portions_today == counted
    assert [meal["meal_id"] for meal in told["meals"]] == [
        meal["id"] for meal in kept["meals"]
    ]
    assert [
        node.last_fed for node in seen.nodes.values() if node.last_fed is not None
    ] == dispensed
