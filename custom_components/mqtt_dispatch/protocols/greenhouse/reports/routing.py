"""What greenhouse nodes say: where a message goes, and which node it is of.

What the wire leaves open is decided here:

- Only a status and a will may be retained. Anything else that is retained is malformed:
  it is as old as it likes and proves nothing. An empty payload is what a cleared
  retained topic sends; it says nothing.
- Whatever a node says live says that it is online, also what makes no sense, and also
  after its will: the will of a connection may come after the node has a new one, and
  stays on the broker after it. The will of an address that it has left says nothing.
- A hello says that a node has started or connected anew, and no more: storage nodes say
  one at each connection, wherever they are. It never makes us send anything.
- At its temporary address a node is known by its hardware id. A live status or
  heartbeat there makes up for a hello that was lost. At an address that no node has,
  a status, a heartbeat or what a node holds introduces it; all else there is malformed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ....engine.model.reports import AsksTime, Done, Hello, Seen
from ...base import Site
from ...messages import NOT_ADOPTED, Malformed, Message, Said
from ...untrusted import Unreadable, line
from ..commands import STARTED
from ..places import (
    ADDRESS,
    HARDWARE_ID,
    TEMPORARY,
    Address,
    node_at,
    node_name,
    path,
    word,
)
from . import of_channels, of_nodes
from .learning import generation_of_firmware, learned
from .of_nodes import content_of, seen

_MOST_CAPABILITIES: Final = 32
_LONGEST_LABEL: Final = 64
_TOPICS_KEPT: Final = 1024


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes send up."""
    return (
        f"{prefix}/node_hello",
        *(f"{prefix}/+/+/+/{suffix}" for suffix in ("node_hello", "lwt", *_OF_NODE)),
        *(f"{prefix}/+/+/+/+/{suffix}" for suffix in _OF_CHANNEL),
        f"{prefix}/time/request",
    )


def report(site: Site, message: Message) -> tuple[Said, ...]:
    """Return what a message says; see `Protocol.report`."""
    try:
        return _read(site, message)
    except Unreadable as error:
        return (Malformed(str(error)),)


def _read(site: Site, message: Message) -> tuple[Said, ...]:
    match _levels(site.prefix, message.topic):
        case None, None, "node_hello":
            return _hello(site, message, None)
        case None, "time", "request":
            return _time(message)
        case address, None, "node_hello" if address:
            return _hello(site, message, address)
        case address, None, "lwt" if address:
            return _will(site, message, address)
        case address, None, suffix if address and suffix in _OF_NODE:
            return _of_node(site, message, address, suffix)
        case address, channel, suffix if address and channel and suffix in _OF_CHANNEL:
            return _of_channel(site, message, address, channel, suffix)
    raise Unreadable("unexpected topic")


@lru_cache(maxsize=_TOPICS_KEPT)
def _levels(prefix: str, topic: str) -> tuple[Address | None, str | None, str]:
    """Return the address in a topic, the channel behind it, and the last level.

    Nodes speak on the same few topics all the time. Raises Unreadable.
    """
    rest = topic.removeprefix(f"{prefix}/")
    match rest.split("/") if topic == f"{prefix}/{rest}" else ():
        case [suffix]:
            return None, None, suffix
        case ["time", suffix]:
            return None, "time", suffix
        case [*levels, suffix] if all(map(word, levels)):
            match levels:
                case [greenhouse, zone, node]:
                    return (greenhouse, zone, node), None, suffix
                case [greenhouse, zone, node, channel]:
                    return (greenhouse, zone, node), channel, suffix
    raise Unreadable("unexpected topic")


def _node(site: Site, address: Address) -> str:
    node = node_at(site, address)
    if node is None or node not in site.nodes:
        raise Unreadable(NOT_ADOPTED)
    return node


def _time(message: Message) -> tuple[Said, ...]:
    if message.retain:
        raise Unreadable("retained")
    return (AsksTime(),)


def _hello(site: Site, message: Message, address: Address | None) -> tuple[Said, ...]:
    if not message.payload:
        return ()
    content = content_of(message)
    if content.get("message_type", "node_hello") != "node_hello":
        raise Unreadable("no hello")
    spelled = word(content.get("hardware_id"))
    if spelled is None:
        raise Unreadable("no hardware_id")
    node = spelled.lower()
    firmware = line(content.get("fw_version"), _LONGEST_LABEL) or ""
    hello = Hello(
        node=node,
        hardware_id=spelled,
        type=line(content.get("node_type"), _LONGEST_LABEL) or "",
        firmware=firmware,
        capabilities=_labels(content.get("capabilities")),
    )
    facts = generation_of_firmware(firmware)
    if not site.nodes.get(node, {}).get(HARDWARE_ID):
        facts = {**facts, HARDWARE_ID: spelled}
    heard = seen(site, node, address, readings={"fw": firmware} if firmware else {})
    if node not in site.nodes:
        return hello, heard
    return hello, heard, *learned(site, node, facts), Done(node, subject=STARTED)


def _labels(value: object) -> tuple[str, ...]:
    given = value[:_MOST_CAPABILITIES] if isinstance(value, list) else []
    labels = (line(each, _LONGEST_LABEL) for each in given)
    return tuple(label for label in labels if label is not None)


def _will(site: Site, message: Message, address: Address) -> tuple[Said, ...]:
    node = _node(site, address)
    if not message.payload:
        return ()
    if message.payload != b"offline":
        raise Unreadable("no will")
    if site.told(node).get(ADDRESS, path(address)) != path(address):
        return ()
    return (Seen(node=node, live=not message.retain, online=False),)


def _of_node(
    site: Site, message: Message, address: Address, suffix: str
) -> tuple[Said, ...]:
    read = _OF_NODE[suffix]
    introduces = not message.retain and (
        suffix in _MAKE_UP_FOR_HELLO
        or (suffix == "config_report" and address[:2] != TEMPORARY)
    )
    node = node_at(site, address)
    if node is None or node not in site.nodes:
        if not introduces:
            raise Unreadable(NOT_ADOPTED)
        if not message.payload:
            return ()
        return _introduced(site, message, address, suffix)
    if not message.payload:
        return ()
    return _heard_at_least(
        site, message, node, address, lambda: read(site, message, node, address)
    )


def _introduced(
    site: Site, message: Message, address: Address, suffix: str
) -> tuple[Said, ...]:
    """Return that a node is there that nobody adopted.

    What its topic says of its place is where it is: it is heard there.
    """
    node = node_name(address[2])
    if node is None or node in site.nodes:
        raise Unreadable(NOT_ADOPTED)
    said = _OF_NODE[suffix](site, message, node, address)
    hello = Hello(node=node)
    if address[:2] != TEMPORARY:
        content = content_of(message)
        told_type = line(content.get("type"), _LONGEST_LABEL) or ""
        hello = Hello(node=node, place=path(address), type=told_type)
    heard = [each for each in said if isinstance(each, Seen)]
    return (hello, *heard)


def _of_channel(
    site: Site, message: Message, address: Address, channel: str, suffix: str
) -> tuple[Said, ...]:
    node = _node(site, address)
    if not message.payload:
        return ()
    read = _OF_CHANNEL[suffix]
    return _heard_at_least(
        site,
        message,
        node,
        address,
        lambda: read(site, message, node, address, channel),
    )


def _heard_at_least(
    site: Site,
    message: Message,
    node: str,
    address: Address,
    read: Callable[[], tuple[Said, ...]],
) -> tuple[Said, ...]:
    """Return what is read or, where that makes no sense, that its node is there."""
    try:
        return read()
    except Unreadable as error:
        if message.retain:
            raise
        return seen(site, node, address), Malformed(str(error))


_MAKE_UP_FOR_HELLO: Final = ("status", "heartbeat")
_OF_NODE: Final[Mapping[str, of_nodes.Read]] = MappingProxyType(
    {
        "status": of_nodes.status,
        "heartbeat": of_nodes.heartbeat,
        "config_response": of_nodes.config_response,
        "config_report": of_nodes.config_report,
        "error": of_nodes.error,
        "diagnostics": of_nodes.diagnostics,
    }
)
_OF_CHANNEL: Final[Mapping[str, of_channels.Read]] = MappingProxyType(
    {
        "telemetry": of_channels.telemetry,
        "command_response": of_channels.answer,
        "event": of_channels.event,
    }
)
