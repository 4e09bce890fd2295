"""What looking back costs: at a million commands, beside ten thousand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
import time
from typing import Final

from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.engine.ledger.ledger import HISTORY_LIMIT
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.database import HistoryDatabase
from custom_components.mqtt_dispatch.history.reader import Filters, page, recent
from custom_components.mqtt_dispatch.history.schema import connect

STATION: Final = "01KITCHEN"
KINDS: Final = ("feed", "reboot", "set_schedule", "ping")
STATES: Final = (CommandState.SUCCEEDED, CommandState.FAILED, CommandState.EXPIRED)
BEGAN: Final = 1_780_000_000.0
APART: Final = 30.0
"""Seconds from one command to the next."""
WRITTEN: Final = 10_000
"""Commands that are encoded; the others repeat them."""
SHOWN: Final = 50
"""Commands on a page, as the panel asks for them."""


async def async_filled(folder: str, commands: int) -> HistoryDatabase:
    """Return a history with so many commands of a station, a multiple of `WRITTEN`."""
    hass = HomeAssistant(f"{folder}/{commands}")
    history = HistoryDatabase(hass)
    past = Past(commands=tuple(map(_ended, range(1, WRITTEN + 1))))
    await history.async_write(STATION, past)
    await hass.async_add_executor_job(_multiply, history.path, commands)
    return history


def _multiply(path: Path, commands: int) -> None:
    """Have what was written stand there again and again, later each time.

    To encode each of a million takes minutes.
    """
    with closing(connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for later in range(WRITTEN, commands, WRITTEN):
            for copy in (_COMMANDS, _DELIVERIES):
                connection.execute(
                    copy,
                    {"later": later, "seconds": later * APART, "written": WRITTEN},
                )
        connection.execute("COMMIT")


_COMMANDS: Final = """
INSERT INTO commands
SELECT entry_id, id + :later, kind, state, created_at + :seconds, doubted_at,
    ended_at + :seconds, format,
    json_set(
        command, '$.id', id + :later, '$.created_at', created_at + :seconds
    )
FROM commands WHERE id <= :written
"""
_DELIVERIES: Final = """
INSERT INTO deliveries
SELECT entry_id, id + :later, node, kind, state, created_at + :seconds,
    delivery_state, attempts, sent_at + :seconds, accepted_at + :seconds,
    done_at + :seconds
FROM deliveries WHERE id <= :written
"""


def looks() -> dict[str, Callable[[HistoryDatabase], Awaitable[object]]]:
    """Return what is done to look back, by what it is called."""
    old = Filters(entry_ids=frozenset({STATION}), until=BEGAN + 5000 * APART)
    pages = {
        "newest": Filters(entry_ids=frozenset({STATION})),
        "oldest": old,
        "by node": Filters(entry_ids=frozenset({STATION}), node="2"),
        "by state": Filters(entry_ids=frozenset({STATION}), state="failed"),
    }
    found: dict[str, Callable[[HistoryDatabase], Awaitable[object]]] = {
        f"A page of {SHOWN}, {name}": _page(filters) for name, filters in pages.items()
    }
    found["What a station reads when it starts"] = _start
    return found


def _page(filters: Filters) -> Callable[[HistoryDatabase], Awaitable[object]]:
    async def look(history: HistoryDatabase) -> object:
        found = await history.async_read(page, filters, limit=SHOWN)
        if len(found.commands) != SHOWN:
            raise RuntimeError("the page that was to be measured is not full")
        return found

    return look


async def _start(history: HistoryDatabase) -> object:
    return await history.async_read(recent, STATION, HISTORY_LIMIT)


async def async_seconds(
    look: Callable[[HistoryDatabase], Awaitable[object]], history: HistoryDatabase
) -> float:
    """Return how long looking once takes."""
    started = time.perf_counter()
    await look(history)
    return time.perf_counter() - started


def _ended(number: int) -> Command:
    at = BEGAN + number * APART
    state = STATES[number % len(STATES)]
    nodes = ("1", "2")
    timeline = [TimelineEntry(at, CommandState.QUEUED, Cause.ACTION)]
    for after, step in (
        (1, DeliveryState.SENT),
        (2, DeliveryState.ACCEPTED),
        (9, DeliveryState.DONE),
    ):
        timeline += [
            TimelineEntry(at + after, step, Cause.NODE, node) for node in nodes
        ]
    timeline.append(TimelineEntry(at + 9, state, Cause.NODE))
    return Command(
        id=number,
        kind=KINDS[number % len(KINDS)],
        params={"portions": 1, "hopper": 1, "bowl": 1, "pet": 0},
        command_class=CommandClass.ONCE,
        created_at=at,
        expires_at=at + 3600,
        state=state,
        deliveries=tuple(
            Delivery(node, DeliveryState.DONE, attempts=1) for node in nodes
        ),
        timeline=tuple(timeline),
    )
