"""The runs as Markdown: what happened at which point, and what was wrong then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .runs import Run
from .trials import Trial
from .verdict import OF_ANY_NODES, Outcome, Told, Verdict

NODES = {
    "old": "forget what they executed",
    "new": "drop repeats, tell `last_id`",
    "native": "are the library of `firmware/`",
}
_COLUMNS = {
    Verdict.TWICE: "Executed twice",
    Verdict.LOST: "Lost",
    Verdict.UNEXPLAINED: "Left unexplained",
    Verdict.UNRECORDED: "Line missing, broken or double",
    Verdict.DOUBTED: "Left for a person",
}
OF_QUEUES = (Verdict.TWICE, Verdict.LOST, Verdict.UNEXPLAINED)
"""What any queue can be judged by. Those beside ours keep no history."""

_ENDS = (
    "Points",
    "Done, and said so",
    "Not done, and said so",
    "Never stored",
    "Unconfirmed",
    "Executed more than once",
)
_OF_TRIALS = (Verdict.LOST, Verdict.UNEXPLAINED, Verdict.UNRECORDED)
_ENDS_OF_PROVEN = {
    "Done, and said so": (Told.SUCCEEDED,),
    "Broken off, and said so": (Told.BROKEN_OFF,),
    "Not done, and said so": (Told.NOT_DONE,),
    "Never stored": (),
}
_RUNS = "Runs"
_RESENT = "Executed after the network was healed"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many runs there were, and in how many something was wrong."""

    runs: int
    wrong: Mapping[Verdict, int]

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not any(self.wrong.values())

    def cells(self, judged: Sequence[Verdict]) -> list[str]:
        """Return the cells of a row."""
        return [str(self.runs), *(str(self.wrong[verdict]) for verdict in judged)]


def figures(runs: Iterable[Run]) -> Figures:
    """Count runs, and those with each verdict."""
    counted = list(runs)
    return Figures(
        len(counted),
        {
            verdict: sum(verdict in run.verdicts for run in counted)
            for verdict in Verdict
        },
    )


def totals(
    titles: Mapping[str, str],
    runs: Sequence[Run],
    judged: Sequence[Verdict] = OF_ANY_NODES,
) -> str:
    """Return one row for each arm and sort of nodes; `titles` by the names of arms."""
    rows = []
    for arm, title in titles.items():
        for nodes, words in NODES.items():
            mine = [run for run in runs if run.arm == arm and run.nodes == nodes]
            if mine:
                rows.append([title, words, *figures(mine).cells(judged)])
    return _table(["Arm", "Nodes", *_heads(judged)], rows)


def resent(titles: Mapping[str, str], runs: Sequence[Run]) -> str:
    """Return in how many runs the MQTT client sent a command behind our back."""
    rows = []
    for arm, title in titles.items():
        mine = [run for run in runs if run.arm == arm]
        if mine:
            late = sum(run.resent for run in mine)
            rows.append([title, str(len(mine)), str(late)])
    return _table(["Arm", "Runs", _RESENT], rows)


def trials_at(trials: Iterable[Trial], runs: Sequence[Run]) -> str:
    """Return one row for each command: how its orders ended, and what was wrong."""
    rows = []
    for trial in trials:
        mine = [run for run in runs if run.arm == trial.name]
        if mine:
            outcomes = [each for run in mine for each in run.outcomes.values()]
            rows.append(
                [
                    trial.order.kind,
                    "once" if trial.once else "may be repeated",
                    str(len(mine)),
                    *(str(count) for count in _ends(outcomes)),
                    *figures(mine).cells(_OF_TRIALS)[1:],
                ]
            )
    return _table(["Command", "Class", *_ENDS, *_heads(_OF_TRIALS)[1:]], rows)


def proven(titles: Mapping[str, str], runs: Sequence[Run]) -> str:
    """Return one row for each arm whose nodes know what they did."""
    rows = []
    for arm, title in titles.items():
        mine = [run for run in runs if run.arm == arm]
        if mine:
            outcomes = [each for run in mine for each in run.outcomes.values()]
            ends = [
                str(sum(outcome.told == told for outcome in outcomes))
                for told in _ENDS_OF_PROVEN.values()
            ]
            runs_and_wrong = figures(mine).cells(tuple(Verdict))
            rows.append([title, runs_and_wrong[0], *ends, *runs_and_wrong[1:]])
    heads = [_RUNS, *_ENDS_OF_PROVEN, *_heads(tuple(Verdict))[1:]]
    return _table(["Arm", *heads], rows)


def _ends(outcomes: Sequence[Outcome]) -> Iterable[int]:
    for told in ((Told.SUCCEEDED,), (Told.NOT_DONE,), (), (Told.IN_DOUBT,)):
        yield sum(outcome.told == told for outcome in outcomes)
    yield sum(max(outcome.executed.values()) > 1 for outcome in outcomes)


def points(
    arm: str, runs: Sequence[Run], judged: Sequence[Verdict] = OF_ANY_NODES
) -> str:
    """Return one row for each point of an arm, in the order of a command's life."""
    by_point: dict[str, list[Run]] = {}
    for run in runs:
        if run.arm == arm:
            by_point.setdefault(run.point, []).append(run)
    rows = [[point, *figures(met).cells(judged)] for point, met in by_point.items()]
    return _table(["Point", *_heads(judged)], rows)


def _heads(judged: Sequence[Verdict]) -> list[str]:
    return [_RUNS, *(_COLUMNS[verdict] for verdict in judged)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    numbers = (_RUNS, *_COLUMNS.values(), *_ENDS, *_ENDS_OF_PROVEN, _RESENT)
    texts = sum(name not in numbers for name in head)
    rule = ["---"] * texts + ["---:"] * (len(head) - texts)
    lines = [head, rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
