"""What greenhouse nodes are told, beyond what the vectors record."""

from __future__ import annotations

from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.step import Wanted
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.greenhouse.config import configuration
from custom_components.mqtt_dispatch.protocols.greenhouse.signing import signature
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .samples import (
    CHANNELS,
    FIELDS,
    HOME,
    NEW,
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


@pytest.mark.parametrize("generation", ["head", "seed"])
def test_a_valve_of_a_climate_node_is_closed_by_its_relay(generation: str) -> None:
    """It registers nothing but `set_relay`, in either generation."""
    site = a_site(type="climate", generation=generation)
    closed, switched = (
        sent(a_command(kind, {"channel": "inlet", **more}), site=site)
        for kind, more in (("close_valve", {}), ("set_relay", {"state": False}))
    )
    assert closed == switched


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
