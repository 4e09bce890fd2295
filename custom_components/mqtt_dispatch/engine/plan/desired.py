"""What nodes should hold, and the commands that give it to them.

While the wall clock is not believed, it goes by what it should show.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.events import Enqueue, Refused
from ..model.meal import Meal
from ..model.policy import DAY, HOUR, PlanKeeper, Station
from ..model.reports import Needs
from ..model.step import Wanted
from ..orders.enqueue import enqueue
from ..wall_clock import WallClock
from .node_lines import Cycle

_FORESIGHT = 400
_NOT_TAKEN = (CommandState.FAILED, CommandState.REJECTED, CommandState.EXPIRED)
_TRIED_AGAIN = (CommandState.FAILED, CommandState.EXPIRED)
"""What a node refuses, it would refuse again."""
_NOT_HELD = (*_NOT_TAKEN, CommandState.CANCELLED)


class Desired:
    """Keeps what nodes hold in step with the plan and the time zone."""

    def __init__(self, ledger: Ledger, clock: WallClock, now: Now) -> None:
        """Begin with a look."""
        self._ledger = ledger
        self._clock = clock
        self.next_at: float | None = now.wall
        """Unix seconds: when the plan may mean something else for the nodes."""
        self._heeded: dict[tuple[str, str], float] = {}
        self._needs_room = False
        self.unwelcomed: dict[str, str] = {}
        """Adopted nodes that get what they should once there is room, by their key."""
        self._kinds: frozenset[str] = frozenset()
        """The kinds that bring what nodes should hold."""
        ledger.when_gone(self._ended)

    def look_again(self, now: Now) -> None:
        """Compare anew: the plan or the time zone has changed."""
        self.next_at = now.wall

    def _ended(self, command: Command) -> None:
        """Try again what did not come to a node, a day after it was ordered."""
        if command.kind in self._kinds and command.state in _TRIED_AGAIN:
            at = max(self._ledger.now.wall, command.created_at + DAY)
            self.next_at = at if self.next_at is None else min(self.next_at, at)

    def run(self, station: Station, now: Now) -> bool:
        """Order what nodes should hold and do not; False: it was not looked at."""
        has_room = self._needs_room and self._room(station) > 0
        if not has_room and (self.next_at is None or self.next_at > now.wall):
            return False
        meals = self._kept_by_nodes(station)
        self.next_at = self._changes_at(meals, station, now)
        self._needs_room = False
        for node, key in tuple(self.unwelcomed.items()):
            self.welcome(node, key, station, now)
        # An older file that was put back does not know what nodes hold.
        unsure_below = self._ledger.unsure_below
        found = self.wanted(station, now)
        self._kinds = frozenset(wanted.kind for wanted in found)
        planned = {wanted.kind for wanted in found if meals or self._last(wanted)}
        for wanted in found:
            last = self._last(wanted)
            # What a node held before nobody planned anything for it stays its own; but
            # a file that was put back does not know for which nodes something was.
            if last is None and not (
                wanted.kind in planned
                if unsure_below is not None
                else meals and wanted.holds
            ):
                continue
            if (
                last is None
                or last.params != wanted.params
                or last.state in _NOT_HELD
                or (last.state.final and last.id < (unsure_below or 0))
            ):
                self._order(wanted, station, Cause.PLAN, now)
        if not self._needs_room:
            self._ledger.be_sure()
        return True

    def wanted(self, station: Station, now: Now) -> tuple[Wanted, ...]:
        """Return what the nodes should hold for the cycle that is to come."""
        wall, meals = self._wall(now), self._kept_by_nodes(station)
        cycle = Cycle.at(wall, station, self._ledger.plan_pause)
        lines = (line for meal in meals for line in cycle.lines(meal))
        return station.wanted(tuple(lines), wall)

    def welcome(self, node: str, key: str, station: Station, now: Now) -> None:
        """Order what a node gets once, when it is adopted; `key` names the adoption."""
        ordered = [
            self._order(wanted, station, Cause.WELCOME, now, key=f"{key}:{wanted.kind}")
            for wanted in station.welcome(node)
        ]
        if all(ordered):
            self.unwelcomed.pop(node, None)
        else:
            self.unwelcomed[node] = key

    def needed(self, report: Needs, station: Station, now: Now) -> None:
        """Order anew what a node says that it lacks, if it is not under way."""
        node, kind = report.node, report.kind
        since = self._heeded.get((node, kind))
        if since is not None and now.steady - since < station.settings.needed_again:
            return
        planned = self.wanted(station, now) if self._kept_by_nodes(station) else ()
        for wanted in (*planned, *station.welcome(node)):
            if (wanted.node, wanted.kind) != (node, kind):
                continue
            last = self._last(wanted)
            if report.repeated and last is not None and last.state in _NOT_TAKEN:
                continue
            if (
                wanted.holds
                and (last is None or last.state.final)
                and self._order(wanted, station, Cause.NODE, now)
            ):
                self._heeded[node, kind] = now.steady

    def _changes_at(
        self, meals: tuple[Meal, ...], station: Station, now: Now
    ) -> float | None:
        """Return when nodes should hold something else by time alone, if ever."""
        if not self._clock.plausible:
            return None
        cycle = Cycle.at(now.wall, station, self._ledger.plan_pause)
        moments = [
            next_offset_change(station.zone, now.wall),
            *map(cycle.changes_at, meals),
        ]
        return min((at for at in moments if at is not None), default=None)

    def _wall(self, now: Now) -> float:
        """Return the time by which nodes are told what to hold."""
        if self._clock.plausible:
            return now.wall
        known = self._clock.known
        return self._clock.account(now).wall if known else self._ledger.believed_at

    def _kept_by_nodes(self, station: Station) -> tuple[Meal, ...]:
        """Return the meals that nodes run by themselves, where any keeps a plan."""
        return tuple(
            meal
            for meal in self._ledger.meals.values()
            if station.keeper_of(meal) is not PlanKeeper.HOME
        )

    def _room(self, station: Station) -> int:
        """Return how many commands the queue has room for."""
        return station.settings.max_open - len(self._ledger.open)

    def _last(self, wanted: Wanted) -> Command | None:
        """Return the newest command that was to give the node the same thing."""
        return self._ledger.known.newest_not_cancelled(wanted.kind, wanted.node)

    def _order(
        self,
        wanted: Wanted,
        station: Station,
        cause: Cause,
        now: Now,
        *,
        key: str | None = None,
    ) -> bool:
        """Order what a node should hold; False if it could not be."""
        order = Enqueue(
            kind=wanted.kind,
            params=wanted.params,
            nodes=(wanted.node,),
            cause=cause,
            key=wanted.key,
            idempotency_key=key,
        )
        try:
            enqueue(self._ledger, station, order, now)
        except Refused as refused:
            # If the queue is full, that is said, and looked at again once it is not.
            self._needs_room |= refused.code == "queue_full"
            self.next_at = now.wall + HOUR
            return False
        return True


def next_offset_change(zone: tzinfo, wall: float) -> float | None:
    """Return when the zone next has another offset, in unix seconds; None: not soon."""
    offset = _offset(zone, wall)
    for day in range(1, _FORESIGHT):
        if _offset(zone, wall + day * DAY) != offset:
            before, after = wall + (day - 1) * DAY, wall + day * DAY
            while after - before > 1:
                middle = (before + after) / 2
                if _offset(zone, middle) == offset:
                    before = middle
                else:
                    after = middle
            return after
    return None


def _offset(zone: tzinfo, wall: float) -> timedelta | None:
    return datetime.fromtimestamp(wall, zone).utcoffset()
