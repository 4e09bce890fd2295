"""All numbers of all protocols: steps that fit their ranges, and what they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.protocols.actuator import Amount
from tests.nonempty import some

from ..calls import attribute, shown, use


def numbers(hass: HomeAssistant) -> list[er.RegistryEntry]:
    """Return the numbers that there are."""
    return [
        entity
        for entity in er.async_get(hass).entities.values()
        if (entity.platform, entity.domain) == (DOMAIN, "number")
    ]


async def test_what_steps_lead_to_is_what_a_person_would_write(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    for number in some(numbers(hass)):
        state = hass.states.get(number.entity_id)
        assert state is not None
        minimum, maximum, step = (
            Decimal(str(state.attributes[name])) for name in ("min", "max", "step")
        )
        assert minimum % step == maximum % step == 0, number.entity_id
        assert step <= maximum - minimum, number.entity_id


@pytest.mark.parametrize(
    ("minimum", "maximum", "usual", "step"),
    [
        (1, 50, 1, 1),
        (0, 100, 0, 1),
        (0.1, 500, 1, 0.1),
        (1, 60, 2.25, 0.01),
        (0.5, 1.5, 1.0, 0.1),
        (1.0, 2.0, 1.0, 1),
    ],
)
def test_a_step_is_as_fine_as_the_limits_are_written(
    minimum: float, maximum: float, usual: float, step: float
) -> None:
    amount = Amount(param="x", minimum=minimum, maximum=maximum, usual=usual, unit="mL")
    assert amount.step == step


def test_a_step_is_what_an_order_must_be_a_multiple_of() -> None:
    amount = Amount(
        param="x", minimum=60, maximum=600, usual=120, unit="min", per_unit=60, every=60
    )
    assert amount.step == 60


async def test_what_they_are_is_said_as_home_assistant_says_it(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    def said(name: str) -> tuple[Any, Any]:
        state = hass.states.get(f"number.{name}")
        assert state is not None
        found = state.attributes
        return found.get("device_class"), found.get("unit_of_measurement")

    assert said("orchard_apples_valve_0_run_time") == ("duration", "s")
    assert said("glasshouse_nutrients_main_run_time") == ("duration", "s")
    assert said("glasshouse_nutrients_acid_dose") == ("volume", "mL")
    assert said("glasshouse_nutrients_fan_power") == (None, "%")
    assert said("kitchen_portions") == (None, None)


async def test_steps_are_as_fine_as_what_a_command_can_say(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    steps = {
        "kitchen_portions": 1,
        "orchard_apples_valve_0_run_time": 1,
        "glasshouse_nutrients_main_run_time": 0.001,
    }
    for name, step in steps.items():
        assert attribute(hass, f"number.{name}", "step") == step


async def test_what_is_set_up_once_is_a_configuration(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    registry = er.async_get(hass)
    for entity_id, category in (
        ("number.orchard_apples_valve_0_run_time", EntityCategory.CONFIG),
        ("switch.pets_cat_front_button", EntityCategory.CONFIG),
        ("button.orchard_shade_calibrate_curtain", EntityCategory.CONFIG),
        ("number.glasshouse_nutrients_acid_dose", None),
        ("switch.glasshouse_nutrients_heater", None),
        ("button.glasshouse_nutrients_dose_with_acid", None),
        ("cover.orchard_shade_curtain", None),
    ):
        entity = registry.async_get(entity_id)
        assert entity is not None
        assert entity.entity_category is category, entity_id


@pytest.mark.parametrize(
    ("entity_id", "value", "key"),
    [
        ("number.kitchen_portions", 1.5, "invalid_number"),
        ("number.orchard_apples_valve_0_run_time", 90.5, "invalid_number"),
        ("number.glasshouse_nutrients_main_run_time", 1.0005, "invalid_number"),
        ("number.glasshouse_nutrients_main_run_time", 0.0005, None),
    ],
)
async def test_what_a_command_could_not_say_is_refused_when_it_is_chosen(
    hass: HomeAssistant,
    everywhere: list[MockConfigEntry],
    entity_id: str,
    value: float,
    key: str | None,
) -> None:
    before = shown(hass, entity_id)
    with pytest.raises(ServiceValidationError) as refused:
        await use(hass, "number.set_value", entity_id, value=value)
    assert key in (None, refused.value.translation_key)
    assert shown(hass, entity_id) == before
