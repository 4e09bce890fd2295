"""What anybody may write on the wire: names and values that no device has."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.messages import Learned
from custom_components.mqtt_dispatch.protocols.profiled import reports

from .shipped import said, spoken

BRIDGE = spoken("zigbee2mqtt")
DEVICES = "zigbee2mqtt/bridge/devices"
DEEP = 300_000
"""Deeper than Python writes a value down."""
TAP = {"tap": {"model": "lidl_valve"}}


def _device(name: str, hardware_id: str = "0x1") -> dict[str, Any]:
    definition = {"model": "PSBZS A1"}
    return {
        "friendly_name": name,
        "ieee_address": hardware_id,
        "definition": definition,
    }


def test_a_value_that_is_deeply_nested_is_no_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where reading JSON ends for its depth differs, so it is built here."""
    content: Any = 1
    for _ in range(DEEP):
        content = [content]
    monkeypatch.setattr(reports, "content_of", lambda *_: {"state": content})
    seen, told = said(BRIDGE, "zigbee2mqtt/tap", "some", TAP)

    assert "valve" not in seen.readings
    assert told.readings.keys() == {"battery"}, "it told nothing of its valve"


@pytest.mark.parametrize(
    ("value", "word"), [("ON", "open"), (True, None), (["ON"], None), (None, None)]
)
def test_only_single_values_are_words(value: object, word: str | None) -> None:
    told = said(BRIDGE, "zigbee2mqtt/tap", {"state": value}, TAP)

    assert told[0].readings.get("valve") == word


@pytest.mark.parametrize(
    "name",
    [" " * 200_000 + "tap", "\n\ntap\x1f", "tap\x00", "tap\n/tap", "t" * 61],
    ids=["long", "lines", "null", "level", "one_more"],
)
def test_what_is_no_clean_name_on_the_wire_is_never_learned(name: str) -> None:
    assert said(BRIDGE, DEVICES, [_device(name)], TAP) == ()
    assert said(BRIDGE, DEVICES, [_device(name)], {}) == ()


@pytest.mark.parametrize(
    "name", ["x" * 61, "n\u202ex", " x ", "x\x1f"], ids=["long", "turned", "x", "unit"]
)
@pytest.mark.parametrize(
    ("profile", "topic", "payload"),
    [
        ("shelly", "{}/online", "true"),
        ("shelly", "{}/events/rpc", '{"params":{"sys":{}}}'),
        ("opensprinkler", "{}/availability", "online"),
    ],
)
def test_no_node_is_seen_that_has_no_clean_name(
    profile: str, topic: str, payload: str, name: str
) -> None:
    wire = spoken(profile)
    assert said(wire, topic.format("x"), payload, {}), "a clean one is"
    assert said(wire, topic.format(name), payload, {}) == ()


def test_one_that_is_described_twice_is_no_news_with_each_message() -> None:
    known = {"model": "lidl_valve", "hardware_id": "0x1"}
    content = [_device("lawn"), _device("tap")]
    (news,) = said(BRIDGE, DEVICES, content, {"tap": known})
    assert news == Learned("tap", {"hardware_id": "0x1", "called": "lawn"})

    assert said(BRIDGE, DEVICES, content, {"tap": {**known, **news.facts}}) == ()
