"""The rules of a station: events and the time in, effects out.

Sans-IO: the engine reads no clock and touches nothing. Whoever drives it writes a
snapshot when it says `Commit`, answers `Committed` or `CommitFailed`, publishes when it
says `Publish`, and calls it again when `next_deadline` is reached. What it says to
publish, and what it tells of a command, is on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .deadlines import Due
from .delivery.deliveries import Deliveries
from .facts import Facts
from .ledger.snapshot import Snapshot
from .model.clock import Now
from .model.command import Command
from .model.effects import Effect, Instruct
from .model.events import (
    Adopted,
    AnswerOverdue,
    Archived,
    Backup,
    Cancel,
    CancelAll,
    Choose,
    CommitFailed,
    Committed,
    ConfirmRestore,
    Connection,
    Dispatching,
    Enqueue,
    Event,
    FeedRefused,
    Finish,
    ForgetRefusals,
    NotPublished,
    PausePlan,
    PutMeal,
    PutMeals,
    Refused,
    Release,
    RemoveMeal,
    Resolve,
    ResumePlan,
    SkipMeal,
    Tick,
    TrustClock,
    UnskipMeal,
    ZoneChanged,
)
from .model.policy import Station
from .model.reason import Reason
from .model.reports import Readings, Seen
from .orders.guards import counts_today, day_ends
from .orders.wishes import Wishes
from .plan.plan import Plan
from .report_router import ReportRouter
from .scheduling.dispatcher import Dispatcher
from .scheduling.housekeeping import Housekeeping
from .scheduling.waiting import Waiting


class Engine:
    """The rules of one station."""

    def __init__(
        self,
        station: Station,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
        first_id: int = 1,
    ) -> None:
        """Take up what was stored; the effects come with the first event.

        No id below `first_id` is given; see `wall_clock.first_id`.
        """
        facts = self.facts = Facts.read(station, stored, history, now, first_id)
        self.ledger, self.clock = facts.ledger, facts.clock
        self.statuses, self.conditions = facts.statuses, facts.conditions
        self.looks = 0
        """How often everything was looked at; what is shown can have changed since."""
        self._looked_at = facts.ledger.revision
        self.plan = Plan(facts, now)
        self.deliveries = Deliveries(facts, now)
        self.wishes = Wishes(facts, self.deliveries, self.plan)
        self.router = ReportRouter(facts, self.deliveries, self.plan, now)
        self.answers, self.session = self.router.answers, self.router.session
        self._dispatcher = Dispatcher(facts, self.deliveries, self.session)
        self._housekeeping = Housekeeping(facts, self.deliveries, self._dispatcher, now)

    @property
    def station(self) -> Station:
        """The station with its rules, as they are now."""
        return self.facts.station

    def handle(self, event: Event, now: Now) -> list[Effect]:
        """Take in one event and return what follows from it, in order.

        Raises Refused for what a caller may not ask; nothing has changed then.
        """
        before, self.ledger.now = self.ledger.now, now
        try:
            effects = self._take(event, now)
        except Refused:
            self.ledger.now = before
            raise
        clock_was_set = self.clock.look(now).changed()
        passed = self.facts.deadlines.pass_time(now)
        if passed:
            effects.extend(passed)
        if effects and not self._may_instruct:
            effects = [each for each in effects if not isinstance(each, Instruct)]
        if clock_was_set:
            self.plan.look_again(now)
            self.wishes.pausing.look_again(now)
            self._housekeeping.look_again(now)
            self.router.metering.look_again(now)
        elif self._may_be_nothing(event) and passed is None and not self._has_news():
            return effects
        return [*effects, *self._look(now), *self.ledger.wants(now)]

    def _may_be_nothing(self, event: Event) -> bool:
        """Whether an event can leave all as it was but for the time.

        The first tick begins everything.
        """
        return isinstance(event, Seen) or (isinstance(event, Tick) and self.looks > 0)

    def _has_news(self) -> bool:
        """Whether anything is otherwise but how long ago nodes were heard."""
        return (
            self.statuses.take_news()
            or self.facts.deadlines.take_sooner()
            or self.ledger.revision > self._looked_at
        )

    def _look(self, now: Now) -> list[Effect]:
        """Look at everything anew, and do what there is to do."""
        self.statuses.take_news()
        self.plan.run(now)
        self._housekeeping.run(now)
        effects = self._dispatcher.run(now)
        effects.extend(self.router.replies.run(now))
        if self._may_instruct:
            effects.extend(self.session.run(now, self._heads))
        counts = counts_today(self.ledger, now.wall, self.station.zone)
        ends = day_ends(now.wall, self.station.zone) if counts else None
        self.facts.deadlines.set(Due.DAY, at=ends)
        self._looked_at = self.ledger.revision
        self.looks += 1
        self.facts.deadlines.take_sooner()
        return effects

    def snapshot(self) -> Snapshot:
        """Return what is to be written, as it stands now."""
        return self.ledger.snapshot()

    def next_deadline(self, now: Now) -> float | None:
        """Return in how many seconds the engine must be called again, if at all."""
        return self.facts.deadlines.next(now)

    def only_ages(self, node: str) -> bool:
        """Return whether all that a message without news does is to be the latest.

        What a node has to do may end by time, or be counted in messages.
        """
        idle = not self.ledger.open.may_be_known_at(node)
        return idle and not self.session.listens

    def told(self, node: str) -> Readings:
        """Return what a node told of itself so far."""
        status = self.statuses.get(node)
        return {} if status is None else status.readings

    def waiting(self, now: Now) -> Waiting:
        """Return the commands that wait to be sent, oldest first, and what for."""
        return self._dispatcher.waiting(now)

    def _heads(self, now: Now) -> Iterator[tuple[Command, tuple[Reason, ...]]]:
        return self.waiting(now).looked_at()

    def alarms(self) -> list[Command]:
        """Return the commands that must be done and are not, for too long."""
        return self._housekeeping.overdue.due()

    def failing(self) -> dict[str, tuple[Command, ...]]:
        """Return what nodes failed at that fail too often in a row, oldest first."""
        station = self.station
        limit = station.settings.failures_in_a_row
        return self._housekeeping.failures.in_a_row(station.nodes, limit)

    @property
    def _may_instruct(self) -> bool:
        """Whether nodes may be told what is no command, and so is not stored."""
        return self.conditions.silenced(dispatching=self.ledger.dispatching) is None

    def _take(self, event: Event, now: Now) -> list[Effect]:
        match event:
            case Seen():
                # Nearly all events are one, and each case costs those after it.
                return self.router.take(event, now)
            case Connection(up):
                self._connection(now, up=up)
            case Committed(revision):
                return self._committed(revision, now)
            case CommitFailed(revision):
                self._commit_failed(revision, now)
            case NotPublished(command_id, node):
                self.conditions.pause(now)
                self.deliveries.not_published(command_id, node, now)
            case Archived(command_ids):
                self.ledger.archived(command_ids)
            case Tick():
                pass
            case (
                Enqueue()
                | Release()
                | Cancel()
                | CancelAll()
                | Resolve()
                | Finish()
                | FeedRefused()
                | ForgetRefusals()
            ):
                return self.wishes.of_commands(event, now)
            case (
                Adopted()
                | Backup()
                | Choose()
                | ConfirmRestore()
                | Dispatching()
                | PutMeal()
                | PutMeals()
                | RemoveMeal()
                | SkipMeal()
                | UnskipMeal()
                | PausePlan()
                | ResumePlan()
                | AnswerOverdue()
                | TrustClock()
                | ZoneChanged()
            ):
                return self.wishes.of_station(event, now)
            case _:
                return self.router.take(event, now)
        return []

    def _connection(self, now: Now, *, up: bool) -> None:
        self.conditions.connection(now, up=up)
        self.session.connection(now, up=up)
        if not up:
            self.deliveries.disconnected()
        self.statuses.connection(now, up=up)

    def _committed(self, revision: int, now: Now) -> list[Effect]:
        self.conditions.storage_ok = True
        self.wishes.unstored.stored(revision)
        self.router.metering.stored(revision)
        publishes = self.deliveries.release(revision, now, self._may_leave)
        return [*publishes, *self.ledger.stored(revision)]

    def _may_leave(self, command: Command) -> bool:
        held_back = self._dispatcher.held_back(command) is not None
        return not held_back and not self._housekeeping.endings.is_needless(command)

    def _commit_failed(self, revision: int, now: Now) -> None:
        self.conditions.storage_ok = False
        self.deliveries.commit_failed(now)
        self.ledger.not_stored(revision, now)
        self.wishes.unstored.not_stored(revision, now)
