"""A file of an older minor version is brought up to date, and only when written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import CoreState, HomeAssistant
import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    snapshot_as_json,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    MealDate,
)
from custom_components.mqtt_dispatch.engine.model.pause import Pause
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.storage import store as store_module
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION, Step
from custom_components.mqtt_dispatch.storage.store import StationStore, StorageUnusable
from tests.engine.driver import DAY, HOUR, Driver, a_station

from .samples import (
    ENTRY_ID,
    FULL,
    HISTORY_KEY,
    STATION_KEY,
    closed,
    command,
    files,
)


def rename(old: str, new: str) -> Step:
    """Return a step after which a part of the data has another name."""

    def step(data: dict[str, Any]) -> dict[str, Any]:
        others = {key: value for key, value in data.items() if key != old}
        return {**others, new: data[old]}

    return step


STATION_STEPS = (
    rename("jobs", "tasks"),
    rename("tasks", "orders"),
    rename("orders", "wishes"),
    rename("wishes", "deeds"),
    rename("deeds", "acts"),
    rename("acts", "feats"),
    rename("feats", "steps"),
    rename("steps", "commands"),
)
HISTORY_STEPS = (rename("past", "commands"),)


@pytest.fixture
def older(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files as the first of nine minor versions, or of two, wrote them."""
    monkeypatch.setattr(store_module, "STATION", replace(STATION, steps=STATION_STEPS))
    monkeypatch.setattr(store_module, "HISTORY", replace(HISTORY, steps=HISTORY_STEPS))
    data = rename("commands", "jobs")(snapshot_as_json(FULL))
    put(storage, STATION_KEY, 1, data)
    data = rename("commands", "past")(HISTORY.as_json(tuple(closed(2))))
    put(storage, HISTORY_KEY, 1, data)


def put(storage: Path, key: str, minor_version: int, data: dict[str, Any]) -> None:
    envelope = {
        "version": 1,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    (storage / key).write_text(json.dumps(envelope))


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def seventh(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return commands as the seventh version wrote them: nothing was remembered."""
    return [
        command
        | {
            "deliveries": [
                without(delivery, "remembered") for delivery in command["deliveries"]
            ]
        }
        for command in commands
    ]


def before_sixth(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return commands as versions wrote them in which keys alone named their meals."""
    names = ("meal", "not_before", "taken_off")
    return [without(command, *names) for command in seventh(commands)]


def second(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return commands as the second version wrote them: each one message a node."""
    return [
        command
        | {
            "deliveries": [
                without(delivery, "steps", "step", "ended")
                for delivery in command["deliveries"]
            ]
        }
        for command in before_sixth(commands)
    ]


def as_fifth(data: dict[str, Any]) -> dict[str, Any]:
    """Return a station as the fifth version wrote it: its meals had a time a week."""
    return without(data, "overdue", "plan_pause", "water") | {
        "commands": before_sixth(data["commands"]),
        "meals": [
            {
                **{name: meal[name] for name in ("id", "name", "params", "enabled")},
                **{name: meal["rule"][name] for name in ("time", "weekdays")},
                **{name: meal[name] for name in ("begins", "nodes")},
            }
            for meal in data["meals"]
            # None went by the sun.
            if meal["rule"]["time"]
        ],
    }


def as_fourth(data: dict[str, Any]) -> dict[str, Any]:
    """Return a station as the fourth version wrote it: its pauses had no end."""
    data = as_fifth(data)
    return without(data, "pause") | {"dispatching": data["pause"] is None}


def as_third(data: dict[str, Any], handled: str = "") -> dict[str, Any]:
    """Return a station as the third version wrote it: its meals have marks."""
    data = as_fourth(data)
    new = ("chosen", "occurrences", "believed_at", "unsure_below")
    return without(data, *new) | {
        "meals": [
            without(meal, "begins") | {"handled": handled} for meal in data["meals"]
        ],
    }


def as_second(data: dict[str, Any]) -> dict[str, Any]:
    """Return a station as the second version wrote it."""
    commands, data = data["commands"], as_third(data)
    return without(data, "dispensed") | {
        "commands": second(commands),
        "meals": [without(meal, "nodes") for meal in data["meals"]],
    }


def since_seventh(stored: Snapshot) -> Snapshot:
    """Return a station as it is without what the seventh version did not keep."""
    return replace(
        stored,
        commands=tuple(
            replace(
                command,
                deliveries=tuple(
                    replace(delivery, remembered={}) for delivery in command.deliveries
                ),
            )
            for command in stored.commands
        ),
    )


def since_fifth(stored: Snapshot) -> Snapshot:
    """Return a station as it is without what the fifth version did not keep."""
    stored = since_seventh(stored)
    return replace(
        stored,
        commands=tuple(
            replace(command, meal=None, not_before=None, taken_off=None)
            for command in stored.commands
        ),
        meals=tuple(
            new_meal(
                meal_id=meal.id,
                name=meal.name,
                rule=new_rule(time=meal.rule.time, weekdays=meal.rule.weekdays),
                params=meal.params,
                enabled=meal.enabled,
                begins=meal.begins,
                nodes=meal.nodes,
            )
            for meal in stored.meals
            if meal.rule.time
        ),
        overdue=(),
        plan_pause=None,
        water=(),
    )


def since_third(stored: Snapshot) -> Snapshot:
    """Return a station as it is without what the third version did not keep."""
    stored = since_fifth(stored)
    return replace(
        stored,
        pause=None if stored.pause is None else Pause(),
        chosen=(),
        unsure_below=None,
        meals=tuple(replace(meal, begins=None) for meal in stored.meals),
        occurrences=(),
        believed_at=stored.feeds[0].at,
    )


def since_second(stored: Snapshot) -> Snapshot:
    """Return a station as it is without what the second version did not keep."""
    stored = since_third(replace(stored, dispensed=()))
    return replace(
        stored,
        commands=tuple(
            replace(
                command,
                deliveries=tuple(
                    replace(delivery, steps=1, step=0, ended=())
                    for delivery in command.deliveries
                ),
            )
            for command in stored.commands
        ),
        meals=tuple(replace(meal, nodes=()) for meal in stored.meals),
    )


def minor_version(storage: Path, key: str) -> int:
    version: int = json.loads((storage / key).read_bytes())["minor_version"]
    return version


@pytest.mark.usefixtures("older")
async def test_each_step_from_the_version_found_is_taken_in_order(
    core: HomeAssistant,
) -> None:
    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (FULL, closed(2))


async def test_files_of_the_first_version_are_understood(
    core: HomeAssistant, storage: Path
) -> None:
    def first(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [without(command, "finishes") for command in second(commands)]

    commands = tuple(replace(command, finishes=None) for command in FULL.commands)
    stored = since_second(
        replace(FULL, in_backup=False, restored_at=None, commands=commands)
    )
    data = without(as_second(snapshot_as_json(stored)), "in_backup", "restored_at")
    data["commands"] = first(data["commands"])
    put(storage, STATION_KEY, 1, data)
    history = HISTORY.as_json(tuple(closed(2)))
    put(storage, HISTORY_KEY, 1, {"commands": first(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (stored, closed(2))


async def test_files_of_the_second_version_are_understood(
    core: HomeAssistant, storage: Path
) -> None:
    stored = since_second(FULL)
    put(storage, STATION_KEY, 2, as_second(snapshot_as_json(stored)))
    history = HISTORY.as_json(tuple(closed(2)))
    put(storage, HISTORY_KEY, 2, {"commands": second(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (stored, closed(2))


async def test_a_station_of_the_third_version_is_understood(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 3, as_third(snapshot_as_json(FULL)))

    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == since_third(FULL)


@pytest.mark.parametrize("pause", [None, Pause()])
async def test_a_station_of_the_fourth_version_is_understood(
    core: HomeAssistant, storage: Path, pause: Pause | None
) -> None:
    stored = replace(FULL, pause=pause)
    put(storage, STATION_KEY, 4, as_fourth(snapshot_as_json(stored)))
    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == since_fifth(stored)


async def test_a_station_of_the_fifth_version_is_understood(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 5, as_fifth(snapshot_as_json(FULL)))
    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == since_fifth(FULL)


async def test_a_station_of_the_sixth_version_is_understood(
    core: HomeAssistant, storage: Path
) -> None:
    data = without(snapshot_as_json(FULL), "water")
    data["commands"] = seventh(data["commands"])
    put(storage, STATION_KEY, 6, data)
    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == since_seventh(replace(FULL, water=()))


async def test_files_of_the_seventh_version_are_understood(
    core: HomeAssistant, storage: Path
) -> None:
    data = snapshot_as_json(FULL)
    data["commands"] = seventh(data["commands"])
    put(storage, STATION_KEY, 7, data)
    history = HISTORY.as_json(tuple(closed(2)))
    put(storage, HISTORY_KEY, 4, {"commands": seventh(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (since_seventh(FULL), closed(2))


def fed(key: str | None, cause: Cause, meal: MealDate | None) -> Command:
    """Return a command of a meal, or one whose key only looks so."""
    fed = command(6)
    queued, *later = fed.timeline
    return replace(
        fed,
        idempotency_key=key,
        meal=meal,
        timeline=(replace(queued, cause=cause), *later),
    )


@pytest.mark.parametrize(
    "of_meal",
    [
        fed(
            "meal:7:2026-06-02T05:01",
            Cause.MEAL,
            MealDate("7", "2026-06-02T05:01"),
        ),
        fed(
            "meal:7:2026-06-02T05:01:node 2",
            Cause.MEAL,
            MealDate("7", "2026-06-02T05:01"),
        ),
        fed("meal:7:2026-06-02T05:01", Cause.ACTION, None),
        fed("breakfast", Cause.MEAL, None),
        fed(None, Cause.MEAL, None),
    ],
)
async def test_keys_named_the_dates_of_meals_before_the_sixth_version(
    core: HomeAssistant, storage: Path, of_meal: Command
) -> None:
    ended = replace(of_meal, id=5, state=CommandState.SUCCEEDED)
    data = as_fifth(snapshot_as_json(Snapshot(next_id=7, commands=(of_meal,))))
    put(storage, STATION_KEY, 5, data)
    history = HISTORY.as_json((ended,))
    put(storage, HISTORY_KEY, 3, {"commands": before_sixth(history["commands"])})

    loaded = await StationStore(core, ENTRY_ID).async_load()
    assert loaded == (Snapshot(next_id=7, commands=(of_meal,)), [ended])


@pytest.mark.parametrize(
    ("params", "kind"),
    [({"valve": 0, "duration": 90}, "open_valve"), ({"portions": 2}, "feed")],
)
async def test_what_a_meal_of_the_fifth_version_did_is_its_kind(
    core: HomeAssistant, storage: Path, params: dict[str, int], kind: str
) -> None:
    data = as_fifth(snapshot_as_json(FULL))
    data["meals"][0]["params"] = params
    put(storage, STATION_KEY, 5, data)
    loaded, _ = await StationStore(core, ENTRY_ID).async_load()
    assert [(meal.kind, meal.params) for meal in loaded.meals] == [(kind, params)]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize(
    "mark_away_missed",
    [
        ("2026-07-20T07:30", HOUR, []),
        ("2026-07-20T07:29", HOUR, ["2026-07-20T07:30"]),
        ("2026-07-19T12:00", HOUR, ["2026-07-20T07:30"]),
        (
            "2026-07-20T12:00",
            3 * DAY,
            ["2026-07-21T07:30", "2026-07-22T07:30"],
        ),
        ("0001-01-01T00:00", HOUR, []),
        ("9999-12-31T23:59", HOUR, []),
    ],
)
async def test_what_a_mark_of_the_third_version_said_was_dealt_with_stays_so(
    core: HomeAssistant, storage: Path, zone: str, mark_away_missed: Any
) -> None:
    """The files say nothing of the zone; the station does, when it goes on."""
    mark, away, missed = mark_away_missed
    there = ZoneInfo(zone)
    daily = replace(
        FULL.meals[0],
        rule=replace(FULL.meals[0].rule, weekdays=frozenset(WEEKDAYS)),
        enabled=True,
    )
    stored = Snapshot(meals=(daily,))
    put(storage, STATION_KEY, 3, as_third(snapshot_as_json(stored), mark))
    loaded, _ = await StationStore(core, ENTRY_ID).async_load()

    marked = datetime.fromisoformat("2026-07-20T07:30").replace(tzinfo=there)
    driver = Driver(
        replace(a_station(), zone=there), stored=loaded, wall=marked.timestamp() + away
    )
    told = [
        (command.idempotency_key or "").removeprefix("meal:breakfast:")
        for command in driver.engine.ledger.closed.values()
    ]
    assert told == missed


@pytest.mark.usefixtures("older")
async def test_a_step_that_was_taken_before_is_not_taken_again(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 3, rename("commands", "orders")(snapshot_as_json(FULL)))
    assert (await StationStore(core, ENTRY_ID).async_load())[0] == FULL


@pytest.mark.usefixtures("older")
async def test_the_old_file_stays_until_a_commit(
    core: HomeAssistant, storage: Path
) -> None:
    before = files(storage)
    del before[HISTORY_KEY]
    await StationStore(core, ENTRY_ID).async_load()
    core.set_state(CoreState.stopping)
    await StationStore(core, ENTRY_ID).async_load()
    await core.async_stop(force=True)
    assert files(storage) == before


@pytest.mark.usefixtures("older")
async def test_a_commit_writes_the_newest_version(
    core: HomeAssistant, storage: Path
) -> None:
    store = StationStore(core, ENTRY_ID)
    snapshot, history = await store.async_load()
    await store.async_commit(snapshot)
    assert minor_version(storage, STATION_KEY) == 9
    assert history == closed(2)
    assert await StationStore(core, ENTRY_ID).async_load() == (FULL, closed(2))


@pytest.mark.usefixtures("older")
async def test_an_older_version_refuses_what_a_migrated_one_wrote(
    core: HomeAssistant, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = StationStore(core, ENTRY_ID)
    snapshot, _ = await store.async_load()
    await store.async_commit(snapshot)
    monkeypatch.undo()
    with pytest.raises(StorageUnusable) as refusal:
        await StationStore(core, ENTRY_ID).async_load()
    assert refusal.value.reason == "newer"
    assert minor_version(storage, STATION_KEY) == 9


@pytest.mark.usefixtures("older")
async def test_what_migrates_to_nothing_sensible_is_corrupt_and_stays(
    core: HomeAssistant, storage: Path
) -> None:
    put(storage, STATION_KEY, 1, {"jobs": []})
    before = (storage / STATION_KEY).read_bytes()
    with pytest.raises(StorageUnusable) as refusal:
        await StationStore(core, ENTRY_ID).async_load()
    assert refusal.value.reason == "corrupt"
    assert (storage / STATION_KEY).read_bytes() == before
