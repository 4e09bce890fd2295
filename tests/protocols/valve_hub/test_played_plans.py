"""Plans of many lines, from the engine to the hub and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import PutMeals, SkipMeal
from custom_components.mqtt_dispatch.engine.model.meal import Meal, Override
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from simulator.valve_hub.slots import Slot
from tests.engine.driver import HOUR, MINUTE

from .playing import Hub

SUCCEEDED = CommandState.SUCCEEDED
NOTHING: Mapping[str, Override] = MappingProxyType({})


class Node:
    """Node 5, which takes all that the hub holds for it each time it wakes up."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.held: list[list[str]] = []
        self.done: list[str] = []
        self.slots: dict[str, Slot] = {}
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
            word, _, *numbers = self.held.pop(0)
            self.done.append(word)
            self.hub.say(f"EVENT_LOG 5 77 0 {self._does(word, *numbers)}")

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

    def _does(self, word: str, slot: str, *said: str) -> str:
        """Return type, severity and detail of what it reports."""
        if word == "SET_SCHEDULE":
            assert slot not in self.slots
            line = line_of(*said)
            if any(map(line.overlaps, self.slots.values())):
                return f"114 2 {0x0400 + int(slot)}"
            self.slots[slot] = line
            return f"112 0 {slot}"
        if slot in self.slots:
            del self.slots[slot]
            return f"113 0 {slot}"
        return f"114 2 {0x0300 + int(slot)}"

    def live(self, until: float) -> None:
        """Wake up every ten minutes until then, unix seconds."""
        while self.hub.now.wall < until:
            self.wake()
            self.wait()
            self.hub.advance(min(10 * MINUTE, max(0.0, until - self.hub.now.wall)))

    def runs_at(self, wall: float) -> bool:
        """Whether it begins to run something then."""
        return any(slot.next_start(wall - 1) == wall for slot in self.slots.values())


def line_of(time: str, duration: str, days: str, valve: str) -> Slot:
    hour, minute = map(int, time.split(":"))
    return Slot(hour, minute, int(duration), int(days), int(valve))


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
        node.live(hub.now.wall + HOUR)
        assert node.slots.keys() == {"0"}
        (meal,) = hub.engine.ledger.meals
        hub.tell(SkipMeal(meal, date(2026, 7, 27)))
        node.wait()
        return node

    def test_is_taken_from_the_node_and_put_back_once_it_is_over(
        self, node: Node
    ) -> None:
        node.live(node.hub.now.wall + HOUR)
        assert not node.slots
        node.hub.advance(self.MONDAY + 4 * MINUTE - node.hub.now.wall)
        node.live(self.MONDAY + 5 * MINUTE - 1)
        assert not node.slots

        node.live(self.MONDAY + HOUR)
        assert node.slots.keys() == {"0"}
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
        assert node.slots.keys() == {"0"}
        assert told() == [(self.MONDAY, True, True)]


def an_hour(
    name: str, *, overrides: Mapping[str, Override] = NOTHING, **rule: Any
) -> Meal:
    """Return an hour of valve 0, at 06:00 each day if nothing else is said."""
    return Meal(
        id="",
        name=name,
        rule=new_rule(**{"time": "06:00", **rule}),
        params={"valve": 0, "duration": 3600},
        nodes=("5",),
        overrides=overrides,
    )


def on(day: str, **otherwise: Any) -> dict[str, Override]:
    return {f"2026-07-{day}": Override(**otherwise)}


@pytest.mark.parametrize(
    ("meals", "runs"),
    [
        pytest.param(
            [
                an_hour("a", overrides=on("22", time="06:45")),
                an_hour("b", time="09:00"),
            ],
            ["22T06:45", "22T09:00", "23T06:00", "29T06:00"],
            id="moved later",
        ),
        pytest.param(
            [an_hour("a", overrides=on("29", time="05:15"))],
            ["22T06:00", "23T06:00", "28T06:00", "29T05:15", "30T06:00"],
            id="moved earlier",
        ),
        pytest.param(
            [
                an_hour("a", every=14, first=date(2026, 7, 22)),
                an_hour("b", time="06:45", every=14, first=date(2026, 7, 29)),
            ],
            ["22T06:00", "29T06:45"],
            id="week about",
        ),
        pytest.param(
            [
                an_hour("a", every=14, first=date(2026, 7, 29)),
                an_hour("b", time="06:45", every=14, first=date(2026, 7, 22)),
            ],
            ["22T06:45", "29T06:00"],
            id="week about, the later first",
        ),
        pytest.param(
            [
                an_hour("a", overrides=on("22", skipped=True)),
                an_hour(
                    "b", time="06:45", first=date(2026, 7, 22), until=date(2026, 7, 22)
                ),
            ],
            ["21T06:00", "22T06:45", "23T06:00", "29T06:00"],
            id="skipped for another",
        ),
    ],
)
def test_what_overlaps_by_weekday_alone_is_run_on_each_of_its_dates(
    meals: list[Meal], runs: list[str]
) -> None:
    hub = Hub(slots=8)
    node = Node(hub)
    node.wait()
    hub.tell(PutMeals(tuple(meals)))
    node.wait()
    for at in runs:
        wall = datetime.fromisoformat(f"2026-07-{at}+00:00").timestamp()
        node.live(wall - 1)
        assert node.runs_at(wall), at
    states = {
        command.state
        for command in hub.engine.ledger.known.newest_first("set_plan", "5")
    }
    assert CommandState.FAILED not in states
