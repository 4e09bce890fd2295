"""What is asked of the history: pages, one command, a range, what a start needs."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
import sqlite3

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.reader import (
    PAGE_LIMIT,
    Cursor,
    Filters,
    Recorded,
    each,
    one,
    page,
    recent,
)
from custom_components.mqtt_dispatch.history.writer import write
from tests.nonempty import some

from .ended import BEGAN, GARDEN, KITCHEN, ended

STATES = (CommandState.SUCCEEDED, CommandState.FAILED, CommandState.EXPIRED)


@pytest.fixture
def recorded(connection: sqlite3.Connection) -> list[Recorded]:
    """Write 240 commands of two stations; four at a time were ordered at once."""
    found = []
    for entry_id in (KITCHEN, GARDEN):
        commands = tuple(
            ended(
                number,
                kind=("feed", "reboot")[number % 2],
                state=STATES[number % 3],
                nodes=(("1",), ("2",), ("1", "2"))[number % 5 % 3],
                at=BEGAN + number // 4,
            )
            for number in range(1, 121)
        )
        write(connection, entry_id, Past(commands=commands))
        found += [Recorded(entry_id, command) for command in commands]
    return sorted(found, key=lambda each: each.cursor, reverse=True)


def fits(recorded: Recorded, filters: Filters) -> bool:
    """Whether a command is asked for."""
    command = recorded.command
    return (
        (filters.entry_ids is None or recorded.entry_id in filters.entry_ids)
        and (filters.node is None or filters.node in command.nodes)
        and filters.kind in (None, command.kind)
        and filters.state in (None, command.state)
        and (filters.since is None or command.created_at >= filters.since)
        and (filters.until is None or command.created_at < filters.until)
    )


def _named(filters: Filters) -> str:
    """Return the name of a test, the same in each process: sets have no order."""
    entries = filters.entry_ids
    return f"{entries and sorted(entries)}, {replace(filters, entry_ids=None)}"


ALL_FILTERS = [
    Filters(
        entry_ids=entries, node=node, kind=kind, state=state, since=since, until=until
    )
    for entries, node, kind, state, (since, until) in product(
        (None, frozenset({KITCHEN}), frozenset({GARDEN, KITCHEN})),
        (None, "2"),
        (None, "reboot"),
        (None, "failed"),
        ((None, None), (BEGAN + 5, BEGAN + 25)),
    )
]


@pytest.mark.parametrize("filters", ALL_FILTERS, ids=_named)
def test_pages_hold_all_that_is_asked_for_once_the_newest_first(
    connection: sqlite3.Connection, recorded: list[Recorded], filters: Filters
) -> None:
    wanted = [each for each in recorded if fits(each, filters)]
    found: list[Recorded] = []
    after: Cursor | None = None
    while True:
        part = page(connection, filters, limit=7, after=after)
        found += part.commands
        assert len(part.commands) <= 7
        if (after := part.after) is None:
            break
        assert after == part.commands[-1].cursor

    assert found == some(wanted)
    assert list(each(connection, filters)) == wanted


def test_a_page_after_a_moment_holds_nothing_of_that_moment_or_later(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    amid = recorded[101]
    until = amid.command.created_at
    at_once = [each for each in recorded if each.command.created_at == until]
    assert len(at_once) > 1

    found = page(
        connection, Filters(until=until), after=max(each.cursor for each in at_once)
    )

    assert all(each.command.created_at < until for each in some(found.commands))


@pytest.mark.parametrize("filters", ALL_FILTERS, ids=_named)
def test_pages_hold_what_is_known_and_what_is_written_once(
    connection: sqlite3.Connection, recorded: list[Recorded], filters: Filters
) -> None:
    """Some are only known, some only written, some both, and then the known count."""
    known: dict[str, dict[int, Command]] = {KITCHEN: {}, GARDEN: {}}
    for at, each_one in enumerate(recorded):
        if at % 3:
            newer = replace(each_one.command, idempotency_key="newer")
            known[each_one.entry_id][newer.id] = newer
    connection.executemany(
        "DELETE FROM commands WHERE entry_id = ? AND id = ?",
        [(each.entry_id, each.command.id) for each in recorded[1::3]],
    )
    connection.executemany(
        "DELETE FROM deliveries WHERE entry_id = ? AND id = ?",
        [(each.entry_id, each.command.id) for each in recorded[1::3]],
    )
    found: list[Recorded] = []
    after: Cursor | None = None
    while True:
        part = page(connection, filters, known, limit=7, after=after)
        found += part.commands
        if (after := part.after) is None:
            break
        assert len(part.commands) == 7

    wanted = [each for each in recorded if fits(each, filters)]
    assert [one.cursor for one in found] == some([one.cursor for one in wanted])
    for one_found in found:
        is_known = one_found.command.id in known[one_found.entry_id]
        assert (one_found.command.idempotency_key == "newer") is is_known


def test_without_a_connection_a_page_holds_what_is_known(
    recorded: list[Recorded],
) -> None:
    known = {
        entry_id: {
            each.command.id: each.command
            for each in recorded
            if each.entry_id == entry_id
        }
        for entry_id in (KITCHEN, GARDEN)
    }
    first = page(None, Filters(state="failed"), known, limit=5)
    second = page(None, Filters(state="failed"), known, after=first.after)

    wanted = [each for each in recorded if each.command.state == "failed"]
    assert [*first.commands, *second.commands] == some(wanted)
    assert second.after is None


def test_a_page_has_at_most_a_hundred_commands(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    assert page(connection, Filters(), limit=5000).commands == recorded[:PAGE_LIMIT]
    assert page(connection, Filters(), limit=0).commands == recorded[:1]


def test_a_page_that_begins_later_than_it_ends_is_as_asked(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    """A cursor may lie beyond the range, if the range was changed meanwhile."""
    filters = Filters(entry_ids=frozenset({KITCHEN}), until=BEGAN + 10)
    found = page(connection, filters, after=recorded[0].cursor)

    assert found.commands == some([one for one in recorded if fits(one, filters)])


def test_the_cursor_of_a_station_that_is_gone_still_tells_where_to_go_on(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    cursor = Cursor(BEGAN + 20, "01LAUNDRY", 3)
    filters = Filters(kind="feed")
    found = page(connection, filters, after=cursor)

    older = [one for one in recorded if one.cursor < cursor and fits(one, filters)]
    assert found.commands == some(older)[:PAGE_LIMIT]


def test_what_is_not_there_is_no_page(connection: sqlite3.Connection) -> None:
    for filters in some(ALL_FILTERS):
        assert page(connection, filters).commands == []
        assert page(connection, filters).after is None


def test_one_command_is_found_by_its_station_and_id(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    wanted = next(each for each in recorded if each.entry_id == GARDEN)

    assert one(connection, GARDEN, wanted.command.id) == wanted.command
    assert one(connection, GARDEN, 9999) is None


def test_a_line_that_says_nothing_is_left_out(
    connection: sqlite3.Connection, recorded: list[Recorded]
) -> None:
    connection.execute("UPDATE commands SET command = '{' WHERE id = 120")

    assert one(connection, KITCHEN, 120) is None
    assert page(connection, Filters(), limit=10).commands == recorded[2:12]


def test_an_older_line_is_read_as_it_would_be_written_now(
    connection: sqlite3.Connection,
) -> None:
    command = ended(1)
    write(connection, KITCHEN, Past(commands=(command,)))
    connection.execute(
        "UPDATE commands SET format = 3, command ="
        " json_remove(command, '$.not_before', '$.meal', '$.taken_off')"
    )

    assert one(connection, KITCHEN, 1) == command


def _ids(commands: list[Command]) -> list[int]:
    return [command.id for command in commands]


def test_a_start_gets_the_last_commands_of_its_station(
    connection: sqlite3.Connection,
) -> None:
    commands = tuple(ended(number) for number in range(1, 51))
    write(connection, KITCHEN, Past(commands=commands))
    write(connection, GARDEN, Past(commands=(ended(999),)))

    assert _ids(recent(connection, KITCHEN, 10)) == list(range(41, 51))
    assert recent(connection, KITCHEN, 1000) == list(commands)


def test_a_start_gets_the_newest_of_each_kind_node_and_state_however_old(
    connection: sqlite3.Connection,
) -> None:
    """What nodes hold of a plan follows from the last command that told them."""
    old = (
        ended(1, kind="set_schedule"),
        ended(2, kind="set_schedule", nodes=("1",)),
        ended(3, kind="set_schedule", nodes=("1",), state=CommandState.CANCELLED),
        ended(4, kind="set_schedule", nodes=("1",), state=CommandState.CANCELLED),
    )
    feeds = tuple(ended(number) for number in range(5, 51))
    write(connection, KITCHEN, Past(commands=old + feeds))

    assert _ids(recent(connection, KITCHEN, 2)) == [1, 2, 4, 49, 50]


def test_a_start_gets_what_the_station_takes_for_open(
    connection: sqlite3.Connection,
) -> None:
    """An older state may have been put back: what the history says ended has ended."""
    commands = tuple(ended(number) for number in range(1, 51))
    write(connection, KITCHEN, Past(commands=commands))

    assert _ids(recent(connection, KITCHEN, 1, also=[7, 600])) == [7, 50]
