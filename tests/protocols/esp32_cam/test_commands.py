"""The wire of sleeping cameras, message by message: what they are told."""

from __future__ import annotations

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.engine.model.step import Gate, Silence, Wanted
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.actuator import Form
from custom_components.mqtt_dispatch.protocols.base import (
    Instructing,
    Publication,
    Sending,
    Site,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.session import (
    CAPTURES_PER_WAKING,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from ..commands import command_for

WIRE = PROTOCOLS["esp32_cam"]
MAC = "AA:BB:CC:DD:EE:FF"
NODE = "AABBCCDDEEFF"
HALF_PAST_FIVE = datetime(2025, 6, 1, 17, 30, tzinfo=UTC).timestamp()
AT_FIVE = HALF_PAST_FIVE - 1800
AWAKE_FOR = 60.0
CRON = "30 17 * * *"


def due_at_half_past_five(_cron: str, _wall: float) -> float | None:
    return HALF_PAST_FIVE


def site(next_time: Any = due_at_half_past_five, **fields: Any) -> Site:
    return Site(prefix="device", nodes={NODE: fields}, next_time=next_time)


def a_command(kind: str, params: dict[str, Any]) -> Command:
    return command_for(
        [NODE], kind, WIRE.check(kind, params), command_class=CommandClass.REPEAT
    )


def sent(
    kind: str,
    params: dict[str, Any],
    readings: dict[str, str | float] | None = None,
    at: Site | None = None,
) -> Publication:
    sending = Sending(
        command=a_command(kind, params),
        node=NODE,
        wall=AT_FIVE,
        readings=readings or {},
    )
    (publication, *_) = WIRE.publications(at or site(), sending)
    return publication


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


def test_what_is_too_long_for_a_node_is_refused() -> None:
    values = {f"key_{number}": "x" * 200 for number in range(6)}
    with pytest.raises(InvalidCommand) as refused:
        sent("update_config", {"values": values})
    assert refused.value.code == "payload_too_large"
    assert refused.value.placeholders["limit"] == "1024"


NO_VALUES: tuple[Any, ...] = ({}, [], "a", None, 1, {f"k{n}": n for n in range(33)})
NOT_PLAIN: tuple[Any, ...] = (
    [],
    {},
    {"b": 1},
    float("nan"),
    float("inf"),
    2**63,
    "x" * 257,
)

# kind, params, code, field
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("capture_image", {"flash": True}, "unknown_field", "flash"),
    ("send_image", {}, "missing_field", "image_name"),
    *(
        ("send_image", {"image_name": name}, "invalid_text", "image_name")
        for name in ("", "x" * 129, "a\nb", "bär.jpg", 7, None)
    ),
    ("set_wake_schedule", {}, "missing_field", "cron"),
    *(
        ("set_wake_schedule", {"cron": cron}, "invalid_cron", "cron")
        for cron in (
            "",
            "30 17 * *",
            "0 30 17 * * *",
            "30 17 * * ;",
            "@daily",
            "30;17;*;*;*",
            "5:30 * * * *",
            17,
            None,
            ["30", "17", "*", "*", "*"],
            "1 " * 4 + "1" * 65,
        )
    ),
    ("update_firmware", {}, "missing_field", "url"),
    *(
        ("update_firmware", {"url": url}, "invalid_url", "url")
        for url in (
            "",
            "cam.bin",
            "ftp://example.org/cam.bin",
            "https://",
            "https:///cam.bin",
            "https://[::1/cam.bin",
            "https://example.org/cam .bin",
            "https://example.org/ä.bin",
            "https://example.org/\n",
            "https://example.org/" + "x" * 500,
            7,
            None,
        )
    ),
    *(
        (
            "update_firmware",
            {"url": "https://example.org/cam.bin", "version": version},
            "invalid_text",
            "version",
        )
        for version in ("", "x" * 65, 2, "2\n")
    ),
    ("ping", {"id": 1}, "unknown_field", "id"),
    ("reboot", {"hard": True}, "unknown_field", "hard"),
    ("update_config", {}, "missing_field", "values"),
    *(
        ("update_config", {"values": values}, "invalid_values", "values")
        for values in NO_VALUES
    ),
    *(
        ("update_config", {"values": {name: True}}, "unknown_field", name)
        for name in (
            "device_id",
            "capture_image",
            "send_image",
            "send_all_pending",
            "missing_chunks",
            "next_wake",
            "reboot",
            "firmware_url",
            "ping",
        )
    ),
    *(
        ("update_config", {"values": {"a": value}}, "invalid_values", "a")
        for value in NOT_PLAIN
    ),
    ("update_config", {"values": {"": 1}}, "unknown_field", ""),
    ("feed", {"portions": 1}, "unknown_kind", ""),
]


@pytest.mark.parametrize(("kind", "params", "code", "field"), REFUSED)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    named = refused.value.placeholders.get("field", "")
    assert (refused.value.code, named) == (code, field)


@pytest.mark.parametrize("values", [{1: 2}, {None: 2}, {"x" * 65: 1}, {"a\nb": 1}])
def test_a_value_needs_a_name(values: dict[Any, Any]) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check("update_config", {"values": values})
    assert refused.value.code == "unknown_field"


@pytest.mark.parametrize(
    ("cron", "checked"),
    [
        (CRON, CRON),
        ("  30  17 *\t* * ", CRON),
        ("*/15 6-20 * * MON-FRI", "*/15 6-20 * * MON-FRI"),
        ("0 12 L * 1#2", "0 12 L * 1#2"),
        ("0,30 8 1 jan,jul *", "0,30 8 1 jan,jul *"),
    ],
)
def test_any_cron_expression_of_five_parts_is_taken(cron: str, checked: str) -> None:
    assert WIRE.check("set_wake_schedule", {"cron": cron}) == {"cron": checked}


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
    (step,) = WIRE.steps(a_command(kind, params), NODE, {})
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
    (step,) = WIRE.steps(a_command(kind, params), NODE, {})
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


def test_an_image_alone_keeps_a_node_from_being_told_more() -> None:
    alone = {name for name, kind in WIRE.kinds.items() if kind.policy.alone}
    assert alone == {"capture_image", "send_image"}


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


SLEEP = ImageInstruction(Instruction.SLEEP)


class TestAnInstruction:
    """What a node is told of its images."""

    def told(
        self,
        instruction: Instruction,
        *,
        name: str = "image_1.jpg",
        missing: tuple[int, ...] = (),
        family: str = "own",
        at: Site | None = None,
        wall: float = AT_FIVE,
    ) -> tuple[Publication, ...]:
        instructing = Instructing(
            node=NODE,
            message=ImageInstruction(instruction, name, missing),
            readings={"family": family, "spelled": MAC},
            wall=wall,
        )
        return WIRE.instruct(at or site(cron=CRON), instructing)

    @pytest.mark.parametrize(
        ("instruction", "said"),
        [
            (Instruction.CAPTURE, '"capture_image":true'),
            (Instruction.SEND, '"send_image":"image_1.jpg"'),
            (Instruction.SEND_PENDING, '"send_all_pending":true'),
        ],
    )
    @pytest.mark.parametrize(
        ("family", "root"), [("own", "device"), ("shared", "ESP32CAM")]
    )
    def test_goes_down_as_a_command(
        self, instruction: Instruction, said: str, family: str, root: str
    ) -> None:
        payload = f'{{"device_id":"{MAC}",{said}}}'
        told = self.told(instruction, family=family)
        assert told == (Publication(f"{root}/{MAC}/cmd", payload),)

    def test_asks_for_parts_where_either_firmware_listens(self) -> None:
        payload = (
            f'{{"device_id":"{MAC}","image_name":"image_1.jpg","missing_chunks":[3,7]}}'
        )
        assert self.told(Instruction.SEND_PARTS, missing=(3, 7)) == (
            Publication(f"device/{MAC}/ack", payload),
            Publication(f"device/{MAC}/cmd", payload),
        )

    @pytest.mark.parametrize(
        ("family", "topic", "ok"),
        [("own", f"device/{MAC}/ack", "{}"), ("shared", f"ESP32CAM/{MAC}/ack", "true")],
    )
    def test_keeps_a_node_awake_that_has_more_to_do(
        self, family: str, topic: str, ok: str
    ) -> None:
        payload = f'{{"device_id":"{MAC}","image_name":"image_1.jpg","ACK_OK":{ok}}}'
        told = self.told(Instruction.KEEP_AWAKE, family=family)
        assert told == (Publication(topic, payload),)

    def test_sends_the_node_to_sleep_with_its_next_wake(self) -> None:
        assert self.told(Instruction.SLEEP) == (
            Publication(
                f"device/{MAC}/ack",
                f'{{"device_id":"{MAC}","image_name":"image_1.jpg",'
                '"ACK_OK":{"next_wake_time":"5:30PM"}}',
            ),
        )

    def test_sends_a_node_without_an_image_to_sleep_too(self) -> None:
        (said,) = self.told(Instruction.SLEEP, name="")
        assert json.loads(said.payload) == {
            "device_id": MAC,
            "ACK_OK": {"next_wake_time": "5:30PM"},
        }

    @pytest.mark.parametrize(
        ("at", "wall"),
        [
            (site(), AT_FIVE),
            (site(lambda *_: None, cron="0 0 30 2 *"), AT_FIVE),
            (site(cron=CRON), 60.0),
        ],
        ids=["no schedule", "never", "a clock that nobody set"],
    )
    def test_tells_no_wake_time_where_there_is_none(
        self, at: Site, wall: float
    ) -> None:
        (publication,) = self.told(Instruction.SLEEP, at=at, wall=wall)
        assert json.loads(publication.payload)["ACK_OK"] == {}

    def test_goes_out_in_both_families_to_a_node_that_never_said_hello(self) -> None:
        instructing = Instructing(
            node=NODE, message=SLEEP, readings={"device_id": NODE}, wall=AT_FIVE
        )
        told = WIRE.instruct(site(cron=CRON), instructing)
        assert [said.topic for said in told] == [
            f"device/{NODE}/ack",
            f"ESP32CAM/{NODE}/ack",
        ]

    def test_goes_out_once_where_the_families_are_one(self) -> None:
        at = Site(prefix="ESP32CAM", nodes={NODE: {}})
        instructing = Instructing(node=NODE, message=SLEEP, wall=AT_FIVE)
        told = WIRE.instruct(at, instructing)
        assert [said.topic for said in told] == [f"ESP32CAM/{MAC}/ack"]

    def test_asks_for_all_parts_of_the_largest_image(self) -> None:
        (said, _) = self.told(Instruction.SEND_PARTS, missing=tuple(range(4097)))
        assert len(json.loads(said.payload)["missing_chunks"]) == 4097


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
