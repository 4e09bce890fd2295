"""A greenhouse node on a bench."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Any

from simulator.greenhouse.simple.faults import FAULTS
from simulator.greenhouse.simple.node import GreenhouseNode
from simulator.greenhouse.simple.wire import FIRMWARES, Settings
from tests.simulator.bench import Bench

START = 1_800_000_000.0
NODE = "esp32-a1b2c3d4e5f6"
TEMPORARY = f"hydro/gh-temp/zn-temp/{NODE}"
HOME = "hydro/gh-1/zn-2/nd-1"
SECRET = "0123456789abcdef0123456789abcdef"
CONFIG: dict[str, Any] = {
    "node_id": "nd-1",
    "version": 7,
    "type": "irrig",
    "gh_uid": "gh-1",
    "zone_uid": "zn-2",
    "channels": [
        {
            "name": "ph_sensor",
            "type": "SENSOR",
            "metric": "PH",
            "poll_interval_ms": 10_000,
        },
        {
            "name": "pump",
            "type": "ACTUATOR",
            "actuator_type": "PUMP",
            "safe_limits": {"max_duration_ms": 60_000, "min_off_ms": 3000},
        },
        {"name": "lamp", "type": "ACTUATOR", "actuator_type": "LIGHT"},
        {"name": "fan", "type": "ACTUATOR", "actuator_type": "PWM"},
    ],
    "node_secret": SECRET,
}


class GreenhouseBench(Bench[GreenhouseNode]):
    """One node, switched on and connected; times are seconds since `START`."""

    start = START
    names = (NODE,)
    faults = FAULTS

    def __init__(
        self,
        firmware: str = "new",
        *,
        configured: bool = True,
        node_type: str = "irrig",
        **settings: Any,
    ) -> None:
        super().__init__(
            GreenhouseNode(
                NODE,
                Settings("hydro", FIRMWARES[firmware], **settings),
                node_type=node_type,
                memory={"config": CONFIG} if configured else None,
                now=START,
            )
        )

    def command(
        self,
        cmd: str,
        params: Mapping[str, Any] | None = None,
        *,
        channel: str = "pump",
        cmd_id: str = "md-1",
        signed: bool = True,
        ahead: float = 0.0,
        **more: Any,
    ) -> None:
        """Send a command; `ahead` is how many seconds its `ts` is in the future."""
        content = {"cmd": cmd, "params": params or {}, "cmd_id": cmd_id, **more}
        if signed:
            content["ts"] = int(self.now + ahead)
            content["sig"] = signature(content)
        self.receive(f"{HOME}/{channel}/command", content)

    def said(self, topic: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on one topic, and when."""
        return self.told(topic)

    def answers(self) -> list[tuple[float, str, str, str]]:
        """Return its answers in their order: time, id, status, code."""
        return [
            (at, content["cmd_id"], content["status"], content.get("error_code", ""))
            for at, content in self.told("/command_response")
        ]


def signature(content: Mapping[str, Any]) -> str:
    """Return the signature of a command without fractions and without other signs."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
