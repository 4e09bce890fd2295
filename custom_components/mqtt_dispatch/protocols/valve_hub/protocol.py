"""Valves behind a serial hub, which relays lines to nodes that sleep.

What the wire leaves open is decided here and in the other modules of this folder:

- Any whole line says that the hub is there. Commands wait for the hub alone: it holds
  them until their node wakes up.
- A retained line is malformed: nobody knows how old it is.
- However often a message asks for the time, it is told once.
- Each batch of records is acknowledged at once: as stored if any of it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import Command
from ...engine.model.reports import (
    AsksTime,
    Hello,
    Readings,
    Relay,
    Seen,
)
from ..actuator import Actuator, Amount, Form
from ..base import Instructing, Protocol, Sending, Site
from ..fields import Whole
from ..measures import HUMIDITY, SIGNAL, TEMPERATURE, Measure
from ..messages import Learned, Malformed, Message, Publication, Said
from ..planning import Planning
from ..untrusted import Unreadable
from .commands import (
    CURTAIN_ORDERS,
    KINDS,
    check_valves,
    has_curtain,
    steps,
    understands,
    words,
)
from .events import CURTAIN, HIGHEST_VALVE
from .held_reports import Listed
from .inquiries import Inquiry
from .lines import LONGEST_REPORT, MOST_LINES, address, lines
from .measured import BATCH_COMPLETE, BATCH_RECORDS, MEASURED_AT, kept_records
from .plan import (
    HIGHEST_SLOT,
    LONGEST_RUN,
    USUAL_SLOTS,
    from_words,
    in_words,
    overlap,
    runs,
    wanted,
)
from .reports import FLAGS, NO_ERROR, ONLINE_AGE, OTHER_ERROR, is_whole, read
from .session import HubSession

_RUN_TIME: Final = Amount(
    param="duration", minimum=1, maximum=LONGEST_RUN, usual=600, unit="s"
)
_LONGEST_TRAVEL: Final = 180.0
"""Seconds after which a node switches its motor off, whatever it has reached."""
_WAKE_KIND: Final = "set_wake_interval"
_WAKE_INTERVAL: Final = "wake_interval"
"""What is known of a node once it was told: seconds from waking to waking."""
_LASTING: Final = ("type", "valves")
"""What is known of a node once the hub has listed it: readings that stay."""
_CURTAIN_PARTS: Final = (
    Actuator(
        key=CURTAIN,
        form=Form.COVER,
        name=CURTAIN,
        orders={
            action: (CURTAIN, {"action": action})
            for action in CURTAIN_ORDERS
            if action != "calibrate"
        },
        state=CURTAIN,
        device_class=CURTAIN,
        takes=_LONGEST_TRAVEL,
    ),
    Actuator(
        key="curtain_calibrate",
        form=Form.BUTTON,
        name="curtain_calibrate",
        orders={"press": (CURTAIN, {"action": "calibrate"})},
        configures=True,
    ),
)
_ASKS_FOR_TIME: Final = "GET_DATETIME"
_STORED, _NOT_STORED = 0, 1
"""How a batch is acknowledged."""


def node_name(text: str) -> str | None:
    """Return an address, 1 to 65533, without leading zeros."""
    try:
        return address(text)
    except Unreadable:
        return None


def topics(prefix: str) -> tuple[str, ...]:
    """Return the one topic on which all lines come."""
    return (f"{prefix}/rx",)


def report(site: Site, message: Message) -> tuple[Said, ...]:
    """Return what a message says; see `Protocol.report`."""
    if message.topic not in topics(site.prefix):
        return (Malformed("unexpected topic"),)
    if not message.payload:
        return ()
    if message.retain:
        return (Malformed("a retained line"),)
    try:
        found = lines(message.payload, is_whole)
    except Unreadable as error:
        return (Malformed(str(error)),)
    said: list[Said] = []
    if any(line == _ASKS_FOR_TIME for line in found):
        said.append(AsksTime())
    if any(is_whole(line) for line in found):
        said.append(Relay())
    told = _Told(site)
    for line in found[:MOST_LINES]:
        try:
            said += _said(site, line, told)
        except Unreadable as error:
            said.append(Malformed(str(error)))
    if len(found) > MOST_LINES:
        said.append(Malformed("too many lines"))
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Told:
    """What nodes told: before, and in the lines of the message that came before."""

    site: Site
    now: dict[str, Readings] = field(default_factory=dict)

    def of(self, node: str) -> Readings:
        return {**self.site.told(node), **self.now.get(node, {})}

    def take(self, seen: Seen) -> None:
        self.now[seen.node] = {**self.now.get(seen.node, {}), **seen.readings}


def _said(site: Site, line: str, told: _Told) -> Iterator[Said]:
    """Go through what a line says, and what it is answered. Raises Unreadable."""
    for each in read(line, told.of):
        match each:
            case Seen() if line.startswith(BATCH_COMPLETE):
                yield _batch_ack(site, each.node, kept_records(each.node, told.of))
                told.take(each)
            case Seen():
                told.take(each)
            case Listed() if each.seen.node in site.nodes:
                # The hub introduces a node that is there: that does not say `now`.
                yield replace(each, hello=None)
                yield from _lasting(site, each.seen)
                continue
        yield each


def _lasting(site: Site, seen: Seen) -> Iterator[Learned]:
    """Return what a node is, where that is news: it is so over a restart of ours."""
    facts = {name: seen.readings[name] for name in _LASTING}
    if facts.items() - site.nodes[seen.node].items():
        yield Learned(seen.node, facts)


def _batch_ack(site: Site, node: str, kept: int) -> Publication:
    return _down(site, "BATCH_ACK", node, kept, _STORED if kept else _NOT_STORED)


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return the line for one step of a command; see `Protocol.publications`.

    Raises InvalidCommand also for a valve that the node is known not to have.
    """
    command = sending.command
    params = VALVE_HUB.check(command.kind, command.params)
    check_valves(command.kind, params, sending.readings)
    return (_down(site, *words(command.kind, params, sending)),)


def instruct(site: Site, instructing: Instructing) -> tuple[Publication, ...]:
    """Return what asks the hub for nodes or commands; see `Protocol.instruct`."""
    match instructing.message, instructing.node:
        case Inquiry.NODES, _:
            return (_down(site, "LIST_NODES"),)
        case Inquiry.HELD, str(node):
            return (_down(site, "GET_QUEUE", node),)
    return ()


def time_answer(site: Site, wall: float) -> tuple[Publication, ...]:
    """Return the answer to `GET_DATETIME`, in UTC; see `Protocol.time_answer`."""
    told = datetime.fromtimestamp(wall, UTC)
    weekday = told.isoweekday() % 7
    return (_down(site, "DATETIME", f"{told:%Y-%m-%d %H:%M:%S}", weekday),)


def actuators(fields: Mapping[str, Any], readings: Readings) -> tuple[Actuator, ...]:
    """Return the valves of a node, or its curtain."""
    lasting = {name: fields[name] for name in _LASTING if name in fields}
    readings = {**lasting, **readings}
    if has_curtain(readings):
        return _CURTAIN_PARTS
    return tuple(
        Actuator(
            key=f"valve_{valve}",
            form=Form.VALVE,
            name="valve",
            label=str(valve),
            orders={
                "open": ("open_valve", {"valve": valve}),
                "close": ("close_valve", {"valve": valve}),
            },
            state=f"valve_{valve}",
            amount=_RUN_TIME,
            water=True,
        )
        for valve in range(int(readings.get("valves", 0)))
    )


def learned(_site: Site, command: Command, _node: str) -> Mapping[str, Any]:
    """Return how often a node wakes up from now on; see `Protocol.learned`."""
    if command.kind != _WAKE_KIND:
        return {}
    return {_WAKE_INTERVAL: command.params["seconds"]}


def word_holds(site: Site, node: str, _wall: float) -> float:
    """Return how long two wakings of a node take; see `Protocol.word_holds`."""
    interval: float = site.nodes.get(node, {}).get(_WAKE_INTERVAL, 0)
    return 2 * max(interval, ONLINE_AGE)


def node_usually(hello: Hello) -> dict[str, Any]:
    """Return that a node of a known type without valves keeps no plan."""
    if hello.type and "valves" not in hello.capabilities:
        return {"slots": 0}
    return {}


def _down(site: Site, *words: object) -> Publication:
    text = " ".join(str(word) for word in words)
    return Publication(f"{site.prefix}/tx", f"{text}\n")


VALVE_HUB: Final = Protocol(
    key="valve_hub",
    default_prefix="valvehub",
    default_nodes=(),
    kinds=KINDS,
    settings=MappingProxyType(
        {
            "online_age": ONLINE_AGE,
            "relay_age": 60.0,
            "one_unanswered": 1,
            "echo_for": 0.25,
            "refusal_echo_for": 5.0,
            "places": 9,
            "at_once": 8,
            "step_window": 8,
        }
    ),
    readings=MappingProxyType(
        {
            "battery": Measure(device_class="battery", unit="%", diagnostic=True),
            "power": Measure(words=("battery", "mains"), diagnostic=True),
            "rssi": SIGNAL,
            "errors": Measure(
                words=(NO_ERROR, *FLAGS, OTHER_ERROR), several=True, diagnostic=True
            ),
            "pending_records": Measure(diagnostic=True),
            "temperature": TEMPERATURE,
            "humidity": HUMIDITY,
            **dict.fromkeys((BATCH_RECORDS, MEASURED_AT, "device_id", "type", "fw")),
            **dict.fromkeys(("valves", CURTAIN)),
            **{f"valve_{valve}": None for valve in range(HIGHEST_VALVE + 1)},
        }
    ),
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    publications=publications,
    understands=lambda _site, _node, kind, readings: understands(kind, readings),
    understood_by=("type", CURTAIN),
    steps=steps,
    node_fields=MappingProxyType(
        {"slots": Whole(0, HIGHEST_SLOT + 1, default=USUAL_SLOTS)}
    ),
    node_usually=node_usually,
    learned=learned,
    word_holds=word_holds,
    actuators=actuators,
    moves_water=True,
    described_by=("type", "valves", CURTAIN),
    planning=Planning(
        kind="open_valve",
        wanted=wanted,
        overlap=overlap,
        runs=runs,
        in_words=in_words,
        from_words=from_words,
        example={"valve": 1, "duration": 600},
        lasts="duration",
    ),
    session=HubSession,
    instruct=instruct,
    time_answer=time_answer,
)
