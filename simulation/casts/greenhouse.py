"""Nodes that introduce themselves, get a place, and check what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.greenhouse.protocol import (
    GREENHOUSE as PROTOCOL,
)
from simulation.casts.base import Cast, StationPlan, Wish
from simulator.greenhouse.simple.node import station as nodes_of
from simulator.greenhouse.simple.wire import FIRMWARES, Settings
from simulator.node import Message, Node

NODES = ("esp32-a1b2c3d4e5f6", "esp32-0f1e2d3c4b5a")
KEY = "0123456789abcdef" * 2
CHANNELS: list[dict[str, Any]] = [
    {"name": "ph", "type": "SENSOR", "metric": "PH", "poll_interval_ms": 900_000},
    {
        "name": "pump",
        "type": "ACTUATOR",
        "actuator_type": "PUMP",
        "safe_limits": {"max_duration_ms": 120_000, "min_off_ms": 20_000},
    },
    {"name": "acid", "type": "ACTUATOR", "actuator_type": "DOSING_PUMP"},
    {"name": "lamp", "type": "ACTUATOR", "actuator_type": "LIGHT"},
    {"name": "relay", "type": "ACTUATOR", "actuator_type": "RELAY"},
]


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    firmware = FIRMWARES[choice(("new", "new", "old"))]
    said: dict[str, Any] = {
        "greenhouse": "gh-1",
        "zone": "zn-1",
        "type": "ph",
        "channels": CHANNELS,
        "ack_means_done": not firmware.reports_done,
    }
    if firmware.signs:
        said["secret"] = KEY
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=NODES,
        nature=Settings(
            prefix=name,
            firmware=firmware,
            work_seconds=choice((3.0, 30.0)),
            interval_scale=choice((1.0, 2.0, 3.0)),
            binding=choice(("report", "response")),
        ),
        options={"hold": choice((30.0, 120.0, 600.0))},
        fields={node: {**said, "uid": f"nd-{node[-2:]}"} for node in NODES},
        drops_repeats=NODES,
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    return [*nodes_of(plan.nodes, plan.nature, ("ph",), {}, now)]


def _order(random: Random, station: StationPlan) -> Wish:
    choice = random.choice
    kind = choice(
        ("run_pump",) * 4
        + ("dose",) * 3
        + ("stop_pump", "light_on", "light_off", "set_relay", "calibrate")
        + ("test_sensor", "query", "set_datetime", "reboot", "update_config")
    )
    params: dict[str, Any] = {}
    match kind:
        case "run_pump":
            duration_ms = choice((2_500, 30_000, 119_000))
            params = {"channel": "pump", "duration_ms": duration_ms}
        case "dose":
            params = {"channel": "acid", "ml": choice((0.5, 12, 3.3))}
        case "stop_pump":
            params = {"channel": "pump"}
        case "light_on" | "light_off":
            params = {"channel": "lamp"}
        case "set_relay":
            params = {"channel": "relay", "state": choice((True, False))}
        case "calibrate" | "test_sensor":
            params = {"channel": "ph"}
    return kind, params, (choice(station.nodes),)


_FAULTS = (
    ("ack", "drop"),
    ("ack", "delay"),
    ("ack", "double"),
    ("done", "drop"),
    ("done", "delay"),
    ("done", "double"),
    ("silent", "idle"),
    ("silent", "works"),
    ("busy", "on"),
    ("invalid", "on"),
    ("fail", "jam"),
    ("die", "now"),
    ("die", "accepted"),
    ("die", "executed"),
    ("hello", "lost"),
    ("config", "ignore"),
    ("config", "refuse"),
    ("binding", "never"),
    ("clock", "wrong"),
    ("reset", "now"),
)
_JUNK: tuple[tuple[str, bytes], ...] = (
    ("node_hello", b"{"),
    ("node_hello", b'{"message_type":"node_hello","hardware_id":"a b"}'),
    ("gh-1/zn-1/nd-f6/heartbeat", b'{"uptime":-5}'),
    ("gh-1/zn-1/nd-f6/status", b'{"status":5}'),
    ("gh-1/zn-1/nd-f6/pump/command_response", b'{"cmd_id":"md-1","status":"NO"}'),
    ("gh-1/zn-1/nd-f6/pump/command_response", b'{"cmd_id":"x","status":"DONE"}'),
    (
        "gh-1/zn-1/nd-f6/pump/command_response",
        b'{"cmd_id":"md-1999999999","status":"DONE"}',
    ),
    ("gh-9/zn-9/nd-9/ph/telemetry", b'{"metric_type":"PH","value":5}'),
    ("gh-1/zn-1/nd-f6/ph/telemetry", b"\xff"),
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    found = random.sample(_JUNK, 4)
    return [Message(f"{plan.name}/{where}", payload) for where, payload in found]


def _retained_junk(plan: StationPlan) -> list[Message]:
    start = f"{plan.name}/gh-1/zn-1/nd-f6"
    return [
        Message(f"{start}/status", b'{"status":"ONLINE","ts":1}', retain=True),
        Message(
            f"{start}/pump/command_response",
            b'{"cmd_id":"md-1","status":"DONE"}',
            retain=True,
        ),
    ]


def _named(kind: str, params: Mapping[str, Any], intent: int) -> Mapping[str, Any]:
    return {**params, "ml": params["ml"] + intent / 1000} if kind == "dose" else params


def _is_question(message: Message) -> bool:
    return message.topic.endswith("/time/request")


def _is_complaint(message: Message) -> bool:
    return b'"BUSY"' in message.payload


GREENHOUSE = Cast(
    protocol=PROTOCOL,
    # A binding is told for half an hour.
    rests_within=4 * 3600.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    faults=_FAULTS,
    timed=frozenset(
        (fault, value)
        for fault, value in _FAULTS
        if fault in ("die", "clock") or value == "delay"
    ),
    at_once=frozenset(
        (fault, value) for fault, value in _FAULTS if value == "now" or fault == "clock"
    ),
    junk=_junk,
    retained_junk=_retained_junk,
    is_question=_is_question,
    is_complaint=_is_complaint,
)
