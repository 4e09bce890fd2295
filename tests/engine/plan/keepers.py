"""Two nodes that run a plan by themselves, by what they were last given of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, override

from custom_components.mqtt_dispatch.engine.model.events import SkipMeal, UnskipMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal
from custom_components.mqtt_dispatch.engine.model.step import Run, Wanted
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.engine.plan.feeders import Feeders

NODES = ("1", "2")


class Keepers(Feeders):
    """Drives nodes that begin with their plan anew each week, or in `days`.

    They count local time by the offset that they were told with the plan, and take what
    they are sent at once, as long as they are `reachable`.
    """

    def __init__(self, wall: float, days: int = 7, **numbers: Any) -> None:
        self.holds: dict[str, Mapping[str, Any]] = {}
        self.ran: dict[str, list[str]] = {node: [] for node in NODES}
        """What each ran, and when by the owner's clock."""
        self.reachable = True
        words = {"runs": self._runs, "plan_cycle": days}
        super().__init__(
            wall, words=words, max_age=9e9, online_age=9e9, **{"late": 0.0} | numbers
        )
        self.reporting = ()

    @override
    def _wanted(self, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
        offset = datetime.fromtimestamp(wall, self.zone).utcoffset()
        assert offset is not None
        found = []
        for node in NODES:
            lines = [
                [one.rule.time, _days(one), one.params["portions"]]
                for one in meals
                if one.enabled and node in (one.nodes or NODES)
            ]
            params = {"lines": lines, "ahead": offset.total_seconds()}
            found.append(
                Wanted(node=node, kind="set_plan", params=params, holds=bool(lines))
            )
        return tuple(found)

    def _runs(
        self, _kind: str, params: Mapping[str, Any], start: float, end: float
    ) -> Iterator[Run]:
        ahead = params["ahead"]
        for day in range(int((start + ahead) // DAY), int((end + ahead) // DAY) + 1):
            for time, days, portions in params["lines"]:
                hour, minute = map(int, time.split(":"))
                at = day * DAY + hour * HOUR + minute * MINUTE - ahead
                if WEEKDAYS[(day + 3) % 7] in days and start < at <= end:
                    yield at, {"portions": portions}

    def live(self, until: float) -> None:
        """Let the nodes live until then, in unix seconds."""
        while self.now.wall < until:
            before = self.now.wall
            if self.reachable:
                self._take()
            runs = {
                node: [*self._runs("", held, before, before + 8 * DAY)]
                for node, held in self.holds.items()
            }
            deadline = self.engine.next_deadline(self.now)
            waits = [at - before for found in runs.values() for at, _ in found]
            waits += [until - before, DAY if deadline is None else deadline]
            self.advance(max(min(waits), 0.001))
            for node, found in runs.items():
                for at, params in found:
                    if at <= self.now.wall:
                        local = datetime.fromtimestamp(at, self.zone)
                        ran = f"{local:%m-%dT%H:%M} {params['portions']}"
                        self.ran[node].append(ran)
        if self.reachable:
            self._take()

    def _take(self) -> None:
        self.all_done()
        for node in NODES:
            done = self.engine.ledger.known.newest_succeeded("set_plan", node)
            if done is not None:
                self.holds[node] = done.params

    def go_away(self) -> None:
        """Have no node be there any more."""
        self.reachable = False
        for node in NODES:
            self.see(node, online=False)

    def be_back(self) -> None:
        self.reachable = True
        self.ready()
        self.advance(1.0)

    def be_back_after_restart(self) -> None:
        """Connect, and let the nodes take what they are sent."""
        self.connect()
        self.be_back()
        self._take()

    def skip(self, day: str = "", meal_id: str = "breakfast") -> None:
        self.tell(SkipMeal(meal_id, date.fromisoformat(day) if day else None))

    def unskip(self, day: str, meal_id: str = "breakfast") -> None:
        self.tell(UnskipMeal(meal_id, date.fromisoformat(day)))

    def warned(self) -> list[str]:
        """Return what people are told that nodes will do otherwise."""
        return [
            f"{each.node} {'runs' if each.runs else 'leaves out'} {each.meal_id}"
            f"{' skipped' if each.skipped else ''} "
            f"{datetime.fromtimestamp(each.at, self.zone):%m-%dT%H:%M}"
            for each in self.engine.plan.deviations.found
        ]


def _days(line: Meal) -> str:
    return " ".join(day for day in WEEKDAYS if day in line.rule.weekdays)
