"""In what order the driver of a station does things, and what does not stop it."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Changed, Publish
from custom_components.mqtt_dispatch.engine.model.events import (
    Cancel,
    Dispatching,
    PutMeal,
    Refused,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.runtime.archive import HISTORY_DELAY
from custom_components.mqtt_dispatch.runtime.commits import Unloaded
from custom_components.mqtt_dispatch.runtime.driver import LOOKS_EVERY
from tests.engine.plan.meal_samples import HOUR, a_meal

from .world import READY, Kitchen

BUSY = b'{"online": 1, "ready": 0}'


def test_promise_1_nothing_is_published_before_its_record_is_on_disk() -> None:
    kitchen = Kitchen()
    kitchen.disk.slow = True
    kitchen.feed()
    kitchen.clock.advance(0)
    kitchen.disk.finish()
    kitchen.ready()
    assert kitchen.wire.told == [], "that it was sent is not on disk yet"

    written = len(kitchen.disk.written)
    kitchen.disk.finish()

    assert [topic for topic, _ in kitchen.wire.told] == ["disp/cmd/1", "disp/cmd/2"]
    assert {on_disk for _, on_disk in kitchen.wire.told} == {written + 1}


def test_who_asks_while_a_commit_is_written_shares_the_next() -> None:
    kitchen = Kitchen()
    kitchen.disk.slow = True
    kitchen.feed()
    kitchen.clock.advance(0)
    answers: list[Exception | None] = []
    for _ in range(3):
        kitchen.feed()
        kitchen.driver.commits.when_stored(answers.append)
    kitchen.disk.finish()
    assert answers == [], "what is being written does not hold them"
    before = len(kitchen.disk.written)
    kitchen.disk.finish()
    assert answers == [None, None, None]
    assert len(kitchen.disk.written) == before + 1


def test_what_could_not_be_stored_is_told_and_tried_again() -> None:
    kitchen = Kitchen()
    kitchen.disk.error = OSError("full")
    answers: list[Exception | None] = []
    kitchen.feed()
    kitchen.driver.commits.when_stored(answers.append)
    kitchen.clock.advance(0)
    assert answers == [kitchen.disk.error]
    assert kitchen.listeners.errors == [kitchen.disk.error]

    kitchen.disk.error = None
    kitchen.clock.advance(31)
    assert kitchen.disk.written
    assert kitchen.listeners.errors[-1] is None


def test_a_listener_that_raises_does_not_end_the_commits() -> None:
    kitchen = Kitchen()

    def fail(_: object) -> None:
        raise ValueError

    kitchen.listeners.on_change = fail
    kitchen.feed()
    kitchen.clock.advance(0)
    assert kitchen.listeners.faults == ["telling of a commit"]

    answers: list[Exception | None] = []
    kitchen.feed()
    kitchen.driver.commits.when_stored(answers.append)
    kitchen.clock.advance(0)
    assert answers == [None], "no later order may hang"


def test_what_is_told_while_something_is_handled_comes_after_it() -> None:
    kitchen = Kitchen()
    seen: list[tuple[CommandState, bool]] = []

    def pause(change: Any) -> None:
        kitchen.driver.tell(Dispatching(enabled=False))
        seen.append((change.state, kitchen.driver.engine.ledger.dispatching))

    kitchen.listeners.on_change = pause
    kitchen.feed()
    kitchen.clock.advance(0)

    assert seen[0] == (CommandState.QUEUED, True)
    assert not kitchen.driver.engine.ledger.dispatching


def test_a_command_that_did_not_leave_is_sent_later() -> None:
    kitchen = Kitchen()
    kitchen.wire.connected = False
    kitchen.feed()
    kitchen.ready()
    assert kitchen.wire.told == []

    kitchen.wire.connected = True
    kitchen.clock.advance(5)
    kitchen.ready()
    kitchen.clock.advance(1)
    assert [topic for topic, _ in kitchen.wire.told] == ["disp/cmd/1", "disp/cmd/2"]


def test_a_deadline_that_passes_before_the_station_is_looked_at_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kitchen = Kitchen()
    kitchen.feed()
    kitchen.ready(nodes=("1",))
    for node in ("1", "2"):
        kitchen.driver.message_came(
            f"disp/state/{node}", b'{"online": 1, "ready": 1}', retained=False
        )
    # The loop is busy: it comes to look when both nodes have long been settled.
    kitchen.clock.steady += 2.0
    ticks: list[object] = []
    handle = kitchen.driver.engine.handle

    def note(event: Any, now: Any) -> Any:
        ticks.append(event)
        return handle(event, now)

    monkeypatch.setattr(kitchen.driver.engine, "handle", note)
    kitchen.clock.advance(0)

    assert Tick() in ticks
    kitchen.clock.advance(0)
    assert [topic for topic, _ in kitchen.wire.told] == ["disp/cmd/1", "disp/cmd/2"]


def test_what_is_refused_forgets_no_deadline() -> None:
    kitchen = Kitchen()
    kitchen.feed()
    kitchen.ready(nodes=("1",))
    for node in ("1", "2"):
        kitchen.driver.message_came(
            f"disp/state/{node}", b'{"online": 1, "ready": 1}', retained=False
        )
    # The loop is busy: both nodes have long been settled when this is asked.
    kitchen.clock.steady += 2.0
    with pytest.raises(Refused):
        kitchen.driver.handle(Cancel(999))
    kitchen.clock.advance(0)

    assert [topic for topic, _ in kitchen.wire.told] == ["disp/cmd/1", "disp/cmd/2"]


def test_what_may_still_be_withdrawn_is_not_brought_to_the_history() -> None:
    kitchen = Kitchen()
    ended = kitchen.feed()
    kitchen.driver.handle(Cancel(ended))
    kitchen.clock.advance(HISTORY_DELAY - 1)
    kitchen.disk.slow = True
    kitchen.driver.handle(Cancel(kitchen.feed()))
    kitchen.clock.advance(2)

    assert [command.id for command in kitchen.disk.history] == [ended]


def test_a_flood_is_looked_at_twice_a_second() -> None:
    kitchen = Kitchen()
    kitchen.clock.advance(60)
    kitchen.listeners.views.clear()
    for number in range(1000):
        payload = b'{"online": 1, "ready": 1, "uptime": %d}' % number
        kitchen.driver.message_came("disp/state/1", payload, retained=False)
        kitchen.clock.advance(0.01)
    assert 20 <= len(kitchen.listeners.views) <= 20 + 20 + 6

    kitchen.listeners.views.clear()
    kitchen.feed()
    kitchen.clock.advance(0)
    assert kitchen.listeners.views[-1].open == 1, "what is ordered is shown at once"


def test_what_is_due_is_done_at_its_moment_whatever_is_heard_meanwhile() -> None:
    kitchen = Kitchen()
    at: dict[CommandState, float] = {}

    def note(change: Changed) -> None:
        at[change.state] = kitchen.clock.steady

    kitchen.listeners.on_change = note
    command_id = kitchen.feed()
    kitchen.ready()
    for second in range(20):
        heard = b'{"online": 1, "ready": 1, "uptime": %d}' % (101 + second)
        for node in ("1", "2"):
            kitchen.driver.message_came(f"disp/state/{node}", heard, retained=False)
        kitchen.clock.advance(0.97)

    command = kitchen.driver.engine.ledger.find(command_id)
    assert command is not None
    policy = kitchen.driver.engine.station.policy(command)
    assert at[CommandState.UNCONFIRMED] == pytest.approx(
        at[CommandState.SENT] + policy.accept_timeout
    )


def test_silence_after_many_heartbeats_is_shown_at_its_moment() -> None:
    kitchen = Kitchen()
    kitchen.ready()
    for second in range(20):
        heard = b'{"online": 1, "ready": 1, "uptime": %d}' % (101 + second)
        kitchen.driver.message_came("disp/state/1", heard, retained=False)
        kitchen.clock.advance(1.0)
    last_heard = kitchen.clock.steady - 1.0

    def shown() -> tuple[bool | None, bool | None]:
        node = kitchen.driver.view.nodes["1"]
        return node.ready, node.online

    settings = kitchen.driver.engine.station.settings
    for age, before, after in (
        (settings.max_age, (True, True), (False, True)),
        (settings.online_age, (False, True), (False, False)),
    ):
        kitchen.clock.advance(last_heard + age - kitchen.clock.steady - 0.01)
        assert shown() == before
        kitchen.clock.advance(0.02)
        assert shown() == after


def test_when_a_node_was_last_seen_is_shown_within_half_a_second() -> None:
    kitchen = Kitchen()
    kitchen.ready()
    for second in range(20):
        at = kitchen.clock.now().wall
        heard = b'{"online": 1, "ready": 1, "uptime": %d}' % (101 + second)
        kitchen.driver.message_came("disp/state/1", heard, retained=False)
        kitchen.clock.advance(LOOKS_EVERY)
        assert kitchen.driver.view.nodes["1"].last_seen == at
        assert kitchen.driver.view.nodes["1"].uptime == 101 + second
        kitchen.clock.advance(1.3)


def test_heartbeats_that_say_the_same_set_no_timers() -> None:
    kitchen = Kitchen()
    kitchen.ready()
    kitchen.clock.advance(1.0)
    before = kitchen.clock.timers
    for _ in range(50):
        for node in ("1", "2"):
            kitchen.driver.message_came(f"disp/state/{node}", READY, retained=False)
        kitchen.clock.advance(0.1)

    looks = 5.0 / LOOKS_EVERY
    assert kitchen.clock.timers - before <= looks + 1


def test_heartbeats_whose_age_is_shown_to_nobody_are_not_looked_at() -> None:
    kitchen = Kitchen()
    kitchen.listeners.follow_age = False
    kitchen.ready()
    kitchen.clock.advance(1.0)
    looked, timers = len(kitchen.listeners.views), kitchen.clock.timers
    for second in range(5):
        heard = b'{"online": 1, "ready": 1, "uptime": %d}' % (101 + second)
        for node in ("1", "2"):
            kitchen.driver.message_came(f"disp/state/{node}", heard, retained=False)
        kitchen.clock.advance(1.0)

    assert len(kitchen.listeners.views) == looked
    assert kitchen.clock.timers == timers

    last_heard = kitchen.clock.steady - 1.0
    max_age = kitchen.driver.engine.station.settings.max_age
    kitchen.clock.advance(last_heard + max_age - kitchen.clock.steady - 0.01)
    assert kitchen.driver.view.nodes["1"].ready is True
    kitchen.clock.advance(0.02)
    assert kitchen.driver.view.nodes["1"].ready is False


def test_since_when_a_node_is_not_ready_is_shown_though_nobody_follows_its_age() -> (
    None
):
    kitchen = Kitchen()
    kitchen.listeners.follow_age = False
    kitchen.ready()
    for _ in range(5):
        at = kitchen.clock.now().wall
        kitchen.driver.message_came("disp/state/1", BUSY, retained=False)
        kitchen.clock.advance(LOOKS_EVERY)
        reason = kitchen.driver.view.nodes["1"].reason
        assert reason == Reason(Why.NOT_READY, "1", at)
        kitchen.clock.advance(0.4)


def test_a_timer_that_finds_nothing_due_has_nothing_looked_at() -> None:
    kitchen = Kitchen()
    kitchen.listeners.follow_age = False
    kitchen.ready()
    kitchen.clock.advance(1.0)
    looks = kitchen.driver.engine.looks
    for _ in range(60):
        for node in ("1", "2"):
            kitchen.driver.message_came(f"disp/state/{node}", READY, retained=False)
        kitchen.clock.advance(1.0)

    assert kitchen.driver.engine.looks == looks


def test_a_meal_that_did_not_happen_in_time_is_told_once_and_from_disk() -> None:
    kitchen = Kitchen()
    kitchen.driver.handle(PutMeal(a_meal("13:30", meal_id="1")))
    kitchen.clock.advance(HOUR / 2)
    assert kitchen.listeners.overdue_meals == []
    kitchen.disk.slow = True

    kitchen.clock.advance(HOUR / 2)
    assert kitchen.driver.engine.ledger.overdue
    assert kitchen.listeners.overdue_meals == [], "it is not on disk yet"

    kitchen.disk.finish()
    kitchen.disk.slow = False
    kitchen.clock.advance(HOUR)

    (told,) = kitchen.listeners.overdue_meals
    assert (told.meal_id, told.nominal) == ("1", "2026-07-20T13:30")


def test_what_has_ended_goes_to_the_history_behind() -> None:
    kitchen = Kitchen()
    command_id = kitchen.feed()
    kitchen.ready()
    for what in (b'"accepted": 1', b'"done": 1'):
        topic = "ack" if b"acc" in what else "evt"
        for node in ("1", "2"):
            kitchen.driver.message_came(
                f"disp/{topic}/{node}",
                b'{"queue_id": %d, %s}' % (command_id, what),
                retained=False,
            )
    assert command_id in kitchen.driver.engine.ledger.closed
    kitchen.clock.advance(0)
    kitchen.disk.error = OSError("full")
    kitchen.clock.advance(HISTORY_DELAY + 1)
    assert kitchen.disk.history == []
    kitchen.disk.error = None
    kitchen.clock.advance(HISTORY_DELAY + 1)
    assert [command.id for command in kitchen.disk.history] == [command_id]
    assert kitchen.driver.engine.ledger.unarchived == set()


def test_a_stop_stores_what_is_known_and_leaves_no_timer() -> None:
    kitchen = Kitchen()
    kitchen.disk.slow = True
    kitchen.feed()
    stopped: list[str] = []
    kitchen.driver.stop(lambda: stopped.append("first"))
    kitchen.driver.stop(lambda: stopped.append("second"))
    kitchen.clock.advance(0)
    assert stopped == []
    while not stopped:
        kitchen.disk.finish()

    assert sorted(stopped) == ["first", "second"]
    assert kitchen.disk.written[-1].revision == kitchen.driver.engine.ledger.revision
    assert not kitchen.clock.waits

    answers: list[Exception | None] = []
    kitchen.feed()
    kitchen.driver.commits.when_stored(answers.append)
    assert isinstance(answers[0], Unloaded)


def test_a_command_that_is_gone_is_published_no_more() -> None:
    kitchen = Kitchen()
    kitchen.driver.carry_out(Publish(command_id=999, node="1"))

    assert kitchen.wire.told == []
