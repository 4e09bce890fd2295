"""A node is removed: what it may have is followed, what it never got ends."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.model.reports import (
    Busy,
    Forgot,
    Hello,
)
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import HOUR, MINUTE, Driver, a_station

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
UNCONFIRMED, SUCCEEDED = CommandState.UNCONFIRMED, CommandState.SUCCEEDED
FAILED, CANCELLED = CommandState.FAILED, CommandState.CANCELLED
DONE, UNKNOWN = DeliveryState.DONE, DeliveryState.UNKNOWN


def remove(driver: Driver, node: str = "2", *, away: float = 0.0) -> None:
    """Have the station start without a node; the others come back."""
    rest = tuple(each for each in driver.station.nodes if each != node)
    driver.published.clear()
    driver.crash(away=away, station=a_station(nodes=rest))
    driver.all_ready()


def sent_to(driver: Driver, node: str = "2") -> list[int]:
    return [command_id for command_id, to in driver.published if to == node]


# ---- what was never sent


def test_what_waits_for_it_alone_is_cancelled(kitchen: Driver) -> None:
    kitchen.pause()
    gone = kitchen.order("operate", "2")
    stays = kitchen.order("operate", "1")
    remove(kitchen)

    assert kitchen.state(gone) is CANCELLED
    assert kitchen.causes(gone)[-1] is Cause.NODE_REMOVED
    assert (gone, CANCELLED) in kitchen.changes
    assert kitchen.state(stays) is QUEUED


def test_of_what_waits_for_others_too_only_its_part_ends(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    remove(kitchen)
    assert kitchen.delivery(feed, "2").state is DeliveryState.FAILED
    assert kitchen.state(feed) is QUEUED

    kitchen.go_on()
    kitchen.done(feed, "1")
    assert kitchen.delivery(feed, "1").state is DONE
    assert kitchen.state(feed) is FAILED, "a part of it was not done"
    assert sent_to(kitchen) == []


def test_it_may_be_the_first_node_of_what_goes_on(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    remove(kitchen, "1")
    kitchen.go_on()

    assert kitchen.published == [(feed, "2")]
    assert kitchen.command(feed).nodes == ("1", "2")


def test_what_goes_on_may_be_cancelled_and_may_expire(kitchen: Driver) -> None:
    kitchen.pause()
    cancelled, expired = kitchen.feed(), kitchen.feed()
    remove(kitchen)
    kitchen.cancel(cancelled)
    kitchen.advance(HOUR)

    assert kitchen.state(cancelled) is CANCELLED
    assert kitchen.state(expired) is CommandState.EXPIRED


def test_all_nodes_may_be_removed(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.crash(station=a_station(nodes=()))

    assert kitchen.state(feed) is CANCELLED


def test_what_a_person_had_sent_again_stays_in_doubt(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    kitchen.pause()
    kitchen.resolve(feed, Outcome.RESEND)
    kitchen.done(feed, "1")
    remove(kitchen)

    assert kitchen.deliveries(feed) == [DONE, UNKNOWN]
    assert kitchen.state(feed) is UNCONFIRMED


# ---- what it may have


@pytest.mark.parametrize("accepted", [False, True])
def test_what_was_sent_to_it_becomes_a_doubt(
    kitchen: Driver, *, accepted: bool
) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    if accepted:
        kitchen.accept(feed, "2")
    remove(kitchen)
    assert not kitchen.state(feed).final

    kitchen.advance(90.0)
    assert kitchen.deliveries(feed) == [DONE, UNKNOWN]
    assert kitchen.state(feed) is UNCONFIRMED
    assert sent_to(kitchen) == []


@pytest.mark.parametrize("after", [0.0, 20.0, 2 * HOUR])
def test_its_late_answer_settles_it(kitchen: Driver, after: float) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    remove(kitchen)
    kitchen.advance(after)
    kitchen.done(feed, "2")

    assert kitchen.state(feed) is SUCCEEDED


def test_a_doubt_that_stood_already_stays_over_restarts(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "2")
    kitchen.advance(10.0)
    assert kitchen.state(operate) is UNCONFIRMED
    remove(kitchen, away=HOUR)
    kitchen.crash(away=HOUR)
    kitchen.all_ready()
    assert kitchen.state(operate) is UNCONFIRMED
    assert view(kitchen.engine, kitchen.now).unconfirmed == (operate,)

    kitchen.fail(operate, "2", "jammed")
    assert kitchen.state(operate) is FAILED


def test_the_last_id_that_it_tells_settles_it(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True, last_id=0)
    operate = kitchen.order("operate", "2")
    remove(kitchen)
    kitchen.advance(MINUTE)
    assert kitchen.state(operate) is UNCONFIRMED
    kitchen.ready("2", drops_repeats=True, last_id=operate)

    assert kitchen.state(operate) is SUCCEEDED


def test_its_restart_shows_that_it_was_restarted(kitchen: Driver) -> None:
    kitchen.ready(uptime=4000.0)
    reboot = kitchen.order("reboot", "2")
    remove(kitchen)
    kitchen.ready("2", uptime=4001.0)
    kitchen.advance(10.0)
    kitchen.ready("2", uptime=3.0)

    assert kitchen.state(reboot) is SUCCEEDED


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome.SUCCEEDED, SUCCEEDED), (Outcome.FAILED, FAILED)],
)
def test_a_person_settles_it(
    kitchen: Driver, outcome: Outcome, state: CommandState
) -> None:
    operate = kitchen.order("operate", "2")
    remove(kitchen)
    kitchen.advance(10.0)
    kitchen.resolve(operate, outcome)

    assert kitchen.state(operate) is state


def test_it_holds_those_behind_it_no_longer_than_any_doubt(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    remove(kitchen)
    following = kitchen.feed()
    kitchen.advance(10.0 + 10 * MINUTE)

    assert kitchen.state(feed) is UNCONFIRMED
    assert kitchen.published == [(following, "1")]


# ---- nothing more is sent to it


def test_send_again_is_refused(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "2")
    remove(kitchen)
    kitchen.advance(10.0)
    with pytest.raises(Refused, match="node_removed"):
        kitchen.resolve(operate, Outcome.RESEND)

    assert kitchen.state(operate) is UNCONFIRMED


def test_send_again_goes_to_the_other_nodes_alone(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    remove(kitchen)
    kitchen.resolve(feed, Outcome.RESEND)
    assert kitchen.published == [(feed, "1")]

    kitchen.done(feed, "1")
    assert kitchen.deliveries(feed) == [DONE, UNKNOWN]
    assert kitchen.state(feed) is UNCONFIRMED, "the question stays"
    kitchen.done(feed, "2")
    assert kitchen.state(feed) is SUCCEEDED


@pytest.mark.parametrize("kind", ["set_datetime", "close_valve", "ping"])
def test_what_may_be_repeated_is_not(kitchen: Driver, kind: str) -> None:
    command = kitchen.order(kind, "2")
    remove(kitchen)
    kitchen.ready("2")
    kitchen.advance(10 * MINUTE)

    assert kitchen.state(command) is FAILED
    assert kitchen.causes(command)[-1] is Cause.NODE_REMOVED
    assert sent_to(kitchen) == []


def test_a_feed_that_it_would_drop_is_not_repeated_but_asked_about(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "2")
    remove(kitchen)
    kitchen.ready("2", drops_repeats=True)
    kitchen.advance(5 * MINUTE)

    assert kitchen.state(operate) is UNCONFIRMED
    assert sent_to(kitchen) == []


def test_what_it_was_too_busy_for_ends(kitchen: Driver) -> None:
    dose = kitchen.order("dose", "2")
    feed = kitchen.order("toggle", "1")
    remove(kitchen)
    kitchen.tell(Busy("2", dose))
    kitchen.advance(5 * MINUTE)

    assert kitchen.state(dose) is CANCELLED
    assert kitchen.state(feed) is UNCONFIRMED
    assert sent_to(kitchen) == []


@pytest.mark.parametrize(
    ("kind", "state"), [("dose", UNCONFIRMED), ("set_datetime", CANCELLED)]
)
def test_what_is_forgotten_that_was_held_for_it_is_not_sent_anew(
    kitchen: Driver, kind: str, state: CommandState
) -> None:
    command = kitchen.order(kind, "2")
    kitchen.accept(command)
    remove(kitchen)
    kitchen.tell(Forgot("2"))
    kitchen.advance(5 * MINUTE)

    assert kitchen.state(command) is state
    assert sent_to(kitchen) == []


def test_it_is_offered_as_any_node_and_takes_up_its_commands_when_it_is_back(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "2")
    remove(kitchen)
    kitchen.advance(10.0)
    kitchen.tell(Hello(node="2"))
    kitchen.ready("2")
    assert "2" in kitchen.discovered
    assert "2" not in view(kitchen.engine, kitchen.now).nodes

    kitchen.crash(station=a_station())
    kitchen.all_ready()
    kitchen.resolve(operate, Outcome.RESEND)
    assert kitchen.state(operate) is SENT
    kitchen.done(operate)
    assert kitchen.state(operate) is SUCCEEDED
