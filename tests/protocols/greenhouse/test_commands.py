"""What greenhouse nodes are told, command by command."""

from __future__ import annotations

from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model import (
    Command,
    CommandClass,
    Gate,
    Step,
    Wanted,
)
from custom_components.mqtt_dispatch.engine.policy import POLICIES
from custom_components.mqtt_dispatch.protocols.base import Publication, Site
from custom_components.mqtt_dispatch.protocols.greenhouse.signing import signature
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import (
    CHANNELS,
    FIELDS,
    HOME,
    NEW,
    NEW_HOME,
    NODE,
    NOON,
    SAID,
    SECRET,
    WIRE,
    a_command,
    a_site,
    sent,
)

# kind, params, channel, cmd, params on the wire
COMMANDS: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    (
        "run_pump",
        {"channel": "pump_acid", "duration_ms": 2500},
        "pump_acid",
        "run_pump",
        {"duration_ms": 2500},
    ),
    (
        "run_pump",
        {"channel": "doser", "duration_ms": 300_000},
        "doser",
        "run_pump",
        {"duration_ms": 300_000},
    ),
    ("dose", {"channel": "doser", "ml": 0.5}, "doser", "dose", {"ml": 0.5}),
    ("dose", {"channel": "doser", "ml": 500}, "doser", "dose", {"ml": 500}),
    ("light_on", {"channel": "lamp"}, "lamp", "light_on", {}),
    ("light_off", {"channel": "lamp"}, "lamp", "light_off", {}),
    ("stop_pump", {"channel": "pump_acid"}, "pump_acid", "stop_pump", {}),
    (
        "set_relay",
        {"channel": "relay-1", "state": True},
        "relay-1",
        "set_relay",
        {"state": True},
    ),
    (
        "set_relay",
        {"channel": "relay-1", "state": 0},
        "relay-1",
        "set_relay",
        {"state": False},
    ),
    ("set_pwm", {"channel": "fan", "value": 255}, "fan", "set_pwm", {"value": 255}),
    ("set_pwm", {"channel": "fan", "value": 0}, "fan", "set_pwm", {"value": 0}),
    (
        "set_position",
        {"channel": "window", "position_pct": 40},
        "window",
        "set_position",
        {"position_pct": 40},
    ),
    ("calibrate", {"channel": "ph_sensor"}, "ph_sensor", "calibrate", {}),
    (
        "calibrate",
        {"channel": "ph_sensor", "params": {"type": "PH_7", "points": [7, 4.01]}},
        "ph_sensor",
        "calibrate",
        {"type": "PH_7", "points": [7, 4.01]},
    ),
    ("calibrate", {"channel": "doser"}, "doser", "calibrate", {}),
    ("test_sensor", {"channel": "ph_sensor"}, "ph_sensor", "test_sensor", {}),
    ("query", {}, "storage_state", "state", {}),
    ("reboot", {}, "system", "restart", {}),
    ("set_datetime", {}, "system", "set_time", {"unix_ts": 1737979200}),
    ("set_sensor_mode", {"active": True}, "system", "activate_sensor_mode", {}),
    ("set_sensor_mode", {"active": False}, "system", "deactivate_sensor_mode", {}),
]


@pytest.mark.parametrize(("kind", "params", "channel", "cmd", "told"), COMMANDS)
def test_a_command_goes_down_signed_with_these_keys_alone(
    kind: str, params: dict[str, Any], channel: str, cmd: str, told: dict[str, Any]
) -> None:
    (publication,) = sent(a_command(kind, params))
    message = {"cmd": cmd, "params": told, "cmd_id": "md-17", "ts": 1737979200}
    assert publication.topic == f"{HOME}/{channel}/command"
    assert json.loads(publication.payload) == {
        **message,
        "sig": signature(message, SECRET),
    }


@pytest.mark.parametrize(("kind", "params", "channel", "cmd", "told"), COMMANDS)
def test_a_node_without_a_secret_gets_no_time_and_no_signature(
    kind: str, params: dict[str, Any], channel: str, cmd: str, told: dict[str, Any]
) -> None:
    (publication,) = sent(a_command(kind, params), site=a_site(secret=None))
    assert publication.topic == f"{HOME}/{channel}/command"
    assert json.loads(publication.payload) == {
        "cmd": cmd,
        "params": told,
        "cmd_id": "md-17",
    }


def test_the_text_of_a_command() -> None:
    """The signature is the one that openssl makes."""
    command = a_command("run_pump", {"channel": "pump_acid", "duration_ms": 2500.0})
    assert sent(command) == (
        Publication(
            "hydro/gh-1/zn-2/nd-ph-1/pump_acid/command",
            (
                '{"cmd":"run_pump","cmd_id":"md-17","params":{"duration_ms":2500},'
                '"sig":"465f0354f1896c57b2f8a8ab39b10025'
                'e4346e9597e3f105f6e64e2126c6ffee","ts":1737979200}'
            ),
        ),
    )


def test_a_resend_is_stamped_and_signed_anew_under_the_same_id() -> None:
    command = a_command("run_pump", {"channel": "pump_acid", "duration_ms": 2500})
    (later,) = sent(command, wall=NOON + 30)
    assert json.loads(later.payload) == {
        "cmd": "run_pump",
        "params": {"duration_ms": 2500},
        "cmd_id": "md-17",
        "ts": 1737979230,
        "sig": "4044fdd2d53426137e54d4c45522bd0d9fa8e31001071faef3b4456f2bba30f5",
    }


def test_an_answer_to_a_command_is_of_that_command() -> None:
    (publication,) = sent(a_command("reboot", command_id=2**31 - 1))
    assert json.loads(publication.payload)["cmd_id"] == "md-2147483647"


# what a person said, what the node said, where it is told something
PLACES: list[tuple[dict[str, Any], dict[str, str | float], str]] = [
    ({"assigned": True}, {}, "gh-1/zn-2/nd-ph-1"),
    ({"assigned": True}, {"hardware_id": "ESP32-X"}, "gh-1/zn-2/nd-ph-1"),
    ({"assigned": False}, {}, f"gh-temp/zn-temp/{NODE}"),
    ({"assigned": False}, {"hardware_id": "ESP32-X"}, "gh-temp/zn-temp/ESP32-X"),
    # where it took a place
    ({"lives_at": "gh-7/zn-7/nd-7"}, {}, "gh-7/zn-7/nd-7"),
    ({"lives_at": "gh-7/zn-7/nd-7"}, {"address": "a/b/c"}, "a/b/c"),
    # where it last spoke
    ({"assigned": False}, {"address": "gh-1/zn-2/nd-ph-1"}, "gh-1/zn-2/nd-ph-1"),
    ({"assigned": True}, {"address": "gh-temp/zn-temp/E-X"}, "gh-temp/zn-temp/E-X"),
    ({"assigned": False}, {"address": "gh-7/zn-7/nd-7"}, "gh-7/zn-7/nd-7"),
]


@pytest.mark.parametrize(("said", "readings", "place"), PLACES)
@pytest.mark.parametrize(
    ("kind", "suffix"), [("reboot", "system/command"), ("update_config", "config")]
)
def test_a_node_is_told_something_where_it_is(
    kind: str,
    suffix: str,
    said: dict[str, Any],
    readings: dict[str, str | float],
    place: str,
) -> None:
    (publication,) = sent(a_command(kind), site=a_site(**said), readings=readings)
    assert publication.topic == f"hydro/{place}/{suffix}"


def test_a_node_without_a_place_can_be_told_to_restart() -> None:
    (publication,) = sent(a_command("reboot", node=NEW))
    assert publication.topic == f"{NEW_HOME}/system/command"


def test_a_command_keeps_to_the_prefix() -> None:
    (publication,) = sent(a_command("reboot"), site=a_site("a/b"))
    assert publication.topic == "a/b/gh-1/zn-2/nd-ph-1/system/command"


class TestTheConfiguration:
    def held(self, **said: Any) -> dict[str, Any]:
        (publication,) = sent(a_command("update_config"), site=a_site(**said))
        content: dict[str, Any] = json.loads(publication.payload)
        return content

    def test_is_whole(self) -> None:
        held = self.held()
        assert type(held.pop("version")) is int
        assert held == {
            "node_id": "nd-ph-1",
            "type": "ph",
            "gh_uid": "gh-1",
            "zone_uid": "zn-2",
            "channels": CHANNELS,
            "node_secret": SECRET,
        }

    def test_has_no_secret_where_the_node_gets_none(self) -> None:
        assert "node_secret" not in self.held(secret=None)

    def test_of_a_node_of_which_little_was_said(self) -> None:
        fields = {"greenhouse": "g", "zone": "z", "uid": "u"}
        site = Site(prefix="hydro", nodes={NODE: fields})
        (publication,) = sent(a_command("update_config"), site=site)
        held = json.loads(publication.payload)
        del held["version"]
        assert held == {
            "node_id": "u",
            "type": "unknown",
            "gh_uid": "g",
            "zone_uid": "z",
            "channels": [],
        }

    def test_has_the_same_version_as_long_as_it_is_the_same(self) -> None:
        (first,) = sent(a_command("update_config"))
        (other,) = sent(a_command("update_config", command_id=99), wall=NOON + 1e6)
        assert first == other

    @pytest.mark.parametrize(
        "said",
        [
            {"zone": "zn-3"},
            {"secret": SECRET[::-1]},
            {"secret": None},
            {"type": "ec"},
            {"channels": CHANNELS[1:]},
            {"channels": [{**CHANNELS[0], "poll_interval_ms": 1000}, *CHANNELS[1:]]},
        ],
    )
    def test_has_another_version_once_it_is_another(self, said: dict[str, Any]) -> None:
        assert self.held(**said)["version"] != self.held()["version"]

    def test_has_a_version_of_31_bits(self) -> None:
        versions = [self.held(uid=f"nd-{number}")["version"] for number in range(100)]
        assert max(versions) < 2**31
        assert min(versions) >= 0

    @pytest.mark.parametrize("name", ["greenhouse", "zone", "uid"])
    def test_needs_a_place(self, name: str) -> None:
        with pytest.raises(InvalidCommand) as refused:
            self.held(**{name: None})
        assert refused.value.code == "missing_field"
        assert refused.value.placeholders == {"field": name}

    def test_is_answered_without_an_id(self) -> None:
        about = frozenset({"config"})
        assert WIRE.steps(a_command("update_config"), NODE, {}) == (
            Step(taken_on=about, done_on=about),
        )

    def test_is_what_a_node_with_a_place_is_welcomed_with(self) -> None:
        site = a_site()
        assert WIRE.welcome(site, NODE) == (
            Wanted(
                node=NODE,
                kind="update_config",
                params={"address": "gh-1/zn-2/nd-ph-1"},
            ),
        )
        assert WIRE.welcome(site, NEW) == WIRE.welcome(site, "unknown") == ()


@pytest.mark.parametrize("kind", sorted({*WIRE.kinds} - {"update_config", "reboot"}))
def test_other_commands_are_answered_with_their_id(kind: str) -> None:
    assert WIRE.steps(a_command(kind), NODE, {}) == (Step(),)


def test_a_reboot_that_was_taken_is_done_with_the_next_hello_too() -> None:
    started = Step(done_on=frozenset({"started"}), done_once_taken=True)
    assert WIRE.steps(a_command("reboot"), NODE, {}) == (started,)


def refusal(command: Command, **said: Any) -> tuple[str, dict[str, str]]:
    """Return why a command can never be sent."""
    with pytest.raises(InvalidCommand) as refused:
        sent(command, site=a_site(**said))
    return refused.value.code, refused.value.placeholders


HERE = "gh-1/zn-2/nd-ph-1"
ACTUATORS = "pump_acid, doser, lamp, relay-1, inlet, fan, window, mixer"


# kind, params, the channels that it may act on
NO_CHANNEL: list[tuple[str, dict[str, Any], str]] = [
    ("run_pump", {"channel": "none", "duration_ms": 1}, ACTUATORS),
    ("run_pump", {"channel": "ph_sensor", "duration_ms": 1}, ACTUATORS),
    ("run_pump", {"channel": "PUMP_ACID", "duration_ms": 1}, ACTUATORS),
    ("dose", {"channel": "ph_sensor", "ml": 1}, ACTUATORS),
    ("light_on", {"channel": "ph_sensor"}, ACTUATORS),
    ("light_off", {"channel": "ph_sensor"}, ACTUATORS),
    ("stop_pump", {"channel": "ph_sensor"}, ACTUATORS),
    ("set_relay", {"channel": "ph_sensor", "state": True}, ACTUATORS),
    ("set_pwm", {"channel": "ph_sensor", "value": 1}, ACTUATORS),
    ("set_position", {"channel": "ph_sensor", "position_pct": 1}, ACTUATORS),
    ("test_sensor", {"channel": "lamp"}, "ph_sensor"),
    ("calibrate", {"channel": "system"}, f"ph_sensor, {ACTUATORS}"),
]


@pytest.mark.parametrize(("kind", "params", "choices"), NO_CHANNEL)
def test_a_channel_that_the_node_does_not_have_is_refused(
    kind: str, params: dict[str, Any], choices: str
) -> None:
    assert refusal(a_command(kind, params)) == (
        "unknown_channel",
        {"field": "channel", "choices": choices, "value": params["channel"]},
    )


def test_a_pump_does_not_run_longer_than_its_channel_allows() -> None:
    params = {"channel": "pump_acid", "duration_ms": 60_001}
    assert refusal(a_command("run_pump", params)) == (
        "invalid_number",
        {
            "field": "duration_ms",
            "minimum": "1",
            "maximum": "60000",
            "value": "60001",
        },
    )


def of_bytes(size: int) -> dict[str, Any]:
    """Return the params of a calibration whose message has so many bytes."""
    texts = ["é" * 400] * 4
    params = {"channel": "ph_sensor", "params": {"texts": [*texts, ""]}}
    (publication,) = sent(a_command("calibrate", params))
    rest = size - len(publication.payload.encode())
    return {**params, "params": {"texts": [*texts, "x" * rest]}}


def test_what_a_node_would_drop_for_its_size_is_refused() -> None:
    (longest,) = sent(a_command("calibrate", of_bytes(4096)))
    assert len(longest.payload.encode()) == 4096
    assert refusal(a_command("calibrate", of_bytes(4097))) == (
        "payload_too_large",
        {"size": "4097", "limit": "4096"},
    )


def test_a_configuration_that_a_node_would_drop_is_refused() -> None:
    channels = [
        {
            "name": f"{number}".rjust(64, "x"),
            "type": "ACTUATOR",
            "actuator_type": "PUMP",
            "safe_limits": {"max_duration_ms": 1000},
        }
        for number in range(32)
    ]
    code, placeholders = refusal(a_command("update_config"), channels=channels)
    assert (code, placeholders["limit"]) == ("payload_too_large", "4096")


def test_a_place_that_is_not_the_one_that_a_person_said_is_refused() -> None:
    params = {"address": "gh-1/zn-3/nd-ph-1"}
    assert refusal(a_command("update_config", params)) == (
        "invalid_choice",
        {"field": "address", "choices": HERE, "value": "gh-1/zn-3/nd-ph-1"},
    )
    assert sent(a_command("update_config", {"address": HERE})) == sent(
        a_command("update_config")
    )


@pytest.mark.parametrize(
    "other", [SAID, SAID | {"zone": "zn-9", "assigned": True, "lives_at": HERE}]
)
def test_an_address_that_another_node_has_is_refused(other: dict[str, Any]) -> None:
    """Both would do what one is told."""
    site = Site(prefix="hydro", nodes={NODE: FIELDS, "esp32-2": other})
    with pytest.raises(InvalidCommand) as refused:
        sent(a_command("update_config"), site=site)
    assert refused.value.code == "invalid_choice"
    assert refused.value.placeholders["value"] == f"{HERE} (esp32-2)"


@pytest.mark.parametrize("command_id", [0, -1, 2**31])
def test_an_id_that_makes_no_cmd_id_is_refused(command_id: int) -> None:
    code, placeholders = refusal(a_command("reboot", command_id=command_id))
    assert (code, placeholders["field"]) == ("invalid_number", "cmd_id")


def test_a_kind_that_nodes_do_not_know_is_refused() -> None:
    assert refusal(a_command("feed")) == ("unknown_kind", {"kind": "feed"})


def test_params_that_were_never_checked_are_refused() -> None:
    assert refusal(a_command("dose", {"channel": "doser"})) == (
        "missing_field",
        {"field": "ml"},
    )


def test_a_node_that_was_removed_has_no_channels() -> None:
    site = Site(prefix="hydro", nodes={})
    with pytest.raises(InvalidCommand) as refused:
        sent(a_command("light_on", {"channel": "lamp"}), site=site)
    assert refused.value.code == "unknown_channel"


def nested(levels: int) -> dict[str, Any]:
    """Return an object of so many levels, an odd number, lists among them."""
    content: Any = {}
    for level in range(levels - 1):
        content = {"x": content} if level % 2 else [content]
    return {**content}


# kind, params
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("run_pump", {"channel": "a", "duration_ms": 1}),
    ("run_pump", {"channel": "a", "duration_ms": 300_000}),
    ("dose", {"channel": "a", "ml": 0.001}),
    ("dose", {"channel": "a", "ml": 500.0}),
    ("set_pwm", {"channel": "a", "value": 255}),
    ("set_position", {"channel": "a", "position_pct": 99.5}),
    ("calibrate", {"channel": "a", "params": {}}),
    ("calibrate", {"channel": "a", "params": {"b": [None, True, 1, 0.5, "", {}]}}),
    ("calibrate", {"channel": "a", "params": {"b": 10**15 - 1, "c": 1.0 - 10**15}}),
    ("calibrate", {"channel": "x" * 64}),
]


@pytest.mark.parametrize(("kind", "params"), GOOD)
def test_good_params_are_taken(kind: str, params: dict[str, Any]) -> None:
    assert WIRE.check(kind, params) == params


# kind, params, why they are refused, the field that is
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("run_pump", {"channel": "a", "duration_ms": 0}, "invalid_number", "duration_ms"),
    (
        "run_pump",
        {"channel": "a", "duration_ms": 300_001},
        "invalid_number",
        "duration_ms",
    ),
    ("run_pump", {"channel": "a", "duration_ms": 1.5}, "invalid_number", "duration_ms"),
    ("run_pump", {"duration_ms": 1}, "missing_field", "channel"),
    ("run_pump", {"channel": "a/b", "duration_ms": 1}, "invalid_text", "channel"),
    ("run_pump", {"channel": "+", "duration_ms": 1}, "invalid_text", "channel"),
    ("run_pump", {"channel": "", "duration_ms": 1}, "invalid_text", "channel"),
    ("run_pump", {"channel": "x" * 65, "duration_ms": 1}, "invalid_text", "channel"),
    ("run_pump", {"channel": 1, "duration_ms": 1}, "invalid_text", "channel"),
    ("dose", {"channel": "a", "ml": 0}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": -0.5}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": 500.1}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": float("nan")}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": True}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": "1"}, "invalid_number", "ml"),
    ("light_on", {}, "missing_field", "channel"),
    ("light_on", {"channel": "a", "level": 1}, "unknown_field", "level"),
    ("set_relay", {"channel": "a", "state": 2}, "invalid_choice", "state"),
    ("set_relay", {"channel": "a"}, "missing_field", "state"),
    ("set_pwm", {"channel": "a", "value": 256}, "invalid_number", "value"),
    ("set_pwm", {"channel": "a", "value": -1}, "invalid_number", "value"),
    (
        "set_position",
        {"channel": "a", "position_pct": 101},
        "invalid_number",
        "position_pct",
    ),
    ("calibrate", {"channel": "a", "params": []}, "invalid_object", "params"),
    (
        "calibrate",
        {"channel": "a", "params": {"b": float("inf")}},
        "invalid_object",
        "params",
    ),
    (
        "calibrate",
        {"channel": "a", "params": {"b": 10**15}},
        "invalid_object",
        "params",
    ),
    (
        "calibrate",
        {"channel": "a", "params": {"b": -1e15}},
        "invalid_object",
        "params",
    ),
    ("calibrate", {"channel": "a", "params": {"b": 1e300}}, "invalid_object", "params"),
    (
        "calibrate",
        {"channel": "a", "params": {"b": "a\n"}},
        "invalid_object",
        "params",
    ),
    (
        "calibrate",
        {"channel": "a", "params": {"b": "\ud800"}},
        "invalid_object",
        "params",
    ),
    ("calibrate", {"channel": "a", "params": {"": 1}}, "invalid_object", "params"),
    (
        "calibrate",
        {"channel": "a", "params": {"b": [{1: 1}]}},
        "invalid_object",
        "params",
    ),
    ("calibrate", {"channel": "a", "params": {"b": b"1"}}, "invalid_object", "params"),
    ("query", {"channel": "a"}, "unknown_field", "channel"),
    ("reboot", {"now": True}, "unknown_field", "now"),
    ("set_sensor_mode", {}, "missing_field", "active"),
    ("update_config", {"version": 2}, "unknown_field", "version"),
    ("update_config", {"address": "a/b"}, "invalid_text", "address"),
    ("update_config", {"address": "a/b/+"}, "invalid_text", "address"),
]


@pytest.mark.parametrize(("kind", "params", "code", "field"), BAD)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


def depth(value: object) -> int:
    """Return how many levels of lists and objects a value has."""
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
    return 0


def test_what_a_node_would_drop_for_its_nesting_is_refused() -> None:
    deepest = {"channel": "ph_sensor", "params": nested(15)}
    (publication,) = sent(a_command("calibrate", deepest))
    assert depth(json.loads(publication.payload)) == 16
    with pytest.raises(InvalidCommand):
        WIRE.check("calibrate", {"channel": "a", "params": {"x": nested(15)}})


# kind, class, gate, accept timeout, done timeout, done by restart
POLICY: list[tuple[str, CommandClass, float]] = [
    ("run_pump", CommandClass.ONCE, 360.0),
    ("dose", CommandClass.ONCE, 600.0),
    ("light_on", CommandClass.LATEST, 90.0),
    ("light_off", CommandClass.LATEST, 90.0),
    ("stop_pump", CommandClass.UNTIL_DONE, 90.0),
    ("set_relay", CommandClass.LATEST, 90.0),
    ("set_pwm", CommandClass.LATEST, 90.0),
    ("set_position", CommandClass.LATEST, 90.0),
    ("calibrate", CommandClass.ONCE, 300.0),
    ("test_sensor", CommandClass.REPEAT, 90.0),
    ("query", CommandClass.REPEAT, 90.0),
    ("reboot", CommandClass.ONCE, 90.0),
    ("set_datetime", CommandClass.LATEST, 90.0),
    ("set_sensor_mode", CommandClass.LATEST, 90.0),
    ("update_config", CommandClass.LATEST, 300.0),
]


@pytest.mark.parametrize(("kind", "command_class", "done_timeout"), POLICY)
def test_a_kind_has_its_rules(
    kind: str, command_class: CommandClass, done_timeout: float
) -> None:
    policy = POLICIES[kind]
    overrides = WIRE.kinds[kind].overrides
    assert policy.command_class is command_class
    assert policy.gate is Gate.ONLINE
    assert overrides.get("done_timeout", policy.done_timeout) == done_timeout
    assert kind == "update_config" or {*overrides} <= {"done_timeout"}


def test_a_binding_lapses_after_30_minutes() -> None:
    policy = replace(POLICIES["update_config"], **WIRE.kinds["update_config"].overrides)
    assert policy.attempts is not None
    assert policy.accept_timeout == policy.done_timeout == policy.retry_delay
    assert policy.attempts * policy.retry_delay == 30 * 60


def test_every_kind_has_its_rules() -> None:
    assert {kind for kind, *_ in POLICY} == {*WIRE.kinds}


# two commands, whether the newer replaces the older
REPLACED: list[tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]], bool]] = [
    (("light_on", {"channel": "a"}), ("light_off", {"channel": "a"}), True),
    (("light_on", {"channel": "a"}), ("light_on", {"channel": "b"}), False),
    (
        ("set_relay", {"channel": "a", "state": 1}),
        ("set_relay", {"channel": "a", "state": 0}),
        True,
    ),
    (
        ("set_pwm", {"channel": "a", "value": 1}),
        ("set_relay", {"channel": "a", "state": 0}),
        False,
    ),
    (
        ("set_position", {"channel": "a", "position_pct": 1}),
        ("set_position", {"channel": "a", "position_pct": 2}),
        True,
    ),
]


@pytest.mark.parametrize(("older", "newer", "replaced"), REPLACED)
def test_a_newer_command_replaces_one_of_its_channel(
    older: tuple[str, dict[str, Any]],
    newer: tuple[str, dict[str, Any]],
    replaced: bool,
) -> None:
    keys = [WIRE.kinds[kind].key(params) for kind, params in (older, newer)]
    assert (keys[0] == keys[1]) is replaced


def test_the_numbers_of_its_stations() -> None:
    assert WIRE.settings == {"online_age": 120.0, "drops_repeats_for": 240.0}


def test_a_person_is_asked_no_more_than_the_samples_say() -> None:
    assert {*SAID} == {*WIRE.node_fields}


# what is known of a node, whether it lives where a person said
BOUND: list[tuple[dict[str, Any], bool]] = [
    ({}, False),
    ({"assigned": True}, False),
    (SAID, False),
    (SAID | {"assigned": True}, True),
    (SAID | {"assigned": True, "lives_at": HERE}, True),
    (SAID | {"assigned": True, "lives_at": HERE, "zone": "zn-3"}, False),
    (SAID | {"assigned": False, "lives_at": HERE}, False),
]


@pytest.mark.parametrize(("known", "bound"), BOUND)
def test_a_node_is_bound_once_it_lives_where_a_person_said(
    known: dict[str, Any], bound: bool
) -> None:
    assert WIRE.is_bound(known) is bound


# kind, params, what is known afterwards
LEARNED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("update_config", {"address": HERE}, {"assigned": True, "lives_at": HERE}),
    ("update_config", {}, {"assigned": True, "lives_at": HERE}),
    ("reboot", {}, {}),
]


@pytest.mark.parametrize(("kind", "params", "known"), LEARNED)
def test_a_configuration_that_is_held_says_where_a_node_lives(
    kind: str, params: dict[str, Any], known: dict[str, Any]
) -> None:
    assert WIRE.learned(a_site(), a_command(kind, params), NODE) == known


def test_a_node_that_is_gone_is_learned_of_without_a_place() -> None:
    command = a_command("update_config", node="gone")
    assert WIRE.learned(a_site(), command, "gone") == {"assigned": True}


def test_what_binds_is_the_configuration() -> None:
    assert WIRE.binding == "update_config"
