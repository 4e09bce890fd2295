"""What both workers have in common: their folder, their broker, their command line.

A worker is called as `MODULE order|work|told FOLDER PORT TAG`. `order` returns once the
order is stored, `work` works until it is killed, and `told` prints what the queue says
of the order, a word of `verdict.Told`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import sys

from scripts.matrix.hooks import wire
from scripts.matrix.hooks.points import from_environment
from scripts.matrix.verdict import Told

from . import database
from .meal import feed

HOST = "127.0.0.1"
BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Order:
    """The one order of a run, and where its queue lies."""

    folder: Path
    port: int
    tag: int

    @property
    def database(self) -> str:
        return str(self.folder / "queue.db")

    @property
    def busy(self) -> Path:
        """A file that is there while a task is executed."""
        return self.folder / BUSY

    def feed(self) -> None:
        """Feed, as a task does it."""
        feed(HOST, self.port, self.tag)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a queue does for each of the three words."""

    order: Callable[[Order], None]
    work: Callable[[Order], None]
    told: Callable[[Order], Told]


def main(worker: Worker) -> None:
    """Do what the command line says."""
    word, folder, port, tag = sys.argv[1:]
    order = Order(Path(folder), int(port), int(tag))
    match word:
        case "order":
            worker.order(order)
        case "work":
            points = from_environment()
            database.install(points)
            wire.install(points)
            order.busy.unlink(missing_ok=True)
            points.begin()
            worker.work(order)
        case "told":
            print(worker.told(order))
        case _:
            raise SystemExit(f"{word} is none of order, work and told")
