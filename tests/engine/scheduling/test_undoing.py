"""What was ordered before a closing opens nothing that it closes, wherever it waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Finish
from custom_components.mqtt_dispatch.engine.model.reports import Busy, Rejected
from tests.engine.driver import MINUTE, Driver, Writes

KEY = "valve:0"
BOTH = ("1", "2")


def opening_of(driver: Driver, kind: str, *nodes: str) -> int:
    return driver.order(kind, *nodes, key=KEY)


def closing_of(driver: Driver, *nodes: str) -> int:
    return driver.order("close_valve", *nodes, key=KEY)


@pytest.fixture
def kitchen() -> Driver:
    """Return a station of two nodes that drop repeats: what is lost may be repeated."""
    driver = Driver()
    driver.all_ready(drops_repeats=True)
    return driver


def waits(driver: Driver, opening: Callable[[], int]) -> int:
    """It waits while the station pauses."""
    driver.pause()
    return opening()


def is_silent(driver: Driver, opening: Callable[[], int]) -> int:
    """Its nodes have it, or not; nobody answers."""
    return opening()


def waits_for_a_retry(driver: Driver, opening: Callable[[], int]) -> int:
    """It was sent in vain."""
    opened = opening()
    driver.advance(11)
    return opened


def its_nodes_are_busy(driver: Driver, opening: Callable[[], int]) -> int:
    """It rests, for its nodes were too busy for it."""
    opened = opening()
    for node in BOTH:
        driver.tell(Busy(node, opened))
    return opened


def one_has_it(driver: Driver, opening: Callable[[], int]) -> int:
    """One node has done it, to the other one it did not leave."""
    opened = opening()
    driver.not_published(opened, "1")
    driver.done(opened, "2")
    return opened


STANDS = (waits, is_silent, waits_for_a_retry, its_nodes_are_busy, one_has_it)


@pytest.mark.parametrize("kind", ["open_valve", "set_relay"])
@pytest.mark.parametrize("stands", STANDS, ids=lambda stands: stands.__name__)
@pytest.mark.parametrize("nodes", [("1",), BOTH], ids="+".join)
@pytest.mark.parametrize("is_closed", [True, False])
def test_nothing_opens_at_a_node_after_it_was_closed_there(
    kitchen: Driver,
    kind: str,
    stands: Callable[[Driver, Callable[[], int]], int],
    *,
    nodes: tuple[str, ...],
    is_closed: bool,
) -> None:
    opening = stands(kitchen, lambda: opening_of(kitchen, kind, *BOTH))
    closing = closing_of(kitchen, *nodes)
    before = len(kitchen.published)
    kitchen.go_on()
    if is_closed:
        kitchen.done(closing, *nodes)
    kitchen.advance(10 * MINUTE)

    late = kitchen.published[before:]
    assert not {(opening, node) for node in nodes} & {*late}, "it was opened once more"


@pytest.mark.parametrize("kind", ["open_valve", "set_relay"])
def test_a_closing_of_one_node_leaves_the_others_of_an_opening_to_it(
    kitchen: Driver, kind: str
) -> None:
    kitchen.pause()
    opening = opening_of(kitchen, kind, *BOTH)
    closing_of(kitchen, "1")

    assert kitchen.deliveries(opening) == [DeliveryState.FAILED, DeliveryState.PENDING]
    assert kitchen.causes(opening)[-1] is Cause.SUPERSEDED
    kitchen.go_on()
    kitchen.done(opening, "2")
    assert kitchen.state(opening) is CommandState.FAILED
    assert (opening, "1") not in kitchen.published
    assert (opening, "2") in kitchen.published


def test_what_is_closed_node_by_node_is_superseded_in_the_end(kitchen: Driver) -> None:
    kitchen.pause()
    opening = opening_of(kitchen, "open_valve", *BOTH)
    closing_of(kitchen, "1")
    closing_of(kitchen, "2")

    assert kitchen.state(opening) is CommandState.SUPERSEDED


@pytest.mark.parametrize("kind", ["open_valve", "set_relay"])
@pytest.mark.parametrize("killed", [False, True])
def test_a_closing_that_was_done_is_remembered(
    kitchen: Driver, kind: str, *, killed: bool
) -> None:
    opening = opening_of(kitchen, kind, "1")
    closing = closing_of(kitchen, "1")
    kitchen.done(closing)
    if killed:
        kitchen.crash()
        kitchen.all_ready(drops_repeats=True)
    kitchen.tell(Busy("1", opening))
    before = len(kitchen.published)
    kitchen.advance(10 * MINUTE)

    assert (opening, "1") not in kitchen.published[before:]


@pytest.mark.parametrize("how", ["withdrawn", "not stored"])
def test_a_closing_that_came_to_nothing_undoes_nothing(
    kitchen: Driver, how: str
) -> None:
    opening = opening_of(kitchen, "set_relay", "1")
    kitchen.advance(1)
    kitchen.pause()
    if how == "not stored":
        kitchen.writes = Writes.FAIL
        closing_of(kitchen, "1")
        kitchen.writes = Writes.AT_ONCE
    else:
        kitchen.cancel(closing_of(kitchen, "1"))
    kitchen.go_on()
    kitchen.advance(MINUTE)

    assert kitchen.times_published(opening, "1") > 1


def test_a_person_who_has_it_sent_again_knows_of_the_closing(kitchen: Driver) -> None:
    opening = opening_of(kitchen, "open_valve", "1")
    closing = closing_of(kitchen, "1")
    kitchen.done(closing)
    kitchen.advance(10 * MINUTE)
    assert kitchen.state(opening) is CommandState.UNCONFIRMED
    kitchen.resolve(opening, Outcome.RESEND)
    kitchen.advance(MINUTE)

    assert kitchen.times_published(opening, "1") == 3, "once, anew, and that repeated"


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_person_has_sent_again_is_undone_by_a_later_closing(
    kitchen: Driver, *, killed: bool
) -> None:
    opening = opening_of(kitchen, "open_valve", "1")
    kitchen.advance(20 * MINUTE)
    kitchen.pause()
    kitchen.resolve(opening, Outcome.RESEND)
    closing = closing_of(kitchen, "1")
    if killed:
        kitchen.crash()
        kitchen.all_ready(drops_repeats=True)
    before = len(kitchen.published)
    kitchen.go_on()
    kitchen.done(closing)
    kitchen.advance(10 * MINUTE)

    assert (opening, "1") not in kitchen.published[before:]
    assert kitchen.state(opening) is CommandState.UNCONFIRMED, "it may have been done"


@pytest.fixture
def half_closed(kitchen: Driver) -> int:
    """Have one node closed, and the other one refuse."""
    closing = closing_of(kitchen, *BOTH)
    kitchen.done(closing, "1")
    kitchen.tell(Rejected("2", closing, "no", for_good=True))
    return closing


def test_who_finishes_a_closing_undoes_nothing_where_that_was_done(
    kitchen: Driver, half_closed: int
) -> None:
    kitchen.pause()
    opening = opening_of(kitchen, "open_valve", "1")
    kitchen.tell(Finish(half_closed))
    kitchen.go_on()

    assert (opening, "1") in kitchen.published


def test_who_finishes_an_order_of_class_latest_replaces_nothing_where_that_was_done(
    kitchen: Driver,
) -> None:
    older = opening_of(kitchen, "set_relay", *BOTH)
    kitchen.done(older, "1")
    kitchen.reject(older, "2")
    kitchen.pause()
    newer = opening_of(kitchen, "set_relay", *BOTH)
    kitchen.tell(Finish(older))
    kitchen.go_on()

    assert (newer, "1") in kitchen.published


def test_a_closing_is_not_repeated_once_a_newer_one_is_done(kitchen: Driver) -> None:
    """It would close what was opened since."""
    older = closing_of(kitchen, "1")
    kitchen.done(closing_of(kitchen, "1"))
    kitchen.done(opening_of(kitchen, "open_valve", "1"))
    before = len(kitchen.published)
    kitchen.advance(10 * MINUTE)

    assert (older, "1") not in kitchen.published[before:]
    assert kitchen.state(older) is CommandState.SUPERSEDED
