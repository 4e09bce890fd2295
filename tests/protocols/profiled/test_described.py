"""Nodes are described somewhere, and it tells under which prefix they speak."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.base import Described, Protocol
from custom_components.mqtt_dispatch.protocols.fields import Choice
from custom_components.mqtt_dispatch.protocols.messages import Message
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read

from .shipped import spoken

BUTTON: dict[str, Any] = {
    "format": 1,
    "profile": "knock",
    "maker": "Knock",
    "prefix": "hall/knock",
    "topics": {"status": "{prefix}/{node}/status"},
    "kinds": {"knock": {"class": "once", "told": "done"}},
    "models": {
        "door": {
            "title": "Door",
            "readings": {},
            "kinds": {"knock": {"steps": [{"topic": "{node}", "payload": "knock"}]}},
        }
    },
}


def knock(**changes: Any) -> Protocol:
    """Return what a profile of a door makes that is changed a little."""
    return protocol_of(read(json.dumps(BUTTON | changes)))


def recognised_at(topic: str) -> Protocol:
    """Return what the same makes where nodes are described at a topic."""
    door = BUTTON["models"]["door"] | {"match": {"kind": ["door"]}}
    return knock(
        topics={**BUTTON["topics"], "list": topic},
        recognition={"topic": "list", "node": "name"},
        models={"door": door},
    )


def told(protocol: Protocol, topic: str, content: Any) -> Described | None:
    payload = json.dumps(content).encode()
    return protocol.described(Message(topic, payload, True, 0.0))


def names(described: Described | None) -> tuple[str, list[tuple[str, str]]] | None:
    if described is None:
        return None
    return described.prefix, [(hello.node, hello.type) for hello in described.nodes]


def types_by(match: dict[str, Any], *described: dict[str, Any]) -> list[str]:
    """Return as what each is recognised that is described so."""
    door = BUTTON["models"]["door"] | {"match": match}
    protocol = knock(
        topics={**BUTTON["topics"], "list": "{prefix}/list"},
        recognition={"topic": "list", "node": "name"},
        models={"door": door},
    )
    listed = [
        {"name": str(number), **each} for number, each in enumerate(described, start=1)
    ]
    found = told(protocol, "here/list", listed)
    return [] if found is None else [hello.type for hello in found.nodes]


TIMERS = {"parts.*": [{"key": "timer", "unit": "min"}, {"key": "time", "unit": "s"}]}


def test_one_part_must_be_all_that_is_said_of_it() -> None:
    described: list[dict[str, Any]] = [
        {"parts": [{"key": "bell"}, {"key": "timer", "unit": "min", "more": 1}]},
        {"parts": [{"key": "time", "unit": "s"}]},
        {"parts": [{"key": "timer", "unit": "s"}, {"key": "bell", "unit": "min"}]},
        {"parts": [{"key": "timer"}, "timer", None]},
        {"parts": "timer"},
        {},
    ]

    assert types_by(TIMERS, *described) == ["door", "door", "", "", "", ""]


def test_a_text_must_contain_what_is_said_in_whatever_capitals() -> None:
    about = {"about": [{"contains": "Gate"}, {"contains": "door"}]}
    described: list[dict[str, Any]] = [
        {"about": "A gate of iron"},
        {"about": "OUTDOOR LAMP"},
        {"about": "window"},
        {"about": ["door"]},
        {"about": {"contains": "door"}},
    ]

    assert types_by(about, *described) == ["door", "door", "", "", ""]


DOORS = [{"name": "north", "kind": "door"}, {"name": "south", "kind": "window"}]


@pytest.mark.parametrize(
    ("topic", "filters"),
    [
        ("{prefix}/list", ("hall/knock/list", "+/+/list")),
        ("{prefix}/{node}/about", ("hall/knock/+/about", "+/+/+/about")),
        ("list/{prefix}", ("list/hall/knock", "list/+/+")),
        ("x{prefix}/list", ("xhall/knock/list",)),
        ("{node}/list", ("+/list",)),
    ],
)
def test_nodes_are_looked_for_at_the_usual_prefix_and_at_any_as_deep(
    topic: str, filters: tuple[str, ...]
) -> None:
    assert recognised_at(topic).described_at == filters


@pytest.mark.parametrize(
    ("at", "topic", "prefix"),
    [
        ("{prefix}/list", "hall/knock/list", "hall/knock"),
        ("{prefix}/list", "my/own/prefix/list", "my/own/prefix"),
        ("{prefix}/+/about", "here/x/about", "here"),
        ("{prefix}/{node}/about", "here/x/about", "here"),
        ("{prefix}/list/{prefix}", "here/list/here", "here"),
        ("list/all", "list/all", "hall/knock"),
    ],
)
def test_the_topic_tells_the_prefix(at: str, topic: str, prefix: str) -> None:
    found = told(recognised_at(at), topic, DOORS)
    assert names(found) == (prefix, [("north", "door"), ("south", "")])


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        ("here/list", []),
        ("here/list", [{"kind": "door"}, {"name": "a/b"}, {"name": 3}]),
        ("here/list", "nonsense"),
        ("here/other", DOORS),
        ("here/list/here/list/there", DOORS),
        ("list", DOORS),
    ],
)
def test_what_describes_no_node_says_nothing(topic: str, content: Any) -> None:
    assert told(recognised_at("{prefix}/list/{prefix}"), topic, content) is None
    assert told(
        recognised_at("{prefix}/list"), topic.replace("list/", ""), content
    ) in (
        None,
        told(recognised_at("{prefix}/list"), "here/list", content),
    )


def test_what_is_no_text_or_too_long_says_nothing() -> None:
    protocol = recognised_at("{prefix}/list")
    for payload in (b"\xff", b"[" + b" " * 70_000 + b"]", b""):
        message = Message("here/list", payload, True, 0.0)
        assert protocol.described(message) is None


def test_where_nothing_describes_nodes_nobody_looks_for_any() -> None:
    protocol = knock()
    assert protocol.described_at == ()
    assert told(protocol, "hall/knock/list", DOORS) is None


def test_the_only_model_need_not_be_chosen() -> None:
    field = knock().node_fields["model"]
    assert isinstance(field, Choice)
    assert (field.choices, field.titles, field.default) == (
        ("door",),
        ("Door",),
        "door",
    )
    several = spoken("zigbee2mqtt").node_fields["model"]
    assert isinstance(several, Choice)
    assert several.default is None
    titles = dict(zip(several.choices, several.titles, strict=True))
    assert titles["aqara_feeder"] == "Aqara pet feeder C1"


def test_a_node_is_of_the_model_that_a_person_says() -> None:
    wire = spoken("zigbee2mqtt")
    model = wire.model({"model": "aqara_feeder"})
    assert model is not None
    assert model.title == "Aqara pet feeder C1"
    assert model.not_provable[0].startswith("That food fell")
    assert wire.model({}) is None


def test_what_a_bridge_knows_is_told_by_name_with_what_no_model_fits() -> None:
    feeder = {
        "friendly_name": "feeder",
        "definition": {"model": "ZNCWWSQ01LM", "vendor": "Aqara"},
    }
    lamp = {"friendly_name": "lamp", "definition": {"model": "LED1"}}
    found = told(spoken("zigbee2mqtt"), "attic/bridge/devices", [feeder, lamp])
    assert names(found) == ("attic", [("feeder", "aqara_feeder"), ("lamp", "")])
