"""What ran is counted, once, when it has ended."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import Failed, Rejected
from custom_components.mqtt_dispatch.engine.model.step import Course
from custom_components.mqtt_dispatch.engine.model.water import Metered
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from tests.engine.driver import DAY, HOUR, NODES, Driver, Writes
from tests.engine.water.gardens import NODE, PUMP, VALVE, Garden, a_garden, faster


def _ends_by_itself(command: Command, _node: str) -> Course:
    return Course(command.params["duration_ms"] / 1000, ends_by_itself=True)


def test_what_ran_is_counted_when_its_node_says_that_it_has_closed() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(59)
    assert garden.litres == 0
    garden.says("closed")
    assert garden.litres == 5.9


def test_what_ran_is_counted_when_its_time_is_over_and_its_node_says_nothing() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(61)
    assert garden.litres == 6


def test_a_closing_after_the_time_is_over_counts_nothing_more() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(70)
    garden.says("closed")
    assert garden.litres == 6


def test_what_is_closed_early_counts_until_then() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(20)
    closing = garden.order("close_valve", params={"valve": 0})
    garden.done(closing)
    garden.advance(HOUR)
    assert garden.litres == 2


def test_what_is_opened_anew_meanwhile_runs_on() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(40)
    garden.open(60)
    garden.advance(59)
    assert garden.litres == 0
    garden.advance(1)
    assert garden.litres == 10


def test_each_run_is_added_to_those_before() -> None:
    garden = Garden()
    for _ in range(3):
        garden.open(60)
        garden.advance(61)
        garden.says("closed")
    assert garden.litres == 18


def test_the_word_that_it_is_open_repeated_begins_no_run() -> None:
    garden = Garden()
    garden.open(60)
    for _ in range(5):
        garden.advance(10)
        garden.says("open")
    garden.advance(10)
    garden.says("closed")
    assert garden.litres == 6


def test_what_was_opened_by_hand_counts_until_it_is_closed() -> None:
    garden = Garden()
    garden.says("open")
    garden.advance(HOUR)
    garden.says("closed")
    assert garden.litres == 360


def test_what_was_kept_of_a_message_opens_nothing() -> None:
    garden = Garden()
    garden.says("open", live=False)
    garden.advance(HOUR)
    garden.says("closed")
    assert garden.litres == 0


def test_a_node_that_was_gone_is_known_to_have_been_open_while_it_was_heard() -> None:
    garden = Garden()
    garden.reporting = ()
    garden.says("open")
    garden.advance(60)
    garden.heartbeat()
    garden.disconnect()
    garden.advance(DAY)
    garden.connect()
    garden.says("closed")
    assert garden.litres == 6


def test_nothing_is_counted_of_valves_of_which_nobody_knows_the_flow() -> None:
    driver = Driver(a_garden(PUMP))
    driver.all_ready()
    driver.see(NODE, online=True, readings={"valve_0": "open"})
    driver.advance(HOUR)
    driver.see(NODE, online=True, readings={"valve_0": "closed"})
    assert not driver.engine.ledger.water


def test_a_pump_is_counted_when_its_run_is_done() -> None:
    garden = Garden()
    command = garden.pump(60)
    garden.advance(60)
    garden.done(command)
    garden.advance(HOUR)
    assert garden.pumped == 6


def test_a_pump_that_is_stopped_counts_until_then() -> None:
    garden = Garden()
    garden.pump(60)
    garden.advance(30)
    stop = garden.order("stop_pump", params={"channel": "drip"})
    garden.done(stop)
    garden.advance(HOUR)
    assert garden.pumped == 3


@pytest.mark.parametrize(
    "said", [Failed(NODE, 1, "dry"), Rejected(NODE, 1, "dry", after_all=True)]
)
def test_a_pump_that_gave_up_ran_until_it_said_so(said: Failed | Rejected) -> None:
    garden = Garden()
    assert garden.pump(60) == said.command_id
    garden.advance(10)
    garden.tell(said)
    garden.advance(HOUR)
    assert garden.pumped == 1


def test_a_pump_whose_node_started_anew_ran_until_that_was_told() -> None:
    garden = Garden(a_garden(words={"course": _ends_by_itself}))
    garden.see(NODE, online=True, ready=True, uptime=1000.0)
    command = garden.pump(60)
    garden.advance(10)
    garden.see(NODE, online=True, ready=True, uptime=1.0)
    assert garden.state(command) is CommandState.UNCONFIRMED
    garden.advance(HOUR)
    assert garden.pumped == 1


def test_a_pump_that_only_says_that_it_is_done_ran_for_its_time() -> None:
    garden = Garden()
    params = {"channel": "drip", "duration_ms": 30_000}
    command = garden.order("run_pump", params=params)
    garden.done(command)
    assert garden.pumped == 3


def test_a_pump_whose_end_nobody_told_ran_for_its_time_and_no_person_adds_to_it() -> (
    None
):
    garden = Garden()
    command = garden.pump(60)
    garden.advance(HOUR)
    assert garden.state(command) is CommandState.UNCONFIRMED
    assert garden.pumped == 6
    garden.resolve(command, Outcome.SUCCEEDED)
    assert garden.pumped == 6


class TestInDoubt:
    """An opening that nobody confirmed."""

    def test_it_counts_nothing(self) -> None:
        garden = Garden()
        garden.unconfirmed()
        garden.advance(HOUR)
        assert garden.litres == 0

    def test_it_counts_its_time_once_a_person_says_that_it_happened(self) -> None:
        garden = Garden()
        garden.resolve(garden.unconfirmed(60), Outcome.SUCCEEDED)
        garden.advance(HOUR)
        assert garden.litres == 6

    def test_it_counts_nothing_if_a_person_says_that_it_did_not(self) -> None:
        garden = Garden()
        garden.resolve(garden.unconfirmed(60), Outcome.FAILED)
        garden.advance(HOUR)
        assert garden.litres == 0

    def test_it_counts_until_it_was_closed_from_when_it_was_sent(self) -> None:
        garden = Garden()
        command = garden.unconfirmed(60)
        closing = garden.order("close_valve", params={"valve": 0})
        garden.advance(5)
        garden.done(closing)
        garden.advance(HOUR)
        garden.resolve(command, Outcome.SUCCEEDED)
        assert garden.litres == 2

    def test_it_counts_once_if_its_node_showed_that_it_ran(self) -> None:
        garden = Garden()
        command = garden.unconfirmed(60)
        garden.says("open")
        garden.advance(30)
        garden.says("closed")
        garden.resolve(command, Outcome.SUCCEEDED)
        assert garden.litres == 3

    def test_it_is_added_to_what_runs_since_before(self) -> None:
        garden = Garden()
        garden.says("open")
        garden.advance(10)
        command = garden.unconfirmed(60)
        garden.resolve(command, Outcome.SUCCEEDED)
        garden.advance(5)
        garden.says("closed")
        assert garden.litres == 6 + 3

    def test_it_begins_when_its_node_says_so_late(self) -> None:
        garden = Garden()
        command = garden.unconfirmed(60)
        garden.advance(HOUR)
        garden.opened(command)
        garden.advance(30)
        garden.says("closed")
        assert garden.litres == 3

    def test_who_stays_open_for_good_is_not_known_to_have_run(self) -> None:
        endless = Metered(
            what="tap",
            flow=6.0,
            opens=("run_pump", {}),
            closes=None,
            state=None,
            duration=None,
        )
        garden = Garden(a_garden(endless))
        command = garden.order("run_pump", params={})
        garden.advance(15)
        garden.resolve(command, Outcome.SUCCEEDED)
        garden.advance(HOUR)
        assert not garden.engine.ledger.water

    def test_nobody_can_close_what_has_no_order_to_close(self) -> None:
        tap = Metered(
            what="tap",
            flow=6.0,
            opens=("run_pump", {}),
            closes=None,
            state=None,
            duration="duration_ms",
            per_second=1000,
        )
        garden = Garden(a_garden(tap))
        command = garden.order("run_pump", params={"duration_ms": 10_000})
        garden.advance(15)
        garden.resolve(command, Outcome.SUCCEEDED)
        assert garden.engine.router.metering.litres(NODE) == {"tap": 1}


class TestKilled:
    """Home Assistant is killed while it runs."""

    def test_it_ends_in_time_all_the_same(self) -> None:
        garden = Garden()
        garden.open(60)
        garden.advance(20)
        garden.restart(away=10)
        garden.advance(29)
        assert garden.litres == 0
        garden.advance(1)
        assert garden.litres == 6

    def test_it_is_counted_once_if_its_time_is_over_by_then(self) -> None:
        garden = Garden()
        garden.open(60)
        garden.restart(away=HOUR)
        assert garden.litres == 6
        garden.restart(away=HOUR)
        garden.says("closed")
        assert garden.litres == 6

    def test_what_closed_meanwhile_counts_until_it_is_told_so(self) -> None:
        garden = Garden()
        garden.open(600)
        garden.restart(away=99.5)
        garden.says("closed")
        garden.advance(HOUR)
        assert garden.litres == 10

    def test_what_has_no_time_counts_until_it_was_last_known_to_be_open(self) -> None:
        garden = Garden()
        garden.says("open")
        garden.advance(60)
        garden.pause()
        garden.restart(away=DAY)
        garden.says("closed")
        assert garden.litres == 6

    def test_what_is_still_open_after_that_was_open_all_the_time(self) -> None:
        garden = Garden()
        garden.says("open")
        garden.restart(away=59.5)
        garden.says("open")
        garden.advance(60)
        garden.says("closed")
        assert garden.litres == 12

    def test_what_was_not_written_is_not_shown(self) -> None:
        garden = Garden()
        garden.open(60)
        garden.writes = Writes.WHEN_TOLD
        garden.advance(60)
        assert garden.litres == 0
        garden.restart()
        garden.commit()
        assert garden.litres == 6

    def test_a_wrong_clock_at_the_start_ends_no_run(self) -> None:
        garden = Garden()
        garden.open(600)
        garden.restart(away=-30 * DAY)
        garden.advance(60)
        assert garden.meter().running
        garden.set_clock(30 * DAY + 100)
        garden.advance(HOUR)
        assert garden.litres == 60

    def test_a_closing_under_a_wrong_clock_counts_what_is_sure(self) -> None:
        garden = Garden()
        garden.open(600)
        garden.advance(60)
        garden.pause()
        garden.restart(away=-30 * DAY)
        garden.says("closed")
        assert garden.litres == 6


def test_a_clock_that_is_set_meanwhile_changes_nothing() -> None:
    garden = Garden()
    garden.says("open")
    garden.advance(30)
    garden.set_clock(HOUR)
    garden.advance(30)
    garden.says("closed")
    assert garden.litres == 6


def test_with_another_flow_what_ran_before_stays() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(60)
    garden.restart(station=a_garden(faster(VALVE)))
    assert garden.litres == 6
    garden.open(60)
    garden.advance(60)
    assert garden.litres == 18


def test_without_a_flow_what_ran_before_stays_and_what_runs_is_dropped() -> None:
    garden = Garden()
    garden.open(60)
    garden.advance(60)
    garden.says("open")
    garden.restart(station=a_garden(PUMP))
    assert not garden.meter().running
    garden.restart(away=DAY, station=a_garden())
    garden.says("closed")
    assert garden.litres == 6


def test_a_flow_that_goes_while_it_runs_counts_nothing_of_that_run() -> None:
    metered: list[Metered] = [VALVE]
    garden = Garden(a_garden(words={"metered": lambda _: tuple(metered)}))
    garden.open(60)
    metered.clear()
    garden.advance(HOUR)
    assert garden.litres == 0


def test_a_node_that_is_removed_takes_its_water_along() -> None:
    garden = Garden(a_garden(nodes=NODES))
    garden.open(60)
    garden.advance(60)
    garden.restart(station=a_garden(nodes=(NODES[1],)))
    assert not garden.engine.ledger.water
    garden.restart(station=a_garden(nodes=NODES))
    assert garden.litres == 0


def planned(**fields: Any) -> Meal:
    """Return a line of the plan, daily at noon, for two minutes."""
    return new_meal(
        meal_id="lawn",
        name="Lawn",
        kind="open_valve",
        rule=new_rule(time="12:00"),
        **{"params": {"valve": 0, "duration": 120}, **fields},
    )


@pytest.mark.parametrize(
    ("line", "litres"),
    [
        (planned(), 12),
        (planned(params={"valve": 1, "duration": 120}), 360),
        (planned(nodes=("2",)), 360),
        (planned(enabled=False), 360),
    ],
    ids=["its own", "of another valve", "of another node", "switched off"],
)
def test_what_its_plan_opens_is_over_when_that_line_is(line: Meal, litres: int) -> None:
    station = a_garden(
        words={"plan_keeper": PlanKeeper.NODES, "planned_kind": "open_valve"}
    )
    garden = Garden(station)
    garden.engine.ledger.meals[line.id] = line
    garden.says("open")
    garden.advance(HOUR)
    garden.says("closed")
    assert garden.litres == litres
