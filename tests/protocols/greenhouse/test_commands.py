"""What greenhouse nodes are told, beyond what the vectors record."""

from __future__ import annotations

from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.step import Course, Wanted
from custom_components.mqtt_dispatch.protocols.base import Publication, Site
from custom_components.mqtt_dispatch.protocols.greenhouse.config import configuration
from custom_components.mqtt_dispatch.protocols.greenhouse.node_types import NODE_TYPES
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

# kind, params, channel, what stands there as `cmd` and `params`
COMMANDS: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    (
        "run_pump",
        {"channel": "pump_acid", "duration_ms": 2500},
        "pump_acid",
        "run_pump",
        {"duration_ms": 2500},
    ),
    (
        "set_relay",
        {"channel": "relay-1", "state": True},
        "relay-1",
        "set_relay",
        {"state": True},
    ),
    ("toggle", {"channel": "relay-1"}, "relay-1", "toggle", {}),
    (
        "open_valve",
        {"channel": "inlet", "duration_s": 5},
        "inlet",
        "set_relay",
        {"state": True, "duration_ms": 5000},
    ),
    ("close_valve", {"channel": "inlet"}, "inlet", "set_relay", {"state": False}),
    ("set_pwm", {"channel": "fan", "value": 40}, "fan", "set_pwm", {"value": 40}),
    ("light_on", {"channel": "lamp"}, "lamp", "set_pwm", {"value": 100}),
    ("light_off", {"channel": "lamp"}, "lamp", "set_pwm", {"value": 0}),
    ("light_on", {"channel": "relay-1"}, "relay-1", "set_relay", {"state": True}),
    (
        "calibrate",
        {"channel": "ph_sensor", "stage": 1, "known_ph": 4.01},
        "ph_sensor",
        "calibrate",
        {"stage": 1, "known_ph": 4.01},
    ),
    ("test_sensor", {"channel": "ph_sensor"}, "ph_sensor", "test_sensor", {}),
    ("query", {}, "storage_state", "state", {}),
    ("refresh", {}, "system", "report_config", {}),
    ("exit_safe_mode", {}, "system", "exit_safe_mode", {}),
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


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (DeliveryState.PENDING, Cause.BUSY),
        (DeliveryState.FAILED, Cause.NODE),
        (DeliveryState.PENDING, Cause.PERSON),
    ],
)
def test_what_a_node_did_not_do_is_sent_again_under_another_id(
    state: DeliveryState, cause: Cause
) -> None:
    """Of the first it would say that it is under way, without doing anything."""
    command = a_command("reboot").noted(TimelineEntry(NOON + 30, state, cause, NODE))
    (publication,) = sent(command)
    assert json.loads(publication.payload)["cmd_id"] == "md-17-1737979230"


class TestADose:
    def test_is_led_in_by_what_makes_the_node_ready_for_it(self) -> None:
        first, dose = sent(a_command("dose", {"channel": "pump_acid", "ml": 2}))
        assert first.topic == f"{HOME}/system/command"
        told = json.loads(first.payload)
        assert (told["cmd"], told["cmd_id"]) == ("activate_sensor_mode", "md-17-x")
        assert json.loads(dose.payload)["params"] == {"ml": 2}

    def test_is_written_and_signed_as_the_node_reads_it(self) -> None:
        ml = 0.1 + 0.2
        _, dose = sent(a_command("dose", {"channel": "pump_acid", "ml": ml}))
        assert '"params":{"ml":0.3}' in dose.payload

    def test_of_the_older_generation_is_one_message(self) -> None:
        site = a_site(generation="seed", type="ph", secret=None)
        (dose,) = sent(a_command("dose", {"channel": "pump_acid", "ml": 2}), site=site)
        assert json.loads(dose.payload) == {
            "cmd": "dose",
            "cmd_id": "md-17",
            "dose_ml": 2,
        }


def test_a_node_without_a_secret_is_told_nothing_that_it_would_refuse() -> None:
    with pytest.raises(InvalidCommand) as refused:
        sent(a_command("reboot"), site=a_site(secret=None))
    assert refused.value.placeholders == {"field": "secret"}


# what is known of a node, where it last spoke, where it is told something
LOST = f"gh-temp/zn-temp/{NODE}"
PLACES: list[tuple[dict[str, Any], str | None, str]] = [
    ({}, None, "gh-1/zn-2/nd-ph-1"),
    ({"assigned": False, "lives_at": None}, None, LOST),
    (
        {"assigned": False, "lives_at": None, "hardware_id": "E-X"},
        None,
        "gh-temp/zn-temp/E-X",
    ),
    ({"lives_at": "gh-7/zn-7/nd-7"}, None, "gh-7/zn-7/nd-7"),
    ({"lives_at": "gh-7/zn-7/nd-7"}, "gh-1/zn-2/nd-ph-1", "gh-1/zn-2/nd-ph-1"),
    ({}, LOST, LOST),
    ({"assigned": False, "lives_at": None}, "gh-1/zn-2/nd-ph-1", "gh-1/zn-2/nd-ph-1"),
    # wherever else it claims to be
    ({}, "gh-7/zn-7/nd-7", "gh-1/zn-2/nd-ph-1"),
    ({}, "gh-temp/zn-temp/somebody", "gh-1/zn-2/nd-ph-1"),
]


@pytest.mark.parametrize(("known", "spoke", "place"), PLACES)
@pytest.mark.parametrize(
    ("kind", "suffix"), [("reboot", "system/command"), ("update_config", "config")]
)
def test_a_node_is_told_something_at_one_of_its_own_places_alone(
    kind: str, suffix: str, known: dict[str, Any], spoke: str | None, place: str
) -> None:
    readings = {} if spoke is None else {"address": spoke}
    (publication,) = sent(a_command(kind), site=a_site(**known), readings=readings)
    assert publication.topic == f"hydro/{place}/{suffix}"


def attempt(command: Command, number: int) -> Command:
    """Return a command that is sent for the so manieth time."""
    return replace(command, deliveries=(Delivery(NODE, attempts=number),))


def test_a_climate_node_is_asked_again_where_it_always_listens() -> None:
    """It hears its new address only after its next connection."""
    site = a_site(type="climate")
    command = a_command("set_relay", {"channel": "relay-1", "state": True})
    topics = [
        sent(attempt(command, number), site=site)[0].topic for number in (1, 2, 3)
    ]
    lost = f"hydro/{LOST}/relay-1/command"
    assert topics == [f"{HOME}/relay-1/command", lost, f"{HOME}/relay-1/command"]


class TestTheConfiguration:
    def test_is_whole(self) -> None:
        assert configuration(FIELDS) == {
            "node_id": "nd-ph-1",
            "version": 1,
            "type": "unknown",
            "gh_uid": "gh-1",
            "zone_uid": "zn-2",
            "channels": CHANNELS,
            "mqtt": {"configured": True},
            "node_secret": SECRET,
        }

    @pytest.mark.parametrize("node_type", ["ph", "ec", "relay", "irrig", "light"])
    def test_names_no_channels_where_the_node_brings_its_own(
        self, node_type: str
    ) -> None:
        assert configuration(FIELDS | {"type": node_type})["channels"] == []

    @pytest.mark.parametrize("name", ["greenhouse", "zone", "uid", "secret"])
    def test_needs_a_place_and_a_secret(self, name: str) -> None:
        with pytest.raises(InvalidCommand) as refused:
            configuration(FIELDS | {name: None})
        assert refused.value.placeholders == {"field": name}

    def test_needs_to_say_of_which_kind_a_relay_is(self) -> None:
        fan = {"name": "fan", "type": "ACTUATOR", "actuator_type": "FAN"}
        with pytest.raises(InvalidCommand) as refused:
            configuration(FIELDS | {"channels": [fan]})
        assert refused.value.placeholders == {"field": "channels.fan.relay_type"}

    def test_that_a_node_would_drop_is_refused(self) -> None:
        channels = [
            {"name": f"a{number:063}", "type": "SENSOR", "metric": "x" * 64}
            for number in range(32)
        ]
        with pytest.raises(InvalidCommand) as refused:
            sent(a_command("update_config"), site=a_site(channels=channels))
        assert refused.value.code == "payload_too_large"
        assert refused.value.placeholders["limit"] == "4095"

    def test_goes_out_once_in_five_minutes_and_is_asked_for_meanwhile(self) -> None:
        command = a_command("update_config")
        said = [sent(attempt(command, number))[0] for number in range(1, 5)]
        assert [each.topic.removeprefix(f"{HOME}/") for each in said] == [
            "config",
            "system/command",
            "system/command",
            "config",
        ]
        asked = json.loads(said[1].payload)
        assert (asked["cmd"], asked["cmd_id"]) == ("report_config", "md-17-x")
        policy = WIRE.kinds["update_config"].policy
        delays = [policy.delay_after(number) for number in range(1, 4)]
        assert delays == [30.0, 30.0, 240.0]
        assert policy.attempts == 19
        assert sum(map(policy.delay_after, range(1, 19))) == 30 * 60
        assert policy.beside

    def test_is_what_a_node_with_a_place_is_welcomed_with(self) -> None:
        wanted = Wanted(
            node=NODE,
            kind="update_config",
            params={"address": "gh-1/zn-2/nd-ph-1"},
        )
        assert WIRE.welcome(a_site(), NODE) == (wanted,)
        assert WIRE.welcome(a_site(), NEW) == ()
        assert WIRE.welcome(a_site(generation="seed"), NODE) == ()

    def test_for_a_place_that_is_not_the_one_that_a_person_said_is_refused(
        self,
    ) -> None:
        with pytest.raises(InvalidCommand) as refused:
            sent(a_command("update_config", {"address": "gh-9/zn-9/nd-9"}))
        assert refused.value.code == "invalid_choice"

    @pytest.mark.parametrize(
        "other", [SAID, {"lives_at": "gh-1/zn-2/nd-ph-1"}], ids=["said", "lives"]
    )
    def test_for_an_address_that_another_node_has_is_refused(
        self, other: dict[str, Any]
    ) -> None:
        site = Site(prefix="hydro", nodes={NODE: FIELDS, "other": other})
        with pytest.raises(InvalidCommand) as refused:
            sent(a_command("update_config"), site=site)
        assert "other" in refused.value.placeholders["value"]


def understood(node_type: str, generation: str = "head") -> set[str]:
    """Return what a node of a type understands."""
    site = a_site(type=node_type, generation=generation)
    return {kind for kind in WIRE.kinds if WIRE.understands(site, NODE, kind, {})}


ALL = {"update_config", "refresh", "reboot", "set_datetime", "exit_safe_mode"}
DOSES = {"run_pump", "dose", "calibrate", "test_sensor", "set_sensor_mode"}
SWITCHES = {"set_relay", "open_valve", "close_valve"}
LIGHTS = {"set_pwm", "light_on", "light_off"}
KINDS = {
    "ph": DOSES,
    "ec": DOSES,
    "climate": LIGHTS | {"set_relay", "test_sensor"},
    "relay": SWITCHES | {"toggle"},
    "irrig": SWITCHES | {"run_pump", "stop_pump", "query", "test_sensor"},
    "light": LIGHTS | {"set_relay", "test_sensor"},
    "pump": {"run_pump"},
}
SEED_KINDS = {
    "ph": {"run_pump", "stop_pump", "dose", "calibrate"},
    "ec": {"run_pump", "stop_pump", "calibrate"},
    "climate": LIGHTS | {"set_relay"},
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
    ("dose", {"channel": "a", "ml": 0}, "invalid_number", "ml"),
    ("dose", {"channel": "a", "ml": 501}, "invalid_number", "ml"),
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
    ("light_on", {"channel": "lamp"}, {}, {"state": "on", **YES}),
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
