"""The core and the simulated node, each on the bench that the contract asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
import json
from typing import Any

from simulator.paired_dispenser.node import BOOT_SECONDS
from tests.simulator.paired_dispenser.bench import PairedBench

from .contract import START, Done
from .native import Came, NativeNode

WORK_SECONDS = 3.0
A_WHILE = 10.0
"""Seconds within which a node that is told to start anew does so."""


class Core:
    """The core as a program."""

    def __init__(self, node: NativeNode, work_ends: str) -> None:
        self._node = node
        self._work_ends = work_ends
        self._before = 0.0
        """Seconds that passed before the last start."""
        self._switch_on()

    def tell(self, payload: bytes) -> Done:
        return _done(self._node.tell(payload))

    def end_work(self) -> Done:
        return _done(self._node.end_work(self._work_ends))

    def lose_power(self) -> Done:
        self._before += self._node.time / 1000
        return _done(self._switch_on())

    def restarts(self) -> Done | None:
        came = self._node.wait(A_WHILE)
        return self.lose_power() if "restart" in came.other else None

    def wait(self, seconds: float) -> Done:
        return _done(self._node.wait(seconds))

    def state(self) -> Mapping[str, Any]:
        return self._node.state()

    def _switch_on(self) -> Came:
        came = self._node.power()
        self._node.do(f"clock {START + round(self._before)}")
        return came


class Simulated:
    """A node of the simulator with a firmware that remembers."""

    def __init__(self, work_ends: str, firmware: str = "new") -> None:
        self._bench = PairedBench(firmware, work_seconds=WORK_SECONDS)
        # The contract leaves no room for a node that mixes up two commands.
        self._bench.order("mixes_up=off")
        if work_ends != "success":
            self._bench.order(f"fail={work_ends}")

    def tell(self, payload: bytes) -> Done:
        return self._noted(lambda: self._bench.receive("disp/cmd/1", payload))

    def end_work(self) -> Done:
        return self._noted(lambda: self._bench.run(WORK_SECONDS))

    def lose_power(self) -> Done:
        def off_and_on() -> None:
            self._bench.order("die=now,seconds=1")
            self._bench.run(1)

        return self._noted(off_and_on)

    def restarts(self) -> Done | None:
        starts = len(self._bench.wills)
        done = self._noted(lambda: self._bench.run(max(A_WHILE, BOOT_SECONDS)))
        return done if len(self._bench.wills) > starts else None

    def wait(self, seconds: float) -> Done:
        return self._noted(lambda: self._bench.run(seconds))

    def state(self) -> Mapping[str, Any]:
        """Return what it says within the time in which it says that it is ready."""
        before = len(self._bench.messages)
        self._bench.run(2.0)
        said: list[dict[str, Any]] = [
            json.loads(message.payload)
            for _, message in self._bench.messages[before:]
            if message.topic == "disp/state/1"
        ]
        ready = [each for each in said if "ready" in each]
        return (ready or said or [{}])[-1]

    def _noted(self, act: Callable[[], None]) -> Done:
        bench = self._bench
        said, executed = len(bench.messages), len(bench.executed)
        act()
        answers = [
            (message.topic.split("/")[1], json.loads(message.payload))
            for _, message in bench.messages[said:]
            if not message.topic.startswith("disp/state/")
        ]
        moved = [
            int(each.id) for each in bench.executed[executed:] if each.kind != "reboot"
        ]
        return Done(answers, moved)


def _done(came: Came) -> Done:
    return Done([*came.answers], [each["id"] for each in came.moved])
