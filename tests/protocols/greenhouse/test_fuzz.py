"""Whatever comes in or goes down, the wire of greenhouse nodes holds."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import HIGHEST_ID
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Hello,
    Needs,
    Rejected,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from ..anything import SCALARS
from .samples import (
    CHANNELS,
    FIELDS,
    HOME,
    NEW,
    NODE,
    WIRE,
    a_command,
    a_site,
    reports,
    sent,
)

unhurried = settings(deadline=None)

ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
WORDS = (
    "ACK",
    "DONE",
    "ERROR",
    "INVALID",
    "BUSY",
    "TIMEOUT",
    "OK",
    "ONLINE",
    "md-17",
    "PH",
    "STATE",
    "nd-ph-1",
    "esp32-99",
)
FIELD_NAMES = (
    "message_type",
    "hardware_id",
    "node_type",
    "fw_version",
    "capabilities",
    "status",
    "uptime",
    "free_heap",
    "rssi",
    "metric_type",
    "value",
    "stub",
    "cmd_id",
    "details",
    "error_code",
    "error_message",
    "node_id",
    "gh_uid",
    "version",
)
MESSAGES = st.dictionaries(
    st.sampled_from(FIELD_NAMES) | st.text(max_size=5),
    ANYTHING
    | st.sampled_from(WORDS)
    | st.dictionaries(
        st.sampled_from(["state", "value", "position_pct", "metric_type"]),
        SCALARS | st.integers(-1, 101),
    ),
)
PAYLOADS = (
    st.binary()
    | st.just(b"offline")
    | MESSAGES.map(lambda content: json.dumps(content).encode())
    | MESSAGES.map(
        lambda content: json.dumps(content, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
    )
)
ADDRESSES = st.sampled_from(
    ["gh-1/zn-2/nd-ph-1", f"gh-temp/zn-temp/{NEW}", "gh-temp/zn-temp/x", "a/b/c"]
)
TOPICS = (
    st.sampled_from(["hydro/node_hello", "hydro/time/request"])
    | st.builds(
        "hydro/{}/{}".format,
        ADDRESSES,
        st.sampled_from(
            [
                "node_hello",
                "status",
                "lwt",
                "heartbeat",
                "config_response",
                "config_report",
                "ph_sensor/telemetry",
                "lamp/telemetry",
                "inlet/command_response",
                "nothing/command_response",
            ]
        ),
    )
    | st.builds("hydro/{}/{}".format, st.text(), st.text())
    | st.text()
)
LEARNED = {"assigned", "lives_at", "hardware_id", "generation", "type", "channels"}
REASONS = frozenset(
    {
        "a key twice",
        "foreign cmd_id",
        "no hardware_id",
        "no hello",
        "no event",
        "no known field",
        "no value",
        "no will",
        "not JSON",
        "not UTF-8",
        "not a JSON object",
        "not adopted",
        "retained",
        "too long",
        "unexpected topic",
        "unknown status",
    }
)


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
@example(f"{HOME}/config_report", b'{"x":' + b"[" * 4000 + b"]" * 4000 + b"}", False)
@example("hydro/node_hello", b'{"capabilities":[' + b"9" * 8000 + b"]}", False)
def test_any_message_gives_reports_in_bounds_and_never_raises(
    topic: str, payload: bytes, retain: bool
) -> None:
    found = reports(topic, payload, retain=retain)
    assert isinstance(found, tuple)
    assert len(found) <= 4
    for report in found:
        match report:
            case Malformed():
                assert report.reason in REASONS
                assert all(isinstance(each, Seen) for each in found[:-1])
            case AsksTime():
                assert not retain
            case Needs():
                assert report.kind == "update_config"
            case Seen():
                _assert_seen_in_bounds(report, retain=retain)
            case Hello():
                assert not retain
                _assert_hello_in_bounds(report)
            case Learned() | Happened():
                assert not retain
                _assert_news_in_bounds(report)
            case Accepted() | Rejected() | Busy() | Done() | Failed():
                assert not retain
                assert report.node in (NODE, NEW)
                _assert_answer_in_bounds(report)
            case _:
                pytest.fail(f"{report} is no report of this protocol")


def _assert_hello_in_bounds(hello: Hello) -> None:
    assert WIRE.node_name(hello.node) == hello.node
    assert len(hello.capabilities) <= 32
    for label in (hello.type, hello.firmware, *hello.capabilities):
        assert len(label) <= 64
        assert not label or label.isprintable()
    assert len(hello.place) <= 3 * 64 + 2


def _assert_news_in_bounds(news: Learned | Happened) -> None:
    assert news.node in (NODE, NEW)
    if isinstance(news, Learned):
        assert {*news.facts} <= LEARNED
        return
    assert re.fullmatch("[a-z0-9_]{1,64}", news.code)
    assert all(len(str(value)) <= 100 for value in news.details.values())


def _assert_seen_in_bounds(seen: Seen, *, retain: bool) -> None:
    assert seen.live is not retain
    assert WIRE.node_name(seen.node) == seen.node
    assert seen.uptime is None or 0 <= seen.uptime < 2**32
    for key, value in seen.readings.items():
        parts = key.split("/")
        assert key in WIRE.readings or (
            len(parts) in (2, 3) and all(map(WIRE.node_name, parts))
        )
        if isinstance(value, str):
            assert 0 < len(value) <= 3 * 64 + 2
            assert value.isprintable()
        else:
            assert abs(value) <= 1e15
            assert type(value) in (int, float)


def _assert_answer_in_bounds(
    answer: Accepted | Rejected | Busy | Done | Failed,
) -> None:
    if answer.command_id is None:
        assert answer.subject in ("config", "started")
    else:
        assert 1 <= answer.command_id <= HIGHEST_ID
    if isinstance(answer, Failed | Rejected):
        assert len(answer.reason) <= 100
        assert answer.reason.isprintable()


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
def test_a_message_says_the_same_whatever_was_read_before(
    topic: str, payload: bytes, retain: bool
) -> None:
    first = reports(topic, payload, retain=retain)
    reports("hydro/node_hello", b'{"hardware_id":"esp32-99"}')
    assert reports(topic, payload, retain=retain) == first


PARAMS = st.dictionaries(
    st.sampled_from(
        [
            "channel",
            "duration_ms",
            "ml",
            "state",
            "value",
            "duration_s",
            "stage",
            "known_ph",
            "active",
        ]
    )
    | st.text(),
    ANYTHING
    | st.integers(0, 300)
    | st.sampled_from([channel["name"] for channel in CHANNELS]),
)


@unhurried
@given(kind=st.sampled_from([*WIRE.kinds]) | st.text(), params=PARAMS)
@example("k" * 10_000, {})
def test_any_params_are_taken_or_refused_in_bounds(
    kind: str, params: dict[str, Any]
) -> None:
    try:
        checked = WIRE.check(kind, params)
        assert WIRE.check(kind, checked) == checked, "checked params stay as they are"
        *_, publication = sent(a_command(kind, checked))
    except InvalidCommand as refused:
        words = refused.placeholders.values()
        assert all(len(text) <= 100 and text.isprintable() for text in words)
        return
    assert publication.topic.startswith(f"{HOME}/")
    assert len(publication.payload.encode()) <= 4096
    content = json.loads(publication.payload)
    if kind != "update_config":
        assert {*content} == {"cmd", "params", "cmd_id", "ts", "sig"}


@unhurried
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.text("abAB01_-", min_size=1, max_size=4),
                "type": st.sampled_from(["SENSOR", "ACTUATOR"]),
            },
            optional={
                "metric": st.text("pHX", min_size=1, max_size=3),
                "actuator_type": st.sampled_from(
                    ["PUMP", "PERISTALTIC_PUMP", "LED", "RELAY", "VALVE", "PWM", "x"]
                ),
                "relay_type": st.sampled_from(["NO", "NC"]),
                "safe_limits": st.fixed_dictionaries(
                    {}, optional={"max_duration_ms": st.integers(1, 400_000)}
                ),
            },
        ),
        max_size=6,
    )
)
def test_any_channels_give_actuators_of_their_own_and_a_configuration(
    channels: list[dict[str, Any]],
) -> None:
    try:
        kept = WIRE.node_fields["channels"].check("channels", channels)
    except InvalidCommand:
        return
    found = WIRE.actuators({**FIELDS, "channels": kept}, {})
    keys = [actuator.key for actuator in found]
    assert len({*keys}) == len(keys)
    (publication,) = sent(a_command("update_config"), site=a_site(channels=kept))
    assert json.loads(publication.payload)["channels"] == kept
