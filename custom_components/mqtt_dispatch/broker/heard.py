"""What was heard last at a station, as it came: for who looks for a fault."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from ..protocols.messages import Malformed, Message, Said

MOST_OF_A_NODE: Final = 8
"""Topics on which the last message of a node is kept: those that it used last."""
MOST_OF_OTHERS: Final = 20
"""The same for what is no word of a node of the station."""
LONGEST_KEPT: Final = 1024
"""Bytes of a message that are."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as it came, in its first bytes."""

    message: Message
    size: int
    """Bytes that came."""
    why: str
    """Why it says nothing; empty: it is in order."""

    @property
    def cut(self) -> bool:
        """Whether there was more of it."""
        return self.size > len(self.message.payload)


class Heard:
    """The last message on each topic by the node whose word it is; never on disk."""

    def __init__(self, nodes: Collection[str]) -> None:
        """Begin with nothing heard of these nodes."""
        self._of: dict[str, dict[str, Raw]] = {node: {} for node in nodes}
        self._others: dict[str, Raw] = {}

    def take(self, message: Message, said: Iterable[Said]) -> None:
        """Keep a message, of which it is known what it says."""
        size, why, found = len(message.payload), "", False
        if size > LONGEST_KEPT:
            message = Message(
                message.topic,
                message.payload[:LONGEST_KEPT],
                message.retain,
                message.wall,
            )
        for each in said:
            if isinstance(each, Malformed):
                why = each.reason
        raw = Raw(message, size, why)
        for each in said:
            known = self._of.get(getattr(each, "node", None) or "")
            if known is not None:
                _keep(known, raw, MOST_OF_A_NODE)
                found = True
        if not found:
            _keep(self._others, raw, MOST_OF_OTHERS)

    def of(self, node: str) -> list[Raw]:
        """Return what was heard of a node, the newest first."""
        return [*reversed(self._of.get(node, {}).values())]

    def others(self) -> list[Raw]:
        """Return what else was heard, the newest first."""
        return [*reversed(self._others.values())]


def _keep(kept: dict[str, Raw], raw: Raw, most: int) -> None:
    topic = raw.message.topic
    # The last one comes last.
    kept.pop(topic, None)
    kept[topic] = raw
    if len(kept) > most:
        del kept[next(iter(kept))]
