"""Promise 5: while something waits, the engine says what for."""

from __future__ import annotations

from dataclasses import replace

from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.policy import Settings
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.model.reports import Seen
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import NOON, Driver, Writes


def test_promise_5_waiting_for_the_connection() -> None:
    driver = Driver()

    assert driver.reasons(driver.feed()) == (Reason(Why.DISCONNECTED),)


def test_promise_5_waiting_while_paused(kitchen: Driver) -> None:
    kitchen.pause()

    assert kitchen.reasons(kitchen.feed()) == (Reason(Why.PAUSED),)


def test_promise_5_waiting_for_the_disk(kitchen: Driver) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    feed = kitchen.feed()

    assert kitchen.reasons(feed) == (Reason(Why.STORAGE),)


def test_promise_5_waiting_while_the_disk_fails(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.writes = Writes.FAIL
    kitchen.go_on()

    assert kitchen.reasons(feed) == (Reason(Why.STORAGE),)


def test_promise_5_waiting_for_nodes_that_were_never_heard() -> None:
    driver = Driver()
    driver.connect()

    assert driver.reasons(driver.feed()) == (
        Reason(Why.NEVER_HEARD, "1"),
        Reason(Why.NEVER_HEARD, "2"),
    )


def test_promise_5_waiting_for_a_node_that_said_goodbye(kitchen: Driver) -> None:
    kitchen.see("2", online=False)

    assert kitchen.reasons(kitchen.feed()) == (
        Reason(Why.OFFLINE, "2", since=kitchen.now.wall),
    )


def test_promise_5_waiting_for_a_node_known_to_be_off_by_its_will_alone() -> None:
    driver = Driver()
    driver.connect()
    driver.see("1", live=False, online=False)

    assert driver.reasons(driver.order("reboot", "1")) == (Reason(Why.OFFLINE, "1"),)


def test_promise_5_waiting_for_a_silent_node(kitchen: Driver) -> None:
    last = kitchen.now.wall
    kitchen.ready("2")
    kitchen.reporting = ("1",)
    kitchen.advance(15.0)

    assert kitchen.reasons(kitchen.feed()) == (Reason(Why.SILENT, "2", since=last),)


def test_promise_5_waiting_for_a_node_that_never_said_ready() -> None:
    driver = Driver()
    driver.connect()
    driver.ready("1")
    driver.heartbeat("2")
    driver.advance(0.5)

    assert driver.reasons(driver.feed()) == (Reason(Why.NEVER_READY, "2"),)


def test_promise_5_waiting_for_a_node_that_is_not_ready(kitchen: Driver) -> None:
    kitchen.busy("1")
    busy_since = kitchen.now.wall

    assert kitchen.reasons(kitchen.feed()) == (
        Reason(Why.NOT_READY, "1", since=busy_since),
    )


def test_promise_5_waiting_for_a_fresh_report() -> None:
    driver = Driver()
    driver.connect()
    driver.ready()
    driver.advance(10.0)
    driver.ready("1")
    driver.advance(0.5)

    assert driver.reasons(driver.feed()) == (Reason(Why.STALE, "2", since=NOON),)


def test_promise_5_waiting_for_readiness_to_settle() -> None:
    driver = Driver()
    driver.connect()
    driver.ready()

    assert driver.reasons(driver.feed()) == (
        Reason(Why.SETTLING, "1"),
        Reason(Why.SETTLING, "2"),
    )


def test_promise_5_waiting_behind_another_command(kitchen: Driver) -> None:
    first, second, third = kitchen.feed(), kitchen.feed(), kitchen.feed()

    assert kitchen.reasons(second) == (Reason(Why.BEHIND, command_id=first),)
    assert kitchen.reasons(third) == (Reason(Why.BEHIND, command_id=first),)


def test_promise_5_waiting_behind_an_unconfirmed_command(kitchen: Driver) -> None:
    first, second = kitchen.feed(), kitchen.feed()
    kitchen.advance(10.0)

    assert kitchen.reasons(second) == (Reason(Why.UNCONFIRMED, command_id=first),)


def test_promise_5_waiting_for_a_node_that_works_on_another(kitchen: Driver) -> None:
    feed = kitchen.feed()
    reboot = kitchen.order("reboot", "2")

    assert kitchen.reasons(reboot) == (Reason(Why.NODE_BUSY, "2", command_id=feed),)


def test_promise_5_waiting_to_be_sent_again(kitchen: Driver) -> None:
    schedule = kitchen.order("set_schedule", "1", "2")
    kitchen.advance(10.0)
    kitchen.reporting = ()
    kitchen.disconnect()
    kitchen.advance(20.0)
    assert kitchen.reasons(schedule) == (Reason(Why.DISCONNECTED),)

    kitchen.connect()
    assert kitchen.reasons(schedule) == (
        Reason(Why.NEVER_HEARD, "1"),
        Reason(Why.NEVER_HEARD, "2"),
    )


def test_promise_5_waiting_commands_come_in_the_order_of_their_ids(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    ids = [kitchen.feed(), kitchen.order("reboot", "1"), kitchen.order("ping", "2")]

    waiting = kitchen.engine.waiting(kitchen.now)
    assert [command.id for command, _ in waiting] == ids


def test_what_is_in_flight_or_unconfirmed_does_not_wait(kitchen: Driver) -> None:
    feed = kitchen.feed()
    assert [*kitchen.engine.waiting(kitchen.now)] == []
    kitchen.advance(10.0)
    assert [*kitchen.engine.waiting(kitchen.now)] == []

    kitchen.pause()
    kitchen.resolve(feed, Outcome.RESEND)
    assert kitchen.reasons(feed) == (Reason(Why.PAUSED),)


def test_while_nothing_can_have_its_turn_the_reason_for_that_comes_first(
    kitchen: Driver,
) -> None:
    first, second, third = kitchen.feed(), kitchen.feed(), kitchen.feed()
    kitchen.disconnect()

    for waiting in (second, third):
        assert kitchen.reasons(waiting) == (
            Reason(Why.DISCONNECTED),
            Reason(Why.BEHIND, command_id=first),
        )


def test_a_heartbeat_that_says_the_same_again_has_nothing_looked_at(
    kitchen: Driver,
) -> None:
    kitchen.advance(1.0)
    same = Seen(node="1", live=True, ready=True, uptime=1.0)
    kitchen.tell(same)
    looks = kitchen.engine.looks

    kitchen.tell(replace(same, uptime=2.0))
    assert kitchen.engine.looks == looks

    kitchen.tell(replace(same, uptime=3.0, ready=False))
    assert kitchen.engine.looks > looks


def test_a_node_that_says_again_that_it_is_not_ready_has_nothing_looked_at(
    kitchen: Driver,
) -> None:
    kitchen.reporting = ()
    unready = Seen(node="1", live=True, ready=False)
    kitchen.tell(unready)
    kitchen.advance(1.0)
    looks = kitchen.engine.looks
    kitchen.tell(unready)
    assert kitchen.engine.looks == looks

    kitchen.tell(replace(unready, ready=True))
    assert kitchen.engine.looks > looks
    assert kitchen.engine.next_deadline(kitchen.now) == Settings().debounce


def test_a_node_that_was_silent_is_looked_at_as_soon_as_it_is_heard(
    kitchen: Driver,
) -> None:
    kitchen.reporting = ()
    kitchen.advance(60.0)
    reboot = kitchen.order("reboot", "1")
    assert kitchen.whys(reboot) == [Why.SILENT]

    kitchen.tell(Seen(node="1", live=True))
    assert kitchen.state(reboot) is CommandState.SENT


def test_since_when_it_waits_for_an_unready_node_is_shown_with_each_heartbeat(
    kitchen: Driver,
) -> None:
    unready = Seen(node="1", live=True, ready=False)
    kitchen.reporting = ()
    kitchen.tell(unready)
    kitchen.feed()
    kitchen.advance(1.0)
    before = view(kitchen.engine, kitchen.now)
    kitchen.tell(unready)
    shown = view(kitchen.engine, kitchen.now, before)

    assert shown.first_waiting is not None
    (reason,) = shown.first_waiting[1]
    assert reason == shown.nodes["1"].reason
    assert reason.since == kitchen.now.wall
