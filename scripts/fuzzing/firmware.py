"""What a node is told, fuzzed: the library of `firmware/`, with the sanitizers.

An input is some messages, and what happens while each is taken. The fuzzer sees nothing
of a compiled program, and would keep nothing that it tried: each input comes of a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
import json
import random
from tempfile import TemporaryFile
from typing import Any, Final

from simulator.paired_dispenser.core import SANITIZED, Core, blank
from simulator.paired_dispenser.wire import LONGEST_JSON, read_command

from .mutation import HEAD, RECORD, mutate_one

LONGEST_WORK: Final = 60
STEPS: Final = 98
"""Moments of a write, at which the power may go."""
CUT, DROPPED, FAILED, UNREADY, LATER = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 4
"""Bits of the second byte: the power goes in the next write, at the step that the
first byte says; nothing that is said leaves; the work fails; the board is not ready;
the power goes in the write after that."""
LONGEST_MESSAGE: Final = 2048
NO_STEP: Final = 4_000_000_000


class Told:
    """Tells a node what stands in an input, and looks at what it says and does."""

    def __init__(self) -> None:
        self._flash = TemporaryFile()  # noqa: SIM115 - it lives as long as this
        blank(self._flash)
        self._core = Core(self._flash, LONGEST_WORK, "operates", options=SANITIZED)
        self._moved: set[int] = set()
        self._ended: dict[int, str] = {}

    def __call__(self, data: bytes) -> None:
        """Raise for what must not be: it ends, moves twice, or says otherwise."""
        blank(self._flash)
        self._moved.clear()
        self._ended.clear()
        self._power()
        for number, record in enumerate(data.split(RECORD)):
            head, message = record[:HEAD].ljust(HEAD, b"\0"), record[HEAD:]
            self._tell(head[0], head[1], message[:LONGEST_MESSAGE], number)

    def _tell(self, step: int, how: int, message: bytes, number: int) -> None:
        self._do(f"ready {int(not how & UNREADY)}")
        self._do(f"wire {int(not how & DROPPED)}")
        cut = f"cut {step % STEPS if how & CUT else NO_STEP}"
        if not how & LATER:
            self._do(cut)
        answered = self._do(f"receive {message.hex()}")
        if not how & (CUT | DROPPED):
            self._compare(message, answered)
        if how & LATER:
            self._do(cut)
        self._do(f"motor {'jammed' if how & FAILED else 'success'} 100")
        restarts = "restart" in self._do(f"tick {(number + 1) * 3000}")
        if how & CUT or restarts:
            self._power()
        self._do("wire 1")

    def _power(self) -> None:
        for line in ("power", "clock 1790000000", "wire 1", "connect"):
            self._do(line)

    def _do(self, line: str) -> list[str]:
        came = self._core.do(line)
        for printed in came:
            word, _, rest = printed.partition(" ")
            if word == "move":
                self._move(int(rest.split()[0]))
            elif word == "say":
                topic, _, text = rest.split(" ", 2)
                if topic == "evt":
                    self._end(json.loads(text))
        return came

    def _move(self, command_id: int) -> None:
        if command_id in self._moved:
            raise AssertionError(f"{command_id} was executed twice")
        self._moved.add(command_id)

    def _end(self, said: dict[str, Any]) -> None:
        command_id, status = said["queue_id"], said["status"]
        # What no such node can do is not remembered, for nothing was done.
        if command_id not in self._moved:
            return
        if self._ended.setdefault(command_id, status) != status:
            raise AssertionError(f"{command_id} ended in two ways")

    def _compare(self, message: bytes, came: list[str]) -> None:
        """Compare with what the simulated node reads in a message."""
        is_read = len(message) <= LONGEST_JSON and read_command(message) is not None
        is_answered = any(line.startswith("say ack ") for line in came)
        if is_read != is_answered and not _reads_otherwise(message):
            raise AssertionError(f"answered: {is_answered}, readable: {is_read}")


def _reads_otherwise(message: bytes) -> bool:
    """Whether Python and the library may differ about what JSON is."""
    deep = message.count(b"[") + message.count(b"{") > _DEEPEST
    return deep or not message.isascii() or any(word in message for word in _LAX)


_DEEPEST = 7
_LAX = (b"NaN", b"Infinity", b"\\u", b"\x7f")
"""Python takes these for JSON, or for names that are spelled otherwise."""


def seeds() -> Iterator[bytes]:
    """Yield what nodes are told, with the power going at some moments, or not."""
    items = [{"pill_id": 1, "quantity": 2}]
    feed = {"patient_id": 0, "target_room": 1, "items": items}
    told: tuple[dict[str, Any], ...] = (
        {"queue_id": 17, **feed, "expires_at": 1_790_000_900},
        {"queue_id": 18, "op": "reboot"},
        {"queue_id": 19, "op": "servo", "id": 1, "on": 1},
        {"queue_id": 20, "op": "dc", "on": 1},
        {"queue_id": 21, **feed, "execute_at": 1_790_000_025.5},
    )
    messages = [json.dumps(each, separators=(",", ":")).encode() for each in told]
    for how in (0, CUT, CUT | LATER, DROPPED, FAILED, UNREADY):
        for step in (0, 1, 49, 97):
            heads = bytes([step, how]), bytes([0, 0])
            yield RECORD.join(head + each for each in messages for head in heads)


_SEEDS = [*seeds()]
MOST_CHANGES: Final = 5


def mutate(
    _data: bytes, most: int, seed: int, natively: Callable[[bytes, int], bytes]
) -> bytes:
    """Return one of the seeds with some changes; the same for the same seed."""
    rng = random.Random(seed)
    found = rng.choice(_SEEDS)
    for _ in range(rng.randint(1, MOST_CHANGES)):
        found = mutate_one(found, most, rng.getrandbits(32), natively)
    return found
