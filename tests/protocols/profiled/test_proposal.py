"""A profile is proposed of what a device says of itself; what is unknown stays open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.engine.model.step import Silence
from custom_components.mqtt_dispatch.protocols.profiled.discovered import (
    MOST_PARTS,
    Device,
    read_device,
)
from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile
from custom_components.mqtt_dispatch.protocols.profiled.proposal import proposed
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read

LAWN: dict[str, Any] = {
    "name": None,
    "command_topic": "zigbee2mqtt/Lawn/set",
    "state_topic": "zigbee2mqtt/Lawn",
    "value_template": "{{ value_json.state }}",
    "payload_on": "ON",
    "payload_off": "OFF",
    "unique_id": "0xa4_switch_zigbee2mqtt",
    "availability": [
        {
            "topic": "zigbee2mqtt/bridge/state",
            "value_template": "{{ value_json.state }}",
        }
    ],
    "device": {
        "identifiers": ["zigbee2mqtt_0xa4"],
        "name": "Lawn",
        "manufacturer": "Tuya",
    },
}
SHORT: dict[str, Any] = {
    "~": "shed/pump1",
    "name": "Pump",
    "cmd_t": "~/set",
    "stat_t": "~/state",
    "avty": {"t": "~/there", "pl_avail": "yes", "pl_not_avail": "no"},
    "uniq_id": "pump1",
    "dev": {"ids": "pump1", "name": "Shed pump", "mf": "Own"},
}


def device_of(*messages: tuple[str, Any]) -> Device:
    """Return the one device that messages describe."""
    found: Device | None = None
    for topic, content in messages:
        described = read_device(topic, json.dumps(content).encode())
        assert described is not None, topic
        if found is None:
            found = described[1]
        else:
            found.take(described[1])
    assert found is not None
    return found


def text_of(component: str, content: Any) -> str:
    return proposed(device_of((f"homeassistant/{component}/x/config", content)), ())


def said_by(component: str, content: Any) -> dict[str, Any]:
    profile: dict[str, Any] = json.loads(text_of(component, content))
    return profile


def line_refused(text: str) -> int | None:
    """Return the line on which a profile is wrong; None: it is not."""
    try:
        read(text)
    except ProfileError as refused:
        return refused.line
    return None


def decided(text: str, *decisions: str) -> Profile:
    """Return the profile once a person has decided what is open, from the top."""
    for decision in decisions:
        with pytest.raises(ProfileError) as refused:
            read(text)
        lines = text.splitlines()
        assert '"?"' in lines[refused.value.line - 1], "what is open is not pointed at"
        lines[refused.value.line - 1] = lines[refused.value.line - 1].replace(
            '"?"', decision
        )
        text = "\n".join(lines)
    return read(text)


def test_where_what_is_told_may_be_an_echo_its_proof_is_to_be_decided_too() -> None:
    with pytest.raises(ProfileError, match="may be its echo"):
        decided(text_of("switch", LAWN), "true", '"latest"')


def test_a_switch_behind_a_bridge_is_proposed_and_its_open_points_are_decided() -> None:
    profile = decided(text_of("switch", LAWN), "false", '"latest"')

    assert (profile.key, profile.maker, profile.prefix) == (
        "own_lawn",
        "Tuya",
        "zigbee2mqtt",
    )
    assert profile.topics == {
        "state": "{prefix}/{node}",
        "available": "{prefix}/bridge/state",
    }
    (sign,) = profile.online
    assert (sign.path, sign.yes, sign.no) == (("state",), "online", "offline")
    classes = {
        name: rules.policy.command_class for name, rules in profile.kinds.items()
    }
    assert classes == {
        "switch_on": CommandClass.LATEST,
        "switch_off": CommandClass.UNTIL_DONE,
    }
    device = profile.models["device"]
    on = device.kinds["switch_on"]
    assert [(step.topic, step.payload) for step in on.steps] == [
        ("{prefix}/{node}/set", "ON")
    ]
    assert device.readings["switch"].words == {"ON": "on", "OFF": "off"}
    assert [actuator.key for actuator in device.actuators] == ["switch"]


def test_what_must_happen_once_is_refused_until_its_proof_is_a_change() -> None:
    with pytest.raises(ProfileError, match="happens once"):
        decided(text_of("switch", LAWN), "false", '"once"')


def test_short_names_and_common_parts_of_topics_are_read() -> None:
    profile = said_by("switch", SHORT)
    assert profile["prefix"] == "shed"
    assert profile["topics"] == {
        "state": "{prefix}/{node}/state",
        "available": "{prefix}/{node}/there",
    }
    assert profile["online"] == [{"topic": "available", "yes": "yes", "no": "no"}]
    (step,) = profile["models"]["device"]["kinds"]["switch_on"]["steps"]
    assert step == {"topic": "{prefix}/{node}/set", "payload": "ON"}


def test_a_valve_without_a_clock_is_closed_by_us_and_its_owner_told_so() -> None:
    valve = {**SHORT, "pl_open": '{"valve":"up"}', "stat_open": "up"}
    profile = decided(text_of("valve", valve), "false")
    device = profile.models["device"]
    opening = device.kinds["open_valve"]
    assert profile.kinds["open_valve"].policy.command_class is CommandClass.ONCE
    assert (opening.lasts, opening.goes_on) == ("duration", True)
    assert opening.steps[0].payload == {"valve": "up"}
    assert device.readings["valve"].words == {"up": "open", "closed": "closed"}
    assert "stays open while Home Assistant" in device.means[0]
    assert [actuator.key for actuator in device.actuators] == ["valve"]


def test_a_valve_that_tells_how_it_is_was_done_once_it_has_closed() -> None:
    def handled(valve: dict[str, Any]) -> dict[str, Any]:
        device = said_by("valve", valve)["models"]["device"]
        found: dict[str, Any] = device["handled"]["valve"]
        return found

    silent = {key: said for key, said in SHORT.items() if key != "stat_t"}
    assert handled(SHORT)["done_once_over"] is True
    assert "done_once_over" not in handled(silent)


def test_a_node_is_what_its_availability_speaks_of() -> None:
    relay = {
        "name": "tap",
        "command_topic": "pis/hall/output/tap/set",
        "state_topic": "pis/hall/output/tap",
        "availability_topic": "pis/hall/status",
        "unique_id": "io-14c6_board_output_tap",
        "device": {"identifiers": ["io-14c6"], "name": "IO"},
    }
    profile = said_by("switch", relay)
    assert profile["prefix"] == "pis"
    assert profile["topics"] == {
        "state": "{prefix}/{node}/output/tap",
        "available": "{prefix}/{node}/status",
    }


def test_the_availability_of_a_gateway_makes_no_node_of_what_stands_before_it() -> None:
    valve = {
        "name": "lawn",
        "command_topic": "garden/valve1/set",
        "state_topic": "garden/valve1/state",
        "availability_topic": "garden/gateway/status",
        "unique_id": "garden_valve1_switch",
        "device": {"identifiers": ["gw-1"], "name": "Lawn"},
    }
    profile = said_by("switch", valve)
    assert profile["prefix"] == "garden"
    assert profile["topics"] == {
        "state": "{prefix}/{node}/state",
        "available": "{prefix}/gateway/status",
    }


def test_a_valve_that_tells_a_position_leaves_open_which_is_which() -> None:
    valve = said_by("valve", {**SHORT, "pos": True})
    words = valve["models"]["device"]["readings"]["valve"]["words"]
    assert words == {"?": "open", "??": "closed"}


def test_a_button_proves_nothing_and_says_so() -> None:
    button = {"name": "Feed", "cmd_t": "esp-bowl/button/feed/command", "dev": {}}
    text = proposed(
        device_of(("homeassistant/button/esp-bowl/feed/config", button)), ()
    )
    profile = decided(text, '"once"')
    assert (profile.key, profile.prefix) == ("own_feed", "own_feed")
    rules = profile.kinds["press_button"].policy
    assert (rules.command_class, rules.silence) == (CommandClass.ONCE, Silence.DONE)
    (step,) = profile.models["device"].kinds["press_button"].steps
    assert (step.topic, step.payload) == ("{node}/button/feed/command", "PRESS")
    assert profile.models["device"].not_provable == (
        "That it happened (press button): the device tells nothing.",
    )


def test_a_number_has_its_range_and_what_is_told_of_it_proves_it() -> None:
    number = {**SHORT, "min": 5, "max": 30, "cmd_tpl": '{"size": {{ value }} }'}
    profile = decided(text_of("number", number), "false")
    told = profile.models["device"].kinds["set_number"]
    assert told.steps[0].payload == {"size": {"$": "value"}}
    assert told.fields["value"].check("value", 30) == 30
    plain = said_by("number", SHORT)["models"]["device"]["kinds"]["set_number"]
    assert plain["steps"][0]["payload"] == {"$": "value"}
    assert plain["params"] == {"value": {"whole": [1, 100]}}


def test_a_template_that_cannot_be_read_stays_open() -> None:
    number = {**SHORT, "cmd_tpl": "{{ value | round }}", "val_tpl": "{% if x %}"}
    device = said_by("number", number)["models"]["device"]
    assert device["kinds"]["set_number"]["steps"][0]["payload"] == {"$": "?"}
    assert device["readings"]["number"]["path"] == ""
    text = text_of("number", number).replace('"?"', "false", 1)
    with pytest.raises(ProfileError, match="path") as refused:
        read(text)
    assert '"path": ""' in text.splitlines()[refused.value.line - 1]


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{{ value }}", None),
        ("{{ value | int }}", None),
        ("{{ value_json.state }}", "state"),
        ("{{value_json['relay'].on}}", "relay.on"),
        ("{{ value_json.size | float(0) }}", "size"),
        ("{{ value_json['a.b'] }}", ""),
    ],
)
def test_templates_that_only_read_are_paths(template: str, path: str | None) -> None:
    profile = said_by("switch", {**SHORT, "val_tpl": template})
    assert profile["models"]["device"]["readings"]["switch"].get("path") == path


def test_a_cover_that_tells_its_position_can_be_handled() -> None:
    cover = {**SHORT, "pos_t": "~/position"}
    profile = decided(text_of("cover", cover), "false")
    device = profile.models["device"]
    assert device.readings["cover"].words == {
        "open": "open",
        "closed": "closed",
        "opening": "moves",
        "closing": "moves",
    }
    assert device.readings["cover_level"].number == (0.0, 100.0)
    assert [actuator.key for actuator in device.actuators] == ["cover"]
    assert said_by("cover", SHORT)["models"]["device"]["handled"] == {}


def test_what_tells_no_state_is_only_told() -> None:
    mute = {key: value for key, value in SHORT.items() if key != "stat_t"}
    for component in ("switch", "valve", "cover", "number"):
        profile = said_by(component, mute)
        assert {rule["told"] for rule in profile["kinds"].values()} == {"done"}
        assert "echoes" not in profile
        assert profile["models"]["device"]["not_provable"]


def test_the_parts_of_a_device_come_together_each_with_its_name() -> None:
    device = device_of(
        ("homeassistant/switch/pump1/a/config", {**SHORT, "name": "Left"}),
        ("homeassistant/switch/pump1/b/config", {**SHORT, "name": "Right"}),
        ("homeassistant/switch/pump1/c/config", {**SHORT, "name": "Right"}),
        ("homeassistant/switch/pump1/d/config", {**SHORT, "name": "???"}),
    )
    profile = json.loads(proposed(device, ()))
    assert [*profile["models"]["device"]["handled"]] == [
        "left",
        "right",
        "right_2",
        "part",
    ]
    assert len(profile["topics"]) == 2, "they have them in common"


def test_a_device_that_describes_itself_at_once_is_read() -> None:
    whole = {
        "~": "shed/pump1",
        "dev": SHORT["dev"],
        "stat_t": "~/state",
        "cmps": {
            "a": {"p": "switch", "cmd_t": "~/a", "name": "A", "avty_t": "~/here"},
            "b": {"p": "sensor"},
            "c": "nonsense",
        },
    }
    device = device_of(("homeassistant/device/pump1/config", whole))
    assert [part.component for part in device.parts.values()] == ["switch"]
    profile = json.loads(proposed(device, ()))
    assert profile["topics"] == {
        "state": "{prefix}/{node}/state",
        "available": "{prefix}/{node}/here",
    }
    (step,) = profile["models"]["device"]["kinds"]["switch_on"]["steps"]
    assert step["topic"] == "{prefix}/{node}/a"


def test_several_topics_of_a_kind_have_names_of_their_own() -> None:
    device = device_of(
        ("homeassistant/switch/pump1/a/config", {**SHORT, "name": "Left"}),
        (
            "homeassistant/switch/pump1/b/config",
            {**SHORT, "name": "Right", "stat_t": "right/~"},
        ),
    )
    topics = json.loads(proposed(device, ()))["topics"]
    assert topics == {
        "state": "shed/{node}/state",
        "available": "shed/{node}/there",
        "state_2": "right/shed/{node}",
    }


def test_a_device_that_no_topic_names_is_refused_where_it_must_be_named() -> None:
    text = text_of("switch", {**LAWN, "stat_t": "a/b", "state_topic": "c/d"})
    with pytest.raises(ProfileError, match=r"does not name \{node\}"):
        decided(text, "false", '"latest"')


@pytest.mark.parametrize("topic", ["", 3, "a\nb"])
def test_a_topic_that_is_none_stays_open(topic: Any) -> None:
    profile = said_by("button", {"name": "Bell", "cmd_t": topic})
    (step,) = profile["models"]["device"]["kinds"]["press_button"]["steps"]
    assert step["topic"] == ""


def test_names_that_are_taken_are_not_proposed() -> None:
    device = device_of(("homeassistant/switch/x/config", SHORT))
    taken = ("own_shed_pump", "own_shed_pump_2")
    assert json.loads(proposed(device, taken))["profile"] == "own_shed_pump_3"
    nameless = device_of(("homeassistant/switch/1/config", {"cmd_t": "a"}))
    assert json.loads(proposed(nameless, ()))["profile"] == "own_device"


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("homeassistant/sensor/x/config", b"{}"),
        ("homeassistant/device/x/config", b'{"cmps": []}'),
        ("homeassistant/switch/x/config", b""),
        ("homeassistant/switch/x/config", b"[]"),
        ("homeassistant/switch/x/state", b"{}"),
        ("other/switch/x/config", b"{}"),
    ],
)
def test_what_describes_nothing_that_can_be_ordered_is_none(
    topic: str, payload: bytes
) -> None:
    assert read_device(topic, payload) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"~": 3, "cmd_t": "~/x", "avty": 3},
        {"avty": [3, {"t": "x", "val_tpl": 3}], "cmd_t": ["x"]},
        {"pl_on": {"a": 1}, "stat_on": ["x"], "stat_t": "a", "min": "x", "max": []},
        {"dev": {"ids": [], "name": 3, "mf": None}, "uniq_id": {}, "stat_t": {}},
        {"dev": [], "pl_open": "[1]", "pl_prs": "{", "pos": 3, "pos_t": "x"},
        {"pl_open": "[" * 30_000},
    ],
)
@pytest.mark.parametrize("component", ["button", "cover", "number", "switch", "valve"])
def test_whatever_is_said_a_proposal_is_read_or_refused_with_its_line(
    component: str, odd: dict[str, Any]
) -> None:
    text = text_of(component, odd)
    line = line_refused(text)
    assert line is None or 1 <= line <= len(text.splitlines())


def test_a_device_with_parts_without_end_is_bounded() -> None:
    parts = {str(place): {"p": "switch", "cmd_t": "a"} for place in range(50)}
    device = device_of(("homeassistant/device/x/config", {"cmps": parts}))
    assert len(device.parts) == MOST_PARTS
    device.take(device_of(("homeassistant/switch/y/config", SHORT)))
    assert len(device.parts) == MOST_PARTS
