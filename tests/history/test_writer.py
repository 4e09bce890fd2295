"""What is written to the history: all of it or nothing, once, and not for ever."""

from __future__ import annotations

from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import Became, Settled
from custom_components.mqtt_dispatch.engine.model.past import Outcome, Past
from custom_components.mqtt_dispatch.engine.model.reports import Dispensed
from custom_components.mqtt_dispatch.history.reader import Filters, each, one
from custom_components.mqtt_dispatch.history.schema import connect
from custom_components.mqtt_dispatch.history.writer import (
    STEP,
    checkpoint,
    purge,
    write,
)

from .ended import BEGAN, GARDEN, KITCHEN, ended

BREAKFAST = Outcome(Settled("breakfast", "2026-09-20T07:30", 1), Became.FED)
AT_NODE = Outcome(Settled("breakfast", "2026-09-20T07:30", None, "2"), Became.MISSED)
DISPENSED = Dispensed(
    node="2", started_at=BEGAN, planned=True, grams=12.5, reason="jammed"
)
TABLES = ("commands", "deliveries", "occurrences", "dispensed")


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """Return all that stands in a table."""
    return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608


def counts(connection: sqlite3.Connection) -> list[int]:
    """Return how many rows each table has."""
    return [len(rows(connection, table)) for table in TABLES]


def test_a_command_is_read_as_it_was_written(connection: sqlite3.Connection) -> None:
    command = ended(1)
    write(connection, KITCHEN, Past(commands=(command,)))

    assert one(connection, KITCHEN, 1) == command


def test_columns_say_what_is_asked_for_often(connection: sqlite3.Connection) -> None:
    write(connection, KITCHEN, Past(commands=(ended(1, nodes=("2",)),)))

    at = BEGAN + 1
    assert rows(connection, "commands")[0][:7] == (
        *(KITCHEN, 1, "feed", "succeeded"),
        *(at, at + 60, at + 90),
    )
    assert rows(connection, "deliveries") == [
        (
            *(KITCHEN, 1, "2", "feed", "succeeded", at),
            *("done", 2, at + 10, at + 20, at + 90),
        )
    ]


def test_what_is_written_twice_is_there_once(connection: sqlite3.Connection) -> None:
    past = Past(
        commands=(ended(1), ended(2)),
        outcomes=(BREAKFAST, AT_NODE),
        dispensed=(DISPENSED,),
    )
    write(connection, KITCHEN, past)
    before = [rows(connection, table) for table in TABLES]
    write(connection, KITCHEN, past)

    assert [rows(connection, table) for table in TABLES] == before
    assert counts(connection) == [2, 4, 2, 1]


def test_what_became_of_a_date_is_what_was_written_last(
    connection: sqlite3.Connection,
) -> None:
    moved = Outcome(Settled("breakfast", "2026-09-20T08:00", 7), Became.FAILED)
    write(connection, KITCHEN, Past(outcomes=(BREAKFAST,)))
    write(connection, KITCHEN, Past(outcomes=(moved,)))

    assert rows(connection, "occurrences") == [
        (KITCHEN, "breakfast", "2026-09-20", "", "2026-09-20T08:00", 7, "failed")
    ]


def test_of_a_batch_that_fails_nothing_is_there(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("DROP TABLE dispensed")
    with pytest.raises(sqlite3.Error):
        write(
            connection,
            KITCHEN,
            Past(commands=(ended(1),), dispensed=(DISPENSED,)),
        )

    assert rows(connection, "commands") == rows(connection, "deliveries") == []
    write(connection, KITCHEN, Past(commands=(ended(1),)))
    assert len(rows(connection, "commands")) == 1


def test_what_is_too_old_goes_in_small_steps_of_its_station_alone(
    connection: sqlite3.Connection,
) -> None:
    commands = tuple(ended(number) for number in range(1, STEP + 101))
    for entry_id in (KITCHEN, GARDEN):
        past = Past(
            commands=commands,
            outcomes=(BREAKFAST, AT_NODE),
            dispensed=(DISPENSED,),
        )
        write(connection, entry_id, past)
    before = commands[-10].created_at

    assert purge(connection, KITCHEN, before)
    assert len(list(each(connection, Filters(entry_ids=frozenset({KITCHEN}))))) == 100
    assert not purge(connection, KITCHEN, before)
    found = [
        one.command for one in each(connection, Filters(entry_ids=frozenset({KITCHEN})))
    ]
    assert found == list(reversed(commands[-10:]))
    count = STEP + 100
    assert counts(connection) == [count + 10, 2 * count + 20, 2, 1]
    assert not purge(connection, KITCHEN, before)
    assert counts(connection) == [count + 10, 2 * count + 20, 2, 1]


def test_what_is_not_too_old_stays(connection: sqlite3.Connection) -> None:
    past = Past(
        commands=(ended(1),), outcomes=(BREAKFAST, AT_NODE), dispensed=(DISPENSED,)
    )
    write(connection, KITCHEN, past)

    assert not purge(connection, KITCHEN, BEGAN - 86_400)
    assert counts(connection) == [1, 2, 2, 1]


def test_the_file_shrinks_with_what_is_in_it(
    connection: sqlite3.Connection, path: Path
) -> None:
    write(connection, KITCHEN, Past(commands=tuple(map(ended, range(1, STEP)))))
    checkpoint(connection)
    full = path.stat().st_size
    purge(connection, KITCHEN, BEGAN + STEP)
    checkpoint(connection)

    assert path.stat().st_size < full / 2


def test_after_a_checkpoint_the_file_alone_holds_all(
    connection: sqlite3.Connection, path: Path, tmp_path: Path
) -> None:
    write(connection, KITCHEN, Past(commands=(ended(1),)))
    checkpoint(connection)
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    alone = connect(copy)

    assert one(alone, KITCHEN, 1) == ended(1)
    alone.close()
