"""The power goes at every moment of every write, records are torn, flash wears out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.nonempty import some

from .conftest import MakeNode
from .flash import clear, remembered, spoil
from .native import (
    RECORD,
    STEPS_OF_A_WRITE,
    Came,
    NativeNode,
    ack,
    evt,
    feed,
)

REBOOT = {"queue_id": 19, "op": "reboot"}
WRITES = 5
"""Of the story below: two of each feed, one of the restart."""
ENOUGH = 10
"""Times to tell a command of which each cut costs one."""
WORN = "memory is worn"


@dataclass
class Story:
    """Two feeds and a restart, told until a node answers each with its end."""

    node: NativeNode
    moved: Counter[int] = field(default_factory=Counter)
    restarts: int = 0
    ends: dict[int, set[str]] = field(default_factory=dict)

    def note(self, came: Came) -> bool:
        """Keep what came; return whether the power went. What was said stays true."""
        self.moved.update(each["id"] for each in came.moved)
        self.restarts += came.other.count("restart")
        for topic, said in came.answers:
            if topic == "evt":
                self.ends.setdefault(said["queue_id"], set()).add(said["status"])
        return came.cut

    def go_on(self, cuts: list[tuple[int, int]]) -> None:
        """Tell it all, in order; the power goes in the given writes, at these steps.

        Each cut is the number of a write since the last start, from 1, and a step.
        """
        left = [*cuts]
        writes = 0

        def do(line: Any) -> bool:
            nonlocal writes
            if left and left[0][0] == writes + 1:
                self.node.do(f"cut {left[0][1]}")
            came = self.node.tell(line) if isinstance(line, dict) else line()
            writes += len(came.wrote)
            if self.note(came):
                left.pop(0)
                writes = 0
                self.note(self.node.power())
                return True
            return False

        for command in (feed(17), feed(18), REBOOT):
            for _ in range(ENOUGH):
                if command["queue_id"] in self.ends:
                    break
                if not do(command):
                    do(self.node.end_work)
        if self.restarts == 0:
            self.note(self.node.wait(1))
        assert not left, "a cut was not reached"


def judge(story: Story) -> None:
    assert max(story.moved.values(), default=0) <= 1, "executed twice"
    for queue_id, statuses in story.ends.items():
        assert len(statuses) == 1, f"{queue_id} ended as {statuses}"
        if "success" in statuses and queue_id != REBOOT["queue_id"]:
            assert story.moved[queue_id] == 1, "a success without work"
    assert story.ends.keys() == {17, 18, 19}, "lost"
    story.note(story.node.power())
    for queue_id, (status,) in story.ends.items():
        came = story.node.tell(feed(queue_id))
        assert came.answers == [ack(queue_id), evt(queue_id, status)]
        assert came.moved == []
    state = story.node.state()
    assert (state["last_id"], state["dedupes"], state["ready"]) == (19, 1, 1)


def stories(node: NativeNode, all_cuts: list[list[tuple[int, int]]]) -> None:
    for cuts in all_cuts:
        clear(node.flash)
        story = Story(node)
        story.note(node.power())
        try:
            story.go_on(cuts)
            judge(story)
        except AssertionError as error:
            raise AssertionError(f"power cut at {cuts}: {error}") from error


def test_without_a_cut_all_is_done_in_five_writes(node: NativeNode) -> None:
    story = Story(node)
    story.go_on([])
    assert story.ends == {17: {"success"}, 18: {"success"}, 19: {"success"}}
    assert (story.moved, story.restarts) == ({17: 1, 18: 1}, 1)
    assert remembered(node.flash).writes == WRITES


def test_a_cut_at_each_step_of_each_write_executes_nothing_twice(
    node: NativeNode,
) -> None:
    every = [
        [(write, step)]
        for write in range(1, WRITES + 1)
        for step in range(STEPS_OF_A_WRITE)
    ]
    stories(node, every)


def test_a_second_cut_in_the_write_after_it_executes_nothing_twice(
    node: NativeNode,
) -> None:
    steps = (0, 1, 2, RECORD // 2, STEPS_OF_A_WRITE - 2, STEPS_OF_A_WRITE - 1)
    pairs = [
        [(write, first), (1, second)]
        for write in range(1, WRITES)
        for first in steps
        for second in steps
    ]
    stories(node, pairs)


def test_a_kill_of_the_program_is_a_loss_of_power(make_node: MakeNode) -> None:
    first = make_node()
    first.power()
    first.tell(feed(17))
    first.kill()
    again = make_node()
    assert again.power().answers == [evt(17, "interrupted")]
    assert again.tell(feed(17)).moved == []


def test_a_record_of_which_any_bit_turned_is_not_believed(node: NativeNode) -> None:
    for queue_id in (17, 18):
        node.tell(feed(queue_id))
        node.end_work()
    whole = node.flash.read_bytes()
    before = remembered(node.flash).writes - 1
    latest = before % 2
    for at in some(range(RECORD)):
        node.flash.write_bytes(whole)
        spoil(node.flash, latest, at)
        node.power()
        state = node.state()
        # The record before says that 18 was begun, so it is not begun again.
        assert (state["writes"], state["last_id"]) == (before, 18), at
        assert node.tell(feed(18)).moved == [], at


def test_a_memory_that_is_lost_is_owned_up_to_until_it_is_worth_something(
    node: NativeNode,
) -> None:
    node.tell(feed(17))
    node.end_work()
    for slot in (0, 1):
        spoil(node.flash, slot, 40)
    node.power()
    assert node.state()["dedupes"] == 0
    assert "last_id" not in node.state()
    assert node.tell(feed(20)).moved
    assert "last_id" not in node.state()
    node.end_work()
    assert (node.state()["dedupes"], node.state()["last_id"]) == (1, 20)
    came = node.tell(feed(17))
    assert (came.answers[0][1]["accepted"], came.moved) == (0, [])


def test_blank_flash_is_a_new_memory_whatever_the_maker_calls_blank(
    node: NativeNode,
) -> None:
    for blank in (b"\x00", b"\xff"):
        node.flash.write_bytes(blank * len(node.flash.read_bytes()))
        node.power()
        assert node.state()["dedupes"] == 1


@pytest.mark.parametrize("worn", [1, 2, 3])
def test_what_flash_does_not_hold_is_not_executed(node: NativeNode, worn: int) -> None:
    node.do(f"wear {worn}")
    moved: Counter[int] = Counter()
    for queue_id in range(17, 22):
        came = node.tell(feed(queue_id))
        moved.update(each["id"] for each in came.moved)
        if not came.moved:
            assert came.answers == [ack(queue_id, WORN)]
            assert (node.state()["ready"], node.state()["worn"]) == (
                0,
                worn.bit_count(),
            )
            break
        node.end_work()
    else:
        pytest.fail("it went on with flash that does not hold")
    node.power()
    for queue_id in moved:
        assert node.tell(feed(queue_id)).moved == []


def test_a_third_slot_takes_the_place_of_a_worn_one(make_node: MakeNode) -> None:
    node = make_node(slots=3)
    node.power()
    node.do("wear 2")
    for queue_id in range(17, 27):
        assert node.tell(feed(queue_id)).moved
        assert node.end_work().answers == [evt(queue_id)]
    assert (node.state()["worn"], node.state()["ready"]) == (1, 1)
    node.power()
    assert node.tell(feed(26)).answers == [ack(26), evt(26)]


def test_an_end_that_flash_does_not_hold_is_known_until_the_power_goes(
    node: NativeNode,
) -> None:
    node.tell(feed(17))
    node.do("wear 3")
    assert node.end_work().answers == [evt(17)]
    assert node.tell(feed(17)).answers == [ack(17), evt(17)]
    assert node.power().answers == [evt(17, "interrupted")]


def test_what_was_broken_off_is_said_before_the_id_that_tells_of_it(
    node: NativeNode,
) -> None:
    node.tell(feed(17))
    came = node.power()
    assert came.said[0] == evt(17, "interrupted")
    assert [topic for topic, _ in came.said[1:]] == ["state", "state"]
    assert came.said[1][1]["last_id"] == 17
