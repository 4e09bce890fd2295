"""The wire of sleeping cameras, message by message: what they are told."""

from __future__ import annotations

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.step import Gate, Silence, Wanted
from custom_components.mqtt_dispatch.protocols.actuator import Form
from custom_components.mqtt_dispatch.protocols.esp32_cam.wakings import (
    CAPTURES_PER_WAKING,
)
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.protocols.commands import NOWHERE

from .writing import AT_FIVE, HALF_PAST_FIVE, MAC, NODE, WIRE, a_command, sent, site

AWAKE_FOR = 60.0
CRON = "30 17 * * *"


# kind, params, what stands beside device_id
COMMANDS: list[tuple[str, dict[str, Any], str]] = [
    ("capture_image", {}, '"capture_image":true'),
    ("send_image", {"image_name": "image_1.jpg"}, '"send_image":"image_1.jpg"'),
    ("set_wake_schedule", {"cron": CRON}, '"next_wake":"5:30PM"'),
    ("reboot", {}, '"reboot":true'),
    (
        "update_firmware",
        {"url": "https://example.org/cam.bin"},
        '"firmware_url":"https://example.org/cam.bin"',
    ),
    (
        "update_firmware",
        {"url": "http://10.0.0.2:8123/local/cam.bin?v=2", "version": "2.0"},
        '"firmware_url":"http://10.0.0.2:8123/local/cam.bin?v=2"',
    ),
    ("ping", {}, '"ping":true'),
    (
        "update_config",
        {
            "values": {
                "quality": 12,
                "flash": False,
                "name": "Gate",
                "x": None,
                "y": 0.5,
            }
        },
        '"quality":12,"flash":false,"name":"Gate","x":null,"y":0.5',
    ),
]


@pytest.mark.parametrize(("kind", "params", "said"), COMMANDS)
def test_a_command_goes_down(kind: str, params: dict[str, Any], said: str) -> None:
    payload = f'{{"device_id":"{MAC}",{said}}}'
    assert sent(kind, params) == Publication(f"device/{MAC}/cmd", payload)


def test_each_kind_goes_down() -> None:
    assert {kind for kind, *_ in COMMANDS} == set(WIRE.kinds)


# what the node told of itself, topic, device_id
ADDRESSES: list[tuple[dict[str, str | float], str, str]] = [
    ({}, f"device/{MAC}", MAC),
    ({"family": "own", "spelled": MAC}, f"device/{MAC}", MAC),
    ({"family": "own", "spelled": NODE}, f"device/{NODE}", NODE),
    (
        {"family": "own", "spelled": NODE.lower()},
        f"device/{NODE.lower()}",
        NODE.lower(),
    ),
    ({"family": "shared", "spelled": MAC}, f"ESP32CAM/{MAC}", MAC),
    (
        {"family": "shared", "spelled": MAC.lower()},
        f"ESP32CAM/{MAC.lower()}",
        MAC.lower(),
    ),
    ({"family": "own", "spelled": NODE, "device_id": MAC}, f"device/{NODE}", MAC),
    ({"device_id": NODE}, f"device/{NODE}", NODE),
]


@pytest.mark.parametrize(("readings", "base", "device_id"), ADDRESSES)
def test_a_node_is_told_in_the_family_and_spelling_in_which_it_last_spoke(
    readings: dict[str, str | float], base: str, device_id: str
) -> None:
    payload = f'{{"device_id":"{device_id}","ping":true}}'
    assert sent("ping", {}, readings) == Publication(f"{base}/cmd", payload)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "12:00AM"),
        (0, 5, "12:05AM"),
        (1, 30, "1:30AM"),
        (11, 59, "11:59AM"),
        (12, 0, "12:00PM"),
        (12, 1, "12:01PM"),
        (17, 30, "5:30PM"),
        (23, 59, "11:59PM"),
    ],
)
def test_a_wake_time_is_of_the_12_hour_clock_in_utc(
    hour: int, minute: int, said: str
) -> None:
    due = datetime(2025, 6, 2, hour, minute, tzinfo=UTC).timestamp()
    at = site(lambda _cron, _wall: due)
    publication = sent("set_wake_schedule", {"cron": CRON}, at=at)
    assert json.loads(publication.payload)["next_wake"] == said


def test_a_wake_time_lies_beyond_the_awake_window() -> None:
    """At an earlier one the node is still awake, and would miss it for a day."""
    asked: list[tuple[str, float]] = []

    def next_time(cron: str, wall: float) -> float:
        asked.append((cron, wall))
        return HALF_PAST_FIVE

    sent("set_wake_schedule", {"cron": "*/5  * * * *"}, at=site(next_time))
    assert asked == [("*/5 * * * *", AT_FIVE + AWAKE_FOR)]


def test_a_wake_schedule_that_is_never_due_is_refused() -> None:
    with pytest.raises(InvalidCommand) as refused:
        sent("set_wake_schedule", {"cron": "0 0 30 2 *"}, at=site(lambda *_: None))
    assert (refused.value.code, refused.value.placeholders) == (
        "no_next_time",
        {"field": "cron", "value": "0 0 30 2 *"},
    )


ACK = frozenset({"ack"})

# kind, params, subjects of the answer to the message, of what becomes of it
STEPS: list[tuple[str, dict[str, Any], frozenset[str], frozenset[str]]] = [
    ("capture_image", {}, ACK | {"image"}, frozenset({"image"})),
    (
        "send_image",
        {"image_name": "a.jpg"},
        ACK | {"image:a.jpg"},
        frozenset({"image:a.jpg"}),
    ),
    ("set_wake_schedule", {"cron": CRON}, ACK, ACK),
    ("reboot", {}, ACK, frozenset({"hello"})),
    ("update_firmware", {"url": "https://a.b/c"}, ACK, frozenset({"hello"})),
    (
        "update_firmware",
        {"url": "https://a.b/c", "version": "2.1.0"},
        ACK,
        frozenset({"firmware 2.1.0"}),
    ),
    ("ping", {}, ACK, frozenset()),
    ("update_config", {"values": {"a": 1}}, ACK, ACK),
]


@pytest.mark.parametrize(("kind", "params", "taken_on", "done_on"), STEPS)
def test_a_command_is_one_message_with_these_answers(
    kind: str,
    params: dict[str, Any],
    taken_on: frozenset[str],
    done_on: frozenset[str],
) -> None:
    (step,) = WIRE.steps(NOWHERE, a_command(kind, params), NODE, {})
    assert (step.taken_on, step.done_on) == (taken_on, done_on)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("capture_image", {}),
        ("send_image", {"image_name": "a.jpg"}),
        ("reboot", {}),
        ("update_firmware", {"url": "https://a.b/c"}),
    ],
)
def test_what_shows_later_what_became_of_it_may_be_refused_later(
    kind: str, params: dict[str, Any]
) -> None:
    (step,) = WIRE.steps(NOWHERE, a_command(kind, params), NODE, {})
    assert step.failed_on == {"refusal"}
    assert step.done_on


# kind, what its silence means, seconds for which it is waited for
SILENCES: dict[str, tuple[Silence, float]] = {
    "capture_image": (Silence.DOUBT, 30),
    "send_image": (Silence.DOUBT, 30),
    "set_wake_schedule": (Silence.DONE, 2),
    "update_config": (Silence.DONE, 2),
    "reboot": (Silence.TAKEN, 15),
    "update_firmware": (Silence.TAKEN, 2),
    "ping": (Silence.TAKEN, 2),
}


@pytest.mark.parametrize("kind", WIRE.kinds)
def test_a_node_need_not_answer_what_another_sign_shows(kind: str) -> None:
    policy = WIRE.kinds[kind].policy
    assert (policy.silence, policy.accept_timeout) == SILENCES[kind]


def test_images_and_updates_keep_a_node_from_being_told_more() -> None:
    alone = {name for name, kind in WIRE.kinds.items() if kind.policy.alone}
    assert alone == {"capture_image", "send_image", "update_firmware"}
    once_taken = {n for n, kind in WIRE.kinds.items() if kind.policy.alone_once_taken}
    assert once_taken == {"reboot"}


def test_a_ping_is_done_by_any_message() -> None:
    assert WIRE.kinds["ping"].policy.done_by_any_message is True


@pytest.mark.parametrize("kind", WIRE.kinds)
def test_every_kind_waits_for_the_node_to_wake(kind: str) -> None:
    policy = WIRE.kinds[kind].policy
    assert policy.gate is Gate.AWAKE
    assert policy.expires_in == 2 * 86_400


def test_a_reboot_is_waited_for_until_a_node_may_have_slept_and_woken() -> None:
    """A hello that comes later may be that of its next waking."""
    done_timeout = WIRE.kinds["reboot"].policy.done_timeout
    assert done_timeout == WIRE.settings["awake_for"]


def test_a_waking_lasts_a_minute_and_takes_five_commands() -> None:
    assert WIRE.settings["awake_for"] == 60
    assert WIRE.settings["per_waking"] == 5
    assert WIRE.settings["at_once"] == 5
    assert CAPTURES_PER_WAKING == 2


def test_a_node_is_welcomed_with_its_wake_schedule() -> None:
    assert WIRE.welcome(site(cron=CRON), NODE) == (
        Wanted(node=NODE, kind="set_wake_schedule", params={"cron": CRON}),
    )


@pytest.mark.parametrize("node", [NODE, "112233445566"])
def test_a_node_without_a_cron_is_not_welcomed(node: str) -> None:
    assert WIRE.welcome(site(), node) == ()


def test_a_person_may_say_of_a_node() -> None:
    said = {
        "cron": " 30 17 * * * ",
        "fahrenheit": 1,
        "firmware_url": "https://example.org/cam-2.1.0.bin",
        "firmware_version": "2.1.0",
    }
    checked = {
        name: field.check(name, said[name]) for name, field in WIRE.node_fields.items()
    }
    assert checked == {**said, "cron": CRON, "fahrenheit": True}


@pytest.mark.parametrize(
    ("kind", "params", "known"),
    [
        ("set_wake_schedule", {"cron": CRON}, {"cron": CRON}),
        ("ping", {}, {}),
    ],
)
def test_a_wake_schedule_that_was_taken_holds_from_then_on(
    kind: str, params: dict[str, Any], known: dict[str, Any]
) -> None:
    assert WIRE.learned(site(), a_command(kind, params), NODE) == known


def test_a_picture_is_taken_with_a_button() -> None:
    (capture,) = WIRE.actuators({}, {})
    assert (capture.key, capture.form) == ("capture", Form.BUTTON)
    kind, params = capture.orders["press"]
    assert (kind, WIRE.check(kind, params)) == ("capture_image", {})
