"""What people chose beforehand holds once it is on disk, and from then on."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.choice import Chosen
from custom_components.mqtt_dispatch.engine.model.events import (
    Choose,
    CommitFailed,
    Committed,
)

from ..driver import Driver, Writes

PORTIONS = (None, "portions")


def choose(driver: Driver, amount: float) -> None:
    driver.tell(Choose(Chosen(*PORTIONS, amount)))


def amount(driver: Driver) -> float | None:
    chosen = driver.engine.ledger.chosen.held.get(PORTIONS)
    return None if chosen is None else chosen.amount


def test_what_was_chosen_last_outlasts_a_crash() -> None:
    driver = Driver()
    choose(driver, 10)
    choose(driver, 1)
    driver.tell(Choose(Chosen("1", "valve", 300)))

    driver.crash()
    assert amount(driver) == 1
    assert driver.engine.ledger.chosen.held["1", "valve"].amount == 300


def test_what_is_not_on_disk_yet_does_not_hold() -> None:
    driver = Driver()
    choose(driver, 5)
    driver.writes = Writes.WHEN_TOLD

    choose(driver, 7)
    assert amount(driver) == 5
    driver.commit()
    assert amount(driver) == 7


def test_what_could_not_be_stored_never_was() -> None:
    driver = Driver()
    choose(driver, 5)
    driver.writes = Writes.FAIL
    choose(driver, 7)
    driver.writes = Writes.AT_ONCE
    driver.advance(60)

    assert amount(driver) == 5
    driver.crash()
    assert amount(driver) == 5


def test_what_is_chosen_while_a_write_fails_is_stored_by_the_next() -> None:
    driver = Driver(writes=Writes.WHEN_TOLD)
    choose(driver, 5)
    being_written = driver.engine.snapshot()
    choose(driver, 7)

    driver.tell(CommitFailed(being_written.revision))
    assert amount(driver) is None
    driver.commit()
    assert amount(driver) == 7


def test_an_older_write_that_ends_well_brings_no_older_choice_back() -> None:
    driver = Driver(writes=Writes.WHEN_TOLD)
    choose(driver, 5)
    being_written = driver.engine.snapshot()
    choose(driver, 7)

    driver.tell(Committed(being_written.revision))
    assert amount(driver) == 5
    assert [one.amount for one in driver.engine.snapshot().chosen] == [7]
