"""The simulator's nodes, each client with its connection to the broker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
import hashlib
import json
from typing import Any

from simulation.broker import Broker, Session
from simulation.casts.base import Cast, StationPlan
from simulation.clock import GRAIN, Agenda, Clock
from simulation.record import (
    Booted,
    Complained,
    Entry,
    Executed,
    Fault,
    Pictured,
)
from simulator.faults import Order
from simulator.node import (
    Connect,
    CutOff,
    Effect,
    Executed as NodeExecuted,
    Message,
    Node,
    Note,
    Remembered,
)
from simulator.paired_dispenser.native import WENT_IN_A_WRITE

CONNECT_SECONDS = 0.1
RETRY_SECONDS = 3.0


class Seat:
    """One client on the broker: a node, or several behind a hub or a gateway."""

    def __init__(
        self,
        plan: StationPlan,
        cast: Cast,
        node: Node,
        *,
        clock: Clock,
        agenda: Agenda,
        broker: Broker,
        note: Callable[[Entry], None],
    ) -> None:
        self.node = node
        self.memory: Mapping[str, Any] = {}
        """What its flash holds."""
        self._station = plan.name
        self._nature = plan.nature
        self._cast = cast
        self._clock = clock
        self._agenda = agenda
        self._broker = broker
        self._note = note
        self._session: Session | None = None
        self._powered = False
        self._reachable = True
        self._due: float | None = None
        self._advance()

    def order(self, order: Order) -> None:
        self._carry_out(self.node.order(order, self._clock.true))

    def cut(self, seconds: float) -> None:
        """Cut its connection; the broker says so with its will."""
        self._reachable = False
        self._drop()
        self._agenda.after(seconds, self._reach)

    def broker_stopped(self) -> None:
        if self._session is not None:
            self._session = None
            self._try_later()

    def heal(self) -> None:
        self._reachable = True
        self.order(Order("clear", "all"))

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        name = f"{self._station} {self.node.name}"
        for effect in effects:
            match effect:
                case Message():
                    self._say(effect)
                case NodeExecuted():
                    self._note(self._executed(effect))
                case Remembered(memory):
                    self.memory = memory
                case Note(text) if text == WENT_IN_A_WRITE:
                    self._note(Fault(self._clock.time, "power gone in a write", name))
                case Connect():
                    self._powered = True
                    self._note(Booted(self._clock.time, self._station, self.node.name))
                    self._agenda.after(CONNECT_SECONDS, self._connect)
                case CutOff():
                    self._powered = False
                    self._drop()
        self._schedule()

    def _executed(self, effect: NodeExecuted) -> Executed:
        payload = json.dumps(effect.payload, sort_keys=True)
        what = (effect.node, str(effect.id), effect.kind, payload)
        return Executed(self._clock.time, self._station, *what)

    def _say(self, message: Message) -> None:
        if self._session is None or not self._session.open:
            return
        if self._cast.is_complaint(message):
            where = (self._clock.time, self._station, self.node.name)
            self._note(Complained(*where, message.payload))
        if found := self._cast.picture(self._nature, message):
            name, content = found
            digest = hashlib.sha256(content).hexdigest()
            where = (self._clock.time, self._station, self.node.name)
            self._note(Pictured(*where, name, digest))
        self._broker.publish(message)

    def _advance(self) -> None:
        self._due = None
        self._carry_out(self.node.advance(self._clock.true))

    def _schedule(self) -> None:
        deadline = self.node.next_deadline()
        if deadline is None or (self._due is not None and self._due <= deadline):
            return
        self._due = deadline

        def due() -> None:
            if self._due == deadline:
                self._advance()

        self._agenda.after(max(0.0, deadline - self._clock.true) + GRAIN, due)

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        self._broker.disconnect(session)
        if self._powered:
            self._try_later()

    def _reach(self) -> None:
        self._reachable = True

    def _try_later(self) -> None:
        self._agenda.after(RETRY_SECONDS, self._connect)

    def _connect(self) -> None:
        if not self._powered or self._session is not None:
            return
        session = Session(self._receive, is_node=True, will=self.node.will)
        if not self._reachable or not self._broker.connect(session):
            self._try_later()
            return
        self._session = session
        self._broker.subscribe(session, self.node.subscriptions)
        self._carry_out(self.node.on_connect(self._clock.true))

    def _receive(self, topic: str, payload: bytes, _retained: bool) -> None:
        self._carry_out(self.node.receive(topic, payload, self._clock.true))
