"""A node as a program, with its flash in a file; see firmware/native/program.cpp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from pathlib import Path
import subprocess
from typing import Any

SECTOR = 128
"""Bytes of a slot in the file."""
RECORD = 96
STEPS_OF_A_WRITE = RECORD + 2
"""Moments at which the power can go in a write: see `cut`."""
WORK_LIMIT = 60

_MOVED = ("id", "kind", "portions", "hopper", "bowl", "pet", "servo", "on")

type Said = tuple[str, dict[str, Any]]


@dataclass
class Came:
    """What came of one line."""

    said: list[Said] = field(default_factory=list)
    retained: list[bool] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    wrote: list[int] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    """The first word of each, in the order in which they came."""

    @property
    def answers(self) -> list[Said]:
        return [each for each in self.said if each[0] != "state"]

    @property
    def cut(self) -> bool:
        return "cut" in self.other

    def take(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        self.order.append(word)
        match word:
            case "say":
                topic, retained, text = rest.split(" ", 2)
                self.said.append((topic, json.loads(text)))
                self.retained.append(retained == "1")
            case "move":
                told = zip(_MOVED, rest.split(), strict=True)
                self.moved.append(
                    {name: each if name == "kind" else int(each) for name, each in told}
                )
            case "wrote":
                self.wrote.append(int(rest))
            case _:
                self.other.append(line)


class NativeNode:
    """One node. Its flash outlives it, in `folder`."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        *traits: str,
        slots: int = 2,
        work_limit: int = WORK_LIMIT,
    ) -> None:
        self.flash = folder / "flash.bin"
        if not self.flash.exists():
            self.flash.write_bytes(b"\xff" * SECTOR * slots)
        self._process = subprocess.Popen(
            [program, self.flash, str(slots), str(work_limit), *traits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.time = 0

    @property
    def runs(self) -> bool:
        return self._process.returncode is None

    def close(self) -> None:
        """End it as if its input had come to an end; a fault found till then raises."""
        self._process.communicate(timeout=30)
        assert self._process.returncode == 0, "the sanitizer or the program complains"

    def kill(self) -> None:
        """End it without a word, as the loss of a whole computer would."""
        self._process.kill()
        self._process.communicate()

    def do(self, line: str) -> Came:
        """Have one line carried out, and return what came of it."""
        pipes = self._process
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        pipes.stdin.write(f"{line}\n")
        pipes.stdin.flush()
        came = Came()
        for printed in pipes.stdout:
            if printed == ".\n":
                return came
            came.take(printed.rstrip("\n"))
        raise AssertionError(f"the program ended at: {line}")

    def power(self) -> Came:
        """Switch it on, or off and on again, and connect it. Returns what it says."""
        self.time = 0
        self.do("power")
        return self.do("connect")

    def tell(self, command: Mapping[str, Any] | bytes) -> Came:
        payload = command
        if not isinstance(payload, bytes):
            payload = json.dumps(command, separators=(",", ":")).encode()
        return self.do(f"receive {payload.hex()}")

    def wait(self, seconds: float) -> Came:
        self.time += round(seconds * 1000)
        return self.do(f"tick {self.time}")

    def end_work(self, status: str = "success") -> Came:
        """Have the motor come to its end now."""
        self.do(f"motor {status} 100")
        return self.wait(0.05)

    def state(self) -> dict[str, Any]:
        """Return what it says of itself when it connects."""
        return self.do("connect").said[-1][1]


def feed(queue_id: int, **more: Any) -> dict[str, Any]:
    items = [{"pill_id": 1, "quantity": 2}]
    return {
        "queue_id": queue_id,
        "patient_id": 0,
        "target_room": 1,
        "items": items,
        **more,
    }


def ack(queue_id: int, reason: str | None = None) -> Said:
    if reason is None:
        return "ack", {"queue_id": queue_id, "accepted": 1}
    return "ack", {"queue_id": queue_id, "accepted": 0, "reason": reason}


def evt(queue_id: int, status: str = "success") -> Said:
    return "evt", {"queue_id": queue_id, "done": 1, "status": status}
