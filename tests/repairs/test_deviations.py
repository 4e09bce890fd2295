"""What a node is about to do otherwise than planned is said before it does it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.events import SkipMeal

from ..calls import actions_of
from ..conftest import SetUp
from ..nodes import pass_time, settled, speak_german
from ..others import PETS, Feeder
from ..repairing import issues, keys

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 2, 12, tzinfo=BERLIN)
BREAKFAST = datetime(2026, 6, 3, 8, tzinfo=BERLIN)
HALF_AN_HOUR = timedelta(minutes=30)


class Pets:
    """A feeder that holds breakfast, and was silent since."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, clock: FrozenDateTimeFactory
    ) -> None:
        self._hass, self._clock = hass, clock
        self.station = entry.runtime_data

    async def skip(self) -> None:
        (meal,) = self.station.engine.ledger.meals
        self.station.handle(SkipMeal(meal, date(2026, 6, 3)))
        await settled(self._hass, self.station)

    async def until(self, moment: datetime) -> None:
        now = datetime.now(BERLIN)
        await pass_time(self._hass, self._clock, (moment - now).total_seconds())
        await settled(self._hass, self.station)

    @property
    def issue(self) -> ir.IssueEntry:
        (found,) = (
            each
            for each in issues(self._hass)
            if each.translation_key == "plan_deviates"
        )
        return found


@pytest.fixture
async def pets(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> Pets:
    """A station whose feeder has taken the plan."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOON)
    entry = await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    await feeder.tell_all()
    meal = {"name": "Breakfast", "time": "08:00", "portions": 2}
    await actions_of(hass, entry)("schedule", **meal)
    await feeder.obey(entry.runtime_data)
    assert entry.runtime_data.engine.ledger.open == {}
    return Pets(hass, entry, freezer)


async def test_a_skip_that_did_not_reach_its_node_is_said_half_an_hour_before(
    hass: HomeAssistant, pets: Pets
) -> None:
    await pets.skip()
    await pets.until(BREAKFAST - HALF_AN_HOUR - timedelta(seconds=1))
    assert "plan_deviates" not in keys(hass)

    await pets.until(BREAKFAST - HALF_AN_HOUR + timedelta(seconds=1))
    issue = pets.issue
    assert not issue.is_fixable
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["station"] == "Pets"
    assert issue.translation_placeholders["known"] == (
        '- 2026-06-03 08:00: "Breakfast: 2 portions" will happen, though it is skipped.'
    )


async def test_it_is_said_in_the_language_of_the_house(
    hass: HomeAssistant, pets: Pets
) -> None:
    await speak_german(hass)
    await pets.skip()
    await pets.until(BREAKFAST - HALF_AN_HOUR + timedelta(seconds=1))

    assert pets.issue.translation_placeholders is not None
    assert pets.issue.translation_placeholders["known"] == (
        "- 03.06.2026, 08:00: „Breakfast: 2 Portionen“ wird ausgeführt, "
        "obwohl das übersprungen werden soll."
    )


async def test_it_is_said_no_longer_when_the_date_is_over(
    hass: HomeAssistant, pets: Pets
) -> None:
    await pets.skip()
    await pets.until(BREAKFAST - HALF_AN_HOUR + timedelta(seconds=1))
    assert "plan_deviates" in keys(hass)

    await pets.until(BREAKFAST + timedelta(minutes=5, seconds=1))
    assert "plan_deviates" not in keys(hass)


async def test_it_is_said_no_longer_when_the_node_has_the_plan(
    hass: HomeAssistant, pets: Pets, mqtt_mock: Any
) -> None:
    await pets.until(BREAKFAST - timedelta(minutes=20))
    feeder = Feeder(hass, mqtt_mock)
    await pets.skip()
    await pets.until(BREAKFAST - timedelta(minutes=9))
    assert "plan_deviates" in keys(hass)

    await feeder.tell_all()
    await feeder.obey(pets.station)
    assert "plan_deviates" not in keys(hass)
