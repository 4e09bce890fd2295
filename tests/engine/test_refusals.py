"""What is refused leaves the engine exactly as it was, deep inside too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.command import (
    HIGHEST_ID,
    Cause,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    Cancel,
    ConfirmRestore,
    Enqueue,
    Event,
    Finish,
    PutMeal,
    Refused,
    RemoveMeal,
    Resolve,
    SkipMeal,
    UnskipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import LateAnswer, Meal, Rule
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Dispensed,
    Done,
    Failed,
    Rejected,
)
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import DAY, NODES, Driver, a_station
from tests.engine.picture import picture
from tests.engine.plan.meal_samples import a_meal

CODES = {
    "already_closed",
    "already_sent",
    "date_is_over",
    "feeds_per_hour",
    "feeds_waiting",
    "in_doubt",
    "minimum_gap",
    "no_next_date",
    "no_next_meal",
    "no_such_date",
    "node_needed",
    "not_ended",
    "not_overdue",
    "not_restored",
    "not_unconfirmed",
    "nothing_to_finish",
    "nothing_to_skip",
    "out_of_ids",
    "portions_per_day",
    "portions_planned",
    "queue_full",
    "unknown_command",
    "unknown_kind",
    "unknown_meal",
    "unknown_node",
}
HIGHEST_NUMBER = 5
"""Orders are counted from the first id that the station gives."""


@dataclass
class Story:
    """A station in which things happen by chance, and what it refused meanwhile."""

    chance: Random
    first: int
    driver: Driver
    refused: set[str] = field(default_factory=set)

    def ask(self, wish: Event) -> None:
        before = self._seen()
        try:
            self.driver.tell(wish)
        except Refused as refusal:
            assert self._seen() == before, f"{wish} was refused and changed something"
            self.refused.add(refusal.code)

    def _seen(self) -> tuple[object, ...]:
        engine, now = self.driver.engine, self.driver.now
        return (
            engine.snapshot(),
            engine.next_deadline(now),
            view(engine, now),
            picture(engine),
        )

    def a_wish(self) -> Event:
        any_of = self.chance.choice
        kind = any_of([*4 * ["feed"], "ping", "reboot", "reboot", "dance"])
        order = Enqueue(
            kind=kind,
            params={"portions": any_of([1, 2, 3])} if kind == "feed" else {},
            nodes=any_of([*3 * [NODES], ("2",), ("3",), ()]),
            cause=Cause.ACTION,
            off_next_meal=kind == "feed" and any_of([True, False, False]),
        )
        meal_id = any_of(["breakfast", "breakfast", "lunch"])
        day = any_of([None, date(2026, 7, 20), date(2026, 7, 20), date(2026, 7, 22)])
        others: list[Event] = [
            Cancel(self._any_id()),
            Resolve(self._any_id(), any_of([*Outcome])),
            Finish(self._any_id()),
            ConfirmRestore(any_of([True, False])),
            PutMeal(a_meal(any_of(["12:01", "18:00"]))),
            PutMeal(a_meal(meal_id="")),
            PutMeal(a_meal("18:00", meal_id="lunch", enabled=any_of([True, False]))),
            PutMeal(a_meal(weekdays=["tue"])),
            RemoveMeal(any_of([str(self.first), "breakfast"])),
            SkipMeal(meal_id, day),
            SkipMeal("breakfast", date(2026, 7, 20)),
            SkipMeal(meal_id, until=any_of([date(2026, 7, 19), date(2026, 7, 25)])),
            UnskipMeal(meal_id, day),
            self._an_answer(),
            self._an_answer(),
        ]
        return any_of([order, any_of(others)])

    def _an_answer(self) -> AnswerOverdue:
        overdue = [*self.driver.engine.ledger.overdue.values()]
        answer = self.chance.choice([*LateAnswer])
        if not overdue:
            return AnswerOverdue("breakfast", "2026-07-20T12:01", answer)
        meal = self.chance.choice(overdue)
        return AnswerOverdue(meal.meal_id, meal.nominal, answer)

    def happen(self) -> None:
        driver = self.driver
        happens: list[Callable[[], None]] = [
            *4 * [self._hear],
            lambda: driver.advance(self.chance.choice([1.0, 20.0, 100.0, 4000.0])),
            driver.all_ready,
            driver.all_ready,
            driver.disconnect,
            driver.pause,
            driver.go_on,
            driver.crash,
        ]
        self.chance.choice(happens)()

    def _hear(self) -> None:
        """Have a node answer an order, if there is such a one."""
        command_id = self._any_id()
        if self.driver.engine.ledger.find(command_id) is not None:
            answer = self.chance.choice([Accepted, Done, Failed, Rejected])
            self.driver.tell(answer(self.chance.choice(NODES), command_id))

    def _any_id(self) -> int:
        return self.first + self.chance.randrange(HIGHEST_NUMBER)


def test_what_is_refused_leaves_everything_as_it_was() -> None:
    refused: set[str] = set()
    for number in range(80):
        chance = Random(number)
        stored = chance.choice(
            [Snapshot(), Snapshot(in_backup=True), Snapshot(next_id=HIGHEST_ID - 2)]
        )
        guards = chance.choice(
            [
                {},
                {"portions_per_day": 4},
                {"minimum_gap": 4},
                {"feeds_waiting": 1},
                {"feeds_per_hour": 1},
            ]
        )
        limits: dict[str, Any] = {"feeds_waiting": 0, "feeds_per_hour": 0, **guards}
        station = a_station(max_open=3, **limits)
        story = Story(chance, stored.next_id, Driver(station, stored=stored), refused)
        story.driver.all_ready()
        for _ in range(20):
            story.ask(story.a_wish())
            story.happen()

    assert refused == CODES


@pytest.mark.parametrize("keeper", [PlanKeeper.HOME, PlanKeeper.NODES_THAT_TELL])
def test_a_station_without_ids_left_refuses_orders_and_nothing_else(
    keeper: PlanKeeper,
) -> None:
    driver = Driver(
        a_station(words={"plan_keeper": keeper}),
        stored=Snapshot(
            next_id=HIGHEST_ID + 1,
            meals=(
                Meal("1", "", Rule("12:30", frozenset({"mon"})), {}),
                Meal("2", "", Rule("12:00", frozenset({"tue"})), {}),
            ),
        ),
    )
    driver.all_ready()
    driver.advance(2 * DAY)
    fed_at = driver.now.wall
    driver.tell(Dispensed(node="1", started_at=fed_at, planned=True, grams=1.0))
    driver.ready(last_id=HIGHEST_ID)

    with pytest.raises(Refused, match="out_of_ids"):
        driver.feed()
