"""What kinds there are, for which nodes, and by which rules."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandClass,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.step import Course
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.greenhouse.node_types import NODE_TYPES
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import FIELDS, NEW, NEW_HOME, NODE, SECRET, WIRE, a_command, a_site, sent


def understood(node_type: str, generation: str = "head") -> set[str]:
    """Return what a node of a type understands."""
    site = a_site(type=node_type, generation=generation)
    return {kind for kind in WIRE.kinds if WIRE.understands(site, NODE, kind, {})}


ALL = {"update_config", "refresh", "reboot", "set_datetime", "exit_safe_mode"}
DOSES = {"run_pump", "dose", "calibrate", "test_sensor", "set_sensor_mode"}
RELAYS = {"set_relay", "close_valve"}
SWITCHES = RELAYS | {"open_valve"}
LIGHTS = {"set_pwm", "light_on", "light_off"}
KINDS = {
    "ph": DOSES,
    "ec": DOSES,
    "climate": LIGHTS | RELAYS | {"test_sensor"},
    "relay": SWITCHES | {"toggle"},
    "irrig": SWITCHES | {"run_pump", "stop_pump", "query", "test_sensor"},
    "light": LIGHTS | RELAYS | {"test_sensor"},
    "pump": {"run_pump"},
}
SEED_KINDS = {
    "ph": {"run_pump", "stop_pump", "dose", "calibrate"},
    "ec": {"run_pump", "stop_pump", "calibrate"},
    "climate": LIGHTS | RELAYS,
    "pump": {"run_pump"},
}


@pytest.mark.parametrize("node_type", NODE_TYPES)
def test_a_node_understands_what_its_type_and_generation_know(node_type: str) -> None:
    anything = set().union(*KINDS.values()) - {"stop_pump"}
    assert understood(node_type) == ALL | KINDS.get(node_type, anything)
    assert understood(node_type, "seed") == SEED_KINDS.get(node_type, set())


def test_every_kind_is_understood_by_some_node() -> None:
    assert set().union(*map(understood, NODE_TYPES)) == set(WIRE.kinds)


@pytest.mark.parametrize(
    ("kind", "replaced"),
    [("stop_pump", "run_pump"), ("stop_pump", "dose"), ("close_valve", "open_valve")],
)
def test_who_stops_something_wants_no_earlier_order_to_begin_it(
    kind: str, replaced: str
) -> None:
    key = WIRE.kinds[kind].key({"channel": "a"})
    assert key == WIRE.kinds[replaced].key({"channel": "a"})
    assert WIRE.policies[kind].command_class is CommandClass.UNTIL_DONE
    assert WIRE.policies[replaced].command_class is CommandClass.ONCE


# what is known of the node, kind, params, how it is carried out
COURSES: list[tuple[dict[str, Any], str, dict[str, Any], Course]] = [
    ({}, "run_pump", {"channel": "pump_acid", "duration_ms": 2500}, Course(2.5)),
    ({}, "dose", {"channel": "pump_acid", "ml": 3}, Course(2.0)),
    ({}, "dose", {"channel": "pump_acid", "ml": 500}, Course(60.0)),
    ({}, "open_valve", {"channel": "inlet", "duration_s": 5}, Course(5.0)),
    ({}, "reboot", {}, Course()),
    (
        {"type": "pump"},
        "run_pump",
        {"channel": "pump_acid", "duration_ms": 2500},
        Course(2.5, ends_by_itself=True),
    ),
    ({"type": "pump"}, "reboot", {}, Course()),
    ({"generation": "seed"}, "calibrate", {}, Course(0.0, ends_by_itself=True)),
    ({"ack_means_done": True}, "calibrate", {}, Course(0.0, ends_by_itself=True)),
]


@pytest.mark.parametrize(("known", "kind", "params", "course"), COURSES)
def test_a_command_takes_its_time(
    known: dict[str, Any], kind: str, params: dict[str, Any], course: Course
) -> None:
    assert WIRE.course(a_site(**known), a_command(kind, params), NODE) == course


YES = {"assumed": "yes"}
# kind, params, what is so once it is taken, and once it is done
STATES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("set_relay", {"channel": "relay-1", "state": True}, {}, {"state": "on", **YES}),
    ("set_relay", {"channel": "inlet", "state": False}, {}, {"state": "closed", **YES}),
    (
        "open_valve",
        {"channel": "inlet", "duration_s": 5},
        {"state": "open", **YES},
        {"state": "closed", **YES},
    ),
    ("close_valve", {"channel": "inlet"}, {}, {"state": "closed", **YES}),
    ("light_on", {"channel": "lamp"}, {}, {"state": "on", "value": 100, **YES}),
    ("light_off", {"channel": "lamp"}, {}, {"state": "off", "value": 0, **YES}),
    ("light_on", {"channel": "relay-1"}, {}, {"state": "on", **YES}),
    (
        "set_pwm",
        {"channel": "fan", "value": 40},
        {},
        {"state": "on", "value": 40, **YES},
    ),
    ("toggle", {"channel": "relay-1"}, {}, {}),
    ("run_pump", {"channel": "pump_acid", "duration_ms": 1}, {}, {}),
]


@pytest.mark.parametrize(("kind", "params", "taken", "done"), STATES)
def test_what_a_node_does_not_say_is_as_it_was_ordered(
    kind: str, params: dict[str, Any], taken: dict[str, Any], done: dict[str, Any]
) -> None:
    command, name = a_command(kind, params), params["channel"]
    for state, expected in (
        (DeliveryState.ACCEPTED, taken),
        (DeliveryState.DONE, done),
    ):
        found = WIRE.assumed(a_site(), command, NODE, state)
        assert found == {f"{name}/{key}": value for key, value in expected.items()}


def test_a_node_without_a_place_can_be_told_to_restart() -> None:
    site = Site(prefix="hydro", nodes={NEW: {"secret": SECRET}})
    (publication,) = sent(a_command("reboot", node=NEW), site=site)
    assert publication.topic == f"{NEW_HOME}/system/command"


@pytest.mark.parametrize("command_id", [0, 2**31])
def test_an_id_that_makes_no_cmd_id_is_refused(command_id: int) -> None:
    with pytest.raises(InvalidCommand):
        sent(a_command("reboot", command_id=command_id))


@pytest.mark.parametrize(
    ("known", "bound"),
    [
        ({}, True),
        ({"assigned": False}, False),
        ({"zone": "zn-3"}, False),
        ({"uid": None}, False),
    ],
)
def test_a_node_is_bound_once_it_lives_where_a_person_said(
    known: dict[str, Any], bound: bool
) -> None:
    assert WIRE.is_bound(FIELDS | known) is bound


def test_the_numbers_of_its_stations() -> None:
    assert dict(WIRE.settings) == {
        "online_age": 120.0,
        "drops_repeats_for": 240.0,
        "needed_again": 300.0,
    }
