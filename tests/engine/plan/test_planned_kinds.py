"""Whatever is planned replaces, and is replaced by, what is ordered of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from tests.engine.driver import HOUR, Driver, a_station


def valve_key(_kind: str, params: Mapping[str, Any]) -> str:
    return f"valve:{params.get('valve')}"


def test_a_planned_close_undoes_an_open_of_the_same_valve_that_waits() -> None:
    driver = Driver(a_station(words={"key_of": valve_key}))
    meal = new_meal(
        meal_id="",
        name="Evening",
        rule=new_rule(time="13:00"),
        params={"valve": 1},
        kind="close_valve",
        nodes=("1",),
    )
    driver.tell(PutMeal(meal))
    opens = {
        valve: driver.order(
            "open_valve",
            "1",
            params={"valve": valve},
            key=f"valve:{valve}",
            expires_in=2 * HOUR,
        )
        for valve in (1, 2)
    }
    driver.advance(HOUR)
    superseded = driver.command(opens[1])
    assert superseded.state is CommandState.SUPERSEDED
    assert superseded.timeline[-1].cause is Cause.SUPERSEDED
    assert driver.command(opens[2]).state is CommandState.QUEUED


def test_what_is_planned_takes_the_place_of_its_own_like_that_waits() -> None:
    driver = Driver(a_station(words={"key_of": lambda kind, _: kind}))
    for clock in ("13:00", "13:30"):
        meal = new_meal(
            meal_id="",
            name="Noon",
            rule=new_rule(time=clock),
            params={},
            kind="set_schedule",
            nodes=("1",),
        )
        driver.tell(PutMeal(meal))
    driver.advance(2 * HOUR)
    (waits,) = driver.engine.ledger.open.values()
    assert waits.key == "set_schedule"
