"""What nodes of a feeder pair cannot have meant."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.protocols.messages import Malformed

from .samples import WIRE, live, reports


@pytest.mark.parametrize(
    "field",
    [
        '"online":2',
        '"online":1.0',
        '"online":"yes"',
        '"online":null',
        '"online":[1]',
        '"ready":-1',
        '"ready":{}',
        '"uptime":-1',
        '"uptime":"123"',
        '"uptime":true',
        '"uptime":1e999',
        f'"uptime":{"9" * 400}',
        '"uptime":4294967296',
        '"dedupes":2',
        '"last_id":-1',
        '"last_id":17.0',
        '"last_id":"17"',
        '"last_id":true',
        '"last_id":2147483648',
        f'"last_id":{"9" * 400}',
        '"rssi":1',
        '"rssi":-129',
        '"rssi":"-61"',
        '"rssi":false',
        '"food":101',
        '"food":-1',
        '"food":null',
        '"fw":""',
        '"fw":2',
        '"fw":"a\\u0000b"',
        '"fw":"a\\ud800b"',
        f'"fw":"{"x" * 65}"',
    ],
)
class TestABadFieldOfAState:
    def test_is_left_out_and_the_others_count(self, field: str) -> None:
        name = field.split('"')[1]
        other, said = (
            ('"ready":1', live("1", ready=True))
            if name == "online"
            else ('"online":1', live("1", online=True))
        )
        payload = f"{{{field},{other}}}".encode()
        assert reports("disp/state/1", payload) == (said,)

    def test_alone_makes_it_malformed(self, field: str) -> None:
        payload = f"{{{field}}}".encode()
        assert reports("disp/state/1", payload) == (Malformed("no known field"),)


@pytest.mark.parametrize("payload", [b"{}", b'{"hello":1}'])
def test_a_state_without_any_known_field_is_malformed(payload: bytes) -> None:
    assert reports("disp/state/1", payload) == (Malformed("no known field"),)


@pytest.mark.parametrize(
    "queue_id",
    [
        "17.0",
        "1.7e1",
        '"17"',
        "true",
        "null",
        "[17]",
        "{}",
        "0",
        "-17",
        "2147483648",
        "9" * 400,
    ],
)
@pytest.mark.parametrize(
    ("topic", "rest"), [("disp/ack/1", '"accepted":1'), ("disp/evt/1", '"done":1')]
)
def test_an_answer_needs_a_whole_id_in_range(
    topic: str, rest: str, queue_id: str
) -> None:
    payload = f'{{"queue_id":{queue_id},{rest}}}'.encode()
    assert reports(topic, payload) == (Malformed("no queue_id"),)


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("disp/ack/1", '{"accepted":1}', "no queue_id"),
        ("disp/ack/1", '{"queue_id":17}', "no accepted"),
        ("disp/ack/1", '{"queue_id":17,"accepted":2}', "no accepted"),
        ("disp/ack/1", '{"queue_id":17,"accepted":"yes"}', "no accepted"),
        ("disp/ack/1", '{"queue_id":17,"accepted":null}', "no accepted"),
        ("disp/ack/1", '{"queue_id":17,"done":1}', "no accepted"),
        ("disp/evt/1", '{"done":1}', "no queue_id"),
        ("disp/evt/1", '{"queue_id":17}', "not done"),
        ("disp/evt/1", '{"queue_id":17,"done":0}', "not done"),
        ("disp/evt/1", '{"queue_id":17,"done":0,"status":"success"}', "not done"),
        ("disp/evt/1", '{"queue_id":17,"status":"success"}', "not done"),
        ("disp/evt/1", '{"queue_id":17,"done":2,"status":"success"}', "not done"),
        ("disp/evt/1", '{"queue_id":17,"accepted":1}', "not done"),
        ("disp/evt/2", '{"queue_id":17,"status":"vision_complete"}', "no count"),
        ("disp/vision/2", '{"queue_id":17,"count_detected":-1}', "no count"),
        ("disp/vision/2", '{"queue_id":17,"count_detected":"3"}', "no count"),
        ("disp/vision/2", '{"queue_id":17}', "no count"),
    ],
)
def test_an_answer_that_does_not_answer_is_malformed(
    topic: str, payload: str, reason: str
) -> None:
    assert reports(topic, payload.encode()) == (Malformed(reason),)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"hello", "not JSON"),
    "cut off": (b'{"queue_id":17,"accep', "not JSON"),
    "two objects": (b"{}{}", "not JSON"),
    "blanks": (b"  \n", "not JSON"),
    "not UTF-8": (b'{"online":1,"fw":"\xff"}', "not UTF-8"),
    "UTF-16": ('{"online":1}'.encode("utf-16"), "not UTF-8"),
    "a raw lone surrogate": (b'{"fw":"\xed\xa0\x80"}', "not UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbf{"online":1}', "not JSON"),
    "a raw NUL": (b'{"fw":"\x00"}', "not JSON"),
    "NUL bytes": (b"\x00" * 64, "not JSON"),
    "a list": (b"[1]", "not a JSON object"),
    "a bare number": (b"17", "not a JSON object"),
    "a bare number of 400 digits": (b"9" * 400, "not a JSON object"),
    "a text": (b'"online"', "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "NaN": (b'{"online":1,"uptime":NaN}', "not JSON"),
    "infinity": (b'{"online":1,"uptime":Infinity}', "not JSON"),
    "minus infinity": (b'{"online":1,"uptime":-Infinity}', "not JSON"),
    "a key twice": (b'{"queue_id":17,"queue_id":18,"accepted":1}', "a key twice"),
    "a key twice, deep": (b'{"online":1,"x":[{"a":1,"a":1}]}', "a key twice"),
    "10,000 digits": (b'{"online":1,"x":' + b"9" * 10_000 + b"}", "too long"),
    "nesting of 10,000": (b'{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "too long"),
    "1 MB": (b'{"x":"' + b"x" * 1_000_000 + b'"}', "too long"),
    "one byte too many": (b'{"online":1}'.ljust(2049), "too long"),
}


@pytest.mark.parametrize(("payload", "reason"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("topic", ["disp/ack/1", "disp/evt/1", "disp/state/1"])
def test_a_hostile_payload_is_malformed(
    topic: str, payload: bytes, reason: str
) -> None:
    assert reports(topic, payload) == (Malformed(reason),)


def test_a_message_of_the_longest_length_is_read() -> None:
    payload = b'{"online":1}'.ljust(2048)
    assert reports("disp/state/1", payload) == (live("1", online=True),)


def test_nesting_as_deep_as_it_fits_is_read_or_malformed() -> None:
    depth = (WIRE.max_report_bytes - len('{"online":1,"x":}')) // 2
    payload = b'{"online":1,"x":' + b"[" * depth + b"]" * depth + b"}"
    assert reports("disp/state/1", payload) in (
        (live("1", online=True),),
        (Malformed("not JSON"),),
    )


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "disp",
        "disp/",
        "disp/state",
        "disp/state/",
        "disp/state/1/2",
        "disp/state/1/",
        "disp//1",
        "disp/cmd/1",
        "disp/State/1",
        "disp/state/1 2",
        "disp/state/1\x00",
        "disp/state/\ud800",
        "disp/state/" + "1" * 65,
        "/disp/state/1",
        "disp2/state/1",
        "other/state/1",
        "state/1",
        "1",
    ],
)
def test_a_topic_of_another_shape_is_malformed(topic: str) -> None:
    payload = b'{"online":1,"ready":1}'
    assert reports(topic, payload) == (Malformed("unexpected topic"),)


@pytest.mark.parametrize("prefix", ["disp", "home/kitchen/disp", "küche", "a.b*c("])
def test_a_station_hears_its_own_prefix_alone(prefix: str) -> None:
    payload = b'{"online":1}'
    own = reports(f"{prefix}/state/1", payload, prefix=prefix)
    foreign = reports(f"x{prefix}/state/1", payload, prefix=prefix)
    assert (own, foreign) == (
        (live("1", online=True),),
        (Malformed("unexpected topic"),),
    )
