"""What greenhouse nodes say of their channels, message by message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
import re
from typing import Any, Final

from ....engine.model.reports import Seen
from ...base import Site
from ...messages import Happened, Message, Said
from ...untrusted import Unreadable, shown
from ..channels import channels_of
from ..places import Address
from .answers import answers, question
from .learning import at_home, generation_by_time, learned
from .of_nodes import content_of, seen
from .readings import measured, told

_CODE: Final = re.compile(r"[a-z0-9_]{1,64}")
_MOST_DETAILS: Final = 16
_LARGEST: Final = 1e15
_TOLD_ELSEWHERE: Final = frozenset({"event_code", "ts", "snapshot"})

type Read = Callable[[Site, Message, str, Address, str], tuple[Said, ...]]
"""`read(site, message, node, address, channel)`: what a message of a channel says."""


def telemetry(
    site: Site, message: Message, node: str, address: Address, channel: str
) -> tuple[Said, ...]:
    """Return what a channel measures. Raises Unreadable."""
    content = content_of(message)
    if isinstance(content.get("channels"), list) and "value" not in content:
        # How often each pump ran and failed: its node counts, nobody shows it.
        return (seen(site, node, address),)
    facts = at_home(site, node, address) | generation_by_time(content)
    return (
        seen(site, node, address, readings=measured(channel, content)),
        *learned(site, node, facts),
    )


def answer(
    site: Site, message: Message, node: str, address: Address, channel: str
) -> tuple[Said, ...]:
    """Return what a node answers to a command. Raises Unreadable.

    What it says of its channels comes last: it outweighs what is assumed of a command
    that is done.
    """
    content = content_of(message)
    fields = site.nodes[node]
    said = answers(node, fields, content)
    channels = channels_of(fields)
    readings = told(channels, channel, content.get("details"))
    last = (Seen(node=node, live=True, readings=readings),) if readings else ()
    return *question(content), seen(site, node, address), *said, *last


def event(
    site: Site, message: Message, node: str, address: Address, channel: str
) -> tuple[Said, ...]:
    """Return what a node says has happened. Raises Unreadable."""
    content = content_of(message)
    code = content.get("event_code")
    if not isinstance(code, str) or not _CODE.fullmatch(code.lower()):
        raise Unreadable("no event")
    channels = channels_of(site.nodes[node])
    readings = told(channels, channel, content)
    happened = Happened(node, code.lower(), {"channel": channel, **_details(content)})
    return seen(site, node, address, readings=readings), happened


def _details(content: Mapping[str, Any]) -> dict[str, Any]:
    told = [(name, each) for name, each in content.items() if _is_shown(name, each)]
    return {shown(name): _short(value) for name, value in told[:_MOST_DETAILS]}


def _is_shown(name: str, value: object) -> bool:
    return name not in _TOLD_ELSEWHERE and not isinstance(value, Mapping)


def _short(value: object) -> str | float | bool | None:
    if isinstance(value, list):
        texts = (each for each in value if isinstance(each, str))
        return shown(", ".join(texts))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return value
    return shown(value)
