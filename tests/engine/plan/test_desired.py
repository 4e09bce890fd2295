"""What nodes should hold: the plan, the time zone, the welcome, what they lack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.ledger.ledger import HISTORY_LIMIT
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    ConfirmRestore,
    Finish,
    RemoveMeal,
)
from tests.engine.driver import DAY, HOUR, MINUTE, Writes
from tests.engine.plan.feeders import Feeders
from tests.engine.plan.meal_samples import a_meal

EMPTY: dict[str, Any] = {"lines": []}


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
        feeders.order("set_plan", "1", params={"lines": [["9", 2]]})
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

    def test_is_known_however_much_has_ended_since(self) -> None:
        feeders = Feeders(feeds_per_hour=0)
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

    def test_that_failed_is_sent_again_a_day_after_it_was_ordered(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.fail(feeders.all_of("set_plan")[0].id, "1")
        feeders.advance(DAY - MINUTE)
        assert len(feeders.plans("1")) == 1

        feeders.advance(MINUTE)
        assert len(feeders.plans("1")) == 2

    def test_that_was_refused_is_not_sent_again_by_itself(
        self, feeders: Feeders
    ) -> None:
        feeders.put(a_meal("08:00"))
        feeders.reject(feeders.all_of("set_plan")[0].id, "1")
        feeders.all_done()
        feeders.advance(2 * DAY)

        assert len(feeders.plans("1")) == 1

    def test_reaches_a_node_that_was_away_for_longer_than_an_order_waits(
        self, feeders: Feeders
    ) -> None:
        feeders.disconnect()
        feeders.reporting = ()
        feeders.put(a_meal("08:00"))
        feeders.advance(3 * DAY + HOUR)
        feeders.all_ready()

        assert [one.state for one in feeders.all_of("set_plan")] == [
            *[CommandState.EXPIRED] * 3,
            CommandState.SENT,
        ]

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
