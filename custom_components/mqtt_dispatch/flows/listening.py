"""What is heard on the broker before a station is made of it."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
import re
from time import time
from typing import Final

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..broker.link import Message as MqttMessage
from ..engine.model.reports import Hello, Seen
from ..protocols.base import Described, Protocol, Site
from ..protocols.messages import Message, Said

LISTENS_FOR: Final = 5.0
"""Seconds."""
MOST_READ: Final = 1000
"""Messages; more are counted only."""
MOST_NODES: Final = 50
"""Whoever may publish may call himself by many names, but not without end."""
MOST_PREFIXES: Final = 20


@dataclass(slots=True)
class Acquaintances:
    """The nodes that somebody describes who knows them."""

    nodes: dict[str, Hello] = field(default_factory=dict)
    """Those that can be nodes of a station, by name."""
    others: set[str] = field(default_factory=set)
    """Those of which nobody here knows what they are."""

    def take(self, described: Described) -> None:
        """Add what a message describes."""
        for hello in described.nodes:
            known = self.nodes if hello.type else self.others
            if len(known) >= MOST_NODES:
                continue
            if hello.type:
                self.nodes[hello.node] = hello
            else:
                self.others.add(hello.node)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came while somebody listened."""

    messages: int
    """Those under the prefix, whoever sent them and whenever."""
    nodes: tuple[str, ...]
    """Those that spoke meanwhile, sorted as people count: 2 before 10."""
    described: Acquaintances = field(default_factory=Acquaintances)


UNHEARD: Final = Heard(0, ())
"""Nobody listened."""


async def async_listen(
    hass: HomeAssistant, protocol: Protocol, prefix: str, strangers: Collection[str]
) -> Heard | None:
    """Listen for a few seconds; None: there is no connection to a broker.

    Nodes that are `strangers` there are left out: all stations may hear them.
    """
    site = Site(prefix=prefix, nodes={})
    messages = read = 0
    nodes: set[str] = set()
    known = Acquaintances()

    @callback
    def came(mqtt_message: MqttMessage) -> None:
        nonlocal messages, read
        # Some protocols also listen on topics that their stations share.
        messages += mqtt_message.topic.startswith((f"{prefix}/", f"{prefix}."))
        read += 1
        message = _message(mqtt_message)
        longest = protocol.long_report or protocol.max_report_bytes
        if read > MOST_READ or len(message.payload) > longest:
            return
        described = protocol.described(message)
        if described is not None and described.prefix == prefix:
            known.take(described)
        if message.retain:
            return
        for each in protocol.report(site, message):
            node = _speaker(each)
            if node and node not in strangers and len(nodes) < MOST_NODES:
                nodes.add(node)

    if not await async_hear(hass, protocol.topics(prefix), came):
        return None
    return Heard(messages, tuple(sorted(nodes, key=as_counted)), known)


async def async_find(
    hass: HomeAssistant, protocol: Protocol
) -> dict[str, Acquaintances] | None:
    """Look where nodes are described; None: there is no connection to a broker.

    By the prefix under which they speak, those with the most nodes first.
    """
    found: dict[str, Acquaintances] = {}
    usual = protocol.default_prefix
    read = 0

    @callback
    def came(mqtt_message: MqttMessage) -> None:
        nonlocal read
        # What many say elsewhere does not hide who is where he usually is.
        if not mqtt_message.topic.startswith(f"{usual}/"):
            read += 1
        message = _message(mqtt_message)
        if read > MOST_READ or len(message.payload) > protocol.max_report_bytes:
            return
        described = protocol.described(message)
        if described is None:
            return
        if described.prefix in found or len(found) < MOST_PREFIXES:
            found.setdefault(described.prefix, Acquaintances()).take(described)

    if not await async_hear(hass, protocol.described_at, came):
        return None
    ordered = sorted(found.items(), key=lambda each: (-len(each[1].nodes), each[0]))
    return dict(ordered)


async def async_hear(
    hass: HomeAssistant, topics: Iterable[str], came: Callable[[MqttMessage], None]
) -> bool:
    """Have what comes on topics told for a few seconds; False: no broker is there."""
    stops = []
    try:
        for topic in topics:
            stop = await mqtt.async_subscribe(hass, topic, came, encoding=None)
            stops.append(stop)
        if not mqtt.is_connected(hass):
            return False
        await sleep(LISTENS_FOR)
    except HomeAssistantError:
        return False
    finally:
        for stop in stops:
            stop()
    return mqtt.is_connected(hass)


def as_counted(node: str) -> tuple[str, str]:
    """Return what sorts nodes as people count."""
    return (re.sub("[0-9]+", lambda digits: digits[0].zfill(64), node), node)


def content_of(message: MqttMessage) -> bytes:
    """Return what a message has in it."""
    payload = message.payload
    return payload.encode() if isinstance(payload, str) else bytes(payload)


def _message(message: MqttMessage) -> Message:
    return Message(message.topic, content_of(message), bool(message.retain), time())


def _speaker(said: Said) -> str | None:
    match said:
        case Hello(node=node) | Seen(node=node, live=True):
            return node
    return None
