"""When nodes are asked what is so: where nothing was told, and while in doubt.

A question is no command: it is never stored, and its answer is a word like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from ....engine.model.clock import Now
from ....engine.model.effects import Instruct
from ....engine.model.session import Host

FIRST: Final = 5.0
"""Seconds in which a node may tell by itself; each time it is asked, twice as many."""
LONGEST: Final = 300.0
"""Seconds between two questions at most."""
MOST: Final = 8
"""How often a node is asked before something new happens to it."""
SPACE: Final = 1.0
"""Seconds between questions to the nodes of a station: who relays must manage them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the session wants said: the questions of a node's model."""

    key: str = ""
    """What alone is asked for; empty: all that its model is asked."""


class Asking:
    """Asks nodes that have something to tell, ever more seldom."""

    def __init__(
        self,
        host: Host,
        needed: Callable[[str], bool],
        key_of: Callable[[str], str],
        not_before: Callable[[str], float],
    ) -> None:
        """Begin with nothing to ask.

        `needed(node)`: whether a node is to be asked; `key_of(node)`: for what alone;
        `not_before(node)`: from when on that is answered, in steady seconds.
        """
        self._host = host
        self._needed = needed
        self._key_of = key_of
        self._not_before = not_before
        self._at: dict[str, float] = {}
        """When each node is asked; steady seconds."""
        self._to_look_at: set[str] = set()
        self._to_ask: set[str] = set()
        self._asked: Counter[str] = Counter()
        self._free_at = 0.0
        """When the next one can be asked; steady seconds."""

    def heed(self, nodes: Iterable[str]) -> None:
        """Look at nodes anew: something has happened to them."""
        for node in nodes:
            self._asked.pop(node, None)
            self._to_look_at.add(node)

    def want(self, node: str) -> None:
        """Have a node asked for a key that is wanted now, unless it will be anyhow."""
        if self._at.get(node, 0.0) < self._not_before(node) or node not in self._at:
            self._to_look_at.add(node)

    def due(self, node: str) -> None:
        """Ask a node, once anything may be said."""
        self._at.pop(node, None)
        self._to_ask.add(node)

    def run(self, now: Now) -> list[Instruct]:
        """Return what is to be asked now."""
        asked = []
        free_at = max(self._free_at, now.steady)
        for node in sorted(self._to_ask):
            if not self._needed(node):
                continue
            if free_at > now.steady:
                self._host.wait(_what(node), free_at)
            else:
                asked.append(Instruct(node, Question(self._key_of(node))))
                self._asked[node] += 1
                self._wait(node, now)
                self._free_at = free_at + SPACE
            free_at += SPACE
        for node in sorted(self._to_look_at - self._to_ask):
            self._wait(node, now)
        self._to_ask.clear()
        self._to_look_at.clear()
        return asked

    def _wait(self, node: str, now: Now) -> None:
        """Have a node asked after its pause, or not at all."""
        if self._asked[node] >= MOST or not self._needed(node):
            self._at.pop(node, None)
            self._host.wait(_what(node), None)
            return
        at = now.steady + min(FIRST * 2 ** self._asked[node], LONGEST)
        if self._key_of(node):
            at = max(at, self._not_before(node))
        self._at[node] = at
        self._host.wait(_what(node), at)


def _what(node: str) -> Hashable:
    return "ask", node
