"""Home Assistant's MQTT client: paho, with its memory and its blind spots.

As paho 2.1 does it: a publish of QoS 1 is kept until the broker acknowledges it, also
one that raised because there was no connection, and all that is kept is sent when there
is a connection again. A publish of QoS 0 is never kept.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.broker import Broker, Receive, Session
from simulation.process import Process
from simulator.node import Message

RECONNECT_SECONDS = 10.0
SUBSCRIBE_SECONDS = 0.05
ROUND_TRIP = 0.01


class NoConnection(Exception):  # noqa: N818 - as the client says it
    """The publish raised."""


class Client:
    """The client of one process.

    `left` is told of each message that it sent: whose it is, and whether it was kept.
    """

    def __init__(
        self,
        process: Process,
        broker: Broker,
        *,
        receive: Receive,
        changed: Callable[[bool], None],
        subscribed: Callable[[], None],
        left: Callable[[str, Message, bool], None],
    ) -> None:
        self._process = process
        self._broker = broker
        self._receive = receive
        self._changed = changed
        self._subscribed = subscribed
        self._left = left
        self._session: Session | None = None
        self._socket = False
        self._kept: dict[int, tuple[str, Message]] = {}
        self._count = 0
        self._filters: tuple[str, ...] = ()
        self._reachable = True
        self.connected = False
        """What Home Assistant believes."""
        self.breaks: str | None = None
        """What happens at the next publish of a command: "before" it the socket,
        unnoticed; right "after" it the connection, before the broker acknowledges it.
        """

    @property
    def can_publish(self) -> bool:
        """Whether what is published now leaves."""
        return self._socket

    def connect(self) -> None:
        if self._socket:
            return
        session = Session(self._receive, is_node=False)
        if not self._reachable or not self._broker.connect(session):
            self._process.later(RECONNECT_SECONDS, self.connect)
            return
        self._session = session
        self._socket = self.connected = True
        for number in tuple(self._kept):
            self._send(number, *self._kept[number], again=True)
        if self._filters:
            self._subscribe_again(session)
        self._changed(True)

    def subscribe(self, filters: tuple[str, ...]) -> None:
        self._filters = tuple(dict.fromkeys((*self._filters, *filters)))
        if self._session is not None:
            self._subscribe_again(self._session)

    def publish(self, sender: str, message: Message, *, is_command: bool) -> None:
        """Publish. Raises NoConnection, which says nothing about what becomes of it."""
        breaks = self.breaks if is_command else None
        if breaks is not None:
            self.breaks = None
        if breaks == "before":
            self.lose(noticed_after=0.0, believed_after=0.5)
        self._count += 1
        number = self._count
        if message.qos:
            self._kept[number] = (sender, message)
        if not self._socket:
            raise NoConnection
        self._send(number, sender, message, again=False)
        if breaks == "after":
            # The broker has it by then, and its word of that is under way.
            self._process.later(
                1.5 * ROUND_TRIP,
                lambda: self.lose(noticed_after=0.5, believed_after=0.0),
            )

    def lose(
        self, *, noticed_after: float, believed_after: float, back_after: float = 0.0
    ) -> None:
        """Lose the connection.

        The client notices it `noticed_after` seconds, Home Assistant as much later as
        `believed_after`; the broker can be reached again `back_after` seconds.
        """
        if self._session is not None:
            self._broker.disconnect(self._session)
        self._reachable = False
        self._process.later(back_after, self._reach)
        self._notice_loss(noticed_after, believed_after)

    def broker_stopped(self) -> None:
        self._notice_loss(0.0, 0.0)

    def close(self) -> None:
        """Vanish with the process."""
        if self._session is not None:
            self._broker.disconnect(self._session)

    def _notice_loss(self, noticed_after: float, believed_after: float) -> None:
        lost = self._session

        def believe() -> None:
            if self._session is None and not self._socket and self.connected:
                self.connected = False
                self._changed(False)
                self._process.later(RECONNECT_SECONDS, self.connect)

        def notice() -> None:
            if self._session is not lost or lost is None:
                return
            self._session = None
            self._socket = False
            if believed_after:
                self._process.later(believed_after, believe)
            else:
                believe()

        if noticed_after:
            self._process.later(noticed_after, notice)
        else:
            notice()

    def _reach(self) -> None:
        self._reachable = True

    def _send(self, number: int, sender: str, message: Message, *, again: bool) -> None:
        session = self._session
        self._left(sender, message, again)

        def arrive() -> None:
            if session is not None and session.open:
                self._broker.publish(message)
                if message.qos:
                    self._process.later(ROUND_TRIP, acknowledge)

        def acknowledge() -> None:
            if session is not None and session.open:
                self._kept.pop(number, None)

        self._process.later(ROUND_TRIP, arrive)

    def _subscribe_again(self, session: Session) -> None:
        def done() -> None:
            if session.open:
                self._broker.subscribe(session, self._filters)
                self._process.later(ROUND_TRIP, self._subscribed)

        self._process.later(SUBSCRIBE_SECONDS, done)
