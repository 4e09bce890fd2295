"""What a node moves and measures: the part that its types of node share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from simulator.node import Agenda, Effect, Executed

if TYPE_CHECKING:
    from simulator.faults import StandingOrders
    from simulator.greenhouse.answers import Answers
    from simulator.greenhouse.wire import Task

type Handler = Callable[[Task, float], list[Effect]]
type Handlers = Mapping[str, Handler]


@dataclass(frozen=True, slots=True)
class Board:
    """What equipment may use of its node.

    `channels` gives what the node was configured with, `tell` says that its snapshot
    has changed for a reason, and `die` is what happens where an order says so.
    """

    node: str
    agenda: Agenda
    orders: StandingOrders
    answers: Answers
    channels: Callable[[], Mapping[str, Mapping[str, Any]]]
    tell: Callable[[str, float], list[Effect]]
    report: Callable[[], list[Effect]]
    keep: Callable[[Mapping[str, Any]], list[Effect]]
    die: Callable[[Task, float], list[Effect]]

    def executed(self, task: Task) -> Effect:
        return Executed(self.node, task.id, task.cmd, task.content)


class Equipment:
    """Nothing that moves: a base."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.answers = board.answers

    def handlers(self) -> Handlers:
        """Return what the node understands beyond what every node does."""
        return {}

    def lose_power(self) -> None:
        """Forget what does not outlive a loss of power."""

    def at_once(
        self,
        task: Task,
        now: float,
        change: Callable[[], object] | None = None,
        *,
        details: Mapping[str, Any] | None = None,
        acks: bool = False,
    ) -> list[Effect]:
        """Do what takes no time, and say so."""
        effects = self.answers.ack(task, now) if acks else []
        if task.ordered("die", "accepted"):
            return effects + self.board.die(task, now)
        effects.append(self.board.executed(task))
        if task.ordered("die", "executed"):
            return effects + self.board.die(task, now)
        if change is not None:
            change()
        more = {} if details is None else {"details": dict(details)}
        return effects + self.answers.done(task, now, **more)

    def begin(
        self,
        task: Task,
        now: float,
        seconds: float,
        end: Handler,
        *,
        acked: list[Effect],
    ) -> list[Effect]:
        """Do what takes `seconds`, after `acked`; `end` is called then."""
        if task.ordered("die", "accepted"):
            return acked + self.board.die(task, now)

        def over(at: float) -> list[Effect]:
            if task.ordered("die", "executed"):
                return self.board.die(task, at)
            return end(task, at)

        self.board.agenda.put(f"run {task.channel}", now + seconds, over)
        return [*acked, self.board.executed(task)]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a sensor says when it is tested."""

    metric: str
    unit: str
    value: float
    more: Mapping[str, Any]

    def details(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "unit": self.unit,
            "metric_type": self.metric,
            **self.more,
        }


class Sensors(Equipment):
    """Sensors that can be tested, by their channels; nothing else."""

    def __init__(
        self,
        board: Board,
        probes: Mapping[str, Probe],
        names: tuple[str, ...] = ("test_sensor",),
        refusal: str = "Unknown sensor channel",
    ) -> None:
        super().__init__(board)
        self._probes = probes
        self._names = names
        self._refusal = refusal

    @override
    def handlers(self) -> Handlers:
        return dict.fromkeys(self._names, self._test)

    def _test(self, task: Task, now: float) -> list[Effect]:
        probe = self._probes.get(task.channel)
        if probe is None:
            return self.answers.error(task, now, "invalid_channel", self._refusal)
        return self.answers.done(task, now, details=probe.details())
