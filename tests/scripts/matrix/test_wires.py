"""Which messages of a protocol are points, and how they are called."""

from __future__ import annotations

import pytest

from scripts.matrix.wires import WIRES
from tests.protocols.folders import OF_FOLDERS

MAC = "AA:BB:CC:DD:EE:01"
HOME = "hydro/gh-1/zn-1/nd-1"

# protocol, topic, payload, who is told
TOLD = [
    ("paired_dispenser", "disp/cmd/2", '{"op":"dispense"}', "2"),
    ("esp32_cam", f"device/{MAC}/cmd", '{"reboot":true}', MAC),
    ("esp32_cam", f"device/{MAC}/ack", '{"ACK_OK":{}}', MAC),
    ("esp32_cam", f"device/{MAC}/ack", '{"missing_chunks":[1]}', MAC),
    ("valve_hub", "valvehub/tx", "SEND_ACTUATOR 7 1 1 0 5\n", "7"),
    ("valve_hub", "valvehub/tx", "REBOOT_NODE 7\n", "7"),
    ("valve_hub", "valvehub/tx", "GET_QUEUE 7\n", "7"),
    ("greenhouse", f"{HOME}/pump/command", '{"cmd":"run_pump"}', "nd-1"),
    ("greenhouse", f"{HOME}/config", '{"node_id":"nd-1"}', "nd-1"),
    ("petnet", "krs/cmd/stg/gateway-1", '{"hid":"x"}', "gateway-1"),
    ("zigbee2mqtt", "zigbee2mqtt/tap/set", '{"state":"OFF"}', "tap"),
]
# protocol, topic, payload, what is said by whom
SAID = [
    ("paired_dispenser", "disp/ack/1", '{"accepted":1}', ("the ack", "1")),
    ("paired_dispenser", "disp/ack/1", '{"accepted": true}', ("the ack", "1")),
    ("paired_dispenser", "disp/ack/1", '{"accepted":0}', ("the refusal", "1")),
    ("paired_dispenser", "disp/evt/1", '{"done":1}', ("the done", "1")),
    ("esp32_cam", f"device/{MAC}/status", "{}", ("the hello", MAC)),
    ("esp32_cam", f"device/{MAC}/ack", '{"status":"success"}', ("the ack", MAC)),
    (
        "esp32_cam",
        f"ESP32CAM/{MAC}/data",
        '{"chunk_id":0}',
        ("the part of an image", MAC),
    ),
    (
        "esp32_cam",
        f"ESP32CAM/{MAC}/data",
        '{"total_chunks_count":3}',
        ("the word of an image", MAC),
    ),
    ("valve_hub", "valvehub/rx", "QUEUED ACTUATOR 7 1 1", ("the ack", "7")),
    ("valve_hub", "valvehub/rx", "EVENT_LOG 7 77 1 117 0 0", ("the done", "7")),
    ("valve_hub", "valvehub/rx", "EVENT 7 77 256 00", ("the done", "7")),
    (
        "greenhouse",
        f"{HOME}/pump/command_response",
        '{"cmd_id":"md-1","status":"ACK"}',
        ("the ack", "nd-1"),
    ),
    (
        "greenhouse",
        f"{HOME}/pump/command_response",
        '{"cmd_id":"md-1","status":"DONE"}',
        ("the done", "nd-1"),
    ),
    ("petnet", "krs.api.gts.g", '{"uri":"/events/x/received"}', ("the ack", "g")),
    ("petnet", "krs.api.gts.g", '{"uri":"/events/x/succeeded"}', ("the done", "g")),
    ("petnet", "krs.api.gts.g", '{"uri":"/events/x/failed"}', ("the done", "g")),
    ("zigbee2mqtt", "zigbee2mqtt/tap", '{"status":"off"}', ("the state", "tap")),
]
NO_POINTS = [
    ("paired_dispenser", "disp/state/1", '{"ready":1}'),
    ("esp32_cam", f"device/{MAC}/ack", '{"ACK_OK":{}}'),
    ("valve_hub", "valvehub/rx", "HEARTBEAT 7 77 80 0 -61 3600"),
    ("greenhouse", f"{HOME}/heartbeat", '{"uptime":1}'),
    ("petnet", "krs.tel.gts.g", '{"s|msg_type":"hb"}'),
    ("zigbee2mqtt", "zigbee2mqtt/bridge/state", '{"state":"online"}'),
    ("zigbee2mqtt", "zigbee2mqtt/tap/availability", '{"state":"online"}'),
]
SILENT = [
    ("valve_hub", "valvehub/tx", "DATETIME 2026-11-22 12:00:00 0\n"),
    ("valve_hub", "valvehub/tx", "LIST_NODES\n"),
    ("greenhouse", "hydro/time/response", '{"unix_ts":1}'),
    ("petnet", "krs/api/stg/gateway-1", '{"parameters":{"status":"OK"}}'),
    ("valve_hub", "homeassistant/status", "online"),
]


def packet(topic: str, payload: str, more: int = 0) -> bytes:
    """Return a packet of MQTT; `more` bytes stand between topic and payload."""
    name = topic.encode()
    body = len(name).to_bytes(2) + name + b"\0" * more + payload.encode()
    length, rest = b"", len(body)
    while rest >= 0x80:
        length, rest = length + bytes([rest & 0x7F | 0x80]), rest >> 7
    return b"\x32" + length + bytes([rest]) + body


def test_every_protocol_has_its_wire() -> None:
    assert WIRES.keys() == OF_FOLDERS | {"zigbee2mqtt"}


@pytest.mark.parametrize(("protocol", "topic", "payload", "node"), TOLD)
def test_what_a_node_is_told_is_a_point(
    protocol: str, topic: str, payload: str, node: str
) -> None:
    assert WIRES[protocol].told_to(topic, payload.encode()) == node


@pytest.mark.parametrize("more", [0, 3, 200])
@pytest.mark.parametrize(("protocol", "topic", "payload", "node"), TOLD)
def test_its_packet_is_a_point_too(
    protocol: str, topic: str, payload: str, node: str, more: int
) -> None:
    assert WIRES[protocol].told_in(packet(topic, payload, more)) == node


@pytest.mark.parametrize("sent", [b"", b"\xc0\0", b"\x82\x05\0\1\0\0\0", b"\x30"])
def test_any_other_packet_is_none(sent: bytes) -> None:
    assert WIRES["petnet"].told_in(sent) is None


@pytest.mark.parametrize(("protocol", "topic", "payload"), SILENT)
def test_what_is_said_to_no_node_is_no_point(
    protocol: str, topic: str, payload: str
) -> None:
    assert WIRES[protocol].told_to(topic, payload.encode()) is None


@pytest.mark.parametrize(("protocol", "topic", "payload", "said"), SAID)
def test_what_a_node_says_of_a_command_is_a_point(
    protocol: str, topic: str, payload: str, said: tuple[str, str]
) -> None:
    assert WIRES[protocol].said_by(topic, payload.encode()) == said


@pytest.mark.parametrize(("protocol", "topic", "payload"), NO_POINTS)
def test_what_a_node_says_besides_is_none(
    protocol: str, topic: str, payload: str
) -> None:
    assert WIRES[protocol].said_by(topic, payload.encode()) is None
