"""Two cameras: what they say, and what was ordered of them."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

_CAMERA, _OLD_CAMERA = "AABBCCDDEE01", "AABBCCDDEE02"
_MAC = "AA:BB:CC:DD:EE:01"
_READINGS = {
    "temperature": 21.5,
    "humidity": 40,
    "pressure": 1013.2,
    "gas_resistance": 12.5,
}
CAMERAS = Fuzzed(
    key="esp32_cam",
    nodes={
        _CAMERA: {
            "cron": "*/15 * * * *",
            "fahrenheit": True,
            "firmware_url": "https://example.com/camera-2.2.0.bin",
            "firmware_version": "2.2.0",
        },
        _OLD_CAMERA: {},
    },
    orders=(
        Order(kind="capture_image", params={}, node=_CAMERA),
        Order(kind="send_image", params={"image_name": "a.jpg"}, node=_CAMERA),
        Order(kind="reboot", params={}, node=_CAMERA),
        Order(kind="update_config", params={"values": {"q": 10}}, node=_OLD_CAMERA),
        Order(kind="ping", params={}, node=_OLD_CAMERA),
    ),
    said=(
        (
            f"ESP32CAM/{_MAC}/status",
            {
                "device_id": _MAC,
                "status": "alive",
                "pendingImg": 1,
                "pending_list": ["a.jpg"],
                "firmware_version": "2.1.0",
                "battery_voltage": 3.7,
                "wifi_rssi": -70,
            },
        ),
        (
            f"ESP32CAM/{_MAC}/ack",
            {"type": "command_ack", "status": "success", "message": "capture_image"},
        ),
        (
            f"ESP32CAM/{_MAC}/data",
            {
                "device_id": _MAC,
                "image_name": "a.jpg",
                "image_id": 1,
                "image_size": 6,
                "max_chunk_size": 3,
                "total_chunks_count": 2,
                "capture_timestamp": "2026-09-21T12:00:00Z",
                "location": "pond",
                "error": 0,
                **_READINGS,
            },
        ),
        *(
            (
                f"ESP32CAM/{_MAC}/data",
                {
                    "device_id": _MAC,
                    "image_name": "a.jpg",
                    "chunk_id": number,
                    "max_chunk_size": 3,
                    "payload": payload,
                },
            )
            for number, payload in enumerate(("QUJD", [1, 2, 3]))
        ),
        (
            f"device/{_OLD_CAMERA}/status",
            {"device_id": _OLD_CAMERA, "status": "alive", "pendingImg": 2},
        ),
        (f"device/{_OLD_CAMERA}/ack", {"status": "failed", "message": "no"}),
        (
            f"device/{_OLD_CAMERA}/ack",
            {"image_name": "b.jpg", "ACK_OK": {"next_wake_time": "5:30PM"}},
        ),
        (
            f"ESP32CAM/{_OLD_CAMERA}/data",
            {
                "device_id": _OLD_CAMERA,
                "image_name": "b.jpg",
                "timestamp": 1_790_000_000,
                "max_chunks_size": 3,
                "total_chunk_count": 1,
                "sensor_data": _READINGS,
            },
        ),
    ),
)
