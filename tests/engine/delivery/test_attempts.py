"""What is known of attempts ends with their command, in whatever way that ends."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.events import (
    CommitFailed,
    ConfirmRestore,
)
from custom_components.mqtt_dispatch.engine.model.reports import Busy
from tests.engine.driver import Driver, Writes, a_station, policies
from tests.engine.hub import Hub


def left_behind(driver: Driver) -> list[tuple[int, str]]:
    """Return the deliveries of which attempts are known though they are gone."""
    engine = driver.engine
    return [
        part
        for part, _ in engine.deliveries.attempts
        if part[0] not in engine.ledger.open
    ]


@pytest.fixture
def resting() -> Driver:
    """Return a station with a run for which its node was too busy."""
    driver = Driver(
        a_station(policies=policies(run_pump={"attempts": 20, "expires_in": 3600.0}))
    )
    driver.all_ready(drops_repeats=True)
    run = driver.order("run_pump", "1")
    driver.tell(Busy("1", run))
    assert not driver.command(run).ever_sent
    return driver


def test_nothing_is_left_of_what_goes_on_under_another_id(resting: Driver) -> None:
    (run,) = resting.engine.ledger.open
    resting.heartbeat("1", drops_repeats=True, last_id=40)

    assert resting.state(run) is CommandState.SUPERSEDED
    assert left_behind(resting) == []


def test_nothing_is_left_of_what_is_not_kept_after_a_restore(resting: Driver) -> None:
    resting.engine.ledger.hold_restored(resting.now.wall)
    resting.tell(ConfirmRestore(keep=False))

    assert not resting.engine.ledger.open
    assert left_behind(resting) == []


def test_nothing_is_left_of_what_a_person_settled(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(100.0)
    kitchen.resolve(feed, Outcome.SUCCEEDED)

    assert left_behind(kitchen) == []


def test_nothing_is_left_of_an_order_that_could_not_be_stored(kitchen: Driver) -> None:
    kitchen.writes = Writes.FAIL
    kitchen.feed()

    assert left_behind(kitchen) == []


def test_a_hub_may_answer_for_an_order_that_could_not_be_stored(hub: Hub) -> None:
    hub.writes = Writes.WHEN_TOLD
    hub.order("set_plan", "1", params={"slots": 2})
    hub.tell(CommitFailed(hub.engine.ledger.revision))

    hub.holds("1", "set_plan")
    assert left_behind(hub) == []
