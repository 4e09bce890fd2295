"""What is heard under a prefix before a station is made of it."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Collection
from dataclasses import dataclass
import re
from time import time
from typing import Final

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..broker.link import Message as MqttMessage
from ..engine.model.reports import Hello, Seen
from ..protocols.base import Message, Protocol, Said, Site

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
    """Those under the prefix, whoever sent them and whenever."""
    nodes: tuple[str, ...]
    """Those that spoke meanwhile, sorted as people count: 2 before 10."""


async def async_listen(
    hass: HomeAssistant, protocol: Protocol, prefix: str, strangers: Collection[str]
) -> Heard | None:
    """Listen for a few seconds; None: there is no connection to a broker.

    Nodes that are `strangers` there are left out: all stations may hear them.
    """
    site = Site(prefix=prefix, nodes={})
    messages = read = 0
    nodes: set[str] = set()

    @callback
    def came(message: MqttMessage) -> None:
        nonlocal messages, read
        # Some protocols also listen on topics that their stations share.
        messages += message.topic.startswith((f"{prefix}/", f"{prefix}."))
        read += 1
        payload = message.payload
        content = payload.encode() if isinstance(payload, str) else bytes(payload)
        longest = protocol.long_report or protocol.max_report_bytes
        if message.retain or read > MOST_READ or len(content) > longest:
            return
        said = protocol.report(site, Message(message.topic, content, False, time()))
        for each in said:
            node = _speaker(each)
            if node and node not in strangers and len(nodes) < MOST_NODES:
                nodes.add(node)

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
    return Heard(messages, tuple(sorted(nodes, key=_as_counted)))


def _speaker(said: Said) -> str | None:
    match said:
        case Hello(node=node) | Seen(node=node, live=True):
            return node
    return None


def _as_counted(node: str) -> tuple[str, str]:
    return (re.sub("[0-9]+", lambda digits: digits[0].zfill(64), node), node)
