"""A station of which commands go to a node in several messages."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Readings,
)
from custom_components.mqtt_dispatch.engine.model.step import Step
from tests.engine.driver import Driver, a_station, policies


def as_many_as_told(
    command: Command, _node: str, readings: Readings
) -> tuple[Step, ...]:
    """Three messages, or one where the node says that it knows no more."""
    if readings.get("fw") == "old":
        return (Step(),)
    return (Step(),) * int(command.params.get("steps", 3))


def a_driver(**numbers: Any) -> Driver:
    rules = policies(
        set_schedule={"done_timeout": 60.0}, operate={"done_timeout": 60.0}, ping={}
    )
    driver = Driver(
        a_station(policies=rules, words={"steps": as_many_as_told}, **numbers)
    )
    driver.all_ready()
    return driver


def take(driver: Driver, command_id: int, *steps: int, node: str = "1") -> None:
    for step in steps:
        driver.tell(Accepted(node, command_id, step))


def do(driver: Driver, command_id: int, *steps: int, node: str = "1") -> None:
    for step in steps:
        driver.tell(Done(node, command_id, step))
