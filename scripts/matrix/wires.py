"""What passes between Home Assistant and the nodes of each protocol, by its name.

A message is matched as its topic, a line end and its payload.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
import re


@dataclass(frozen=True, slots=True)
class Wire:
    """The messages of a protocol that are points."""

    told: re.Pattern[str]
    """What nodes are told; the group `node` is who is told."""
    said: Mapping[str, re.Pattern[str]]
    """By its name: what nodes say; the group `node` is who says it."""

    def told_to(self, topic: str, payload: bytes) -> str | None:
        """Return which node a message tells something; None: it is no point."""
        found = self.told.search(_text(topic, payload))
        return None if found is None else found["node"]

    def told_in(self, packet: bytes) -> str | None:
        """Return the same for a packet of MQTT, which has more before the payload."""
        if not packet or packet[0] >> 4 != _PUBLISH:
            return None
        at = 1
        while at < len(packet) and packet[at] & 0x80:
            at += 1
        begin = at + 3
        end = begin + int.from_bytes(packet[at + 1 : begin])
        topic = packet[begin:end].decode("utf-8", "replace")
        return self.told_to(topic, packet[end:])

    def said_by(self, topic: str, payload: bytes) -> tuple[str, str] | None:
        """Return the name of what a node says, and the node; None: it is no point."""
        text = _text(topic, payload)
        for name, pattern in self.said.items():
            if found := pattern.search(text):
                return name, found["node"]
        return None


_PUBLISH = 3
_MAC = "(?P<node>[0-9A-F:]+)"
_WORD = r"(?P<node>[\w-]+)"


def _wire(told: str, **said: str) -> Wire:
    return Wire(
        re.compile(told, re.DOTALL),
        {
            f"the {name.replace('_', ' ')}": re.compile(pattern, re.DOTALL)
            for name, pattern in said.items()
        },
    )


WIRES: Mapping[str, Wire] = {
    "paired_dispenser": _wire(
        rf"/cmd/{_WORD}\n",
        ack=rf'/ack/{_WORD}\n.*"accepted":\s*(?:1|true)',
        refusal=rf"/ack/{_WORD}\n",
        done=rf"/evt/{_WORD}\n",
    ),
    "esp32_cam": _wire(
        # What a node is told of its image stands where its own acks stand.
        rf"/{_MAC}/(?:cmd\n|ack\n.*(?:ACK_OK|missing_chunks))",
        hello=rf"/{_MAC}/status\n",
        ack=rf"/{_MAC}/ack\n(?!.*(?:ACK_OK|missing_chunks))",
        part_of_an_image=rf"/{_MAC}/data\n.*chunk_id",
        word_of_an_image=rf"/{_MAC}/data\n",
    ),
    "valve_hub": _wire(
        r"/tx\n.*?(?:[A-Z]+_[A-Z]+|GET_QUEUE) (?P<node>\d+)",
        ack=r"/rx\n.*QUEUED \w+ (?P<node>\d+)",
        done=r"/rx\n.*EVENT(?:_LOG)? (?P<node>\d+)",
    ),
    "greenhouse": _wire(
        rf"/{_WORD}/(?:[\w-]+/command|config)\n",
        ack=rf'/{_WORD}/[\w-]+/command_response\n.*"status":\s*"ACK"',
        done=rf"/{_WORD}/[\w-]+/command_response\n",
    ),
    "petnet": _wire(
        rf"/cmd/stg/{_WORD}\n",
        ack=rf"\.api\.gts\.{_WORD}\n.*/received",
        done=rf"\.api\.gts\.{_WORD}\n.*/(?:succeeded|failed)",
    ),
    "zigbee2mqtt": _wire(
        rf"/{_WORD}/set\n",
        # What a bridge repeats cannot be told from what its node says.
        state=rf"^[^/\n]+/{_WORD}\n",
    ),
}
"""By protocol."""


def _text(topic: str, payload: bytes) -> str:
    return f"{topic}\n{payload.decode('utf-8', 'replace')}"
