"""Compares what a house did with what it should have done."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from simulation.years.account import Account, Became, Missed
from simulation.years.house import House

_SOON = 1.0
"""Seconds that do not matter."""
_TOLD_FOR = 2 * 86_400.0
"""After which nobody is told any more what he can do nothing about."""
_SHOWN = 8


def compare(
    account: Account, house: House, away: list[tuple[float, float]]
) -> list[str]:
    """Return what is different, the first of it first; `away`: when it was off."""
    found = [(0.0, what) for what in house.others]
    wanted, done = (
        Counter(_round(one) for one in entries)
        for entries in (account.entries, house.entries)
    )
    found += [(one.at, f"did not: {_words(one)}") for one in wanted - done]
    found += [(one.at, f"did: {_words(one)}") for one in done - wanted]
    found += _overdue(account, house, away)
    found.sort()
    return [what for _, what in found][:_SHOWN]


def _overdue(
    account: Account, house: House, away: list[tuple[float, float]]
) -> list[tuple[float, str]]:
    """Hold what was told overdue to what was missed: each once, nothing else."""
    found = []
    told = Counter((one.meal_id, one.nominal) for one in house.overdue)
    found += [
        (one.at, f"told {told[one.meal_id, one.nominal]} times overdue: {one}")
        for one in house.overdue
        if told[one.meal_id, one.nominal] > 1
    ]
    at = {(one.meal_id, one.nominal): one.at for one in house.overdue}
    for missed in account.missed:
        became = missed.became
        wanted = _told_at(missed, away)
        was = at.pop((became.meal_id, became.nominal), None)
        if account.was_changed(became.meal_id, missed.due - _SOON, wanted + _SOON):
            continue
        if was is None:
            if not _need_not_be_told(missed, wanted, account, house):
                found.append((wanted, f"never told overdue: {_words(became)}"))
        elif abs(was - wanted) > _SOON:
            late = f"{was - wanted:.0f} s too late"
            found.append((was, f"told overdue {late}: {_words(became)}"))
    found += [
        (one, f"told overdue, and was not missed: {key}") for key, one in at.items()
    ]
    return found


def _told_at(missed: Missed, away: list[tuple[float, float]]) -> float:
    at = max(missed.by, missed.became.at)
    for began, back in away:
        if began < at < back:
            return back
    return at


def _need_not_be_told(
    missed: Missed, at: float, account: Account, house: House
) -> bool:
    """Whether it was fed otherwise, is too long ago, or a later date tells as much."""
    return (
        at - missed.due > _TOLD_FOR - _SOON
        or any(missed.due < fed <= at for fed in house.fed_by_hand)
        or any(
            due > missed.due and due + (missed.by - missed.due) <= at
            for due in account.came.get(missed.became.meal_id, ())
        )
        or at > account.at
    )


def _round(one: Became) -> Became:
    return one._replace(at=float(int(one.at)))


def _words(one: Became) -> str:
    at = datetime.fromtimestamp(one.at, UTC)
    return (
        f"{one.what} meal {one.meal_id} of {one.nominal}, {one.portions} portions,"
        f" at {at:%Y-%m-%d %H:%M:%S} UTC"
    )
