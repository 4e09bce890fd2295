"""A feed that is taken off the next meal, and one for which the plan leaves no room."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.meal import Meal

from ..calls import Act, actions_of
from ..conftest import SetUp


@pytest.fixture
async def kitchen(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp
) -> MockConfigEntry:
    """A station at noon in UTC where an animal gets six portions a day."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-06-02T12:00+00:00")
    return await set_up(options={"portions_per_day": 6})


@pytest.fixture
def act(hass: HomeAssistant, kitchen: MockConfigEntry) -> Act:
    """Calls an action of the station's device."""
    return actions_of(hass, kitchen)


def dinner(kitchen: MockConfigEntry) -> Meal:
    coordinator: DispatchCoordinator = kitchen.runtime_data
    (meal,) = coordinator.engine.ledger.meals.values()
    return meal


async def test_a_feed_that_leaves_no_room_for_dinner_is_refused_and_says_so(
    act: Act,
) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=4)
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=3)

    assert refused.value.translation_key == "portions_planned"
    assert refused.value.translation_placeholders == {
        "limit": "6",
        "given": "0",
        "planned": "4",
    }


async def test_it_can_be_taken_off_dinner(kitchen: MockConfigEntry, act: Act) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=4)
    ordered = await act("feed", portions=3, off_next_meal=True)

    params = dinner(kitchen).overrides["2026-06-02"].params
    assert params is not None
    assert params["portions"] == 1
    await act("cancel_command", command_id=ordered["command_id"])
    assert not dinner(kitchen).overrides


@pytest.mark.parametrize("off_next_meal", [True, False])
async def test_nobody_is_told_to_take_it_off_dinner_where_that_is_not_enough(
    act: Act, off_next_meal: bool
) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=1)
    await act("schedule", name="Late", time="22:00", portions=4)
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=3, off_next_meal=off_next_meal)

    assert refused.value.translation_key == "portions_planned_not_enough"
    assert refused.value.translation_placeholders == {
        "limit": "6",
        "given": "0",
        "planned": "4" if off_next_meal else "5",
    }


async def test_it_is_refused_where_no_meal_is_planned(act: Act) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1, off_next_meal=True)

    assert refused.value.translation_key == "no_next_meal"


async def test_what_is_ordered_for_later_is_taken_off_the_next_meal_after_it(
    kitchen: MockConfigEntry, act: Act
) -> None:
    await act("schedule", name="Dinner", time="18:00", portions=4)
    later = {"portions": 1, "at": "2026-06-02 19:00", "off_next_meal": True}
    ordered = await act("feed", **later)

    (day,) = dinner(kitchen).overrides
    params = dinner(kitchen).overrides[day].params
    assert day == "2026-06-03"
    assert params is not None
    assert params["portions"] == 3
    await act("cancel_command", command_id=ordered["command_id"])
    assert not dinner(kitchen).overrides
