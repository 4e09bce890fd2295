"""Two greenhouse nodes: what they say, and what was ordered of them."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

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
GLASSHOUSE = Fuzzed(
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
