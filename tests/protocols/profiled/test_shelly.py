"""Shelly by its documents: answers with our id, and what it notifies of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reports import Seen
from tests.protocols.played import Played

from .shipped import said, spoken

WIRE = spoken("shelly")
TAP = "tap"


class Device(Played):
    """A device with two of a model, played by hand."""

    def __init__(self, model: str) -> None:
        many = {"switch_valve": "valves", "cover": "covers"}[model]
        super().__init__(WIRE, {TAP: {"model": model, many: 2}})
        self.hear("tap/online", "true", retain=True)
        self.hear("tap/events/rpc", {"method": "NotifyStatus", "params": {"sys": {}}})

    def answers(self, command: int, **more: Any) -> None:
        self.hear("mqtt_dispatch/tap/rpc", {"id": command, "src": TAP, **more})

    def notifies(self, **components: Any) -> None:
        params = {key.replace("__", ":"): each for key, each in components.items()}
        self.hear("tap/events/rpc", {"method": "NotifyStatus", "params": params})

    def set(self) -> list[dict[str, Any]]:
        """Return how switches were set since this was last asked."""
        calls = [json.loads(payload) for _, payload in self.taken()]
        return [each["params"] for each in calls if each["method"] == "Switch.Set"]

    def asked(self) -> list[str]:
        """Return the methods that were called since this was last asked."""
        return [json.loads(payload)["method"] for _, payload in self.taken()]


@pytest.fixture
def valves() -> Device:
    """Two valves, of which nothing is known."""
    return Device("switch_valve")


@pytest.fixture
def covers() -> Device:
    """Two covers, of which nothing is known."""
    return Device("cover")


def test_an_answer_with_our_id_is_credited_to_that_command(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=1, duration=60)
    valves.answers(run + 1, result={"was_on": False})
    assert valves.delivery(run, TAP).state is DeliveryState.SENT
    valves.answers(run, result={"was_on": False})
    assert valves.delivery(run, TAP).state is DeliveryState.ACCEPTED

    valves.notifies(switch__0={"output": True})
    valves.advance(60)
    valves.notifies(switch__0={"output": False, "source": "timer"})
    assert valves.state(run) is CommandState.SUCCEEDED


def test_an_error_with_our_id_is_a_refusal(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=1, duration=60)
    valves.answers(run, error={"code": -103, "message": "Argument 'id' is wrong"})

    assert valves.state(run) is CommandState.REJECTED


def test_a_retained_answer_answers_nothing(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=1, duration=60)
    content = {"id": run, "result": {}}
    valves.hear("mqtt_dispatch/tap/rpc", content, retain=True)

    assert valves.delivery(run, TAP).state is DeliveryState.SENT


def test_what_another_valve_tells_proves_nothing_of_ours(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=1, duration=60)
    valves.answers(run, result={"was_on": False})
    valves.notifies(switch__1={"output": True})
    valves.advance(60)
    valves.notifies(switch__1={"output": False})

    assert valves.delivery(run, TAP).state is DeliveryState.ACCEPTED


def test_a_run_that_ends_too_soon_has_failed(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=2, duration=600)
    valves.answers(run, result={"was_on": False})
    valves.notifies(switch__1={"output": True})
    valves.advance(30)
    valves.notifies(switch__1={"output": False, "source": "button"})

    assert valves.state(run) is CommandState.FAILED


def test_promise_2_a_run_in_doubt_is_not_sent_again(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=1, duration=60)
    valves.advance(3600)

    told = [each["on"] for each in valves.set()]
    assert told.count(True) == 1
    assert told[1:], "what may be open is closed at its end"
    assert valves.state(run) is CommandState.UNCONFIRMED


def test_each_valve_is_closed_at_its_own_end(valves: Device) -> None:
    run = valves.put("open_valve", TAP, valve=2, duration=60)
    valves.answers(run, result={"was_on": False})
    valves.notifies(switch__1={"output": True})
    valves.taken()
    valves.advance(120)

    assert valves.set()[0] == {"id": 1, "on": False}


def test_a_device_that_told_nothing_is_asked_and_its_answer_is_read() -> None:
    device = Played(WIRE, {TAP: {"model": "switch_valve"}})
    device.hear("tap/online", "true")
    device.advance(10)
    ((topic, payload), *_) = device.taken()
    assert topic == "tap/rpc"
    question = json.loads(payload)
    assert question["method"] == "Shelly.GetStatus"

    status = {"switch:0": {"id": 0, "output": True}, "sys": {}}
    device.hear("mqtt_dispatch/tap/rpc", {"id": question["id"], "result": status})
    assert device.engine.told(TAP)["valve_1"] == "open"


def test_a_valve_that_was_closed_already_answers_that_it_is(valves: Device) -> None:
    closing = valves.put("close_valve", TAP, valve=1)
    valves.answers(closing + 1, result={"was_on": False})
    assert valves.state(closing) is not CommandState.SUCCEEDED
    valves.answers(closing, result={"was_on": False})

    assert valves.state(closing) is CommandState.SUCCEEDED


def test_a_valve_that_refuses_to_close_is_told_again(valves: Device) -> None:
    closing = valves.put("close_valve", TAP, valve=1)
    valves.answers(closing, error={"code": -114, "message": "busy"})
    valves.advance(60)

    assert len(valves.asked()) > 1
    assert valves.state(closing) is not CommandState.SUCCEEDED


def test_a_valve_is_closed_when_it_says_so_though_its_answer_is_lost(
    valves: Device,
) -> None:
    closing = valves.put("close_valve", TAP, valve=1)
    valves.notifies(switch__0={"output": False})

    assert valves.state(closing) is CommandState.SUCCEEDED


def test_who_closes_one_valve_leaves_the_other_open(valves: Device) -> None:
    first = valves.put("open_valve", TAP, valve=1, duration=60)
    second = valves.put("open_valve", TAP, valve=2, duration=60)
    valves.put("close_valve", TAP, valve=2)

    assert valves.state(first) is not CommandState.SUPERSEDED
    assert valves.state(second) is CommandState.SUPERSEDED


def test_one_valve_runs_while_another_is_opened(valves: Device) -> None:
    runs = {}
    for valve in (1, 2):
        runs[valve] = valves.put("open_valve", TAP, valve=valve, duration=60 * valve)
        valves.answers(runs[valve], result={"was_on": False})
        valves.notifies(**{f"switch__{valve - 1}": {"output": True}})
    assert valves.asked() == ["Switch.Set", "Switch.Set"]
    valves.advance(60)
    valves.notifies(switch__0={"output": False})

    assert valves.state(runs[1]) is CommandState.SUCCEEDED
    assert valves.state(runs[2]) is CommandState.ACCEPTED


def test_a_cover_is_where_it_was_sent_once_it_rests_there(covers: Device) -> None:
    moved = covers.put("set_position", TAP, cover=1, position=35)
    covers.answers(moved, result=None)
    covers.notifies(cover__0={"state": "opening", "current_pos": 34})
    assert covers.state(moved) is not CommandState.SUCCEEDED, "it moves still"
    covers.notifies(cover__0={"state": "stopped", "current_pos": 36})

    assert covers.state(moved) is CommandState.SUCCEEDED


def test_a_cover_that_stops_elsewhere_is_not_there(covers: Device) -> None:
    moved = covers.put("set_position", TAP, cover=1, position=35)
    covers.answers(moved, result=None)
    covers.notifies(cover__0={"state": "opening", "current_pos": 0})
    covers.notifies(cover__0={"state": "stopped", "current_pos": 20})

    assert covers.state(moved) is not CommandState.SUCCEEDED


def test_a_full_status_tells_all_of_them(covers: Device) -> None:
    status = {"cover:0": {"current_pos": 10}, "cover:1": {"current_pos": 20}}
    covers.answers(99, result=status)
    told = covers.engine.told(TAP)

    assert (told["position_1"], told["position_2"]) == (10.0, 20.0)


def test_a_cover_is_handled_as_one() -> None:
    first, second = WIRE.actuators({"model": "cover", "covers": 2}, {})

    assert first.orders["set"] == ("set_position", {"cover": 1})
    assert second.level == "position_2"


@pytest.mark.parametrize(("word", "online"), [("true", True), ("false", False)])
def test_who_speaks_up_is_offered(word: str, online: bool) -> None:
    assert said(WIRE, "shellyplus1-a8032abe54dc/online", word, {}, retain=True) == (
        Seen(node="shellyplus1-a8032abe54dc", live=False, online=online),
    )
