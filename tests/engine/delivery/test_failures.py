"""A node that fails again and again is told, until it does something again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.delivery.failures import (
    MOST_IN_A_ROW,
    did_it,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from tests.engine.driver import Driver, Writes, a_station


def failing(driver: Driver) -> dict[str, list[int]]:
    """Return the nodes that fail too often in a row, and the commands of each."""
    return {
        node: [command.id for command in commands]
        for node, commands in driver.engine.failing().items()
    }


def fail_at(driver: Driver, node: str, times: int = 1) -> list[int]:
    """Have a node fail at pings, one after the other; return their ids."""
    pings = []
    for _ in range(times):
        pings.append(driver.order("ping", node))
        driver.fail(pings[-1], node, "jam")
    return pings


def do_one(driver: Driver, node: str) -> int:
    """Have a node do a ping."""
    ping = driver.order("ping", node)
    driver.done(ping)
    return ping


def test_the_third_failure_in_a_row_is_told_with_those_before(kitchen: Driver) -> None:
    pings = fail_at(kitchen, "1", 2)
    assert failing(kitchen) == {}
    pings += fail_at(kitchen, "1")
    assert failing(kitchen) == {"1": pings}
    pings += fail_at(kitchen, "1")
    assert failing(kitchen) == {"1": pings}


def test_what_the_node_does_clears_it_and_the_count_begins_anew(
    kitchen: Driver,
) -> None:
    fail_at(kitchen, "1", 3)
    do_one(kitchen, "1")
    assert failing(kitchen) == {}
    fail_at(kitchen, "1", 2)
    assert failing(kitchen) == {}


def test_each_node_is_counted_by_itself(kitchen: Driver) -> None:
    fail_at(kitchen, "1", 2)
    do_one(kitchen, "2")
    feed = kitchen.feed()
    kitchen.done(feed, "2")
    kitchen.fail(feed, "1")
    assert kitchen.state(feed) is CommandState.FAILED
    assert failing(kitchen).keys() == {"1"}


def test_a_refusal_and_an_answer_that_never_comes_count(kitchen: Driver) -> None:
    refused = kitchen.order("ping", "1")
    kitchen.reject(refused, "1")
    silent = kitchen.order("ping", "1")
    kitchen.advance(200.0)
    assert kitchen.causes(silent)[-1] is Cause.OUT_OF_ATTEMPTS
    assert failing(kitchen) == {}
    (last,) = fail_at(kitchen, "1")
    assert failing(kitchen) == {"1": [refused, silent, last]}


def test_what_was_never_sent_to_it_says_nothing(kitchen: Driver) -> None:
    pings = fail_at(kitchen, "1", 2)
    kitchen.disconnect()
    cancelled = kitchen.order("ping", "1")
    kitchen.cancel(cancelled)
    expired = kitchen.feed()
    kitchen.advance(3700.0)
    assert kitchen.state(expired) is CommandState.EXPIRED
    assert failing(kitchen) == {}
    kitchen.come_back()
    pings += fail_at(kitchen, "1")
    assert failing(kitchen) == {"1": pings}


@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, Outcome.FAILED])
def test_what_a_person_settles_clears_it(kitchen: Driver, outcome: Outcome) -> None:
    fail_at(kitchen, "1", 3)
    feed = kitchen.feed()
    kitchen.advance(20.0)
    assert kitchen.state(feed) is CommandState.UNCONFIRMED
    assert failing(kitchen).keys() == {"1"}, "nobody has answered yet"
    kitchen.resolve(feed, outcome)
    assert failing(kitchen) == {}


def test_what_a_newer_one_replaced_says_nothing(kitchen: Driver) -> None:
    pings = fail_at(kitchen, "1", 2)
    older = kitchen.order("update_config", "1", params={"a": 1})
    newer = kitchen.order("update_config", "1", params={"a": 2})
    kitchen.advance(15.0)
    assert kitchen.state(older) in (CommandState.SUPERSEDED, CommandState.FAILED)
    assert kitchen.causes(older)[-1] is Cause.SUPERSEDED
    kitchen.fail(newer, "1")
    assert failing(kitchen) == {"1": [*pings, newer]}


def test_it_stands_after_a_restart_and_after_the_history_was_written(
    kitchen: Driver,
) -> None:
    do_one(kitchen, "1")
    pings = fail_at(kitchen, "1", 2)
    kitchen.archive()
    pings += fail_at(kitchen, "1")
    kitchen.crash()
    assert failing(kitchen) == {"1": pings}


def test_it_goes_by_when_commands_ended_whatever_their_numbers(kitchen: Driver) -> None:
    later = kitchen.order("dose", "1", at=kitchen.now.wall + 60)
    pings = fail_at(kitchen, "1", 3)
    kitchen.advance(61.0)
    kitchen.done(later)
    assert later < pings[0]
    assert failing(kitchen) == {}
    kitchen.crash()
    assert failing(kitchen) == {}


def test_a_node_that_is_removed_fails_no_more(kitchen: Driver) -> None:
    fail_at(kitchen, "1", 3)
    kitchen.crash(station=a_station(nodes=("2",)))
    assert failing(kitchen) == {}


@pytest.mark.parametrize(("limit", "told"), [(0, False), (1, True), (5, False)])
def test_the_owner_chooses_how_many(limit: int, told: bool) -> None:
    driver = Driver(a_station(failures_in_a_row=limit))
    driver.all_ready()
    fail_at(driver, "1", 4)
    assert bool(failing(driver)) is told


def test_of_many_the_latest_are_kept(kitchen: Driver) -> None:
    pings = fail_at(kitchen, "1", MOST_IN_A_ROW + 5)
    assert failing(kitchen) == {"1": pings[-MOST_IN_A_ROW:]}


def test_what_was_only_told_a_node_proves_nothing(kitchen: Driver) -> None:
    fail_at(kitchen, "1", 3)
    told = kitchen.command(do_one(kitchen, "2"))
    heard = [entry for entry in told.timeline if entry.state != DeliveryState.DONE]
    done = replace(told.timeline[-1], node="2", state=DeliveryState.DONE)
    assert did_it(told, "2")
    assert did_it(told, "1") is None, "it was not for that node"

    only_told = replace(told, timeline=(*heard, replace(done, cause=Cause.TOLD)))

    assert did_it(only_told, "2") is None


def test_what_is_still_open_says_nothing(kitchen: Driver) -> None:
    ping = kitchen.order("ping", "1")
    assert kitchen.delivery(ping, "1").attempts
    assert did_it(kitchen.command(ping), "1") is None


def test_an_order_that_could_not_be_stored_is_no_failure(kitchen: Driver) -> None:
    pings = fail_at(kitchen, "1", 3)
    kitchen.writes = Writes.WHEN_TOLD
    ping = kitchen.order("ping", "1")
    kitchen.engine.ledger.withdraw(ping)
    assert failing(kitchen) == {"1": pings}
