"""What was given today in grams: there where the owner says what a portion weighs."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.ordering.commands import async_order

from ..calls import all_ready, shown, state_of
from ..conftest import SetUp
from ..nodes import Nodes, pass_time, settled
from ..others import PETS

GRAMS_TODAY = "sensor.kitchen_grams_today"


async def test_what_was_given_is_weighed_until_midnight(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(options={"portion_grams": 12.5, "food": "Kibble"})
    coordinator, nodes = entry.runtime_data, Nodes(hass, mqtt_mock)
    assert shown(hass, GRAMS_TODAY) == "0"
    await all_ready(hass, freezer, nodes)
    command_id = await async_order(
        coordinator, "feed", {"portions": 3}, (), Cause.ACTION
    )
    await settled(hass, coordinator)
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)

    today = state_of(hass, GRAMS_TODAY)
    assert today.state == "37.5"
    assert today.attributes["unit_of_measurement"] == "g"
    assert today.attributes["device_class"] == "weight"
    assert today.attributes["state_class"] == "total"
    assert today.attributes["last_reset"] == "2026-05-28T00:00:00-07:00"
    assert today.attributes["food"] == "Kibble"

    freezer.move_to("2026-05-29 00:00:00-07:00")
    await pass_time(hass, freezer, 0)
    today = state_of(hass, GRAMS_TODAY)
    assert today.state == "0"
    assert today.attributes["last_reset"] == "2026-05-29T00:00:00-07:00"


async def test_of_food_that_nobody_names_nothing_is_said(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(options={"portion_grams": 10})
    assert "food" not in state_of(hass, GRAMS_TODAY).attributes


@pytest.mark.parametrize(("grams", "precision"), [(10.0, 0), (12.5, 1)])
async def test_tenths_are_shown_where_a_portion_has_some(
    hass: HomeAssistant,
    set_up: SetUp,
    entity_registry: er.EntityRegistry,
    grams: float,
    precision: int,
) -> None:
    await set_up(options={"portion_grams": grams})
    found = entity_registry.async_get(GRAMS_TODAY)
    assert found is not None
    assert found.options["sensor"]["suggested_display_precision"] == precision


async def test_it_comes_and_goes_with_the_weight_of_a_portion(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    assert entity_registry.async_get(GRAMS_TODAY) is None

    for grams in ({"portion_grams": 10.0}, {}, {"portion_grams": 11.0}):
        hass.config_entries.async_update_entry(kitchen, options=grams)
        await hass.async_block_till_done()

        assert (entity_registry.async_get(GRAMS_TODAY) is not None) is bool(grams)
        assert (hass.states.get(GRAMS_TODAY) is not None) is bool(grams)


async def test_feeders_that_weigh_what_they_give_are_not_contradicted(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(**PETS, options={"portion_grams": 10.0})
    assert hass.states.get("sensor.pets_grams_today") is None
    assert hass.states.get("sensor.pets_cat_grams_today") is not None
