"""What nodes are called: here, and on the wire, where their owner may rename them.

A node keeps the name under which it was added. Who knows nodes by something that lasts
(a hardware id) says what they are called by now; that stands in `CALLED`, and topics
have it. A name on the wire may have several levels, one here has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ...engine.model.reports import Hello
from ..base import Site
from ..messages import Learned
from ..untrusted import line
from .profile import Profile
from .wording import topic_filter

HARDWARE_ID: Final = "hardware_id"
"""What is learned of a node: by what it is known, however it is called."""
CALLED: Final = "called"
"""What is learned of a node: what it is called on the wire, if not as here."""
LONGEST_NAME: Final = 60
_NODE: Final = "{node}"


def node_name(levels: int, text: str) -> str | None:
    """Return what a node is called here that has this name, of some levels, there.

    None: it is no clean line of up to `LONGEST_NAME` characters, as it comes.
    """
    if line(text, LONGEST_NAME) is None:
        return None
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > levels or "" in parts or set("+#") & set(text):
        return None
    return line(" ".join(parts), LONGEST_NAME)


def name_on_the_wire(node: str, fields: Mapping[str, Any]) -> str:
    """Return what a node is called on the wire."""
    return _called(fields) or node


def node_called(site: Site, name: str) -> str | None:
    """Return which node is called so on the wire; None: no node of the station."""
    if (node := site.index(_called).get(name)) is not None:
        return node
    return name if name in site.nodes and not _called(site.nodes[name]) else None


def introduced(
    site: Site, described: Sequence[Hello], *, are_all: bool
) -> Iterator[Learned | Hello]:
    """Yield what is news of nodes that are described, and who none of them is.

    If those are all there are, who has the name of one that is there no more has taken
    its place. Of no type is who is none that could be a node.
    """
    there = {each.hardware_id for each in described}
    known_now: set[str] = set()
    for each in described:
        name, hardware_id = each.called or each.node, each.hardware_id
        node = site.index(_hardware_id).get(hardware_id) or node_called(site, name)
        if node is None and each.node in site.nodes:
            # A person may have written the name on the wire as it is here.
            known = site.nodes[each.node]
            node = None if _called(known) or _hardware_id(known) else each.node
        fields = {} if node is None else site.nodes[node]
        known_by = _hardware_id(fields)
        is_another = known_by not in (None, hardware_id) and (
            known_by in there or not are_all
        )
        if hardware_id and node is not None and not is_another:
            facts = {HARDWARE_ID: hardware_id, CALLED: name if name != node else ""}
            if node not in known_now and any(
                (fields.get(key) or "") != fact for key, fact in facts.items()
            ):
                yield Learned(node, facts)
            # One that is described twice would be news again with each message.
            known_now.add(node)
        elif each.type and (node is None or (hardware_id and is_another)):
            if each.node not in site.nodes:
                yield each
            elif hardware_id:
                free = f"{each.node} {hardware_id[-4:]}"
                yield replace(each, node=free, called=name)


def filters(profile: Profile, prefix: str) -> tuple[str, ...]:
    """Return what is subscribed to, so that each message comes once."""
    every = {
        topic_filter(template.replace(_NODE, "/".join([_NODE] * count)), prefix): None
        for template in profile.topics.values()
        for count in range(1, profile.levels + 1)
    }
    return tuple(
        one
        for one in every
        if not any(_covers(other, one) for other in every if other != one)
    )


def _covers(wide: str, narrow: str) -> bool:
    """Whether whatever comes for one filter comes for another, too."""
    wide_levels, narrow_levels = wide.split("/"), narrow.split("/")
    return len(wide_levels) == len(narrow_levels) and all(
        level in ("+", other)
        for level, other in zip(wide_levels, narrow_levels, strict=True)
    )


def _called(fields: Mapping[str, Any]) -> str | None:
    return fields.get(CALLED) or None


def _hardware_id(fields: Mapping[str, Any]) -> str | None:
    return fields.get(HARDWARE_ID) or None
