"""What nodes of a feeder pair say, as the engine is told."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed

from .samples import HIGHEST_ID, counted, live, reports, retained

# topic, payload, what it says
LIVE: list[tuple[str, str, Report]] = [
    # up ack
    ("disp/ack/1", '{"queue_id":17,"accepted":1}', Accepted("1", 17)),
    ("disp/ack/2", '{"queue_id":17,"accepted":1}', Accepted("2", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":0}', Rejected("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":true}', Accepted("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":false}', Rejected("1", 17)),
    (
        "disp/ack/1",
        '{"queue_id":17,"accepted":0,"reason":"no such hopper"}',
        Rejected("1", 17, "no such hopper"),
    ),
    ("disp/ack/1", '{"queue_id":17,"accepted":0,"reason":null}', Rejected("1", 17)),
    ("disp/ack/1", '{"queue_id":17,"accepted":1,"reason":"busy"}', Accepted("1", 17)),
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
