"""Ten thousand random orders against a model, and ten thousand garbled messages."""

from __future__ import annotations

from collections import Counter
import json
from random import Random
from typing import Any

import pytest

from simulator.paired_dispenser.wire import read_command

from .flash import INTERRUPTED, Remembered, remembered
from .native import STEPS_OF_A_WRITE, Came, NativeNode, Said, ack, evt, feed

ORDERS = 10_000
GARBLED = 10_000
NOW = 1_800_000_000
SLOTS = 0b11
WORN, FORGOTTEN = "memory is worn", "older than what is remembered"


class Model:
    """What the contract and the page say that a node does, one order after another."""

    def __init__(self, node: NativeNode, random: Random) -> None:
        self.node = node
        self.random = random
        self.memory = Remembered()
        self.at_work: int | None = None
        self.is_worn = False
        self.next_id = 1000
        self.moved: Counter[int] = Counter()
        self.did: Counter[str] = Counter()

    def step(self) -> None:
        """Have one thing happen, and compare what came of it."""
        happens = self.random.choices(
            (self.an_order, self.the_end_of_work, self.a_loss_of_power, self.wear),
            (60, 30, 3, 1),
        )[0]
        happens()

    def an_order(self) -> None:
        command = self._any_command()
        queue_id = command["queue_id"]
        cut = self.random.random() < 0.05
        if cut:
            self.node.do(f"cut {self.random.randrange(STEPS_OF_A_WRITE)}")
        expected, begins = self._expected(command)
        came = self.node.tell(command)
        self.did["order"] += 1
        if came.cut:
            assert begins or self.is_worn, command
            self._power_went(self._and(queue_id))
            return
        if cut:
            # It wrote nothing, or it would have gone; take the order back.
            assert not came.wrote
            self.node.do("cut 4000000000")
        self.did[expected[0][1].get("reason", "taken" if begins else "repeat")] += 1
        assert came.answers == expected, command
        self._note(came, [queue_id] if begins else [])
        if begins:
            self.memory.begin(queue_id, None)
            self.at_work = queue_id

    def the_end_of_work(self) -> None:
        if self.at_work is None:
            return
        status = self.random.choice(("success", "success", "failed", "jammed", "empty"))
        cut = self.random.random() < 0.1
        if cut:
            self.node.do(f"cut {self.random.randrange(STEPS_OF_A_WRITE)}")
        came = self.node.end_work(status)
        if came.cut:
            self._power_went(self.memory.ended | {self.at_work: status})
            return
        assert not cut
        assert came.answers == [evt(self.at_work, status)]
        self.memory.ended[self.at_work] = status
        self.at_work = None

    def a_loss_of_power(self) -> None:
        self._power_went(self.memory.ended)

    def wear(self) -> None:
        """Flash fails altogether for a while, and holds again after the next start."""
        if self.at_work is None and not self.is_worn:
            self.is_worn = True
            self.node.do(f"wear {SLOTS}")

    def _any_command(self) -> dict[str, Any]:
        kind = self.random.random()
        known = [*self.moved]
        if known and kind < 0.3:
            queue_id = self.random.choice(known[-40:])
        elif kind < 0.4:
            queue_id = self.random.randrange(max(1, self.next_id - 60), self.next_id)
        else:
            self.next_id += self.random.choice((1, 1, 1, 2, 7))
            queue_id = self.next_id
        more: dict[str, Any] = {}
        if self.random.random() < 0.3:
            more["expires_at"] = NOW + self.random.choice((-3600, 3600))
        if self.random.random() < 0.05:
            more["items"] = []
        return feed(queue_id, **more)

    def _expected(self, command: dict[str, Any]) -> tuple[list[Said], bool]:
        """Return what the node must answer, and whether it must begin to work."""
        queue_id = command["queue_id"]
        if queue_id in self.memory.ended:
            status = self.memory.ended[queue_id]
            return [ack(queue_id), *([evt(queue_id, status)] if status else [])], False
        reason = None
        if queue_id <= self.memory.floor:
            reason = FORGOTTEN
        elif command.get("expires_at", NOW + 1) <= NOW:
            reason = "expired"
        elif self.at_work is not None:
            reason = "busy"
        elif not command["items"]:
            reason = "no portions"
        elif self.is_worn:
            reason = WORN
        return [ack(queue_id, reason)], reason is None

    def _and(self, queue_id: int) -> dict[int, str | None]:
        after = Remembered(0, self.memory.floor, {**self.memory.ended})
        after.begin(queue_id, None)
        return after.ended

    def _power_went(self, perhaps: dict[int, str | None]) -> None:
        """Start anew: flash holds what it held, or what was being written."""
        self.did["power"] += 1
        self.node.do("wear 0")
        held = remembered(self.node.flash)
        after = held.after_power()
        before = self.memory.after_power().ended
        written = Remembered(ended=perhaps).after_power().ended
        assert after.ended in (before, written)
        broken_off = [key for key, status in held.ended.items() if status is None]
        self.memory = after
        self.at_work = None
        self.is_worn = False
        came = self.node.power()
        self.node.do(f"clock {NOW}")
        assert came.answers == [evt(each, INTERRUPTED) for each in broken_off]
        state = came.said[-1][1]
        assert state.get("last_id", 0) == max(held.ended, default=0)
        assert state["writes"] == held.writes

    def _note(self, came: Came, expected: list[int]) -> None:
        moved = [each["id"] for each in came.moved]
        assert moved == expected
        self.moved.update(moved)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_orders_are_answered_as_by_the_model(
    node: NativeNode, seed: int
) -> None:
    node.do(f"clock {NOW}")
    model = Model(node, Random(seed))
    while model.did["order"] < ORDERS // 2:
        model.step()
    assert max(model.moved.values()) == 1, "executed twice"
    happened = ("taken", "repeat", "expired", "busy", "no portions", WORN, FORGOTTEN)
    assert all(model.did[each] > 20 for each in (*happened, "power")), model.did


def test_a_garbled_message_is_answered_exactly_when_it_is_a_command(
    node: NativeNode,
) -> None:
    random = Random(3)
    letters = b'{}[]",:\\ 0123456789-+.eEtrufalsn\t\x00\x7f'
    answered = dropped = 0
    for count in range(GARBLED):
        message = bytearray(json.dumps(feed(count + 1, note=[1.5, None])).encode())
        for _ in range(random.choice((0, 1, 1, 2, 5))):
            at = random.randrange(len(message))
            match random.randrange(4):
                case 0:
                    message[at] = random.choice(letters)
                case 1:
                    message.insert(at, random.choice(letters))
                case 2:
                    message[at : at + 2] = b"7"
                case 3:
                    message[at:] = b"  "
        command = read_command(bytes(message))
        said = node.tell(bytes(message)).answers
        assert bool(said) is (command is not None), bytes(message)
        if command is not None:
            assert all(each["queue_id"] == command.id for _, each in said)
            answered += 1
        dropped += command is None
    assert min(answered, dropped) > GARBLED / 5
