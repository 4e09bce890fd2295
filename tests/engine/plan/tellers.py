"""Feeders that keep the plan and tell what they dispensed."""

from __future__ import annotations

from dataclasses import replace

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import Dispensed
from tests.engine.driver import Driver, a_station, policies
from tests.engine.plan.meal_samples import a_meal, utc

MORNING = utc("2026-07-20T07:00")
MIDNIGHT = utc("2026-07-21T00:00")
EIGHT = utc("2026-07-20T08:00")


class Feeder(Driver):
    """Drives feeders that keep the plan and tell what they dispensed."""

    def __init__(
        self, *meals: Meal, keeper: PlanKeeper = PlanKeeper.NODES_THAT_TELL
    ) -> None:
        super().__init__(
            a_station(
                nodes=("1", "2"),
                policies=policies(feed={}),
                words={"plan_keeper": keeper},
            ),
            wall=MORNING,
        )
        self.connect()
        for meal in meals or (replace(a_meal("08:00"), nodes=("1",)),):
            self.tell(PutMeal(meal))

    def until(self, wall: float) -> None:
        self.advance(wall - self.now.wall)

    def fed(
        self,
        started_at: float,
        node: str = "1",
        *,
        planned: bool = True,
        reason: str = "",
    ) -> None:
        self.tell(
            Dispensed(
                node=node,
                started_at=started_at,
                planned=planned,
                grams=12.0,
                reason=reason,
            )
        )

    def records(self, node: str = "1") -> list[Command]:
        assert not self.engine.ledger.open
        return [
            command
            for _, command in sorted(self.engine.ledger.closed.items())
            if command.nodes == (node,)
        ]

    def states(self, node: str = "1") -> list[CommandState]:
        return [command.state for command in self.records(node)]
