"""Nodes that introduce themselves, get a place, and check what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.greenhouse.protocol import (
    GREENHOUSE as PROTOCOL,
)
from simulation.casts.base import Cast, StationPlan, Wish
from simulator.greenhouse.life import Settings
from simulator.greenhouse.node import station as nodes_of
from simulator.node import Message, Node

NODES = ("esp32-a1b2c3d4e5f6", "esp32-0f1e2d3c4b5a")
KEY = "0123456789abcdef" * 2
type _Order = tuple[str, Mapping[str, Any]]

TYPES = (("ph", "irrig"), ("ec", "climate"), ("relay", "pump"), ("pump", "ph"))
CHANNELS: dict[str, list[dict[str, Any]]] = {
    "climate": [
        {
            "name": "lamp",
            "type": "ACTUATOR",
            "actuator_type": "RELAY",
            "relay_type": "NO",
            "gpio": 25,
        },
        {"name": "fan", "type": "ACTUATOR", "actuator_type": "PWM", "gpio": 26},
    ],
    "pump": [
        {
            "name": "pump_in",
            "type": "ACTUATOR",
            "actuator_type": "PUMP",
            "gpio": 26,
            "safe_limits": {"max_duration_ms": 60_000, "min_off_ms": 5000},
        }
    ],
}
"""Of the types that do not bring their own."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What the nodes of a station are."""

    settings: Settings
    types: tuple[str, str]


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    types = choice(TYPES)
    said = [
        {
            "greenhouse": "gh-1",
            "zone": "zn-1",
            "uid": f"nd-{node[-2:]}",
            "type": node_type,
            "channels": CHANNELS.get(node_type, []),
            "secret": KEY,
        }
        for node, node_type in zip(NODES, types, strict=True)
    ]
    settings = Settings(
        prefix=name, interval_scale=choice((1.0, 2.0, 3.0)), telemetry_scale=60.0
    )
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=NODES,
        nature=Nature(settings, types),
        options={"hold": choice((30.0, 120.0, 600.0))},
        fields=dict(zip(NODES, said, strict=True)),
        drops_repeats=NODES,
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    nature: Nature = plan.nature
    return [*nodes_of(plan.nodes, nature.settings, nature.types, {}, now)]


_EVERY: tuple[_Order, ...] = (
    ("set_datetime", {}),
    ("reboot", {}),
    ("refresh", {}),
    ("update_config", {}),
)
_ORDERS: dict[str, tuple[_Order, ...]] = {
    "ph": (
        ("run_pump", {"channel": "pump_acid", "duration_ms": 2_500}),
        ("run_pump", {"channel": "pump_base", "duration_ms": 59_000}),
        ("dose", {"channel": "pump_acid", "ml": 3.3}),
        ("dose", {"channel": "pump_base", "ml": 12}),
        ("calibrate", {"channel": "ph_sensor", "stage": 1, "known_ph": 4.01}),
        ("test_sensor", {"channel": "ph_sensor"}),
    ),
    "ec": (
        ("run_pump", {"channel": "pump_a", "duration_ms": 2_500}),
        ("run_pump", {"channel": "pump_d", "duration_ms": 30_000}),
        ("dose", {"channel": "pump_b", "ml": 0.5}),
        ("calibrate", {"channel": "ec_sensor", "stage": 2, "tds_value": 1000}),
    ),
    "irrig": (
        ("run_pump", {"channel": "pump_main", "duration_ms": 2_500}),
        ("set_relay", {"channel": "valve_clean_fill", "state": True}),
        ("set_relay", {"channel": "valve_clean_fill", "state": False}),
        ("open_valve", {"channel": "valve_clean_fill", "duration_s": 20}),
        ("close_valve", {"channel": "valve_clean_fill"}),
        ("query", {}),
    ),
    "relay": (
        ("set_relay", {"channel": "fill_valve", "state": True}),
        ("set_relay", {"channel": "fill_valve", "state": False}),
        ("open_valve", {"channel": "fill_valve", "duration_s": 20}),
        ("close_valve", {"channel": "fill_valve"}),
        ("toggle", {"channel": "drain_valve"}),
    ),
    "climate": (
        ("set_relay", {"channel": "lamp", "state": True}),
        ("set_relay", {"channel": "lamp", "state": False}),
        ("close_valve", {"channel": "lamp"}),
        ("set_pwm", {"channel": "fan", "value": 40}),
        ("test_sensor", {"channel": "temperature"}),
    ),
    "pump": (
        ("run_pump", {"channel": "pump_in", "duration_ms": 2_500}),
        ("run_pump", {"channel": "pump_in", "duration_ms": 59_000}),
    ),
}
"""What people order of a node, by its type."""


def _order(random: Random, station: StationPlan) -> Wish:
    nature: Nature = station.nature
    node, node_type = random.choice(list(zip(station.nodes, nature.types, strict=True)))
    kind, params = random.choice(_ORDERS[node_type] * 3 + _EVERY)
    return kind, dict(params), (node,)


def _plans(random: Random, station: StationPlan) -> Wish | None:
    """Return a run of a pump, if there is one that any node has."""
    nature: Nature = station.nature
    runs = [
        ("run_pump", dict(params), (node,))
        for node, node_type in zip(station.nodes, nature.types, strict=True)
        for kind, params in _ORDERS[node_type]
        if kind == "run_pump"
    ]
    return random.choice(runs) if runs else None


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
    ("binding", "never"),
    ("clock", "wrong"),
    ("reset", "now"),
    ("safe_mode", "now"),
    ("error", "now"),
    ("estop", "on"),
    ("current", "none"),
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
    ("gh-1/zn-1/nd-f6/error", b'{"level":"ERROR"}'),
    ("gh-1/zn-1/nd-f6/config_report", b'{"version":3}'),
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


_ASKING = ("/time/request", "/command_response", "/diagnostics")
"""Where a node asks for the time, or may show that it does not know it."""


def _is_question(message: Message) -> bool:
    return message.topic.endswith(_ASKING)


_NOT_BEGUN = (
    b'"BUSY"',
    *(
        f'"{code}"'.encode()
        for code in (
            "hmac_required",
            "invalid_hmac_format",
            "missing_node_secret",
            "time_not_synced",
            "timestamp_expired",
            "invalid_signature",
            "safe_mode_active",
        )
    ),
)
"""What a node answers of which it certainly began nothing, and may later."""


def _is_complaint(message: Message) -> bool:
    return any(words in message.payload for words in _NOT_BEGUN)


GREENHOUSE = Cast(
    protocol=PROTOCOL,
    # A binding is told for half an hour.
    rests_within=4 * 3600.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    plans=_plans,
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
