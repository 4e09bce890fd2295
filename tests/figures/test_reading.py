"""What is read of the history says the same as the commands themselves."""

from __future__ import annotations

from dataclasses import replace
import sqlite3

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.figures.parts import parts_of
from custom_components.mqtt_dispatch.figures.reading import (
    Window,
    read_figures,
    read_parts,
)
from custom_components.mqtt_dispatch.history.writer import write

from .commands import (
    AGAIN,
    BEGAN,
    DONE,
    FAILED,
    LATE,
    SENT,
    SETTLED,
    SILENT,
    STATION,
    TOLD,
    TOOK,
    command,
)

ALWAYS = Window(since=0.0, until=BEGAN * 2)
PAST = (
    command(1, SENT, TOOK, DONE, nodes=("1", "2")),
    command(2, SENT, SILENT, LATE, nodes=("1", "2")),
    command(3, SENT, SILENT, SETTLED),
    command(4, SENT, TOLD, kind="ping"),
    command(5, SENT, AGAIN, FAILED, state=CommandState.FAILED, nodes=("2",)),
    command(6, state=CommandState.EXPIRED),
    command(7, (70, SENT[1], SENT[2]), DONE, not_before=BEGAN + 60),
)


def test_each_part_is_read_as_the_command_itself_tells_it(
    connection: sqlite3.Connection,
) -> None:
    write(connection, STATION, Past(commands=PAST))

    found = list(read_parts(connection, STATION, ALWAYS, ()))

    assert found == [part for each in PAST for part in parts_of(each)]


def test_a_command_counts_once_and_as_it_is_now(connection: sqlite3.Connection) -> None:
    write(connection, STATION, Past(commands=PAST))
    now = replace(PAST[0], kind="ping")

    found = list(read_parts(connection, STATION, ALWAYS, (now, command(9, SENT))))

    assert sorted({part.command_id for part in found}) == [1, 2, 3, 4, 5, 6, 7, 9]
    assert len([part for part in found if part.command_id == 1]) == 2
    assert {part.kind for part in found if part.command_id == 1} == {"ping"}


def test_a_window_takes_its_beginning_in_and_leaves_its_end_out(
    connection: sqlite3.Connection,
) -> None:
    write(connection, STATION, Past(commands=PAST[:3]))
    window = Window(since=BEGAN + 2, until=BEGAN + 4)
    known = (command(4, SENT), command(8, SENT))

    found = read_parts(connection, STATION, window, known)

    assert {part.command_id for part in found} == {2, 3}


def test_only_the_nodes_and_the_kind_that_are_asked_for_count(
    connection: sqlite3.Connection,
) -> None:
    write(connection, STATION, Past(commands=PAST))
    window = replace(ALWAYS, node="2", kind="feed")
    known = (command(8, SENT, nodes=("1", "2")), command(9, SENT, kind="ping"))

    found = list(read_parts(connection, STATION, window, known))

    assert {part.node for part in found} == {"2"}
    assert {part.command_id for part in found} == {1, 2, 5, 8}
    ping = replace(ALWAYS, kind="ping")
    assert read_figures(connection, STATION, ping, ()).station.total.ordered == 1


def test_another_station_is_none_of_it(connection: sqlite3.Connection) -> None:
    write(connection, STATION, Past(commands=PAST))
    write(connection, "02GARDEN", Past(commands=(command(1, SENT, DONE),)))

    found = read_figures(connection, "02GARDEN", ALWAYS, ())

    assert found.station.total.ordered == 1


def test_without_a_history_what_is_known_counts() -> None:
    found = list(read_parts(None, STATION, ALWAYS, PAST))

    assert found == [part for each in PAST for part in parts_of(each)]


def test_a_line_that_says_no_command_is_left_out(
    connection: sqlite3.Connection,
) -> None:
    write(connection, STATION, Past(commands=PAST[:2]))
    connection.execute("UPDATE commands SET command = '{' WHERE id = 2")

    found = list(read_parts(connection, STATION, ALWAYS, ()))

    assert {part.command_id for part in found} == {1}


def test_a_month_is_read_by_an_index(connection: sqlite3.Connection) -> None:
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    list(read_parts(connection, STATION, ALWAYS, ()))
    connection.set_trace_callback(None)

    plan = str(connection.execute(f"EXPLAIN QUERY PLAN {seen[0]}").fetchall())

    assert "SCAN" not in plan
    assert "commands_by_station (entry_id=? AND created_at>?" in plan
    assert "TEMP B-TREE" not in plan
