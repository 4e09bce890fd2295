"""Numbers as people and templates write them, and what is said of others."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.protocols.fields import Decimal, Whole
from custom_components.mqtt_dispatch.protocols.params import Field, InvalidCommand

WHOLE, DECIMAL = Whole(1, 50), Decimal(0.5, 5)
ABOVE = Decimal(0, 5, above=True)


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        (WHOLE, "3", 3),
        (WHOLE, " 3 ", 3),
        (WHOLE, "3.0", 3),
        (WHOLE, "+3", 3),
        (WHOLE, 3.0, 3),
        (DECIMAL, "2", 2),
        (DECIMAL, "2.5", 2.5),
        (ABOVE, "0.1", 0.1),
    ],
)
def test_a_number_may_come_as_a_text(field: Field, value: object, meant: float) -> None:
    found = field.check("x", value)
    assert found == meant
    assert isinstance(found, int) == (field is WHOLE or value == "2")


@pytest.mark.parametrize(
    ("field", "code", "values"),
    [
        (WHOLE, "invalid_number", ["0", "51", "1.5", 1.5, float("inf"), "٣"]),
        (DECIMAL, "invalid_decimal", [0.4, "0.4", "6", float("nan")]),
        (ABOVE, "invalid_decimal_above", [0, "0", "0.0", "-1", 6]),
    ],
)
def test_what_is_no_such_number_is_refused_with_what_is_wanted(
    field: Field, code: str, values: list[object]
) -> None:
    never = ["", " ", "x", "1,5", "1 2", "0x1", "1e1", "nan", "inf", "1_0", True, None]
    for value in [*values, *never, "9" * 1000, [3], {"x": 3}]:
        with pytest.raises(InvalidCommand) as refused:
            field.check("x", value)
        assert refused.value.code == code, value
