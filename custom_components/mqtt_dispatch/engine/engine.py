"""The rules of a station: events and the time in, effects out.

Sans-IO: the engine reads no clock and touches nothing. Whoever drives it writes a
snapshot when it says `Commit`, answers `Committed` or `CommitFailed`, publishes when it
says `Publish`, and calls it again when `next_deadline` is reached. What it says to
publish, and what it tells of a command, is on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .deadlines import Deadlines, Due
from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .delivery.handovers import Handovers
from .delivery.timeouts import Timeouts
from .ledger.commit_requests import CommitRequests
from .ledger.decisions import cancel, not_resent, resolve
from .ledger.guards import counts_today, day_ends
from .ledger.ledger import Ledger
from .ledger.orders import enqueue, finish
from .ledger.restore import Past, confirm_restore
from .ledger.snapshot import Snapshot
from .model.clock import Now
from .model.command import Cause, Command, CommandState
from .model.events import (
    Adopted,
    Archived,
    Backup,
    Cancel,
    Choose,
    CommandWish,
    CommitFailed,
    Committed,
    ConfirmRestore,
    Connection,
    Dispatching,
    Effect,
    Enqueue,
    Enqueued,
    Event,
    Finish,
    Instruct,
    MealPut,
    NotPublished,
    NotResent,
    PutMeal,
    Refused,
    RemoveMeal,
    Resolve,
    StationWish,
    Tick,
    TrustClock,
    Withdraw,
    ZoneChanged,
)
from .model.policy import Station
from .model.reason import Reason
from .model.reports import AsksTime, Readings, Reply, Seen
from .plan.plan import Plan
from .replies import Replies
from .report_router import ReportRouter
from .scheduling.conditions import Conditions
from .scheduling.dispatcher import Dispatcher
from .scheduling.overdue import Overdue
from .scheduling.statuses import Statuses
from .scheduling.superseding import Superseding
from .scheduling.waiting import Waiting
from .session_host import SessionHost
from .wall_clock import WallClock


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
        self.station = station
        self.ledger = Ledger(stored, history, now, first_id)
        self.clock = WallClock(self.ledger, now)
        deadlines = self.deadlines = Deadlines()
        self.looks = 0
        """How often everything was looked at; what is shown can have changed since."""
        self.statuses = Statuses(
            station.nodes, self.ledger.open.nodes(), station.settings, deadlines
        )
        self.conditions = Conditions(station.settings, deadlines)
        self._commits = CommitRequests(self.ledger, deadlines, now)
        self._looked_at = self.ledger.revision
        self._overdue = Overdue(self.ledger, deadlines)
        self.plan = Plan(self.ledger, self.clock, deadlines, now)
        self.deliveries = Deliveries(
            station, self.ledger, self.statuses, deadlines, now
        )
        self.timeouts = Timeouts(
            station, self.ledger, self.statuses, self.deliveries, deadlines
        )
        self.past = Past(self.ledger, now)
        self._replies = Replies(
            self.ledger, self.conditions, self.clock, deadlines, now
        )
        handovers = Handovers(station, self.ledger, self.deliveries)
        self.answers = Answers(
            station,
            self.ledger,
            self.statuses,
            self.deliveries,
            past=self.past,
            handovers=handovers,
        )
        self.session = station.session(
            SessionHost(
                station,
                self.ledger,
                self.statuses,
                self.deliveries,
                self.answers,
                deadlines,
            )
        )
        self.deliveries.attempts.when_begun_anew(self.session.begun_anew)
        self._dispatcher = Dispatcher(
            station,
            self.ledger,
            self.statuses,
            self.conditions,
            deliveries=self.deliveries,
            session=self.session,
        )
        self._superseding = Superseding(self.ledger, self.deliveries, self._overdue)
        self._report_router = ReportRouter(
            settings=station.settings,
            conditions=self.conditions,
            statuses=self.statuses,
            deliveries=self.deliveries,
            answers=self.answers,
            handovers=handovers,
            past=self.past,
            plan=self.plan,
            session=self.session,
        )
        for command in self.ledger.open.values():
            self._heed_expiry(command, now)
        deadlines.when(Due.EXPIRY, self._expire)
        deadlines.when(Due.SESSION, self.session.due)

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
        passed = self.deadlines.pass_time(now)
        effects.extend(
            effect
            for effect in passed or ()
            if not isinstance(effect, Instruct) or self._may_instruct
        )
        if clock_was_set:
            self.plan.look_again(now)
        elif isinstance(event, Seen) and passed is None and not self._has_news():
            return effects
        return [*effects, *self._look(now), *self._commits.next(now)]

    def _has_news(self) -> bool:
        """Whether a message changed anything but how long ago its node was heard."""
        return (
            self.statuses.take_news()
            or self.deadlines.take_sooner()
            or self.ledger.revision > self._looked_at
        )

    def _look(self, now: Now) -> list[Effect]:
        """Look at everything anew, and do what there is to do."""
        self.statuses.take_news()
        self.timeouts.look_at_remaining(now)
        self.plan.run(
            self.station, now, listening_since=self.conditions.listening_since
        )
        self._overdue.watch(self.station.settings.alarm_after, now)
        self._take_up_changes(now)
        effects = self._dispatcher.run(now)
        effects.extend(self._replies.run(now))
        if self._may_instruct:
            effects.extend(self.session.run(now, self._heads))
        counts = counts_today(self.ledger, now.wall, self.station.zone)
        ends = day_ends(now.wall, self.station.zone) if counts else None
        self.deadlines.set(Due.DAY, at=ends)
        self._looked_at = self.ledger.revision
        self.looks += 1
        self.deadlines.take_sooner()
        return effects

    def _take_up_changes(self, now: Now) -> None:
        """Draw what follows for the commands that have changed."""
        for command_id in self.ledger.take_changed():
            if (command := self.ledger.open.get(command_id)) is not None:
                self.timeouts.end_at_removed_nodes(command, now)
                command = self.ledger.open.get(command_id)
            if command is None:
                self.deadlines.drop(Due.EXPIRY, command_id)
                continue
            if _is_out_of_time(command, now):
                # It came back too late: it must not have its turn once more.
                self._expire(command_id, now)
                continue
            self._heed_expiry(command, now)
            self._superseding.changed(command, now)

    def _heed_expiry(self, command: Command, now: Now) -> None:
        """Have a command end when its time is over; what is in flight ends otherwise.

        Whatever of that is still to be sent then is not: see `look_at_remaining`.
        """
        at = command.expires_at
        if at is not None and (at > now.wall or not command.state.in_flight):
            self.deadlines.set(Due.EXPIRY, command.id, at=at)

    def snapshot(self) -> Snapshot:
        """Return what is to be written, as it stands now."""
        return self.ledger.snapshot()

    def next_deadline(self, now: Now) -> float | None:
        """Return in how many seconds the engine must be called again, if at all."""
        return self.deadlines.next(now)

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
        return self._overdue.due()

    @property
    def _may_instruct(self) -> bool:
        """Whether nodes may be told what is no command, and so is not stored."""
        return self.conditions.silenced(dispatching=self.ledger.dispatching) is None

    def _take(self, event: Event, now: Now) -> list[Effect]:
        match event:
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
            case AsksTime() | Reply():
                return self._replies.take(event, now)
            case Tick():
                pass
            case Enqueue() | Withdraw() | Cancel() | Resolve() | Finish() | NotResent():
                return self._wish(event, now)
            case (
                Adopted()
                | Backup()
                | Choose()
                | ConfirmRestore()
                | Dispatching()
                | PutMeal()
                | RemoveMeal()
                | TrustClock()
                | ZoneChanged()
            ):
                return self._station_wish(event, now)
            case _:
                return self._report_router.take(event, self.station, now)
        return []

    def _wish(self, wish: CommandWish, now: Now) -> list[Effect]:
        match wish:
            case Enqueue():
                return [Enqueued(enqueue(self.ledger, self.station, wish, now))]
            case Withdraw(command_id):
                self.ledger.withdraw(command_id)
            case Cancel(command_id, by):
                cancel(self.ledger, self.deliveries, command_id, by, now)
            case Resolve(command_id, outcome, by):
                resolve(self.ledger, self.station, command_id, outcome, by=by, now=now)
            case Finish(command_id):
                rest = finish(self.ledger, self.station, command_id, now)
                # What it brings to a node may no longer be what that should hold.
                self.plan.desired.look_again(now)
                return [Enqueued(rest)]
            case NotResent(command_id):
                not_resent(self.ledger, self.deliveries, command_id, now)
        return []

    def _station_wish(self, wish: StationWish, now: Now) -> list[Effect]:
        match wish:
            case ConfirmRestore(keep, by):
                confirm_restore(self.ledger, keep=keep, by=by, now=now)
                self.plan.desired.look_again(now)
            case Backup(under_way):
                self.ledger.back_up(under_way=under_way)
            case Choose(chosen):
                self.ledger.choose(chosen)
            case Dispatching(enabled):
                self.ledger.dispatch(enabled=enabled)
            case PutMeal(meal):
                return [MealPut(self.plan.put(meal, self.station, now))]
            case RemoveMeal(meal_id):
                self.plan.remove(meal_id, now)
            case ZoneChanged(zone):
                before, self.station = self.station, replace(self.station, zone=zone)
                self.plan.zone_changed(before.zone, self.station, now)
            case TrustClock():
                self.clock.trust(now)
            case Adopted(node, key):
                self.plan.desired.welcome(node, key, self.station, now)
        return []

    def _connection(self, now: Now, *, up: bool) -> None:
        self.conditions.connection(now, up=up)
        self.session.connection(now, up=up)
        if not up:
            self.deliveries.disconnected()
            for status in tuple(self.statuses.values()):
                self.statuses.put(status.disconnected())

    def _committed(self, revision: int, now: Now) -> list[Effect]:
        self.conditions.storage_ok = True
        self._commits.stored(revision)
        publishes = self.deliveries.release(
            revision, now, lambda command: self._dispatcher.held_back(command) is None
        )
        return [*publishes, *self.ledger.stored(revision)]

    def _commit_failed(self, revision: int, now: Now) -> None:
        self.conditions.storage_ok = False
        self.ledger.not_stored(revision)
        self.deliveries.commit_failed(now)
        self._commits.not_stored(now)

    def _expire(self, command_id: int, now: Now) -> None:
        command = self.ledger.open.get(command_id)
        if command is None or command.state is not CommandState.QUEUED:
            return
        if command.ever_sent:
            self.timeouts.expire(command, now)
        else:
            self.deliveries.close(command, CommandState.EXPIRED, Cause.OUT_OF_TIME, now)


def _is_out_of_time(command: Command, now: Now) -> bool:
    """Whether the time is over in which a command that waits may be sent."""
    return (
        command.state is CommandState.QUEUED
        and command.expires_at is not None
        and command.expires_at <= now.wall
    )
