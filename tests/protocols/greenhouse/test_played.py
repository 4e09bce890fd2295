"""A station and its simulated node, joined by the engine and without a broker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, override

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import Adopted, Tick
from custom_components.mqtt_dispatch.protocols.messages import Publication
from simulator.greenhouse.life import GreenhouseNode, Settings
from simulator.greenhouse.node import station
from simulator.node import Connect, Effect, Executed, Message

from ..played import Played
from .samples import NODE, SECRET

FAN = {"name": "fan", "type": "ACTUATOR", "actuator_type": "FAN", "relay_type": "NO"}
PUMP = {"name": "pump_in", "type": "ACTUATOR", "actuator_type": "PUMP"}
NAMED: dict[str, list[dict[str, Any]]] = {
    "climate": [{**FAN, "gpio": 26}],
    "pump": [{**PUMP, "gpio": 25}],
}
"""The actuators that an owner names of nodes that bring none."""


class Play(Played):
    """One node that was just switched on, and the station that adopted it."""

    def __init__(self, node_type: str, firmware: str = "head", **said: Any) -> None:
        fields = {
            "greenhouse": "gh-1",
            "zone": "zn-1",
            "uid": "nd-1",
            "secret": SECRET,
            "type": node_type,
            "channels": NAMED.get(node_type, []),
            **said,
        }
        self.executed: list[str] = []
        super().__init__("greenhouse", {NODE: fields})
        self.node: GreenhouseNode
        (self.node,) = station(
            [NODE],
            Settings("hydro"),
            [node_type],
            {NODE: None},
            self.now.wall,
            firmware=firmware,
        )
        self.run(10)

    @override
    def _say(self, publications: tuple[Publication, ...]) -> None:
        super()._say(publications)
        for each in publications:
            if any(
                _matches(filter_, each.topic) for filter_ in self.node.subscriptions
            ):
                payload = each.payload.encode()
                self._do(self.node.receive(each.topic, payload, self.now.wall))

    def run(self, seconds: float) -> None:
        """Let time pass for both."""
        end = self.now.wall + seconds
        while (due := self.node.next_deadline()) is not None and due <= end:
            self.advance(max(0.0, due - self.now.wall))
            self._do(self.node.advance(self.now.wall))
        self.advance(max(0.0, end - self.now.wall))
        self.tell(Tick())

    def adopt(self) -> None:
        """Welcome the node, and wait until it has told what it holds."""
        self.tell(Adopted(NODE, "welcome:1"))
        self.run(100)

    def ordered(self, kind: str, **params: Any) -> CommandState:
        """Order something, wait, and return what became of it."""
        command = self.put(kind, NODE, **params)
        self.run(100)
        return self.state(command)

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    self.hear(effect.topic, effect.payload.decode())
                case Connect():
                    self._do(self.node.on_connect(self.now.wall))
                case Executed():
                    self.executed.append(effect.kind)


def _matches(pattern: str, topic: str) -> bool:
    own, other = pattern.split("/"), topic.split("/")
    return len(own) == len(other) and all(
        level in ("+", found) for level, found in zip(own, other, strict=True)
    )


@pytest.mark.parametrize(
    "node_type", ["ph", "ec", "climate", "relay", "irrig", "light", "pump"]
)
def test_a_node_of_each_type_takes_its_place_and_tells_what_it_holds(
    node_type: str,
) -> None:
    play = Play(node_type)
    assert not play.protocol.is_bound(play.site.nodes[NODE])
    play.adopt()
    fields: Mapping[str, Any] = play.site.nodes[NODE]
    assert play.protocol.is_bound(fields)
    assert play.state(1) is CommandState.SUCCEEDED
    assert fields["channels"]
    assert fields["type"] == node_type
    assert fields["generation"] == "head"


# type of the node, then kinds and params that it carries out
DONE: list[tuple[str, str, dict[str, Any]]] = [
    ("ph", "run_pump", {"channel": "pump_acid", "duration_ms": 1500}),
    ("ph", "dose", {"channel": "pump_acid", "ml": 0.1 + 0.2}),
    ("ph", "calibrate", {"channel": "ph_sensor", "stage": 1, "known_ph": 4.01}),
    ("ph", "test_sensor", {"channel": "ph_sensor"}),
    ("ph", "set_sensor_mode", {"active": True}),
    ("ph", "refresh", {}),
    ("ph", "set_datetime", {}),
    ("ph", "update_config", {}),
    ("ph", "reboot", {}),
    ("ec", "dose", {"channel": "pump_a", "ml": 2}),
    ("ec", "calibrate", {"channel": "ec_sensor", "stage": 1, "tds_value": 1000}),
    ("relay", "set_relay", {"channel": "fill_valve", "state": True}),
    ("relay", "toggle", {"channel": "drain_valve"}),
    ("relay", "open_valve", {"channel": "water_control", "duration_s": 5}),
    ("relay", "close_valve", {"channel": "fill_valve"}),
    ("climate", "test_sensor", {"channel": "temperature"}),
    ("irrig", "set_relay", {"channel": "valve_irrigation", "state": True}),
    ("irrig", "run_pump", {"channel": "pump_main", "duration_ms": 2000}),
    ("irrig", "stop_pump", {"channel": "pump_main"}),
    ("irrig", "query", {}),
    ("pump", "run_pump", {"channel": "pump_in", "duration_ms": 1500}),
    ("light", "test_sensor", {"channel": "light"}),
]


@pytest.mark.parametrize(("node_type", "kind", "params"), DONE)
def test_each_kind_is_understood_and_ends(
    node_type: str, kind: str, params: dict[str, Any]
) -> None:
    play = Play(node_type)
    play.adopt()
    assert play.ordered(kind, **params) is CommandState.SUCCEEDED


def test_a_node_says_why_it_did_not_do_something() -> None:
    play = Play("irrig")
    play.adopt()
    on = {"channel": "pump_main", "state": True}
    assert play.ordered("set_relay", **on) is CommandState.FAILED
    (delivery,) = play.command(2).deliveries
    assert delivery.reason.startswith("pump_interlock_blocked")


def test_a_configuration_that_a_node_refuses_is_never_answered() -> None:
    """It drops it without a word; its binding lapses, and it stays as it was."""
    play = Play("climate", channels=[{**FAN, "relay_type": "XX"}])
    play.tell(Adopted(NODE, "welcome:1"))
    play.run(31 * 60)
    assert play.state(1) is CommandState.FAILED
    assert not play.protocol.is_bound(play.site.nodes[NODE])
