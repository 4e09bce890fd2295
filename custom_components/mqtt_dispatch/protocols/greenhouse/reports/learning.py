"""What is kept of what greenhouse nodes say of themselves.

What the wire leaves open is decided here:

- A node lives at its address once it has spoken there, live: without one it speaks
  nowhere but at its temporary one.
- It is of the older generation if its hello names the version of its building kit
  (`v5.1.2`), if it answers a configuration, or if it counts time from its start; of the
  newer one if it tells what it holds, names its version in its heartbeat, or tells the
  time. Only a message that shows one of these changes what was known.
"""

from __future__ import annotations

from collections.abc import Mapping
import re
from typing import Any, Final

from ...base import Site
from ...messages import Learned
from ...untrusted import EARLIEST_MOMENT, moment, number
from ..node_types import GENERATION, HEAD, SEED
from ..places import ASSIGNED, LIVES_AT, Address, address_of, path

_KIT_VERSION: Final = re.compile(r"v[0-9].*")


def learned(site: Site, node: str, facts: Mapping[str, Any]) -> tuple[Learned, ...]:
    """Return what of these facts is news of a node, if anything is."""
    known = site.nodes.get(node, {})
    news = {name: value for name, value in facts.items() if known.get(name) != value}
    return (Learned(node, news),) if news else ()


def at_home(site: Site, node: str, address: Address | None) -> dict[str, Any]:
    """Return that a node lives at its address, if it spoke from there."""
    if address is None or address != address_of(site.nodes.get(node, {})):
        return {}
    return {ASSIGNED: True, LIVES_AT: path(address)}


def generation_of_firmware(version: str) -> dict[str, str]:
    """Return of which generation the version in a hello is."""
    if not version:
        return {}
    return {GENERATION: SEED if _KIT_VERSION.fullmatch(version) else HEAD}


def generation_by_time(content: Mapping[str, Any]) -> dict[str, str]:
    """Return of which generation a node is that tells the time so."""
    if number(content.get("timestamp"), 0, EARLIEST_MOMENT) is not None:
        return {GENERATION: SEED}
    since_start = number(content.get("ts"), 0, EARLIEST_MOMENT)
    if since_start is not None:
        return {GENERATION: SEED}
    return {} if moment(content.get("ts")) is None else {GENERATION: HEAD}
