"""The two simulators with which the vendor tests: node_sim and test_node.

Owners try our side with them, so they are played with their own ways: both say ACK to
what they cannot do, node_sim does each command twice, and test_node calls what it does
not know DONE.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.config import address_in
from simulator.greenhouse.life import RSSI_DBM, GreenhouseNode, Settings
from simulator.greenhouse.wire import Task
from simulator.node import Effect, Executed, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.faults import Order

FREE_HEAP_BYTES = 200_000
VERSION = 3
"""What both say, whatever they were sent."""

_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}")
_KEYS = {"cmd", "cmd_id", "params", "ts", "sig"}

type Channels = tuple[dict[str, Any], ...]
type End = tuple[str, dict[str, Any]]
"""The status at the end, and its details."""


def sensor(name: str, metric: str) -> dict[str, Any]:
    return {"name": name, "type": "SENSOR", "metric": metric, "poll_interval_ms": 5000}


def actuator(name: str, actuator_type: str, **more: object) -> dict[str, Any]:
    return {"name": name, "type": "ACTUATOR", "actuator_type": actuator_type, **more}


class VendorSimulator(GreenhouseNode):
    """What both have in common. They check the form of a signature alone."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        config: Mapping[str, Any],
        channels: Channels,
        now: float,
    ) -> None:
        super().__init__(name, settings, now)
        self.key = node_type
        self.config = dict(config)
        self.channels = channels
        self.on: dict[str, bool] = {}
        self.active = False

    @override
    def base(self) -> str:
        return f"{self.settings.prefix}/{address_in(self.config)}"

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self.base()}/+/command", f"{self.base()}/config")

    @override
    def ended(self, cmd_id: str, status: str) -> None:
        """Note nothing."""

    @override
    def set_clock_ahead(self, seconds: float) -> None:
        """Leave it: they look at no time."""

    @override
    def lose_power(self) -> None:
        self.on.clear()
        self.active = False

    def actuators(self) -> list[str]:
        return [each["name"] for each in self.channels if each["type"] == "ACTUATOR"]

    def heartbeat(self, now: float) -> list[Effect]:
        content = {
            "uptime": int(now - self.booted_at),
            "free_heap": FREE_HEAP_BYTES,
            "rssi": RSSI_DBM,
        }
        return [self.say("heartbeat", content)]

    def online(self, now: float) -> list[Effect]:
        content = {"status": "ONLINE", "ts": int(now)}
        return [self.say("status", content, retain=True)]

    def report(self) -> list[Effect]:
        if order := self.orders.view().get("binding"):
            return [Note(f"fault on what it holds: {order}")]
        content = {
            "node_id": self.config["node_id"],
            "version": VERSION,
            "type": self.told_type(),
            "gh_uid": self.config["gh_uid"],
            "zone_uid": self.config["zone_uid"],
            "channels": list(self.channels),
            "wifi": {"configured": True},
            "mqtt": {"configured": True},
        }
        return [self.say("config_report", content)]

    def told_type(self) -> str:
        return self.key

    def measure(self, now: float) -> list[Effect]:
        return [
            self.say(
                f"{each['name']}/telemetry",
                {"metric_type": each["metric"], "value": 6.0, "ts": int(now)},
            )
            for each in self.channels
            if each["type"] == "SENSOR"
        ]

    def run(self, task: Task, now: float, end: End) -> list[Effect]:
        """Do a command and say how it ended, unless an order says otherwise."""
        status, details = end
        effects: list[Effect] = []
        if status == "DONE" and details.get("note") != "virtual_noop":
            if task.ordered("die", "accepted"):
                return self.die(task, now)
            effects.append(Executed(self.name, task.id, task.cmd, task.content))
            if task.ordered("die", "executed"):
                return effects + self.die(task, now)
        return effects + self.answers.say(task, status, now, details=details)


def task_of(
    content: Mapping[str, Any], channel: str, orders: Mapping[str, Order]
) -> Task:
    """Return a command, whatever it lacks."""
    cmd_id, cmd, params = (content.get(key) for key in ("cmd_id", "cmd", "params"))
    return Task(
        cmd_id if isinstance(cmd_id, str) else "unknown",
        cmd if isinstance(cmd, str) else "",
        params if isinstance(params, dict) else {},
        channel,
        content,
        orders=orders,
    )


def wrong_with(content: Mapping[str, Any], no_ts: str = "") -> tuple[str, str] | None:
    """Return the code and text for a command of another form; None: it is good.

    `no_ts` is what is said, of whichever lacks, where a signature does.
    """
    code = "invalid_command_format"
    missing = sorted(_KEYS - content.keys() - ({"ts", "sig"} if no_ts else set()))
    extra = sorted(content.keys() - _KEYS)
    if missing:
        return code, f"Missing fields: {', '.join(missing)}"
    if extra:
        return code, f"Unknown fields: {', '.join(extra)}"
    if type(content.get("ts")) is not int:
        return "invalid_hmac_format", no_ts or "Invalid ts"
    if not _SIGNATURE.fullmatch(str(content.get("sig"))):
        return "invalid_hmac_format", "Invalid sig"
    return None
