"""How a station says something, as `coordinator` and `link` do."""

from __future__ import annotations

from custom_components.mqtt_dispatch.protocols.base import Publication
from simulation.client import Client, NoConnection
from simulation.process import Process
from simulator.node import Message


class Mouth:
    """The way of one station to its client."""

    def __init__(self, station: str, process: Process, client: Client) -> None:
        self._station = station
        self._process = process
        self._client = client

    def tell(self, publications: tuple[Publication, ...], qos: int) -> bool:
        """Publish a command; False if it certainly did not leave."""
        left = False
        for publication in publications:
            self._process.point("before the connection is checked")
            if not self._client.connected:
                return left
            self._process.point("before a publish")
            try:
                self._send(publication, qos, is_command=True)
            except NoConnection:
                # It may leave later: it is followed like one that left.
                return True
            left = True
            self._process.point("after a publish")
        return True

    def say(self, publications: tuple[Publication, ...], qos: int = 1) -> None:
        """Publish what is no command: an answer, or a question."""
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
