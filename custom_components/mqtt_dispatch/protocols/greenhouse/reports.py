"""What greenhouse nodes say.

What the wire leaves open is decided here:

- Only a status and a will may be retained. Anything else that is retained is malformed:
  it is as old as it likes and proves nothing. An empty payload is what a cleared
  retained topic sends; it says nothing.
- Whatever a node says live says that it is online, also what makes no sense, and also
  after its will: the will of a connection may come after the node has a new one, and
  stays on the broker after it. The will of an address that it has left says nothing.
- A node says live that it is `ONLINE` once a connection. Whether it has started anew it
  does not say, and its hello may be lost: so it may have forgotten what it was told.
- Beyond `ONLINE`, a status `OFFLINE` is understood.
- At its temporary address a node is known by its hardware id. A live status or
  heartbeat there makes up for a hello that was lost. All else, and all that comes
  from an address that no node has, is malformed as long as nobody adopted the node.
- A node that has its place and speaks from another address has lost its configuration
  or got somebody else's: it gets its own again. Its heartbeat says so all the time, so
  what failed is not tried anew for that, but for a hello or a status.
- A hello on the topic that all share does not say where the node is. One that has its
  place is sent its configuration to its temporary address at once: only a node that has
  lost it hears that.
- A configuration is taken on `OK` or `ACK`. Only one that the node tells of from the
  address that it was given is done: then it lives there. A report that names another
  node, greenhouse, zone or version tells of another configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from ...engine.reports import (
    Accepted,
    AsksTime,
    Done,
    Failed,
    Hello,
    Needs,
    Report,
    Seen,
)
from ..base import Malformed, Message, Publication, Site
from ..params import InvalidCommand
from ..untrusted import Unreadable, json_object, line, number, shown
from .answers import answers, reason
from .channels import channels_of
from .commands import STARTED
from .config import CONFIG, UPDATE_CONFIG, configuration, configure
from .places import (
    ADDRESS,
    ASSIGNED,
    HARDWARE_ID,
    TEMPORARY,
    Address,
    address_of,
    node_at,
    node_name,
    path,
    word,
)
from .readings import measured, told

LONGEST_REPORT: Final = 8192
CONFIG_REPORTED: Final = "config_reported"

_LONGEST_UPTIME: Final = 2**32 - 1
_MOST_HEAP: Final = 2**32 - 1
_MOST_CAPABILITIES: Final = 32
_LONGEST_LABEL: Final = 64
_TOPICS_KEPT: Final = 1024

type _Content = Mapping[str, Any]
type _Said = tuple[Report | Publication | Malformed, ...]


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes send up."""
    return (
        f"{prefix}/node_hello",
        *(f"{prefix}/+/+/+/{suffix}" for suffix in ("node_hello", "lwt", *_OF_NODE)),
        *(f"{prefix}/+/+/+/+/{suffix}" for suffix in _OF_CHANNEL),
        f"{prefix}/time/request",
    )


def report(site: Site, message: Message) -> _Said:
    """Return what a message says; see `Protocol.report`."""
    try:
        return _read(site, message)
    except Unreadable as error:
        return (Malformed(str(error)),)


def _read(site: Site, message: Message) -> _Said:
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
        raise Unreadable("not adopted")
    return node


def _content(message: Message) -> _Content:
    if message.retain:
        raise Unreadable("retained")
    return json_object(message.payload, LONGEST_REPORT)


def _seen(node: str, address: Address | None, **said: Any) -> Seen:
    where = {} if address is None else {ADDRESS: path(address)}
    readings = where | said.pop("readings", {})
    return Seen(node=node, live=True, online=True, readings=readings, **said)


def _time(message: Message) -> _Said:
    if message.retain:
        raise Unreadable("retained")
    return (AsksTime(),)


def _hello(site: Site, message: Message, address: Address | None) -> _Said:
    if not message.payload:
        return ()
    content = _content(message)
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
    readings: dict[str, str | float] = {HARDWARE_ID: spelled}
    if firmware:
        readings["fw"] = firmware
    seen = _seen(node, address, drops_repeats=True, readings=readings)
    if node not in site.nodes:
        return hello, seen
    started = Done(node, subject=STARTED)
    if address is None:
        return hello, seen, started, *_configuration_if_lost(site, node, spelled)
    return hello, seen, started, *_needs(site, node, address)


def _configuration_if_lost(site: Site, node: str, spelled: str) -> _Said:
    if not site.nodes.get(node, {}).get(ASSIGNED):
        return ()
    where = f"{site.prefix}/{path((*TEMPORARY, spelled))}"
    try:
        return (configure(site, node, where),)
    except InvalidCommand:
        return ()


def _needs(
    site: Site, node: str, address: Address, *, repeated: bool = False
) -> tuple[Needs, ...]:
    fields = site.nodes.get(node, {})
    astray = fields.get(ASSIGNED) and address != address_of(fields)
    return (Needs(node, UPDATE_CONFIG, repeated=repeated),) if astray else ()


def _labels(value: object) -> tuple[str, ...]:
    given = value[:_MOST_CAPABILITIES] if isinstance(value, list) else []
    labels = (line(each, _LONGEST_LABEL) for each in given)
    return tuple(label for label in labels if label is not None)


def _will(site: Site, message: Message, address: Address) -> _Said:
    node = _node(site, address)
    if not message.payload:
        return ()
    if message.payload != b"offline":
        raise Unreadable("no will")
    if site.told(node).get(ADDRESS, path(address)) != path(address):
        return ()
    return (Seen(node=node, live=not message.retain, online=False),)


def _of_node(site: Site, message: Message, address: Address, suffix: str) -> _Said:
    temporary = address[:2] == TEMPORARY
    if temporary and suffix in _MAKE_UP_FOR_HELLO and not message.retain:
        node = node_name(address[2])
    else:
        node = _node(site, address)
    if node is None:
        raise Unreadable("unexpected topic")
    if not message.payload:
        return ()
    if node not in site.nodes:
        return _OF_NODE[suffix](site, message, node, address)
    return _heard_at_least(
        message, node, address, lambda: _OF_NODE[suffix](site, message, node, address)
    )


def _heard_at_least(
    message: Message, node: str, address: Address, read: Callable[[], _Said]
) -> _Said:
    """Return what is read or, where that makes no sense, that its node is there."""
    try:
        return read()
    except Unreadable as error:
        if message.retain:
            raise
        return _seen(node, address), Malformed(str(error))


def _status(site: Site, message: Message, node: str, address: Address) -> _Said:
    content = json_object(message.payload, LONGEST_REPORT)
    match content.get("status"):
        case "ONLINE":
            online = True
        case "OFFLINE":
            online = False
        case _:
            raise Unreadable("unknown status")
    if message.retain or not online:
        return (Seen(node=node, live=not message.retain, online=online),)
    seen = _seen(node, address, drops_repeats=True, readings=_spelled(address))
    return Hello(node=node), seen, *_needs(site, node, address)


def _heartbeat(site: Site, message: Message, node: str, address: Address) -> _Said:
    content = _content(message)
    uptime = number(content.get("uptime"), 0, _LONGEST_UPTIME)
    readings = {
        "free_heap": number(content.get("free_heap"), 0, _MOST_HEAP),
        "rssi": number(content.get("rssi"), -128, 0),
    }
    known = {key: value for key, value in readings.items() if value is not None}
    if uptime is None and not known:
        raise Unreadable("no known field")
    said = known | _spelled(address)
    seen = _seen(node, address, uptime=uptime, drops_repeats=True, readings=said)
    return seen, *_needs(site, node, address, repeated=True)


def _spelled(address: Address) -> dict[str, str | float]:
    return {HARDWARE_ID: address[2]} if address[:2] == TEMPORARY else {}


def _config_response(
    site: Site, message: Message, node: str, address: Address
) -> _Said:
    content = _content(message)
    status = content.get("status")
    if not isinstance(status, str):
        raise Unreadable("unknown status")
    if status not in _TAKEN:
        failed = Failed(node, reason=reason(content) or shown(status), subject=CONFIG)
        return _seen(node, address), failed
    if address != address_of(site.nodes[node]):
        return _seen(node, address), Accepted(node, subject=CONFIG)
    reported = _seen(node, address, readings={CONFIG_REPORTED: 1})
    return reported, Done(node, subject=CONFIG)


def _config_report(site: Site, message: Message, node: str, address: Address) -> _Said:
    content = _content(message)
    if address != address_of(site.nodes[node]):
        return (_seen(node, address),)
    wanted = configuration(site.nodes[node])
    told = [key for key in _TELLING if key in content]
    if any(content[key] != wanted[key] for key in told):
        return (_seen(node, address, readings={CONFIG_REPORTED: 0}),)
    reported = _seen(node, address, readings={CONFIG_REPORTED: 1})
    return reported, Done(node, subject=CONFIG)


def _of_channel(
    site: Site, message: Message, address: Address, channel: str, suffix: str
) -> _Said:
    node = _node(site, address)
    if not message.payload:
        return ()
    fields = site.nodes[node]
    known = channels_of(fields).get(channel)

    def read() -> _Said:
        content = _content(message)
        if suffix == _ANSWER:
            readings = {} if known is None else told(known, content.get("details"))
            said = answers(node, content, fields)
            return _seen(node, address, readings=readings), *said
        if known is None:
            raise Unreadable("unknown channel")
        return (_seen(node, address, readings=measured(known, content)),)

    return _heard_at_least(message, node, address, read)


_TAKEN: Final = ("OK", "ACK")
_TELLING: Final = ("node_id", "gh_uid", "zone_uid", "version")
_MAKE_UP_FOR_HELLO: Final = ("status", "heartbeat")
_OF_NODE: Final[Mapping[str, Callable[[Site, Message, str, Address], _Said]]] = (
    MappingProxyType(
        {
            "status": _status,
            "heartbeat": _heartbeat,
            "config_response": _config_response,
            "config_report": _config_report,
        }
    )
)
_ANSWER: Final = "command_response"
_OF_CHANNEL: Final = ("telemetry", _ANSWER)
