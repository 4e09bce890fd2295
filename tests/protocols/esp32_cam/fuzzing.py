"""Anything that could come from a camera, and much that could not."""

from __future__ import annotations

import json

from hypothesis import settings, strategies as st

from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Said
from tests.protocols import anything

WIRE = PROTOCOLS["esp32_cam"]
MAC = "AA:BB:CC:DD:EE:FF"
NODE = "AABBCCDDEEFF"
WALL = 1_800_000_000.0
SITE = Site(
    prefix="device",
    nodes={NODE: {"cron": "* * * * *", "fahrenheit": True}},
    next_time=lambda _cron, wall: wall,
)

unhurried = settings(deadline=None)
OUR_MARKS = ("ACK_OK", "missing_chunks")
"""What our own replies bear on the topic that acknowledgements come on."""

FIELDS = (
    "alive",
    "command_ack",
    "device_mac",
    "payload_b64",
    "pending_count",
    "capture_timeStamp",
    "device_id",
    "status",
    "type",
    "message",
    "pendingImg",
    "pending_list",
    "firmware_version",
    "battery_voltage",
    "wifi_rssi",
    "ACK_OK",
    "missing_chunks",
    "image_name",
    "image_size",
    "total_chunks_count",
    "total_chunk_count",
    "capture_timestamp",
    "timestamp",
    "error",
    "temperature",
    "humidity",
    "pressure",
    "gas_resistance",
    "sensor_data",
    "chunk_id",
    "payload",
)
SCALARS = (
    anything.SCALARS
    | st.sampled_from([0, 1, MAC, NODE, "alive", "failed", "a.jpg", "QUJD", 21.5])
    | st.datetimes().map(str)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.lists(st.integers(0, 255))
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner)
    ),
    max_leaves=10,
)
MESSAGES = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), ANYTHING)
PAYLOADS = (
    st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | ANYTHING.map(lambda content: json.dumps(content).encode())
    | MESSAGES.map(lambda content: json.dumps(content).encode())
)
TOPICS = (
    st.builds(
        "{}/{}/{}".format,
        st.sampled_from(["device", "ESP32CAM"]),
        st.sampled_from([MAC, NODE, MAC.lower(), "112233445566"]),
        st.sampled_from(["status", "ack", "data"]),
    )
    | st.builds("device/{}/{}".format, st.text(), st.text())
    | st.text()
)
REASONS = frozenset(
    {
        "a key twice",
        "no chunk_id",
        "no hello",
        "no image_name",
        "no known field",
        "no payload",
        "not JSON",
        "not UTF-8",
        "not a JSON object",
        "not base64",
        "not bytes",
        "retained",
        "the device_id of another node",
        "too long",
        "unexpected topic",
    }
)
LONGEST_SUBJECT = 160


def read(topic: str, payload: bytes, *, retain: bool = False) -> tuple[Said, ...]:
    return WIRE.report(SITE, Message(topic, payload, retain, WALL))
