"""What the nodes of a paired dispenser say.

What the wire leaves open is decided here:

- Only `"done":1` with the status `success`, or with none, says that a node is done.
  Any other status is a failure, whatever `done` says. `"done":0` without such a
  status is malformed: it says neither.
- What a camera counted, on `evt` or on `vision`, decides nothing and is no sign of the
  node under whose name it comes.
- A retained ack, evt or count is malformed: it is as old as it likes and proves
  nothing.
- An empty payload is what a cleared retained topic sends; it says nothing. Nor does the
  id -1, with which a node refuses what came without one.
- A bad field of a state message is left out and the others count. Where none is
  left, the message is malformed and the node does not count as heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import Accepted, Done, Failed, Rejected, Report, Seen
from ..base import Site
from ..measures import SIGNAL, Measure, Reading, YesNo
from ..messages import Malformed, Message
from ..untrusted import Unreadable, flag, json_object, line, number, shown, whole

LONGEST_REPORT: Final = 2048
HIGHEST_ID: Final = 2**31 - 1
LONGEST_NODE: Final = 64
FIRMWARE: Final = "fw"
"""The reading that no firmware of the maker's tells."""

CLOCK_DIFFERENCE: Final = "clock_difference"
"""By how much the clock of a node differs from that of the first, in milliseconds."""

_LONGEST_UPTIME = 2**32 - 1
_CLOCKS = (1_577_836_800, 2**32 - 1)
"""Unix seconds, from 2020 on: what a clock shows that was set."""
_NO_ID: Final = -1
_COUNTED: Final = "count_detected"
_EXPECTED: Final = "expected"
_DIFFERS: Final = "count_differs"
_COUNT: Final = Measure(precision=0)
_NO_FIRMWARE: Final = frozenset({FIRMWARE})
_NONE_UNTOLD: Final[frozenset[str]] = frozenset()
_said = attrgetter("online", "ready", "uptime", "drops_repeats", "last_id")
READINGS: Final[Mapping[str, Reading]] = MappingProxyType(
    {
        "rssi": SIGNAL,
        "food": Measure(unit="%", precision=0),
        FIRMWARE: None,
        CLOCK_DIFFERENCE: Measure(
            device_class="duration", unit="ms", precision=0, diagnostic=True
        ),
        _COUNTED: _COUNT,
        _EXPECTED: _COUNT,
        # It is known when something first counts what a node did.
        _DIFFERS: YesNo(device_class="problem", once_told=True),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked(Seen):
    """A node was heard that can wait for a moment."""

    clock: float
    """What its clock shows; unix seconds."""


def node_name(text: str) -> str | None:
    """Return 1 to 64 printable characters without blanks, `/`, `+` and `#`."""
    if any(character.isspace() for character in text) or set("/+#") & set(text):
        return None
    return line(text, LONGEST_NODE)


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes and cameras send up."""
    return tuple(f"{prefix}/{channel}/+" for channel in _CHANNELS)


def report(site: Site, message: Message) -> tuple[Report | Malformed, ...]:
    """Return what a message says; see `Protocol.report`."""
    try:
        return _read(site, message)
    except Unreadable as error:
        return (Malformed(str(error)),)


def clock(message: Message) -> float | None:
    """Return what time it was for a node as it spoke; see `Protocol.clock`."""
    try:
        return _clock_in(json_object(message.payload, LONGEST_REPORT))
    except Unreadable:
        return None


def _read(site: Site, message: Message) -> tuple[Report, ...]:
    channel, name = _place(site, message.topic)
    if not message.payload:
        return ()
    if message.retain and channel != _STATE:
        raise Unreadable("a retained answer")
    content = json_object(message.payload, LONGEST_REPORT)
    if channel == _STATE:
        return (_state(name, content, live=not message.retain),)
    if channel == _VISION:
        return (_count(_counted_at(site, name), content),)
    if content.get("status") == "vision_complete" or (
        _COUNTED in content and not content.keys() & {"done", "status"}
    ):
        return (_count(name, content),)
    if content.get("queue_id") == _NO_ID:
        return ()
    command_id = whole(content.get("queue_id"), 1, HIGHEST_ID)
    if command_id is None:
        raise Unreadable("no queue_id")
    return (_ANSWERS[channel](name, command_id, content),)


def _place(site: Site, topic: str) -> tuple[str, str]:
    channel, _, name = topic.removeprefix(f"{site.prefix}/").partition("/")
    if (
        topic != f"{site.prefix}/{channel}/{name}"
        or channel not in _CHANNELS
        or (name not in site.nodes and node_name(name) != name)
    ):
        raise Unreadable("unexpected topic")
    return channel, name


def _ack(node: str, command_id: int, content: Mapping[str, Any]) -> Report:
    match flag(content.get("accepted")):
        case None:
            raise Unreadable("no accepted")
        case True:
            return Accepted(node, command_id)
        case False:
            reason = content.get("reason")
            return Rejected(node, command_id, "" if reason is None else shown(reason))


def _evt(node: str, command_id: int, content: Mapping[str, Any]) -> Report:
    status = content.get("status", "success")
    if status != "success":
        return Failed(node, command_id, shown(status))
    if not flag(content.get("done")):
        raise Unreadable("not done")
    return Done(node, command_id)


def _state(node: str, content: Mapping[str, Any], *, live: bool) -> Seen:
    get = content.get
    told = {
        "rssi": number(get("rssi"), minimum=-128, maximum=0),
        "food": number(get("food"), minimum=0, maximum=100),
        FIRMWARE: line(get(FIRMWARE), longest=64),
    }
    readings = {key: value for key, value in told.items() if value is not None}
    seen = Seen(
        node=node,
        live=live,
        online=flag(get("online")),
        ready=flag(get("ready")),
        uptime=number(get("uptime"), minimum=0, maximum=_LONGEST_UPTIME),
        drops_repeats=flag(get("dedupes")),
        last_id=whole(get("last_id"), minimum=0, maximum=HIGHEST_ID),
        readings=readings,
        # A node that was given another firmware since does not tell the old one's.
        untold=_NO_FIRMWARE if live and FIRMWARE not in readings else _NONE_UNTOLD,
    )
    if not readings and all(said is None for said in _said(seen)):
        raise Unreadable("no known field")
    shows = _clock_in(content)
    return seen if shows is None else Clocked(**_values(seen), clock=shows)


def _clock_in(content: Mapping[str, Any]) -> float | None:
    return number(content.get("clock"), *_CLOCKS)


def _values(seen: Seen) -> dict[str, Any]:
    return {each.name: getattr(seen, each.name) for each in fields(seen)}


def _counted_at(site: Site, name: str) -> str:
    """Return the node whose work a camera counted: the last one, if it names none."""
    if name in site.nodes or not site.nodes:
        return name
    return [*site.nodes][-1]


def _count(node: str, content: Mapping[str, Any]) -> Seen:
    counted = whole(content.get(_COUNTED), 0, HIGHEST_ID)
    if counted is None:
        raise Unreadable("no count")
    # It counts the items of the serving node's command, which has none: null.
    expected = whole(content.get(_EXPECTED), 0, HIGHEST_ID)
    if expected is None:
        readings = {_COUNTED: float(counted)}
    else:
        readings = {
            _COUNTED: float(counted),
            _EXPECTED: float(expected),
            _DIFFERS: float(counted != expected),
        }
    return Seen(
        node=node,
        # The camera was heard, not the node.
        live=False,
        readings=readings,
        untold=frozenset({_EXPECTED, _DIFFERS} - readings.keys()),
    )


_STATE: Final = "state"
_VISION: Final = "vision"
_ANSWERS: Mapping[str, Callable[[str, int, Mapping[str, Any]], Report]] = (
    MappingProxyType({"ack": _ack, "evt": _evt})
)
_CHANNELS: Final = (*_ANSWERS, _STATE, _VISION)
