"""Judges the plan that nodes keep: in the end each holds it, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

from simulation.facts import Facts
from simulation.record import Holds, StationBegan, ZoneSet


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
        places = self._places.get(entry.node, 0)
        wanted = facts.wire.plan(facts.plan, entry.node, seconds, places)
        ever = any(
            command.kind in facts.wire.plan_kinds and entry.node in command.parts
            for command in facts.known.values()
        )
        if wanted is None or not (ever or facts.plan):
            # What a node held before anybody planned something stays its own.
            return
        held = _sorted(json.loads(entry.contents))
        if held != wanted and facts.restores and not facts.knows:
            facts.excuse("a node holds a plan that is newer than a backup put back")
        elif held != wanted:
            what = f"node {entry.node} holds {held} and should hold {wanted}"
            facts.break_promise(5, entry.at, what)


def _sorted(held: Any) -> object:  # noqa: ANN401
    """Return what is held in an order of its own."""
    match held:
        case list():
            return sorted(held)
        case {"entries": list(entries)}:
            return {**held, "entries": sorted(entries)}
    return held
