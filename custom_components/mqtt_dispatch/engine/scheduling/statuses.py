"""What each node said of itself last."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping

from ..deadlines import Deadlines
from ..model.policy import Settings
from .readiness import NodeStatus


class Statuses(Mapping[str, NodeStatus]):
    """The status of each node; with it goes when time alone will change it."""

    def __init__(
        self, nodes: Iterable[str], settings: Settings, deadlines: Deadlines
    ) -> None:
        """Begin with nothing heard."""
        self._statuses = {node: NodeStatus(node) for node in nodes}
        self._settings = settings
        self._deadlines = deadlines
        self._has_news = False

    def __getitem__(self, node: str) -> NodeStatus:
        return self._statuses[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self._statuses)

    def __len__(self) -> int:
        return len(self._statuses)

    def items(self) -> ItemsView[str, NodeStatus]:
        """Return all of them; a view that is as fast as the dictionary's."""
        return self._statuses.items()

    def put(self, status: NodeStatus) -> None:
        """Replace what is known of a node."""
        node = status.node
        before, self._statuses[node] = self._statuses[node], status
        if not status.says_the_same(before):
            self._has_news = True
        known = before.moments(self._settings)
        for due, at in status.moments(self._settings).items():
            if at == known[due]:
                continue
            if at is not None and self._deadlines.at(due, node) is None:
                # It was silent, or said nothing of this: now it does.
                self._has_news = True
            self._deadlines.set(due, node, at=at)

    def take_news(self) -> bool:
        """Whether any node said something new since this was last asked.

        That it still says the same is none.
        """
        has_news, self._has_news = self._has_news, False
        return has_news
