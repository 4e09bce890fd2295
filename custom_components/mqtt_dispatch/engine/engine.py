"""The rules of a station: events and the time in, effects out.

Sans-IO: the engine reads no clock and touches nothing. Whoever drives it writes a
snapshot when it says `Commit`, answers `Committed` or `CommitFailed`, publishes when it
says `Publish`, and calls it again when `next_deadline` is reached. What it says to
publish, and what it tells of a command, is on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .delivery.handovers import Handovers
from .delivery.timeouts import Timeouts
from .delivery.transitions import close
from .images import Images
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
    Commit,
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
from .model.reports import AsksTime, Readings, Reply
from .plan.desired import Desired
from .plan.mealtimes import Mealtimes
from .plan.node_meals import NodeMeals
from .plan.occurrences import Occurrences
from .replies import Replies
from .report_router import ReportRouter
from .scheduling.conditions import Conditions
from .scheduling.dispatcher import Dispatcher
from .scheduling.inquiries import Inquiries
from .scheduling.overdue import Overdue
from .scheduling.readiness import NodeStatus, Reason
from .scheduling.wakings import Wakings
from .wall_clock import WallClock

COMMIT_RETRY = 30.0
"""Seconds from a failed commit to the next try."""
REPORTS_SHARE = 30.0
"""Seconds in which all that is stored for reports alone is so in one commit."""


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
        self.statuses = {node: NodeStatus(node) for node in station.nodes}
        self.conditions = Conditions()
        self._requested = self.ledger.revision
        self._commit_again: float | None = None
        self._reports_wait_until = now.steady
        self._cancel_for_removed_nodes(now)
        self._overdue = Overdue(self.ledger)
        occurrences = Occurrences(self.ledger, self.clock)
        self.mealtimes = Mealtimes(self.ledger, self.clock, occurrences, now)
        self.deliveries = Deliveries(station, self.ledger, self.statuses, now)
        self.timeouts = Timeouts(station, self.ledger, self.statuses, self.deliveries)
        self.past = Past(self.ledger, now)
        self.images = Images()
        self.wakings = Wakings(
            station,
            self.ledger,
            self.statuses,
            deliveries=self.deliveries,
            images=self.images,
        )
        self.desired = Desired(self.ledger, now)
        self.node_meals = NodeMeals(self.ledger, self.clock, occurrences, now)
        self.inquiries = Inquiries(station, self.ledger, self.deliveries)
        self._replies = Replies(self.ledger, self.conditions, self.clock, now)
        handovers = Handovers(station, self.ledger, self.deliveries)
        self.answers = Answers(
            station,
            self.ledger,
            self.statuses,
            self.deliveries,
            past=self.past,
            handovers=handovers,
        )
        self._dispatcher = Dispatcher(
            station,
            self.ledger,
            self.statuses,
            self.conditions,
            deliveries=self.deliveries,
            inquiries=self.inquiries,
            alarms=self._overdue,
            wakings=self.wakings,
        )
        self._report_router = ReportRouter(
            station=lambda: self.station,
            conditions=self.conditions,
            statuses=self.statuses,
            deliveries=self.deliveries,
            answers=self.answers,
            handovers=handovers,
            past=self.past,
            images=self.images,
            wakings=self.wakings,
            desired=self.desired,
            node_meals=self.node_meals,
            inquiries=self.inquiries,
        )

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
        if self.clock.look(now).changed():
            self._plan_changed(now)
        self._pass_time(now)
        effects.extend(
            effect
            for effect in self._report_router.pass_time(now)
            if not isinstance(effect, Instruct) or self._may_instruct
        )
        self.mealtimes.run(self.station, now)
        self.node_meals.run(
            self.station, now, listening_since=self.conditions.listening_since
        )
        self.desired.run(self.station, now)
        effects.extend(self._dispatcher.run(now))
        effects.extend(self._replies.pass_time(now))
        if self._may_instruct:
            effects.extend(self.wakings.run(now, self.waiting))
        return [*effects, *self._commit(now)]

    def _commit(self, now: Now) -> list[Effect]:
        """Ask for a commit; one for reports alone comes some time after another."""
        if self.ledger.waits and self._commit_again is None:
            self._commit_again = now.steady + REPORTS_SHARE
        if self.ledger.revision <= self._requested:
            return []
        if self.ledger.pressing <= self._requested:
            if now.steady < self._reports_wait_until:
                return []
            self._reports_wait_until = now.steady + REPORTS_SHARE
        self._requested = self.ledger.revision
        return [Commit()]

    def snapshot(self) -> Snapshot:
        """Return what is to be written, as it stands now."""
        return self.ledger.snapshot()

    def next_deadline(self, now: Now) -> float | None:
        """Return in how many seconds the engine must be called again, if at all."""
        steady = [
            at
            for at in (
                self.deliveries.next_deadline(),
                self._commit_again,
                self._reports_wait_until
                if self.ledger.revision > self._requested
                else None,
                self.conditions.pause_until,
                self.clock.next_deadline(),
                self._overdue.next_deadline(now),
                self.conditions.relay.next_change(now, self.station.settings),
                self.images.next_deadline(),
                self.wakings.next_deadline(now),
                self.inquiries.next_deadline(now),
                self._replies.next_deadline(),
                *(
                    status.next_change(now, self.station.settings)
                    for status in self.statuses.values()
                ),
            )
            if at is not None
        ]
        wall = [
            command.expires_at
            for command in self.ledger.open.values()
            if command.expires_at is not None and command.state is CommandState.QUEUED
        ]
        wall.extend(
            command.expires_at
            for command, _ in self.deliveries.remaining.wanted()
            if command.expires_at is not None
        )
        planned = (
            self.mealtimes.next_at,
            self.node_meals.next_at,
            self.desired.next_at,
        )
        wall.extend(at for at in planned if at is not None)
        if counts_today(self.ledger, now.wall, self.station.zone):
            wall.append(day_ends(now.wall, self.station.zone))
        waits = [at - now.steady for at in steady] + [at - now.wall for at in wall]
        return None if not waits else max(0.0, min(waits))

    def told(self, node: str) -> Readings:
        """Return what a node told of itself so far."""
        status = self.statuses.get(node)
        return {} if status is None else status.readings

    def waiting(self, now: Now) -> list[tuple[Command, tuple[Reason, ...]]]:
        """Return the commands that wait to be sent, in order, and what for."""
        return self._dispatcher.waiting(now)

    def alarms(self, now: Now) -> list[Command]:
        """Return the commands that must be done and are not, for too long."""
        return self._overdue.due(now)

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
                return self._report_router.take(event, now)
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
                self.desired.look_again(now)
                return [Enqueued(rest)]
            case NotResent(command_id):
                not_resent(self.ledger, self.deliveries, command_id, now)
        return []

    def _station_wish(self, wish: StationWish, now: Now) -> list[Effect]:
        match wish:
            case ConfirmRestore(keep, by):
                confirm_restore(self.ledger, keep=keep, by=by, now=now)
                self.desired.look_again(now)
            case Backup(under_way):
                self.ledger.back_up(under_way=under_way)
            case Choose(chosen):
                self.ledger.choose(chosen)
            case Dispatching(enabled):
                self.ledger.dispatch(enabled=enabled)
            case PutMeal(meal):
                meal_id = self.mealtimes.put(meal, self.station, now)
                self._plan_changed(now)
                return [MealPut(meal_id)]
            case RemoveMeal(meal_id):
                self.mealtimes.remove(meal_id, now)
                self._plan_changed(now)
            case ZoneChanged(zone):
                before, self.station = self.station, replace(self.station, zone=zone)
                self.mealtimes.zone_changed(before.zone, self.station, now)
                self._plan_changed(now)
            case TrustClock():
                self.clock.trust(now)
            case Adopted(node, key):
                self.desired.welcome(node, key, self.station, now)
        return []

    def _plan_changed(self, now: Now) -> None:
        self.mealtimes.look_again(now)
        self.node_meals.look_again(now)
        self.desired.look_again(now)

    def _connection(self, now: Now, *, up: bool) -> None:
        self.conditions.connection(now, up=up)
        if up:
            self.inquiries.ask_for_nodes(now)
        else:
            self.inquiries.stop()
            self.deliveries.disconnected()
            self.wakings.disconnected()
            for node, status in self.statuses.items():
                self.statuses[node] = status.disconnected()

    def _committed(self, revision: int, now: Now) -> list[Effect]:
        self.conditions.storage_ok = True
        self._commit_again = None
        self._requested = max(self._requested, revision)
        publishes = self.deliveries.release(
            revision, now, lambda command: self._dispatcher.held_back(command) is None
        )
        return [*publishes, *self.ledger.stored(revision)]

    def _commit_failed(self, revision: int, now: Now) -> None:
        self.conditions.storage_ok = False
        self.ledger.not_stored(revision)
        self._commit_again = now.steady + COMMIT_RETRY
        self.deliveries.commit_failed(now)
        self._requested = self.ledger.revision

    def _pass_time(self, now: Now) -> None:
        if self._commit_again is not None and self._commit_again <= now.steady:
            self._commit_again = None
            if self.ledger.waits or not self.conditions.storage_ok:
                self.ledger.touch()
        self.conditions.pass_time(now)
        self.timeouts.pass_time(now)
        self.inquiries.pass_time(now)
        self._overdue.watch(self.station.settings.alarm_after, now)
        for command in tuple(self.ledger.open.values()):
            if (
                command.expires_at is None
                or command.expires_at > now.wall
                or command.state is not CommandState.QUEUED
            ):
                continue
            if command.ever_sent:
                self.timeouts.expire(command, now)
            else:
                self.deliveries.close(
                    command, CommandState.EXPIRED, Cause.OUT_OF_TIME, now
                )

    def _cancel_for_removed_nodes(self, now: Now) -> None:
        for command in tuple(self.ledger.open.values()):
            if not set(command.nodes) <= set(self.station.nodes):
                self.ledger.put(
                    close(command, CommandState.CANCELLED, now.wall, Cause.NODE_REMOVED)
                )
