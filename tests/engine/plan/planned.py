"""A station with meals, for tests of what becomes of their dates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.effects import MealPut
from custom_components.mqtt_dispatch.engine.model.events import AnswerOverdue, PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import Became, LateAnswer, Rule
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.engine.plan.outcomes import became
from tests.engine.driver import HOUR, Driver


def put(
    driver: Driver,
    when: str | Rule = "13:00",
    *,
    meal_id: str = "",
    portions: int = 2,
    **fields: Any,
) -> str:
    """Put a meal, by default in an hour after noon; return its id."""
    rule = new_rule(time=when) if isinstance(when, str) else when
    meal = new_meal(
        meal_id=meal_id,
        name="Lunch",
        rule=rule,
        params={"portions": portions},
        **fields,
    )
    (put,) = (
        effect for effect in driver.tell(PutMeal(meal)) if isinstance(effect, MealPut)
    )
    return put.meal_id


def all_of(driver: Driver, meal_id: str) -> list[Command]:
    """Return the commands of a meal, the oldest first."""
    ledger = driver.engine.ledger
    every: Iterable[Command] = (*ledger.open.values(), *ledger.closed.values())
    of_meal = [
        command
        for command in every
        if command.meal is not None and command.meal.meal_id == meal_id
    ]
    return sorted(of_meal, key=lambda command: command.id)


def overdue(driver: Driver) -> list[str]:
    """Return the dates that are overdue and of which nobody has said anything."""
    return [
        meal.nominal
        for meal in driver.engine.ledger.overdue.values()
        if meal.answer is None
    ]


def answer(driver: Driver, meal_id: str, said: LateAnswer, nominal: str = "") -> None:
    """Have a person say what is to become of the date of a meal that is overdue."""
    meal = driver.engine.ledger.overdue[meal_id, ""]
    driver.tell(AnswerOverdue(meal_id, nominal or meal.nominal, said, by="Ann"))


def dates(driver: Driver, meal: str) -> dict[str, Became]:
    """Return what became of the dates that were dealt with, by the latest command."""
    return {
        command.meal.date: became(command)
        for command in all_of(driver, meal)
        if command.meal is not None
    }


def day_by_day(driver: Driver, days: int) -> None:
    """Let days pass on which nodes are there each hour, and do what they are told."""
    driver.reporting = ()
    driver.connect()
    for _ in range(24 * days):
        driver.advance(HOUR - driver.station.settings.debounce)
        driver.ready()
        driver.advance(driver.station.settings.debounce)
        for command in tuple(driver.engine.ledger.open.values()):
            driver.done(command.id)
