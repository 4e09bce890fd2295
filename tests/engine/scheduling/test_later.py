"""What is ordered for later: it is sent at its time, and is in nobody's way before."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Backup,
    CancelAll,
    ConfirmRestore,
    Finish,
    Refused,
    Release,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.view import StationStatus, view
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    NODES,
    NOON,
    Driver,
    Writes,
    a_station,
)

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
EXPIRED = CommandState.EXPIRED


def for_later(driver: Driver, after: float = 6 * HOUR, **fields: Any) -> int:
    """Order a feed for so many seconds from now."""
    return driver.feed(at=driver.now.wall + after, **fields)


def sent(driver: Driver) -> list[int]:
    """Return the commands that were published, in order, each once."""
    return list(dict.fromkeys(command_id for command_id, _ in driver.published))


def test_it_is_sent_when_its_time_has_come_and_says_so_before(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.advance(6 * HOUR - 0.1)
    assert kitchen.state(feed) is QUEUED
    assert kitchen.reasons(feed) == (
        Reason(Why.NOT_YET, until=kitchen.command(feed).not_before),
    )
    assert not kitchen.published

    kitchen.advance(0.1)
    assert kitchen.state(feed) is SENT
    assert sent(kitchen) == [feed]


def test_its_expiry_counts_from_its_time(offline: Driver) -> None:
    feed, soon = for_later(offline), for_later(offline, expires_in=60.0)
    assert offline.command(feed).expires_at == NOON + 7 * HOUR
    offline.advance(6 * HOUR + 59)
    assert offline.state(soon) is QUEUED
    offline.advance(1)
    assert offline.state(soon) is EXPIRED
    assert offline.state(feed) is QUEUED

    offline.advance(HOUR - 60)
    assert offline.state(feed) is EXPIRED


def test_nobody_waits_for_what_waits_for_its_time(kitchen: Driver) -> None:
    later = for_later(kitchen)
    now = kitchen.feed()

    assert kitchen.state(now) is SENT
    kitchen.done(now)
    kitchen.advance(6 * HOUR)
    assert sent(kitchen) == [now, later]


def test_it_needs_no_node_before_its_time(offline: Driver) -> None:
    feed = for_later(offline)
    assert offline.whys(feed) == [Why.NOT_YET]
    offline.advance(6 * HOUR)
    assert offline.whys(feed) == [Why.DISCONNECTED]

    offline.all_ready()
    assert offline.state(feed) is SENT


def test_it_stands_behind_what_was_ordered_before_its_time(offline: Driver) -> None:
    last, first = for_later(offline, 6 * HOUR + 2), for_later(offline)
    before = offline.feed(expires_in=DAY)
    offline.advance(6 * HOUR + 1)
    between = offline.feed()
    offline.advance(2)
    after = offline.feed()
    offline.reporting = NODES
    offline.come_back()
    for feed in (before, first, between, last, after):
        assert sent(offline)[-1] == feed
        offline.done(feed)

    assert sent(offline) == [before, first, between, last, after]


def test_it_keeps_its_place_over_a_restart() -> None:
    offline = Driver(a_station(feeds_waiting=0))
    early = for_later(offline, DAY)
    last, first = for_later(offline, 6 * HOUR + 2), for_later(offline)
    before = offline.feed(expires_in=DAY)
    offline.advance(6 * HOUR + 1)
    between = offline.feed()
    offline.advance(2)
    after = offline.feed()
    offline.crash()
    offline.reporting = NODES
    offline.come_back()
    for feed in (before, first, between, last, after):
        assert sent(offline)[-1] == feed
        offline.done(feed)

    assert offline.whys(early) == [Why.NOT_YET]


def test_those_of_one_moment_go_in_the_order_of_their_ids(kitchen: Driver) -> None:
    first, second = for_later(kitchen), for_later(kitchen)
    kitchen.advance(6 * HOUR)
    kitchen.done(first)

    assert sent(kitchen) == [first, second]


@pytest.mark.parametrize("away", [0.0, 5 * HOUR])
def test_it_survives_a_kill_before_its_time(kitchen: Driver, away: float) -> None:
    feed = for_later(kitchen)
    kitchen.crash(away=away)
    kitchen.all_ready()
    kitchen.advance(6 * HOUR - away - 1)
    assert kitchen.state(feed) is QUEUED

    kitchen.advance(1)
    assert kitchen.times_published(feed, "1") == 1


def test_off_at_its_time_it_is_sent_late_or_not_at_all(kitchen: Driver) -> None:
    late, too_late = for_later(kitchen), for_later(kitchen, 6 * HOUR - 30 * MINUTE)
    kitchen.crash(away=7 * HOUR - 10)
    kitchen.all_ready()

    assert kitchen.state(late) is SENT
    assert kitchen.state(too_late) is EXPIRED


def test_a_clock_that_is_not_believed_has_no_time_come(kitchen: Driver) -> None:
    feed = for_later(kitchen, HOUR)
    kitchen.set_clock(3 * DAY)
    kitchen.advance(MINUTE)
    assert kitchen.whys(feed) == [Why.CLOCK]
    kitchen.set_clock(-3 * DAY)
    kitchen.advance(MINUTE)
    assert kitchen.whys(feed) == [Why.NOT_YET]

    kitchen.advance(HOUR)
    assert kitchen.times_published(feed, "1") == 1


def test_a_clock_that_was_set_ahead_is_believed_when_it_stands(kitchen: Driver) -> None:
    feed = for_later(kitchen, HOUR)
    kitchen.set_clock(HOUR + MINUTE)
    kitchen.advance(STANDS - 1)
    assert not kitchen.published

    kitchen.advance(2)
    assert kitchen.state(feed) is SENT


def test_a_clock_that_was_set_back_makes_it_wait_again(kitchen: Driver) -> None:
    kitchen.busy("1")
    kitchen.reporting = ()
    feed, behind = for_later(kitchen, HOUR), for_later(kitchen, HOUR + 1)
    kitchen.advance(HOUR)
    assert Why.NOT_YET not in kitchen.whys(feed)
    kitchen.set_clock(-10 * MINUTE)
    kitchen.tell(Tick())
    assert kitchen.whys(feed) == [Why.NOT_YET]
    kitchen.all_ready()
    kitchen.advance(9 * MINUTE)
    assert not kitchen.published

    kitchen.advance(MINUTE)
    assert sent(kitchen) == [feed]
    kitchen.done(feed)
    kitchen.advance(1)
    assert sent(kitchen) == [feed, behind]


def test_a_machine_that_starts_in_1970_sends_nothing_until_it_knows(
    kitchen: Driver,
) -> None:
    feed = for_later(kitchen, HOUR)
    kitchen.crash(away=-NOON)
    kitchen.all_ready()
    kitchen.advance(HOUR)
    assert not kitchen.published

    kitchen.set_clock(NOON)
    kitchen.advance(1)
    assert kitchen.state(feed) is SENT


def test_it_is_withdrawn_like_any_other(kitchen: Driver) -> None:
    one, other = for_later(kitchen), for_later(kitchen)
    kitchen.cancel(one)
    assert kitchen.state(one) is CommandState.CANCELLED

    kitchen.tell(CancelAll())
    assert kitchen.state(other) is CommandState.CANCELLED
    kitchen.advance(DAY)
    assert not kitchen.published


def test_a_clock_that_is_not_believed_names_no_moment(kitchen: Driver) -> None:
    kitchen.set_clock(2 * DAY)
    kitchen.tell(Tick())
    with pytest.raises(Refused, match="clock_doubted"):
        for_later(kitchen)
    assert kitchen.state(kitchen.feed()) is SENT

    kitchen.set_clock(-2 * DAY)
    kitchen.tell(Tick())
    for_later(kitchen)


def test_what_could_not_be_stored_never_was(kitchen: Driver) -> None:
    kitchen.writes = Writes.FAIL
    for_later(kitchen)
    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(DAY)

    assert not kitchen.published
    assert not kitchen.engine.ledger.open


def test_it_waits_for_what_was_ordered_with_it_elsewhere(kitchen: Driver) -> None:
    kept, not_kept = for_later(kitchen, held=True), for_later(kitchen, held=True)
    kitchen.tell(Release(kept))
    kitchen.tell(Release(not_kept, all_stored=False))
    kitchen.advance(DAY)

    assert sent(kitchen) == [kept]


def test_a_key_is_its_order_whenever_it_is_for(kitchen: Driver) -> None:
    feed = for_later(kitchen, idempotency_key="a")

    assert for_later(kitchen, DAY, idempotency_key="a") == feed
    assert kitchen.feed(idempotency_key="a") == feed
    assert not kitchen.published


def test_a_pause_holds_it_only_when_its_time_has_come(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.pause()
    assert kitchen.whys(feed) == [Why.NOT_YET]
    kitchen.advance(6 * HOUR)
    assert kitchen.whys(feed) == [Why.PAUSED]

    kitchen.go_on()
    assert kitchen.state(feed) is SENT


def test_what_only_waits_for_its_time_does_not_keep_a_station_waiting(
    kitchen: Driver,
) -> None:
    later = for_later(kitchen, 6 * HOUR + HOUR)
    sooner = for_later(kitchen)
    shown = view(kitchen.engine, kitchen.now)
    assert shown.status is StationStatus.IDLE
    assert shown.first_waiting is not None
    assert shown.first_waiting[0].id == sooner
    assert shown.waiting == 2

    kitchen.busy("1")
    kitchen.reporting = ()
    held = kitchen.feed()
    shown = view(kitchen.engine, kitchen.now)
    assert shown.status is StationStatus.WAITING
    assert shown.first_waiting is not None
    assert shown.first_waiting[0].id == held
    assert shown.first_waiting[1][0].why is Why.NOT_READY
    assert shown.waiting == 3
    assert later not in sent(kitchen)


def test_who_stands_first_is_shown_before_who_was_ordered_first(
    offline: Driver,
) -> None:
    later = for_later(offline, MINUTE)
    offline.connect()
    first = offline.feed()
    offline.advance(MINUTE)
    shown = view(offline.engine, offline.now).first_waiting

    assert shown is not None
    assert shown[0].id == first
    assert offline.whys(later) == [Why.BEHIND]


def test_it_is_shown_as_waiting_only_once_it_is_stored(kitchen: Driver) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    for_later(kitchen)
    shown = view(kitchen.engine, kitchen.now)

    assert shown.first_waiting is None
    assert shown.waiting == 0


def test_sent_again_by_a_person_it_goes_at_once(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.advance(6 * HOUR + 2 * MINUTE)
    assert kitchen.state(feed) is CommandState.UNCONFIRMED
    kitchen.advance(2 * HOUR)
    kitchen.resolve(feed, Outcome.RESEND)

    assert kitchen.state(feed) is SENT
    assert kitchen.command(feed).expires_at == kitchen.now.wall + HOUR


def test_what_finishes_it_is_not_for_later(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.advance(6 * HOUR)
    kitchen.done(feed, "1")
    kitchen.reject(feed, "2")
    kitchen.tell(Finish(feed))
    (rest,) = [each for each in sent(kitchen) if each != feed]
    assert kitchen.delivery(rest, "2").state is DeliveryState.SENT


def test_what_goes_on_under_another_id_keeps_its_time(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.see("1", online=True, ready=True, last_id=40)
    (twin,) = kitchen.engine.ledger.open.values()
    assert twin.id > 40
    assert kitchen.state(feed) is CommandState.SUPERSEDED
    assert twin.not_before == kitchen.command(feed).not_before
    kitchen.advance(6 * HOUR - 1)
    assert not kitchen.published

    kitchen.advance(1)
    assert sent(kitchen) == [twin.id]


def test_put_back_from_a_backup_it_waits_for_a_person_at_its_time(
    kitchen: Driver,
) -> None:
    kitchen.tell(Backup(under_way=True))
    feed = for_later(kitchen)
    kitchen.crash()
    kitchen.all_ready()
    assert kitchen.whys(feed) == [Why.NOT_YET]
    kitchen.advance(6 * HOUR)
    assert kitchen.whys(feed) == [Why.RESTORED]

    kitchen.tell(ConfirmRestore(keep=True))
    assert kitchen.state(feed) is SENT


def test_what_a_person_does_not_keep_of_a_backup_is_withdrawn(kitchen: Driver) -> None:
    kitchen.tell(Backup(under_way=True))
    feed = for_later(kitchen)
    kitchen.crash()
    kitchen.tell(ConfirmRestore(keep=False))

    assert kitchen.state(feed) is CommandState.CANCELLED


def test_at_a_removed_node_it_ends_at_once(kitchen: Driver) -> None:
    feed = for_later(kitchen)
    kitchen.crash(station=a_station(nodes=("3",)))

    assert kitchen.state(feed) is CommandState.CANCELLED


def test_what_closes_now_lets_open_what_is_to_open_later(kitchen: Driver) -> None:
    opening = kitchen.order("open_valve", "1", at=kitchen.now.wall + 6 * HOUR)
    kitchen.done(kitchen.order("close_valve", "1"))
    assert kitchen.state(opening) is QUEUED

    kitchen.advance(6 * HOUR)
    assert kitchen.state(opening) is SENT
