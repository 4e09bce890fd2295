"""What nodes should hold beside the plan: time zone, welcome, what they lack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    RemoveMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.reports import Needs
from tests.engine.driver import DAY
from tests.engine.plan.feeders import Feeders
from tests.engine.plan.meal_samples import NEW_YORK, a_meal, utc

EMPTY: dict[str, Any] = {"lines": []}


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
