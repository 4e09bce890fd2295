"""What nodes dispensed by themselves: counted for the day, stored, bounded."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.ledger.commit_requests import REPORTS_SHARE
from custom_components.mqtt_dispatch.engine.ledger.dispensed import LIMIT
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import HOUR, MINUTE
from tests.engine.plan.tellers import MIDNIGHT, MORNING, Feeder


@pytest.fixture
def feeder() -> Feeder:
    """Return a feeder with a meal at 8:00, at 7:00."""
    return Feeder()


class TestTheCountsOfADay:
    """They fall to nought when it ends, also while a node is silent."""

    def told_late(self) -> Feeder:
        feeder = Feeder(keeper=PlanKeeper.NODES)
        feeder.until(MIDNIGHT - HOUR)
        feeder.disconnect()
        return feeder

    def grams(self, feeder: Feeder) -> float:
        return view(feeder.engine, feeder.now).nodes["1"].grams_today

    def test_of_what_nodes_fed(self) -> None:
        feeder = self.told_late()
        feeder.fed(MIDNIGHT - HOUR, planned=False)
        assert self.grams(feeder) == 12.0

        assert feeder.engine.next_deadline(feeder.now) == HOUR
        feeder.until(MIDNIGHT)
        assert self.grams(feeder) == 0.0

    def test_of_a_node_whose_clock_is_a_little_ahead(self) -> None:
        feeder = self.told_late()
        feeder.until(MIDNIGHT - MINUTE)
        feeder.fed(MIDNIGHT + MINUTE, planned=False)
        assert self.grams(feeder) == 0.0

        assert feeder.engine.next_deadline(feeder.now) == MINUTE
        feeder.until(MIDNIGHT)
        assert self.grams(feeder) == 12.0


def flood(feeder: Feeder, reports: int) -> None:
    for number in range(reports):
        feeder.fed(MORNING - number, planned=False)
        feeder.advance(0.1)


def test_a_node_that_tells_much_takes_nothing_from_another(feeder: Feeder) -> None:
    feeder.fed(MORNING - HOUR, "2", planned=False)
    flood(feeder, 2 * LIMIT)

    told = feeder.engine.ledger.feeds.dispensed
    assert [report.node for report in told].count("1") == LIMIT
    assert told.last_fed("2") == MORNING - HOUR
    assert feeder.engine.ledger.feeds.dispensed.last_fed("1") == MORNING


def test_promise_6_many_reports_share_commits(feeder: Feeder) -> None:
    writes = feeder.disk.writes
    flood(feeder, 600)
    feeder.advance(REPORTS_SHARE)

    assert feeder.disk.writes - writes <= 2 + 60.0 / REPORTS_SHARE
    assert len(feeder.disk.read().dispensed) == 600


def test_what_a_node_says_now_and_then_is_stored_at_once(feeder: Feeder) -> None:
    for number in range(3):
        feeder.fed(feeder.now.wall, planned=False)
        assert len(feeder.disk.read().dispensed) == number + 1
        feeder.advance(REPORTS_SHARE)
