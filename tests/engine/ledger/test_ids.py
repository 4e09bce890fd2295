"""No number is given to two commands, whatever became of the files in between."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.ledger.commit_requests import REPORTS_SHARE
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import BEGINNING, first_id
from custom_components.mqtt_dispatch.engine.model.command import HIGHEST_ID
from tests.engine.driver import HOUR, MINUTE, NOON, Driver

YEAR = 365.25 * 24 * HOUR


def begin(*, stored: Snapshot | None = None, later: float = 0.0) -> Driver:
    """Return a station with nodes that are ready, `later` seconds after noon."""
    driver = Driver(stored=stored, wall=NOON + later, ids_by_clock=True)
    driver.all_ready()
    return driver


def given(driver: Driver, feeds: int = 4) -> list[int]:
    """Return the ids of so many feeds, all done."""
    ids = []
    for _ in range(feeds):
        ids.append(driver.feed())
        driver.accept(ids[-1])
        driver.done(ids[-1])
        driver.advance(MINUTE)
    return ids


def test_ids_are_counted_from_where_a_station_begins() -> None:
    first, second, *_ = given(begin())

    assert second == first + 1


def test_promise_2_a_station_that_is_added_again_asks_for_no_old_id() -> None:
    removed = given(begin())

    assert min(given(begin(later=10 * MINUTE))) > max(removed)


def test_promise_2_a_file_that_was_put_back_unnoticed_gives_no_id_again() -> None:
    driver = begin()
    given(driver)
    backup = driver.disk.read()
    since = given(driver)
    restored = begin(stored=backup, later=HOUR)

    assert min(given(restored)) > max(since)


def test_a_file_that_was_put_back_is_noticed_by_what_the_nodes_executed() -> None:
    driver = begin()
    given(driver)
    backup = driver.disk.read()
    (*_, last) = given(driver)
    for stored, is_older in ((backup, True), (driver.disk.read(), False)):
        restarted = begin(stored=stored, later=HOUR)
        restarted.heartbeat("1", drops_repeats=True, last_id=last)
        assert (restarted.engine.ledger.restored_at is not None) is is_older


def test_what_nodes_did_for_a_station_that_is_gone_is_nothing_to_ask_about() -> None:
    *_, last = given(begin())
    driver = begin(later=10 * MINUTE)
    for _ in range(10):
        driver.heartbeat("1", drops_repeats=True, last_id=last)
        driver.heartbeat("2", drops_repeats=True, last_id=4)
        driver.advance(MINUTE)

    assert driver.engine.ledger.restored_at is None
    assert driver.engine.answers.past.foreign == {}


def test_a_file_without_a_clock_goes_on_with_its_own_ids() -> None:
    driver = begin()
    given(driver)
    stored = driver.disk.read()
    restarted = begin(stored=stored, later=-NOON)

    assert restarted.feed() == stored.next_id


@pytest.mark.parametrize(
    ("wall", "first"),
    [
        (0.0, 1),
        (BEGINNING, 1),
        (BEGINNING + 0.9, 1),
        (BEGINNING + 60.5, 60),
        (NOON, 41_083_200),
        (BEGINNING + 70 * YEAR, 1),
    ],
)
def test_the_first_id_is_the_seconds_since_2025_04_01(wall: float, first: int) -> None:
    assert first_id(wall) == first


def test_ids_last_beyond_2090() -> None:
    assert 1 < first_id(BEGINNING + 66 * YEAR) < HIGHEST_ID


def test_an_id_that_a_node_knows_from_elsewhere_stays_passed_after_a_crash() -> None:
    driver = Driver()
    driver.all_ready()
    driver.heartbeat("1", drops_repeats=True, last_id=40)
    driver.crash(away=HOUR)

    assert driver.feed() > 40
    driver.all_ready()
    driver.heartbeat("1", drops_repeats=True, last_id=40)
    assert driver.engine.ledger.restored_at is None, "it was known before the crash"


def test_an_id_of_a_foreign_answer_stays_passed_a_while_later() -> None:
    driver = Driver()
    driver.all_ready()
    driver.done(999, "1")
    driver.advance(REPORTS_SHARE)
    driver.crash()

    assert driver.feed() == 1000


def test_promise_6_ids_from_elsewhere_share_commits() -> None:
    driver = Driver()
    driver.all_ready()
    writes = driver.disk.writes
    for last_id in range(40, 640):
        driver.heartbeat("1", drops_repeats=True, last_id=last_id)
        driver.advance(0.2)
    driver.advance(REPORTS_SHARE)

    assert driver.disk.writes - writes <= 1 + 600 * 0.2 / REPORTS_SHARE + 1
    driver.crash()
    assert driver.feed() == 640


def test_an_order_is_stored_at_once_whatever_nodes_told_before() -> None:
    driver = Driver()
    driver.all_ready()
    for last_id in (40, 41):
        driver.heartbeat("1", drops_repeats=True, last_id=last_id)
    feed = driver.feed()

    assert driver.disk.command(feed) is not None
