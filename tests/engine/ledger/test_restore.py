"""Ids that a node knows and this station does not: an older file, another sender."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Archived,
    Backup,
    ConfirmRestore,
    PutMeal,
    Refused,
)
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal, Rule
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import DAY, HOUR, MINUTE, NOON, Driver, Writes

QUEUED = CommandState.QUEUED
SENT = CommandState.SENT
UNCONFIRMED = CommandState.UNCONFIRMED


def test_the_first_id_after_a_restore_is_above_any_that_a_node_executed(
    kitchen: Driver,
) -> None:
    kitchen.heartbeat("1", last_id=40)
    kitchen.heartbeat("2", last_id=25)

    assert kitchen.feed() == 41


def test_a_retained_last_id_counts_too(kitchen: Driver) -> None:
    kitchen.see("1", live=False, last_id=40)

    assert kitchen.feed() == 41


@pytest.mark.parametrize("last_id", [3, 2, 40])
def test_what_was_queued_before_a_node_spoke_gets_a_new_id(
    last_id: int,
) -> None:
    driver = Driver()
    feeds = [driver.feed(portions) for portions in (1, 2, 3)]
    driver.connect()
    driver.heartbeat("1", drops_repeats=True, last_id=last_id)

    assert [driver.state(feed) for feed in feeds] == [CommandState.SUPERSEDED] * 3
    assert driver.causes(feeds[0])[-1] is Cause.RENUMBERED
    twins = list(driver.engine.ledger.open.values())
    assert min(twin.id for twin in twins) > last_id
    assert [twin.params["portions"] for twin in twins] == [1, 2, 3]


def test_a_new_id_keeps_the_idempotency_key() -> None:
    driver = Driver()
    driver.feed(idempotency_key="breakfast")
    driver.connect()
    driver.heartbeat("1", last_id=40)

    assert driver.feed(idempotency_key="breakfast") == 41
    assert list(driver.engine.ledger.open) == [41]


def test_a_new_id_keeps_it_no_longer_than_the_first_one() -> None:
    driver = Driver()
    driver.feed(idempotency_key="breakfast", expires_in=2 * DAY)
    driver.connect()
    driver.advance(HOUR)
    driver.heartbeat("1", last_id=40)
    driver.advance(23 * HOUR)

    assert driver.feed(idempotency_key="breakfast") == 42


def test_new_ids_are_given_once(kitchen: Driver) -> None:
    kitchen.pause()
    kitchen.feed()
    kitchen.heartbeat("1", last_id=40)
    writes = kitchen.disk.writes
    for _ in range(10):
        kitchen.heartbeat("1", last_id=40)

    assert list(kitchen.engine.ledger.open) == [41]
    assert kitchen.disk.writes == writes


def test_the_stations_own_ids_give_nobody_a_new_id(kitchen: Driver) -> None:
    waiting = kitchen.order("reboot", "2")
    kitchen.advance(10.0)
    kitchen.busy("2")
    kitchen.reporting = ("1",)
    feed = kitchen.feed()
    operate = kitchen.order("operate", "1")
    kitchen.done(operate)
    kitchen.heartbeat("1", drops_repeats=True, last_id=operate)

    assert kitchen.state(feed) is QUEUED
    assert kitchen.state(waiting) is UNCONFIRMED


def test_promise_2_a_restored_backup_does_not_repeat_what_a_node_remembers() -> None:
    driver = Driver()
    feed = driver.feed()
    backup = driver.disk.read()
    restored = Driver(stored=backup)
    restored.connect()
    for node in ("1", "2"):
        restored.ready(node, drops_repeats=True, last_id=feed + 3)
    restored.advance(0.5)

    assert restored.state(feed) is UNCONFIRMED
    assert restored.causes(feed)[-1] is Cause.RESTORED
    assert restored.published == []


def test_promise_3_a_later_id_that_nobody_knows_does_not_prove_a_command_done(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(70.0)
    assert kitchen.state(operate) is UNCONFIRMED
    restored = Driver(stored=kitchen.disk.read())
    restored.connect()
    restored.ready("1", drops_repeats=True, last_id=operate + 3)

    assert restored.state(operate) is UNCONFIRMED


def test_promise_4_what_a_person_wants_sent_after_a_restore_is_not_asked_again() -> (
    None
):
    driver = Driver()
    feed = driver.feed()
    restored = Driver(stored=driver.disk.read())
    restored.connect()
    for node in ("1", "2"):
        restored.ready(node, drops_repeats=True, last_id=feed + 3)
    restored.advance(0.5)
    restored.tell(ConfirmRestore(keep=True))
    restored.resolve(feed, Outcome.RESEND)
    again = Driver(stored=restored.disk.read())
    again.connect()
    for node in ("1", "2"):
        again.ready(node, drops_repeats=True, last_id=feed + 3)
    again.advance(1.0)

    assert again.state(feed) is SENT


def test_promise_3_a_history_that_is_lost_puts_no_command_in_doubt_that_waits(
    kitchen: Driver,
) -> None:
    for node in ("1", "2"):
        kitchen.ready(node, drops_repeats=True)
    kitchen.busy("2")
    feed = kitchen.feed()
    reboot = kitchen.order("reboot", "1")
    kitchen.accept(reboot)
    kitchen.done(reboot)
    # What had ended was written to the history, and stands in the file no more.
    kitchen.archive()
    lost = Driver(stored=kitchen.disk.read())
    lost.connect()
    for node in ("1", "2"):
        lost.ready(node, drops_repeats=True, last_id=reboot if node == "1" else 0)
    lost.advance(1.0)

    assert lost.state(feed) is SENT
    assert lost.causes(feed).count(Cause.RESTORED) == 0


@pytest.mark.parametrize(
    ("waited", "is_in_doubt"), [(MINUTE, False), (2.5 * HOUR, True)]
)
def test_promise_2_what_is_for_later_was_sent_by_nobody_before_its_time(
    *, waited: float, is_in_doubt: bool
) -> None:
    driver = Driver()
    feed = driver.feed(at=driver.now.wall + 2 * HOUR)
    backup = driver.disk.read()
    restored = Driver(stored=backup, wall=driver.now.wall + waited)
    restored.connect()
    for node in ("1", "2"):
        restored.ready(node, drops_repeats=True, last_id=feed + 3)
    restored.advance(0.5)

    doubted = [
        command.state is UNCONFIRMED for command in restored.engine.ledger.open.values()
    ]
    assert any(doubted) is is_in_doubt
    assert restored.published == []


def test_promise_3_what_waits_is_not_taken_for_done_because_another_overtook_it(
    kitchen: Driver,
) -> None:
    kitchen.reporting = ("1",)
    kitchen.busy("2")
    feed = kitchen.feed()
    operate = kitchen.order("operate", "1")
    kitchen.done(operate)
    kitchen.crash()
    kitchen.connect()
    kitchen.ready("1", drops_repeats=True, last_id=operate)
    assert kitchen.deliveries(feed) == [DeliveryState.PENDING] * 2

    kitchen.all_ready()
    assert kitchen.times_published(feed, "1") == 1


# An older file, put back.


@pytest.fixture
def restored() -> Driver:
    """A station that began from a file with #1, after which its nodes had #2 to #9."""
    before = Driver()
    before.all_ready()
    before.done(before.feed())
    driver = Driver(stored=before.disk.read(), history=before.history)
    driver.connect()
    driver.reporting = driver.station.nodes
    driver.heartbeat("1", drops_repeats=True, last_id=9)
    driver.advance(1.0)
    return driver


def test_nothing_of_class_once_is_sent_after_a_restore_before_a_person_confirms(
    restored: Driver,
) -> None:
    feed = restored.feed()
    reboot = restored.order("reboot", "2")
    restored.advance(9 * MINUTE)

    assert restored.published == []
    assert restored.whys(feed) == [Why.RESTORED]
    assert restored.whys(reboot) == [Why.RESTORED]
    assert restored.reasons(feed)[0].since == NOON


def test_what_may_be_repeated_is_sent_after_a_restore(restored: Driver) -> None:
    ping = restored.order("ping", "2")

    assert restored.published == [(ping, "2")]


def test_ids_go_on_above_what_the_nodes_know(restored: Driver) -> None:
    assert restored.feed() == 10


def test_the_hold_after_a_restore_survives_a_restart(restored: Driver) -> None:
    feed = restored.feed()
    restored.crash()
    restored.all_ready()

    assert restored.published == []
    assert restored.whys(feed) == [Why.RESTORED]


def test_a_confirmed_restore_sends_what_waits_once(restored: Driver) -> None:
    feed = restored.feed()
    restored.tell(ConfirmRestore(keep=True, by="Ada"))
    restored.crash()
    restored.heartbeat("1", last_id=9)
    restored.all_ready()

    assert restored.published == [(feed, "1"), (feed, "2")]


def test_a_restore_can_be_confirmed_without_what_waits(restored: Driver) -> None:
    feed = restored.feed()
    ping = restored.order("ping", "2")
    restored.tell(ConfirmRestore(keep=False, by="Ada"))
    restored.advance(1.0)

    assert restored.state(feed) is CommandState.CANCELLED
    assert restored.command(feed).timeline[-1].detail == "Ada"
    assert restored.published == [(ping, "2")]


@pytest.mark.parametrize("live", [False, True])
def test_an_older_report_does_not_hide_that_an_older_file_was_put_back(
    live: bool,
) -> None:
    before = Driver()
    before.all_ready()
    before.done(before.feed())
    driver = Driver(stored=before.disk.read())
    meanwhile = driver.feed()
    driver.connect()
    driver.see("1", live=live, online=True, drops_repeats=True, last_id=1)
    driver.advance(5.0)
    driver.reporting = driver.station.nodes
    driver.ready(drops_repeats=True, last_id=meanwhile)
    driver.advance(1.0)

    assert driver.published == []
    assert driver.engine.ledger.restored_at is not None


def test_a_restore_is_confirmed_once(restored: Driver) -> None:
    restored.tell(ConfirmRestore(keep=True))

    with pytest.raises(Refused, match="not_restored"):
        restored.tell(ConfirmRestore(keep=True))


def test_what_was_just_being_recorded_does_not_leave_after_a_restore() -> None:
    before = Driver()
    before.feed()
    before.cancel(1)
    driver = Driver(stored=before.disk.read())
    driver.all_ready()
    driver.writes = Writes.WHEN_TOLD
    operate = driver.order("operate", "2")
    driver.commit()
    assert driver.state(operate) is CommandState.SENT
    driver.heartbeat("2", drops_repeats=True, last_id=90)
    driver.commit()

    assert driver.published == []
    assert driver.whys(operate) == [Why.RESTORED]
    assert driver.delivery(operate, "2").attempts == 0


def test_a_command_in_doubt_is_not_sent_again_before_a_restore_is_confirmed(
    restored: Driver,
) -> None:
    restored.tell(ConfirmRestore(keep=True))
    feed = restored.feed()
    restored.done(feed, "1")
    restored.advance(MINUTE)
    assert restored.state(feed) is UNCONFIRMED
    restored.crash()
    restored.all_ready()
    restored.heartbeat("1", last_id=90)
    restored.resolve(feed, Outcome.RESEND)
    restored.advance(1.0)

    assert restored.times_published(feed, "2") == 1
    assert restored.whys(feed) == [Why.RESTORED]


def test_a_part_that_was_not_sent_is_dropped_with_the_rest_of_a_restored_queue() -> (
    None
):
    before = Driver()
    feed = before.feed()
    driver = Driver(stored=before.disk.read())
    driver.connect()
    driver.heartbeat("1", drops_repeats=True, last_id=feed)
    driver.heartbeat("2", drops_repeats=True, last_id=0)
    assert driver.deliveries(feed) == [DeliveryState.UNKNOWN, DeliveryState.PENDING]
    driver.tell(ConfirmRestore(keep=False, by="Ada"))

    assert driver.deliveries(feed) == [DeliveryState.UNKNOWN, DeliveryState.FAILED]
    assert driver.state(feed) is UNCONFIRMED


def test_a_meal_that_an_older_file_does_not_know_of_waits_for_a_person() -> None:
    """It was fed at noon; the file is from before, and noon is still within `late`."""
    before = Driver(wall=NOON - MINUTE)
    meal = Meal(id="", name="Lunch", rule=Rule("12:00", frozenset(WEEKDAYS)), params={})
    before.tell(PutMeal(meal))
    driver = Driver(stored=before.disk.read(), wall=NOON + 5 * MINUTE)
    driver.connect()
    driver.reporting = driver.station.nodes
    driver.ready(drops_repeats=True, last_id=7)
    driver.advance(MINUTE)

    (lunch,) = driver.engine.ledger.open.values()
    assert driver.published == []
    assert driver.whys(lunch.id) == [Why.RESTORED]


def test_a_file_from_a_backup_says_so_itself_whatever_its_nodes_can_tell(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.tell(Backup(under_way=True))
    backup = kitchen.disk.read()
    kitchen.tell(Backup(under_way=False))
    driver = Driver(stored=replace(backup, pause=None))
    driver.all_ready()
    assert driver.published == []
    assert driver.whys(feed) == [Why.RESTORED]

    driver.tell(ConfirmRestore(keep=True))
    driver.crash()
    driver.all_ready()
    assert driver.published == [(feed, "1"), (feed, "2")]


def test_making_a_backup_holds_nothing_up(kitchen: Driver) -> None:
    kitchen.tell(Backup(under_way=True))
    feed = kitchen.feed()
    kitchen.tell(Backup(under_way=False))
    kitchen.crash()
    kitchen.all_ready()

    assert kitchen.times_published(feed, "1") == 1
    assert kitchen.engine.ledger.restored_at is None


def test_a_station_that_is_new_itself_asks_nobody() -> None:
    driver = Driver()
    driver.all_ready(drops_repeats=True, last_id=40)
    feed = driver.feed()

    assert driver.published == [(feed, "1"), (feed, "2")]


def test_an_id_that_is_too_old_to_be_known_is_no_restore() -> None:
    before = Driver()
    before.all_ready()
    for _ in range(3):
        before.done(before.order("ping", "1"))
    before.tell(Archived(frozenset({1, 2, 3})))
    before.order("ping", "2")
    driver = Driver(stored=before.disk.read(), history=())
    driver.all_ready(drops_repeats=True, last_id=1)
    driver.done(4)
    feed = driver.feed()

    assert driver.times_published(feed, "1") == 1


def test_what_may_be_repeated_goes_on_under_a_new_id_after_a_restore() -> None:
    before = Driver()
    ping = before.order("ping", "1")
    driver = Driver(stored=before.disk.read())
    driver.connect()
    driver.heartbeat("1", drops_repeats=True, last_id=9)

    assert driver.causes(ping)[-1] is Cause.RENUMBERED
    assert driver.published == [(10, "1")]
