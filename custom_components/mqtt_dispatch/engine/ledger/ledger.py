"""The commands of a station and what else is stored with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..deadlines import Deadlines, Due
from ..model.choice import Chosen
from ..model.clock import Now
from ..model.command import HIGHEST_ID, Command
from ..model.effects import Changed, Commit, MealOverdue
from ..model.events import Refused
from ..model.meal import Meal, OverdueMeal
from ..model.pause import Pause, PlanPause
from ..model.policy import FEED
from ..model.reports import Dispensed
from .amounts import ChosenAmounts
from .commit_requests import CommitRequests
from .feeds import Feeds
from .keys import UsedKeys
from .known_commands import KnownCommands
from .open_commands import OpenCommands
from .snapshot import Snapshot

HISTORY_LIMIT = 1000
"""So many closed commands are known in memory, beside the newest of each kind."""
UNARCHIVED_LIMIT = 2000
"""So many stay in the hot file while the history takes none; what is older is lost."""


class Ledger:
    """All that is stored, as it stands in memory.

    Every change raises `revision`; a snapshot says which revision it holds. What has
    changed up to the revision `pressing` is to be stored at once.
    """

    def __init__(
        self,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
        deadlines: Deadlines,
        first_id: int = 1,
    ) -> None:
        """Take up what was stored; a command in both files counts once.

        No id below `first_id` is given any more, whatever the file says of the next.
        """
        self.revision = self.pressing = stored.revision
        self.waits = False
        """Whether something waits, but not for long, for a commit that holds it too."""
        self.pause = stored.pause
        self.closed = {command.id: command for command in history}
        self.unarchived: set[int] = set()
        self.meals: dict[str, Meal] = {meal.id: meal for meal in stored.meals}
        self.occurrences = {settled.key: settled for settled in stored.occurrences}
        self.overdue = {meal.key: meal for meal in stored.overdue}
        self.plan_pause = stored.plan_pause
        self.believed_at = stored.believed_at
        self.now = now
        """When that happened which is being taken in."""
        self.keys = UsedKeys(stored.keys)
        self.chosen = ChosenAmounts(stored.chosen)
        self.water = {(meter.node, meter.what): meter for meter in stored.water}
        self.in_backup = stored.in_backup
        self.restored_at = stored.restored_at
        self.unsure_below = stored.unsure_below
        still_open: list[Command] = []
        for command in sorted(stored.commands, key=lambda command: command.id):
            if command.id in self.closed:
                # The history may have been written last: what it says ended has ended.
                continue
            if not command.state.final:
                still_open.append(command)
            else:
                self.closed[command.id] = command
                self.unarchived.add(command.id)
        self.open = OpenCommands(still_open)
        self._changed = set(self.open)
        self.known = KnownCommands(self.find)
        for command_id in sorted((*self.open, *self.closed)):
            self.known.add(self.open.get(command_id) or self.closed[command_id])
        every = (*self.open.values(), *self.closed.values())
        self.feeds = Feeds(stored.feeds, stored.dispensed, every, now)
        self.unstored: dict[int, int] = {}
        """Commands that are not on disk yet, and the revision that puts them there."""
        self._twins: dict[int, int] = {}
        self._untold: list[tuple[int, Changed | MealOverdue]] = []
        self._dropped: dict[tuple[str, str], tuple[int, OverdueMeal]] = {}
        """What was told overdue, and the revision that has it overdue no longer."""
        self._tell_gone: list[Callable[[Command], None]] = [self.open.together.forget]
        self._tell_put: list[Callable[[Command | None, Command], None]] = []
        self.begun_at: int = max((stored.next_id - 1, *self.open, *self.closed)) + 1
        """The next id as the file knows it; an older file knows less than the nodes."""
        self.next_id: int = max(self.begun_at, first_id)
        self.given_from = self.next_id
        """The ids from it up to `next_id` are given since the file was read."""
        self._commits = CommitRequests(deadlines, self.revision, now)
        deadlines.when(Due.COMMIT, self._store_again)

    def snapshot(self) -> Snapshot:
        """Return what is to be written, as it stands now."""
        closed = (self.closed[command_id] for command_id in sorted(self.unarchived))
        return Snapshot(
            revision=self.revision,
            next_id=self.next_id,
            pause=self.pause,
            commands=(*closed, *self.open.values()),
            meals=tuple(self.meals.values()),
            occurrences=tuple(self.occurrences.values()),
            overdue=tuple(self.overdue.values()),
            plan_pause=self.plan_pause,
            feeds=tuple(self.feeds.values()),
            keys=tuple(self.keys.values()),
            dispensed=tuple(self.feeds.dispensed),
            chosen=tuple(self.chosen.at(self.revision).values()),
            water=tuple(self.water.values()),
            in_backup=self.in_backup,
            restored_at=self.restored_at,
            unsure_below=self.unsure_below,
            believed_at=self.believed_at,
        )

    def touch(self) -> None:
        """Note that something that is stored has changed."""
        self.touch_by_report()
        self.pressing = self.revision

    def touch_by_report(self) -> None:
        """Note a change by what nodes may say at any rate: stored, many at a time."""
        self.revision += 1
        self.waits = False

    @property
    def dispatching(self) -> bool:
        """Whether the station sends what is ready."""
        return self.pause is None

    def keep_pause(self, pause: Pause | None) -> None:
        """Keep whether the station pauses, and until when."""
        if self.pause != pause:
            self.pause = pause
            self.touch()

    def pause_plan(self, pause: PlanPause | None) -> None:
        """Keep whether nothing of the plan is done, and until when."""
        self.plan_pause = pause
        self.touch()

    def raise_overdue(self, meal: OverdueMeal) -> None:
        """Keep that a date is overdue now, and tell it.

        One that was told and then dropped, which could not be stored, is as it was.
        """
        _, before = self._dropped.get(meal.key, (0, None))
        if before is not None and before.nominal == meal.nominal:
            self.put_overdue(replace(meal, answer=before.answer))
            return
        self.put_overdue(meal)
        self._untold.append((self.revision, MealOverdue(meal)))

    def put_overdue(self, meal: OverdueMeal) -> None:
        """Keep what a person said of a date that is overdue."""
        self.overdue[meal.key] = meal
        self.touch()

    def drop_overdue(self, meal: OverdueMeal) -> None:
        """Keep that a date is overdue no longer; what was not told yet never is."""
        del self.overdue[meal.key]
        told = [
            item
            for item in self._untold
            if not isinstance(item[1], MealOverdue) or item[1].meal.key != meal.key
        ]
        self.touch()
        if len(told) == len(self._untold):
            self._dropped[meal.key] = self.revision, meal
        self._untold = told

    def choose(self, chosen: Chosen) -> None:
        """Have an amount stored that a person chose beforehand; it holds then."""
        self.touch()
        self.chosen.choose(chosen, self.revision)

    def back_up(self, *, under_way: bool) -> None:
        """Keep whether what is written now may end up in a backup."""
        if self.in_backup is not under_way:
            self.in_backup = under_way
            self.touch()

    def hold_restored(self, wall: float) -> None:
        """Keep that an older state was put back, until a person has confirmed it."""
        if self.restored_at is None:
            self.restored_at = wall
            self.touch()

    def release_restored(self) -> None:
        """Keep that a person has confirmed that an older state was put back."""
        self.restored_at = None
        self.unsure_below = self.next_id
        self.touch()

    def be_sure(self) -> None:
        """Keep that all is ordered anew of which an older state could not be sure."""
        if self.unsure_below is not None:
            self.unsure_below = None
            self.touch()

    @property
    def ids_left(self) -> int:
        """How many more commands the wire can tell apart."""
        return HIGHEST_ID + 1 - self.next_id

    def go_on_above(self, command_id: int) -> None:
        """Give no id any more up to this one, which nodes know from elsewhere."""
        if self.next_id <= command_id:
            self.next_id = command_id + 1
            self.waits = True

    def take_id(self) -> int:
        """Return a number that was never used and never will be.

        Raises Refused when the wire has no higher number.
        """
        if not self.ids_left:
            raise Refused("out_of_ids")
        self.next_id += 1
        self.touch()
        return self.next_id - 1

    def put(self, command: Command) -> None:
        """Keep a command as it is now; one that ended moves to the closed ones."""
        self.touch()
        self._changed.add(command.id)
        before = self.open.get(command.id)
        if before is None:
            self.known.add(command)
            self.unstored[command.id] = self.revision
        if before is None or before.state is not command.state:
            entry = command.timeline[-1]
            news = command.id, command.state, entry.at, entry.cause, entry.detail
            self._untold.append((self.revision, Changed(*news)))
            self._count_feed(command, entry.at)
            self.feeds.ordered.put(command, self.now.steady)
        for tell in self._tell_put:
            tell(before, command)
        if not command.state.final:
            self.open.put(command)
            return
        self.open.pop(command.id)
        self._gone(command)
        self.closed[command.id] = command
        self.unarchived.add(command.id)
        self._drop_oldest(len(self.closed) - len(self.unarchived) - HISTORY_LIMIT)

    def _drop_oldest(self, count: int) -> None:
        """Drop so many closed commands, but for the newest of each kind and node."""
        for _ in range(count):
            oldest = next(key for key in self.closed if key not in self.unarchived)
            is_newest = self.known.is_newest(self.closed[oldest])
            command = self.closed.pop(oldest)
            if is_newest:
                # Behind the others, so that nobody comes past it each time.
                self.closed[oldest] = command
            else:
                self.known.remove(command)

    def wants(self, now: Now) -> list[Commit]:
        """Ask for a commit if there is something to store now."""
        return self._commits.next(
            self.revision, now, pressing=self.pressing, waits=self.waits
        )

    def stored(self, revision: int) -> list[Changed | MealOverdue]:
        """Note what is on disk; return what may be told now."""
        self._commits.stored(revision)
        self.chosen.stored(revision)
        for command_id, at in tuple(self.unstored.items()):
            if at <= revision:
                del self.unstored[command_id]
                self._changed.add(command_id)
        stored = [told for at, told in self._untold if at <= revision]
        self._untold = [item for item in self._untold if item[0] > revision]
        self._dropped = {
            key: item for key, item in self._dropped.items() if item[0] > revision
        }
        return stored

    def not_stored(self, revision: int, now: Now) -> None:
        """Try again in a while; drop what people chose, who are told that it failed."""
        self._commits.not_stored(self.revision, now)
        self.chosen.not_stored(revision)

    def _store_again(self, _: Now) -> None:
        if self.waits or self._commits.failed:
            self.touch()

    def take_changed(self) -> list[int]:
        """Return the commands that have changed since last time, oldest first.

        So have those of which only now it is sure that they are ordered.
        """
        changed, self._changed = sorted(self._changed), set()
        return changed

    def withdraw(self, command_id: int) -> None:
        """Drop a command of which nothing is on disk, and what it went on as.

        A commit that failed may have written it all the same, so one that does not
        hold it must follow.
        """
        if self.unstored.pop(command_id, None) is None:
            return
        self.touch()
        if (twin := self._twins.pop(command_id, None)) is not None:
            self.withdraw(twin)
        command = self.open.pop(command_id) or self.closed.pop(command_id)
        self._gone(command)
        self.known.remove(command)
        self.forget_order(command)
        self.unarchived.discard(command_id)
        self._untold = [
            item
            for item in self._untold
            if isinstance(item[1], MealOverdue) or item[1].command_id != command_id
        ]

    def forget_order(self, command: Command) -> None:
        """Let an order that came to nothing be given anew, by the same key."""
        self.feeds.ordered.drop(command.id)
        self.keys.free(command)

    def release(self, command_id: int) -> None:
        """Let a command have its turn that waited for what was ordered with it."""
        self.open.together.release(command_id)
        self._changed.add(command_id)

    def is_sure(self, command_id: int) -> bool:
        """Whether a command is on disk, and so is all that was ordered with it."""
        return command_id not in self.unstored and command_id not in self.open.together

    def when_put(self, tell: Callable[[Command | None, Command], None]) -> None:
        """Have somebody told of each command as it was before, if it was, and is."""
        self._tell_put.append(tell)

    def when_gone(self, tell: Callable[[Command], None]) -> None:
        """Have somebody told of each command that is open no longer."""
        self._tell_gone.append(tell)

    def _gone(self, command: Command) -> None:
        for tell in self._tell_gone:
            tell(command)

    def goes_on_as(self, command_id: int, twin: int) -> None:
        """Note that a command goes on under another id."""
        self._twins[command_id] = twin
        self.feeds.ordered.goes_on_as(command_id, twin)
        self.open.together.goes_on_as(command_id, twin)
        self.occurrences = {
            key: replace(settled, command_id=twin)
            if settled.command_id == command_id
            else settled
            for key, settled in self.occurrences.items()
        }

    def find(self, command_id: int) -> Command | None:
        """Return a command, open or closed."""
        return self.open.get(command_id) or self.closed.get(command_id)

    def parts(self, command: Command) -> list[Command]:
        """Return a command with those that finish it or that it finishes, by id."""
        return sorted(
            (
                part
                for part in (*self.open.values(), *self.closed.values())
                if part.first_part == command.first_part
            ),
            key=lambda part: part.id,
        )

    def archived(self, command_ids: Iterable[int] | None) -> None:
        """Note that closed commands are in the history; None: it takes none now."""
        if command_ids is None:
            command_ids = sorted(self.unarchived)[:-UNARCHIVED_LIMIT]
        self.unarchived.difference_update(command_ids)

    def _count_feed(self, command: Command, wall: float) -> None:
        if command.kind == FEED:
            found = [] if command.finishes is None else self.parts(command)
            others = [part for part in found if part.id != command.id]
            self.feeds.count(command, others, wall, self.now.steady)

    def dispense(self, report: Dispensed, wall: float) -> bool:
        """Keep what a node fed by itself; False if that is known, or long ago."""
        is_new = self.feeds.dispensed.take(report, wall)
        if is_new:
            self.touch_by_report()
        return is_new
