"""An MQTT broker as far as one side can tell it from a real one."""

from __future__ import annotations

from collections.abc import Callable

from simulation.air import Air
from simulation.clock import Agenda
from simulator.node import Message

type Receive = Callable[[str, bytes, bool], None]
"""Takes the topic, the payload, and whether the message was retained."""


class Session:
    """One connection. `is_node` tells the way of what it receives."""

    __slots__ = ("filters", "is_node", "latest_at", "open", "receive", "will")

    def __init__(
        self, receive: Receive, *, is_node: bool, will: Message | None = None
    ) -> None:
        self.receive = receive
        self.is_node = is_node
        self.will = will
        self.filters: tuple[str, ...] = ()
        self.open = False
        self.latest_at = 0.0
        """When the latest of what is on its way arrives; seconds of the world."""


class Broker:
    """Keeps retained messages; sessions are clean, so nothing waits for who is away.

    `in_order`: what is late holds up what comes after it, as a connection does; without
    that it is overtaken.
    """

    def __init__(self, agenda: Agenda, air: Air, *, in_order: bool = False) -> None:
        self._agenda = agenda
        self._air = air
        self._in_order = in_order
        self._sessions: list[Session] = []
        self._retained: dict[str, Message] = {}
        self.up = True

    def connect(self, session: Session) -> bool:
        """Take a session in; False if nobody listens."""
        if self.up:
            session.open = True
            self._sessions.append(session)
        return self.up

    def disconnect(self, session: Session, *, goodbye: bool = False) -> None:
        if not session.open:
            return
        session.open = False
        self._sessions.remove(session)
        if session.will is not None and not goodbye:
            self.publish(session.will)

    def subscribe(self, session: Session, filters: tuple[str, ...]) -> None:
        session.filters = filters
        for message in tuple(self._retained.values()):
            if matches(filters, message.topic):
                self._pass_on(session, message, retained=True)

    def publish(self, message: Message) -> None:
        if not self.up:
            return
        if message.retain:
            self._retained.pop(message.topic, None)
            if message.payload:
                self._retained[message.topic] = message
        for session in self._sessions:
            if matches(session.filters, message.topic):
                self._pass_on(session, message, retained=False)

    def stop(self, *, persistent: bool) -> None:
        """Go away; without persistence all that was retained is forgotten."""
        self.up = False
        if not persistent:
            self._retained.clear()
        sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.open = False

    def start(self) -> None:
        self.up = True

    def _pass_on(self, session: Session, message: Message, *, retained: bool) -> None:
        def arrive() -> None:
            if session.open:
                session.receive(message.topic, message.payload, retained)

        for seconds in self._air.passages(message.qos, up=not session.is_node):
            at = self._agenda.time + seconds
            if self._in_order:
                at = session.latest_at = max(at, session.latest_at)
            self._agenda.at(at, arrive)


def matches(filters: tuple[str, ...], topic: str) -> bool:
    """Whether a topic is one of those that filters stand for, `+` for any level."""
    levels: list[str] | None = None
    for one in filters:
        if one == topic:
            return True
        if "+" in one:
            levels = topic.split("/") if levels is None else levels
            wanted = one.split("/")
            if len(wanted) == len(levels) and all(
                want in ("+", level) for want, level in zip(wanted, levels, strict=True)
            ):
                return True
    return False
