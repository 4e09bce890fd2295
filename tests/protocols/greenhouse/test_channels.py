"""The channels of greenhouse nodes: what a person says of them, and what they move."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.reports import Hello
from custom_components.mqtt_dispatch.protocols.actuator import Amount, Form
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import CHANNELS, FIELDS, SECRET, WIRE

# actuator type, then of each actuator: key, form, orders, state, amount
MOVED: list[
    tuple[
        str,
        list[
            tuple[
                str, Form, dict[str, tuple[str, dict[str, Any]]], str | None, str | None
            ]
        ],
    ]
] = [
    (
        "PUMP",
        [
            ("run_x_1", Form.BUTTON, {"press": ("run_pump", {})}, None, "duration_ms"),
            ("stop_x_1", Form.BUTTON, {"press": ("stop_pump", {})}, None, None),
        ],
    ),
    (
        "DOSING_PUMP",
        [
            ("dose_x_1", Form.BUTTON, {"press": ("dose", {})}, None, "ml"),
            ("stop_x_1", Form.BUTTON, {"press": ("stop_pump", {})}, None, None),
        ],
    ),
    (
        "LIGHT",
        [
            (
                "light_x_1",
                Form.SWITCH,
                {"on": ("light_on", {}), "off": ("light_off", {})},
                "X-1/state",
                None,
            )
        ],
    ),
    (
        "Relay",
        [
            (
                "relay_x_1",
                Form.SWITCH,
                {
                    "on": ("set_relay", {"state": True}),
                    "off": ("set_relay", {"state": False}),
                },
                "X-1/state",
                None,
            )
        ],
    ),
    (
        "valve",
        [
            (
                "valve_x_1",
                Form.VALVE,
                {
                    "open": ("set_relay", {"state": True}),
                    "close": ("set_relay", {"state": False}),
                },
                "X-1/state",
                None,
            )
        ],
    ),
    (
        "PWM",
        [("pwm_x_1", Form.NUMBER, {"set": ("set_pwm", {})}, "X-1/value", "value")],
    ),
    (
        "VENT",
        [
            (
                "position_x_1",
                Form.NUMBER,
                {"set": ("set_position", {})},
                "X-1/position_pct",
                "position_pct",
            )
        ],
    ),
    ("SOMETHING_ELSE", []),
    ("", []),
]


@pytest.mark.parametrize(("actuator_type", "moved"), MOVED)
def test_what_a_person_handles_follows_from_the_type(
    actuator_type: str, moved: list[tuple[Any, ...]]
) -> None:
    channel = {"name": "X-1", "type": "ACTUATOR", "actuator_type": actuator_type}
    found = WIRE.actuators({"channels": [channel]}, {})
    assert [
        (
            each.key,
            each.form,
            each.orders,
            each.state,
            each.amount and each.amount.param,
        )
        for each in found
    ] == [
        (
            key,
            form,
            {
                order: (kind, {"channel": "X-1", **params})
                for order, (kind, params) in orders.items()
            },
            state,
            amount,
        )
        for key, form, orders, state, amount in moved
    ]
    assert {each.label for each in found} <= {"X-1"}


def test_every_order_is_one_that_the_node_can_be_given() -> None:
    for actuator in WIRE.actuators(FIELDS, {}):
        amount = actuator.amount
        for kind, params in actuator.orders.values():
            chosen = {} if amount is None else {amount.param: amount.usual}
            assert WIRE.check(kind, {**params, **chosen})


@pytest.mark.parametrize(
    ("limits", "amount"),
    [
        (None, (300_000, 1000)),
        ({"min_off_ms": 1}, (300_000, 1000)),
        ({"max_duration_ms": 60_000}, (60_000, 1000)),
        ({"max_duration_ms": 500}, (500, 500)),
        ({"max_duration_ms": 900_000}, (300_000, 1000)),
    ],
)
def test_a_pump_button_keeps_to_the_limits_of_its_channel(
    limits: dict[str, int] | None, amount: tuple[int, int]
) -> None:
    channel = {
        "name": "a",
        "type": "ACTUATOR",
        "actuator_type": "PUMP",
        "safe_limits": limits,
    }
    run, _ = WIRE.actuators({"channels": [channel]}, {})
    longest, usual = amount
    assert run.amount == Amount(
        param="duration_ms", minimum=1, maximum=longest, usual=usual, unit="ms"
    )


def test_a_sensor_is_nothing_to_handle() -> None:
    channel = {"name": "a", "type": "SENSOR", "actuator_type": "PUMP"}
    assert WIRE.actuators({"channels": [channel]}, {}) == ()


def test_a_node_of_which_nothing_was_said_is_nothing_to_handle() -> None:
    assert WIRE.actuators({}, {}) == ()


def test_actuators_have_keys_of_their_own() -> None:
    names = ["a", "run_a", "light_a", "stop_run_a", "position"]
    channels = [
        {"name": name, "type": "ACTUATOR", "actuator_type": actuator_type}
        for name in names
        for actuator_type in ("PUMP", "LIGHT", "VENT")
    ]
    keys = [
        actuator.key
        for number in range(0, len(channels), 3)
        for channel in channels[number : number + 3]
        for actuator in WIRE.actuators({"channels": [channel]}, {})
    ]
    assert len({*keys}) == len(keys) == len(names) * 4


# what a hello says, what is proposed
PROPOSED: list[tuple[str, tuple[str, ...], str, list[dict[str, Any]]]] = [
    (
        "ph",
        ("ph", "temperature"),
        "ph",
        [
            {
                "name": "ph",
                "type": "SENSOR",
                "metric": "PH",
                "poll_interval_ms": 5000,
            },
            {
                "name": "temperature",
                "type": "SENSOR",
                "metric": "TEMPERATURE",
                "poll_interval_ms": 5000,
            },
        ],
    ),
    (
        "IRRIG",
        ("pump_main", "Inlet-Valve", "Light-Intensity", "light"),
        "irrig",
        [
            {"name": "pump_main", "type": "ACTUATOR", "actuator_type": "PUMP"},
            {"name": "inlet-valve", "type": "ACTUATOR", "actuator_type": "VALVE"},
            {
                "name": "light-intensity",
                "type": "SENSOR",
                "metric": "LIGHT_INTENSITY",
                "poll_interval_ms": 5000,
            },
            {"name": "light", "type": "ACTUATOR", "actuator_type": "LIGHT"},
        ],
    ),
    ("toaster", ("toast", "a b", "", "ph/2"), "unknown", []),
    ("", (), "unknown", []),
]


@pytest.mark.parametrize(("node_type", "capabilities", "kept", "channels"), PROPOSED)
def test_a_hello_proposes_type_and_channels_and_no_place(
    node_type: str,
    capabilities: tuple[str, ...],
    kept: str,
    channels: list[dict[str, Any]],
) -> None:
    hello = Hello(node="a", type=node_type, capabilities=capabilities)
    assert WIRE.node_usually(hello) == {"type": kept, "channels": channels}


def test_what_a_hello_proposes_can_be_taken_as_it_is() -> None:
    capabilities = tuple(f"pump_{number}" for number in range(40))
    usual = WIRE.node_usually(Hello(node="a", capabilities=(*capabilities, "PUMP-1")))
    checked = {name: WIRE.node_fields[name].check(name, usual[name]) for name in usual}
    assert checked == usual
    assert len(usual["channels"]) == 32


def test_channels_are_taken_as_they_are() -> None:
    assert WIRE.node_fields["channels"].check("channels", CHANNELS) == CHANNELS


# channels, why they are refused, the field that is
REFUSED: list[tuple[Any, str, str]] = [
    ("ph", "invalid_list", "channels"),
    ({"name": "ph"}, "invalid_list", "channels"),
    (
        [{"name": f"a{n}", "type": "SENSOR"} for n in range(33)],
        "invalid_list",
        "channels",
    ),
    (["ph"], "invalid_object", "channels.1"),
    ([{"type": "SENSOR"}], "missing_field", "channels.1.name"),
    ([{"name": "ph"}], "missing_field", "channels.1.type"),
    ([{"name": "ph", "type": "sensor"}], "invalid_choice", "channels.1.type"),
    ([{"name": "p h", "type": "SENSOR"}], "invalid_text", "channels.1.name"),
    (
        [{"name": "ph", "type": "SENSOR", "pol_interval_ms": 1}],
        "unknown_field",
        "channels.1.pol_interval_ms",
    ),
    (
        [
            {"name": "a", "type": "SENSOR"},
            {"name": "b", "type": "SENSOR", "poll_interval_ms": 1},
        ],
        "invalid_number",
        "channels.2.poll_interval_ms",
    ),
    (
        [{"name": "a", "type": "ACTUATOR", "safe_limits": {"max_duration_ms": 0}}],
        "invalid_number",
        "channels.1.safe_limits.max_duration_ms",
    ),
    (
        [{"name": "a", "type": "ACTUATOR", "safe_limits": {"max_ms": 1}}],
        "unknown_field",
        "channels.1.safe_limits.max_ms",
    ),
    (
        [{"name": "a", "type": "ACTUATOR", "safe_limits": 5}],
        "invalid_object",
        "channels.1.safe_limits",
    ),
    (
        [{"name": "Pump-1", "type": "ACTUATOR"}, {"name": "pump_1", "type": "SENSOR"}],
        "invalid_choice",
        "channels.2.name",
    ),
]


@pytest.mark.parametrize(("channels", "code", "field"), REFUSED)
def test_bad_channels_are_refused(channels: object, code: str, field: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields["channels"].check("channels", channels)
    assert refused.value.code == code
    assert refused.value.placeholders["field"] == field


# node field, what a person says, whether it is taken
SAID: list[tuple[str, object, bool]] = [
    ("greenhouse", "gh-1", True),
    ("greenhouse", "", False),
    ("greenhouse", "gh/1", False),
    ("zone", "Zone_7", True),
    ("zone", "+", False),
    ("uid", "x" * 64, True),
    ("uid", "x" * 65, False),
    ("secret", SECRET, True),
    ("secret", "x" * 31, False),
    ("secret", "x" * 127, True),
    ("secret", "x" * 128, False),
    ("secret", "a b" * 20, False),
    ("secret", "é" * 40, False),
    ("type", "water_sensor", True),
    ("type", "toaster", False),
    ("ack_means_done", True, True),
    ("ack_means_done", "yes", False),
]


@pytest.mark.parametrize(("field", "said", "taken"), SAID)
def test_what_a_person_says_of_a_node_is_checked(
    field: str, said: object, taken: bool
) -> None:
    try:
        checked = WIRE.node_fields[field].check(field, said)
    except InvalidCommand:
        assert not taken
    else:
        assert taken
        assert checked == said


def test_a_secret_that_is_refused_is_not_shown() -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.node_fields["secret"].check("secret", "hush hush")
    assert refused.value.placeholders["value"] == "…"
    assert [name for name, field in WIRE.node_fields.items() if field.secret] == [
        "secret"
    ]
