"""A station of feeders that hold a plan themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.step import Wanted
from tests.engine.driver import DAY, HOUR, Driver, a_station, policies
from tests.engine.plan.meal_samples import BERLIN, utc

RULES = policies(
    feed={}, set_plan={"expires_in": DAY}, set_utc_offset={}, set_datetime={}
)


def plan_of(meals: Iterable[Meal], zone: Any, wall: float) -> dict[str, Any]:
    offset = datetime.fromtimestamp(wall, zone).utcoffset()
    assert offset is not None
    hours = offset.total_seconds() / HOUR
    return {"lines": [[meal.rule.time, hours] for meal in meals]}


class Feeders(Driver):
    """Drives two feeders that keep the plan themselves."""

    def __init__(
        self,
        wall: float = utc("2026-07-20T12:00"),
        *,
        words: Mapping[str, Any] = MappingProxyType({}),
        **numbers: Any,
    ) -> None:
        self.zone: tzinfo = BERLIN
        station = a_station(
            policies=RULES,
            **numbers,
            words={
                "zone": BERLIN,
                "plan_keeper": PlanKeeper.NODES,
                "wanted": self._wanted,
                "welcome": self._welcome,
                **words,
            },
        )
        super().__init__(station, wall=wall)
        self.all_ready()

    def _wanted(self, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
        return tuple(
            Wanted(
                node=node,
                kind="set_plan",
                params=plan_of(
                    (one for one in meals if node in (one.nodes or ("1", "2"))),
                    self.zone,
                    wall,
                ),
                holds=any(node in (one.nodes or ("1", "2")) for one in meals),
            )
            for node in ("1", "2")
        )

    @staticmethod
    def _welcome(node: str) -> tuple[Wanted, ...]:
        return (
            Wanted(node=node, kind="set_utc_offset", params={"offset": 0}),
            Wanted(node=node, kind="set_datetime", params={}),
        )

    def put(self, meal: Meal) -> None:
        self.tell(PutMeal(meal))

    def all_of(self, kind: str, node: str = "1") -> list[Command]:
        ledger = self.engine.ledger
        commands = {**ledger.closed, **ledger.open}
        return [
            command
            for _, command in sorted(commands.items())
            if command.kind == kind and command.nodes == (node,)
        ]

    def plans(self, node: str = "1") -> list[dict[str, Any]]:
        return [dict(command.params) for command in self.all_of("set_plan", node)]

    def all_done(self) -> None:
        while in_flight := [
            command
            for command in self.engine.ledger.open.values()
            if command.state.in_flight
        ]:
            for command in in_flight:
                self.done(command.id)
