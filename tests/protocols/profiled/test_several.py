"""Nodes that have several of a thing, and what people say of nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.flows.node_form import suggestions
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.params import (
    HIDDEN,
    InvalidCommand,
    public_of,
)
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.protocols.commands import command_for
from tests.protocols.played import Played

from .shipped import spoken

_VALVE = {
    "steps": [
        {
            "topic": "{node}/{drawer}/set",
            "payload": "pin={pin}&door={door}",
        }
    ],
    "done_when": {"reading": "door", "is": "open"},
}
CUPBOARD: dict[str, Any] = {
    "format": 1,
    "profile": "cupboard",
    "maker": "Nobody",
    "prefix": "home",
    "topics": {"door": "{node}/{drawer}/{door}"},
    "kinds": {"operate": {"class": "latest", "undoes": "door"}},
    "models": {
        "many": {
            "title": "Many doors",
            "fields": {
                "pin": {"text": [1, 9], "secret": True, "as_md5": True},
                "drawer": {"text": [1, 20]},
                "doors": {"whole": [1, 9], "default": 2},
            },
            "several": {
                "param": "door",
                "numbers": [1, 9],
                "told_from": 0,
                "as_many_as": "doors",
            },
            "readings": {"door": {"topic": "door", "words": {"up": "open"}}},
            "kinds": {"operate": _VALVE},
            "handled": {"door": {"as": "button", "press": "operate"}},
        },
        "one": {
            "title": "One door",
            "fields": {"drawer": {"text": [1, 20]}},
            "readings": {"door": {"topic": "door", "words": {"up": "open"}}},
            "kinds": {
                "operate": {
                    "steps": [{"topic": "{node}/{drawer}/set", "payload": "up"}],
                    "done_when": {"reading": "door", "is": "open"},
                }
            },
        },
    },
}
WIRE = protocol_of(read(json.dumps(CUPBOARD)))
MANY = {"model": "many", "pin": "1234", "drawer": "top", "doors": 3}
NODES: dict[str, dict[str, Any]] = {
    "a": MANY,
    "b": {"model": "one", "drawer": "low"},
    "c": {"model": "many"},
}


def told(node: str, **params: Any) -> list[tuple[str, str]]:
    """Return what tells a node to open a door."""
    command = command_for((node,), "operate", params)
    sending = Sending(command=command, node=node, wall=0.0)
    site = Site(prefix="home", nodes=NODES)
    return [(each.topic, each.payload) for each in WIRE.publications(site, sending)]


def test_it_is_told_in_numbers_of_its_own_and_its_secret_as_it_wants_it() -> None:
    md5_of_1234 = "81dc9bdb52d04dc20036dbd8313ed055"

    assert told("a", door=1) == [("a/top/set", f"pin={md5_of_1234}&door=0")]


def test_who_has_but_one_is_not_asked_which() -> None:
    assert told("b") == [("b/low/set", "up")]
    with pytest.raises(InvalidCommand) as refused:
        told("b", door=1)
    assert refused.value.code == "unknown_field"


@pytest.mark.parametrize(
    ("node", "params", "code"),
    [
        ("a", {}, "missing_field"),
        ("a", {"door": 4}, "invalid_number"),
        ("c", {"door": 1}, "missing_field"),
    ],
)
def test_what_nobody_said_is_not_guessed(
    node: str, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        told(node, **params)
    assert refused.value.code == code


def test_a_person_handles_as_many_as_there_are() -> None:
    assert [
        (each.key, each.label, each.orders["press"])
        for each in WIRE.actuators(MANY, {})
    ] == [(f"door_{n}", f"door {n}", ("operate", {"door": n})) for n in (1, 2, 3)]
    assert len(WIRE.actuators({"model": "many"}, {})) == 2


def test_each_is_told_by_its_number_and_of_its_own_drawer() -> None:
    station = Played(WIRE, {"a": MANY})
    station.hear("a/top/2", "up")
    second = station.put("operate", "a", door=2)
    for other in ("a/top/0", "a/low/1"):
        station.hear(other, "up")
        assert station.state(second) is not CommandState.SUCCEEDED
    station.hear("a/top/1", "up")

    assert station.state(second) is CommandState.SUCCEEDED


def test_a_newer_order_replaces_that_of_the_same_door_alone() -> None:
    kind = WIRE.kinds["operate"]

    assert kind.key({"door": 1}) != kind.key({"door": 2})
    assert kind.key({}) == WIRE.key_of("operate", {})


def test_a_secret_is_shown_to_nobody_and_none_is_made_up() -> None:
    assert public_of(WIRE.node_fields, {"pin": "1234"}) == {"pin": HIDDEN}
    assert "pin" not in suggestions(WIRE, {})


def test_a_field_of_one_model_belongs_to_it_alone() -> None:
    fields = WIRE.node_fields

    assert not fields["pin"].applies({"model": "one"})
    assert fields["drawer"].applies({"model": "one"})


def test_keys_of_messages_bear_the_number_and_an_echo_of_them_is_no_proof() -> None:
    bridge = Played(spoken("zigbee2mqtt"), {"garden": {"model": "giex_two_valves"}})
    bridge.hear("zigbee2mqtt/garden", {"state_1": "Closed", "state_2": "Closed"})
    bridge.advance(1)
    bridge.hear("zigbee2mqtt/garden", {"state_1": "Closed", "state_2": "Closed"})
    run = bridge.put("open_valve", "garden", valve=2, duration=600)
    assert bridge.taken() == [
        ("zigbee2mqtt/garden/set", '{"timer_2":10,"valve_2":"ON"}')
    ]

    said = {"state_1": "Closed", "state_2": "Closed", "valve_2": "ON"}
    bridge.hear("zigbee2mqtt/garden", said)
    assert bridge.delivery(run, "garden").state is DeliveryState.SENT
    bridge.hear("zigbee2mqtt/garden", {**said, "state_1": "Manual"})
    assert bridge.delivery(run, "garden").state is DeliveryState.SENT
    bridge.hear("zigbee2mqtt/garden", {**said, "state_2": "Manual"})
    assert bridge.delivery(run, "garden").state is DeliveryState.ACCEPTED
