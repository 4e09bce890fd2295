"""What commands for a feeder pair may ask for."""

from __future__ import annotations

import math
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import HIGHEST_ID, WIRE, a_command, sent

# kind, params, what becomes of them
CHECKED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("feed", {"portions": 1}, {"portions": 1, "hopper": 1, "bowl": 1, "pet": 0}),
    (
        "feed",
        {"pet": HIGHEST_ID, "bowl": 3, "hopper": 4, "portions": 50},
        {"portions": 50, "hopper": 4, "bowl": 3, "pet": HIGHEST_ID},
    ),
    ("feed", {"portions": 3.0}, {"portions": 3, "hopper": 1, "bowl": 1, "pet": 0}),
    ("reboot", {}, {}),
    ("operate", {"op": "dc", "on": True}, {"op": "dc", "on": True}),
    ("operate", {"op": "dc", "on": 0}, {"op": "dc", "on": False}),
    (
        "operate",
        {"on": False, "id": 1, "op": "servo"},
        {"op": "servo", "id": 1, "on": False},
    ),
]


@pytest.mark.parametrize(("kind", "params", "checked"), CHECKED)
def test_good_params_come_back_complete(
    kind: str, params: dict[str, Any], checked: dict[str, Any]
) -> None:
    assert WIRE.check(kind, params) == checked


def test_checked_params_are_whole_numbers_and_flags_by_type() -> None:
    fed = WIRE.check("feed", {"portions": 3.0})
    operated = WIRE.check("operate", {"op": "dc", "on": 1})
    assert type(fed["portions"]) is int
    assert operated["on"] is True


NO_PORTIONS: list[Any] = [
    0,
    51,
    -1,
    "two",
    "2.5",
    None,
    True,
    2.5,
    math.nan,
    math.inf,
    10**400,
    10**10_000,
    1e300,
    [],
    {},
]

# kind, params, code, field
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    *(
        ("feed", {"portions": portions}, "invalid_number", "portions")
        for portions in NO_PORTIONS
    ),
    *(
        ("feed", {"portions": 1, field: value}, "invalid_number", field)
        for field, value in (
            ("hopper", 0),
            ("hopper", 5),
            ("bowl", 0),
            ("bowl", 4),
            ("pet", -1),
            ("pet", HIGHEST_ID + 1),
            ("pet", None),
        )
    ),
    ("feed", {}, "missing_field", "portions"),
    ("feed", {"portions": 1, "amount": 2}, "unknown_field", "amount"),
    ("reboot", {"hard": True}, "unknown_field", "hard"),
    ("operate", {}, "missing_field", "op"),
    ("operate", {"op": "servo", "on": True}, "missing_field", "id"),
    ("operate", {"op": "servo", "id": 1}, "missing_field", "on"),
    ("operate", {"op": "dc", "id": 1, "on": True}, "unknown_field", "id"),
    ("operate", {"op": "servo", "id": 0, "on": True}, "invalid_number", "id"),
    ("operate", {"op": "servo", "id": 5, "on": True}, "invalid_number", "id"),
    ("operate", {"op": "reboot", "on": True}, "invalid_choice", "op"),
    ("operate", {"op": None, "on": True}, "invalid_choice", "op"),
    ("operate", {"op": ["dc"], "on": True}, "invalid_choice", "op"),
    ("operate", {"op": "dc", "on": "on"}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": 2}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": 1.0}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": None}, "invalid_choice", "on"),
]


@pytest.mark.parametrize(
    ("kind", "params", "code", "field"),
    REFUSED,
    ids=[
        f"{kind}-{code}-{field}-{n}" for n, (kind, _, code, field) in enumerate(REFUSED)
    ],
)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


@pytest.mark.parametrize("kind", ["dose", "", "Feed"])
def test_a_kind_the_nodes_do_not_know_is_refused(kind: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, {})
    assert refused.value.code == "unknown_kind"
    assert refused.value.placeholders == {"kind": kind}


def test_a_stored_command_that_makes_no_sense_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidCommand):
        sent(a_command("feed", {"portions": 51}), "1")


def test_a_refusal_names_what_is_allowed() -> None:
    with pytest.raises(InvalidCommand) as number:
        WIRE.check("feed", {"portions": 51})
    with pytest.raises(InvalidCommand) as choice:
        WIRE.check("operate", {"op": "saw", "on": True})
    assert number.value.placeholders == {
        "field": "portions",
        "minimum": "1",
        "maximum": "50",
        "value": "51",
    }
    assert choice.value.placeholders == {
        "field": "op",
        "choices": "servo, dc",
        "value": "saw",
    }
