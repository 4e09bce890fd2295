"""What was ordered to be fed, and was, or may have been: what guards go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import override

from ..model.clock import Now
from ..model.command import Command, CommandState, DeliveryState
from ..model.policy import DAY
from ..model.reports import Dispensed
from .dispensed import DispensedLog
from .ordered_feeds import OrderedFeeds
from .snapshot import Feed

_KEPT_FOR = 2 * DAY


class Feeds(Mapping[int, Feed]):
    """The feeds of the last two days, and the last that was certain.

    By the first command of each: what finishes a feed is the rest of its portions.
    """

    def __init__(
        self,
        stored: Iterable[Feed],
        dispensed: Iterable[Dispensed],
        commands: Iterable[Command],
        now: Now,
    ) -> None:
        """Take up what was stored."""
        self.ordered = OrderedFeeds(commands, now)
        self.dispensed = DispensedLog(dispensed)
        self._feeds = {feed.command_id: feed for feed in stored}
        self._at = {
            feed.command_id: now.steady - max(0.0, now.wall - feed.at)
            for feed in self._feeds.values()
        }
        """The same in steady seconds: nobody can set that clock."""

    @override
    def __getitem__(self, command_id: int) -> Feed:
        """Return the feed that a command, first of its parts, was."""
        return self._feeds[command_id]

    @override
    def __iter__(self) -> Iterator[int]:
        """Go through the commands."""
        return iter(self._feeds)

    @override
    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._feeds)

    def count(
        self, command: Command, parts: Iterable[Command], wall: float, steady: float
    ) -> None:
        """Keep the portions of a feed counted for as long as it may have been given.

        `parts` are the others that it finishes or that finish it.
        """
        if command.state is CommandState.SUCCEEDED:
            self._put(command, wall, steady, certain=True)
        elif not any(may_have_fed(part) for part in (command, *parts)):
            self._feeds.pop(command.first_part, None)
        elif command.first_part not in self._feeds:
            self._put(command, wall, steady, certain=False)

    def _put(
        self, command: Command, wall: float, steady: float, *, certain: bool
    ) -> None:
        counted_as = command.first_part
        portions = command.params.get("portions", 1)
        self._feeds[counted_as] = Feed(counted_as, wall, portions, certain)
        self._at[counted_as] = steady
        last = self.last_fed()
        self._feeds = {
            key: feed
            for key, feed in self._feeds.items()
            if wall - feed.at < _KEPT_FOR or feed.at == (wall if last is None else last)
        }
        self._at = {key: self._at[key] for key in self._feeds}

    def since_fed(self, steady: float) -> float | None:
        """Return how many seconds ago a feed was given, or may have been.

        What was fed before this run began, by what the wall clock said then.
        """
        fed = max((self._at[key] for key in self._feeds), default=None)
        return None if fed is None else steady - fed

    def last_fed(self) -> float | None:
        """Return when a feed last certainly succeeded, in unix seconds."""
        certain = (feed.at for feed in self._feeds.values() if feed.certain)
        return max(certain, default=None)


def may_have_fed(command: Command) -> bool:
    """Whether any node may have carried it out."""
    if not command.state.final:
        return command.ever_sent
    return any(
        delivery.attempts
        and delivery.state not in (DeliveryState.FAILED, DeliveryState.REJECTED)
        for delivery in command.deliveries
    )
