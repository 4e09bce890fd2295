"""What telemetry of feeders tells, and what is heard beside it."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Dispensed, Hello, Needs
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Malformed

from .site import DEVICE, GATEWAY, OTHER, WIRE, heard, reports, request, telemetry

START = 1_700_000_000
ON = f"krs.tel.gts.{GATEWAY}"


# telemetry -> what it says
TELEMETRY: list[tuple[dict[str, Any], tuple[object, ...]]] = [
    ({"s|msg_type": "hb"}, (heard(),)),
    (
        {
            "s|msg_type": "sensor",
            "f|voltage": 4512.5,
            "i|usb": 1,
            "i|chg": 0,
            "i|ir": 1,
            "i|rssi": -61,
        },
        (heard(voltage=4.5125, usb=1, charging=0, ir=1, rssi=-61),),
    ),
    ({"s|msg_type": "sensor", "f|voltage": 0}, (heard(voltage=0),)),
    ({"s|msg_type": "sensor", "i|chg": True}, (heard(charging=1),)),
    # without their type they are other keys
    ({"s|msg_type": "sensor", "voltage": 4500, "usb": 1}, (heard(),)),
    (
        {
            "s|msg_type": "feed_result",
            "i|stime": START,
            "i|etime": START + 9,
            "i|pour": 1,
            "i|full": 0,
            "f|e_g": 7.0,
            "f|a_g": 6.5,
            "f|h_s": 55.0,
            "f|h_e": 48.5,
            "i|src": 6,
            "b|fail": False,
            "b|trip": False,
            "b|lrg": False,
            "b|vol": False,
            "b|bowl": False,
            "s|rid": "E0000001",
            "s|err": "",
        },
        (
            heard(
                last_fed=START,
                grams=6.5,
                grams_expected=7.0,
                hopper_before=55.0,
                hopper=48.5,
                source="schedule",
                problem=0,
                error="",
                bowl=0,
                trip=0,
                lrg=0,
                vol=0,
                pour=1,
                full=0,
                recipe="E0000001",
            ),
            Dispensed(
                node=DEVICE, started_at=START, planned=True, grams=6.5, reason=""
            ),
        ),
    ),
    (
        {"s|msg_type": "feed_result", "i|stime": START, "i|src": 4},
        (
            heard(last_fed=START, source="remote", problem=0, error=""),
            Dispensed(node=DEVICE, started_at=START, planned=False, grams=None),
        ),
    ),
    (
        {"s|msg_type": "feed_result", "i|stime": START, "i|src": 5, "f|a_g": 0},
        (
            heard(last_fed=START, grams=0, source="button", problem=0, error=""),
            Dispensed(node=DEVICE, started_at=START, planned=False, grams=0),
        ),
    ),
    (
        {
            "s|msg_type": "feed_result",
            "i|stime": START,
            "i|src": 6,
            "b|fail": True,
            "s|err": "motor stalled",
        },
        (
            heard(source="schedule", problem=1, error="motor stalled"),
            Dispensed(
                node=DEVICE,
                started_at=START,
                planned=True,
                grams=None,
                reason="motor stalled",
            ),
        ),
    ),
    (
        {
            "s|msg_type": "feed_result",
            "i|stime": START,
            "i|src": 6,
            "b|fail": 1,
            "b|trip": 1,
            "b|bowl": "1",
        },
        (
            heard(source="schedule", problem=1, error="failed", trip=1, bowl=1),
            Dispensed(
                node=DEVICE,
                started_at=START,
                planned=True,
                grams=None,
                reason="failed",
            ),
        ),
    ),
    (
        {"s|msg_type": "feed_result", "i|stime": START, "b|fail": True},
        (
            heard(problem=1, error="failed"),
            Dispensed(
                node=DEVICE,
                started_at=START,
                planned=False,
                grams=None,
                reason="failed",
            ),
        ),
    ),
    # nobody knows what lrg means
    (
        {"s|msg_type": "feed_result", "i|stime": START, "b|lrg": True},
        (
            heard(last_fed=START, problem=0, error="", lrg=1),
            Dispensed(node=DEVICE, started_at=START, planned=False, grams=None),
        ),
    ),
    (
        {"s|msg_type": "hash", "s|local_md5": "9e107d9d372bb682"},
        (heard(schedule_hash="9e107d9d372bb682"),),
    ),
    (
        {"s|msg_type": "hash", "local_md5": "9e107d9d372bb682"},
        (heard(schedule_hash="9e107d9d372bb682"),),
    ),
    (
        {"s|msg_type": "hash", "s|local_md5": ""},
        (heard(schedule_hash=""), Needs(DEVICE, "set_schedule")),
    ),
    (
        {"s|msg_type": "hash", "local_md5": ""},
        (heard(schedule_hash=""), Needs(DEVICE, "set_schedule")),
    ),
    ({"s|msg_type": "hash"}, (heard(), Malformed("no local_md5"))),
    ({"s|msg_type": "hash", "s|local_md5": 5}, (heard(), Malformed("no local_md5"))),
    (
        {"s|msg_type": "hash", "s|local_md5": "x" * 65},
        (heard(), Malformed("no local_md5")),
    ),
    ({"s|msg_type": "something_new", "s|x": "y"}, (heard(),)),
    ({"s|msg_type": "trace", "s|trace": "boot"}, ()),
    ({}, (Malformed("no msg_type"),)),
    ({"s|msg_type": 5}, (Malformed("no msg_type"),)),
    ({"msg_type": "hb"}, (Malformed("no msg_type"),)),
]


@pytest.mark.parametrize(("content", "said"), TELEMETRY)
def test_telemetry_says_what_the_wire_says(
    content: dict[str, Any], said: tuple[object, ...]
) -> None:
    assert telemetry(content) == said


@pytest.mark.parametrize(
    "start",
    [None, 0, -1, 1_500_000_000, 4_200_000_000, 1.7e9, "1700000000", True],
    ids=repr,
)
def test_a_feed_result_without_a_start_names_no_meal(start: object) -> None:
    found = telemetry(
        {"s|msg_type": "feed_result", "i|stime": start, "i|src": 6, "f|a_g": 7}
    )
    told = heard(source="schedule", grams=7, problem=0, error="")
    assert found == (told, Malformed("no stime"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("f|voltage", -1),
        ("f|voltage", 100_001),
        ("f|voltage", "4500"),
        ("i|usb", 2),
        ("i|chg", "yes"),
        ("i|ir", None),
        ("i|rssi", -129),
        ("i|rssi", [1]),
    ],
)
def test_a_bad_field_of_a_sensor_is_left_out(key: str, value: object) -> None:
    assert telemetry({"s|msg_type": "sensor", key: value}) == (heard(),)


@pytest.mark.parametrize("spelling", [DEVICE, DEVICE.upper()])
def test_a_device_never_seen_says_hello_with_its_gateway(spelling: str) -> None:
    site = Site(prefix="krs", nodes={})
    hello, seen = telemetry({"s|msg_type": "hb"}, device=spelling, site=site)
    assert (hello, seen) == (
        Hello(
            node=DEVICE,
            hardware_id=DEVICE,
            type="feeder",
            capabilities=(f"gateway:{GATEWAY}",),
        ),
        heard(),
    )
    assert WIRE.node_usually(hello) == {"gateway": GATEWAY}


def test_a_hello_without_a_gateway_tells_nothing_of_it() -> None:
    assert WIRE.node_usually(Hello(node=DEVICE, capabilities=("x",))) == {}


def test_a_feeder_that_moved_is_heard_through_its_new_gateway() -> None:
    found = telemetry({"s|msg_type": "hb"}, device=OTHER)
    assert found == (heard(OTHER, GATEWAY),)


def test_the_firmware_that_a_person_told_is_passed_on() -> None:
    site = Site(prefix="krs", nodes={DEVICE: {"firmware": "2.7.1"}})
    assert telemetry({"s|msg_type": "hb"}, site=site) == (heard(fw="2.7.1"),)


TRACES = [
    b'{"_|deviceHid":"c3","s|msg_type":"trace","s|t":"\xff\xfe"}',
    b'{"_|deviceHid":"c3","s|msg_type" : "trace","s|t":"\x00\x01"}',
    b'{"s|msg_type":"trace","s|t":"cut sho',
    b'\xff{"s|msg_type":"trace"}\xff',
    b'{"s|msg_type":"trace","a":1,"a":2}',
]


@pytest.mark.parametrize("payload", TRACES)
def test_a_trace_says_nothing_whatever_it_is_made_of(payload: bytes) -> None:
    assert reports(ON, payload) == ()


def test_bytes_that_are_no_utf_8_spoil_only_the_text_they_stand_in() -> None:
    payload = (
        b'{"_|deviceHid":"' + DEVICE.encode() + b'","s|msg_type":"feed_result",'
        b'"i|stime":1700000000,"i|src":6,"b|fail":true,"s|err":"\xff"}'
    )
    _, result = reports(ON, payload)
    assert result == Dispensed(
        node=DEVICE, started_at=START, planned=True, grams=None, reason="�"
    )


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"s|msg_type":"hb"}', "no deviceHid"),
        (b'{"_|deviceHid":"","s|msg_type":"hb"}', "no deviceHid"),
        (b'{"_|deviceHid":"a/b","s|msg_type":"hb"}', "no deviceHid"),
        (b'{"_|deviceHid":5,"s|msg_type":"hb"}', "no deviceHid"),
        (b'{"_|deviceHid":"' + b"a" * 65 + b'","s|msg_type":"hb"}', "no deviceHid"),
        (b'{"deviceHid":"a","s|msg_type":"hb"}', "no deviceHid"),
        (b" " * 32_769, "too long"),
        (b'{"a":1,"a":2}', "a key twice"),
        (b'{"x":' + b"[" * 30_000 + b"}", "not JSON"),
    ],
)
def test_telemetry_that_makes_no_sense_is_malformed(
    payload: bytes, reason: str
) -> None:
    assert reports(ON, payload) == (Malformed(reason),)


@pytest.mark.parametrize("channel", ["tel", "api"])
def test_what_is_retained_proves_nothing_and_is_not_answered(channel: str) -> None:
    found = reports(f"krs.{channel}.gts.{GATEWAY}", request("x"), retain=True)
    assert found == (Malformed("a retained message"),)


@pytest.mark.parametrize("channel", ["tel", "api"])
@pytest.mark.parametrize("retain", [False, True])
def test_a_cleared_topic_says_nothing(channel: str, retain: bool) -> None:
    assert reports(f"krs.{channel}.gts.{GATEWAY}", b"", retain=retain) == ()


@pytest.mark.parametrize(
    "topic",
    [
        "temperature",
        "krs",
        "krs.cmd.stg.x",
        "krs.tel.gts",
        f"krs/tel/gts/{GATEWAY}",
        f"KRS.tel.gts.{GATEWAY}",
        f"krsxtel.gts.{GATEWAY}",
        f"xkrs.tel.gts.{GATEWAY}",
    ],
)
def test_what_else_the_wide_filter_hears_says_nothing(topic: str) -> None:
    assert reports(topic, b"21.5") == ()


@pytest.mark.parametrize("gateway", ["", "a.b", "a b", "x" * 65, "ä", "a\n"])
def test_a_topic_that_names_no_gateway_is_malformed(gateway: str) -> None:
    found = reports(f"krs.api.gts.{gateway}", request("x"))
    assert found == (Malformed("no gateway in the topic"),)


@pytest.mark.parametrize(
    ("prefix", "filters"), [("krs", ("+",)), ("home/krs", ("home/+",))]
)
def test_the_filter_hears_all_gateways(prefix: str, filters: tuple[str, ...]) -> None:
    assert WIRE.topics(prefix) == filters


@pytest.mark.parametrize("prefix", ["home/krs", "k.r+s"])
def test_a_prefix_is_taken_as_it_is_written(prefix: str) -> None:
    site = Site(prefix=prefix, nodes={DEVICE: {}})
    content = {"_|deviceHid": DEVICE, "s|msg_type": "hb"}
    assert reports(f"{prefix}.tel.gts.{GATEWAY}", content, site=site) == (heard(),)
    (reply,) = reports(f"{prefix}.api.gts.{GATEWAY}", request("x"), site=site)
    assert reply.topic == f"{prefix}/api/stg/{GATEWAY}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (DEVICE, DEVICE),
        (DEVICE.upper(), DEVICE),
        ("A-1", "a-1"),
        ("", None),
        ("a b", None),
        ("a/b", None),
        ("a\n", None),
        ("\u017f", None),  # becomes s in upper case
        ("\u212a", None),  # the Kelvin sign becomes k in lower case
        ("x" * 64, "x" * 64),
        ("x" * 65, None),
    ],
)
def test_a_node_is_named_in_one_spelling(text: str, name: str | None) -> None:
    assert WIRE.node_name(text) == name
