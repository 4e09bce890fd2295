"""Messages that say what was no news before, but for how long their node has run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..engine.model.clock import Now
from ..engine.wall_clock import CLOCK_SET
from ..protocols.messages import Message

MOST_KNOWN: Final = 1024
"""Messages that are remembered; all are forgotten when there are more."""
LONGEST: Final = 512
"""Bytes of one that is."""
_UPTIME: Final = b'"uptime":'
_MOST_DIGITS: Final = 18

type _Said = tuple[str, bool, bytes, bytes, bytes]
"""All of a message but its uptime."""


class Deferred:
    """Lets messages wait that are like one which was no news, while there is none.

    Of those that say the same the last one is kept: the others would only have moved on
    when their node was heard. That the next one is no news either is only guessed, so
    it is read all the same, as of the moment when it came.
    """

    def __init__(self, only_ages: Callable[[str], bool]) -> None:
        """Begin with nothing known.

        `only_ages(node)`: whether a message of a node that was no news has only moved
        on when that was heard.
        """
        self.news = 0
        """How often anything came of what came. Whoever sees it counts it."""
        self._only_ages = only_ages
        self._ahead: float | None = None
        """By how much the wall clock was ahead of the steady one."""
        self._known: dict[_Said, int] = {}
        """The count of news at which it was none."""
        self._uptimes: dict[str, int] = {}
        """By topic: the last one. A lower one is that of a node that began anew."""
        self._waiting: dict[_Said, tuple[Message, Now]] = {}

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._known)

    def defers(self, message: Message, now: Now) -> bool:
        """Whether a message may wait, which it does then."""
        self._heed_clock(now)
        said, uptime = _parts(message)
        if self._known.get(said) != self.news:
            return False
        if uptime is not None:
            if uptime < self._uptimes.get(message.topic, 0):
                return False
            self._uptimes[message.topic] = uptime
        # The last one comes last.
        self._waiting.pop(said, None)
        self._waiting[said] = (message, now)
        return True

    def _heed_clock(self, now: Now) -> None:
        """Count it as news that the wall clock was set."""
        ahead = now.wall - now.steady
        if self._ahead is None or abs(ahead - self._ahead) > CLOCK_SET:
            self._ahead = ahead
            self.news += 1

    def next(self) -> tuple[Message, Now] | None:
        """Take out the one that has waited longest, and say when it came."""
        for said in self._waiting:
            return self._waiting.pop(said)
        return None

    def was_no_news(self, message: Message, node: str) -> None:
        """Remember a message of a node that was none."""
        if len(message.payload) > LONGEST or not self._only_ages(node):
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
            self._uptimes.clear()
        said, uptime = _parts(message)
        self._known[said] = self.news
        if uptime is not None:
            self._uptimes[message.topic] = uptime


def _parts(message: Message) -> tuple[_Said, int | None]:
    """Return what a message says, and the uptime in it."""
    before, _, after = message.payload.partition(_UPTIME)
    number, end, rest = after.partition(b",")
    if not end:
        number, end, rest = after.partition(b"}")
    digits = number.strip(b" \t\r\n")
    # JSON has no number that begins with a nought.
    readable = digits.isdigit() and (digits[:1] != b"0" or digits == b"0")
    if readable and len(digits) <= _MOST_DIGITS:
        return (message.topic, message.retain, before, end, rest), int(digits)
    return (message.topic, message.retain, message.payload, b"", b""), None
