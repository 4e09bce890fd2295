"""Two nodes that act together: the first one dispenses, the others move or serve.

What the wire leaves open is decided here:

- Only `"done":1` with the status `success`, or with none, says that a node is done.
  Any other status is a failure, whatever `done` says. `"done":0` without such a
  status is malformed: it says neither.
- A retained ack or evt is malformed: it is as old as it likes and proves nothing.
- An empty payload is what a cleared retained topic sends; it says nothing.
- A bad field of a state message is left out and the others count. Where none is
  left, the message is malformed and the node does not count as heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ...engine.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
    Report,
    Seen,
)
from ..base import (
    Kind,
    Malformed,
    Message,
    Protocol,
    Publication,
    Sending,
    Site,
    compact_json,
)
from ..fields import Choice, Flag, Whole
from ..untrusted import Unreadable, flag, json_object, line, number, shown, whole

LONGEST_COMMAND: Final = 512
LONGEST_REPORT: Final = 2048
HIGHEST_ID: Final = 2**31 - 1
LONGEST_NODE: Final = 64

_COMMAND_ID = Whole(1, HIGHEST_ID)
_UNIX_SECONDS = Whole(0, 2**32 - 1)
_LONGEST_UPTIME = 2**32 - 1

_READINGS: Mapping[str, Callable[[object], str | float | None]] = MappingProxyType(
    {
        "rssi": partial(number, minimum=-128, maximum=0),
        "food": partial(number, minimum=0, maximum=100),
        "fw": partial(line, longest=64),
    }
)


def node_name(text: str) -> str | None:
    """Return 1 to 64 printable characters without blanks, `/`, `+` and `#`."""
    if any(character.isspace() for character in text) or set("/+#") & set(text):
        return None
    return line(text, LONGEST_NODE)


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes send up."""
    return tuple(f"{prefix}/{channel}/+" for channel in (*_ANSWERS, _STATE))


def report(site: Site, message: Message) -> tuple[Report | Malformed, ...]:
    """Return what a message says; see `Protocol.report`."""
    try:
        return _read(site.prefix, message.topic, message.payload, message.retain)
    except Unreadable as error:
        return (Malformed(str(error)),)


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a node the command; see `Protocol.publications`.

    The node that dispenses is the first one the command is for, so that a station
    whose nodes change meanwhile never has a second one dispense.
    """
    command, node = sending.command, sending.node
    params = PAIRED_DISPENSER.check(command.kind, command.params)
    message: dict[str, Any] = {"queue_id": _COMMAND_ID.check("queue_id", command.id)}
    match command.kind:
        case "feed":
            message["patient_id"] = params["pet"]
            message["target_room"] = params["bowl"]
            if command.nodes[:1] == (node,):
                message["items"] = [
                    {"pill_id": params["hopper"], "quantity": params["portions"]}
                ]
        case "operate":
            message |= params | {"on": int(params["on"])}
        case "reboot":
            message["op"] = "reboot"
    if command.expires_at is not None:
        # Rounded down: a node must not begin after it.
        message["expires_at"] = _UNIX_SECONDS.check(
            "expires_at", command.expires_at // 1
        )
    payload = compact_json(message, LONGEST_COMMAND)
    return (Publication(f"{site.prefix}/cmd/{node}", payload),)


def _read(prefix: str, topic: str, payload: bytes, retain: bool) -> tuple[Report, ...]:
    channel, node = _place(prefix, topic)
    if not payload:
        return ()
    if retain and channel != _STATE:
        raise Unreadable("a retained answer")
    content = json_object(payload, LONGEST_REPORT)
    if channel == _STATE:
        return (_state(node, content, live=not retain),)
    command_id = whole(content.get("queue_id"), 1, HIGHEST_ID)
    if command_id is None:
        raise Unreadable("no queue_id")
    return (_ANSWERS[channel](node, command_id, content),)


def _place(prefix: str, topic: str) -> tuple[str, str]:
    channel, _, node = topic.removeprefix(f"{prefix}/").partition("/")
    if (
        topic != f"{prefix}/{channel}/{node}"
        or channel not in (*_ANSWERS, _STATE)
        or node_name(node) != node
    ):
        raise Unreadable("unexpected topic")
    return channel, node


def _ack(node: str, command_id: int, content: Mapping[str, Any]) -> Report:
    match flag(content.get("accepted")):
        case None:
            raise Unreadable("no accepted")
        case True:
            return Accepted(node, command_id)
        case False:
            return Rejected(node, command_id)


def _evt(node: str, command_id: int, content: Mapping[str, Any]) -> Report:
    status = content.get("status", "success")
    if status != "success":
        return Failed(node, command_id, shown(status))
    if not flag(content.get("done")):
        raise Unreadable("not done")
    return Done(node, command_id)


def _state(node: str, content: Mapping[str, Any], *, live: bool) -> Seen:
    readings = {key: read(content.get(key)) for key, read in _READINGS.items()}
    seen = Seen(
        node=node,
        live=live,
        online=flag(content.get("online")),
        ready=flag(content.get("ready")),
        uptime=number(content.get("uptime"), 0, _LONGEST_UPTIME),
        drops_repeats=flag(content.get("dedupes")),
        last_id=whole(content.get("last_id"), 0, HIGHEST_ID),
        readings={key: value for key, value in readings.items() if value is not None},
    )
    if seen == Seen(node=node, live=live):
        raise Unreadable("no known field")
    return seen


_STATE: Final = "state"
_ANSWERS: Mapping[str, Callable[[str, int, Mapping[str, Any]], Report]] = (
    MappingProxyType({"ack": _ack, "evt": _evt})
)

PAIRED_DISPENSER: Final = Protocol(
    key="paired_dispenser",
    default_prefix="disp",
    default_nodes=("1", "2"),
    kinds=MappingProxyType(
        {
            "feed": Kind(
                fields={
                    "portions": Whole(1, 50, required=True),
                    "hopper": Whole(1, 4, default=1),
                    "bowl": Whole(1, 3, default=1),
                    "pet": Whole(0, 2**31 - 1, default=0),
                },
                whole_station=True,
            ),
            "reboot": Kind(fields={}),
            "operate": Kind(
                fields={
                    "op": Choice(("servo", "dc"), required=True),
                    "id": Whole(1, 4, required=True, only_with=("op", "servo")),
                    "on": Flag(required=True),
                },
            ),
        }
    ),
    settings=MappingProxyType({"online_age": 15.0}),
    readings=tuple(_READINGS),
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    publications=publications,
)
