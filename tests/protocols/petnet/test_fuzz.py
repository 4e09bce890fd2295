"""Whatever comes in or goes down, the wire of Petnet feeders holds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings, strategies as st

from custom_components.mqtt_dispatch.engine.model.command import HIGHEST_ID
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Dispensed,
    Done,
    Failed,
    Hello,
    Needs,
    Readings,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.messages import (
    Malformed,
    Message,
    Publication,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.petnet.commands import LONGEST_COMMAND
from tests.nonempty import some
from tests.protocols.commands import NOWHERE

from .. import anything
from .site import (
    DEVICE,
    GATEWAY,
    NEW,
    OLD,
    SITE,
    WIRE,
    a_command,
    published,
    request,
    requested,
)

unhurried = settings(deadline=None)

KEYS = (
    "_|deviceHid",
    "s|msg_type",
    "f|voltage",
    "i|usb",
    "i|chg",
    "i|ir",
    "i|rssi",
    "i|stime",
    "i|src",
    "f|a_g",
    "f|h_e",
    "b|fail",
    "b|trip",
    "s|err",
    "s|local_md5",
    "local_md5",
    "requestId",
    "eventName",
    "encrypted",
    "parameters",
    "uri",
    "method",
    "body",
)
SCALARS = anything.SCALARS | st.sampled_from(
    [
        0,
        1,
        6,
        1_700_000_000,
        DEVICE,
        "hb",
        "sensor",
        "feed_result",
        "hash",
        "trace",
        "",
        "PUT",
        "/api/v1/core/events/mqttdispatchnmssvbyaaaaaaaraaaaa/received",
    ]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner)
    ),
    max_leaves=10,
)
MESSAGES = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), ANYTHING)
TELEMETRY = st.builds(
    lambda kind, rest: {**rest, "_|deviceHid": DEVICE, "s|msg_type": kind},
    st.sampled_from(["hb", "sensor", "feed_result", "hash", "trace", "other"]),
    MESSAGES,
)
PAYLOADS = (
    st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | (ANYTHING | MESSAGES | TELEMETRY).map(lambda each: json.dumps(each).encode())
    | TELEMETRY.map(
        lambda each: json.dumps(each, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
    )
)
TOPICS = (
    st.sampled_from([f"krs.{channel}.gts.{GATEWAY}" for channel in ("tel", "api")])
    | st.builds("krs.{}.gts.{}".format, st.sampled_from(["tel", "api"]), st.text())
    | st.text()
)


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
@example(f"krs.api.gts.{GATEWAY}", b'{"requestId":' + b"[" * 5000, False)
@example(f"krs.tel.gts.{GATEWAY}", b'"s|msg_type"' + b" " * 30_000, False)
def test_any_message_gives_reports_in_bounds_and_never_raises(
    topic: str, payload: bytes, retain: bool
) -> None:
    found = WIRE.report(SITE, Message(topic, payload, retain, 0.0))
    assert isinstance(found, tuple)
    assert len(found) <= 4
    for report in found:
        _assert_in_bounds(report)
    if retain:
        assert all(isinstance(report, Malformed) for report in found)


def _assert_in_bounds(report: object) -> None:
    match report:
        case Malformed(reason):
            assert reason.isascii()
            assert 0 < len(reason) <= 40
        case Publication(topic, payload):
            assert topic.startswith("krs/api/stg/")
            assert not set("+#\0") & set(topic)
            assert len(payload) <= 1024
        case Accepted(None, int(command_id)) | Done(None, int(command_id)):
            assert 1 <= command_id <= HIGHEST_ID
        case Failed(None, _, reason):
            _assert_shown(reason)
        case Needs(node, kind):
            assert node in SITE.nodes
            assert kind in WIRE.kinds
        case Hello():
            assert WIRE.node_name(report.node) == report.node
            assert WIRE.node_usually(report)
        case Dispensed():
            assert 1_500_000_000 < report.started_at < 2**32
            _assert_shown(report.reason)
        case Seen():
            assert WIRE.node_name(report.node) == report.node
            assert report.live
            _assert_readings_in_bounds(report.readings)
        case _:
            raise AssertionError(report)


def _assert_readings_in_bounds(readings: Readings) -> None:
    assert readings.keys() <= set(WIRE.readings)
    for value in readings.values():
        if isinstance(value, str):
            _assert_shown(value)
        else:
            assert -(10**7) < value < 2**32


def _assert_shown(text: str) -> None:
    assert len(text) <= 100
    assert not text or text.isprintable()


@unhurried
@given(
    uri=st.text(),
    method=st.text(),
    body=ANYTHING,
    more=st.dictionaries(st.sampled_from(KEYS), ANYTHING).map(
        lambda each: {key: each[key] for key in each if key != "requestId"}
    ),
)
def test_a_request_with_an_id_is_answered_whatever_else_it_says(
    uri: str, method: str, body: object, more: dict[str, Any]
) -> None:
    content = {**request(uri, method=method, body=body), **more}
    payload = json.dumps(content).encode()
    if b"NaN" in payload or b"Infinity" in payload:  # that is no JSON
        return
    first, *_ = requested(payload)
    assert isinstance(first, Publication)


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text("0123456789abcXYZ", min_size=1, max_size=20),
            "time": st.builds(
                "{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)
            ),
            "portions": st.integers(1, 32),
            "active": st.booleans(),
        }
    ),
    max_size=16,
)


@unhurried
@given(
    entries=ENTRIES,
    readings=st.sampled_from([OLD, NEW]),
    command_id=st.integers(1, HIGHEST_ID),
)
def test_every_step_of_every_schedule_can_be_sent(
    entries: list[dict[str, Any]], readings: dict[str, Any], command_id: int
) -> None:
    params = WIRE.check("set_schedule", {"entries": entries})
    command = a_command("set_schedule", params, command_id=command_id)
    hids = set()
    for step in some(range(len(WIRE.steps(NOWHERE, command, DEVICE, readings)))):
        (publication,) = published(command, step=step, readings=readings)
        assert len(publication.payload) <= LONGEST_COMMAND
        content = json.loads(publication.payload)
        json.loads(content["parameters"]["payload"])
        hids.add(content["hid"])
    assert len(hids) == len(WIRE.steps(NOWHERE, command, DEVICE, readings))


@unhurried
@given(kind=st.sampled_from(sorted(WIRE.kinds)), params=MESSAGES)
def test_params_that_make_no_sense_are_refused_and_nothing_else_is_raised(
    kind: str, params: dict[str, Any]
) -> None:
    try:
        checked = WIRE.check(kind, params)
    except InvalidCommand:
        return
    assert published(a_command(kind, checked))
