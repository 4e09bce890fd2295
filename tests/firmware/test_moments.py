"""What a node to which a moment was given knows of it after a loss of power."""

from __future__ import annotations

import pytest

from tests.nonempty import some

from .flash import PLACES, clear
from .native import STEPS_OF_A_WRITE, NativeNode, ack, evt, feed

NOW = 1_800_000_000
SLOTS = 0b11


def waits(node: NativeNode, queue_id: int) -> None:
    """Have a node take what is to begin in 5 seconds."""
    node.do(f"clock {NOW}")
    came = node.tell(feed(queue_id, execute_at=NOW + 5))
    assert (came.answers, came.moved) == ([ack(queue_id)], [])


def test_that_it_moves_is_written_down_before_it_does(node: NativeNode) -> None:
    waits(node, 17)
    assert node.wait(4.9).wrote == []
    came = node.wait(0.1)
    assert came.order[:2] == ["wrote", "move"]


def test_a_cut_at_each_step_of_the_write_of_what_is_to_wait_begins_it_once_at_most(
    node: NativeNode,
) -> None:
    clock, command = f"clock {NOW}", feed(17, execute_at=NOW + 5)
    known = 0
    for step in some(range(STEPS_OF_A_WRITE)):
        clear(node.flash)
        node.power()
        for line in (clock, f"cut {step}"):
            node.do(line)
        assert node.tell(command).cut
        told = node.power().answers
        node.do(clock)
        came, moved = node.tell(command), node.wait(6).moved
        if told:
            known += 1
            assert told == [evt(17, "interrupted")], step
            assert (came.answers, moved) == ([ack(17), *told], []), step
            assert "last_id" not in node.state()
        else:
            assert (came.answers, len(moved)) == ([ack(17)], 1), step
    assert 0 < known < STEPS_OF_A_WRITE


def test_a_cut_at_each_step_of_the_write_at_its_moment_never_begins_it(
    node: NativeNode,
) -> None:
    held = 0
    for step in some(range(STEPS_OF_A_WRITE)):
        clear(node.flash)
        node.power()
        waits(node, 17)
        node.do(f"cut {step}")
        came = node.wait(5)
        assert (came.cut, came.moved) == (True, []), step
        assert node.power().answers == [evt(17, "interrupted")], step
        held += node.state().get("last_id") == 17
        node.do(f"clock {NOW}")
        came = node.tell(feed(17, execute_at=NOW + 5))
        assert came.answers == [ack(17), evt(17, "interrupted")], step
        assert node.wait(6).moved == [], step
    assert 0 < held < STEPS_OF_A_WRITE


def test_what_was_cut_off_while_it_moved_was_executed_and_is_not_begun_again(
    node: NativeNode,
) -> None:
    waits(node, 17)
    assert node.wait(6).moved
    came = node.power()
    assert came.answers == [evt(17, "interrupted")]
    assert came.said[-1][1]["last_id"] == 17
    node.do(f"clock {NOW}")
    assert node.tell(feed(17, execute_at=NOW + 5)).answers[1:] == [
        evt(17, "interrupted")
    ]
    assert node.wait(6).moved == []


def test_what_flash_does_not_hold_at_its_moment_does_not_move(
    node: NativeNode,
) -> None:
    waits(node, 17)
    node.do(f"wear {SLOTS}")
    came = node.wait(5)
    assert (came.answers, came.moved) == ([evt(17, "interrupted")], [])
    state = node.state()
    assert (state["ready"], state["worn"]) == (0, 1)
    assert "last_id" not in state
    assert node.tell(feed(17)).answers == [ack(17), evt(17, "interrupted")]
    came = node.power()
    assert came.answers == [evt(17, "interrupted")]
    assert "last_id" not in came.said[-1][1]


@pytest.mark.parametrize("before", range(PLACES))
def test_of_two_that_the_power_cut_off_the_later_one_is_told(
    node: NativeNode, before: int
) -> None:
    for queue_id in range(17, 17 + PLACES):
        if queue_id == 17 + before:
            waits(node, queue_id)
            node.power()
        else:
            node.tell(feed(queue_id))
            node.end_work()
    latest = 17 + PLACES
    assert node.tell(feed(latest)).moved
    assert node.power().answers == [evt(latest, "interrupted")]


def test_what_was_put_off_is_told_until_something_later_is_written(
    node: NativeNode,
) -> None:
    waits(node, 17)
    for _ in range(2):
        assert node.power().answers == [evt(17, "interrupted")]
    node.tell(feed(18))
    node.end_work()
    came = node.power()
    assert came.answers == []
    assert came.said[-1][1]["last_id"] == 18
    assert node.tell(feed(17)).answers == [ack(17), evt(17, "interrupted")]


def test_what_was_put_off_is_never_said_to_be_executed_though_all_else_is_forgotten(
    node: NativeNode,
) -> None:
    for queue_id in range(17, 17 + PLACES + 2):
        waits(node, queue_id)
        node.power()
        assert "last_id" not in node.state()
    assert node.tell(feed(17)).answers == [ack(17, "older than what is remembered")]
