"""A queue that runs again what was running, as most durable queues do on a restart."""

from __future__ import annotations

from contextlib import closing
import sqlite3
import time

from scripts.matrix.verdict import Told

from .meal import NoAnswerError
from .worker import Order, Worker, main

LOOK_AGAIN_SECONDS = 0.1
_TOLD = {
    "queued": Told.OPEN,
    "running": Told.OPEN,
    "done": Told.SUCCEEDED,
    "failed": Told.IN_DOUBT,
}


def order_feed(order: Order) -> None:
    """Store the order."""
    with closing(_open(order)) as database:
        database.execute("insert into orders values (?, 'queued')", (order.tag,))
        database.commit()


def work(order: Order) -> None:
    """Queue again what was running, then run what is queued."""
    with closing(_open(order)) as database:
        database.execute("update orders set state = 'queued' where state = 'running'")
        database.commit()
        while True:
            queued = database.execute("select tag from orders where state = 'queued'")
            if queued.fetchone() is None:
                time.sleep(LOOK_AGAIN_SECONDS)
                continue
            _set_state(database, order, "running")
            order.busy.touch()
            try:
                order.feed()
            except (NoAnswerError, OSError):
                _set_state(database, order, "failed")
            else:
                _set_state(database, order, "done")
            order.busy.unlink()


def told(order: Order) -> Told:
    """Return what the queue says: a failure counts as a doubt that is shown."""
    with closing(_open(order)) as database:
        row = database.execute(
            "select state from orders where tag = ?", (order.tag,)
        ).fetchone()
    return _TOLD[row[0]] if row else Told.UNKNOWN


def _open(order: Order) -> sqlite3.Connection:
    database = sqlite3.connect(order.database)
    database.execute("pragma synchronous = full")
    database.execute("create table if not exists orders (tag primary key, state)")
    database.commit()
    return database


def _set_state(database: sqlite3.Connection, order: Order, state: str) -> None:
    database.execute("update orders set state = ? where tag = ?", (state, order.tag))
    database.commit()


if __name__ == "__main__":
    main(Worker(order_feed, work, told))
