"""Messages from the broker: hostile, or a flood of them."""

from __future__ import annotations

import time

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.log import CountedLog

from ..calls import Act, all_ready, fed, shown
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled
from .logged import faults, lines

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a number": b"1",
    "a number of 400 digits": b'{"queue_id": ' + b"9" * 400 + b', "accepted": 1}',
    "a uptime of 400 digits": b'{"online": 1, "uptime": ' + b"9" * 400 + b"}",
    "a float without end": b'{"online": 1, "uptime": 1e999}',
    "nesting of 10,000": b"[" * 10_000 + b"]" * 10_000,
    "nested objects": b'{"a":' * 10_000,
    "a megabyte": b'{"online": "' + b"x" * 1_000_000 + b'"}',
    "an id as a float": b'{"queue_id": 1.0, "accepted": 1, "done": 1}',
    "an id as a text": b'{"queue_id": "1", "accepted": 1, "done": 1}',
    "a negative id": b'{"queue_id": -1, "accepted": 1, "done": 1}',
    "an id of zero": b'{"queue_id": 0, "accepted": 1, "done": 1}',
    "an id of another station": b'{"queue_id": 4711, "accepted": 1, "done": 1}',
    "surrogates": b'{"fw": "\\ud800", "online": 1}',
}
TOPICS = ("disp/state/1", "disp/ack/1", "disp/evt/1", "disp/evt/9", "disp/ack/a\nb")


async def test_whatever_comes_from_the_broker_is_at_worst_one_counted_line(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    writes = coordinator.store.writes
    before = coordinator.engine.ledger.open[1]
    for payload in HOSTILE.values():
        for topic in TOPICS:
            for retain in (False, True):
                async_fire_mqtt_message(hass, topic, payload, retain=retain)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open[1] == before, "junk was credited"
    assert coordinator.store.writes == writes, "junk was written to disk"
    assert faults(caplog) == []
    (line,) = lines(caplog)
    assert line.startswith("Kitchen: messages not understood: 1, ")
    assert "\n" not in line

    await nodes.accept(1)
    await nodes.done(1)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.closed[1].state is CommandState.SUCCEEDED
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    state = await fed(hass, freezer, coordinator, nodes, act)
    assert state is CommandState.SUCCEEDED


async def test_what_is_ordered_in_a_flood_is_shown_at_once(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes, act: Act
) -> None:
    for uptime in range(100):
        await nodes.say("state", "1", {"online": 1, "uptime": uptime})
    assert coordinator.data.nodes["1"].uptime != 99, "there is no flood"

    await act("feed", portions=1)
    await settled(hass, coordinator)

    assert shown(hass, "sensor.kitchen_queue") == "1"


async def test_2000_messages_at_once_leave_home_assistant_responsive(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    coordinator.malformed = CountedLog("Junk", time.monotonic)
    writes = coordinator.store.writes
    kinds = [
        ("disp/state/1", b'{"online": 1, "ready": 1, "uptime": 100}'),
        ("disp/state/2", b"{"),
        ("disp/ack/1", b'{"queue_id": 4711, "accepted": 1}'),
        ("disp/evt/2", b'{"queue_id": 4711, "done": 1}'),
    ]
    began = time.perf_counter()
    for number in range(2000):
        async_fire_mqtt_message(hass, *kinds[number % len(kinds)])
    await hass.async_block_till_done()
    took = time.perf_counter() - began
    freezer.tick(61)
    await nodes.say("state", "2", "{")
    state = await fed(hass, freezer, coordinator, nodes, act)
    assert state is CommandState.SUCCEEDED
    assert faults(caplog) == []
    first, second = lines(caplog)
    assert first.startswith("Junk: 1, ")
    assert second.startswith("Junk: 500, ")
    assert coordinator.malformed.totals == {"not JSON": 501}
    assert coordinator.engine.answers.uncredited == {"foreign": 1000}
    assert took < 10
    assert coordinator.store.writes < writes + 10, "messages were written to disk"
