"""A station of each protocol: its nodes, what they say, what was ordered of them."""

from __future__ import annotations

from collections.abc import Mapping

from .fuzzed import Fuzzed, Order, Said

_FEEDERS = Fuzzed(
    key="paired_dispenser",
    nodes={"1": {}, "2": {}},
    orders=(
        Order(kind="feed", params={"portions": 2}),
        Order(kind="reboot", params={}, node="1"),
        Order(kind="feed", params={"portions": 1}),
    ),
    line={"portions": 1},
    said=(
        ("disp/state/1", {"online": 1, "uptime": 123, "ready": 1}),
        (
            "disp/state/2",
            {"online": True, "ready": "1", "uptime": 124, "dedupes": 1, "last_id": 0},
        ),
        ("disp/state/1", {"online": 1, "uptime": 124, "ready": 1, "fw": "2.1.0"}),
        (
            "disp/state/2",
            {"online": 1, "ready": 1, "uptime": 125, "rssi": -61, "food": 40},
        ),
        ("disp/ack/1", {"queue_id": 1, "accepted": 1}),
        ("disp/ack/2", {"queue_id": 1, "accepted": 0}),
        ("disp/evt/1", {"queue_id": 1, "done": 1, "status": "success"}),
        ("disp/evt/2", {"queue_id": 1, "done": 1, "status": "timeout"}),
    ),
)

_CAMERA, _OLD_CAMERA = "AABBCCDDEE01", "AABBCCDDEE02"
_MAC = "AA:BB:CC:DD:EE:01"
_READINGS = {
    "temperature": 21.5,
    "humidity": 40,
    "pressure": 1013.2,
    "gas_resistance": 12.5,
}
_CAMERAS = Fuzzed(
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

_LINES = (
    "HUB_READY",
    "GET_DATETIME",
    "NODE_LIST 2\nNODE 1 77 IRRIGATION 1 30 131072 2\nNODE 2 78 1 1 9 131072 4",
    "HEARTBEAT 1 77 80 0 -61 3600 2",
    "HEARTBEAT 2 78 255 1 -90 12",
    "QUEUED ACTUATOR 1 1 0",
    "QUEUED ACTUATOR 1 1 1",
    "EVENT 1 77 115 00",
    "EVENT_LOG 1 77 1763812805000 117 0 0",
    "EVENT_LOG 1 77 1763812805000 118 0 0",
    "QUEUED REMOVE_SCHEDULE 1 1",
    "EVENT_LOG 1 77 1763812805000 113 0 0",
    "QUEUED SET_SCHEDULE 1 2",
    "EVENT_LOG 1 77 1763812805000 112 0 0",
    "EVENT_LOG 1 77 1763812805000 114 2 1025",
    "QUEUED SET_WAKE_INTERVAL 2 1",
    "QUEUE 2 1\nUPDATE 1 SET_WAKE_INTERVAL 9",
    "QUEUE 2 0",
    "QUEUED REBOOT_NODE 2",
    "EVENT 2 78 256 00",
    "SENSOR_DATA 1 77 TEMP 215",
    "SENSOR_BATCH 1 77 1",
    "SENSOR_RECORD 1 77 1 TEMP 215",
    "BATCH_COMPLETE 1 77 3",
    "ERROR Invalid SET_SCHEDULE syntax",
    "ERROR QUEUE_FULL",
)
_VALVES = Fuzzed(
    key="valve_hub",
    nodes={"1": {"slots": 8}, "2": {"slots": 100}},
    orders=(
        Order(kind="open_valve", params={"valve": 0, "duration": 600}, node="1"),
        Order(kind="close_valve", params={"valve": 1}, node="1"),
        Order(kind="set_wake_interval", params={"seconds": 60}, node="2"),
        Order(kind="curtain", params={"action": "open"}, node="2"),
        Order(kind="reboot", params={}, node="2"),
    ),
    line={"valve": 0, "duration": 900},
    said=(
        *(("valvehub/rx", line) for line in _LINES),
        ("valvehub/rx", {"SerialReceived": "HEARTBEAT 1 77 80 0 -61 3600\n"}),
    ),
)

_PH, _NEW_NODE = "esp32-a1b2c3d4e5f6", "esp32-00000000beef"
_HOME = "hydro/gh-1/zn-1/nd-ph"
_CHANNELS = [
    {"name": "ph_sensor", "type": "SENSOR", "metric": "PH", "poll_interval_ms": 5000},
    {
        "name": "pump",
        "type": "ACTUATOR",
        "actuator_type": "PUMP",
        "safe_limits": {"max_duration_ms": 60_000, "min_off_ms": 3000},
    },
    {"name": "lamp", "type": "ACTUATOR", "actuator_type": "LIGHT"},
]
_GLASSHOUSE = Fuzzed(
    key="greenhouse",
    nodes={
        _PH: {
            "greenhouse": "gh-1",
            "zone": "zn-1",
            "uid": "nd-ph",
            "secret": "0123456789abcdef0123456789abcdef",
            "type": "ph",
            "channels": _CHANNELS,
            "ack_means_done": False,
            "assigned": True,
        },
        _NEW_NODE: {
            "greenhouse": "gh-1",
            "zone": "zn-2",
            "uid": "nd-new",
            "type": "unknown",
            "channels": [],
            "ack_means_done": True,
        },
    },
    orders=(
        Order(
            kind="run_pump", params={"channel": "pump", "duration_ms": 2500}, node=_PH
        ),
        Order(kind="light_on", params={"channel": "lamp"}, node=_PH),
        Order(kind="stop_pump", params={"channel": "pump"}, node=_PH),
        Order(kind="reboot", params={}, node=_NEW_NODE),
    ),
    said=(
        (
            "hydro/node_hello",
            {
                "message_type": "node_hello",
                "hardware_id": "esp32-A1B2C3D4E5F6",
                "node_type": "ph",
                "fw_version": "5.2",
                "capabilities": ["ph", "temperature"],
                "provisioning_meta": {"zone_id": 9},
            },
        ),
        (
            f"{_HOME}/node_hello",
            {"message_type": "node_hello", "hardware_id": _PH, "node_type": "ph"},
        ),
        (f"{_HOME}/status", {"status": "ONLINE", "ts": 1_790_000_000}),
        (f"{_HOME}/lwt", "offline"),
        (f"{_HOME}/heartbeat", {"uptime": 120, "free_heap": 180_000, "rssi": -61}),
        (
            f"{_HOME}/ph_sensor/telemetry",
            {"metric_type": "PH", "value": 5.9, "unit": "pH", "stable": True},
        ),
        *(
            (
                f"{_HOME}/{channel}/command_response",
                {
                    "cmd_id": cmd_id,
                    "status": status,
                    "ts": 1_790_000_000_000,
                    "details": {"state": True, "value": 3},
                    "error_code": "node_busy",
                    "error_message": "later",
                },
            )
            for channel, cmd_id, status in (
                ("pump", "md-1", "ACK"),
                ("pump", "md-1", "DONE"),
                ("lamp", "md-2", "BUSY"),
                ("lamp", "md-2", "NO_EFFECT"),
                ("pump", "md-3", "ERROR"),
                ("system", "md-4", "INVALID"),
                ("system", "md-4", "TIMEOUT"),
            )
        ),
        (
            f"hydro/gh-temp/zn-temp/{_NEW_NODE}/config_response",
            {"status": "OK", "node_id": "nd-new", "version": 1},
        ),
        (
            "hydro/gh-1/zn-2/nd-new/config_report",
            {
                "node_id": "nd-new",
                "version": 1,
                "type": "unknown",
                "gh_uid": "gh-1",
                "zone_uid": "zn-2",
                "channels": [],
            },
        ),
        ("hydro/time/request", {"message_type": "time_request"}),
    ),
)

_CAT, _DOG = "5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2", "7e2b9f014ac35d86b0d8e3f905"
_GATEWAY = "gateway-1"


def _request(uri: str, body: str = "{}") -> Said:
    return (
        f"krs.api.gts.{_GATEWAY}",
        {
            "requestId": "r-1",
            "eventName": "GatewayToServer_ApiRequest",
            "encrypted": False,
            "parameters": {"uri": uri, "method": "PUT", "apiKey": "k", "body": body},
        },
    )


def _event(command_id: int, what: str, body: str = "{}", step: int = 0) -> Said:
    """Return what a gateway says of a step of a command; both numbers are letters."""
    number, place = chr(ord("a") + command_id), chr(ord("a") + step)
    hid = f"mqttdispatchcommandaaaaaaa{number}aaaa{place}"
    return _request(f"/api/v1/core/events/{hid}/{what}", body)


def _telemetry(kind: str, **said: object) -> Said:
    content = {"_|deviceHid": _CAT, "s|msg_type": kind}
    return (
        f"krs.tel.gts.{_GATEWAY}",
        content | {key.replace("__", "|"): value for key, value in said.items()},
    )


_PETS = Fuzzed(
    key="petnet",
    nodes={
        _CAT: {"gateway": _GATEWAY, "firmware": "2.7.1"},
        _DOG: {"gateway": "gateway-2"},
    },
    orders=(
        Order(kind="feed", params={"portions": 2}, node=_CAT),
        Order(
            kind="set_schedule",
            params={
                "entries": [
                    {"id": "1", "time": "08:00", "portions": 4, "active": True},
                    {"id": "2", "time": "18:00", "portions": 4, "active": False},
                ]
            },
            node=_CAT,
        ),
        Order(kind="reboot", params={}, node=_DOG),
    ),
    line={"portions": 1},
    said=(
        _request(f"/api/v1/kronos/gateways/{_GATEWAY}/checkin"),
        _telemetry("hb"),
        _telemetry("sensor", f__voltage=5012.0, i__usb=1, i__chg=0, i__ir=9),
        _event(1, "received"),
        _event(1, "succeeded"),
        _event(2, "received"),
        _event(2, "succeeded"),
        _event(2, "received", step=1),
        _event(2, "failed", '{"error":"out_of_order"}', step=1),
        *(
            _event(command_id, what)
            for command_id in (5, 6, 7)
            for what in ("received", "succeeded")
        ),
        _telemetry(
            "feed_result",
            i__stime=1_790_000_000,
            i__etime=1_790_000_004,
            i__pour=1,
            i__full=0,
            f__e_g=12.0,
            f__a_g=11.5,
            f__h_s=900.0,
            f__h_e=888.5,
            i__src=6,
            b__fail=False,
            b__trip=False,
            s__rid="x",
            s__err="",
        ),
        _telemetry("hash", s__local_md5=""),
        _telemetry("hash", s__local_md5="d41d8cd98f00b204e9800998ecf8427e"),
        _telemetry("trace", s__trace="booted"),
    ),
)

FUZZED: Mapping[str, Fuzzed] = {
    fuzzed.key: fuzzed for fuzzed in (_FEEDERS, _CAMERAS, _VALVES, _GLASSHOUSE, _PETS)
}
