"""Ten years of a plan are as its owner would have reckoned them; planted bugs show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.ledger.ledger import Ledger
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.meal import Place
from custom_components.mqtt_dispatch.engine.orders.plan_changes import PlanChanges
from custom_components.mqtt_dispatch.engine.plan import recurrence
from custom_components.mqtt_dispatch.engine.plan.occurrences import Occurrences
from simulation.cli import main
from simulation.years.playing import Played, play

pytestmark = pytest.mark.slow


BUSY = 25


def differences(plans: int = 6) -> str:
    """Return all that is different in half a year of a few plans, much changed."""
    found = (play(seed, 0.5, BUSY) for seed in range(plans))
    return "\n".join(what for played in found for what in played.differences)


@pytest.mark.parametrize("seed", range(100, 103))
def test_ten_years_of_a_plan(seed: int) -> None:
    played = play(seed)

    assert not played.differences
    assert played.fed > 100


def test_a_plan_is_the_same_whenever_it_is_played() -> None:
    assert play(7, 0.3) == play(7, 0.3)


def test_plans_that_are_much_changed() -> None:
    assert not differences(plans=12)


def test_the_command_line_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--plans", "1-2", "--years", "0.2"]) == 0
    assert "plans: 2 of 0.2 years" in capsys.readouterr().out


def test_dates_that_are_forgotten_over_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = Ledger.snapshot

    def forget(self: Ledger) -> Snapshot:
        return replace(snapshot(self), occurrences=(), keys=(), meals=_begun(self))

    def _begun(ledger: Ledger) -> tuple[Any, ...]:
        early = ledger.now.wall - 90_000.0
        return tuple(replace(one, begins=early) for one in ledger.meals.values())

    monkeypatch.setattr(Ledger, "snapshot", forget)

    assert "did: " in differences()


def test_a_skip_that_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "_is_skipped", lambda *_: False)

    found = differences()

    assert "did: fed meal" in found
    assert "did not: skipped meal" in found


def test_a_date_that_is_fed_at_both_of_its_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    occurrences = recurrence.occurrences

    def both(*args: Any) -> Iterator[recurrence.Occurrence]:
        meal, *rest = args
        yield from occurrences(meal, *rest)
        never_moved = {
            day: replace(other, time="") for day, other in meal.overrides.items()
        }
        yield from occurrences(replace(meal, overrides=never_moved), *rest)

    monkeypatch.setattr(f"{Occurrences.__module__}.occurrences", both)
    monkeypatch.setattr(Occurrences, "settled", lambda *_: None)

    assert "did: fed meal" in differences(plans=2)


def test_a_change_of_zone_that_loses_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(self: PlanChanges, _before: Place, *rest: Any) -> None:
        ledger = self._ledger
        for meal in tuple(ledger.meals.values()):
            ledger.meals[meal.id] = replace(meal, begins=rest[-1].wall)
        ledger.touch()

    monkeypatch.setattr(PlanChanges, "place_changed", forget)

    assert "did not: " in differences(plans=12)


def test_what_is_told_overdue_again_after_a_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshot = Ledger.snapshot
    monkeypatch.setattr(
        Ledger, "snapshot", lambda self: replace(snapshot(self), overdue=())
    )

    assert "times overdue" in differences(plans=20)


def test_what_is_never_told_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "raise_overdue", lambda *_: None)

    assert "never told overdue" in differences()


def test_played_counts_what_came() -> None:
    played = play(3, 0.5)

    assert isinstance(played, Played)
    assert played.dates == played.fed + played.skipped + played.missed
