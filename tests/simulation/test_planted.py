"""Bugs planted on purpose: the simulation sees each, and says which promise it breaks.

The same seeds without the bug are clean: `test_seeds` holds that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.deadlines import Deadlines
from custom_components.mqtt_dispatch.engine.delivery.answers import Answers
from custom_components.mqtt_dispatch.engine.delivery.deliveries import Deliveries
from custom_components.mqtt_dispatch.engine.delivery.repeats import Repeats
from custom_components.mqtt_dispatch.engine.delivery.transitions import close, deliver
from custom_components.mqtt_dispatch.engine.ledger.ledger import Ledger
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.ledger.together import Together
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    Delivery,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.effects import Effect, Withdrawn
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Answer
from custom_components.mqtt_dispatch.engine.orders import guards
from custom_components.mqtt_dispatch.engine.orders.pausing import Pausing
from custom_components.mqtt_dispatch.engine.orders.wishes import Wishes
from custom_components.mqtt_dispatch.engine.plan.mealtimes import Mealtimes
from custom_components.mqtt_dispatch.engine.plan.occurrences import Occurrences
from custom_components.mqtt_dispatch.engine.plan.recurrence import Occurrence
from custom_components.mqtt_dispatch.engine.scheduling.expiry import Expiry
from custom_components.mqtt_dispatch.engine.scheduling.later import Later
from custom_components.mqtt_dispatch.runtime import publisher
from custom_components.mqtt_dispatch.runtime.commits import Commits
from custom_components.mqtt_dispatch.runtime.driver import Driver
from custom_components.mqtt_dispatch.runtime.ports import Written
from simulation.cli import run_seed
from simulation.disk import Disk
from tests.simulation.test_seeds import SEEDS

pytestmark = pytest.mark.slow


def broken_promises(stations: int = 1) -> tuple[Counter[int], str]:
    """Return how often each promise was broken, and all that was said of it."""
    found = [one for seed in SEEDS for one in _violations(seed, stations)]
    return Counter(one.promise for one in found), "\n".join(map(str, found))


def _violations(seed: int, stations: int) -> Iterable[Any]:
    return [violation for _, violation in run_seed(seed, stations, 1.0)[1].violations]


def test_a_publish_before_its_commit_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = Driver._handle

    def publish_at_once(
        self: Driver, event: Event, at: Now | None = None
    ) -> list[Effect]:
        effects = handle(self, event, at)
        ledger = self.engine.ledger
        for publish in self.engine.deliveries.release(
            ledger.revision, self._clock.now(), lambda _: True
        ):
            self.carry_out(publish)
        return effects

    monkeypatch.setattr(Driver, "_handle", publish_at_once)

    promises, said = broken_promises()

    assert promises[1]
    assert "before that was stored" in said


def test_feeds_that_no_guard_counts_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_check_runaway", lambda *_: None)

    promises, said = broken_promises()

    assert promises[7]
    assert "feeds wait" in said
    assert "feeds were taken within an hour" in said


def test_what_is_ordered_together_and_sent_alone_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Together, "hold", lambda *_: None)

    promises, said = broken_promises(stations=2)

    assert promises[1]
    assert "though its order failed" in said
    assert "was stored with it" in said


def test_a_queue_that_is_not_emptied_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def pretend(ledger: Ledger, *_: object) -> Withdrawn:
        waiting = (one.id for one in ledger.open.values() if not one.ever_sent)
        return Withdrawn(tuple(waiting), ())

    monkeypatch.setattr(f"{Wishes.__module__}.cancel_all", pretend)

    promises, said = broken_promises()

    assert promises[7]
    assert "was withdrawn, and sent" in said


def test_a_pause_in_which_something_is_sent_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ledger, "dispatching", True)

    promises, said = broken_promises()

    assert promises[7]
    assert "was sent in a pause" in said


def test_a_pause_that_does_not_end_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pausing, "_over", lambda *_: None)

    promises, said = broken_promises()

    assert promises[4]
    assert "s too long" in said


def test_a_resend_without_knowing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def believe(*args: Any, repeatable: bool | None = None, **fields: Any) -> Command:
        believed = None if repeatable is None else True
        return deliver(*args, repeatable=believed, **fields)

    monkeypatch.setattr(f"{Deliveries.__module__}.deliver", believe)
    monkeypatch.setattr(Repeats, "may_harm", lambda *_: False)

    promises, said = broken_promises()

    assert promises[2]
    assert "was sent again" in said
    assert "executed" in said


def test_a_final_state_that_is_reopened_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addressed = Answers._addressed

    def reopen(
        self: Answers, answer: Answer, now: Now
    ) -> tuple[Command, Delivery, int] | None:
        ledger = self._ledger
        command = ledger.closed.get(answer.command_id or 0)
        delivery = None if command is None else command.delivery(answer.node or "")
        if command is None or delivery is None or not isinstance(answer, Accepted):
            return addressed(self, answer, now)
        del ledger.closed[command.id]
        ledger.unarchived.discard(command.id)
        parts = tuple(
            replace(part, state=DeliveryState.SENT) for part in command.deliveries
        )
        command = replace(command, deliveries=parts)
        ledger.put(close(command, CommandState.SENT, now.wall, Cause.NODE))
        return addressed(self, answer, now)

    monkeypatch.setattr(Answers, "_addressed", reopen)

    promises, said = broken_promises()

    assert promises[3]
    assert ", and then " in said


def test_an_id_that_is_given_again_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Ledger.__init__

    def forget(
        self: Ledger,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
        deadlines: Deadlines,
        _first_id: int,
    ) -> None:
        begin(self, stored, history, now, deadlines)
        self.next_id = 1 + max(self.open, default=0)

    monkeypatch.setattr(Ledger, "__init__", forget)

    promises, said = broken_promises()

    assert promises[2]
    assert "names two intents" in said


def test_a_timer_that_is_lost_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    start_wait = Deliveries._start_wait

    def lose(self: Deliveries, command: Command, delivery: Delivery, now: Now) -> None:
        if delivery.state is not DeliveryState.ACCEPTED:
            start_wait(self, command, delivery, now)

    monkeypatch.setattr(Deliveries, "_start_wait", lose)

    promises, said = broken_promises()

    # Nor is it told that a meal is overdue which is under way for ever.
    assert set(promises) == {3, 4}
    assert "is in flight for" in said
    assert "for ever" in said


def test_a_resend_by_the_mqtt_client_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "qos_of", lambda _: 1)

    promises, said = broken_promises()

    assert set(promises) == {2}
    assert "was sent by the client again" in said
    assert "executed" in said


def test_a_write_without_fsync_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "sync", lambda *_: None)

    promises, _ = broken_promises()

    assert promises[1]


def test_an_action_that_does_not_wait_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer_at_once(_: Commits, stored: Written) -> None:
        stored(None)

    monkeypatch.setattr(Commits, "when_stored", answer_at_once)

    promises, said = broken_promises()

    assert promises[1]
    assert "answered" in said


def test_a_worker_that_ends_with_an_exception_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = Commits._written

    def end(self: Commits, snapshot: Snapshot, error: Exception | None) -> None:
        written(self, snapshot, error)
        if snapshot.revision > 20:
            self._write = lambda: None  # type: ignore[method-assign]

    monkeypatch.setattr(Commits, "_written", end)

    promises, said = broken_promises()

    assert promises[4]
    assert "for ever" in said


def test_a_date_that_is_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = Occurrences.settle

    def forget(self: Occurrences, occurrence: Occurrence, *became: Any) -> None:
        settle(self, occurrence, *became)
        self.forget(occurrence)

    monkeypatch.setattr(Occurrences, "settle", forget)

    promises, said = broken_promises()

    assert set(promises) == {2, 3}
    assert "twice, as two commands" in said


def test_a_date_that_is_never_over_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Occurrences, "is_over", lambda *_: False)

    promises, said = broken_promises()

    assert set(promises) == {2, 3}
    assert "twice, as two commands" in said


def test_a_date_that_is_dealt_with_by_nothing_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Mealtimes, "_enqueue", lambda *_: None)

    promises, said = broken_promises()

    assert set(promises) == {3}
    assert "nobody knows what became of 'meal:" in said


def test_what_a_wrong_clock_ends_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    expire = Expiry._expire

    def believe_it(self: Expiry, command_id: int, now: Now) -> None:
        monkeypatch.setattr(self, "_clock", SimpleNamespace(plausible=True))
        expire(self, command_id, now)

    monkeypatch.setattr(Expiry, "_expire", believe_it)

    promises, said = broken_promises()

    assert set(promises) == {3}
    assert "before its time was over" in said


def test_what_is_sent_before_its_time_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Later, "is_early", lambda *_: False)

    promises, said = broken_promises()

    assert set(promises) == {7}
    assert "before its time had come" in said


def test_what_a_wrong_clock_sends_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    come = Later._come

    def believe_it(self: Later, command_id: int, now: Now) -> None:
        monkeypatch.setattr(self, "_clock", SimpleNamespace(plausible=True))
        come(self, command_id, now)

    monkeypatch.setattr(Later, "_come", believe_it)

    promises, said = broken_promises()

    assert set(promises) == {7}
    assert "before its time had come" in said


def test_a_time_that_never_comes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Later, "_come", lambda *_: None)

    promises, said = broken_promises()

    assert set(promises) == {4}
    assert "waits for its time, which came" in said
