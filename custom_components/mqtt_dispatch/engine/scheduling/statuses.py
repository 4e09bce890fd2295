"""What each node said of itself last."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping

from ..deadlines import Deadlines
from ..model.policy import Settings
from .readiness import NodeStatus


class Statuses(Mapping[str, NodeStatus]):
    """The status of each node; with it goes when time alone will change it.

    A node that was removed from the station is none of them. What it says is kept
    beside them while it may have a command, for that is followed to its end.
    """

    def __init__(
        self,
        nodes: Iterable[str],
        having_commands: Iterable[str],
        settings: Settings,
        deadlines: Deadlines,
    ) -> None:
        """Begin with nothing heard."""
        self._statuses = {node: NodeStatus(node) for node in nodes}
        self._removed = {
            node: NodeStatus(node)
            for node in having_commands
            if node not in self._statuses
        }
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

    def of(self, node: str) -> NodeStatus:
        """Return what is known of a node, be it one of the station or not."""
        status = self._statuses.get(node) or self._removed.get(node)
        return NodeStatus(node) if status is None else status

    def put(self, status: NodeStatus) -> None:
        """Replace what is known of a node; of one that has nothing to do here: not."""
        node = status.node
        if node not in self._statuses:
            if node in self._removed:
                self._removed[node] = status
            return
        before, self._statuses[node] = self._statuses[node], status
        if not status.says_the_same(before):
            self._has_news = True
        known = before.moments(self._settings)
        for due, at in status.moments(self._settings).items():
            if at != known[due]:
                self._deadlines.set(due, node, at=at)

    def take_news(self) -> bool:
        """Whether any node said something new since this was last asked.

        That it still says the same is none.
        """
        has_news, self._has_news = self._has_news, False
        return has_news
