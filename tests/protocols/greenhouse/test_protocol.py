"""What greenhouse nodes say, beyond what the vectors record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import AsksTime, Seen
from custom_components.mqtt_dispatch.protocols.messages import (
    Malformed,
    Publication,
    Said,
)

from .samples import HELLO, HOME, NEW, NEW_HOME, NODE, NOON, WIRE, a_site, reports

# topic, payload, what it says when it is retained
RETAINED: list[tuple[str, str, Said]] = [
    (
        f"{HOME}/status",
        '{"status":"ONLINE","ts":1}',
        Seen(node=NODE, live=False, online=True),
    ),
    (f"{HOME}/lwt", "offline", Seen(node=NODE, live=False, online=False)),
    (f"{NEW_HOME}/lwt", "offline", Seen(node=NEW, live=False, online=False)),
    ("hydro/node_hello", HELLO, Malformed("retained")),
    (f"{HOME}/heartbeat", '{"uptime":120}', Malformed("retained")),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":5.9}',
        Malformed("retained"),
    ),
    (f"{HOME}/x/command_response", '{"cmd_id":"md-1"}', Malformed("retained")),
    (f"{HOME}/config_report", "{}", Malformed("retained")),
    ("hydro/time/request", "{}", Malformed("retained")),
]


@pytest.mark.parametrize(("topic", "payload", "said"), RETAINED)
def test_a_retained_message_proves_nothing(
    topic: str, payload: str, said: Said
) -> None:
    assert reports(topic, payload, retain=True) == (said,)


@pytest.mark.parametrize(
    "suffix",
    ["node_hello", "status", "lwt", "heartbeat", "x/telemetry", "config_report"],
)
@pytest.mark.parametrize("retain", [False, True])
def test_a_cleared_topic_says_nothing_and_is_in_order(
    suffix: str, retain: bool
) -> None:
    assert reports(f"{HOME}/{suffix}", b"", retain=retain) == ()


# topic, payload, why it is no good
NONSENSE: list[tuple[str, str, str]] = [
    ("hydro/node_hello", "{", "not JSON"),
    ("hydro/node_hello", "{}", "no hardware_id"),
    ("hydro/node_hello", '{"hardware_id":"a b"}', "no hardware_id"),
    ("hydro/node_hello", '{"message_type":"x","hardware_id":"a"}', "no hello"),
    (f"{HOME}/status", '{"status":5}', "unknown status"),
    (f"{HOME}/status", '{"state":"odd"}', "unknown status"),
    (f"{HOME}/lwt", "gone", "no will"),
    (f"{HOME}/heartbeat", '{"uptime":-5}', "no known field"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH"}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"P H","value":1}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH","value":NaN}', "not JSON"),
    (f"{HOME}/lamp/command_response", '{"cmd_id":"md-17"}', "unknown status"),
    (f"{HOME}/lamp/command_response", '{"status":"DONE"}', "foreign cmd_id"),
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-2147483648","status":"DONE"}',
        "foreign cmd_id",
    ),
    (f"{HOME}/lamp/event", '{"event_code":"a b"}', "no event"),
    (f"{HOME}/error", "{}", "no known field"),
    (f"{HOME}/config_response", '{"status":1}', "unknown status"),
    (f"{HOME}/config_report", '{"version":1,"version":1}', "a key twice"),
    (f"{HOME}/config_report", " " * 8193, "too long"),
    ("hydro", "{}", "unexpected topic"),
    ("hydro/time/response", "{}", "unexpected topic"),
    ("hydro2/node_hello", HELLO, "unexpected topic"),
    ("hydro/gh-1//nd-ph-1/node_hello", HELLO, "unexpected topic"),
    (f"{HOME}/lamp/command", '{"cmd":"light_on"}', "unexpected topic"),
    (f"{HOME}/config", "{}", "unexpected topic"),
]


@pytest.mark.parametrize(("topic", "payload", "reason"), NONSENSE)
def test_nonsense_is_malformed(topic: str, payload: str, reason: str) -> None:
    *heard, malformed = reports(topic, payload)
    assert malformed == Malformed(reason)
    assert all(isinstance(each, Seen) for each in heard)


@pytest.mark.parametrize("payload", ["", "{}", "what time is it", '{"ts":0}'])
def test_a_node_asks_for_the_time(payload: str) -> None:
    assert reports("hydro/time/request", payload) == (AsksTime(),)


@pytest.mark.parametrize(("ts", "asks"), [(75, True), (1737979200, False)])
def test_a_node_that_counts_time_from_its_start_asks_for_it(
    ts: int, asks: bool
) -> None:
    health = f'{{"system":{{"uptime_seconds":75}},"ts":{ts}}}'
    *asked, heard = reports(f"{HOME}/diagnostics", health)
    assert asked == [AsksTime()] * asks
    assert isinstance(heard, Seen)


def test_the_time_is_told_in_whole_seconds() -> None:
    told = (
        '{"message_type":"time_response","server_time":1737979200,"unix_ts":1737979200}'
    )
    assert WIRE.time_answer(a_site(), NOON) == (
        Publication("hydro/time/response", told),
    )


@pytest.mark.parametrize("prefix", ["hydro", "farm/hydro", "a.b*c("])
def test_a_station_hears_its_own_prefix_alone(prefix: str) -> None:
    site = a_site(prefix)
    own = reports(f"{prefix}/gh-1/zn-2/nd-ph-1/lwt", "offline", site=site)
    foreign = reports(f"x{prefix}/gh-1/zn-2/nd-ph-1/lwt", "offline", site=site)
    assert (own, foreign) == (
        (Seen(node=NODE, live=True, online=False),),
        (Malformed("unexpected topic"),),
    )


def test_it_listens_to_what_nodes_send_and_to_no_commands() -> None:
    of_node = "node_hello lwt status heartbeat config_response config_report"
    assert set(WIRE.topics("a/b")) == {
        "a/b/node_hello",
        "a/b/time/request",
        *(f"a/b/+/+/+/{each}" for each in f"{of_node} error diagnostics".split()),
        *(f"a/b/+/+/+/+/{each}" for each in ["telemetry", "command_response", "event"]),
    }


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("esp32-a1b2c3d4e5f6", "esp32-a1b2c3d4e5f6"),
        ("ESP32-A1B2C3D4E5F6", "esp32-a1b2c3d4e5f6"),
        ("x" * 64, "x" * 64),
        ("", None),
        ("x" * 65, None),
        ("a b", None),
        ("+", None),
        ("\u212a", None),
        ("a\n", None),
    ],
)
def test_a_node_has_one_spelling(text: str, node: str | None) -> None:
    assert WIRE.node_name(text) == node


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("gh-1/zn-2/nd-ph-1", (Seen(node=NODE, live=True, online=False),)),
        (f"gh-temp/zn-temp/{NODE}", ()),
    ],
)
def test_a_will_of_an_address_that_a_node_has_left_says_nothing(
    last: str, said: tuple[Any, ...]
) -> None:
    site = replace(a_site(), told=lambda _node: {"address": last})
    assert reports(f"{HOME}/lwt", "offline", site=site) == said
