"""`event.meal` tells what became of each date of a meal, once it is on disk."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    Cancel,
    PausePlan,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import LateAnswer

from .calls import Act, actions_of, all_ready, state_of
from .conftest import SetUp
from .nodes import Nodes, pass_time, settled
from .others import FEEDER, ORCHARD, PETS, Feeder

MINUTE = 60
TEA = {"name": "Tea", "time": "14:01", "portions": 2}
TOLD = ("meal_id", "name", "planned", "kind", "node", "command_id", "reason")


def followed(hass: HomeAssistant, entity_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the types and the attributes of what an event tells from now on."""
    found: list[tuple[str, dict[str, Any]]] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.attributes.get("event_type") is not None:
            data = {name: new.attributes[name] for name in TOLD}
            found.append((new.attributes["event_type"], data))

    async_track_state_change_event(hass, entity_id, changed)
    return found


@pytest.fixture
def meals(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> list[tuple[str, dict[str, Any]]]:
    """What is told of the meals of the station."""
    return followed(hass, "event.kitchen_meal")


def types(meals: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [event_type for event_type, _ in meals]


def test_there_is_a_type_for_each_end_of_a_date_and_for_an_overdue_one(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = state_of(hass, "event.kitchen_meal")
    assert state.attributes["event_types"] == [
        "fed",
        "skipped",
        "missed",
        "failed",
        "overdue",
    ]


async def test_a_meal_that_was_fed_is_told_and_a_feed_by_hand_is_none(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    by_hand = (await act("feed", portions=1))["command_id"]
    coordinator.handle(Cancel(by_hand))
    await pass_time(hass, freezer, MINUTE)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert meals == []
    (command_id,) = coordinator.engine.ledger.open
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)

    assert meals == [
        (
            "fed",
            {
                "meal_id": meal_id,
                "name": "Tea",
                "planned": "2026-05-28T14:01:00",
                "kind": "feed",
                "node": None,
                "command_id": command_id,
                "reason": None,
            },
        )
    ]


async def test_a_skipped_meal_is_told_at_its_time_with_why_it_is(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    coordinator.handle(SkipMeal(meal_id))
    await settled(hass, coordinator)
    assert meals == []
    await pass_time(hass, freezer, MINUTE)
    await settled(hass, coordinator)
    assert [(name, data["reason"]) for name, data in meals] == [("skipped", None)]

    coordinator.handle(PausePlan(reason="At Grandma's"))
    await pass_time(hass, freezer, 24 * 60 * MINUTE)
    await settled(hass, coordinator)

    assert [(name, data["reason"]) for name, data in meals[1:]] == [
        ("skipped", "At Grandma's")
    ]
    assert meals[1][1]["planned"] == "2026-05-29T14:01:00"


async def test_who_cancels_a_meal_skips_it_and_who_moves_it_says_nothing(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    await pass_time(hass, freezer, MINUTE)
    await settled(hass, coordinator)
    assert len(coordinator.engine.ledger.open) == 1
    await act("schedule", meal_id=meal_id, time="14:05")
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open == {}
    assert meals == []

    await pass_time(hass, freezer, 5 * MINUTE)
    await settled(hass, coordinator)
    (command_id,) = coordinator.engine.ledger.open
    coordinator.handle(Cancel(command_id, "Anna"))
    await settled(hass, coordinator)

    ((name, data),) = meals
    assert name == "skipped"
    assert data["planned"] == "2026-05-28T14:05:00"
    assert data["reason"] == "Anna cancelled it at 14:06:00."


async def test_a_meal_that_failed_is_told_with_what_its_nodes_said(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    await act("schedule", **TEA)
    await pass_time(hass, freezer, MINUTE)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    (command_id,) = coordinator.engine.ledger.open
    await nodes.refuse(command_id, "1")
    await nodes.done(command_id, "2")
    await settled(hass, coordinator)

    ((name, data),) = meals
    assert name == "failed"
    assert data["command_id"] == command_id
    assert data["reason"] == (
        "Node 1: refused it at 14:01:01. Node 2: said at 14:01:01 that it is done."
    )


async def test_an_overdue_meal_is_told_once_with_what_it_waits_for(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    await nodes.ready()
    await act("schedule", **TEA)
    await pass_time(hass, freezer, 30 * MINUTE)
    assert meals == []
    await pass_time(hass, freezer, MINUTE)
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 10 * MINUTE)
    await settled(hass, coordinator)

    ((name, data),) = meals
    assert name == "overdue"
    assert data["planned"] == "2026-05-28T14:01:00"
    assert [data["command_id"]] == [*coordinator.engine.ledger.open]
    assert data["reason"] == (
        "It still waits: Node 1: last seen at 14:00:00; Node 2: last seen at 14:00:00."
    )


async def test_a_meal_that_a_person_says_was_fed_is_told_as_fed_alone(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
    meals: list[tuple[str, dict[str, Any]]],
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    await pass_time(hass, freezer, 31 * MINUTE)
    await settled(hass, coordinator)
    answer = AnswerOverdue(meal_id, "2026-05-28T14:01", LateAnswer.HAPPENED, by="Anna")
    coordinator.handle(answer)
    await settled(hass, coordinator)

    assert types(meals) == ["overdue", "fed"]
    assert meals[1][1]["reason"] is None


async def test_a_limit_that_refuses_a_meal_is_named(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(options={"portions_per_day": 1})
    meals = followed(hass, "event.kitchen_meal")
    await actions_of(hass, entry)("schedule", **TEA)
    await pass_time(hass, freezer, MINUTE)
    await settled(hass, entry.runtime_data)

    ((name, data),) = meals
    assert name == "failed"
    assert data["reason"] == (
        "It was refused at 14:01:00: that would have been more portions than are"
        " allowed a day."
    )


async def test_a_meal_that_a_feeder_keeps_is_told_of_that_feeder(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    meals = followed(hass, "event.pets_meal")
    await feeder.tell_all()
    await actions_of(hass, entry, FEEDER)("schedule", **TEA)
    await pass_time(hass, freezer, 7 * MINUTE)
    await settled(hass, entry.runtime_data)

    ((name, data),) = meals
    assert name == "missed"
    assert (data["node"], data["kind"]) == (FEEDER, "feed")
    assert data["reason"] == (
        "Cat keeps the plan itself, and has not said that it fed."
    )

    await pass_time(hass, freezer, 25 * MINUTE)
    await settled(hass, entry.runtime_data)
    assert types(meals) == ["missed", "overdue"]
    assert meals[1][1]["node"] == FEEDER
    assert meals[1][1]["reason"].startswith(data["reason"])


async def test_what_feeds_nobody_is_no_meal(hass: HomeAssistant, set_up: SetUp) -> None:
    await set_up(**ORCHARD)
    assert state_of(hass, "event.orchard_plan").name == "Orchard Plan"
    assert state_of(hass, "binary_sensor.orchard_plan_overdue").state == "off"
