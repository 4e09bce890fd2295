"""What commands for feeders may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .site import WIRE

BREAKFAST = {"id": "4", "time": "08:00", "portions": 4, "active": True}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("feed", {}, "missing_field"),
    ("feed", {"portions": 0}, "invalid_number"),
    ("feed", {"portions": 33}, "invalid_number"),
    ("feed", {"portions": 1.5}, "invalid_number"),
    ("feed", {"portions": 1, "hopper": 1}, "unknown_field"),
    ("set_button", {}, "missing_field"),
    ("set_button", {"enable": "yes"}, "invalid_choice"),
    ("set_utc_offset", {"seconds": -50401}, "invalid_number"),
    ("set_utc_offset", {"seconds": 50401}, "invalid_number"),
    ("set_schedule", {}, "missing_field"),
    ("set_schedule", {"entries": "08:00"}, "invalid_list"),
    ("set_schedule", {"entries": [BREAKFAST] * 17}, "invalid_list"),
    ("set_schedule", {"entries": ["08:00"]}, "invalid_object"),
    ("set_schedule", {"entries": [{**BREAKFAST, "time": "8:00"}]}, "invalid_text"),
    ("set_schedule", {"entries": [{**BREAKFAST, "time": "24:00"}]}, "invalid_text"),
    ("set_schedule", {"entries": [{**BREAKFAST, "id": "a b"}]}, "invalid_text"),
    ("set_schedule", {"entries": [{**BREAKFAST, "portions": 0}]}, "invalid_number"),
    ("set_schedule", {"entries": [{"id": "1"}]}, "missing_field"),
    ("set_schedule", {"entries": [{**BREAKFAST, "x": 1}]}, "unknown_field"),
    ("set_budget", {"recipe": "E0000001"}, "missing_field"),
    ("reboot", {"now": True}, "unknown_field"),
    ("dance", {}, "unknown_kind"),
]


@pytest.mark.parametrize(("kind", "params", "code"), REFUSED)
def test_what_makes_no_sense_is_refused(
    kind: str, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert refused.value.code == code


BUDGET = {"tbsp_per_feeding": 1, "g_per_tbsp": 7, "budget_tbsp": 3}


@pytest.mark.parametrize("recipe", ["E000000", "E0000001", "z123456", "AB123456"])
def test_a_recipe_is_one_or_two_letters_and_six_or_seven_digits(recipe: str) -> None:
    params = {"recipe": recipe, **BUDGET}
    assert WIRE.check("set_budget", params) == params


@pytest.mark.parametrize(
    "recipe", ["0000001", "E00000", "AB1234567", "ABC12345", "E12345678", "E00000\n"]
)
def test_anything_else_is_no_recipe(recipe: str) -> None:
    with pytest.raises(InvalidCommand, match="invalid_text"):
        WIRE.check("set_budget", {"recipe": recipe, **BUDGET})


@pytest.mark.parametrize("amount", list(BUDGET))
@pytest.mark.parametrize("value", [0, -1, 1001, "one"])
def test_the_amounts_of_a_budget_are_more_than_nothing(
    amount: str, value: object
) -> None:
    with pytest.raises(InvalidCommand, match="invalid_decimal_above"):
        WIRE.check("set_budget", {"recipe": "E000000", **BUDGET, amount: value})


def test_a_meal_is_active_unless_it_is_said_to_be_not() -> None:
    entry = {"id": "1", "time": "08:00", "portions": 1}
    checked = WIRE.check("set_schedule", {"entries": [entry]})
    assert checked == {"entries": [{**entry, "active": True}]}
    assert WIRE.check("set_schedule", checked) == checked
