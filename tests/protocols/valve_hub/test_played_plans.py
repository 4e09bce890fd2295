"""Plans of many lines, from the engine to the hub and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import SkipMeal
from tests.engine.driver import HOUR, MINUTE

from .playing import Hub

SUCCEEDED = CommandState.SUCCEEDED


class Node:
    """Node 5, which takes all that the hub holds for it each time it wakes up."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.held: list[list[str]] = []
        self.done: list[str] = []
        self.slots: set[str] = set()
        self.uptime = 0

    def wait(self) -> None:
        """Let the hub answer what comes, until nothing more does."""
        while lines := self.hub.lines():
            for line in lines:
                self._answer(line.split())
            self.hub.advance(2.0)

    def wake(self) -> None:
        self.uptime += 60
        self.hub.say(f"HEARTBEAT 5 77 255 0 -60 {self.uptime}")
        while self.held:
            word, _, slot, *_ = self.held.pop(0)
            self.done.append(word)
            self.hub.say(f"EVENT_LOG 5 77 0 {self._does(word, slot)}")

    def _answer(self, words: list[str]) -> None:
        match words:
            case ["GET_QUEUE", "5"]:
                self.hub.say(f"QUEUE 5 {len(self.held)}")
                for word, *_ in self.held:
                    self.hub.say(f"UPDATE 1 {word} 1")
            case ["LIST_NODES"]:
                self.hub.say("NODE_LIST 0")
            case [word, *_]:
                self.held.append(words)
                assert len(self.held) <= 8, "one place is for a close, one for the last"
                self.hub.say(f"QUEUED {word} 5 {len(self.held)}")

    def _does(self, word: str, slot: str) -> str:
        """Return type, severity and detail of what it reports."""
        if word == "SET_SCHEDULE":
            assert slot not in self.slots
            self.slots.add(slot)
            return f"112 0 {slot}"
        if slot in self.slots:
            self.slots.remove(slot)
            return f"113 0 {slot}"
        return f"114 2 {0x0300 + int(slot)}"


def test_a_plan_of_100_slots_goes_as_removals_then_settings_eight_at_a_time() -> None:
    hub = Hub(slots=100)
    hub.plan(*(f"{hour:02}:{minute:02}" for hour in range(20) for minute in (0, 30)))
    node = Node(hub)
    node.wait()
    while hub.latest_plan().state is not SUCCEEDED:
        hub.advance(MINUTE)
        node.wake()
        node.wait()
        assert node.uptime < HOUR

    assert len(node.slots) == 40
    assert node.done[-140:] == ["REMOVE_SCHEDULE"] * 100 + ["SET_SCHEDULE"] * 40


@pytest.mark.parametrize(
    ("zone", "change", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC), (5, 4)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC), (4, 5)),
        ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC), (10, 11)),
    ],
)
def test_a_plan_goes_again_at_the_instant_at_which_clocks_change(
    zone: str, change: datetime, hours: tuple[int, int]
) -> None:
    hub = Hub(zone=zone, wall=change.timestamp() - 2 * HOUR)
    hub.plan("06:00")
    first = hub.latest_plan()
    hub.advance(2 * HOUR - 1)
    assert hub.latest_plan().id == first.id

    hub.advance(1.5)
    plans = (first, hub.latest_plan())
    assert tuple(plan.params["slots"][0]["hour"] for plan in plans) == hours


class TestASkippedDate:
    """A run at 06:00 on Mondays; it is Monday noon, and the next one is skipped."""

    MONDAY = datetime(2026, 7, 27, 6, tzinfo=UTC).timestamp()

    @pytest.fixture
    def node(self) -> Node:
        hub = Hub(slots=2)
        hub.plan("06:00")
        node = Node(hub)
        self.live(node, hub.now.wall + HOUR)
        assert node.slots == {"0"}
        (meal,) = hub.engine.ledger.meals
        hub.tell(SkipMeal(meal, date(2026, 7, 27)))
        node.wait()
        return node

    def live(self, node: Node, until: float) -> None:
        """Have the node wake up every ten minutes until then."""
        while node.hub.now.wall < until:
            node.wake()
            node.wait()
            node.hub.advance(min(10 * MINUTE, max(0.0, until - node.hub.now.wall)))

    def test_is_taken_from_the_node_and_put_back_once_it_is_over(
        self, node: Node
    ) -> None:
        self.live(node, node.hub.now.wall + HOUR)
        assert node.slots == set()
        node.hub.advance(self.MONDAY + 4 * MINUTE - node.hub.now.wall)
        self.live(node, self.MONDAY + 5 * MINUTE - 1)
        assert node.slots == set()

        self.live(node, self.MONDAY + HOUR)
        assert node.slots == {"0"}
        assert node.hub.latest_plan().state is SUCCEEDED

    def test_that_a_sleeping_node_did_not_take_is_told_before_it(
        self, node: Node
    ) -> None:
        def told() -> list[tuple[float, bool, bool]]:
            found = node.hub.engine.plan.deviations.found
            return [(each.at, each.runs, each.skipped) for each in found]

        node.hub.advance(self.MONDAY - 31 * MINUTE - node.hub.now.wall)
        assert told() == []
        node.hub.advance(2 * MINUTE)
        assert node.slots == {"0"}
        assert told() == [(self.MONDAY, True, True)]
