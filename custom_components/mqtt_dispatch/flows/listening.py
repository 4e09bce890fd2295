"""What is heard under a prefix before a station is made of it."""

from __future__ import annotations

from asyncio import sleep
from dataclasses import dataclass
from time import time
from typing import Final

from homeassistant.components import mqtt
from homeassistant.components.mqtt.models import ReceiveMessage
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..engine.model.reports import Hello, Seen
from ..protocols.base import Message, Protocol, Site

LISTENS_FOR: Final = 5.0
"""Seconds."""
MOST_READ: Final = 1000
"""Messages; more are counted only."""
MOST_NODES: Final = 50
"""Whoever may publish may call himself by many names, but not without end."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came while somebody listened."""

    messages: int
    nodes: tuple[str, ...]
    """Those that spoke, sorted."""


async def async_listen(
    hass: HomeAssistant, protocol: Protocol, prefix: str
) -> Heard | None:
    """Listen for a few seconds; None: there is no connection to a broker."""
    site = Site(prefix=prefix, nodes={})
    messages = 0
    nodes: set[str] = set()

    @callback
    def came(message: ReceiveMessage) -> None:
        nonlocal messages
        messages += 1
        payload = message.payload
        content = payload.encode() if isinstance(payload, str) else bytes(payload)
        longest = protocol.long_report or protocol.max_report_bytes
        if messages > MOST_READ or len(content) > longest:
            return
        said = protocol.report(
            site, Message(message.topic, content, message.retain, time())
        )
        for each in said:
            if isinstance(each, Hello | Seen) and len(nodes) < MOST_NODES:
                nodes.add(each.node)

    stops = []
    try:
        for topic in protocol.topics(prefix):
            stop = await mqtt.async_subscribe(hass, topic, came, encoding=None)
            stops.append(stop)
        if not mqtt.is_connected(hass):
            return None
        await sleep(LISTENS_FOR)
    except HomeAssistantError:
        return None
    finally:
        for stop in stops:
            stop()
    if not mqtt.is_connected(hass):
        return None
    return Heard(messages, tuple(sorted(nodes)))
