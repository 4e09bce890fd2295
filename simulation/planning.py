"""Judges the plan that nodes keep: in the end each holds it, and nothing else.

Nodes know no dates. What is otherwise on one is in what they hold from when they last
ran what comes at that time of their week, or day, until a while after it. Where that
was nothing, or shorter, they hold it once it would have been over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
import json
import math
from typing import Any
from zoneinfo import ZoneInfo

from simulation.dates import WEEK, Coming, coming, is_paused, never, on_day, shown_at
from simulation.facts import Facts
from simulation.record import Holds, StationBegan, ZoneSet

_MINUTE = 60
_OVER_AFTER = 5 * _MINUTE
"""Seconds after which a date is over at a node, too."""
_ON_ITS_WAY = 60 * _MINUTE
"""Seconds for which what a date changes may be on its way to a node."""


class Planning:
    """Compares what nodes hold with what the owner planned."""

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._zone = began.zone
        self._places = dict(began.places)

    def zone_set(self, entry: ZoneSet) -> None:
        self._zone = entry.zone

    def holds(self, entry: Holds) -> None:
        facts = self._facts
        local = datetime.fromtimestamp(entry.wall, ZoneInfo(self._zone))
        offset = local.utcoffset() or timedelta()
        seconds = int(offset.total_seconds())
        moments = range(0, _ON_ITS_WAY, _MINUTE)
        wanted = [self._wanted(entry, entry.wall - ago, seconds) for ago in moments]
        ever = any(
            command.kind in facts.wire.plan_kinds and entry.node in command.parts
            for command in facts.known.values()
            if command.id not in facts.lost
        )
        if wanted[0] is None or not (ever or facts.plan):
            # What a node held before anybody planned something stays its own, as far as
            # a history tells that nobody did.
            return
        held = _sorted(json.loads(entry.contents))
        if held not in wanted and facts.restores and not facts.knows:
            facts.excuse("a node holds a plan that is newer than a backup put back")
        elif held not in wanted:
            what = f"node {entry.node} holds {held} and should hold {wanted[0]}"
            facts.break_promise(5, entry.at, what)

    def _wanted(self, entry: Holds, wall: float, offset: int) -> object:
        facts, places = self._facts, self._places.get(entry.node, 0)
        lines = [line for meal in facts.plan for line in self._lines(meal, wall)]
        return facts.wire.plan(lines, entry.node, offset, places)

    def _lines(
        self, meal: Mapping[str, Any], wall: float
    ) -> Iterator[Mapping[str, Any]]:
        """Yield what a meal is in the week, or the day, that is to come."""
        pause, after = self._facts.plan_pause, wall - _OVER_AFTER
        is_over = pause is None or (pause["until"] or math.inf) <= after
        is_plain = not meal["overrides"] and meal["skipped_until"] is None
        if not meal["enabled"] or (is_plain and is_over):
            yield meal
            return
        days = self._facts.wire.plan_cycle
        found: dict[tuple[str, str], set[str]] = {}
        end = after + (days + 1) * 86_400
        for one in coming(meal, self._zone, never, after, end):
            enters = self._enters(meal, one)
            if enters is not None and enters > after:
                break
            if enters is None or one.skipped or is_paused(pause, one.at):
                continue
            day, clock = date.fromisoformat(one.day), one.nominal[11:]
            weekdays = found.setdefault((clock, json.dumps(one.params)), set())
            weekdays |= {WEEK[(day.weekday() + days * each) % 7] for each in range(7)}
        for (clock, params), weekdays in found.items():
            rule = {**meal["rule"], "time": clock, "weekdays": sorted(weekdays)}
            yield {**meal, "rule": rule, "params": json.loads(params)}

    def _enters(self, meal: Mapping[str, Any], one: Coming) -> float | None:
        """Return from when a node may hold a date; None: clocks never showed that."""
        wire, pause = self._facts.wire, self._facts.plan_pause
        clock = one.nominal[11:]
        day = date.fromisoformat(one.day) - timedelta(days=wire.plan_cycle)
        if (at := shown_at(day, clock, self._zone)) is None:
            return None
        lasts = one.params.get(wire.plan_lasts, 0)
        before = on_day(meal, day, self._zone, never)
        ran = (
            before is not None
            and before.nominal[11:] == clock
            and before.params.get(wire.plan_lasts, 0) >= lasts
            and not (before.skipped or is_paused(pause, before.at))
        )
        return at if ran else at + lasts


def _sorted(held: Any) -> object:  # noqa: ANN401
    """Return what is held in an order of its own."""
    match held:
        case list():
            return sorted(held)
        case {"entries": list(entries)}:
            return {**held, "entries": sorted(entries)}
    return held
