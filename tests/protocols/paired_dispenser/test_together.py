"""Nodes whose clocks agree are told one moment at which to begin."""

from __future__ import annotations

import json
from typing import Any, override

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import Effect, Publish
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.protocols.paired_dispenser.together import LEAD
from tests.engine.driver import HOUR, Writes
from tests.protocols.played import Played

DIFFERENCE = "clock_difference"


class Pair(Played):
    """Two nodes that remember, each with a clock of its own."""

    def __init__(self, **ahead: float) -> None:
        """`n1`, `n2`: by how many seconds their clocks are ahead of what is so."""
        self.ahead: dict[str, float] = {key[1:]: value for key, value in ahead.items()}
        self.true = 0.0
        """What is to be added to our wall clock for the true time."""
        super().__init__("paired_dispenser", {"1": {}, "2": {}})
        self.says()
        self.passes(1.0)

    def says(self, *nodes: str, late: float = 0.0, **more: Any) -> None:
        """Have nodes (without names: both) report, `late` seconds after they did."""
        for node in nodes or ("1", "2"):
            state = {"online": 1, "ready": 1, "fw": "2.1.0", "dedupes": 1, **more}
            if node in self.ahead:
                clock = self.now.wall + self.true + self.ahead[node] - late
                state["clock"] = round(clock, 3)
            self.hear(f"disp/state/{node}", state)

    def passes(self, seconds: float) -> None:
        """Let time pass, in which both go on reporting."""
        while seconds > 0:
            self.advance(min(2.0, seconds))
            self.says()
            seconds -= 2.0

    def set_ours(self, by: float) -> None:
        self.set_clock(by)
        self.true -= by

    def moments(self) -> dict[str, float | None]:
        """Return the moments in what went down since this was last asked."""
        return {
            topic[-1]: json.loads(payload).get("execute_at")
            for topic, payload in self.taken()
        }

    def shown(self, node: str) -> Any:
        return self.engine.told(node).get(DIFFERENCE)


class Unconnected(Pair):
    """What is published does not leave."""

    leaves = False

    @override
    def tell(self, event: Event) -> list[Effect]:
        effects = super().tell(event)
        for effect in effects:
            if isinstance(effect, Publish) and not self.leaves:
                self.not_published(effect.command_id, effect.node)
        return effects


def test_both_are_told_the_same_moment() -> None:
    pair = Pair(n1=0.0, n2=0.15)
    pair.feed()
    moment = round(pair.now.wall + 0.15 + LEAD, 3)
    assert pair.moments() == {"1": moment, "2": moment}


def test_clocks_that_are_wrong_together_are_told_a_moment_of_theirs() -> None:
    pair = Pair(n1=-HOUR, n2=-HOUR)
    pair.feed()
    moment = pair.now.wall - HOUR + LEAD
    assert pair.moments() == {"1": moment, "2": moment}


def test_a_clock_of_ours_that_is_set_does_not_matter() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.set_ours(-3.0)
    pair.feed()
    moment = round(pair.now.wall + pair.true + LEAD, 3)
    assert pair.moments() == {"1": moment, "2": moment}


@pytest.mark.parametrize(
    "ahead",
    [{}, {"n1": 0.0}, {"n2": 0.0}, {"n1": 0.0, "n2": 0.25}, {"n1": 5.0, "n2": 0.0}],
)
def test_without_two_clocks_that_agree_none_is_told(ahead: dict[str, float]) -> None:
    pair = Pair(**ahead)
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_what_is_no_feed_of_both_has_no_moment() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.put("reboot", "2")
    assert pair.moments() == {"2": None}
    pair.put("operate", "1", op="dc", on=True)
    assert pair.moments() == {"1": None}


def test_a_report_that_was_late_on_its_way_counts_less_than_a_faster_one() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.says("2", late=0.4)
    pair.feed()
    moment = pair.now.wall + LEAD
    assert pair.moments() == {"1": moment, "2": moment}


@pytest.mark.parametrize("back", [0.3, 0.95])
def test_a_clock_that_three_reports_show_behind_was_set_back(back: float) -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.passes(8.0)
    pair.ahead["2"] = -back
    pair.passes(6.0)
    assert pair.shown("2") == pytest.approx(back * 1000)
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_two_reports_that_were_late_change_nothing() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    for _ in range(2):
        pair.says("2", late=0.9)
    pair.feed()
    moment = pair.now.wall + LEAD
    assert pair.moments() == {"1": moment, "2": moment}


def test_a_report_that_comes_fast_again_counts_after_three_that_were_late() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    for late in (0.9, 0.8, 0.9, 0.01):
        pair.says("2", late=late)
    pair.feed()
    moment = pair.now.wall + LEAD
    assert pair.moments() == {"1": moment, "2": moment}


def test_a_clock_that_was_set_counts_anew() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.ahead["2"] = -30.0
    pair.says("2")
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_a_clock_that_lost_its_time_counts_no_more() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    del pair.ahead["2"]
    pair.says("2", clock=0)
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_no_clock_outlasts_a_connection() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.disconnect()
    pair.connect()
    pair.ahead.clear()
    pair.says()
    pair.advance(1.0)
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_a_retained_report_says_nothing_of_a_clock() -> None:
    pair = Pair(n1=0.0)
    told = {"online": 1, "ready": 1, "fw": "2.1.0", "clock": pair.now.wall}
    pair.hear("disp/state/2", told, retain=True)
    pair.feed()
    assert pair.moments() == {"1": None, "2": None}


def test_what_is_sent_once_more_has_the_same_moment() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    feed = pair.feed()
    moments = pair.moments()
    pair.accept(feed, "1")
    pair.ahead = {"1": 7.0, "2": 9.0}
    pair.passes(60.0)
    assert pair.moments() == {"2": moments["2"]}


def test_the_moment_outlives_a_restart() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    feed = pair.feed()
    moments = pair.moments()
    pair.accept(feed, "1")
    pair.crash(away=5.0)
    pair.connect()
    pair.passes(60.0)
    assert pair.moments() == {"2": moments["2"]}
    assert moments["2"] is not None


def test_what_a_person_sends_again_keeps_its_moment_which_is_past() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    feed = pair.feed()
    moments = pair.moments()
    pair.passes(600.0)
    pair.moments()
    assert pair.deliveries(feed) == [DeliveryState.UNKNOWN] * 2
    pair.resolve(feed, Outcome.RESEND)
    assert pair.moments() == moments


def test_what_never_left_has_a_new_moment_when_it_leaves() -> None:
    pair = Unconnected(n1=0.0, n2=0.0)
    pair.feed()
    pair.moments()
    pair.leaves = True
    pair.passes(60.0)
    moment = pair.moments()["1"]
    assert moment is not None
    assert pair.now.wall - 60.0 + LEAD < moment <= pair.now.wall + LEAD


def test_a_moment_that_came_while_the_disk_was_slow_is_told_all_the_same() -> None:
    pair = Pair(n1=0.0, n2=0.0)
    pair.writes = Writes.WHEN_TOLD
    pair.feed()
    pair.commit()
    moment = pair.now.wall + LEAD
    pair.passes(8.0)
    pair.commit()
    assert pair.moments() == {"1": moment, "2": moment}


def test_nodes_have_as_much_longer_to_be_done_as_they_wait() -> None:
    times = {}
    for ahead in ({}, {"n1": 0.0, "n2": 0.0}):
        pair = Pair(**ahead)
        feed = pair.feed()
        pair.accept(feed)
        began = pair.now.steady
        causes = len(pair.causes(feed))
        while len(pair.causes(feed)) == causes:
            pair.passes(0.5)
        times[bool(ahead)] = pair.now.steady - began
    assert times[True] - times[False] == pytest.approx(LEAD, abs=0.5)


def test_the_difference_of_the_clocks_is_shown_with_the_second() -> None:
    pair = Pair(n1=0.0, n2=-0.35)
    assert (pair.shown("1"), pair.shown("2")) == (None, 350.0)


def test_what_a_report_takes_on_its_way_changes_nothing_of_what_is_shown() -> None:
    pair = Pair(n1=0.0, n2=0.1)
    for late in (0.0, 0.015, 0.2, 0.01, 0.002, 0.019, 0.001):
        pair.says("2", late=late)
        pair.says("1", late=0.018 - late if late < 0.018 else 0.0)
    assert pair.shown("2") == 100.0


def test_a_difference_is_shown_only_while_both_tell_their_clocks() -> None:
    pair = Pair(n1=0.0, n2=0.1)
    del pair.ahead["1"]
    pair.says("1")
    assert pair.shown("2") is None
    pair.ahead["1"] = 0.0
    pair.says("1")
    assert pair.shown("2") == 100.0
    pair.hear("disp/state/2", {"online": 0})
    assert pair.shown("2") is None


def test_what_stays_as_it_is_gives_nothing_to_look_at() -> None:
    pair = Pair(n1=0.0, n2=0.1)
    looks = pair.engine.looks
    for _ in range(3):
        pair.says()
    assert pair.engine.looks == looks
