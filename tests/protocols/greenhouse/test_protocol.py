"""What greenhouse nodes say, message by message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.reports import (
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Hello,
    Needs,
    Rejected,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.base import Malformed, Publication, Site
from custom_components.mqtt_dispatch.protocols.greenhouse.config import configuration

from .samples import (
    FIELDS,
    HOME,
    NEW,
    NEW_HOME,
    NODE,
    NOON,
    WIRE,
    a_command,
    a_site,
    reports,
    sent,
)


def live(node: str = NODE, **said: Any) -> Seen:
    """Return that a node was heard somewhere."""
    return Seen(node=node, live=True, online=True, **said)


def at_home(readings: dict[str, str | float] | None = None, **said: Any) -> Seen:
    """Return that the node was heard at its address."""
    where = {"address": "gh-1/zn-2/nd-ph-1"}
    return live(readings=where | (readings or {}), **said)


def at_first(readings: dict[str, str | float] | None = None, **said: Any) -> Seen:
    """Return that the new node was heard at its temporary address."""
    where = {"address": f"gh-temp/zn-temp/{NEW}"}
    return live(NEW, readings=where | (readings or {}), **said)


HELLO = (
    '{"message_type":"node_hello","hardware_id":"esp32-A1B2c3d4e5f6",'
    '"node_type":"ph","fw_version":"5.2","capabilities":["ph","temperature"],'
    '"provisioning_meta":{"greenhouse_token":"gh-9","zone_id":9}}'
)
SAID_HELLO = Hello(
    node=NODE,
    hardware_id="esp32-A1B2c3d4e5f6",
    type="ph",
    firmware="5.2",
    capabilities=("ph", "temperature"),
)
SPELLED: dict[str, str | float] = {"hardware_id": "esp32-A1B2c3d4e5f6", "fw": "5.2"}

STARTED = Done(NODE, subject="started")

# What a node with a place hears only if it has lost its configuration
(IF_LOST,) = (
    Publication("hydro/gh-temp/zn-temp/esp32-A1B2c3d4e5f6/config", told.payload)
    for told in sent(a_command("update_config"))
)

# topic, payload, what it says
LIVE: list[tuple[str, str, tuple[Report | Publication, ...]]] = [
    # node_hello, on both topics
    (
        "hydro/node_hello",
        HELLO,
        (SAID_HELLO, live(drops_repeats=True, readings=SPELLED), STARTED, IF_LOST),
    ),
    (
        f"{HOME}/node_hello",
        HELLO,
        (SAID_HELLO, at_home(SPELLED, drops_repeats=True), STARTED),
    ),
    (
        "hydro/gh-7/zn-7/nd-7/node_hello",
        HELLO,
        (
            SAID_HELLO,
            live(drops_repeats=True, readings=SPELLED | {"address": "gh-7/zn-7/nd-7"}),
            STARTED,
            Needs(NODE, "update_config"),
        ),
    ),
    (
        "hydro/node_hello",
        '{"hardware_id":"esp32-99"}',
        (
            Hello(node="esp32-99", hardware_id="esp32-99"),
            live("esp32-99", drops_repeats=True, readings={"hardware_id": "esp32-99"}),
        ),
    ),
    (
        "hydro/node_hello",
        (
            '{"message_type":"node_hello","hardware_id":"esp32-99","node_type":7,'
            '"fw_version":null,"capabilities":["ph",7,"","ec"],"new":{}}'
        ),
        (
            Hello(node="esp32-99", hardware_id="esp32-99", capabilities=("ph", "ec")),
            live("esp32-99", drops_repeats=True, readings={"hardware_id": "esp32-99"}),
        ),
    ),
    # status and lwt
    (
        f"{HOME}/status",
        '{"status":"ONLINE","ts":1737979200}',
        (Hello(node=NODE), at_home(drops_repeats=True)),
    ),
    (
        f"{HOME}/status",
        '{"status":"OFFLINE","ts":1737979200}',
        (Seen(node=NODE, live=True, online=False),),
    ),
    (f"{HOME}/lwt", "offline", (Seen(node=NODE, live=True, online=False),)),
    # heartbeat
    (
        f"{HOME}/heartbeat",
        '{"uptime":120,"free_heap":180000,"rssi":-61}',
        (at_home({"free_heap": 180000, "rssi": -61}, uptime=120, drops_repeats=True),),
    ),
    (f"{HOME}/heartbeat", '{"uptime":0}', (at_home(uptime=0, drops_repeats=True),)),
    (
        f"{HOME}/heartbeat",
        '{"uptime":-1,"rssi":-61,"free_heap":"much"}',
        (at_home({"rssi": -61}, drops_repeats=True),),
    ),
    # telemetry
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":5.9,"ts":1737979200}',
        (at_home({"ph_sensor/ph": 5.9}),),
    ),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":6,"ts":1,"unit":"pH","stub":false,"stable":true}',
        (at_home({"ph_sensor/ph": 6}),),
    ),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":5.9,"ts":1,"stable":false}',
        (at_home({"ph_sensor/ph": 5.9}),),
    ),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":7.0,"ts":1,"stub":true}',
        (at_home(),),
    ),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"Glow-2","value":-3,"ts":1}',
        (at_home({"ph_sensor/glow-2": -3}),),
    ),
    (
        f"{HOME}/lamp/telemetry",
        '{"metric_type":"STATE","value":1,"ts":1}',
        (at_home({"lamp/state": "on"}),),
    ),
    # command_response
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"ACK","ts":1737979200123}',
        (at_home(), Accepted(NODE, 17)),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"DONE","ts":1737979200123,"details":{}}',
        (at_home(), Done(NODE, 17)),
    ),
    (
        f"{HOME}/system/command_response",
        '{"cmd_id":"md-2147483647","status":"NO_EFFECT","ts":1}',
        (at_home(), Done(NODE, 2147483647)),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        (
            '{"cmd_id":"md-17","status":"ERROR","ts":1,"error_code":"pump_fault",'
            '"error_message":"no current"}'
        ),
        (at_home(), Failed(NODE, 17, "pump_fault: no current")),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"ERROR","error_message":"no current"}',
        (at_home(), Failed(NODE, 17, "no current")),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"ERROR","error_code":7,"error_message":""}',
        (at_home(), Failed(NODE, 17, "ERROR")),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"TIMEOUT","ts":1}',
        (at_home(), Failed(NODE, 17, "TIMEOUT")),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"INVALID","error_code":"invalid_signature"}',
        (at_home(), Rejected(NODE, 17, "invalid_signature")),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"BUSY","ts":1}',
        (at_home(), Busy(NODE, 17)),
    ),
    (
        f"{NEW_HOME}/system/command_response",
        '{"cmd_id":"md-17","status":"DONE","ts":1}',
        (at_first(), Done(NEW, 17)),
    ),
    # what an answer tells of its channel
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"state":true,"new":1}}',
        (at_home({"lamp/state": "on"}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/relay-1/command_response",
        '{"cmd_id":"md-17","status":"NO_EFFECT","details":{"state":0}}',
        (at_home({"relay-1/state": "off"}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/inlet/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"state":1}}',
        (at_home({"inlet/state": "open"}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/fan/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"value":128}}',
        (at_home({"fan/value": 128}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/window/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"position_pct":40.5}}',
        (at_home({"window/position_pct": 40.5}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/ph_sensor/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"metric_type":"PH","value":6.1}}',
        (at_home({"ph_sensor/ph": 6.1}), Done(NODE, 17)),
    ),
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":{"state":"bright","value":-1}}',
        (at_home(), Done(NODE, 17)),
    ),
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-17","status":"DONE","details":[1]}',
        (at_home(), Done(NODE, 17)),
    ),
    # config_response
    (
        f"{HOME}/config_response",
        '{"status":"OK","ts":1}',
        (at_home({"config_reported": 1}), Done(NODE, subject="config")),
    ),
    (
        f"{HOME}/config_response",
        '{"status":"ACK","ts":1}',
        (at_home({"config_reported": 1}), Done(NODE, subject="config")),
    ),
    (
        f"{HOME}/config_response",
        '{"status":"ERROR","error_message":"too many channels"}',
        (at_home(), Failed(NODE, reason="too many channels", subject="config")),
    ),
    (
        f"{HOME}/config_response",
        '{"status":"REFUSED"}',
        (at_home(), Failed(NODE, reason="REFUSED", subject="config")),
    ),
    # taken, but not yet where it should be
    (
        f"{NEW_HOME}/config_response",
        '{"status":"OK"}',
        (at_first(), Accepted(NEW, subject="config")),
    ),
    (
        f"{NEW_HOME}/config_response",
        '{"status":"ERROR","error_code":"flash"}',
        (at_first(), Failed(NEW, reason="flash", subject="config")),
    ),
    (f"{NEW_HOME}/config_report", '{"node_id":"nd-temp"}', (at_first(),)),
    # config_report
    (
        f"{HOME}/config_report",
        '{"node_id":"nd-ph-1","gh_uid":"gh-1","zone_uid":"zn-2","channels":[]}',
        (at_home({"config_reported": 1}), Done(NODE, subject="config")),
    ),
    (
        f"{HOME}/config_report",
        "{}",
        (at_home({"config_reported": 1}), Done(NODE, subject="config")),
    ),
    (
        f"{HOME}/config_report",
        f'{{"node_id":"nd-ph-1","version":{configuration(FIELDS)["version"]}}}',
        (at_home({"config_reported": 1}), Done(NODE, subject="config")),
    ),
    (
        f"{HOME}/config_report",
        '{"node_id":"nd-ph-1","version":1}',
        (at_home({"config_reported": 0}),),
    ),
    (
        f"{HOME}/config_report",
        '{"node_id":"nd-ph-2"}',
        (at_home({"config_reported": 0}),),
    ),
    (
        f"{HOME}/config_report",
        '{"node_id":"nd-ph-1","gh_uid":"gh-9"}',
        (at_home({"config_reported": 0}),),
    ),
    (
        f"{HOME}/config_report",
        '{"node_id":"nd-ph-1","zone_uid":["zn-2"]}',
        (at_home({"config_reported": 0}),),
    ),
    # the temporary address
    (
        f"hydro/gh-temp/zn-temp/{NEW.upper()}/status",
        '{"status":"ONLINE","ts":1}',
        (
            Hello(node=NEW),
            live(
                NEW,
                drops_repeats=True,
                readings={
                    "address": f"gh-temp/zn-temp/{NEW.upper()}",
                    "hardware_id": NEW.upper(),
                },
            ),
        ),
    ),
    (
        f"{NEW_HOME}/heartbeat",
        '{"uptime":1}',
        (at_first({"hardware_id": NEW}, uptime=1, drops_repeats=True),),
    ),
    (f"{NEW_HOME}/lwt", "offline", (Seen(node=NEW, live=True, online=False),)),
]


@pytest.mark.parametrize(("topic", "payload", "said"), LIVE)
def test_a_live_message_says_what_the_wire_says(
    topic: str, payload: str, said: tuple[Report, ...]
) -> None:
    assert reports(topic, payload) == said


# topic, payload, what it says when it is retained
RETAINED: list[tuple[str, str, Report | Malformed]] = [
    (
        f"{HOME}/status",
        '{"status":"ONLINE","ts":1}',
        Seen(node=NODE, live=False, online=True),
    ),
    (f"{HOME}/lwt", "offline", Seen(node=NODE, live=False, online=False)),
    (f"{NEW_HOME}/lwt", "offline", Seen(node=NEW, live=False, online=False)),
    ("hydro/node_hello", HELLO, Malformed("retained")),
    (f"{HOME}/node_hello", HELLO, Malformed("retained")),
    (f"{HOME}/heartbeat", '{"uptime":120}', Malformed("retained")),
    (
        f"{HOME}/ph_sensor/telemetry",
        '{"metric_type":"PH","value":5.9}',
        Malformed("retained"),
    ),
    (
        f"{HOME}/pump_acid/command_response",
        '{"cmd_id":"md-17","status":"DONE"}',
        Malformed("retained"),
    ),
    (f"{HOME}/config_response", '{"status":"OK"}', Malformed("retained")),
    (f"{HOME}/config_report", "{}", Malformed("retained")),
    ("hydro/time/request", "{}", Malformed("retained")),
]


@pytest.mark.parametrize(("topic", "payload", "said"), RETAINED)
def test_a_retained_message_proves_nothing(
    topic: str, payload: str, said: Report | Malformed
) -> None:
    assert reports(topic, payload, retain=True) == (said,)


@pytest.mark.parametrize(
    "topic",
    [
        "hydro/node_hello",
        f"{HOME}/status",
        f"{HOME}/lwt",
        f"{HOME}/heartbeat",
        f"{HOME}/ph_sensor/telemetry",
        f"{HOME}/pump_acid/command_response",
        f"{HOME}/config_report",
    ],
)
@pytest.mark.parametrize("retain", [False, True])
def test_a_cleared_topic_says_nothing_and_is_in_order(topic: str, retain: bool) -> None:
    assert reports(topic, b"", retain=retain) == ()


class TestANodeThatNobodyAdopted:
    """`telemetry` for a node that is not adopted is only counted."""

    @pytest.mark.parametrize(
        ("suffix", "payload"),
        [
            ("status", '{"status":"ONLINE"}'),
            ("lwt", "offline"),
            ("heartbeat", '{"uptime":1}'),
            ("ph_sensor/telemetry", '{"metric_type":"PH","value":5.9}'),
            ("ph_sensor/command_response", '{"cmd_id":"md-1","status":"DONE"}'),
            ("config_response", '{"status":"OK"}'),
            ("config_report", "{}"),
        ],
    )
    @pytest.mark.parametrize(
        "address", ["gh-1/zn-2/nd-ph-2", "gh-1/zn-1/nd-ph-1", "gh-2/zn-2/nd-ph-1"]
    )
    def test_is_not_heard_at_any_address(
        self, address: str, suffix: str, payload: str
    ) -> None:
        said = reports(f"hydro/{address}/{suffix}", payload)
        assert said == (Malformed("not adopted"),)

    @pytest.mark.parametrize(
        ("suffix", "payload"),
        [
            ("lwt", "offline"),
            ("ph_sensor/telemetry", '{"metric_type":"PH","value":5.9}'),
            ("system/command_response", '{"cmd_id":"md-1","status":"DONE"}'),
            ("config_response", '{"status":"OK"}'),
            ("config_report", "{}"),
        ],
    )
    def test_says_little_at_its_temporary_address(
        self, suffix: str, payload: str
    ) -> None:
        said = reports(f"hydro/gh-temp/zn-temp/esp32-99/{suffix}", payload)
        assert said == (Malformed("not adopted"),)

    @pytest.mark.parametrize(
        ("suffix", "payload"),
        [("status", '{"status":"ONLINE"}'), ("heartbeat", '{"uptime":1}')],
    )
    def test_makes_up_there_for_a_hello_that_was_lost(
        self, suffix: str, payload: str
    ) -> None:
        *_, seen = reports(f"hydro/gh-temp/zn-temp/ESP32-99/{suffix}", payload)
        assert isinstance(seen, Seen)
        assert (seen.node, seen.readings["hardware_id"]) == ("esp32-99", "ESP32-99")

    def test_left_a_retained_status_there_that_says_nothing(self) -> None:
        topic = "hydro/gh-temp/zn-temp/esp32-99/status"
        said = reports(topic, '{"status":"ONLINE"}', retain=True)
        assert said == (Malformed("not adopted"),)


def test_telemetry_of_a_channel_that_the_node_does_not_have_is_counted() -> None:
    said = reports(f"{HOME}/ec_sensor/telemetry", '{"metric_type":"EC","value":1}')
    assert said == (at_home(), Malformed("unknown channel"))


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        ("ACK", (Accepted(NODE, 17), Done(NODE, 17))),
        ("DONE", (Done(NODE, 17),)),
        ("ERROR", (Failed(NODE, 17, "ERROR"),)),
        ("BUSY", (Busy(NODE, 17),)),
    ],
)
def test_an_ack_of_old_firmware_means_done(
    status: str, answers: tuple[Report, ...]
) -> None:
    payload = f'{{"cmd_id":"md-17","status":"{status}"}}'
    site = a_site(ack_means_done=True)
    _, *said = reports(f"{HOME}/pump_acid/command_response", payload, site=site)
    assert tuple(said) == answers


@pytest.mark.parametrize(
    "cmd_id",
    [
        '"17"',
        '"md-"',
        '"md-0"',
        '"md-017"',
        '"md--17"',
        '"md-17 "',
        '"md-17\\n"',
        '"MD-17"',
        '"md-1.7"',
        '"md-٣"',
        '"md-2147483648"',
        '"md-99999999999"',
        '"cmd-591"',
        '""',
        "17",
        "null",
        "true",
        "[17]",
        "{}",
    ],
)
def test_an_answer_with_an_id_that_is_not_ours_is_foreign(cmd_id: str) -> None:
    payload = f'{{"cmd_id":{cmd_id},"status":"DONE"}}'
    said = reports(f"{HOME}/pump_acid/command_response", payload)
    assert said == (at_home(), Malformed("foreign cmd_id"))


# topic, payload, why it says nothing
NONSENSE: list[tuple[str, str, str]] = [
    ("hydro/node_hello", "{}", "no hardware_id"),
    ("hydro/node_hello", '{"hardware_id":""}', "no hardware_id"),
    ("hydro/node_hello", '{"hardware_id":"a/b"}', "no hardware_id"),
    ("hydro/node_hello", '{"hardware_id":"a\\n"}', "no hardware_id"),
    ("hydro/node_hello", '{"hardware_id":17}', "no hardware_id"),
    ("hydro/node_hello", f'{{"hardware_id":"{"a" * 65}"}}', "no hardware_id"),
    (
        "hydro/node_hello",
        '{"message_type":"telemetry","hardware_id":"esp32-99"}',
        "no hello",
    ),
    ("hydro/node_hello", "hello", "not JSON"),
    (f"{HOME}/status", '{"status":"online"}', "unknown status"),
    (f"{HOME}/status", '{"status":[1]}', "unknown status"),
    (f"{HOME}/status", "{}", "unknown status"),
    (f"{HOME}/status", "ONLINE", "not JSON"),
    (f"{HOME}/lwt", "online", "no will"),
    (f"{HOME}/lwt", '{"status":"offline"}', "no will"),
    (f"{HOME}/heartbeat", "{}", "no known field"),
    (f"{HOME}/heartbeat", '{"uptime":"120","rssi":1}', "no known field"),
    (f"{HOME}/ph_sensor/telemetry", "{}", "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH"}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"value":5.9}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"","value":5.9}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"P/H","value":5.9}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH","value":"5.9"}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH","value":true}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH","value":1e999}', "no value"),
    (f"{HOME}/ph_sensor/telemetry", '{"metric_type":"PH","value":NaN}', "not JSON"),
    (f"{HOME}/lamp/command_response", '{"cmd_id":"md-17"}', "unknown status"),
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-17","status":"done"}',
        "unknown status",
    ),
    (
        f"{HOME}/lamp/command_response",
        '{"cmd_id":"md-17","status":{}}',
        "unknown status",
    ),
    (f"{HOME}/lamp/command_response", '{"status":"DONE"}', "foreign cmd_id"),
    (f"{HOME}/config_response", "{}", "unknown status"),
    (f"{HOME}/config_response", '{"status":1}', "unknown status"),
    (f"{HOME}/config_report", "[]", "not a JSON object"),
    (f"{HOME}/config_report", '{"version":1,"version":1}', "a key twice"),
    (f"{HOME}/config_report", " " * 8193, "too long"),
    # other topics
    ("hydro", "{}", "unexpected topic"),
    ("hydro/", "{}", "unexpected topic"),
    ("hydro/other", "{}", "unexpected topic"),
    ("hydro/time/response", "{}", "unexpected topic"),
    ("hydro2/node_hello", HELLO, "unexpected topic"),
    ("node_hello", HELLO, "unexpected topic"),
    ("hydro/gh-1/node_hello", HELLO, "unexpected topic"),
    ("hydro/gh-1/zn-2/nd-ph-1/extra/node_hello", HELLO, "unexpected topic"),
    ("hydro/gh-1//nd-ph-1/node_hello", HELLO, "unexpected topic"),
    ("hydro/gh 1/zn-2/nd-ph-1/node_hello", HELLO, "unexpected topic"),
    (f"{HOME}/lamp/status", '{"status":"ONLINE"}', "unexpected topic"),
    (f"{HOME}/telemetry", '{"metric_type":"PH","value":1}', "unexpected topic"),
    (f"{HOME}/a b/telemetry", '{"metric_type":"PH","value":1}', "unexpected topic"),
    (f"{HOME}/lamp/command", '{"cmd":"light_on"}', "unexpected topic"),
    (f"{HOME}/config", "{}", "unexpected topic"),
    ("hydro/gh-temp/zn-temp/a b/status", '{"status":"ONLINE"}', "unexpected topic"),
]


@pytest.mark.parametrize(("topic", "payload", "reason"), NONSENSE)
def test_nonsense_is_malformed(topic: str, payload: str, reason: str) -> None:
    *heard, malformed = reports(topic, payload)
    assert malformed == Malformed(reason)
    assert heard in ([], [at_home()])


@pytest.mark.parametrize(
    "suffix",
    [
        "status",
        "heartbeat",
        "config_response",
        "config_report",
        "ph_sensor/telemetry",
        "other/telemetry",
        "ph_sensor/command_response",
    ],
)
@pytest.mark.parametrize("payload", [b"{", b"\xff", b" " * 8193, b"[]"])
def test_a_node_that_speaks_nonsense_is_there(suffix: str, payload: bytes) -> None:
    heard, malformed = reports(f"{HOME}/{suffix}", payload)
    assert heard == at_home()
    assert isinstance(malformed, Malformed)


@pytest.mark.parametrize("payload", ["", "{}", "what time is it", '{"ts":0}'])
def test_a_node_asks_for_the_time(payload: str) -> None:
    assert reports("hydro/time/request", payload) == (AsksTime(),)


def test_the_time_is_told_in_whole_seconds() -> None:
    assert WIRE.time_answer(a_site(), NOON) == (
        Publication(
            "hydro/time/response",
            (
                '{"message_type":"time_response","server_time":1737979200,'
                '"unix_ts":1737979200}'
            ),
        ),
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
    assert set(WIRE.topics("a/b")) == {
        "a/b/node_hello",
        "a/b/+/+/+/node_hello",
        "a/b/+/+/+/status",
        "a/b/+/+/+/lwt",
        "a/b/+/+/+/heartbeat",
        "a/b/+/+/+/+/telemetry",
        "a/b/+/+/+/+/command_response",
        "a/b/+/+/+/config_response",
        "a/b/+/+/+/config_report",
        "a/b/time/request",
    }


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("esp32-a1b2c3d4e5f6", "esp32-a1b2c3d4e5f6"),
        ("ESP32-A1B2C3D4E5F6", "esp32-a1b2c3d4e5f6"),
        ("n_1", "n_1"),
        ("x" * 64, "x" * 64),
        ("", None),
        ("x" * 65, None),
        ("a b", None),
        ("a/b", None),
        ("+", None),
        ("é", None),
        ("\u212a", None),
        ("a\n", None),
    ],
)
def test_a_node_has_one_spelling(text: str, node: str | None) -> None:
    assert WIRE.node_name(text) == node


class TestANodeThatIsToMove:
    """A person gave it another zone; it does not know yet."""

    site = a_site(zone="zn-3", lives_at="gh-1/zn-2/nd-ph-1")

    def test_is_heard_where_it_still_is(self) -> None:
        said = reports(f"{HOME}/heartbeat", '{"uptime":1}', site=self.site)
        assert said == (
            at_home(uptime=1, drops_repeats=True),
            Needs(NODE, "update_config", repeated=True),
        )

    def test_has_taken_its_configuration_there_and_no_more(self) -> None:
        said = reports(f"{HOME}/config_response", '{"status":"OK"}', site=self.site)
        assert said == (at_home(), Accepted(NODE, subject="config"))

    def test_tells_of_another_configuration_there(self) -> None:
        assert reports(f"{HOME}/config_report", "{}", site=self.site) == (at_home(),)

    def test_has_moved_once_it_tells_so_from_there(self) -> None:
        topic = "hydro/gh-1/zn-3/nd-ph-1/config_report"
        _, done = reports(topic, '{"zone_uid":"zn-3"}', site=self.site)
        assert done == Done(NODE, subject="config")


def test_two_nodes_with_one_address_are_the_first() -> None:
    site = Site(prefix="hydro", nodes={"one": FIELDS, "two": FIELDS})
    assert reports(f"{HOME}/lwt", "offline", site=site) == (
        Seen(node="one", live=True, online=False),
    )


class TestANodeThatLostItsConfiguration:
    """It was reset, or somebody else configured it."""

    @pytest.mark.parametrize(
        ("suffix", "payload", "repeated"),
        [
            ("node_hello", HELLO, False),
            ("status", '{"status":"ONLINE"}', False),
            ("heartbeat", '{"uptime":1}', True),
        ],
    )
    def test_needs_it_wherever_it_speaks(
        self, suffix: str, payload: str, repeated: bool
    ) -> None:
        needs = Needs(NODE, "update_config", repeated=repeated)
        lost = reports(f"hydro/gh-temp/zn-temp/{NODE}/{suffix}", payload)
        assert lost[-1] == needs
        assert needs not in reports(f"{HOME}/{suffix}", payload)

    @pytest.mark.parametrize("suffix", ["node_hello", "status", "heartbeat"])
    def test_is_left_to_its_first_binding_if_it_never_had_one(
        self, suffix: str
    ) -> None:
        topic = f"hydro/gh-temp/zn-temp/{NODE}/{suffix}"
        payload = HELLO if suffix == "node_hello" else '{"status":"ONLINE","uptime":1}'
        said = reports(topic, payload, site=a_site(assigned=False))
        assert not [each for each in said if isinstance(each, Needs)]

    def test_gets_it_at_once_where_a_hello_does_not_say_where_it_is(self) -> None:
        *_, told = reports("hydro/node_hello", HELLO)
        assert told == IF_LOST

    @pytest.mark.parametrize(
        "said", [{"assigned": False}, {"uid": None}, {"secret": "x" * 4096}]
    )
    def test_gets_none_that_there_is_not(self, said: dict[str, Any]) -> None:
        found = reports("hydro/node_hello", HELLO, site=a_site(**said))
        assert not [each for each in found if isinstance(each, Publication)]


class TestANodeWithAnAddressThatNobodyGaveIt:
    """It was removed and is adopted anew, with another place."""

    site = replace(
        a_site(zone="zn-3", assigned=False),
        told=lambda node: {"address": "gh-1/zn-2/nd-ph-1"} if node == NODE else {},
    )

    def test_is_heard_where_it_said_hello(self) -> None:
        said = reports(f"{HOME}/heartbeat", '{"uptime":1}', site=self.site)
        assert said == (at_home(uptime=1, drops_repeats=True),)

    def test_has_taken_its_configuration_there(self) -> None:
        said = reports(f"{HOME}/config_response", '{"status":"OK"}', site=self.site)
        assert said == (at_home(), Accepted(NODE, subject="config"))


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("gh-1/zn-2/nd-ph-1", (Seen(node=NODE, live=True, online=False),)),
        (f"gh-temp/zn-temp/{NODE}", ()),
    ],
)
def test_a_will_of_an_address_that_a_node_has_left_says_nothing(
    last: str, said: tuple[Report, ...]
) -> None:
    site = replace(a_site(), told=lambda _node: {"address": last})
    assert reports(f"{HOME}/lwt", "offline", site=site) == said
