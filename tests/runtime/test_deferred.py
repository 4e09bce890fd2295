"""Messages that seem to be no news are read later, and it makes no difference."""

from __future__ import annotations

from contextlib import suppress
import random

import pytest

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import Effect
from custom_components.mqtt_dispatch.engine.model.events import Event, Tick
from custom_components.mqtt_dispatch.engine.model.reports import Seen
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.protocols.messages import Message
from custom_components.mqtt_dispatch.runtime.deferred import MOST_KNOWN, Deferred

from .world import Kitchen

NOW = Now(wall=1_800_000_000.0, steady=10.0)


def a_kitchen(*, follow_age: bool) -> Kitchen:
    kitchen = Kitchen()
    kitchen.listeners.follow_age = follow_age
    kitchen.ready()
    kitchen.clock.advance(1.0)
    return kitchen


def hear(kitchen: Kitchen, uptime: int, node: str = "1") -> None:
    payload = b'{"online": 1, "ready": 1, "uptime": %d}' % uptime
    kitchen.driver.message_came(f"disp/state/{node}", payload, retained=False)


def uptime_of(kitchen: Kitchen, node: str = "1") -> float | None:
    return kitchen.driver.engine.statuses[node].uptime


def test_what_is_no_news_waits_until_a_deadline_comes() -> None:
    kitchen = a_kitchen(follow_age=False)
    max_age = kitchen.driver.engine.station.settings.max_age
    for node in "12":
        hear(kitchen, 100, node)
    kitchen.driver.catch_up()
    kitchen.clock.advance(max_age - 5)
    hear(kitchen, 101)
    heard_at = kitchen.clock.now()
    assert uptime_of(kitchen) == 100

    kitchen.clock.advance(5.1)

    assert uptime_of(kitchen) == 101
    assert kitchen.driver.engine.statuses["1"].heard == heard_at, "not later"
    assert kitchen.driver.view.nodes["1"].ready is True


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("disp/state/1", b'{"online": 1, "ready": 0, "uptime": 102}'),
        ("disp/state/1", b'{"online": 1, "ready": 1, "uptime": 3}'),
        ("disp/state/2", b'{"online": 1, "ready": 0}'),
        ("disp/ack/2", b'{"queue_id": 4711, "accepted": 1}'),
        ("disp/state/2", b"{"),
    ],
)
def test_what_is_news_is_read_at_once_and_in_its_turn(
    topic: str, payload: bytes
) -> None:
    kitchen = a_kitchen(follow_age=False)
    hear(kitchen, 100)
    hear(kitchen, 101)
    assert uptime_of(kitchen) == 100

    kitchen.driver.message_came(topic, payload, retained=False)

    told = b'"uptime": 3' in payload or b"102" in payload
    expected = 101 if not told else (3 if b": 3}" in payload else 102)
    assert uptime_of(kitchen) == expected


def test_what_is_known_of_nodes_by_now_may_make_news_of_what_was_none() -> None:
    kitchen = a_kitchen(follow_age=False)
    hear(kitchen, 100)
    hear(kitchen, 101)
    kitchen.driver.site_changed(kitchen.driver.site)
    hear(kitchen, 102)

    assert uptime_of(kitchen) == 102


def test_a_clock_that_was_set_is_noticed_with_the_next_message() -> None:
    kitchen = a_kitchen(follow_age=False)
    hear(kitchen, 100)
    hear(kitchen, 101)
    looks = kitchen.driver.engine.looks
    kitchen.clock.set_by = 3600
    hear(kitchen, 102)

    assert uptime_of(kitchen) == 102
    assert kitchen.driver.engine.looks == looks + 1
    kitchen.clock.advance(1)
    hear(kitchen, 103)
    hear(kitchen, 104)
    assert uptime_of(kitchen) == 103, "it is set but once"


def test_whoever_asks_for_something_finds_all_that_came() -> None:
    kitchen = a_kitchen(follow_age=False)
    hear(kitchen, 100)
    hear(kitchen, 101)
    kitchen.feed()
    assert uptime_of(kitchen) == 101


def test_a_stop_leaves_nothing_unread_and_no_timer() -> None:
    kitchen = a_kitchen(follow_age=False)
    hear(kitchen, 100)
    hear(kitchen, 101)
    kitchen.driver.stop(lambda: None)
    kitchen.clock.advance(0)
    assert uptime_of(kitchen) == 101
    assert kitchen.clock.waits == 0


def test_of_messages_that_say_the_same_only_the_last_one_is_read() -> None:
    kitchen = a_kitchen(follow_age=False)
    handled: list[float | None] = []
    handle = kitchen.driver.engine.handle

    def noting(event: Event, now: Now) -> list[Effect]:
        if isinstance(event, Seen):
            handled.append(event.uptime)
        return handle(event, now)

    kitchen.driver.engine.handle = noting  # type: ignore[method-assign]
    for uptime in range(100, 150):
        hear(kitchen, uptime)
    kitchen.driver.catch_up()
    assert handled == [149]


def test_nothing_waits_of_a_node_that_has_something_to_do() -> None:
    kitchen = a_kitchen(follow_age=False)
    kitchen.feed()
    kitchen.clock.advance(0)
    assert kitchen.wire.told
    for uptime in range(100, 105):
        hear(kitchen, uptime)
        assert uptime_of(kitchen) == uptime


def test_news_of_anybody_has_everything_read_at_once_again() -> None:
    deferred = Deferred(lambda node: node == "1")
    message = Message("disp/state/1", b'{"online":1,"uptime":5}', False, 0.0)
    later = Message("disp/state/1", b'{"online":1,"uptime":6}', False, 1.0)
    deferred.was_no_news(message, "2")
    assert not deferred.defers(later, NOW), "it has something to do"
    deferred.was_no_news(message, "1")
    assert deferred.defers(later, NOW)
    for topic, retain in (("disp/state/2", False), ("disp/state/1", True)):
        assert not deferred.defers(Message(topic, later.payload, retain, 1.0), NOW)
    assert not deferred.defers(message, NOW), "its uptime fell"
    deferred.news += 1
    assert not deferred.defers(later, NOW)


def test_junk_fills_no_memory() -> None:
    deferred = Deferred(lambda _: True)
    for number in range(3 * MOST_KNOWN):
        payload = b'{"online":1,"fw":"%d","uptime":5}' % number
        deferred.was_no_news(Message("disp/state/1", payload, False, 0.0), "1")
    assert len(deferred) <= MOST_KNOWN


@pytest.mark.parametrize("seed", range(30))
def test_random_messages_end_as_if_each_had_been_read_at_once(seed: int) -> None:
    """One kitchen is shown the age of its nodes, and so reads each message at once."""
    chance = random.Random(seed)
    at_once, later = (a_kitchen(follow_age=follow) for follow in (True, False))
    waited, ordered_id = 0, 0
    uptimes = {"1": 100.0, "2": 200.0}
    for step in range(400):
        passed = chance.choice((0.03, 0.1, 0.2, 0.4, 0.7) * 10 + (3.0, 11.0))
        for kitchen in (at_once, later):
            kitchen.clock.advance(passed)
        uptimes = {node: uptime + passed for node, uptime in uptimes.items()}
        node = chance.choice("12")
        if chance.random() < 0.01:
            uptimes[node] = 0.0
        fields = [
            '"online": 1',
            f'"uptime": {int(uptimes[node]) - (chance.random() < 0.02)}',
            *(['"ready": 1'] if chance.random() < 0.6 else []),
            *(['"ready": 0'] if chance.random() < 0.02 else []),
            *(['"rssi": -60'] if chance.random() < 0.03 else []),
            *(['"last_id": 0'] if chance.random() < 0.03 else []),
        ]
        payload = f"{{{', '.join(fields)}}}".encode()
        retained = chance.random() < 0.03
        ordered = step > 200 and chance.random() < 0.02
        answered = chance.random() < 0.1
        looks = chance.random() < 0.05
        for kitchen in (at_once, later):
            topic = f"disp/state/{node}"
            kitchen.driver.message_came(topic, payload, retained=retained)
            if ordered:
                ordered_id = kitchen.feed()
            for name in "12" if answered else "":
                answer = b'{"queue_id": %d, "done": 1}' % ordered_id
                topic = f"disp/evt/{name}"
                kitchen.driver.message_came(topic, answer, retained=False)
        statuses = dict(later.driver.engine.statuses.items())
        waited += statuses != dict(at_once.driver.engine.statuses.items())
        if looks:
            for kitchen in (at_once, later):
                kitchen.driver.tell(Tick())
                kitchen.clock.advance(0.0)
            now = at_once.clock.now()
            ours, theirs = later.driver.engine, at_once.driver.engine
            assert dict(ours.statuses.items()) == dict(theirs.statuses.items())
            assert ours.next_deadline(now) == theirs.next_deadline(now)
            assert later.driver.view == at_once.driver.view
            assert view(ours, now).nodes == view(theirs, now).nodes
            for name, node_view in at_once.driver.view.nodes.items():
                assert later.driver.view.nodes[name].says_the_same(node_view)
            assert later.listeners.changes == at_once.listeners.changes
            assert later.wire.told == at_once.wire.told
    assert waited > 20, "hardly any had to wait"


@pytest.mark.parametrize("follow_age", [False, True])
def test_one_exception_does_not_put_the_station_to_sleep(*, follow_age: bool) -> None:
    """Whatever waits for the timer must not wait for one that nobody sets."""
    kitchen = a_kitchen(follow_age=follow_age)
    handle = kitchen.driver.engine.handle
    failed: list[Now] = []

    def fails_once(event: Event, now: Now) -> list[Effect]:
        if isinstance(event, Tick) and not failed:
            failed.append(now)
            raise RuntimeError
        return handle(event, now)

    for node in "12":
        hear(kitchen, 100, node)
    kitchen.driver.catch_up()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kitchen.driver.engine, "handle", fails_once)
        for second in range(101, 401):
            with suppress(RuntimeError):
                kitchen.clock.advance(1.0)
            hear(kitchen, second)

    assert failed
    assert kitchen.driver.view.nodes["2"].online is False, "it said nothing since"


def test_what_waits_past_a_deadline_that_is_late_came_before_it() -> None:
    ready_since = []
    for follow_age in (True, False):
        kitchen = a_kitchen(follow_age=follow_age)
        for node in "12":
            hear(kitchen, 100, node)
        kitchen.driver.catch_up()
        kitchen.clock.advance(9.0)
        hear(kitchen, 109)
        # The event loop stands still.
        kitchen.clock.steady += 9.0
        hear(kitchen, 118)
        kitchen.clock.advance(0.0)
        kitchen.driver.catch_up()
        ready_since.append(kitchen.driver.engine.statuses["1"].ready_since)

    assert ready_since[0] == ready_since[1]


def test_what_cannot_be_read_takes_no_place_of_what_can() -> None:
    kitchen = a_kitchen(follow_age=False)
    for node in "12":
        hear(kitchen, 100, node)
    kitchen.driver.catch_up()
    kitchen.clock.advance(5.0)
    hear(kitchen, 105)
    malformed = b'{"online": 1, "ready": 1, "uptime": 00106}'
    kitchen.driver.message_came("disp/state/1", malformed, retained=False)
    kitchen.driver.catch_up()

    assert uptime_of(kitchen) == 105
