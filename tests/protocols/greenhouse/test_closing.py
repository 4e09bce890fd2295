"""Nothing that was ordered before opens a valve that was closed since."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.driver import HOUR, MINUTE

from ..played import Played
from .playing import Node
from .samples import FIELDS, HOME, NODE

OTHER = "esp32-a1b2c3d4e5f7"
CLOSED = {"state": False}


def with_inlet(actuator_type: str, node_type: str) -> dict[str, Any]:
    """Return the fields of a node that moves one thing."""
    inlet = {"name": "inlet", "type": "ACTUATOR", "actuator_type": actuator_type}
    return FIELDS | {"type": node_type, "channels": [{**inlet, "relay_type": "NO"}]}


VALVE = with_inlet("VALVE", "relay")
CLIMATE = with_inlet("VALVE", "climate")
PUMP = with_inlet("PUMP", "irrig")

CLOSES = {
    "valve": (VALVE, "close_valve"),
    "climate": (CLIMATE, "close_valve"),
    "pump": (PUMP, "stop_pump"),
}
OPENS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a relay": ("valve", "set_relay", {"state": True}),
    "a climate relay": ("climate", "set_relay", {"state": True}),
    "a run": ("valve", "open_valve", {"duration_s": 60}),
    "a toggle": ("valve", "toggle", {}),
    "a pump": ("pump", "run_pump", {"duration_ms": 60_000}),
    "a pump's relay": ("pump", "set_relay", {"state": True}),
}


@pytest.fixture(params=OPENS)
def case(request: pytest.FixtureRequest) -> tuple[str, str, dict[str, Any]]:
    """What may open, each in turn."""
    return OPENS[request.param]


def told(node: Node) -> list[dict[str, Any]]:
    """Return what the node was told to do since."""
    return [
        json.loads(payload)["params"]
        for topic, payload in node.taken()
        if topic == f"{HOME}/inlet/command"
    ]


def ends_closed(node: Node, closing: int, up: float = HOUR) -> None:
    """Let the closing be done, and a while pass."""
    said = told(node)
    node.answer(closing, "DONE", "inlet")
    for second in range(10, 130, 10):
        node.advance(10)
        node.beat(up + second)
        said += told(node)
    assert said[-1] == CLOSED, "it was opened once more"


def test_what_waited_is_not_sent_after_a_closing(
    case: tuple[str, str, dict[str, Any]],
) -> None:
    of, kind, params = case
    fields, close = CLOSES[of]
    node = Node(fields)
    node.advance(5 * MINUTE)
    node.put(kind, NODE, channel="inlet", **params)
    closing = node.put(close, NODE, channel="inlet")
    node.taken()
    node.beat(HOUR)
    ends_closed(node, closing)


@pytest.mark.parametrize("meanwhile", ["nothing", "a connection", "a kill"])
def test_what_was_lost_is_not_repeated_after_a_closing(
    case: tuple[str, str, dict[str, Any]], meanwhile: str
) -> None:
    of, kind, params = case
    fields, close = CLOSES[of]
    node = Node(fields)
    node.beat(HOUR)
    node.put(kind, NODE, channel="inlet", **params)
    node.taken()
    node.advance(3)
    closing = node.put(close, NODE, channel="inlet")
    match meanwhile:
        case "a connection":
            node.hear(f"{HOME}/status", {"status": "ONLINE"})
        case "a kill":
            node.crash(away=5)
            node.connect()
            node.beat(HOUR + 8)
    ends_closed(node, closing, HOUR + 10)


@pytest.mark.parametrize("closed_before", [False, True])
@pytest.mark.parametrize("killed", [False, True])
def test_what_its_node_was_too_busy_for_is_not_sent_after_a_closing(
    *, closed_before: bool, killed: bool
) -> None:
    node = Node(VALVE)
    node.beat(HOUR)
    opening = node.put("open_valve", NODE, channel="inlet", duration_s=60)
    node.taken()
    closing = node.put("close_valve", NODE, channel="inlet")
    said = told(node)
    if killed:
        node.crash(away=1)
        node.connect()
        node.beat(HOUR + 1)
    if closed_before:
        node.answer(closing, "DONE", "inlet")
    node.answer(opening, "BUSY", "inlet")
    for second in range(10, 130, 10):
        node.advance(10)
        node.beat(HOUR + second)
        said += told(node)
    assert said[-1] == CLOSED, "it was opened once more"


@pytest.mark.parametrize("kind", ["close_valve", "set_relay", "open_valve"])
def test_what_may_be_repeated_is_a_new_order_once_its_node_only_says_that_it_runs(
    kind: str,
) -> None:
    """The word that it was turned down is lost: of its id it says so for ever."""
    node = Node(VALVE)
    node.beat(HOUR)
    more: dict[str, dict[str, Any]] = {
        "open_valve": {"duration_s": 60},
        "set_relay": {"state": False},
    }
    order = node.put(kind, NODE, channel="inlet", **more.get(kind, {}))
    ids = []
    for second in range(10, 250, 10):
        if (now := node.cmd_id(order)) not in ids:
            ids.append(now)
        if now == f"md-{order}":
            node.answer(order, "ACK", "inlet")
        elif node.is_open(order):
            node.answer(order, "DONE", "inlet")
        node.advance(10)
        node.beat(HOUR + second)

    if kind == "open_valve":
        assert ids == [f"md-{order}"], "it might run a second time"
    else:
        assert len(ids) == 2
        assert not node.is_open(order)


def test_an_opening_of_one_node_waits_behind_no_closing_of_all() -> None:
    node = Node(VALVE)
    Played.__init__(
        node,
        "greenhouse",
        {NODE: VALVE, OTHER: VALVE | {"uid": "nd-2", "lives_at": "gh-1/zn-2/nd-2"}},
    )
    node.advance(5 * MINUTE)
    node.put("open_valve", NODE, channel="inlet", duration_s=60)
    params = node.protocol.check("close_valve", {"channel": "inlet"})
    key = node.protocol.kinds["close_valve"].key(params)
    closing = node.order("close_valve", NODE, OTHER, params=params, key=key)
    node.taken()
    node.beat(HOUR)
    node.hear("hydro/gh-1/zn-2/nd-2/heartbeat", {"uptime": HOUR})
    ends_closed(node, closing)
