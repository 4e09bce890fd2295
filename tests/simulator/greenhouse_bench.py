"""A greenhouse node on a bench: a clock that only the test moves, and a record."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Any

from simulator.faults import order_from_text
from simulator.greenhouse import GreenhouseNode
from simulator.greenhouse_faults import FAULTS
from simulator.greenhouse_wire import FIRMWARES, Settings
from simulator.node import (
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Note,
    Remembered,
)

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


class Bench:
    """One node, switched on and connected; times are seconds since `START`."""

    def __init__(
        self,
        firmware: str = "new",
        *,
        configured: bool = True,
        node_type: str = "irrig",
        **settings: Any,
    ) -> None:
        self.now = START
        self.connections = 0
        self.messages: list[tuple[float, Message]] = []
        self.executed: list[Executed] = []
        self.memory: Mapping[str, Any] = {}
        self.notes: list[str] = []
        self.wills: list[Message | None] = []
        self.node = GreenhouseNode(
            NODE,
            Settings("hydro", FIRMWARES[firmware], **settings),
            node_type=node_type,
            memory={"config": CONFIG} if configured else None,
            now=self.now,
        )
        self.run(0)

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (deadline := self.node.next_deadline()) is not None and deadline <= end:
            self.now = deadline
            self._note(self.node.advance(self.now))
        self.now = end

    def send(self, topic: str, content: Mapping[str, Any] | bytes) -> None:
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self._note(self.node.receive(topic, content, self.now))

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
        self.send(f"{HOME}/{channel}/command", content)

    def order(self, text: str) -> None:
        self._note(self.node.order(order_from_text(text, [NODE], FAULTS), self.now))

    def said(self, topic: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on one topic, and when."""
        return [
            (at - START, json.loads(message.payload))
            for at, message in self.messages
            if message.topic == topic
        ]

    def answers(self) -> list[tuple[float, str, str, str]]:
        """Return its answers in their order: time, id, status, code."""
        return [
            (
                at - START,
                content["cmd_id"],
                content["status"],
                content.get("error_code", ""),
            )
            for at, message in self.messages
            if message.topic.endswith("/command_response")
            for content in [json.loads(message.payload)]
        ]

    def executed_ids(self) -> list[int | str]:
        return [executed.id for executed in self.executed]

    def _note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    self.messages.append((self.now, effect))
                case Executed():
                    self.executed.append(effect)
                case Remembered():
                    self.memory = effect.memory
                case Connect():
                    self.connections += 1
                    self.wills.append(self.node.will)
                    self._note(self.node.on_connect(self.now))
                case CutOff():
                    self.connections -= 1
                case Note():
                    self.notes.append(effect.text)


def signature(content: Mapping[str, Any]) -> str:
    """Return the signature of a command without fractions and without other signs."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
