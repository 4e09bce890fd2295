"""Runs of the control arms: each point in a folder of its own, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
import sqlite3
import time

from scripts.matrix.control import Control
from scripts.matrix.ear import nodes_at_rest
from scripts.matrix.itinerary import Itinerary, reached
from scripts.matrix.plan import FOLDER_VARIABLE, Answer, Deed, Folder, Plan
from scripts.matrix.runs import MOST_POINTS, PASSED_ALL, Run
from scripts.matrix.stand import NODES, PATIENCE, PERSISTENT, SIMULATOR_OPTIONS
from scripts.matrix.verdict import Answered, Outcome, Told, executions, judge
from scripts.parts.broker import Broker, BrokerKind
from scripts.parts.process import REPOSITORY, PartError, Process
from scripts.parts.simulator import Simulator

PYTHON = REPOSITORY / ".venv-matrix" / "bin" / "python"
AT_ONCE = 12
TAG = 1
END_PATIENCE = 300.0
"""Seconds; three retries, 30 s apart, of a task that waits for its nodes."""
LOOK_AGAIN_SECONDS = 1.0
LOOKS_AT_REST = 2
"""Between two looks a task that left the database is in somebody's hands."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue to compare with."""

    module: str
    waiting: str
    """Counts in its database what it is still going to execute."""


HUEY = Queue(
    "with_huey", "select (select count(*) from task) + (select count(*) from schedule)"
)
RERUN = Queue(
    "rerun", "select count(*) from orders where state in ('queued', 'running')"
)


async def enumerated(
    arm: str, folder: Path, queue: Queue, deed: Deed, firmware: str
) -> AsyncIterator[Run]:
    """Run at each point, until a run passes all of them, then at those that slipped by.

    Raises PartError if there is no end to the points.
    """
    benches = (_Bench(folder / str(number), queue, firmware) for number in count(1))
    itinerary = Itinerary(deed)
    while plans := _some(itinerary):
        if plans[0].point > MOST_POINTS:
            raise PartError(f"{arm}: no end after {MOST_POINTS} points")
        met = list(zip(plans, benches, strict=False))
        ends = await asyncio.gather(*(bench.run(plan) for plan, bench in met))
        for (plan, bench), (point, outcome) in zip(met, ends, strict=True):
            itinerary.took(point, bench.passed)
            yield Run(
                arm=arm,
                nodes=firmware,
                point=point or PASSED_ALL,
                verdicts=frozenset(judge(outcome)),
                outcomes={TAG: outcome},
            )
            if point is None and not plan.only:
                # The others went ahead, to where there are no points any more.
                break


def _some(itinerary: Itinerary) -> list[Plan]:
    """Return the next plans: while points are counted, the next numbers."""
    plan = itinerary.next()
    if plan is None:
        return []
    if not plan.only:
        return [replace(plan, point=plan.point + ahead) for ahead in range(AT_ONCE)]
    return [plan, *islice(iter(itinerary.next, None), AT_ONCE - 1)]


class _Bench:
    """Broker, nodes, and a worker with the hook and one order."""

    def __init__(self, folder: Path, queue: Queue, firmware: str) -> None:
        self._path = folder
        self._queue = queue
        self._folder = Folder(folder / "hook")
        self._folder.path.mkdir(parents=True)
        self._control = Control(self._folder)
        self._broker = Broker(
            folder / "broker", kind=BrokerKind.MOSQUITTO, more_configuration=PERSISTENT
        )
        options = (*SIMULATOR_OPTIONS, "--firmware", firmware)
        self._simulator = Simulator(folder / "simulator", self._broker, options=options)
        self._worker = self._process("work")

    @property
    def passed(self) -> list[str]:
        """The points that the worker passed before it was disturbed, and after."""
        return self._folder.passed()

    async def run(self, plan: Plan) -> tuple[str | None, Outcome]:
        """Return at which point something happened, and what became of the order."""
        async with AsyncExitStack() as ends:
            await self._start(ends)
            point = await self._happen(plan)
            return point, await self._outcome()

    async def _start(self, ends: AsyncExitStack) -> None:
        await ends.enter_async_context(self._control)
        ends.push_async_callback(self._broker.stop)
        await self._broker.start()
        ends.push_async_callback(self._simulator.stop)
        await self._simulator.start()
        await nodes_at_rest(self._broker, NODES, PATIENCE)
        ends.push_async_callback(self._worker.kill)

    async def _happen(self, plan: Plan) -> str | None:
        """Order, let happen what is planned, and return the point when all rests."""
        self._folder.write_plan(plan)
        order = self._process("order")
        await order.start()
        if await order.ended():
            raise PartError(f"The order was not stored:\n{order.tail()}")
        asked = self._control.expect(self._lose_broker)
        await self._worker.start()
        await self._until_reached_or_at_rest(plan)
        point = reached(plan, self._folder.passed())
        if point is not None and plan.deed is Deed.KILL:
            await self._worker.ended()
            self._folder.plan_nothing()
            await self._worker.start()
        elif point is not None:
            await asked
            await self._broker.start()
        await self._until_at_rest()
        await nodes_at_rest(self._broker, NODES, PATIENCE)
        return point

    async def _outcome(self) -> Outcome:
        """Return what became of the order; it always was stored."""
        told = self._process("told")
        await told.start()
        if await told.ended():
            raise PartError(f"The queue does not tell:\n{told.tail()}")
        word = Told(told.tail(1))
        return Outcome(
            Answered.STORED,
            () if word is Told.UNKNOWN else (word,),
            executions(self._simulator.ledger(), NODES, TAG),
        )

    async def _lose_broker(self) -> Answer:
        await self._broker.kill()
        return Answer()

    async def _until_reached_or_at_rest(self, plan: Plan) -> None:
        deadline = time.monotonic() + END_PATIENCE
        cooldowns = 0
        while (
            cooldowns < LOOKS_AT_REST and reached(plan, self._folder.passed()) is None
        ):
            cooldowns = cooldowns + 1 if self._cooldowns() else 0
            if time.monotonic() > deadline:
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _until_at_rest(self) -> None:
        await self._until_reached_or_at_rest(Plan(MOST_POINTS, Deed.NOTHING))

    def _cooldowns(self) -> bool:
        with closing(sqlite3.connect(self._path / "queue.db")) as database:
            waiting = database.execute(self._queue.waiting).fetchone()[0]
        return not waiting and not (self._path / "busy").exists()

    def _process(self, word: str) -> Process:
        module = f"scripts.matrix.controls.{self._queue.module}"
        return Process(
            f"{self._queue.module} {word}",
            [
                *(str(PYTHON), "-m", module, word),
                *(str(self._path), str(self._broker.port), str(TAG)),
            ],
            self._path / f"{word}.log",
            environment={FOLDER_VARIABLE: str(self._folder.path)},
        )
