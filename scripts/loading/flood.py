"""A flood of junk: python -m scripts.loading.flood, in a process of its own.

It speaks just enough MQTT 3.1.1 to publish with QoS 0, because a client library would
need more of the machine than the flood itself.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
import json
import socket
import time

from .fleet import plan
from .junk import Junk, JunkMaker

CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x00\x00\x05flood"
DISCONNECT = b"\xe0\x00"
PUBLISH, RETAIN = 0x30, 0x01
CONNACK_BYTES = 4
STEPS_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class Flooded:
    """What was sent, and how long it took."""

    messages: int
    seconds: float


def packet(junk: Junk) -> bytes:
    """Return the PUBLISH packet of a message, QoS 0."""
    topic = junk.topic.encode()
    body = len(topic).to_bytes(2) + topic + junk.payload
    return bytes([PUBLISH | (RETAIN if junk.retain else 0)]) + _length(len(body)) + body


def flood(port: int, maker: JunkMaker, rate: int, seconds: float) -> Flooded:
    """Publish `rate` messages a second, less where the broker takes no more."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(CONNECT)
        if connection.recv(CONNACK_BYTES)[-1:] != b"\0":
            raise ConnectionError("the broker refuses the flood")
        started = time.monotonic()
        sent = 0
        while (passed := time.monotonic() - started) < seconds:
            wanted = int(rate * passed) - sent
            connection.sendall(b"".join(packet(junk) for junk in maker.make(wanted)))
            sent += wanted
            time.sleep(1 / STEPS_A_SECOND)
        taken = time.monotonic() - started
        connection.sendall(DISCONNECT)
    return Flooded(sent, taken)


def main() -> None:
    """Flood, and print what was sent as JSON."""
    parser = argparse.ArgumentParser()
    for name in ("port", "stations", "nodes", "rate", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    places = [
        (station.prefix, node)
        for station in plan(given.stations, given.nodes)
        for node in station.nodes
    ]
    flooded = flood(
        given.port, JunkMaker(places, given.seed), given.rate, given.seconds
    )
    print(json.dumps({"messages": flooded.messages, "seconds": flooded.seconds}))


def _length(size: int) -> bytes:
    """Return a length as MQTT writes it: seven bits a byte, the lowest first."""
    encoded = bytearray()
    while True:
        size, low = divmod(size, 128)
        encoded.append(low | (0x80 if size else 0))
        if not size:
            return bytes(encoded)


if __name__ == "__main__":
    main()
