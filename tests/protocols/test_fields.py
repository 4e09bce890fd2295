"""Numbers as people and templates write them, and what is said of others."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.protocols.fields import Decimal, TimeOfDay, Whole
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


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("08:00", "08:00"),
        ("8:05", "08:05"),
        ("08:05:00", "08:05"),
        ("23:59", "23:59"),
        ("00:00", "00:00"),
    ],
)
def test_a_time_of_day_has_one_spelling(value: str, meant: str) -> None:
    assert TimeOfDay().check("time", value) == meant


@pytest.mark.parametrize(
    "value",
    [
        "24:00",
        "25:00",
        "08:60",
        "8",
        "08:00:30",
        "\u0660\u0668:\u0660\u0660",
        "",
        480,
        None,
        True,
    ],
)
def test_what_is_no_time_of_day_is_refused(value: object) -> None:
    with pytest.raises(InvalidCommand) as refused:
        TimeOfDay().check("time", value)
    assert refused.value.code == "invalid_time_of_day"
