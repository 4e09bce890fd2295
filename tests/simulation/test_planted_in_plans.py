"""Bugs planted on purpose in what is planned: the simulation sees each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.deadlines import Deadlines
from custom_components.mqtt_dispatch.engine.ledger.ledger import Ledger
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.plan import recurrence
from custom_components.mqtt_dispatch.engine.plan.occurrences import Occurrences
from custom_components.mqtt_dispatch.engine.plan.overdue import OverdueMeals
from simulation.cli import run_seed
from tests.simulation.test_planted import broken_promises

pytestmark = pytest.mark.slow

MORE = range(41, 141)
"""What only few worlds show is looked for in these."""


def said_of(seeds: Iterable[int]) -> str:
    """Return all that is said of broken promises."""
    return "\n".join(
        str(found)
        for seed in seeds
        for _, found in run_seed(seed, 1, 1.0)[1].violations
    )


def test_dates_that_are_forgotten_over_a_start_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = Ledger.__init__

    def forget(
        self: Ledger, stored: Snapshot, history: Iterable[Command], *rest: Any
    ) -> None:
        begin(self, replace(stored, occurrences=(), keys=()), history, *rest)

    monkeypatch.setattr(Ledger, "__init__", forget)

    promises, said = broken_promises()

    assert promises[2]
    assert "twice, as two commands" in said


def test_a_skip_that_is_ignored_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "_is_skipped", lambda *_: False)

    promises, said = broken_promises()

    assert promises[3]
    assert "was skipped, and ordered" in said


def test_a_pause_of_the_plan_that_is_ignored_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.engine.model.pause.PlanPause.covers",
        lambda *_: False,
    )

    promises, said = broken_promises()

    assert promises[3]
    assert "was skipped, and ordered" in said


def test_what_is_told_overdue_again_after_a_start_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = Ledger.__init__

    def forget(
        self: Ledger,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
        deadlines: Deadlines,
        *rest: int,
    ) -> None:
        begin(self, replace(stored, overdue=()), history, now, deadlines, *rest)

    monkeypatch.setattr(Ledger, "__init__", forget)

    assert "was told overdue 2 times" in said_of(MORE)


def test_what_is_told_overdue_though_it_was_fed_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(OverdueMeals, "_happened", lambda *_: False)

    promises, said = broken_promises()

    assert promises[3]
    assert "was told overdue, and was fed" in said


def test_a_date_that_is_fed_at_both_of_its_times_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    occurrences = recurrence.occurrences
    settled = Occurrences.settled

    def both(
        meal: Any, start: float, end: float, place: Any
    ) -> Iterator[recurrence.Occurrence]:
        never_moved = {
            day: replace(other, time="") for day, other in meal.overrides.items()
        }
        found = {
            (one.at, one.nominal): one
            for plan in (meal, replace(meal, overrides=never_moved))
            for one in occurrences(plan, start, min(end, start + 90_000.0), place)
        }
        yield from (found[key] for key in sorted(found))

    def of_that_time(self: Occurrences, date: Any, node: str = "") -> Any:
        found = settled(self, date, node)
        return found if found is None or found.nominal == date.nominal else None

    monkeypatch.setattr(f"{Occurrences.__module__}.occurrences", both)
    monkeypatch.setattr(Occurrences, "settled", of_that_time)

    promises, said = broken_promises()

    assert promises[2]
    assert "twice, as two commands" in said


def test_what_is_never_told_overdue_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OverdueMeals, "_look", lambda *_: None)

    assert "was never told overdue" in said_of(MORE)
