"""What goes down to Petnet feeders, message by message."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import HIGHEST_ID
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step
from custom_components.mqtt_dispatch.protocols.actuator import Form
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.petnet.commands import (
    Told,
    hid_of,
    read_hid,
)
from tests.nonempty import some
from tests.protocols.commands import NOWHERE

from .site import DEVICE, GATEWAY, NEW, OLD, WIRE, a_command, published, told

BREAKFAST = {"id": "4", "time": "08:00", "portions": 4, "active": True}
SUPPER = {"id": "7", "time": "18:30", "portions": 1, "active": False}
PLAN = {"entries": [BREAKFAST, SUPPER]}
BREAKFAST_ENTRY = {
    "active": True,
    "automatic": True,
    "feeding_id": "c3d89400068631f8_feed4_8:00AM",
    "name": "FEED0",
    "portion": 0.25,
    "reminder": True,
    "time": 28800,
}
SUPPER_ENTRY = {
    "active": False,
    "automatic": True,
    "feeding_id": "c3d89400068631f8_feed7_18:30PM",
    "name": "FEED1",
    "portion": 0.0625,
    "reminder": True,
    "time": 66600,
}


def test_a_command_goes_to_the_gateway_with_its_payload_as_json_in_a_string() -> None:
    assert published(a_command("feed", {"portions": 1})) == (
        Publication(
            f"krs/cmd/stg/{GATEWAY}",
            '{"hid":"mqttdispatchnmssvbyaaaaaaaraaaaa","name":"SendCommand",'
            '"encrypted":false,"parameters":{"deviceHid":"' + DEVICE + '",'
            '"command":"feed","payload":"{\\"portion\\":0.0625}"}}',
        ),
    )


# kind, params -> the wire's command, its payload
COMMANDS: list[tuple[str, dict[str, Any], str, Any]] = [
    ("feed", {"portions": 1}, "feed", {"portion": 0.0625}),
    ("feed", {"portions": 4}, "feed", {"portion": 0.25}),
    ("feed", {"portions": 32}, "feed", {"portion": 2.0}),
    ("set_button", {"enable": True}, "button_enable_remote", {"enable": True}),
    ("set_button", {"enable": False}, "button_enable_remote", {"enable": False}),
    ("set_utc_offset", {"seconds": -18000}, "utc_offset", {"utc_offset": -18000}),
    (
        "set_budget",
        {
            "recipe": "E0000001",
            "tbsp_per_feeding": 1,
            "g_per_tbsp": 7.5,
            "budget_tbsp": 3,
        },
        "budget",
        {
            "recipe": "E0000001",
            "tbsp_per_feeding": 1,
            "g_per_tbsp": 7.5,
            "budget_tbsp": 3,
        },
    ),
    ("reboot", {}, "reboot", {}),
    ("set_schedule", PLAN, "schedule", [BREAKFAST_ENTRY, SUPPER_ENTRY]),
    ("set_schedule", {"entries": []}, "schedule", []),
]


@pytest.mark.parametrize(("kind", "params", "name", "payload"), COMMANDS)
def test_a_kind_becomes_a_command_of_the_wire(
    kind: str, params: dict[str, Any], name: str, payload: object
) -> None:
    assert WIRE.steps(NOWHERE, a_command(kind, params), DEVICE, OLD) == (Step(),)
    assert told(kind, params) == (name, payload)


def test_every_kind_is_in_the_table() -> None:
    assert {kind for kind, *_ in COMMANDS} == set(WIRE.kinds)


ADDED = [
    {"index": 0, "data": BREAKFAST_ENTRY},
    {"index": 1, "data": SUPPER_ENTRY},
]
IN_ONE_LIST = [
    ("schedule_clear", {}),
    ("schedule_mod_start", {"size": 2}),
    ("schedule_add", ADDED),
    ("schedule_mod_end", {}),
]
REFUSES_LISTS: Readings = {**NEW, "entry_by_entry": 1}


def steps_of(plan: dict[str, Any], readings: Readings) -> list[tuple[str, Any]]:
    command = a_command("set_schedule", plan)
    return [
        told("set_schedule", plan, step=step, readings=readings)
        for step in range(len(WIRE.steps(NOWHERE, command, DEVICE, readings)))
    ]


def test_newer_firmware_gets_a_schedule_step_by_step_and_its_meals_in_one_list() -> (
    None
):
    assert steps_of(PLAN, NEW) == IN_ONE_LIST


def test_a_feeder_that_refused_a_list_gets_each_meal_in_a_list_of_its_own() -> None:
    assert steps_of(PLAN, REFUSES_LISTS) == [
        *IN_ONE_LIST[:2],
        ("schedule_add", ADDED[:1]),
        ("schedule_add", ADDED[1:]),
        IN_ONE_LIST[3],
    ]


def test_a_list_of_more_than_1000_bytes_goes_down_meal_by_meal() -> None:
    def added(meals: int) -> list[Any]:
        entries = [{**BREAKFAST, "id": "1" * 12}] * meals
        steps = steps_of({"entries": entries}, NEW)
        return [payload for name, payload in steps if name == "schedule_add"]

    in_one, split = added(5), added(6)
    assert [len(each) for each in in_one] == [5]
    assert [len(each) for each in split] == [1] * 6
    assert len(json.dumps(in_one[0], separators=(",", ":"))) <= 1000
    together = [entry for each in split for entry in each]
    assert len(json.dumps(together, separators=(",", ":"))) > 1000


@pytest.mark.parametrize(
    ("readings", "lists"), [(NEW, [[]]), (REFUSES_LISTS, [])], ids=["in one", "each"]
)
def test_an_empty_schedule_is_added_as_an_empty_list(
    readings: Readings, lists: list[list[Any]]
) -> None:
    assert steps_of({"entries": []}, readings) == [
        ("schedule_clear", {}),
        ("schedule_mod_start", {"size": 0}),
        *(("schedule_add", each) for each in lists),
        ("schedule_mod_end", {}),
    ]


def test_each_step_has_an_id_of_its_own_that_names_the_command() -> None:
    command = a_command("set_schedule", PLAN, command_id=1234)
    hids = [
        json.loads(published(command, step=step, readings=NEW)[0].payload)["hid"]
        for step in range(len(IN_ONE_LIST))
    ]
    assert [read_hid(hid, (DEVICE,)) for hid in hids] == [
        Told(DEVICE, 1234, 0),
        Told(DEVICE, 1234, 1),
        Told(DEVICE, 1234, 2, in_one=True),
        Told(DEVICE, 1234, 3),
    ]


def test_a_step_of_the_other_form_is_no_more_when_the_firmware_becomes_known() -> None:
    assert published(a_command("set_schedule", PLAN), step=3, readings=OLD) == ()


@pytest.mark.parametrize(
    ("fw", "steps"),
    [
        ("2.3.2", 1),
        ("2.4.9", 1),
        ("2.4", 1),
        ("1.10.0", 1),
        ("what", 1),
        ("", 1),
        ("2.5.0", 4),
        ("2.5", 4),
        ("2.5.0-beta", 1),
        ("2.5-beta", 1),
        ("2.10.0", 4),
        ("v2.5.1-beta", 4),
        ("V2.4.9", 1),
        ("3.0.0", 4),
    ],
)
def test_the_form_of_a_schedule_depends_on_the_firmware(fw: str, steps: int) -> None:
    command = a_command("set_schedule", PLAN)
    assert len(WIRE.steps(NOWHERE, command, DEVICE, {"fw": fw})) == steps


@pytest.mark.parametrize(
    ("time", "clock", "seconds"),
    [
        ("00:00", "0:00AM", 0),
        ("00:59", "0:59AM", 3540),
        ("01:00", "1:00AM", 3600),
        ("08:05", "8:05AM", 29100),
        ("11:05", "11:05AM", 39900),
        ("12:00", "12:00PM", 43200),
        ("13:30", "13:30PM", 48600),
        ("23:59", "23:59PM", 86340),
    ],
)
def test_a_meal_names_its_local_time_twice(time: str, clock: str, seconds: int) -> None:
    _, (entry,) = told("set_schedule", {"entries": [{**BREAKFAST, "time": time}]})
    assert entry["feeding_id"] == f"c3d89400068631f8_feed4_{clock}"
    assert entry["time"] == seconds


def test_the_longest_schedule_fits_in_one_message() -> None:
    entries = [{**BREAKFAST, "id": "9" * 20, "time": "10:00"}] * 16
    _, meals = told("set_schedule", {"entries": entries})
    assert len(meals) == 16


@given(
    command_id=st.integers(1, HIGHEST_ID),
    step=st.integers(0, 26**4 - 1),
    in_one=st.booleans(),
)
def test_an_id_is_32_lower_case_letters_and_can_be_read_back(
    command_id: int, step: int, in_one: bool
) -> None:
    hid = hid_of(DEVICE, command_id, step, in_one=in_one)
    assert len(hid) == 32
    assert hid.isascii()
    assert hid.isalpha()
    assert hid.islower()
    assert read_hid(hid, (DEVICE,)) == (DEVICE, command_id, step, in_one)


def test_an_id_names_the_feeder_among_those_of_one_gateway() -> None:
    other = DEVICE[::-1]
    assert read_hid(hid_of(other, 5, 0), (DEVICE, other)) == Told(other, 5, 0)
    assert read_hid(hid_of(other, 5, 0), (DEVICE,)) is None


def test_a_feeder_is_reached_where_it_was_heard_last() -> None:
    command = a_command("reboot", {})
    (moved,) = published(command, readings={"gateway": "new"})
    (unheard,) = published(command, readings={})
    assert (moved.topic, unheard.topic) == ("krs/cmd/stg/new", f"krs/cmd/stg/{GATEWAY}")


def test_a_feeder_that_nobody_knows_the_gateway_of_cannot_be_reached() -> None:
    with pytest.raises(InvalidCommand) as refused:
        published(
            a_command("reboot", {}),
            readings={},
            site=Site(prefix="krs", nodes={DEVICE: {}}),
        )
    assert refused.value.code == "missing_field"
    assert refused.value.placeholders == {"field": "gateway"}


@pytest.mark.parametrize("kind", WIRE.kinds)
def test_every_kind_waits_only_for_its_own_feeder(kind: str) -> None:
    assert not WIRE.kinds[kind].whole_station
    assert WIRE.kinds[kind].policy.gate is Gate.ONLINE


# what a person handles


def test_what_a_person_does_with_a_feeder_is_a_command_that_makes_sense() -> None:
    for actuator in some(WIRE.actuators({}, {})):
        for kind, params in some(actuator.orders.values()):
            amount = actuator.amount
            chosen = {} if amount is None else {amount.param: amount.usual}
            assert WIRE.check(kind, {**params, **chosen})


def test_a_feeder_has_a_button_that_feeds_and_one_that_can_be_locked() -> None:
    assert {each.key: each.form for each in WIRE.actuators({}, {})} == {
        "feed": Form.BUTTON,
        "front_button": Form.SWITCH,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gateway", GATEWAY),
        ("firmware", "2.7.1"),
        ("firmware", "2.5"),
        ("firmware", "v2.5.1-beta"),
    ],
)
def test_what_a_person_may_say_of_a_feeder(field: str, value: str) -> None:
    assert WIRE.node_fields[field].check(field, value) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gateway", "a/b"),
        ("gateway", ""),
        ("firmware", "new"),
        ("firmware", "2.7.1 new"),
    ],
)
def test_what_a_person_may_not_say_of_a_feeder(field: str, value: str) -> None:
    with pytest.raises(InvalidCommand, match="invalid_text"):
        WIRE.node_fields[field].check(field, value)
