"""Answers without an id: credited to the one thing they can speak of, or to nothing."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Failed,
    Readings,
    Rejected,
)
from custom_components.mqtt_dispatch.engine.model.step import Step
from tests.engine.driver import HOUR, Driver, Writes, a_station, policies

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
QUEUED, SUCCEEDED = CommandState.QUEUED, CommandState.SUCCEEDED


def spoken_of(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Two messages for a plan, one for all else; `any` speaks of whatever it is."""
    parts = ("first", "second") if command.kind == "set_plan" else ("all",)
    return tuple(
        Step(
            taken_on=frozenset({f"{command.kind} taken", "error"}),
            done_on=frozenset({f"{command.kind} {part}", "any"}),
        )
        for part in parts
    )


@pytest.fixture
def nodes() -> Driver:
    """Return nodes that give no ids."""
    rules = policies(open_valve={}, set_plan={}, ping={}, close_valve={})
    driver = Driver(a_station(policies=rules, words={"steps": spoken_of}))
    driver.all_ready()
    return driver


def test_its_subject_finds_the_command(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.tell(Accepted("1", subject="open_valve taken"))
    assert nodes.state(valve) is ACCEPTED

    nodes.tell(Done("1", subject="open_valve all"))
    assert nodes.state(valve) is SUCCEEDED


@pytest.mark.parametrize(
    "answer",
    [
        Accepted("1", subject="ping taken"),
        Accepted("1", subject="open_valve all"),
        Done("1", subject="ping all"),
        Done("1", subject="open_valve taken"),
        Failed("1", subject="ping all"),
        Rejected("1", subject="ping taken"),
        Busy("1", subject="ping taken"),
    ],
    ids=repr,
)
def test_another_subject_finds_nothing(nodes: Driver, answer: Any) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.tell(answer)

    assert nodes.state(valve) is SENT
    assert nodes.engine.answers.uncredited["foreign"] == 1


def test_without_any_subject_it_speaks_of_what_is_in_flight(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.tell(Accepted("1"))

    assert nodes.state(valve) is ACCEPTED


def test_another_node_speaks_of_its_own_commands(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.tell(Done("2", subject="open_valve all"))

    assert nodes.state(valve) is SENT


def test_two_nodes_that_do_the_same_are_told_apart(nodes: Driver) -> None:
    first, second = nodes.order("open_valve", "1"), nodes.order("open_valve", "2")
    nodes.tell(Done("2", subject="open_valve all"))

    assert nodes.state(first) is SENT
    assert nodes.state(second) is SUCCEEDED


def test_of_no_node_it_speaks_of_the_only_one_asked(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "2")
    nodes.tell(Rejected(None, reason="no", subject="error"))

    assert nodes.state(valve) is CommandState.REJECTED


def test_of_no_node_it_speaks_of_nothing_when_two_are_asked(nodes: Driver) -> None:
    first, second = nodes.order("open_valve", "1"), nodes.order("ping", "2")
    nodes.tell(Rejected(None, reason="no", subject="error"))

    assert nodes.state(first) is nodes.state(second) is SENT


def test_a_refusal_speaks_of_what_is_not_answered_yet(nodes: Driver) -> None:
    first, second = nodes.order("open_valve", "1"), nodes.order("ping", "2")
    nodes.tell(Accepted("1", subject="open_valve taken"))
    nodes.tell(Rejected(None, reason="no", subject="error"))

    assert nodes.state(first) is ACCEPTED
    assert nodes.state(second) is CommandState.REJECTED


def test_what_is_doubtful_between_two_commands_is_credited_to_none(
    nodes: Driver,
) -> None:
    close, valve = nodes.order("close_valve", "1"), nodes.order("open_valve", "1")
    assert nodes.state(valve) is QUEUED

    nodes.tell(Done("1", subject="close_valve all"))
    assert nodes.state(close) is SUCCEEDED
    assert nodes.state(valve) is SENT


def test_the_steps_of_one_command_are_told_apart(nodes: Driver) -> None:
    plan = nodes.order("set_plan", "1")
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Done("1", subject="set_plan second"))
    assert nodes.delivery(plan, "1").ended == (1,)

    nodes.tell(Done("1", subject="set_plan first"))
    assert nodes.state(plan) is SUCCEEDED


def test_what_may_speak_of_two_steps_speaks_of_none(nodes: Driver) -> None:
    plan = nodes.order("set_plan", "1")
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Done("1", subject="any"))

    assert nodes.delivery(plan, "1").ended == ()


def test_what_may_speak_of_two_steps_speaks_of_the_one_that_is_left(
    nodes: Driver,
) -> None:
    plan = nodes.order("set_plan", "1")
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Done("1", subject="set_plan first"))
    nodes.tell(Done("1", subject="any"))

    assert nodes.state(plan) is SUCCEEDED


def test_a_step_that_was_not_sent_is_not_done(nodes: Driver) -> None:
    plan = nodes.order("set_plan", "1")
    nodes.tell(Done("1", subject="set_plan second"))

    assert nodes.delivery(plan, "1").ended == ()


def test_taken_twice_for_two_steps_takes_each_once(nodes: Driver) -> None:
    plan = nodes.order("set_plan", "1")
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Accepted("1", subject="set_plan taken"))
    nodes.tell(Accepted("1", subject="set_plan taken"))

    assert nodes.state(plan) is ACCEPTED
    assert nodes.steps_sent(plan, "1") == [0, 1]


def test_what_is_only_being_recorded_is_not_spoken_of(nodes: Driver) -> None:
    nodes.pause()
    valve = nodes.order("open_valve", "1")
    nodes.writes = Writes.WHEN_TOLD
    nodes.go_on()
    nodes.tell(Done("1", subject="open_valve all"))
    nodes.tell(Rejected(None, reason="no", subject="error"))

    assert nodes.state(valve) is SENT


def test_promise_2_what_is_in_doubt_is_not_settled_by_what_bears_no_id(
    nodes: Driver,
) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.advance(HOUR)
    nodes.tell(Done("1", subject="open_valve all"))

    assert nodes.state(valve) is CommandState.UNCONFIRMED


def test_promise_3_what_ended_is_not_spoken_of(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.tell(Done("1", subject="open_valve all"))
    nodes.tell(Failed("1", reason="no", subject="open_valve all"))

    assert nodes.state(valve) is SUCCEEDED


def test_it_finds_its_command_after_a_restart(nodes: Driver) -> None:
    valve = nodes.order("open_valve", "1")
    nodes.crash()
    nodes.all_ready()
    nodes.tell(Done("1", subject="open_valve all"))

    assert nodes.state(valve) is SUCCEEDED
