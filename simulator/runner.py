"""Plays nodes on an MQTT broker: each has its own connection, one thread serves all."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING

from simulator.connection import Broker, Connection
from simulator.control import Control
from simulator.node import (
    Client,
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Node,
    Note,
    Remembered,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    import socket

    from simulator.faults import Fault, Order
    from simulator.flash import Flash
    from simulator.ledger import Ledger

RETRY_SECONDS = 1.0
TICK_SECONDS = 1.0


def steady_unix_clock() -> Callable[[], float]:
    """Return a clock of unix seconds that no correction of the time moves."""
    offset = time.time() - time.monotonic()
    return lambda: time.monotonic() + offset


class Seat:
    """One client, its connection, and when to try for one; `retry_at` None: not."""

    def __init__(self, client: Client, client_id: str) -> None:
        self.client = client
        self.client_id = client_id
        self.connection: Connection | None = None
        self.connected = False
        self.retry_at: float | None = None
        self.complained = False


class Runner:
    """Carries out the effects of nodes until it is told to stop.

    `names` are the nodes that `clients` play, `faults` the orders they take. `say`
    gets one line an execution, fault or connection. Without `flash` nodes remember
    only while the runner runs.
    """

    def __init__(
        self,
        broker: Broker,
        prefix: str,
        clients: Sequence[Node],
        *,
        names: Sequence[str],
        faults: Mapping[str, Fault],
        ledger: Ledger,
        flash: Flash | None,
        clock: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        self._broker = broker
        self._ledger = ledger
        self._flash = flash
        self._clock = clock
        self._say = say
        self._names = names
        self._clients = {client.name: client for client in clients}
        self._control = Control(prefix, names, faults, self.order, clock())
        seated: list[Client] = [self._control, *clients]
        name = f"simulator-{prefix}".replace("/", "-")
        self._seats = {
            client.name: Seat(client, f"{name}-{client.name}") for client in seated
        }
        self._announced = False

    def order(self, order: Order) -> None:
        """Give an order to the client of the node it names, or to all of them."""
        for name in self._names if order.node is None else (order.node,):
            self._say(f"node {name}: ordered {order}")
        for client in self._takers(order):
            effects = client.order(order, self._clock())
            self._carry_out(self._seats[client.name], effects)

    def _takers(self, order: Order) -> list[Node]:
        named = None if order.node is None else self._clients.get(order.node)
        return [*self._clients.values()] if named is None else [named]

    def run(self, stop: socket.socket) -> None:
        """Play until `stop` can be read, then cut all connections."""
        try:
            while self._turn(stop):
                pass
        finally:
            for seat in self._seats.values():
                self._cut(seat)

    def _turn(self, stop: socket.socket) -> bool:
        for seat in self._seats.values():
            self._carry_out(seat, seat.client.advance(self._clock()))
            self._connect(seat)
            self._notice_changes(seat)
        self._announce()
        open_connections = {
            seat.connection: seat
            for seat in self._seats.values()
            if seat.connection is not None and not seat.connection.lost
        }
        readers: list[socket.socket | Connection] = [stop, *open_connections]
        writers = [each for each in open_connections if each.wants_write]
        readable, writable, _ = select.select(
            readers, writers, [], self._wait_seconds()
        )
        if stop in readable:
            return False
        for connection, seat in open_connections.items():
            if seat.connection is not connection:
                continue  # an order that was just read switched this node off
            if connection in writable:
                connection.write()
            if connection in readable:
                self._read(seat, connection)
            connection.tick()
        return True

    def _wait_seconds(self) -> float:
        times = [seat.client.next_deadline() for seat in self._seats.values()]
        times += [seat.retry_at for seat in self._seats.values()]
        soonest = min((at for at in times if at is not None), default=None)
        if soonest is None:
            return TICK_SECONDS
        return min(TICK_SECONDS, max(0.0, soonest - self._clock()))

    def _read(self, seat: Seat, connection: Connection) -> None:
        for message in connection.read():
            if seat.client is self._control and message.retain:
                self._say(f"control: ignored a retained order on {message.topic}")
                continue
            effects = seat.client.receive(message.topic, message.payload, self._clock())
            self._carry_out(seat, effects)

    def _connect(self, seat: Seat) -> None:
        if seat.retry_at is None or seat.retry_at > self._clock():
            return
        client = seat.client
        seat.retry_at = None
        try:
            seat.connection = Connection(
                self._broker, seat.client_id, client.will, client.subscriptions
            )
        except OSError as error:
            self._try_again(seat, str(error))

    def _notice_changes(self, seat: Seat) -> None:
        connection = seat.connection
        if connection is None:
            return
        if connection.lost:
            self._cut(seat)
            self._try_again(seat, connection.refusal or "connection lost")
        elif connection.subscribed and not seat.connected:
            seat.connected = True
            seat.complained = False
            self._say(f"{_label(seat)}: connected")
            self._carry_out(seat, seat.client.on_connect(self._clock()))

    def _try_again(self, seat: Seat, reason: str) -> None:
        seat.retry_at = self._clock() + RETRY_SECONDS
        if not seat.complained:
            seat.complained = True
            self._say(f"{_label(seat)}: no connection to {self._broker}: {reason}")

    def _announce(self) -> None:
        on_the_air = [
            seat for seat in self._seats.values() if seat.retry_at or seat.connection
        ]
        if not self._announced and all(seat.connected for seat in on_the_air):
            self._announced = True
            self._say(f"ready: nodes {', '.join(self._names)} on {self._broker}")

    def _carry_out(self, seat: Seat, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    if seat.connection is not None and seat.connected:
                        seat.connection.publish(effect)
                case Remembered():
                    if self._flash is not None:
                        self._flash.save(seat.client.name, effect.memory)
                case Executed():
                    self._ledger.record(effect, self._clock())
                    self._say(f"node {effect.node}: executed {effect.kind} {effect.id}")
                case Connect():
                    seat.retry_at = self._clock()
                case CutOff():
                    self._cut(seat)
                    self._say(f"{_label(seat)}: off")
                case Note():
                    self._say(f"{_label(seat)}: {effect.text}")

    def _cut(self, seat: Seat) -> None:
        if seat.connection is not None:
            seat.connection.cut()
        seat.connection = None
        seat.connected = False
        seat.retry_at = None


def _label(seat: Seat) -> str:
    name = seat.client.name
    return name if isinstance(seat.client, Control) else f"node {name}"
