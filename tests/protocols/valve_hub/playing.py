"""A hub that is played by hand."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import Meal, Rule
from tests.engine.driver import NOON

from ..played import Played


class Hub(Played):
    """A hub that answers nothing by itself, and the nodes 5 and 6."""

    def __init__(self, zone: str = "UTC", wall: float = NOON, **said: Any) -> None:
        super().__init__("valve_hub", {"5": said, "6": {}}, zone=zone, wall=wall)
        self.say("NODE_LIST 0")
        self.taken()

    def say(self, line: str) -> None:
        self.hear("valvehub/rx", f"{line}\n")

    def lines(self) -> list[str]:
        """Return the lines that went down since this was last asked."""
        sent = self.taken()
        assert all(payload.endswith("\n") for _, payload in sent)
        assert {topic for topic, _ in sent} <= {"valvehub/tx"}
        return [payload.removesuffix("\n") for _, payload in sent]

    def plan(self, *times: str) -> None:
        for time in times:
            meal = Meal(
                id="",
                name=time,
                rule=Rule(time, frozenset({"mon"})),
                params={"valve": 0, "duration": 60},
                nodes=("5",),
            )
            self.tell(PutMeal(meal))

    def latest_plan(self) -> Command:
        plan = self.engine.ledger.known.newest("set_plan", "5")
        assert plan is not None
        return plan
