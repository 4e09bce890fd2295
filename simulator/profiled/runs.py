"""What a node goes on with by itself, until its own clock ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulator.faults import Order
from simulator.node import Agenda, Effect, Executed, Note
from simulator.profiled.speech import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.profiled.settings import Settings

MINUTE = 60.0

type Finish = Callable[[Work, float], list[Effect]]


@dataclass(frozen=True, slots=True)
class Run:
    """What goes on until `ends_at`; None: for ever. Unix seconds."""

    work: Work
    seconds: float
    began_at: float
    ends_at: float | None


class Runs:
    """One run for what undoes one another; each end is an entry of the ledger."""

    def __init__(
        self, node: str, settings: Settings, agenda: Agenda, finish: Finish
    ) -> None:
        self._node = node
        self._settings = settings
        self._agenda = agenda
        self._finish = finish
        self._runs: dict[str, Run] = {}

    def memory(self) -> dict[str, Any]:
        """Return what outlives a loss of power: JSON."""
        return {
            group: {
                "kind": run.work.kind,
                "id": run.work.id,
                "params": run.work.params,
                "seconds": run.seconds,
                "began_at": run.began_at,
                "ends_at": run.ends_at,
            }
            for group, run in self._runs.items()
        }

    def remember(self, stored: Mapping[str, Any]) -> None:
        """Go on with what `memory()` gave, by a clock that went on."""
        for group, each in stored.items():
            work = Work(kind=each["kind"], id=each["id"], params=each["params"])
            run = Run(work, each["seconds"], each["began_at"], each["ends_at"])
            self._go_on(group, run)

    def begin(self, work: Work, param: str | None, now: float) -> None:
        """Begin, or set anew for how long it goes on; without a param for ever."""
        group = self._group(work)
        before = self._runs.get(group)
        seconds = 0.0 if param is None else self._lasts(work, param)
        is_endless = param is None or work.ordered("close", "never")
        run = Run(
            work,
            seconds,
            now if before is None else before.began_at,
            None if is_endless else now + seconds,
        )
        self._go_on(group, run)

    def end(self, work: Work, now: float) -> list[Effect]:
        """End what a command undoes, if it goes on."""
        group = self._group(work)
        run = self._runs.pop(group, None)
        self._agenda.drop(f"run {group}")
        return [] if run is None else [self._ended(run, now)]

    def lose_power(self, now: float) -> list[Effect]:
        """Come to a stop that nobody ordered; `restart` goes on."""
        return [self._ended(run, now) for run in self._runs.values()]

    def restart(self, now: float) -> list[Effect]:
        """Begin once more with all that went on, for its whole time."""
        effects: list[Effect] = []
        for group, run in [*self._runs.items()]:
            ends_at = now + run.seconds if run.seconds else None
            again = replace(run, began_at=now, ends_at=ends_at)
            self._go_on(group, again)
            content = {"kind": run.work.kind, **run.work.params}
            effects.append(Executed(self._node, run.work.id, "resumed", content))
        return effects

    def _go_on(self, group: str, run: Run) -> None:
        self._runs[group] = run
        if run.ends_at is None:
            self._agenda.drop(f"run {group}")
        else:
            self._agenda.put(
                f"run {group}", run.ends_at, lambda at: self._run_out(group, run, at)
            )

    def _run_out(self, group: str, run: Run, now: float) -> list[Effect]:
        if run.work.ordered("close", "only_said"):
            self._runs[group] = replace(run, ends_at=None)
            return self._finish(run.work, now)
        del self._runs[group]
        effects: list[Effect] = [self._ended(run, now)]
        if run.work.ordered("close", "unsaid"):
            return [*effects, Note(f"fault: {run.work.orders['close']}")]
        return effects + self._finish(run.work, now)

    def _lasts(self, work: Work, param: str) -> float:
        seconds = float(work.params[param]) * self._settings.duration_scale
        match work.orders.get("unit"):
            case Order(value="minutes"):
                seconds *= MINUTE
            case Order(value="seconds"):
                seconds /= MINUTE
        match work.orders.get("close"):
            case Order(value="late", seconds=float(more)):
                seconds += more
            case Order(value="early", seconds=float(early)):
                seconds = early
        return seconds

    def _ended(self, run: Run, now: float) -> Effect:
        seconds = round(now - run.began_at, 3)
        content = {"kind": run.work.kind, "seconds": seconds}
        return Executed(self._node, run.work.id, "ended", content)

    def _group(self, work: Work) -> str:
        model = self._settings.model_of(self._node)
        which = model.kinds[work.kind].which(work.params)
        group = self._settings.profile.kinds[work.kind].undoes or work.kind
        return group if which is None else f"{group} {which}"
