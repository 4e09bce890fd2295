"""What greenhouse nodes say of themselves, message by message.

What the wire leaves open is decided here:

- A node says live that it is `ONLINE` once a connection. Whether it has started anew it
  does not say, and its hello may be lost: so it may have forgotten what it was told. A
  pump node says every minute only that it is `online`. Beyond the words of the sources,
  `OFFLINE` is understood.
- A node that has its place and speaks from another address has lost its configuration:
  it gets its own again. Its heartbeat says so all the time, so what failed is not tried
  anew for that, but for a status.
- Only what a node tells of from the address that it was given proves that it holds its
  configuration, unless it names another node, greenhouse or zone, or lacks an actuator
  that it was to have. `version` proves nothing.
- What a node calls an error is a problem until it connects anew; a warning is none.
- A node whose account of its health counts time from its start was never told the time,
  and asks no more once it has asked 40 times: so that is a question, too.
- What it holds may contain secrets: of that nothing is kept but its type and channels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ....engine.model.reports import (
    Accepted,
    AsksTime,
    Done,
    Failed,
    Hello,
    Needs,
    Seen,
)
from ...base import Site
from ...messages import Happened, Message, Said
from ...params import InvalidCommand
from ...untrusted import (
    EARLIEST_MOMENT,
    Unreadable,
    flag,
    json_object,
    line,
    number,
    shown,
)
from ..channels import ACTUATOR, channels_of, reported_channels, sent_channels
from ..config import CONFIG, UPDATE_CONFIG
from ..node_types import (
    GENERATION,
    HEAD,
    OWN_CHANNELS,
    SEED,
    is_seed,
    kinds_of,
    node_type_of,
)
from ..places import (
    ADDRESS,
    ASSIGNED,
    HARDWARE_ID,
    TEMPORARY,
    Address,
    address_of,
    path,
)
from .answers import reason
from .learning import at_home, generation_by_time, learned

LONGEST_REPORT: Final = 8192

_LONGEST_UPTIME: Final = 2**32 - 1
_MOST_HEAP: Final = 2**32 - 1
_LONGEST_LABEL: Final = 64
_TAKEN: Final = ("OK", "ACK")
_SEVERE: Final = ("ERROR", "CRITICAL")

type _Content = Mapping[str, Any]
type Read = Callable[[Site, Message, str, Address], tuple[Said, ...]]
"""`read(site, message, node, address)`: what a message of a node says."""


def content_of(message: Message) -> _Content:
    """Return the object that a live message holds. Raises Unreadable."""
    if message.retain:
        raise Unreadable("retained")
    return json_object(message.payload, LONGEST_REPORT)


def seen(site: Site, node: str, address: Address | None, **said: Any) -> Seen:
    """Return that a node was heard live, and where."""
    where = {} if address is None else {ADDRESS: path(address)}
    readings = where | said.pop("readings", {})
    drops = not is_seed(site.nodes.get(node, {}))
    return Seen(
        node=node,
        live=True,
        online=True,
        drops_repeats=drops,
        readings=readings,
        **said,
    )


def status(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what a node's status says. Raises Unreadable."""
    content = json_object(message.payload, LONGEST_REPORT)
    safe = content.get("state") == "safe_mode"
    match content.get("status"):
        case "ONLINE" | "RESTARTING":
            online = True
        case "OFFLINE":
            online = False
        case None if safe or flag(content.get("online")):
            online = True
        case _:
            raise Unreadable("unknown status")
    problem = _safe_mode(content.get("reason")) if safe else {"problem": 0.0}
    if message.retain:
        readings = problem if safe else {}
        return (Seen(node=node, live=False, online=online, readings=readings),)
    if not online:
        return (Seen(node=node, live=True, online=False),)
    readings = {**problem, **_about(content), **_firmware(content.get("fw"))}
    connected = (Hello(node=node),) if content.get("status") == "ONLINE" else ()
    return (
        *connected,
        seen(site, node, address, readings=readings),
        *_kept(site, node, address, generation_by_time(content)),
        *_needs(site, node, address),
    )


def heartbeat(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what a node's heartbeat says. Raises Unreadable."""
    content = content_of(message)
    uptime = number(content.get("uptime"), 0, _LONGEST_UPTIME)
    firmware = _firmware(content.get("fw_version"))
    readings = {**_about(content), **firmware}
    if uptime is None and not readings:
        raise Unreadable("no known field")
    if uptime is not None and not firmware and is_seed(site.nodes.get(node, {})):
        uptime /= 1000
    return (
        seen(site, node, address, uptime=uptime, readings=readings),
        *_kept(site, node, address, {GENERATION: HEAD} if firmware else {}),
        *_needs(site, node, address, repeated=True),
    )


def config_response(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what a node of the older generation answers to a configuration."""
    content = content_of(message)
    told = content.get("status")
    if not isinstance(told, str):
        raise Unreadable("unknown status")
    heard = seen(site, node, address)
    kept = _kept(site, node, address, {GENERATION: SEED})
    if told not in _TAKEN:
        failed = Failed(node, reason=reason(content) or shown(told), subject=CONFIG)
        return heard, *kept, failed
    if address != address_of(site.nodes[node]):
        return heard, *kept, Accepted(node, subject=CONFIG)
    return heard, *kept, Done(node, subject=CONFIG)


def config_report(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what the configuration says that a node holds."""
    content = content_of(message)
    firmware = line(content.get("fw_version"), _LONGEST_LABEL)
    readings = {} if firmware is None else {"fw": firmware}
    heard = seen(site, node, address, readings=readings)
    facts: dict[str, Any] = {GENERATION: HEAD}
    told_type = content.get("type")
    if isinstance(told_type, str) and (known := node_type_of(told_type)):
        facts["type"] = known
    channels = reported_channels(content.get("channels"))
    fields = site.nodes.get(node, {})
    at_its_place = address == address_of(fields) and _is_its_own(content, fields)
    is_done = at_its_place and _has_what_it_was_sent(fields, channels)
    tells_channels = isinstance(content.get("channels"), list)
    if (is_done and tells_channels) or (channels and facts.get("type") in OWN_CHANNELS):
        # What a person named for it stands until the node has it.
        facts["channels"] = channels
    if not at_its_place:
        return heard, *learned(site, node, facts)
    done = (Done(node, subject=CONFIG),) if is_done else ()
    return heard, *_kept(site, node, address, facts), *done


def error(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what a node says went wrong."""
    content = content_of(message)
    texts = {
        name: text
        for name in ("level", "component", "error_code", "message")
        if (text := line(content.get(name), 255)) is not None
    }
    if "level" not in texts:
        raise Unreadable("no known field")
    severe = texts["level"] in _SEVERE
    why = shown(
        ": ".join(texts[name] for name in ("component", "message") if name in texts)
    )
    readings = {"problem": 1.0, "problem_reason": why} if severe else {}
    happened = Happened(
        node,
        "error" if severe else "warning",
        {name: shown(text) for name, text in texts.items()},
    )
    return seen(site, node, address, readings=readings), happened


def diagnostics(
    site: Site, message: Message, node: str, address: Address
) -> tuple[Said, ...]:
    """Return what a node's account of its health says."""
    content = content_of(message)
    parts = [content.get(name) for name in ("system", "wifi")]
    about = {
        name: value
        for part in parts
        if isinstance(part, Mapping)
        for name, value in part.items()
    }
    uptime = number(about.get("uptime_seconds"), 0, _LONGEST_UPTIME)
    readings: dict[str, str | float] = {**_about(about)}
    if flag(content.get("safe_mode")):
        readings |= _safe_mode(None)
    since_start = number(content.get("ts"), 0, EARLIEST_MOMENT)
    asked = () if since_start is None else (AsksTime(),)
    return *asked, seen(site, node, address, uptime=uptime, readings=readings)


def _about(content: _Content) -> dict[str, str | float]:
    told = {
        "free_heap": number(content.get("free_heap"), 0, _MOST_HEAP),
        "rssi": number(content.get("rssi"), -128, 0),
    }
    return {key: value for key, value in told.items() if value is not None}


def _firmware(version: object) -> dict[str, str]:
    text = line(version, _LONGEST_LABEL)
    return {} if text is None else {"fw": text}


def _safe_mode(why: object) -> dict[str, str | float]:
    text = line(why, 255)
    told = "safe_mode" if text is None else f"safe_mode: {text}"
    return {"problem": 1.0, "problem_reason": shown(told)}


def _kept(site: Site, node: str, address: Address, facts: _Content) -> tuple[Said, ...]:
    """Return what is news of an adopted node, its place and its spelling included."""
    if node not in site.nodes:
        return ()
    spelled = {}
    if address[:2] == TEMPORARY and not site.nodes[node].get(HARDWARE_ID):
        spelled = {HARDWARE_ID: address[2]}
    return learned(site, node, {**at_home(site, node, address), **spelled, **facts})


def _needs(
    site: Site, node: str, address: Address, *, repeated: bool = False
) -> tuple[Needs, ...]:
    fields = site.nodes.get(node, {})
    astray = fields.get(ASSIGNED) and address != address_of(fields)
    if not astray or UPDATE_CONFIG not in kinds_of(fields):
        return ()
    return (Needs(node, UPDATE_CONFIG, repeated=repeated),)


def _is_its_own(content: _Content, fields: _Content) -> bool:
    """Whether a configuration names the node that tells it, where it names any."""
    return all(
        content.get(name, fields[own]) == fields[own]
        for name, own in (
            ("node_id", "uid"),
            ("gh_uid", "greenhouse"),
            ("zone_uid", "zone"),
        )
    )


def _has_what_it_was_sent(fields: _Content, channels: list[dict[str, Any]]) -> bool:
    """Whether a node has each actuator that its configuration names."""
    try:
        sent = sent_channels(fields)
    except InvalidCommand:
        return True
    held = {channel["name"] for channel in channels}
    wanted = channels_of({"channels": sent})
    return all(
        name in held for name, each in wanted.items() if each["type"] == ACTUATOR
    )
