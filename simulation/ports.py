"""The world as the driver of a station sees it: clock and wire; `files` is its disk."""

from __future__ import annotations

from collections.abc import Callable

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.runtime.ports import Cancel
from simulation.client import Client, NoConnection
from simulation.clock import GRAIN
from simulation.process import Process
from simulator.node import Message

TURN = 0.005
"""Seconds to the next turn of a busy loop: what comes until then comes in between."""


class ProcessClock:
    """The clocks of a process, and what it does later."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def now(self) -> Now:
        return self._process.now()

    def later(self, seconds: float, action: Callable[[], None]) -> Cancel:
        cancelled = False

        def cancel() -> None:
            nonlocal cancelled
            cancelled = True

        def act() -> None:
            if not cancelled:
                action()

        self._process.later(seconds + GRAIN if seconds else TURN, act)
        return cancel


class ClientWire:
    """The way of one station to its client, as `broker.link` uses it."""

    def __init__(self, station: str, process: Process, client: Client) -> None:
        self._station = station
        self._process = process
        self._client = client

    def tell(
        self,
        publications: tuple[Publication, ...],
        *,
        qos: int,
        expires_in: float,  # noqa: ARG002 - no broker here drops what is late
        not_left: Callable[[], None],
    ) -> None:
        left = False
        for publication in publications:
            self._process.point("before the connection is checked")
            if not self._client.connected:
                if not left:
                    not_left()
                return
            self._process.point("before a publish")
            try:
                self._send(publication, qos, is_command=True)
            except NoConnection:
                # It may leave later: it is followed like one that left.
                return
            left = True
            self._process.point("after a publish")

    def say(self, publications: tuple[Publication, ...], *, qos: int) -> None:
        for publication in publications:
            if self._client.connected:
                try:
                    self._send(publication, qos, is_command=False)
                except NoConnection:
                    return

    def _send(self, publication: Publication, qos: int, *, is_command: bool) -> None:
        payload = publication.payload.encode()
        message = Message(publication.topic, payload, qos)
        self._client.publish(self._station, message, is_command=is_command)
