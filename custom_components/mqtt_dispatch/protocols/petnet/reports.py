"""What comes up from Petnet feeders: telemetry, and requests that wait for a reply.

What the wire leaves open is decided here:

- Whatever carries a `requestId`, a text or a number, is answered, even where the rest
  of it makes no sense or is no JSON: a feeder that waits for a reply does nothing else.
- Only a `PUT` is evidence or a check-in. The gateway that checks in is that of the
  topic, for that is where its feeders are reached.
- An event whose `hid` is not ours is of somebody else's command: it is answered, and
  counted with the answers that no command of ours is credited with.
- All telemetry of a feeder but a trace proves that it is there, also of a type that is
  not known here. A trace says nothing, whatever bytes it is made of. Bytes that are no
  UTF-8 spoil only the text in which they stand.
- These feeders retain nothing. What is retained is as old as it likes: malformed.
- A feed failed where `b|fail` says so; its reason is `s|err`. A text there without
  `b|fail` is a problem of a meal that was fed. What the other flags mean is written
  nowhere, and one of them is set in a good meal: they are shown as they are.
- A `feed_result` whose start lies before 2020 was timed by a clock that nobody set: it
  names no meal, and tells what it weighed all the same.
- The firmware comes up nowhere. What a person said of it is passed on as `fw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
import re
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import (
    Accepted,
    Answer,
    Dispensed,
    Done,
    Failed,
    Hello,
    Needs,
    Report,
    Seen,
)
from ..base import Site
from ..measures import PROBLEM, SIGNAL, VOLTAGE, Measure, Reading, YesNo
from ..messages import Malformed, Message, Publication
from ..untrusted import (
    EARLIEST_MOMENT,
    LATEST_MOMENT,
    Unreadable,
    flag,
    json_object,
    number,
    shown,
    whole,
)
from .commands import ENTRY_BY_ENTRY, Told, gateway_of, read_hid

LONGEST_REPORT: Final = 32 * 1024
GATEWAY: Final = re.compile("[A-Za-z0-9_-]{1,64}")
CAPABILITY_GATEWAY: Final = "gateway:"
LAST_MEAL: Final = (
    "source",
    "grams",
    "grams_expected",
    "error",
    "recipe",
    "pour",
    "full",
    "bowl",
    "trip",
    "lrg",
    "vol",
)
"""What a feeder tells of the meal that it fed or failed to feed last."""
READINGS: Final[Mapping[str, Reading]] = MappingProxyType(
    {
        "voltage": VOLTAGE,
        "charging": YesNo(device_class="battery_charging", diagnostic=True),
        "rssi": SIGNAL,
        "hopper": Measure(),
        "problem": PROBLEM,
        **dict.fromkeys(("gateway", "fw", "usb", "ir", "last_fed", "hopper_before")),
        **dict.fromkeys(("schedule_hash", ENTRY_BY_ENTRY)),
        **dict.fromkeys(LAST_MEAL),
    }
)

_NODE: Final = re.compile("[A-Za-z0-9-]{1,64}")
_TELEMETRY: Final = "tel"
_REQUEST: Final = "api"
_LONGEST_REQUEST_ID: Final = 256
"""Characters, as JSON writes it."""
_LARGEST_REQUEST_ID: Final = 1e18
_REQUEST_ID: Final = re.compile(r'"requestId"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]+)')
_LONGEST_HASH: Final = 64
_TRACE: Final = re.compile(rb'"s\|msg_type"\s*:\s*"trace"')
_EVENT: Final = re.compile(r".*/events/([^/?]*)/(received|succeeded|failed)")
_CHECK_IN: Final = re.compile(r".*/gateways/[^/?]*/checkin")
_SOURCES: Final = {4: "remote", 5: "button", 6: "schedule"}
_SCHEDULE: Final = 6
_FLAGS: Final = ("bowl", "trip", "lrg", "vol")
_NOBODYS: Final = Told(None, 0, 0)
"""Stands for every command that is not ours: no command has this id."""

type Said = Report | Publication | Malformed


def node_name(text: str) -> str | None:
    """Return a `deviceHid` in lower case: 1 to 64 letters, digits and dashes."""
    return text.lower() if _NODE.fullmatch(text) else None


def report(site: Site, message: Message) -> tuple[Said, ...]:
    """Return what a message says; see `Protocol.report`.

    The filter that finds feeders of unknown gateways hears all topics beside theirs;
    those say nothing.
    """
    found = re.fullmatch(
        rf"{re.escape(site.prefix)}\.({_TELEMETRY}|{_REQUEST})\.gts\.(.*)",
        message.topic,
        re.DOTALL,
    )
    if found is None or not message.payload:
        return ()
    try:
        return _read(site, message, *found.groups())
    except Unreadable as error:
        return (Malformed(str(error)),)


def _read(site: Site, message: Message, channel: str, gateway: str) -> tuple[Said, ...]:
    if not GATEWAY.fullmatch(gateway):
        raise Unreadable("no gateway in the topic")
    if message.retain:
        raise Unreadable("a retained message")
    if channel == _REQUEST:
        return _request(site, gateway, message.payload)
    return _telemetry(site, gateway, message.payload)


def _content(payload: bytes) -> dict[str, Any]:
    if len(payload) > LONGEST_REPORT:
        raise Unreadable("too long")
    readable = payload.decode("utf-8", "replace").encode()
    return json_object(readable, len(readable))


def _request(site: Site, gateway: str, payload: bytes) -> tuple[Said, ...]:
    try:
        content = _content(payload)
    except Unreadable as error:
        request_id = _request_id_in(payload)
        if request_id is None:
            raise
        return (_reply(site, gateway, request_id), Malformed(str(error)))
    answer = _reply(site, gateway, content.get("requestId"))
    try:
        return (answer, *_asked(site, gateway, content))
    except Unreadable as error:
        return (answer, Malformed(str(error)))


def _reply(site: Site, gateway: str, request_id: object) -> Publication:
    known = request_id if isinstance(request_id, str) else _number(request_id)
    if known is None or len(json.dumps(known)) > _LONGEST_REQUEST_ID:
        raise Unreadable("no requestId")
    reply = {
        "requestId": known,
        "eventName": "GatewayToServer_ApiRequest",
        "encrypted": False,
        "parameters": {"status": "OK"},
    }
    payload = json.dumps(reply, separators=(",", ":"))
    return Publication(f"{site.prefix}/api/stg/{gateway}", payload)


def _number(value: object) -> float | None:
    return number(value, -_LARGEST_REQUEST_ID, _LARGEST_REQUEST_ID)


def _request_id_in(payload: bytes) -> object:
    """Return the id of a request that is no JSON as a whole; None: it has none."""
    found = _REQUEST_ID.search(payload[:LONGEST_REPORT].decode("utf-8", "replace"))
    try:
        return None if found is None else json.loads(found[1])
    except ValueError:
        return None


def _asked(site: Site, gateway: str, content: Mapping[str, Any]) -> tuple[Report, ...]:
    parameters = content.get("parameters")
    if not isinstance(parameters, dict):
        raise Unreadable("no parameters")
    uri = parameters.get("uri")
    if not isinstance(uri, str):
        raise Unreadable("no uri")
    if parameters.get("method") != "PUT":
        return ()
    if _CHECK_IN.fullmatch(uri):
        return tuple(
            Needs(node, "set_schedule")
            for node, fields in site.nodes.items()
            if gateway_of(fields, site.told(node)) == gateway
        )
    event = _EVENT.fullmatch(uri)
    if event is None:
        return ()
    hid, what = event.groups()
    told = read_hid(hid, site.nodes) or _NOBODYS
    return (_answer(what, told, parameters.get("body")),)


def _answer(what: str, told: Told, body: object) -> Answer:
    match what:
        case "received":
            return Accepted(told.node, told.command_id, step=told.step)
        case "succeeded":
            return Done(told.node, told.command_id, step=told.step)
        case _:
            return Failed(
                told.node,
                told.command_id,
                _error_in(body),
                step=told.step,
                readings={ENTRY_BY_ENTRY: 1} if told.in_one else {},
            )


def _error_in(body: object) -> str:
    if isinstance(body, str):
        try:
            body = json_object(body.encode("utf-8", "replace"), LONGEST_REPORT)
        except Unreadable:
            return shown(body)
    if not isinstance(body, dict) or "error" not in body:
        return ""
    return shown(body["error"])


def _telemetry(site: Site, gateway: str, payload: bytes) -> tuple[Said, ...]:
    try:
        content = _content(payload)
    except Unreadable:
        if _TRACE.search(payload):
            return ()
        raise
    message_type = content.get("s|msg_type")
    if message_type == "trace":
        return ()
    device = content.get("_|deviceHid")
    node = node_name(device) if isinstance(device, str) else None
    if node is None:
        raise Unreadable("no deviceHid")
    if not isinstance(message_type, str):
        raise Unreadable("no msg_type")
    return tuple(_said(site, gateway, node, message_type, content))


def _said(
    site: Site,
    gateway: str,
    node: str,
    message_type: str,
    content: Mapping[str, Any],
) -> Iterator[Said]:
    if node not in site.nodes:
        yield Hello(
            node=node,
            hardware_id=node,
            type="feeder",
            capabilities=(f"{CAPABILITY_GATEWAY}{gateway}",),
        )
    readings: dict[str, str | float | None] = {
        "gateway": gateway,
        "fw": site.nodes.get(node, {}).get("firmware"),
    }
    said: list[Said] = []
    match message_type:
        case "sensor":
            readings |= _sensor(content)
        case "feed_result":
            more, result = _feed_result(node, content)
            readings |= more
            said.append(result)
        case "hash":
            found = content.get("s|local_md5", content.get("local_md5"))
            if not isinstance(found, str) or len(found) > _LONGEST_HASH:
                said.append(Malformed("no local_md5"))
            else:
                readings["schedule_hash"] = shown(found)
                if not found:
                    said.append(Needs(node, "set_schedule"))
    yield Seen(
        node=node,
        live=True,
        online=True,
        readings={key: value for key, value in readings.items() if value is not None},
    )
    yield from said


def _sensor(content: Mapping[str, Any]) -> dict[str, str | float | None]:
    millivolts = number(content.get("f|voltage"), 0, 100_000)
    return {
        "voltage": None if millivolts is None else millivolts / 1000,
        "usb": _switch(content.get("i|usb")),
        "charging": _switch(content.get("i|chg")),
        "ir": _switch(content.get("i|ir")),
        "rssi": number(content.get("i|rssi"), -128, 128),
    }


def _switch(value: object) -> int | None:
    found = flag(value)
    return None if found is None else int(found)


def _feed_result(
    node: str, content: Mapping[str, Any]
) -> tuple[dict[str, str | float | None], Dispensed | Malformed]:
    started_at = whole(content.get("i|stime"), int(EARLIEST_MOMENT), int(LATEST_MOMENT))
    failed = bool(flag(content.get("b|fail")))
    error = _text(content.get("s|err"))
    source = whole(content.get("i|src"), 0, 255)
    grams = number(content.get("f|a_g"), 0, 100_000)
    readings = {
        "last_fed": None if failed else started_at,
        "grams": grams,
        "grams_expected": number(content.get("f|e_g"), 0, 100_000),
        "hopper_before": number(content.get("f|h_s"), -1_000_000, 1_000_000),
        "hopper": number(content.get("f|h_e"), -1_000_000, 1_000_000),
        "source": None if source is None else _SOURCES.get(source),
        "problem": int(failed or bool(error)),
        "error": error or ("failed" if failed else ""),
        **{name: _switch(content.get(f"b|{name}")) for name in _FLAGS},
        "pour": whole(content.get("i|pour"), 0, 100_000),
        "full": whole(content.get("i|full"), 0, 100_000),
        "recipe": _text(content.get("s|rid")) or None,
    }
    if started_at is None:
        return readings, Malformed("no stime")
    return readings, Dispensed(
        node=node,
        started_at=started_at,
        planned=source == _SCHEDULE,
        grams=grams,
        reason=(error or "failed") if failed else "",
    )


def _text(value: object) -> str:
    return shown(value) if isinstance(value, str) else ""
