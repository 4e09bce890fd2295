"""Nodes that are renamed where they are known, and names of several levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.protocols.messages import Learned
from tests.protocols.played import Played

from .shipped import said, spoken

WIRE = spoken("zigbee2mqtt")
DEVICES = "zigbee2mqtt/bridge/devices"
ONE, OTHER = "0x00158d0000000001", "0x00158d0000000002"
type Nodes = Mapping[str, Mapping[str, Any]]


def device(name: str, hardware_id: str) -> dict[str, Any]:
    """Return what a bridge says of a valve."""
    exposes = [{"property": "on_with_countdown"}]
    return {
        "friendly_name": name,
        "ieee_address": hardware_id,
        "definition": {"model": "x", "vendor": "NEO", "exposes": exposes},
    }


def described(nodes: Nodes, *devices: tuple[str, str]) -> tuple[Any, ...]:
    return said(WIRE, DEVICES, [device(*each) for each in devices], nodes)


def valve(**known: str) -> dict[str, str]:
    return {"model": "neo_valve", **known}


def test_what_a_node_is_known_by_is_learned_once() -> None:
    (news,) = described({"tap": valve()}, ("tap", ONE))

    assert news == Learned("tap", {"hardware_id": ONE, "called": ""})
    known = {"tap": {**valve(), **news.facts}}
    assert described(known, ("tap", ONE)) == ()


class Garden(Played):
    """A valve that has one name here, and may have others at its bridge."""

    def __init__(self, **known: str) -> None:
        super().__init__(WIRE, {"tap": valve(**known)})
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})

    def described(self, *devices: tuple[str, str]) -> None:
        self.hear(DEVICES, [device(*each) for each in devices])

    def opens_as(self, name: str) -> None:
        """Have it opened, and follow it under its name."""
        self.hear(f"zigbee2mqtt/{name}", {"status": "off"})
        self.hear(f"zigbee2mqtt/{name}", {"status": "off", "linkquality": 1})
        run = self.put("open_valve", "tap", duration=60)
        message = '{"on_with_countdown":1}'
        assert self.taken() == [(f"zigbee2mqtt/{name}/set", message)]
        self.hear(f"zigbee2mqtt/{name}", {"status": "on_manual_app"})
        self.advance(60)
        self.hear(f"zigbee2mqtt/{name}", {"status": "off"})
        assert self.state(run) is CommandState.SUCCEEDED


def test_a_node_that_was_renamed_goes_on_under_its_new_name() -> None:
    garden = Garden()
    garden.described(("tap", ONE))
    garden.opens_as("tap")
    garden.described(("lawn", ONE))
    garden.opens_as("lawn")
    garden.described(("tap", ONE))
    garden.opens_as("tap")


def test_a_node_may_be_renamed_to_a_name_with_levels() -> None:
    garden = Garden(hardware_id=ONE)
    garden.described(("garden/back/tap", ONE))
    garden.opens_as("garden/back/tap")


def test_what_is_said_under_its_old_name_is_not_its_word() -> None:
    garden = Garden(hardware_id=ONE, called="lawn")
    garden.hear("zigbee2mqtt/lawn", {"status": "off"})
    garden.hear("zigbee2mqtt/lawn", {"status": "off", "linkquality": 1})
    run = garden.put("open_valve", "tap", duration=60)
    garden.hear("zigbee2mqtt/tap", {"status": "on_manual_app"})
    assert garden.state(run) is CommandState.SENT

    refused = "z2m: No converter available for 'on_with_countdown' on '%s': (1)"
    for name in ("tap", "lawn"):
        assert garden.state(run) is CommandState.SENT
        garden.hear(
            "zigbee2mqtt/bridge/logging",
            {"level": "error", "message": refused % name},
        )
    assert garden.state(run) is CommandState.REJECTED


def test_a_new_device_that_got_its_old_name_is_another_one() -> None:
    nodes = {"tap": valve(hardware_id=ONE)}
    hello, renamed = described(nodes, ("tap", OTHER), ("lawn", ONE))

    assert renamed == Learned("tap", {"hardware_id": ONE, "called": "lawn"})
    assert (hello.node, hello.called) == ("tap 0002", "tap")
    assert WIRE.node_usually(hello) == valve(hardware_id=OTHER, called="tap")


def test_two_that_were_swapped_are_still_themselves() -> None:
    nodes = {"tap": valve(hardware_id=ONE), "lawn": valve(hardware_id=OTHER)}
    found = described(nodes, ("tap", OTHER), ("lawn", ONE))

    assert found == (
        Learned("lawn", {"hardware_id": OTHER, "called": "tap"}),
        Learned("tap", {"hardware_id": ONE, "called": "lawn"}),
    )


def test_who_has_the_name_of_one_that_is_gone_takes_its_place() -> None:
    (news,) = described({"tap": valve(hardware_id=ONE)}, ("tap", OTHER))

    assert news == Learned("tap", {"hardware_id": OTHER, "called": ""})


def test_who_describes_one_at_a_time_says_of_no_other_that_it_is_gone() -> None:
    config = {"t": "tap", "mac": "A1", "rl": [1], "sw": "15", "dslp": 0, "bat": 0}
    known = {"tap": {"model": "relay_valve", "hardware_id": "B2"}}
    found = said(spoken("tasmota"), "tasmota/discovery/A1/config", config, known)

    assert [each for each in found if isinstance(each, Learned)] == []


def test_a_name_with_levels_is_offered_under_one_without() -> None:
    (hello,) = described({}, ("garden/tap", ONE))

    assert (hello.node, hello.called) == ("garden tap", "garden/tap")
    known = {hello.node: WIRE.node_usually(hello)}
    assert described(known, ("garden/tap", ONE)) == ()
    assert WIRE.node_name("garden/tap") == "garden tap"


def test_who_typed_a_name_with_levels_is_understood() -> None:
    (news,) = described({"garden tap": valve()}, ("garden/tap", ONE))

    assert news == Learned("garden tap", {"hardware_id": ONE, "called": "garden/tap"})


def test_what_has_no_hardware_id_is_known_by_its_name() -> None:
    assert described({"tap": valve()}, ("tap", "")) == ()
    (hello,) = described({}, ("tap", ""))
    assert hello == Hello(node="tap", type="neo_valve")


def test_each_message_comes_once() -> None:
    filters = WIRE.topics("home/zigbee")

    assert filters == (
        "home/zigbee/+",
        "home/zigbee/+/+",
        "home/zigbee/+/+/+",
        "home/zigbee/+/+/+/availability",
    )


@pytest.mark.parametrize("prefix", ["zigbee2mqtt", "a/b"])
@given(name=st.text(max_size=20))
def test_no_name_reaches_beyond_its_own_topics(prefix: str, name: str) -> None:
    node = WIRE.node_name(name)
    if node is not None:
        assert not set("+#/") & set(node)


def test_a_name_that_is_too_deep_is_offered_to_nobody() -> None:
    assert described({}, ("a/b/c/d", ONE)) == ()
    assert said(WIRE, "zigbee2mqtt/a/b/c/d", {"status": "off"}, {}) == ()


def test_availability_of_a_name_with_levels_is_its_own() -> None:
    garden = Garden(hardware_id=ONE, called="garden/tap")
    garden.hear("zigbee2mqtt/garden/tap/availability", {"state": "online"})
    assert garden.engine.statuses["tap"].online
    garden.hear("zigbee2mqtt/garden/tap/availability", {"state": "offline"})
    assert garden.engine.statuses["tap"].online is False


def test_who_has_an_old_name_and_no_id_cannot_be_told_from_it() -> None:
    nodes = {"tap": valve(hardware_id=ONE, called="lawn")}
    assert described(nodes, ("tap", ""), ("lawn", ONE)) == ()
