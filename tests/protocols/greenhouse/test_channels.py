"""The channels of greenhouse nodes: what they report of them, and what they move."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.protocols.actuator import Form
from custom_components.mqtt_dispatch.protocols.greenhouse.node_types import NODE_TYPES
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.nonempty import some

from .samples import CHANNELS, FIELDS, SECRET, WIRE

# type of the node, actuator type: what a person handles, and by which kinds
HANDLED: list[tuple[str, str, list[tuple[str, Form, set[str]]]]] = [
    (
        "ph",
        "PERISTALTIC_PUMP",
        [
            ("run_x_1", Form.BUTTON, {"run_pump"}),
            ("dose_x_1", Form.BUTTON, {"dose"}),
        ],
    ),
    ("pump", "PUMP", [("run_x_1", Form.BUTTON, {"run_pump"})]),
    (
        "irrig",
        "PUMP",
        [
            ("run_x_1", Form.BUTTON, {"run_pump"}),
            ("stop_x_1", Form.BUTTON, {"stop_pump"}),
        ],
    ),
    ("irrig", "VALVE", [("valve_x_1", Form.VALVE, {"open_valve", "close_valve"})]),
    ("relay", "VALVE", [("valve_x_1", Form.VALVE, {"open_valve", "close_valve"})]),
    ("climate", "VALVE", [("valve_x_1", Form.VALVE, {"set_relay", "close_valve"})]),
    ("light", "VALVE", [("valve_x_1", Form.VALVE, {"set_relay", "close_valve"})]),
    ("relay", "RELAY", [("relay_x_1", Form.SWITCH, {"set_relay"})]),
    ("climate", "fan", [("relay_x_1", Form.SWITCH, {"set_relay"})]),
    ("climate", "HEATER", [("relay_x_1", Form.SWITCH, {"set_relay"})]),
    ("climate", "PWM", [("pwm_x_1", Form.NUMBER, {"set_pwm"})]),
    (
        "climate",
        "LED",
        [("light_x_1", Form.LIGHT, {"light_on", "light_off", "set_pwm"})],
    ),
    # what its type does not understand, or nobody may handle
    ("pump", "RELAY", []),
    ("relay", "PUMP", []),
    ("unknown", "SYSTEM", []),
    ("unknown", "DRIVE", []),
    ("unknown", "SOMETHING_ELSE", []),
    ("unknown", "", []),
]


def handled(node_type: str, actuator_type: str, **known: Any) -> list[tuple[Any, ...]]:
    """Return what a person handles of an actuator."""
    channel = {"name": "X-1", "type": "ACTUATOR", "actuator_type": actuator_type}
    fields = {"type": node_type, "channels": [channel], **known}
    return [
        (actuator.key, actuator.form, {kind for kind, _ in actuator.orders.values()})
        for actuator in WIRE.actuators(fields, {})
    ]


@pytest.mark.parametrize(("node_type", "actuator_type", "expected"), HANDLED)
def test_what_a_person_handles_follows_from_what_the_node_understands(
    node_type: str, actuator_type: str, expected: list[tuple[Any, ...]]
) -> None:
    assert handled(node_type, actuator_type) == expected


@pytest.mark.parametrize(
    ("name", "key", "form"),
    [
        *(
            (name, f"light_{name.lower().replace('-', '_')}", Form.LIGHT)
            for name in (
                *("grow_light", "growlight", "UV-Light2", "lamp", "toplamps"),
                *("led1", "LED", "bench_led_2", "dimmer3", "grow", "grow_2", "LEDs"),
            )
        ),
        *(
            (name, f"vent_{name.lower().replace('-', '_')}", Form.COVER)
            for name in (
                *("Roof-Vent", "roofvent", "ridgevents2", "vent1", "air_vent"),
                *("window_left", "roofwindow", "damper2", "flap"),
            )
        ),
        *(
            (name, f"pwm_{name.lower().replace('-', '_')}", Form.NUMBER)
            for name in (
                *("out3", "X-1", "_", "1", "fan1", "heater2", "vent_fan", "heatlamp"),
                *(
                    "lamp2_heater1",
                    "lamp_heaters",
                    "grow_co2",
                    "growbox",
                    "clamp",
                    "event",
                    "solvent",
                ),
                *("skylight", "sealed", "lightning", "ventilator"),
            )
        ),
    ],
)
def test_a_percentage_is_of_what_its_channel_is_called(
    name: str, key: str, form: Form
) -> None:
    channel = {"name": name, "type": "ACTUATOR", "actuator_type": "PWM"}
    (actuator,) = WIRE.actuators({"type": "climate", "channels": [channel]}, {})
    assert (actuator.key, actuator.form) == (key, form)


@pytest.mark.parametrize(
    ("limits", "most", "usual"),
    [
        ({}, 300, 60),
        ({"max_duration_ms": 20_900}, 20, 20),
        ({"max_duration_ms": 900_000}, 300, 60),
        ({"max_duration_ms": 500}, 1, 1),
    ],
)
def test_a_valve_keeps_to_the_limits_of_its_channel(
    limits: dict[str, int], most: int, usual: int
) -> None:
    channel = {
        "name": "v",
        "type": "ACTUATOR",
        "actuator_type": "VALVE",
        "safe_limits": limits,
    }
    (valve,) = WIRE.actuators({"type": "relay", "channels": [channel]}, {})
    assert valve.amount is not None
    assert (valve.amount.maximum, valve.amount.usual) == (most, usual)


def test_a_pump_of_the_older_generation_can_be_stopped() -> None:
    keys = [key for key, *_ in handled("ph", "PUMP", generation="seed")]
    assert keys == ["run_x_1", "dose_x_1", "stop_x_1"]


def test_a_valve_is_closed_until_it_is_done_whatever_moves_it() -> None:
    channel = {"name": "v", "type": "ACTUATOR", "actuator_type": "VALVE"}
    valves = [
        valve
        for node_type in NODE_TYPES
        for generation in ("head", "seed")
        for valve in WIRE.actuators(
            {"type": node_type, "channels": [channel], "generation": generation}, {}
        )
    ]
    for valve in some(valves):
        kind, _ = valve.orders["close"]
        assert WIRE.policies[kind].command_class is CommandClass.UNTIL_DONE


def test_a_light_sensor_is_no_lamp() -> None:
    light = {"name": "light", "type": "SENSOR", "metric": "LIGHT"}
    assert WIRE.actuators({"type": "light", "channels": [light]}, {}) == ()


def test_every_order_is_one_that_the_node_can_be_given() -> None:
    for actuator in some(WIRE.actuators(FIELDS, {})):
        given = {"duration_ms": 1, "duration_s": 1, "ml": 1, "value": 1}
        amount = actuator.amount
        for what, (kind, params) in some(actuator.orders.items()):
            needs = amount is not None and what in ("open", "press", "set")
            more = {amount.param: given[amount.param]} if amount and needs else {}
            assert WIRE.check(kind, {**params, **more})


@pytest.mark.parametrize(
    ("node_type", "limits", "most", "usual"),
    [
        ("pump", {}, 300_000, 1000),
        ("ph", {}, 60_000, 1000),
        ("irrig", {}, 3_600_000, 1000),
        ("irrig", {"max_duration_ms": 500}, 500, 500),
        ("ph", {"max_duration_ms": 70_000}, 60_000, 1000),
    ],
)
def test_a_pump_button_keeps_to_the_limits_of_its_node_and_channel(
    node_type: str, limits: dict[str, int], most: int, usual: int
) -> None:
    channel = {
        "name": "p",
        "type": "ACTUATOR",
        "actuator_type": "PUMP",
        "safe_limits": limits,
    }
    run, *_ = WIRE.actuators({"type": node_type, "channels": [channel]}, {})
    assert run.amount is not None
    assert (run.amount.maximum, run.amount.usual) == (most, usual)


def test_a_node_of_which_nothing_was_said_is_nothing_to_handle() -> None:
    assert WIRE.actuators({}, {}) == ()


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("ph", "ph"),
        ("LIGHT", "light"),
        ("storage_irrigation_node", "irrig"),
        ("x", "unknown"),
    ],
)
def test_a_hello_proposes_a_type_and_neither_channels_nor_a_place(
    told: str, known: str
) -> None:
    hello = Hello(node="a", type=told, capabilities=("ph", "light"))
    assert WIRE.node_usually(hello) == {"type": known}


def test_channels_are_taken_as_they_are_reported() -> None:
    assert WIRE.node_fields["channels"].check("channels", CHANNELS) == CHANNELS


FAN = {"name": "fan", "type": "ACTUATOR", "actuator_type": "fan", "relay_type": "NO"}


def test_an_actuator_type_is_written_as_the_firmware_compares_it() -> None:
    (fan,) = WIRE.node_fields["channels"].check("channels", [FAN])
    assert fan["actuator_type"] == "FAN"


# channels, why they are refused, of which field
BAD: list[tuple[object, str, str]] = [
    ("x", "invalid_list", "channels"),
    ([{}] * 33, "invalid_list", "channels"),
    ([{}], "missing_field", "channels.1.name"),
    ([{"name": "a", "type": "PUMP"}], "invalid_choice", "channels.1.type"),
    ([{"name": "a b", "type": "SENSOR"}], "invalid_text", "channels.1.name"),
    ([FAN, {**FAN, "name": "FAN"}], "invalid_choice", "channels.2.name"),
    ([{**FAN, "relay_type": "XX"}], "invalid_choice", "channels.1.relay_type"),
    ([{**FAN, "gpio": -1}], "invalid_number", "channels.1.gpio"),
    ([{**FAN, "other": 1}], "unknown_field", "channels.1.other"),
]


@pytest.mark.parametrize(("channels", "code", "field"), BAD)
def test_bad_channels_are_refused(channels: object, code: str, field: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields["channels"].check("channels", channels)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


@pytest.mark.parametrize("actuator_type", ["RELAY", "VALVE", "FAN", "HEATER", "valve"])
def test_a_relay_without_its_contact_is_asked_for_it(actuator_type: str) -> None:
    channel = {"name": "a", "type": "ACTUATOR", "actuator_type": actuator_type}
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields["channels"].check("channels", [channel])
    assert refused.value.placeholders == {"field": "channels.1.relay_type"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("greenhouse", "gh 1", "invalid_text"),
        ("secret", "x" * 31, "invalid_text"),
        ("secret", "x" * 128, "invalid_text"),
        ("secret", "é" * 40, "invalid_text"),
        ("type", "PH", "invalid_choice"),
        ("ack_means_done", "yes", "invalid_choice"),
    ],
)
def test_what_a_person_says_of_a_node_is_checked(
    name: str, value: object, code: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields[name].check(name, value)
    assert refused.value.code == code


def test_a_secret_that_is_refused_is_not_shown() -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields["secret"].check("secret", SECRET[:31])
    assert SECRET[:31] not in refused.value.placeholders.values()
