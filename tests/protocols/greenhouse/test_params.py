"""What commands for greenhouse nodes may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import WIRE, a_command, a_site, sent

# kind, params, the channels that there are for it
STRANGERS = [
    ("run_pump", {"channel": "ph_sensor", "duration_ms": 1}),
    ("set_relay", {"channel": "nothing", "state": True}),
    ("toggle", {"channel": "system"}),
    ("test_sensor", {"channel": "lamp"}),
    ("light_on", {"channel": "LAMP"}),
]


@pytest.mark.parametrize(("kind", "params"), STRANGERS)
def test_a_channel_that_the_node_does_not_have_is_refused(
    kind: str, params: dict[str, Any]
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        sent(a_command(kind, params))
    assert refused.value.code == "unknown_channel"


@pytest.mark.parametrize(
    ("said", "longest"),
    [({}, 60_000), ({"type": "ph"}, 60_000), ({"type": "irrig"}, 60_000)],
)
def test_a_pump_does_not_run_longer_than_its_channel_allows(
    said: dict[str, Any], longest: int
) -> None:
    site = a_site(**said)
    params = {"channel": "pump_acid", "duration_ms": longest}
    sent(a_command("run_pump", params), site=site)
    with pytest.raises(InvalidCommand):
        sent(a_command("run_pump", {**params, "duration_ms": longest + 1}), site=site)


# kind, params, why they are refused, of which field
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("run_pump", {"channel": "a"}, "missing_field", "duration_ms"),
    ("run_pump", {"channel": "a", "duration_ms": 0}, "invalid_number", "duration_ms"),
    ("dose", {"channel": "a", "ml": 0}, "invalid_decimal_above", "ml"),
    ("dose", {"channel": "a", "ml": 501}, "invalid_decimal_above", "ml"),
    ("set_relay", {"channel": "a", "state": "on"}, "invalid_choice", "state"),
    ("set_pwm", {"channel": "a", "value": 101}, "invalid_number", "value"),
    ("open_valve", {"channel": "a"}, "missing_field", "duration_s"),
    ("open_valve", {"channel": "a", "duration_s": 301}, "invalid_number", "duration_s"),
    ("calibrate", {"channel": "a", "stage": 3}, "invalid_number", "stage"),
    ("toggle", {"channel": "a b"}, "invalid_text", "channel"),
    ("light_on", {}, "missing_field", "channel"),
    ("set_position", {}, "unknown_kind", ""),
]


@pytest.mark.parametrize(("kind", "params", "code", "field"), BAD)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert refused.value.code == code
    assert refused.value.placeholders.get("field", "") == field


@pytest.mark.parametrize(
    ("node_type", "given", "code"),
    [
        ("ph", {"tds_value": 900}, "missing_field"),
        ("ec", {"known_ph": 7}, "missing_field"),
        ("ph", {"known_ph": 7, "tds_value": 900}, "unknown_field"),
    ],
)
def test_a_sensor_is_calibrated_by_what_it_measures(
    node_type: str, given: dict[str, Any], code: str
) -> None:
    command = a_command("calibrate", {"channel": "ph_sensor", "stage": 1, **given})
    with pytest.raises(InvalidCommand) as refused:
        sent(command, site=a_site(type=node_type))
    assert refused.value.code == code
