"""Whatever comes in, a protocol that is made of a profile holds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Message
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.protocols.anything import SCALARS
from tests.protocols.played import Played

from .shipped import FILES, spoken, text_of

NODES = {
    "zigbee2mqtt": {"a": {"model": "aqara_feeder"}, "b": {"model": "neo_valve"}},
    "tasmota": {"a": {"model": "relay_valve"}, "b": {"model": "unknown"}},
    "shelly": {"a": {"model": "switch_valve"}, "b": {"model": "cover"}},
    "esphome": {
        "a": {"model": "sprinkler_valve", "component": "lawn", "run_time": "lawn"},
        "b": {"model": "valve", "component": "lawn"},
    },
    "opensprinkler": {
        "a": {"model": "controller", "password": "opendoor", "commands": "told"},
        "b": {"model": "controller"},
    },
}
_KEYS = st.sampled_from(
    [
        *("state", "feed", "serving_size", "portions_per_day", "feeding_source"),
        *("error", "status", "message", "level", "POWER", "PulseTime1", "Set"),
        *("Command", "t", "rl", "friendly_name", "definition", "model", "exposes"),
        *("id", "result", "error", "params", "switch:0", "output", "cover:0"),
    ]
)
_CONTENT = st.recursive(
    SCALARS | st.sampled_from(["ON", "online", "NEO", "z2m: Entity 'a' is unknown"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner),
    max_leaves=12,
)


def _topics(key: str) -> list[str]:
    profile = read(text_of(key))
    named = {"prefix": profile.prefix, "node": "a", "valve": "1"}
    named |= {"component": "lawn", "run_time": "lawn"}
    return [each.format(**named).replace("+", "a") for each in profile.topics.values()]


def _can_be_sent(content: Any) -> bool:
    """Whether it can be a text on the wire, as which a text goes as it is."""
    text = content if isinstance(content, str) else json.dumps(content)
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _bytes(content: Any) -> bytes:
    return json.dumps(content).encode("utf-8", "surrogatepass")


def test_each_profile_is_fuzzed() -> None:
    assert {file.stem for file in FILES} == NODES.keys()


@pytest.mark.parametrize("key", NODES)
@settings(deadline=None)
@given(data=st.data(), payload=st.binary() | _CONTENT.map(_bytes))
def test_whatever_comes_is_read_or_malformed(
    key: str, data: st.DataObject, payload: bytes
) -> None:
    protocol = spoken(key)
    topic = data.draw(st.sampled_from(_topics(key)))
    site = Site(prefix=protocol.default_prefix, nodes=NODES[key])
    said = protocol.report(site, Message(topic, payload, data.draw(st.booleans()), 0.0))

    malformed = [each for each in said if isinstance(each, Malformed)]
    assert [each for each in malformed if not isinstance(each.reason, str)] == []


@pytest.mark.parametrize("key", NODES)
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_whatever_nodes_say_a_command_of_class_once_is_sent_once(
    key: str, data: st.DataObject
) -> None:
    protocol = spoken(key)
    station = Played(protocol, NODES[key])
    kind, params = {
        "zigbee2mqtt": ("feed", {"portions": 1}),
        "tasmota": ("open_valve", {"duration": 60}),
        "shelly": ("open_valve", {"valve": 1, "duration": 60}),
        "opensprinkler": ("open_valve", {"valve": 1, "duration": 60}),
        "esphome": ("open_valve", {"duration": 60}),
    }[key]
    order = station.put(kind, "a", **params)
    for _ in range(data.draw(st.integers(0, 8))):
        topic = data.draw(st.sampled_from(_topics(key)))
        station.hear(topic, data.draw(_CONTENT.filter(_can_be_sent)))
        station.advance(data.draw(st.sampled_from([0.0, 1.0, 30.0])))
    steps = station.steps_sent(order, "a")
    assert len(steps) == len(set(steps))


def test_what_is_too_long_says_nothing() -> None:
    protocol = spoken("tasmota")
    site = Site(prefix=protocol.default_prefix, nodes=NODES["tasmota"])
    message = Message("stat/a/RESULT", b" " * 65_537, retain=False, wall=0.0)

    assert protocol.report(site, message) == (Malformed("too long"),)
