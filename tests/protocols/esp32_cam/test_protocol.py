"""The wire of sleeping cameras, message by message: what they say."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
    Report,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed

from .site import MAC, NODE, WIRE, live, reports

STRANGER = "112233445566"
DATA = f"ESP32CAM/{MAC}/data"
OWN: dict[str, str | float] = {"family": "own", "spelled": MAC}
ID: dict[str, str | float] = {"device_id": MAC}


# content, what it says beside that the node is there
ACKS: list[tuple[dict[str, Any], tuple[Report, ...]]] = [
    *(
        (content, (Accepted(NODE, subject="ack"), Done(NODE, subject="ack")))
        for content in (
            {"type": "command_ack", "status": "success", "message": "rebooting"},
            {"type": "command_ack", "status": "ok"},
            {"type": "command_ack"},
            {"status": 200},
            {"status": True},
            {"status": None},
            {"status": "received", "message": "no error"},
            {"command_ack": "acknowledged"},
            {"command_ack": {"type": "ping", "status": "success"}},
            {"anything": 1},
            {},
        )
    ),
    *(
        (
            content,
            (
                Rejected(NODE, reason=reason, subject="ack"),
                Failed(NODE, reason=reason, subject="refusal"),
            ),
        )
        for content, reason in (
            (
                {"type": "command_ack", "status": "failed", "message": "no camera"},
                "no camera",
            ),
            ({"type": "command_ack", "status": "error"}, "error"),
            ({"status": "FAILURE", "message": ""}, "FAILURE"),
            ({"status": "rejected"}, "rejected"),
            ({"status": "unknown_command"}, "unknown_command"),
            ({"status": "invalid"}, "invalid"),
            ({"status": "Unsupported"}, "Unsupported"),
            ({"status": "timeout"}, "timeout"),
            ({"status": False}, "false"),
            ({"command_ack": "failed"}, "failed"),
            ({"command_ack": {"status": "error", "message": "no SD"}}, "no SD"),
            ({"status": "error", "message": "a\nb"}, "a�b"),
            ({"status": "error", "message": {"a": 1}}, "{…}"),
            ({"status": "error", "message": "x" * 500}, "x" * 99 + "…"),
        )
    ),
]


class TestAnAck:
    """`{p}/{mac}/ack` and, from newer firmware, `ESP32CAM/{mac}/ack`."""

    @pytest.mark.parametrize(("content", "said"), ACKS)
    def test_is_any_object_that_is_not_ours(
        self, content: dict[str, Any], said: tuple[Report, ...]
    ) -> None:
        assert reports(f"device/{MAC}/ack", content) == (live({}), *said)

    def test_does_not_tell_where_the_node_listens(self) -> None:
        """Its topic is used both ways; a node is answered where it said hello."""
        said = reports(f"ESP32CAM/{NODE}/ack", {"device_id": MAC, "status": "ok"})
        assert said[0] == live(ID)

    @pytest.mark.parametrize("family", ["device", "ESP32CAM"])
    @pytest.mark.parametrize(
        "echo",
        [
            {"device_id": MAC, "image_name": "a", "ACK_OK": {"next_wake_time": "5PM"}},
            {"device_id": MAC, "image_name": "a", "ACK_OK": {}},
            {"device_id": MAC, "image_name": "a", "missing_chunks": [3, 7]},
            {"ACK_OK": None, "status": "success"},
            {"missing_chunks": [], "type": "command_ack", "status": "failed"},
        ],
    )
    def test_our_own_echo_is_never_one_and_not_even_a_sign_of_life(
        self, family: str, echo: dict[str, Any]
    ) -> None:
        assert reports(f"{family}/{MAC}/ack", echo) == ()

    def test_that_is_retained_proves_nothing(self) -> None:
        said = reports(f"device/{MAC}/ack", {"status": "ok"}, retain=True)
        assert said == (Malformed("retained"),)


TOPICS = (f"device/{MAC}/status", f"device/{MAC}/ack", DATA)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_cleared_topic_says_nothing_and_is_in_order(topic: str) -> None:
    assert reports(topic, b"") == ()


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("other", [STRANGER, "11:22:33:44:55:66"])
def test_a_message_about_another_node_is_malformed(topic: str, other: str) -> None:
    content = {"device_id": other, "status": "alive", "temperature": 20}
    assert reports(topic, content) == (Malformed("the device_id of another node"),)


@pytest.mark.parametrize("device_id", ["camera 1", 17, None, ["a"], "x" * 65])
def test_a_device_id_that_can_be_none_says_nothing(device_id: Any) -> None:
    said = reports(f"device/{MAC}/ack", {"device_id": device_id})
    assert said[0] == live({})


def test_a_device_id_that_is_no_mac_is_said_back() -> None:
    said = reports(f"device/{MAC}/ack", {"device_id": "esp32-cam-01"})
    assert said[0] == live({"device_id": "esp32-cam-01"})


HOSTILE: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"hello", "not JSON"),
    "cut off": (b'{"status":"al', "not JSON"),
    "not UTF-8": (b'{"status":"\xff"}', "not UTF-8"),
    "a list": (b"[1]", "not a JSON object"),
    "a text": (b'"ACK_OK"', "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "NaN": (b'{"temperature":NaN}', "not JSON"),
    "a key twice": (b'{"status":"alive","status":"alive"}', "a key twice"),
    "1 MB": (b'{"x":"' + b"x" * 1_000_000 + b'"}', "too long"),
}


@pytest.mark.parametrize(("payload", "reason"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_hostile_payload_is_malformed(
    topic: str, payload: bytes, reason: str
) -> None:
    assert reports(topic, payload) == (Malformed(reason),)


def test_nesting_as_deep_as_it_fits_is_malformed() -> None:
    depth = (WIRE.max_report_bytes - len('{"x":}')) // 2
    payload = b'{"x":' + b"[" * depth + b"]" * depth + b"}"
    assert reports(DATA, payload) == (Malformed("not JSON"),)


@pytest.mark.parametrize(
    ("topic", "longest"),
    [(TOPICS[0], 16_384), (TOPICS[1], 16_384), (TOPICS[2], 524_288)],
)
def test_a_message_has_its_longest_length(topic: str, longest: int) -> None:
    payload = b'{"status":"alive","temperature":20}'
    assert Malformed("too long") not in reports(topic, payload.ljust(longest))
    assert reports(topic, payload.ljust(longest + 1)) == (Malformed("too long"),)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "status",
        f"{MAC}/status",
        f"device/{MAC}",
        f"device/{MAC}/",
        f"device/{MAC}/cmd",
        f"device/{MAC}/Status",
        f"device/{MAC}/status/1",
        f"ESP32CAM/{MAC}/cmd",
        f"esp32cam/{MAC}/data",
        f"other/{MAC}/status",
        f"x/device/{MAC}/status",
        "device//status",
        "device/a b/status",
        "device/a.b/status",
        "device/kämera/status",
        f"device/{'x' * 65}/status",
        "device/١٢٣٤٥٦٧٨٩٠١٢/status",
    ],
)
def test_a_topic_of_another_shape_is_malformed(topic: str) -> None:
    assert reports(topic, {"status": "alive"}) == (Malformed("unexpected topic"),)


@pytest.mark.parametrize("prefix", ["device", "home/cams", "käm", "a.b*c(", "ESP32CAM"])
def test_a_station_hears_its_own_prefix(prefix: str) -> None:
    said = reports(f"{prefix}/{MAC}/status", {"status": "alive"}, prefix=prefix)
    assert said[0] == live(OWN)


def test_it_listens_to_both_families_and_to_no_commands() -> None:
    assert WIRE.topics("a/b") == (
        "a/b/+/status",
        "a/b/+/data",
        "a/b/+/ack",
        "ESP32CAM/+/status",
        "ESP32CAM/+/data",
        "ESP32CAM/+/ack",
    )


def test_it_listens_once_where_the_families_are_one() -> None:
    assert WIRE.topics("ESP32CAM") == (
        "ESP32CAM/+/status",
        "ESP32CAM/+/data",
        "ESP32CAM/+/ack",
    )


@pytest.mark.parametrize("text", [MAC, MAC.lower(), NODE, NODE.lower()])
def test_a_node_has_one_name(text: str) -> None:
    assert WIRE.node_name(text) == NODE


@pytest.mark.parametrize(
    "text", ["esp32-cam-01", "TEST-ESP32-001", "SYSTEM:AUTO", "dev_001", "x" * 64]
)
def test_a_node_may_have_a_name_that_is_no_mac(text: str) -> None:
    assert WIRE.node_name(text) == text


@pytest.mark.parametrize("text", ["", "a b", "a/b", "a.b", "ä", "x" * 65, f" {NODE}"])
def test_a_node_has_no_name_that_no_topic_should_bear(text: str) -> None:
    assert WIRE.node_name(text) is None
