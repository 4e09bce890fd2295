"""What is to happen at which point: agreed between the matrix and the hook.

Both know one folder. The matrix writes the plan there before it gives an order; the
hook reads it when the order comes, and writes down each point that it passes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
import json
import os
from pathlib import Path

FOLDER_VARIABLE = "MQTT_DISPATCH_MATRIX"
"""Names the folder in the environment of the process under test."""

QOS_VARIABLE = "MQTT_DISPATCH_MATRIX_QOS"
"""Forces the QoS of all commands, to see what would be without the one they have."""


PROTOCOL_VARIABLE = "MQTT_DISPATCH_MATRIX_PROTOCOL"
"""Names the protocol of the nodes; without it, that of the feeders in pairs."""


class Deed(StrEnum):
    """What the hook does at the point of the plan."""

    NOTHING = "nothing"
    KILL = "kill"
    """SIGKILL to its own process, which therefore stops at just that point."""
    TERMINATE = "terminate"
    """SIGTERM to its own process, which then goes on and shuts down."""
    ASK = "ask"
    """Wait there until the matrix, which may do something meanwhile, answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One deed at one point, counted from 1 among those whose names have `only`."""

    point: int
    deed: Deed
    only: str = ""
    at_start: bool = False
    """Whether points are counted from the start of the process, not from an order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the matrix answers to a process that waits at a point."""

    clock_ahead: float = 0.0
    """Seconds by which the process is to misread the wall clock from now on."""


class Folder:
    """Where plan, points passed and the other agreed files lie."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.points = path / "points"
        self.socket = path / "socket"
        self.disk_error = path / "disk_error"
        """Holds the errno with which each write is to fail, while it is there."""
        self.clock_ahead = path / "clock_ahead"
        """Holds the seconds by which a process misreads the clock from its start."""
        self._plan = path / "plan.json"

    def write_plan(self, plan: Plan) -> None:
        """Write the plan of the next order, and forget the points of the last one."""
        self.points.unlink(missing_ok=True)
        self._write(plan)

    def plan_nothing(self) -> None:
        """Let nothing happen to the orders that follow, and count no point of them."""
        self._write(Plan(0, Deed.NOTHING))

    def read_plan(self) -> Plan:
        if not self._plan.exists():
            return Plan(0, Deed.NOTHING)
        content = json.loads(read(self._plan))
        return Plan(**{**content, "deed": Deed(content["deed"])})

    def _write(self, plan: Plan) -> None:
        self._plan.write_text(json.dumps(asdict(plan)), encoding="utf-8")

    def passed(self) -> list[str]:
        """Return the points that were passed since the plan was written, by name."""
        if not self.points.exists():
            return []
        return self.points.read_text(encoding="utf-8").splitlines()


def read(path: Path) -> str:
    """Return what is in a small file; Home Assistant frowns at the usual ways."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 4096).decode()
    finally:
        os.close(descriptor)


def disk_error(folder: Folder) -> OSError | None:
    """Return what each write is to fail with, while the matrix says that it is to."""
    try:
        number = int(read(folder.disk_error))
    except FileNotFoundError:
        return None
    return OSError(number, os.strerror(number))
