"""What waits for a history that takes nothing, and when the past is purged."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.ledger import UNARCHIVED_LIMIT
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.events import Archived, Tick
from custom_components.mqtt_dispatch.engine.model.policy import DAY
from custom_components.mqtt_dispatch.engine.unarchived import Unarchived

from .driver import Driver, Writes

KEPT_FOR = 400 * DAY


def purged_up_to(driver: Driver, unarchived: Unarchived) -> float | None:
    """Return up to when the history is to be forgotten."""
    return unarchived.lines(driver.now).older_than


def test_so_many_closed_commands_wait_for_a_history_that_takes_none() -> None:
    driver = Driver(writes=Writes.WHEN_TOLD)
    ids = [driver.order("operate") for _ in range(3)]
    for command_id in ids:
        driver.cancel(command_id)
    driver.tell(Archived(None))
    assert driver.engine.ledger.unarchived == set(ids), "there is room for them"

    for _ in range(UNARCHIVED_LIMIT - 1):
        driver.cancel(driver.order("operate"))
    driver.tell(Archived(None))

    assert driver.engine.ledger.unarchived.isdisjoint(ids[:2])
    assert len(driver.engine.ledger.unarchived) == UNARCHIVED_LIMIT


def test_what_is_older_than_its_owner_wants_is_purged() -> None:
    driver = Driver()
    driver.order("ping", "1")

    assert purged_up_to(driver, Unarchived(driver.engine.facts, driver.now)) == (
        driver.now.wall - KEPT_FOR
    )


def test_a_clock_that_begins_long_after_all_is_not_believed_for_a_day() -> None:
    before = Driver()
    before.order("ping", "1")
    later = Now(wall=before.now.wall + 31 * DAY, steady=77.0)
    engine = Engine(before.station, before.disk.read(), (), later)
    unarchived = Unarchived(engine.facts, later)
    engine.handle(Tick(), later)
    assert unarchived.lines(later).older_than is None

    a_day_on = Now(wall=later.wall + DAY + 1.0, steady=later.steady + DAY + 1.0)
    engine.handle(Tick(), a_day_on)

    assert unarchived.lines(a_day_on).older_than == a_day_on.wall - KEPT_FOR


def test_a_clock_that_nobody_set_purges_nothing() -> None:
    driver = Driver(wall=1000.0)

    assert purged_up_to(driver, Unarchived(driver.engine.facts, driver.now)) is None
