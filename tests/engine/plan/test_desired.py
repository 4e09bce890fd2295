"""What nodes should hold: the plan, the time zone, the welcome, what they lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.ledger.ledger import HISTORY_LIMIT
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    ConfirmRestore,
    Finish,
    PutMeal,
    RemoveMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import Needs
from custom_components.mqtt_dispatch.engine.model.step import Wanted
from tests.engine.driver import DAY, HOUR, Driver, Writes, a_station, policies
from tests.engine.plan.meal_samples import BERLIN, NEW_YORK, a_meal, utc

RULES = policies(
    feed={}, set_plan={"expires_in": DAY}, set_utc_offset={}, set_datetime={}
)
EMPTY: dict[str, Any] = {"lines": []}


def plan_of(meals: Iterable[Meal], zone: Any, wall: float) -> dict[str, Any]:
    offset = datetime.fromtimestamp(wall, zone).utcoffset()
    assert offset is not None
    hours = offset.total_seconds() / HOUR
    return {"lines": [[meal.time, hours] for meal in meals]}


class Feeders(Driver):
    """Drives two feeders that keep the plan themselves."""

    def __init__(self, wall: float = utc("2026-07-20T12:00"), **numbers: Any) -> None:
        self.zone = BERLIN
        station = a_station(
            policies=RULES,
            **numbers,
            words={
                "zone": BERLIN,
                "plan_keeper": PlanKeeper.NODES,
                "wanted": self._wanted,
                "welcome": self._welcome,
            },
        )
        super().__init__(station, wall=wall)
        self.all_ready()

    def _wanted(self, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
        return tuple(
            Wanted(
                node=node,
                kind="set_plan",
                params=plan_of(
                    (one for one in meals if node in (one.nodes or ("1", "2"))),
                    self.zone,
                    wall,
                ),
                holds=any(node in (one.nodes or ("1", "2")) for one in meals),
            )
            for node in ("1", "2")
        )

    @staticmethod
    def _welcome(node: str) -> tuple[Wanted, ...]:
        return (
            Wanted(node=node, kind="set_utc_offset", params={"offset": 0}),
            Wanted(node=node, kind="set_datetime", params={}),
        )

    def put(self, meal: Meal) -> None:
        self.tell(PutMeal(meal))

    def all_of(self, kind: str, node: str = "1") -> list[Command]:
        ledger = self.engine.ledger
        commands = {**ledger.closed, **ledger.open}
        return [
            command
            for _, command in sorted(commands.items())
            if command.kind == kind and command.nodes == (node,)
        ]

    def plans(self, node: str = "1") -> list[dict[str, Any]]:
        return [dict(command.params) for command in self.all_of("set_plan", node)]

    def all_done(self) -> None:
        while in_flight := [
            command
            for command in self.engine.ledger.open.values()
            if command.state.in_flight
        ]:
            for command in in_flight:
                self.done(command.id)


@pytest.fixture
def feeders() -> Feeders:
    """Return two feeders without a plan."""
    return Feeders()


class TestThePlan:
    def test_without_a_line_leaves_what_nodes_hold_alone(
        self, feeders: Feeders
    ) -> None:
        assert feeders.plans() == []

    def test_goes_to_each_node_when_it_changes(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))

        assert feeders.plans("1") == [{"lines": [["08:00", 2]]}]
        assert feeders.plans("2") == [{"lines": [["08:00", 2]]}]
        assert feeders.all_of("set_plan")[0].timeline[0].cause is Cause.PLAN

    def test_is_not_sent_to_a_node_for_which_it_is_the_same(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.put(replace(a_meal("18:00", meal_id="dinner"), nodes=("2",)))

        assert len(feeders.plans("1")) == 1
        assert len(feeders.plans("2")) == 2

    def test_that_was_replaced_before_it_was_sent_is_superseded(
        self, feeders: Feeders
    ) -> None:
        feeders.pause()
        feeders.put(a_meal("08:00"))
        feeders.put(a_meal("09:00"))

        states = [command.state for command in feeders.all_of("set_plan")]
        assert states == [CommandState.SUPERSEDED, CommandState.QUEUED]

    def test_without_its_last_line_is_taken_away_from_the_nodes(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.tell(RemoveMeal("breakfast"))

        assert feeders.plans()[-1] == EMPTY

    def test_is_known_though_a_later_order_could_not_be_stored(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.writes = Writes.FAIL
        feeders.withdraw(feeders.order("set_plan", "1", params={"lines": [["9", 2]]}))
        feeders.writes = Writes.AT_ONCE
        feeders.put(a_meal("08:00"))
        assert len(feeders.plans()) == 1

        feeders.tell(RemoveMeal("breakfast"))
        assert feeders.plans()[-1] == EMPTY

    def test_is_known_though_a_later_one_was_cancelled(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.pause()
        feeders.put(a_meal("09:00"))
        for command_id in tuple(feeders.engine.ledger.open):
            feeders.cancel(command_id)
        feeders.tell(RemoveMeal("breakfast"))

        assert feeders.plans()[-1] == EMPTY

    def test_is_known_however_much_has_ended_since(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.pause()
        for _ in range(HISTORY_LIMIT + 50):
            feeders.cancel(feeders.order("feed"))
            feeders.archive()
        assert len(feeders.engine.ledger.closed) <= HISTORY_LIMIT + 1
        assert len(feeders.plans()) == 1

        feeders.tell(RemoveMeal("breakfast"))
        assert feeders.plans("1")[-1] == EMPTY
        assert feeders.plans("2")[-1] == EMPTY

    def test_is_not_sent_again_after_a_restart(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.crash(away=HOUR)
        feeders.all_ready()

        assert len(feeders.plans()) == 1

    def test_that_failed_is_sent_again_when_the_plan_is_saved_again(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.fail(feeders.all_of("set_plan")[0].id, "1")
        feeders.put(a_meal("08:00"))

        assert len(feeders.plans("1")) == 2

    def test_that_failed_is_sent_again_after_a_restart(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.fail(feeders.all_of("set_plan")[0].id, "1")
        feeders.crash()

        assert len(feeders.plans("1")) == 2

    def test_that_failed_is_not_sent_again_by_itself(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.fail(feeders.all_of("set_plan")[0].id, "1")
        feeders.advance(DAY)

        assert len(feeders.plans("1")) == 1

    def test_is_brought_anew_once_an_older_file_is_confirmed(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.engine.ledger.hold_restored(feeders.now.wall)
        feeders.tell(ConfirmRestore(keep=True))

        assert feeders.plans("1") == [{"lines": [["08:00", 2]]}] * 2

    def test_is_taken_from_all_nodes_once_an_older_file_without_it_is_confirmed(
        self, feeders: Feeders
    ) -> None:
        feeders.put(replace(a_meal("08:00"), nodes=("1",)))
        feeders.all_done()
        feeders.tell(RemoveMeal("breakfast"))
        feeders.all_done()
        assert feeders.plans("2") == []

        feeders.engine.ledger.hold_restored(feeders.now.wall)
        feeders.tell(ConfirmRestore(keep=True))

        assert feeders.plans("1")[-2:] == [EMPTY] * 2
        assert feeders.plans("2") == [EMPTY]

    @pytest.mark.parametrize("crashes", [False, True])
    def test_is_ordered_anew_after_a_restore_once_there_is_room(
        self, *, crashes: bool
    ) -> None:
        feeders = Feeders(max_open=3)
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.pause()
        waiting = [feeders.order("feed") for _ in range(3)]
        feeders.engine.ledger.hold_restored(feeders.now.wall)
        feeders.tell(ConfirmRestore(keep=True))
        if crashes:
            feeders.crash()
            feeders.all_ready()
        assert len(feeders.plans("1")) == len(feeders.plans("2")) == 1

        for feed in waiting:
            feeders.cancel(feed)
        assert (
            feeders.plans("1") == feeders.plans("2") == [{"lines": [["08:00", 2]]}] * 2
        )
        feeders.go_on()
        feeders.all_done()
        feeders.advance(2 * HOUR)
        assert len(feeders.plans("1")) == len(feeders.plans("2")) == 2

    def test_stays_a_node_s_own_if_an_older_file_knows_of_none(
        self, feeders: Feeders
    ) -> None:
        feeders.engine.ledger.hold_restored(feeders.now.wall)
        feeders.tell(ConfirmRestore(keep=True))

        assert feeders.plans("1") == feeders.plans("2") == []

    def test_outlasts_an_older_one_that_is_finished(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        older = feeders.all_of("set_plan")[0].id
        feeders.fail(older, "1")
        feeders.put(a_meal("09:00"))
        feeders.all_done()
        feeders.tell(Finish(older))

        assert feeders.plans("1")[-1] == {"lines": [["09:00", 2]]}

    def test_is_not_fed_by_home_assistant(self, feeders: Feeders) -> None:
        feeders.put(a_meal("15:00"))
        feeders.all_done()
        feeders.advance(DAY)

        assert not [
            one for one in feeders.engine.ledger.closed.values() if one.kind == "feed"
        ]


class TestTheTimeZone:
    @pytest.mark.parametrize(
        ("before", "change", "offsets"),
        [
            ("2026-10-24T12:00", "2026-10-25T01:00", [2, 1]),
            ("2026-03-28T12:00", "2026-03-29T01:00", [1, 2]),
        ],
        ids=["autumn", "spring"],
    )
    def test_changes_the_plan_at_the_second_at_which_clocks_do(
        self, before: str, change: str, offsets: list[float]
    ) -> None:
        feeders = Feeders(utc(before))
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.advance(utc(change) - utc(before) - 2.0)
        assert len(feeders.plans()) == 1

        feeders.advance(4.0)
        assert [plan["lines"][0][1] for plan in feeders.plans()] == offsets

    def test_changes_the_plan_when_the_owner_moves(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.zone = NEW_YORK
        feeders.tell(ZoneChanged(NEW_YORK))

        assert feeders.plans()[-1] == {"lines": [["08:00", -4]]}

    def test_changes_the_plan_after_a_restart_if_clocks_changed_meanwhile(self) -> None:
        feeders = Feeders(utc("2026-10-24T12:00"))
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.crash(away=DAY)

        assert [plan["lines"][0][1] for plan in feeders.plans()] == [2, 1]

    def test_counts_though_the_clock_was_years_ahead_before(self) -> None:
        feeders = Feeders(utc("2030-06-01T12:00"))
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.set_clock(utc("2026-10-24T12:00") - utc("2030-06-01T12:00"))
        feeders.advance(DAY)

        assert feeders.plans()[-1] == {"lines": [["08:00", 1]]}


class TestTheWelcome:
    def test_that_finds_no_room_is_ordered_once_there_is_some(self) -> None:
        feeders = Feeders(max_open=3)
        feeders.pause()
        waiting = [feeders.order("feed") for _ in range(2)]
        feeders.tell(Adopted("1", "adopted:a"))
        assert [*feeders.engine.plan.desired.unwelcomed] == ["1"]

        feeders.cancel(waiting[0])
        assert [*feeders.engine.plan.desired.unwelcomed] == []
        assert len(feeders.all_of("set_utc_offset")) == 1
        assert len(feeders.all_of("set_datetime")) == 1

    def test_is_ordered_when_a_node_is_adopted(self, feeders: Feeders) -> None:
        feeders.tell(Adopted("1", "adopted:a"))

        assert len(feeders.all_of("set_utc_offset")) == 1
        assert len(feeders.all_of("set_datetime")) == 1
        assert feeders.all_of("set_datetime")[0].timeline[0].cause is Cause.WELCOME
        assert feeders.all_of("set_datetime", "2") == []

    def test_is_ordered_once_for_an_adoption(self, feeders: Feeders) -> None:
        feeders.tell(Adopted("1", "adopted:a"))
        feeders.all_done()
        feeders.crash()
        feeders.tell(Adopted("1", "adopted:a"))

        assert len(feeders.all_of("set_datetime")) == 1

    def test_is_ordered_again_when_the_node_is_adopted_again(
        self, feeders: Feeders
    ) -> None:
        feeders.tell(Adopted("1", "adopted:a"))
        feeders.all_done()
        feeders.tell(Adopted("1", "adopted:b"))

        assert len(feeders.all_of("set_datetime")) == 2

    def test_that_finds_the_queue_full_breaks_nothing(self) -> None:
        feeders = Feeders()
        station = replace(
            feeders.station, settings=replace(feeders.station.settings, max_open=1)
        )
        feeders.crash(station=station)
        feeders.order("set_datetime", "2")
        feeders.tell(Adopted("1", "adopted:a"))

        assert feeders.all_of("set_utc_offset") == []


class TestWhatANodeLacks:
    def test_is_ordered_when_it_says_so(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.tell(Needs("1", "set_plan"))

        assert len(feeders.plans("1")) == 2
        assert len(feeders.plans("2")) == 1
        assert feeders.all_of("set_plan")[-1].timeline[0].cause is Cause.NODE

    def test_is_not_ordered_while_it_is_under_way(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.tell(Needs("1", "set_plan"))

        assert len(feeders.plans("1")) == 1

    def test_is_heeded_once_in_30_seconds(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        for _ in range(59):
            feeders.tell(Needs("1", "set_plan"))
            feeders.all_done()
            feeders.advance(1.0)
        assert len(feeders.plans("1")) == 3

    def test_that_found_no_room_is_heeded_when_the_node_says_it_again(self) -> None:
        feeders = Feeders(max_open=3)
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.pause()
        waiting = [feeders.order("feed") for _ in range(3)]
        feeders.tell(Needs("1", "set_plan"))
        feeders.cancel(waiting[0])
        feeders.tell(Needs("1", "set_plan"))

        assert len(feeders.plans("1")) == 2

    def test_is_nothing_where_nothing_is_planned(self, feeders: Feeders) -> None:
        feeders.tell(Needs("1", "set_plan"))
        assert feeders.plans() == []

    def test_is_nothing_where_the_plan_was_taken_away(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.tell(RemoveMeal("breakfast"))
        feeders.all_done()
        feeders.tell(Needs("1", "set_plan"))

        assert feeders.plans() == [{"lines": [["08:00", 2]]}, EMPTY]

    def test_may_be_of_the_welcome(self, feeders: Feeders) -> None:
        feeders.tell(Needs("1", "set_datetime"))
        assert len(feeders.all_of("set_datetime")) == 1

    def test_that_it_repeats_is_not_tried_anew_where_it_failed(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        (plan,) = [
            command.id for command in feeders.all_of("set_plan") if "1" in command.nodes
        ]
        feeders.fail(plan, "1")
        feeders.tell(Needs("1", "set_plan", repeated=True))
        assert len(feeders.plans("1")) == 1
        feeders.tell(Needs("1", "set_plan"))
        assert len(feeders.plans("1")) == 2

    def test_that_it_repeats_is_heeded_where_it_was_given_it(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.tell(Needs("1", "set_plan", repeated=True))
        assert len(feeders.plans("1")) == 2

    def test_is_not_heeded_from_a_stranger(self, feeders: Feeders) -> None:
        feeders.put(a_meal("08:00"))
        feeders.all_done()
        feeders.tell(Needs("9", "set_plan"))

        assert len(feeders.plans("1")) == 1
