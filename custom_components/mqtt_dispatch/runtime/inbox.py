"""Reads what comes, in its order; what takes long to read, a piece at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Final

from ..engine.model.clock import Now
from ..engine.model.reports import Seen
from ..protocols.base import Protocol
from ..protocols.messages import Malformed, Message, Said
from .deferred import Deferred
from .ports import Clock

MOST_UNREAD: Final = 16 * 1024 * 1024
"""Bytes of messages that wait to be read."""
TOO_MUCH: Final = "too much at once"
"""Why a message says nothing that came while that much waited."""

READING: Final = "taking in a message"
UNPACKING: Final = "unpacking a message"
"""What was being done when something raised which never should."""

type Take = Callable[[Said, Message, Now | None], None]
"""`take(said, message, at)`: when it came, if that is not now."""


class Inbox:
    """The messages of a station between their coming and their being understood.

    A short message is read when it comes. While a long one is unpacked all else goes
    on, but for the messages that come after it, whoever sent them: no answer is ever
    taken before what came first. What only says again that a node is there waits, too,
    until anything else happens, be it that a deadline has come: see `Deferred`.
    """

    def __init__(
        self,
        protocol: Protocol,
        clock: Clock,
        *,
        read: Callable[[Message], tuple[Said, ...]],
        take: Take,
        fault: Callable[[str], None],
        only_ages: Callable[[str], bool],
    ) -> None:
        """Begin with nothing unread; `only_ages`: see `Deferred`."""
        self._protocol = protocol
        self._clock = clock
        self._read = read
        self._take = take
        self._fault = fault
        self._unread: deque[Message | Callable[[], None]] = deque()
        self._unread_bytes = 0
        self._unpacking = False
        self._deferred = Deferred(only_ages)

    def came(self, message: Message) -> None:
        """Take in a message, which may be anything."""
        if not self._waits and not self._is_long(message):
            if not self._deferred.defers(message, self._clock.now()):
                self.catch_up()
                self._read_now(message)
        elif self._unread_bytes + len(message.payload) > MOST_UNREAD:
            self._take(Malformed(TOO_MUCH), message, None)
        else:
            self.catch_up()
            self._unread_bytes += len(message.payload)
            self._unread.append(message)
            self._go_on()

    def news(self) -> None:
        """Note that something came of what came."""
        self._deferred.news += 1

    def catch_up(self) -> None:
        """Read what waits for no other reason than that it seemed to be no news."""
        while (waiting := self._deferred.next()) is not None:
            self._read_now(*waiting)

    def after_it(self, action: Callable[[], None]) -> None:
        """Do something once all is understood that came so far."""
        self.catch_up()
        if self._waits:
            self._unread.append(action)
            self._go_on()
        else:
            action()

    @property
    def _waits(self) -> bool:
        return self._unpacking or bool(self._unread)

    def _is_long(self, message: Message) -> bool:
        protocol = self._protocol
        if protocol.long_report is None:
            return False
        # One that is too long is refused at once.
        return protocol.long_report < len(message.payload) <= protocol.max_report_bytes

    def _go_on(self) -> None:
        while self._unread and not self._unpacking:
            match self._unread.popleft():
                case Message() as message:
                    self._unread_bytes -= len(message.payload)
                    if self._is_long(message):
                        self._unpacking = True
                        work = self._protocol.unpacked(message.payload)
                        self._clock.later(0, partial(self._work_on, message, work))
                    else:
                        self._read_now(message)
                case action:
                    action()

    def _work_on(self, message: Message, work: Generator[None, None, bytes]) -> None:
        try:
            next(work)
        except StopIteration as finished:
            self._unpacking = False
            self._read_now(replace(message, payload=finished.value))
            self._go_on()
        except Exception:  # noqa: BLE001 - what comes after it is to be read
            self._unpacking = False
            self._fault(UNPACKING)
            self._go_on()
        else:
            self._clock.later(0, partial(self._work_on, message, work))

    def _read_now(self, message: Message, at: Now | None = None) -> None:
        news = self._deferred.news
        try:
            said = self._read(message)
            for each in said:
                self._take(each, message, at)
        except Exception:  # noqa: BLE001 - a handler of messages raises nothing
            self._fault(READING)
            return
        match said:
            case (Seen(node=node),) if self._deferred.news == news:
                self._deferred.was_no_news(message, node)
