"""The wire of paired dispensers, message by message."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Readings,
    Rejected,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import (
    Malformed,
    Message,
    Publication,
    Sending,
    Site,
)
from custom_components.mqtt_dispatch.protocols.paired_dispenser import protocol
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from ..commands import command_for

WIRE = PROTOCOLS["paired_dispenser"]
STATION = ("1", "2")
NEWER: Readings = {"fw": "2.1.0"}
ORIGINAL: Readings = {}
HIGHEST_ID = 2**31 - 1


def live(node: str, **said: Any) -> Seen:
    told = "fw" in said.get("readings", {})
    untold = frozenset[str]() if told else frozenset({"fw"})
    return Seen(node=node, live=True, untold=untold, **said)


def counted(
    node: str, count: int, expected: int | None = None, *, differs: bool | None = None
) -> Seen:
    """Return what a camera says, which is no sign of the node."""
    told = {"count_detected": count, "expected": expected, "count_differs": differs}
    known = {name: value for name, value in told.items() if value is not None}
    return Seen(
        node=node,
        live=False,
        readings={name: float(value) for name, value in known.items()},
        untold=frozenset(told.keys() - known.keys()),
    )


def retained(node: str, **said: Any) -> Seen:
    return Seen(node=node, live=False, **said)


def a_command(
    kind: str,
    params: dict[str, Any],
    *,
    command_id: int = 17,
    expires_at: float | None = None,
    nodes: tuple[str, ...] = STATION,
) -> Command:
    return command_for(
        nodes, kind, params, command_id=command_id, expires_at=expires_at
    )


def reports(
    topic: str, payload: bytes, *, retain: bool = False, prefix: str = "disp"
) -> tuple[object, ...]:
    return WIRE.report(site(prefix), Message(topic, payload, retain, NOON))


def site(prefix: str = "disp", nodes: tuple[str, ...] = STATION) -> Site:
    return Site(prefix=prefix, nodes={node: {} for node in nodes})


def sent(
    command: Command,
    node: str,
    *,
    prefix: str = "disp",
    nodes: tuple[str, ...] = STATION,
    readings: Readings = NEWER,
) -> tuple[Publication, ...]:
    sending = Sending(command=command, node=node, wall=NOON, readings=readings)
    return WIRE.messages(site(prefix, nodes), sending)


# topic, payload, what it says
LIVE: list[tuple[str, str, Report]] = [
    # up ack
    ("disp/ack/1", '{"queue_id":17,"accepted":1}', Accepted("1", 17)),
    ("disp/ack/2", '{"queue_id":17,"accepted":1}', Accepted("2", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":0}', Rejected("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":true}', Accepted("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":false}', Rejected("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":"1"}', Accepted("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":"0"}', Rejected("1", 17)),
    ("disp/ack/1", '{"queue_id":1,"accepted":1,"new":{}}', Accepted("1", 1)),
    (
        "disp/ack/1",
        '{"queue_id":2147483647,"accepted":1}',
        Accepted("1", HIGHEST_ID),
    ),
    ("disp/ack/left.cat_3", '{"queue_id":7,"accepted":1}', Accepted("left.cat_3", 7)),
    # up evt
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":"success"}', Done("1", 17)),
    ("disp/evt/2", '{"queue_id":17,"done":true,"status":"success"}', Done("2", 17)),
    ("disp/evt/1", '{"queue_id":17,"done":"1","status":"success"}', Done("1", 17)),
    ("disp/evt/1", '{"queue_id":17,"done":1}', Done("1", 17)),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":1,"status":"timeout"}',
        Failed("1", 17, "timeout"),
    ),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":1,"status":"unknown_operation"}',
        Failed("1", 17, "unknown_operation"),
    ),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":1,"status":"vision_mismatch"}',
        Failed("1", 17, "vision_mismatch"),
    ),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":0,"status":"failed"}',
        Failed("1", 17, "failed"),
    ),
    (
        "disp/evt/1",
        '{"queue_id":17,"status":"failed"}',
        Failed("1", 17, "failed"),
    ),
    # what a camera counted, under the name of the node whose work it counts
    (
        "disp/evt/2",
        (
            '{"queue_id":17,"done":1,"status":"vision_complete",'
            '"count_detected":3,"expected":3}'
        ),
        counted("2", 3, 3, differs=False),
    ),
    (
        "disp/evt/2",
        (
            '{"queue_id":17,"done":1,"status":"vision_complete",'
            '"count_detected":2,"expected":3}'
        ),
        counted("2", 2, 3, differs=True),
    ),
    (
        "disp/evt/2",
        (
            '{"queue_id":17,"done":1,"status":"vision_complete",'
            '"count_detected":2,"expected":null}'
        ),
        counted("2", 2),
    ),
    ("disp/evt/2", '{"count_detected":0,"queue_id":17}', counted("2", 0)),
    ("disp/vision/1", '{"count_detected":3,"queue_id":17}', counted("1", 3)),
    ("disp/vision/cam", '{"count_detected":3}', counted("2", 3)),
    # a status is whatever a node makes of it
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":""}', Failed("1", 17, "")),
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":3}', Failed("1", 17, "3")),
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":null}', Failed("1", 17, "null")),
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":true}', Failed("1", 17, "true")),
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":[1]}', Failed("1", 17, "[…]")),
    ("disp/evt/1", '{"queue_id":17,"done":1,"status":{}}', Failed("1", 17, "{…}")),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":1,"status":"a\\u0000b\\nc\\ud800d"}',
        Failed("1", 17, "a�b�c�d"),
    ),
    (
        "disp/evt/1",
        '{"queue_id":17,"done":1,"status":"' + "x" * 500 + '"}',
        Failed("1", 17, "x" * 99 + "…"),
    ),
    # up state
    ("disp/state/1", '{"online":1,"uptime":123}', live("1", online=True, uptime=123)),
    (
        "disp/state/1",
        '{"online":1,"ready":1,"uptime":123}',
        live("1", online=True, ready=True, uptime=123),
    ),
    (
        "disp/state/1",
        '{"online":1,"ready":0,"uptime":124}',
        live("1", online=True, ready=False, uptime=124),
    ),
    (
        "disp/state/2",
        '{"online":true,"ready":false,"uptime":0.5}',
        live("2", online=True, ready=False, uptime=0.5),
    ),
    (
        "disp/state/2",
        '{"online":"1","ready":"0","uptime":0}',
        live("2", online=True, ready=False, uptime=0),
    ),
    ("disp/state/1", '{"online":0}', live("1", online=False)),
    ("disp/state/1", '{"ready":1}', live("1", ready=True)),
    ("disp/state/1", '{"uptime":5}', live("1", uptime=5)),
    (
        "disp/state/1",
        (
            '{"online":1,"ready":1,"uptime":9,"fw":"2.1.0","rssi":-61,"food":80,'
            '"dedupes":1,"last_id":17}'
        ),
        live(
            "1",
            online=True,
            ready=True,
            uptime=9,
            drops_repeats=True,
            last_id=17,
            readings={"fw": "2.1.0", "rssi": -61, "food": 80},
        ),
    ),
    (
        "disp/state/1",
        '{"dedupes":0,"last_id":0}',
        live("1", drops_repeats=False, last_id=0),
    ),
    ("disp/state/1", '{"rssi":-60.5}', live("1", readings={"rssi": -60.5})),
]


@pytest.mark.parametrize(("topic", "payload", "said"), LIVE)
def test_a_live_message_says_what_the_wire_says(
    topic: str, payload: str, said: Report
) -> None:
    assert reports(topic, payload.encode()) == (said,)


RETAINED: list[tuple[str, Seen]] = [
    ('{"online":1,"uptime":123}', retained("1", online=True, uptime=123)),
    ('{"online":0}', retained("1", online=False)),
    ('{"online":1,"ready":1}', retained("1", online=True, ready=True)),
    (
        '{"online":1,"dedupes":1,"last_id":17}',
        retained("1", online=True, drops_repeats=True, last_id=17),
    ),
]


@pytest.mark.parametrize(("payload", "said"), RETAINED)
def test_a_retained_state_is_never_live(payload: str, said: Seen) -> None:
    assert reports("disp/state/1", payload.encode(), retain=True) == (said,)


def test_a_heartbeat_leaves_open_whether_the_node_is_ready() -> None:
    (heartbeat,) = reports("disp/state/1", b'{"online":1,"uptime":123}')
    assert isinstance(heartbeat, Seen)
    assert heartbeat.ready is None


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("disp/ack/1", b'{"queue_id":17,"accepted":1}'),
        ("disp/evt/1", b'{"queue_id":17,"done":1,"status":"success"}'),
        ("disp/vision/2", b'{"count_detected":3}'),
    ],
)
def test_a_retained_answer_proves_nothing(topic: str, payload: bytes) -> None:
    assert reports(topic, payload, retain=True) == (Malformed("a retained answer"),)


def test_a_refusal_of_what_came_without_an_id_concerns_nobody() -> None:
    assert reports("disp/ack/1", b'{"queue_id":-1,"accepted":0}') == ()


@pytest.mark.parametrize(
    "topic", ["disp/ack/1", "disp/evt/1", "disp/state/1", "disp/vision/1"]
)
@pytest.mark.parametrize("retain", [False, True])
def test_a_cleared_topic_says_nothing_and_is_in_order(topic: str, retain: bool) -> None:
    assert reports(topic, b"", retain=retain) == ()


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


def test_it_listens_to_what_nodes_send_and_to_no_commands() -> None:
    assert WIRE.topics("a/b") == (
        "a/b/ack/+",
        "a/b/evt/+",
        "a/b/state/+",
        "a/b/vision/+",
    )


@pytest.mark.parametrize("node", ["1", "2", "12", "left", "a.b-c_d", "küche", "x" * 64])
def test_a_node_may_be_called(node: str) -> None:
    assert WIRE.node_name(node) == node


@pytest.mark.parametrize(
    "node",
    ["", "a/b", "+", "#", "a b", "a\u00a0b", "a\tb", "\x00", "\ud800", "x" * 65],
)
def test_a_node_may_not_be_called(node: str) -> None:
    assert WIRE.node_name(node) is None


FEED: dict[str, Any] = {"portions": 1, "hopper": 2, "bowl": 1, "pet": 3}
NOON = 1_700_000_000.75

# params, expires_at, payload to node 1, payload to node 2
FEEDS: list[tuple[dict[str, Any], float | None, str, str]] = [
    (
        FEED,
        None,
        (
            '{"queue_id":17,"patient_id":3,"target_room":1,'
            '"items":[{"pill_id":2,"quantity":1}]}'
        ),
        '{"queue_id":17,"patient_id":3,"target_room":1}',
    ),
    (
        {"portions": 50},
        None,
        (
            '{"queue_id":17,"patient_id":0,"target_room":1,'
            '"items":[{"pill_id":1,"quantity":50}]}'
        ),
        '{"queue_id":17,"patient_id":0,"target_room":1}',
    ),
    (
        {"portions": 2, "hopper": 4, "bowl": 3},
        NOON,
        (
            '{"queue_id":17,"patient_id":0,"target_room":3,'
            '"items":[{"pill_id":4,"quantity":2}],"expires_at":1700000000}'
        ),
        '{"queue_id":17,"patient_id":0,"target_room":3,"expires_at":1700000000}',
    ),
]


@pytest.mark.parametrize(("params", "expires_at", "first", "second"), FEEDS)
def test_a_feed_goes_down_with_items_to_the_first_node_alone(
    params: dict[str, Any], expires_at: float | None, first: str, second: str
) -> None:
    command = a_command("feed", params, expires_at=expires_at)
    assert [sent(command, node) for node in STATION] == [
        (Publication("disp/cmd/1", first),),
        (Publication("disp/cmd/2", second),),
    ]


# kind, params, expires_at, payload
OPERATIONS: list[tuple[str, dict[str, Any], float | None, str]] = [
    ("reboot", {}, None, '{"queue_id":17,"op":"reboot"}'),
    ("reboot", {}, NOON, '{"queue_id":17,"op":"reboot","expires_at":1700000000}'),
    (
        "operate",
        {"op": "servo", "id": 4, "on": True},
        None,
        '{"queue_id":17,"op":"servo","id":4,"on":1}',
    ),
    (
        "operate",
        {"op": "dc", "on": False},
        NOON,
        '{"queue_id":17,"op":"dc","on":0,"expires_at":1700000000}',
    ),
]


@pytest.mark.parametrize(("kind", "params", "expires_at", "payload"), OPERATIONS)
def test_an_operation_goes_down_to_the_node_that_dispenses(
    kind: str,
    params: dict[str, Any],
    expires_at: float | None,
    payload: str,
) -> None:
    command = a_command(kind, params, expires_at=expires_at, nodes=("1",))
    assert sent(command, "1") == (Publication("disp/cmd/1", payload),)


def test_a_reboot_goes_down_to_any_node_that_tells_its_firmware() -> None:
    command = a_command("reboot", {}, nodes=("2",))
    payload = '{"queue_id":17,"op":"reboot"}'
    assert sent(command, "2") == (Publication("disp/cmd/2", payload),)


DC = {"op": "dc", "on": True}

# nodes of the station, the one it is for, its readings, kind, params
NEVER_SENT: list[tuple[tuple[str, ...], str, Readings, str, dict[str, Any]]] = [
    (STATION, "1", ORIGINAL, "reboot", {}),
    (STATION, "2", ORIGINAL, "reboot", {}),
    (STATION, "2", {"rssi": -61, "food": 80}, "reboot", {}),
    (STATION, "2", ORIGINAL, "operate", DC),
    (STATION, "2", NEWER, "operate", DC),
    # however a station came to its order
    (("2", "1"), "1", ORIGINAL, "operate", DC),
    (("2", "1"), "2", ORIGINAL, "operate", DC),
    (("2",), "2", ORIGINAL, "operate", DC),
    (("2",), "2", NEWER, "operate", {"op": "servo", "id": 1, "on": True}),
    ((), "1", ORIGINAL, "operate", DC),
]


@pytest.mark.parametrize(("nodes", "node", "readings", "kind", "params"), NEVER_SENT)
def test_what_a_node_takes_for_something_else_is_never_sent(
    nodes: tuple[str, ...],
    node: str,
    readings: Readings,
    kind: str,
    params: dict[str, Any],
) -> None:
    command = a_command(kind, params, nodes=(node,))
    with pytest.raises(InvalidCommand) as refused:
        sent(command, node, nodes=nodes, readings=readings)
    assert refused.value.code == "not_understood"
    assert refused.value.placeholders == {"kind": kind, "node": node}


@pytest.mark.parametrize("bowl", [1, 2, 3])
@pytest.mark.parametrize("readings", [ORIGINAL, NEWER])
def test_the_node_that_serves_gets_a_room_and_nothing_that_it_need_not_know(
    bowl: int, readings: Readings
) -> None:
    command = a_command("feed", FEED | {"bowl": bowl}, expires_at=NOON)
    (publication,) = sent(command, "2", readings=readings)
    message = json.loads(publication.payload)
    assert message.keys() == {"queue_id", "patient_id", "target_room", "expires_at"}
    assert message["target_room"] == bowl


@pytest.mark.parametrize(
    ("kind", "params", "node", "readings", "seconds"),
    [
        ("feed", FEED, "1", ORIGINAL, 16.0),
        ("feed", FEED, "2", ORIGINAL, 0.0),
        ("feed", FEED, "1", NEWER, 0.0),
        ("operate", DC, "1", ORIGINAL, 16.0),
        ("operate", {"op": "servo", "id": 1, "on": True}, "1", ORIGINAL, 0.0),
    ],
)
def test_an_original_that_ran_its_conveyor_is_left_alone_until_it_has_stopped(
    kind: str, params: dict[str, Any], node: str, readings: Readings, seconds: float
) -> None:
    command = a_command(kind, params)
    (step,) = WIRE.steps(command, node, readings)
    assert step.pause_after == seconds
    assert step.heeds_pauses is (node == "1" and readings is ORIGINAL)


def test_a_command_keeps_to_the_prefix() -> None:
    command = a_command("reboot", {}, nodes=("left",))
    (publication,) = sent(command, "left", prefix="a/b", nodes=("left",))
    assert publication.topic == "a/b/cmd/left"


def test_no_second_node_dispenses_when_the_station_changes_its_order() -> None:
    command = a_command("feed", FEED)
    node_meals = [
        node
        for node in ("0", "2", "1")
        for publication in sent(command, node)
        if "items" in json.loads(publication.payload)
    ]
    assert node_meals == ["1"]


def test_a_station_of_one_node_dispenses() -> None:
    command = a_command("feed", FEED, nodes=("9",))
    (publication,) = sent(command, "9")
    assert json.loads(publication.payload)["items"] == [{"pill_id": 2, "quantity": 1}]


def test_an_original_gets_no_feed_that_outlasts_its_own_limit() -> None:
    most, more = (a_command("feed", FEED | {"portions": n}) for n in (20, 21))
    assert sent(most, "1", readings=ORIGINAL)
    assert sent(more, "2", readings=ORIGINAL)
    assert sent(more, "1", readings=NEWER)
    with pytest.raises(InvalidCommand) as refused:
        sent(more, "1", readings=ORIGINAL)
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["maximum"] == "20"


def test_all_portions_are_one_item_for_one_done_comes_of_each() -> None:
    (publication,) = sent(a_command("feed", FEED | {"portions": 3}), "1")
    assert json.loads(publication.payload)["items"] == [{"pill_id": 2, "quantity": 3}]


def test_a_feed_goes_to_the_whole_station_and_nothing_else_does() -> None:
    everywhere = {kind for kind, known in WIRE.kinds.items() if known.whole_station}
    assert everywhere == {"feed"}


@pytest.mark.parametrize("command_id", [0, -1, HIGHEST_ID + 1])
def test_an_id_that_nodes_cannot_hold_is_refused(command_id: int) -> None:
    command = a_command("reboot", {}, command_id=command_id)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["field"] == "queue_id"


@pytest.mark.parametrize("expires_at", [-1.0, 2.0**32, 1e300, math.inf, math.nan])
def test_an_expiry_that_nodes_cannot_hold_is_refused(expires_at: float) -> None:
    command = a_command("reboot", {}, expires_at=expires_at)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["field"] == "expires_at"


def test_what_a_node_would_drop_for_its_size_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = a_command("feed", FEED)
    (publication,) = sent(command, "1")
    size = len(publication.payload)
    monkeypatch.setattr(protocol, "LONGEST_COMMAND", size - 1)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "payload_too_large"
    assert refused.value.placeholders == {"size": str(size), "limit": str(size - 1)}


# kind, params, what becomes of them
CHECKED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("feed", {"portions": 1}, {"portions": 1, "hopper": 1, "bowl": 1, "pet": 0}),
    (
        "feed",
        {"pet": HIGHEST_ID, "bowl": 3, "hopper": 4, "portions": 50},
        {"portions": 50, "hopper": 4, "bowl": 3, "pet": HIGHEST_ID},
    ),
    ("feed", {"portions": 3.0}, {"portions": 3, "hopper": 1, "bowl": 1, "pet": 0}),
    ("reboot", {}, {}),
    ("operate", {"op": "dc", "on": True}, {"op": "dc", "on": True}),
    ("operate", {"op": "dc", "on": 0}, {"op": "dc", "on": False}),
    (
        "operate",
        {"on": False, "id": 1, "op": "servo"},
        {"op": "servo", "id": 1, "on": False},
    ),
]


@pytest.mark.parametrize(("kind", "params", "checked"), CHECKED)
def test_good_params_come_back_complete(
    kind: str, params: dict[str, Any], checked: dict[str, Any]
) -> None:
    assert WIRE.check(kind, params) == checked


def test_checked_params_are_whole_numbers_and_flags_by_type() -> None:
    fed = WIRE.check("feed", {"portions": 3.0})
    operated = WIRE.check("operate", {"op": "dc", "on": 1})
    assert type(fed["portions"]) is int
    assert operated["on"] is True


NO_PORTIONS: list[Any] = [
    0,
    51,
    -1,
    "two",
    "2",
    None,
    True,
    2.5,
    math.nan,
    math.inf,
    10**400,
    10**10_000,
    1e300,
    [],
    {},
]

# kind, params, code, field
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    *(
        ("feed", {"portions": portions}, "invalid_number", "portions")
        for portions in NO_PORTIONS
    ),
    *(
        ("feed", {"portions": 1, field: value}, "invalid_number", field)
        for field, value in (
            ("hopper", 0),
            ("hopper", 5),
            ("bowl", 0),
            ("bowl", 4),
            ("pet", -1),
            ("pet", HIGHEST_ID + 1),
            ("pet", None),
        )
    ),
    ("feed", {}, "missing_field", "portions"),
    ("feed", {"portions": 1, "amount": 2}, "unknown_field", "amount"),
    ("reboot", {"hard": True}, "unknown_field", "hard"),
    ("operate", {}, "missing_field", "op"),
    ("operate", {"op": "servo", "on": True}, "missing_field", "id"),
    ("operate", {"op": "servo", "id": 1}, "missing_field", "on"),
    ("operate", {"op": "dc", "id": 1, "on": True}, "unknown_field", "id"),
    ("operate", {"op": "servo", "id": 0, "on": True}, "invalid_number", "id"),
    ("operate", {"op": "servo", "id": 5, "on": True}, "invalid_number", "id"),
    ("operate", {"op": "reboot", "on": True}, "invalid_choice", "op"),
    ("operate", {"op": None, "on": True}, "invalid_choice", "op"),
    ("operate", {"op": ["dc"], "on": True}, "invalid_choice", "op"),
    ("operate", {"op": "dc", "on": "on"}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": 2}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": 1.0}, "invalid_choice", "on"),
    ("operate", {"op": "dc", "on": None}, "invalid_choice", "on"),
]


@pytest.mark.parametrize(
    ("kind", "params", "code", "field"),
    REFUSED,
    ids=[
        f"{kind}-{code}-{field}-{n}" for n, (kind, _, code, field) in enumerate(REFUSED)
    ],
)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


@pytest.mark.parametrize("kind", ["dose", "", "Feed"])
def test_a_kind_the_nodes_do_not_know_is_refused(kind: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, {})
    assert refused.value.code == "unknown_kind"
    assert refused.value.placeholders == {"kind": kind}


def test_a_stored_command_that_makes_no_sense_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidCommand):
        sent(a_command("feed", {"portions": 51}), "1")


def test_a_refusal_names_what_is_allowed() -> None:
    with pytest.raises(InvalidCommand) as number:
        WIRE.check("feed", {"portions": 51})
    with pytest.raises(InvalidCommand) as choice:
        WIRE.check("operate", {"op": "saw", "on": True})
    assert number.value.placeholders == {
        "field": "portions",
        "minimum": "1",
        "maximum": "50",
        "value": "51",
    }
    assert choice.value.placeholders == {
        "field": "op",
        "choices": "servo, dc",
        "value": "saw",
    }
