"""huey as it is, with its SQLite storage, three retries and 30 s between them."""

from __future__ import annotations

from contextlib import closing
import sqlite3
from typing import Any

from scripts.matrix.verdict import Told

from .worker import Order, Worker, main

RETRIES = 3
RETRY_DELAY = 30
TASK_ID = "task_id"


def _task(order: Order) -> tuple[Any, Any]:
    from huey import SqliteHuey  # noqa: PLC0415 - its storage is watched before

    huey = SqliteHuey("feeds", filename=order.database)

    def feed() -> bool:
        order.busy.touch()
        try:
            order.feed()
        finally:
            order.busy.unlink()
        return True

    return huey, huey.task(retries=RETRIES, retry_delay=RETRY_DELAY)(feed)


def order_feed(order: Order) -> None:
    """Put the task into the queue, and keep its id."""
    _, feed = _task(order)
    result = feed()
    (order.folder / TASK_ID).write_text(result.id, encoding="utf-8")


def work(order: Order) -> None:
    """Run a consumer, with the settings that it has by itself."""
    huey, _ = _task(order)
    huey.create_consumer().run()


def told(order: Order) -> Told:
    """Return what the queue says: a stored error counts as a doubt that is shown."""
    from huey.exceptions import TaskException  # noqa: PLC0415

    huey, _ = _task(order)
    task_id = (order.folder / TASK_ID).read_text(encoding="utf-8")
    try:
        result = huey.result(task_id, preserve=True)
    except TaskException:
        return Told.IN_DOUBT
    if result:
        return Told.SUCCEEDED
    with closing(sqlite3.connect(order.database)) as database:
        waiting = database.execute(
            "select (select count(*) from task) + (select count(*) from schedule)"
        ).fetchone()[0]
    return Told.OPEN if waiting else Told.UNKNOWN


if __name__ == "__main__":
    main(Worker(order_feed, work, told))
