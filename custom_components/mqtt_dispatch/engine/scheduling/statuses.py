"""What each node said of itself last."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping
from typing import override

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.policy import Settings
from .readiness import MOMENTS, NodeStatus


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
        word_holds: Callable[[str, float], float],
    ) -> None:
        """Begin with nothing heard; of `word_holds` see `Station`."""
        self._statuses = {node: NodeStatus(node) for node in nodes}
        self._removed = {
            node: NodeStatus(node)
            for node in having_commands
            if node not in self._statuses
        }
        self._settings = settings
        self._deadlines = deadlines
        self._word_holds = word_holds
        self._has_news = False
        deadlines.when(Due.SILENCE, self._fell_silent)

    @override
    def __getitem__(self, node: str) -> NodeStatus:
        return self._statuses[node]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._statuses)

    @override
    def __len__(self) -> int:
        return len(self._statuses)

    @override
    def items(self) -> ItemsView[str, NodeStatus]:
        """Return all of them; a view that is as fast as the dictionary's."""
        return self._statuses.items()

    def known(self, node: str) -> NodeStatus | None:
        """Return what is known of a node of the station; `get` is slower."""
        return self._statuses.get(node)

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
        settings = self._settings
        before, self._statuses[node] = self._statuses[node], status
        # Who is heard at last may say what the broker kept of it.
        is_heard, was_heard = status.heard is not None, before.heard is not None
        if is_heard is not was_heard or not status.says_the_same(before):
            self._has_news = True
        known, moments = before.moments(settings), status.moments(settings)
        for due, was_at, at in zip(MOMENTS, known, moments, strict=True):
            if at != was_at:
                self._deadlines.set(due, node, at=at)

    def connection(self, now: Now, *, up: bool) -> None:
        """Take in that nothing is heard any more, or that nodes can be heard again.

        The word of a node that sleeps outlasts a connection that was lost meanwhile.
        """
        for status in tuple(self._statuses.values()):
            until, node = status.holds_until, status.node
            if not up:
                if status.heard is not None:
                    until = self._until(node, status.heard)
                self.put(status.disconnected(now).holding(until))
            elif status.heard is None:
                if until is None:
                    self.put(status.holding(self._until(node, now)))
                awaited_until = now.steady + self._settings.online_age
                self._deadlines.set(Due.SILENCE, node, at=awaited_until)

    def is_awaited(self, node: str) -> bool:
        """Whether its silence says nothing yet, for it could not be heard for long."""
        return self._deadlines.at(Due.SILENCE, node) is not None

    def _fell_silent(self, node: str, _now: Now) -> None:
        status = self._statuses[node]
        if status.heard is not None:
            self.put(status.holding(self._until(node, status.heard)))

    def _until(self, node: str, heard: Now) -> float:
        return heard.steady + self._word_holds(node, heard.wall)

    def take_news(self) -> bool:
        """Whether any node said something new since this was last asked.

        That it still says the same is none.
        """
        has_news, self._has_news = self._has_news, False
        return has_news
