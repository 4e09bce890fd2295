"""Runs of valves that a node would refuse: refused before anything is stored."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.events import PutMeals
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal, Rule

from ..calls import Act, actions_of
from ..conftest import SetUp
from ..nodes import settled
from ..others import ORCHARD

LAWN = {"name": "Lawn", "time": "06:00", "params": {"valve": 0, "duration": 1800}}
BED = {"name": "Bed", "time": "07:00", "params": {"valve": 1, "duration": 600}}
WEDNESDAY = "2026-06-03"


@pytest.fixture
async def orchard(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp
) -> MockConfigEntry:
    """A station at noon in UTC, whose node keeps a plan."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-06-02T12:00+00:00")
    nodes = {"1": {"title": "Apples", "fields": {"slots": 8}}}
    return await set_up(**{**ORCHARD, "nodes": nodes})


@pytest.fixture
def act(hass: HomeAssistant, orchard: MockConfigEntry) -> Act:
    """Calls an action of the station's device."""
    return actions_of(hass, orchard)


def plan(orchard: MockConfigEntry) -> dict[str, Meal]:
    return dict(orchard.runtime_data.engine.ledger.meals)


async def test_a_meal_at_the_time_of_another_is_refused_and_says_which(
    orchard: MockConfigEntry, act: Act
) -> None:
    await act("schedule", **LAWN)
    bed = (await act("schedule", **BED))["meal_id"]
    before = plan(orchard)
    for changed in ({**BED, "time": "06:20"}, {"meal_id": bed, "time": "06:29"}):
        with pytest.raises(ServiceValidationError) as refused:
            await act("schedule", **changed)

        assert refused.value.translation_key == "plan_overlaps"
        said = refused.value.translation_placeholders or {}
        assert {said["meal"], said["other"]} == {"Lawn", "Bed"}
        assert WEDNESDAY[-2:].lstrip("0") in said["time"]
    assert plan(orchard) == before
    await act("schedule", meal_id=bed, time="06:30")


async def test_what_is_skipped_for_another_is_not_put_back_beside_it(
    orchard: MockConfigEntry, act: Act
) -> None:
    lawn = (await act("schedule", **LAWN))["meal_id"]
    await act("skip_meal", meal_id=lawn, date=WEDNESDAY)
    once = {"from": WEDNESDAY, "until": WEDNESDAY}
    bed = (await act("schedule", **{**BED, "time": "06:00"}, **once))["meal_id"]
    before = plan(orchard)
    with pytest.raises(ServiceValidationError) as refused:
        await act("unskip_meal", meal_id=lawn, date=WEDNESDAY)
    assert refused.value.translation_key == "plan_overlaps"
    assert plan(orchard) == before

    await act("unschedule", meal_id=bed)
    await act("unskip_meal", meal_id=lawn, date=WEDNESDAY)


class TestAPlanThatWasWrongBefore:
    """Two pairs of runs that overlap, as an earlier version took them."""

    @pytest.fixture(autouse=True)
    async def _plan(self, hass: HomeAssistant, orchard: MockConfigEntry) -> None:
        coordinator = orchard.runtime_data
        runs = {"a": "06:00", "b": "06:05", "c": "08:00", "d": "08:05"}
        coordinator.handle(PutMeals(tuple(map(a_run, runs, runs.values()))))
        await settled(hass, coordinator)
        assert plan(orchard).keys() == runs.keys()

    async def test_can_be_mended_one_after_the_other(
        self, orchard: MockConfigEntry, act: Act
    ) -> None:
        await act("schedule", meal_id="b", time="07:00")
        await act("schedule", meal_id="c", enabled=False)

        assert plan(orchard)["b"].rule.time == "07:00"
        assert not plan(orchard)["c"].enabled

    async def test_takes_one_more_beside_them(
        self, orchard: MockConfigEntry, act: Act
    ) -> None:
        more = (await act("schedule", **{**BED, "time": "10:00"}))["meal_id"]
        await act("skip_meal", meal_id=more, date=WEDNESDAY)
        await act("unskip_meal", meal_id=more, date=WEDNESDAY)

        assert not plan(orchard)[more].overrides

    async def test_is_not_made_worse(self, orchard: MockConfigEntry, act: Act) -> None:
        before = plan(orchard)
        with pytest.raises(ServiceValidationError) as refused:
            await act("schedule", meal_id="b", time="08:02")

        assert refused.value.translation_key == "plan_overlaps"
        said = refused.value.translation_placeholders or {}
        assert "b" in {said["meal"], said["other"]}
        assert plan(orchard) == before


def a_run(name: str, time: str) -> Meal:
    return Meal(
        id=name,
        name=name,
        kind="open_valve",
        rule=Rule(time, frozenset(WEEKDAYS)),
        params={"valve": 0, "duration": 600},
    )
