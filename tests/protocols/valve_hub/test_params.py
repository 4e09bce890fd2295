"""What commands for valve nodes may ask for."""

from __future__ import annotations

import math
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .writing import PLAN, SLOT, WIRE, line

NO_NUMBERS: list[Any] = [
    None,
    True,
    "one",
    "1.5",
    1.5,
    math.nan,
    math.inf,
    -1,
    10**400,
    [],
    {},
]

# kind, good params, field, values beyond its range
RANGES: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("open_valve", {"valve": 0, "duration": 1}, "valve", [64]),
    ("open_valve", {"valve": 63, "duration": 7200}, "duration", [0, 7201]),
    ("close_valve", {"valve": 63}, "valve", [64]),
    ("set_schedule", {"slot": 99, **SLOT}, "slot", [100]),
    ("set_schedule", {"slot": 0, **SLOT, "hour": 23}, "hour", [24]),
    ("set_schedule", {"slot": 0, **SLOT, "minute": 59}, "minute", [60]),
    ("set_schedule", {"slot": 0, **SLOT, "duration": 65535}, "duration", [0, 65536]),
    ("set_schedule", {"slot": 0, **SLOT, "days": 1}, "days", [0, 128]),
    ("set_schedule", {"slot": 0, **SLOT, "valve": 63}, "valve", [64]),
    ("remove_schedule", {"slot": 99}, "slot", [100]),
    ("set_plan", {"clear": 100, "slots": []}, "clear", [101]),
    ("set_plan", {"clear": 1, "slots": []}, "clear", [0]),
    ("set_wake_interval", {"seconds": 10}, "seconds", [9, 3601]),
    ("set_wake_interval", {"seconds": 3600}, "seconds", [0]),
]


@pytest.mark.parametrize(("kind", "params", "field", "beyond"), RANGES)
def test_numbers_are_checked_before_anything_is_stored(
    kind: str, params: dict[str, Any], field: str, beyond: list[Any]
) -> None:
    assert WIRE.check(kind, params) == params
    for value in (*beyond, *NO_NUMBERS):
        with pytest.raises(InvalidCommand) as refused:
            WIRE.check(kind, {**params, field: value})
        assert refused.value.code == "invalid_number"
        assert refused.value.placeholders["field"] == field


@pytest.mark.parametrize(
    ("kind", "params", "code", "field"),
    [
        ("open_valve", {"valve": 0}, "missing_field", "duration"),
        ("open_valve", {"duration": 9}, "missing_field", "valve"),
        ("close_valve", {}, "missing_field", "valve"),
        ("close_valve", {"valve": 0, "duration": 9}, "unknown_field", "duration"),
        ("set_schedule", {"slot": 0}, "missing_field", "hour"),
        ("set_schedule", SLOT, "missing_field", "slot"),
        ("remove_schedule", {}, "missing_field", "slot"),
        ("set_plan", {"slots": []}, "missing_field", "clear"),
        ("set_plan", {"clear": 8}, "missing_field", "slots"),
        ("set_plan", {"clear": 8, "slots": {}}, "invalid_list", "slots"),
        ("set_plan", {"clear": 8, "slots": [SLOT] * 101}, "invalid_list", "slots"),
        ("set_plan", {"clear": 8, "slots": [7]}, "invalid_object", "slots.1"),
        (
            "set_plan",
            {"clear": 8, "slots": [SLOT, {**SLOT, "days": 0}]},
            "invalid_number",
            "slots.2.days",
        ),
        ("set_wake_interval", {}, "missing_field", "seconds"),
        ("set_datetime", {"hour": 1}, "unknown_field", "hour"),
        ("curtain", {}, "missing_field", "action"),
        ("curtain", {"action": "half"}, "invalid_choice", "action"),
        ("reboot", {"hard": True}, "unknown_field", "hard"),
        ("factory_reset", {}, "missing_field", "confirm"),
        ("factory_reset", {"confirm": False}, "not_confirmed", "confirm"),
        ("delete_node", {}, "missing_field", "confirm"),
        ("delete_node", {"confirm": "yes"}, "not_confirmed", "confirm"),
    ],
)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


@pytest.mark.parametrize("kind", ["feed", "", "Open_valve"])
def test_a_kind_the_nodes_do_not_know_is_refused(kind: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, {})
    assert refused.value.code == "unknown_kind"


def test_a_stored_command_that_makes_no_sense_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidCommand):
        line("open_valve", {"valve": 0, "duration": 7201})


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("open_valve", {"valve": 2, "duration": 9}),
        ("set_schedule", {"slot": 3, **SLOT, "valve": 2}),
        ("set_plan", PLAN),
    ],
)
class TestAValveThatTheNodeDoesNotHave:
    def test_is_refused(self, kind: str, params: dict[str, Any]) -> None:
        with pytest.raises(InvalidCommand) as refused:
            line(kind, params, valves=2)
        assert refused.value.code == "invalid_number"
        assert refused.value.placeholders == {
            "field": "valve",
            "minimum": "0",
            "maximum": "1",
            "value": "2",
        }

    def test_is_not_known_of_a_node_that_has_it(
        self, kind: str, params: dict[str, Any]
    ) -> None:
        assert line(kind, params, valves=3)


def test_a_valve_may_be_closed_whatever_is_known_of_it() -> None:
    assert line("close_valve", {"valve": 2}, valves=0) == "SEND_ACTUATOR 5 1 0 2\n"
