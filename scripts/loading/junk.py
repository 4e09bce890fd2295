"""Junk as anybody on the broker may send it on the topics of stations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
import json
import random
from typing import Any

CHANNELS = ("state", "ack", "evt")
LONG = 65_536
DEEP = 900
LOWEST_FOREIGN_ID = 1_000_000_000
HIGHEST_FOREIGN_ID = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Junk:
    """One message."""

    topic: str
    payload: bytes
    retain: bool = False


class JunkMaker:
    """Makes junk without end, the same for the same seed.

    Nothing of it is what a node of a station could have said: that would be a lie, and
    it is believed. Nodes that are unknown, and ids that were never given, are junk.
    """

    def __init__(self, places: Sequence[tuple[str, str]], seed: int) -> None:
        """`places` are the prefix and the name of each node."""
        self._places = places
        self._random = random.Random(seed)
        self._strangers = 0
        self._makers: dict[Callable[[], Junk], int] = {
            self._bytes: 15,
            self._broken_json: 15,
            self._deep_json: 10,
            self._huge_numbers: 10,
            self._wrong_types: 10,
            self._foreign_answer: 20,
            self._stranger: 10,
            self._retained: 9,
            self._long: 1,
        }

    def make(self, number: int) -> list[Junk]:
        """Return so many messages."""
        makers = self._random.choices(
            list(self._makers), list(self._makers.values()), k=number
        )
        return [make() for make in makers]

    def _topic(self, channel: str | None = None) -> str:
        prefix, node = self._random.choice(self._places)
        return f"{prefix}/{channel or self._random.choice(CHANNELS)}/{node}"

    def _bytes(self) -> Junk:
        size = self._random.randint(1, 200)
        return Junk(self._topic(), self._random.randbytes(size))

    def _broken_json(self) -> Junk:
        whole = _json({"queue_id": self._foreign_id(), "accepted": 1, "status": "ok"})
        return Junk(self._topic(), whole[: self._random.randrange(1, len(whole))])

    def _deep_json(self) -> Junk:
        opened, closed = self._random.choice(((b"[", b"]"), (b'{"x":', b"}")))
        payload = b'{"online":' + opened * DEEP + b"1" + closed * DEEP + b"}"
        return Junk(self._topic(), payload)

    def _huge_numbers(self) -> Junk:
        digits = b"9" * self._random.choice((30, 400, 5000))
        field = self._random.choice((b"queue_id", b"uptime", b"last_id", b"rssi"))
        return Junk(self._topic(), b'{"' + field + b'":' + digits + b',"accepted":1}')

    def _wrong_types(self) -> Junk:
        wrong: list[Any] = [None, "maybe", -1, 1.5, [], {}, [1], {"a": 1}, True]
        fields = ("queue_id", "accepted", "done", "status", "uptime")
        content = {name: self._random.choice(wrong) for name in fields}
        return Junk(self._topic(self._random.choice(("ack", "evt"))), _json(content))

    def _foreign_answer(self) -> Junk:
        channel = self._random.choice(("ack", "evt"))
        said = {"accepted": 1} if channel == "ack" else {"done": 1, "status": "success"}
        return Junk(
            self._topic(channel), _json({"queue_id": self._foreign_id(), **said})
        )

    def _stranger(self) -> Junk:
        self._strangers += 1
        prefix, _ = self._random.choice(self._places)
        content = {"online": 1, "ready": 1, "uptime": self._strangers}
        return Junk(f"{prefix}/state/stranger{self._strangers}", _json(content))

    def _retained(self) -> Junk:
        payload = self._random.choice((b"junk", b'{"queue_id":7,"done":1}', b"[1]"))
        return Junk(self._topic(self._random.choice(("ack", "evt"))), payload, True)

    def _long(self) -> Junk:
        return Junk(self._topic(), b'{"online":"' + b"x" * LONG + b'"}')

    def _foreign_id(self) -> int:
        return self._random.randint(LOWEST_FOREIGN_ID, HIGHEST_FOREIGN_ID)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
