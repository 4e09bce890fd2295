"""Brings to the nodes what they are told: commands, answers and questions."""

from __future__ import annotations

from collections.abc import Callable

from ..engine.engine import Engine
from ..engine.model.effects import Instruct, Publish, Say, TellTime
from ..engine.model.events import NotPublished
from ..engine.model.reports import Failed
from ..protocols.base import Instructing, Protocol, Sending, Site
from ..protocols.messages import Publication, qos_of
from ..protocols.params import InvalidCommand
from .ports import Clock, Wire

type Sent = Publish | Instruct | Say | TellTime
"""What the engine wants said to nodes."""


class Publisher:
    """Has a protocol write what the engine wants said, and the wire carry it."""

    def __init__(
        self,
        engine: Engine,
        protocol: Protocol,
        clock: Clock,
        wire: Wire,
        tell: Callable[[Failed | NotPublished], None],
    ) -> None:
        """Begin with nothing said."""
        self._engine = engine
        self._protocol = protocol
        self._clock = clock
        self._wire = wire
        self._tell = tell

    def send(self, effect: Sent, site: Site) -> None:
        """Publish what the engine wants said to the nodes of a site."""
        match effect:
            case Publish():
                self._publish(effect, site)
            case Instruct():
                self._instruct(effect, site)
            case Say(Publication() as answer):
                # Late it would be wrong: no client may keep it.
                self._wire.say((answer,), qos=0)
            case TellTime():
                wall = self._clock.now().wall
                self._wire.say(self._protocol.time_answer(site, wall), qos=0)

    def _publish(self, order: Publish, site: Site) -> None:
        command = self._engine.ledger.open.get(order.command_id)
        if command is None:
            return
        sending = Sending(
            command=command,
            node=order.node,
            wall=self._clock.now().wall,
            step=order.step,
            readings=self._engine.statuses[order.node].readings,
        )
        try:
            publications = self._protocol.messages(site, sending)
        except InvalidCommand as invalid:
            self._tell(Failed(order.node, command.id, invalid.code))
            return
        self._wire.tell(
            publications,
            qos=qos_of(command),
            expires_in=self._engine.station.policy(command).accept_timeout,
            not_left=lambda: self._tell(NotPublished(command.id, order.node)),
        )

    def _instruct(self, order: Instruct, site: Site) -> None:
        wall = self._clock.now().wall
        instructing = instructing_of(order, self._engine, wall)
        self._wire.say(self._protocol.instruct(site, instructing), qos=1)


def instructing_of(order: Instruct, engine: Engine, wall: float) -> Instructing:
    """Return what a protocol must know to write what its session wants said."""
    node = order.node
    readings = {} if node is None else engine.statuses.of(node).readings
    return Instructing(node=node, message=order.message, readings=readings, wall=wall)
