"""What many runs add up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from simulation.air import Air
from simulation.facts import FINAL, Findings, Violation
from simulation.plan import Plan
from simulation.record import (
    Answered,
    ClockSet,
    Corrupted,
    Crashed,
    Durable,
    Entry,
    Executed,
    Fault,
    HistoryDamaged,
    Holds,
    Pictures,
    Restored,
    Sent,
    Shown,
)


@dataclass(slots=True)
class Tally:
    """Figures of one run, or of many."""

    seeds: int = 0
    seconds: float = 0.0
    """Of virtual time."""
    answered: int = 0
    commands: int = 0
    writes: int = 0
    sent: int = 0
    executed: int = 0
    images: int = 0
    plans: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    """Commands by the state in which they stand at the end."""
    crashes: Counter[str] = field(default_factory=Counter)
    """By the point before or after which they came."""
    faults: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[int, Violation]] = field(default_factory=list)
    """Each with its seed."""

    def add(self, other: Tally) -> None:
        self.seeds += other.seeds
        self.seconds += other.seconds
        self.answered += other.answered
        self.commands += other.commands
        self.writes += other.writes
        self.sent += other.sent
        self.executed += other.executed
        self.images += other.images
        self.plans += other.plans
        self.ends.update(other.ends)
        self.crashes.update(other.crashes)
        self.faults.update(other.faults)
        self.excused.update(other.excused)
        self.violations.extend(other.violations)


def tally(plan: Plan, record: list[Entry], air: Air, findings: Findings) -> Tally:
    """Return the figures of one run."""
    found = Tally(seeds=1, excused=findings.excused)
    found.violations = [(plan.seed, violation) for violation in findings.violations]
    kinds = Counter(map(type, record))
    found.answered = kinds[Answered]
    found.writes = kinds[Durable]
    found.sent = kinds[Sent]
    found.executed = kinds[Executed]
    found.images = kinds[Pictures]
    found.plans = kinds[Holds]
    found.seconds = record[-1].at
    last: dict[str, Shown] = {}
    for entry in record:
        if isinstance(entry, Shown):
            last[entry.station] = entry
        else:
            _count_fault(found, entry)
    for shown in last.values():
        found.commands += len(shown.commands)
        found.ends.update(state for _, state, _ in shown.commands)
    for kind, count in (
        ("message lost", air.lost),
        ("message doubled", air.doubled),
        ("message late", air.delayed),
    ):
        if count:
            found.faults[kind] += count
    return found


def _count_fault(found: Tally, entry: Entry) -> None:
    match entry:
        case Crashed():
            found.crashes[_without_names(entry.point)] += 1
            found.faults["crash, power lost" if entry.power else "crash, killed"] += 1
        case Fault():
            found.faults[entry.kind] += 1
        case Restored():
            found.faults["older backup put back"] += 1
        case Corrupted():
            found.faults["file gone bad"] += 1
        case HistoryDamaged():
            found.faults["history gone bad"] += 1
        case ClockSet():
            found.faults["clock set back" if entry.by < 0 else "clock set forward"] += 1
        case _:
            pass


def _without_names(point: str) -> str:
    part = " of the history" if point.endswith(".history") else ""
    step, of, _ = point.partition(" of mqtt_dispatch.")
    return step + (part or " of the queue") if of else step


def in_words(protocol: str, figures: Tally, minutes: float) -> str:
    """Return the figures as lines for a terminal."""
    rows = [f"protocol: {protocol}"]
    rows += [f"{name}: {value}" for name, value in _rows(figures, minutes)]
    for title, counts in _tables(figures):
        rows += ["", f"{title}:"]
        rows += [f"  {count:>9,}  {name}" for name, count in counts]
    return "\n".join(rows)


def in_markdown(protocol: str, figures: Tally, minutes: float) -> str:
    """Return the figures as tables for a document."""
    rows = [f"| `{protocol}` | |", "| --- | ---: |"]
    rows += [f"| {name} | {value} |" for name, value in _rows(figures, minutes)]
    for title, counts in _tables(figures):
        rows += ["", f"| {title} | |", "| --- | ---: |"]
        rows += [f"| {name} | {count:,} |" for name, count in counts]
    return "\n".join(rows)


def _rows(figures: Tally, minutes: float) -> list[tuple[str, str]]:
    unconfirmed = figures.ends["unconfirmed"]
    ended = sum(figures.ends[state] for state in FINAL)
    return [
        ("seeds", f"{figures.seeds:,}"),
        ("virtual hours", f"{figures.seconds / 3600:,.0f}"),
        ("crashes", f"{figures.crashes.total():,}"),
        ("actions that returned a command", f"{figures.answered:,}"),
        ("commands at the end", f"{figures.commands:,}"),
        ("of them ended", f"{ended:,}"),
        ("of them unconfirmed", f"{unconfirmed:,}"),
        ("messages sent to nodes", f"{figures.sent:,}"),
        ("executions", f"{figures.executed:,}"),
        ("files written", f"{figures.writes:,}"),
        ("images shown", f"{figures.images:,}"),
        ("plans compared", f"{figures.plans:,}"),
        ("broken promises", f"{len(figures.violations):,}"),
        ("excused", f"{figures.excused.total():,}"),
        ("seeds per minute", f"{figures.seeds / minutes:,.0f}"),
    ]


def _tables(figures: Tally) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (title, sorted(counts.items(), key=lambda item: (-item[1], item[0])))
        for title, counts in (
            ("Faults by kind", figures.faults),
            ("Crashes by point", figures.crashes),
            ("Commands by their end", figures.ends),
            ("Excused, and why", figures.excused),
        )
        if counts
    ]
