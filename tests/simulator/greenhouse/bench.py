"""A greenhouse node on a bench, as the vectors have it."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.greenhouse.faults import FAULTS
from simulator.greenhouse.life import GreenhouseNode, Settings
from simulator.greenhouse.node import station
from simulator.greenhouse.wire import signature
from tests.simulator.bench import Bench

START = 1_737_979_200.0
"""When the vectors are."""
NODE = "esp32-a1b2c3d4e5f6"
TEMPORARY = f"hydro/gh-temp/zn-temp/{NODE}"
HOME = "hydro/gh-1/zn-1/nd-1"
SECRET = "0123456789abcdef0123456789abcdef"


def a_config(node_type: str = "ph", **changed: Any) -> dict[str, Any]:
    """Return a configuration that gives a node its address."""
    return {
        "node_id": "nd-1",
        "version": 1,
        "type": node_type,
        "gh_uid": "gh-1",
        "zone_uid": "zn-1",
        "channels": [],
        "mqtt": {"configured": True},
        "node_secret": SECRET,
        **changed,
    }


class GreenhouseBench(Bench[GreenhouseNode]):
    """One node, switched on and connected; times are seconds since `START`."""

    start = START
    names = (NODE,)
    faults = FAULTS

    def __init__(
        self,
        node_type: str = "ph",
        *,
        firmware: str = "head",
        bound: bool = True,
        knows_time: bool = True,
        channels: Any = (),
        **settings: Any,
    ) -> None:
        held = a_config(node_type, channels=list(channels or ()))
        (node,) = station(
            [NODE],
            Settings("hydro", **settings),
            [node_type],
            {NODE: {"config": held} if bound else None},
            START,
            firmware=firmware,
        )
        super().__init__(node)
        if knows_time:
            self.tell_time()

    def tell_time(self) -> None:
        answer = {"message_type": "time_response", "unix_ts": int(self.now)}
        self.receive("hydro/time/response", answer)

    def command(
        self,
        cmd: str,
        params: Mapping[str, Any] | None = None,
        *,
        channel: str = "system",
        cmd_id: str = "md-1",
    ) -> None:
        """Send a signed command."""
        content = {
            "cmd": cmd,
            "params": params or {},
            "cmd_id": cmd_id,
            "ts": int(self.now),
        }
        content["sig"] = signature(content, SECRET)
        self.receive(f"{HOME}/{channel}/command", content)

    def answers(self) -> list[tuple[float, str, str, str]]:
        """Return its answers in their order: time, id, status, code."""
        return [
            (at, content["cmd_id"], content["status"], content.get("error_code", ""))
            for at, content in self.told("/command_response")
        ]

    def topics(self) -> list[str]:
        """Return on which topics it spoke, in their order."""
        return [message.topic for _, message in self.messages]

    def heard_last(self, topic: str) -> dict[str, Any]:
        """Return what it said last on a topic."""
        payloads = [
            message.payload for _, message in self.messages if message.topic == topic
        ]
        content: dict[str, Any] = json.loads(payloads[-1])
        return content
