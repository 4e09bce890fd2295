"""The rules of a station: events and the time in, effects out.

Sans-IO: the engine reads no clock and touches nothing. Whoever drives it writes a
snapshot when it says `Commit`, answers `Committed` or `CommitFailed`, publishes when it
says `Publish`, and calls it again when `next_deadline` is reached. What it says to
publish, and what it tells of a command, is on disk by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .alarms import Alarms
from .answers import Answers
from .book import Book
from .deliveries import Deliveries
from .events import (
    Archived,
    Backup,
    Cancel,
    Commit,
    CommitFailed,
    Committed,
    ConfirmRestore,
    Connection,
    Discovered,
    Dispatching,
    Effect,
    Enqueue,
    Enqueued,
    Event,
    Finish,
    MealPut,
    NotPublished,
    NotResent,
    PutMeal,
    Refused,
    RemoveMeal,
    Resolve,
    Tick,
    Wish,
    Withdraw,
    ZoneChanged,
)
from .guards import day_ends, portions_today
from .intake import enqueue, finish
from .mealtimes import Mealtimes
from .model import (
    Accepted,
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    Done,
    Failed,
    Now,
    Outcome,
    Rejected,
    Seen,
)
from .policy import Station
from .queue import Situation, superseded, survey
from .readiness import NodeStatus, Reason, Why
from .restore import Past, confirm_restore, is_credible
from .snapshot import Snapshot
from .transitions import close, deliver

COMMIT_RETRY = 30.0
"""Seconds from a failed commit to the next try."""
NOT_PUBLISHED_PAUSE = 5.0
"""Seconds for which nothing is sent after something could not leave."""
_DISCOVERED_LIMIT = 100


class Engine:
    """The rules of one station."""

    def __init__(
        self,
        station: Station,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
    ) -> None:
        """Take up what was stored; the effects come with the first event."""
        self.station = station
        self.book = Book(stored, history)
        self.statuses = {node: NodeStatus(node) for node in station.nodes}
        self.connected = False
        self._pause_until: float | None = None
        self.storage_ok = True
        self._requested = self.book.revision
        self._commit_again: float | None = None
        self._discovered: set[str] = set()
        self._cancel_for_removed_nodes(now)
        self._alarms = Alarms(self.book)
        self.mealtimes = Mealtimes(self.book, now)
        self.deliveries = Deliveries(station, self.book, self.statuses, now)
        self.past = Past(self.book, now)
        self.answers = Answers(
            station, self.book, self.statuses, self.deliveries, self.past
        )

    def handle(self, event: Event, now: Now) -> list[Effect]:
        """Take in one event and return what follows from it, in order.

        Raises Refused for what a caller may not ask; nothing has changed then.
        """
        effects = self._take(event, now)
        self._pass_time(now)
        self.mealtimes.run(self.station, now)
        self._dispatch(now)
        if self.book.revision > self._requested:
            self._requested = self.book.revision
            effects.append(Commit())
        return effects

    def snapshot(self) -> Snapshot:
        """Return what is to be written, as it stands now."""
        return self.book.snapshot()

    def next_deadline(self, now: Now) -> float | None:
        """Return in how many seconds the engine must be called again, if at all."""
        steady = [
            at
            for at in (
                self.deliveries.next_deadline(),
                self._commit_again,
                self._pause_until,
                self._alarms.next_deadline(now),
                *(
                    status.next_change(now, self.station.settings)
                    for status in self.statuses.values()
                ),
            )
            if at is not None
        ]
        wall = [
            command.expires_at
            for command in self.book.open.values()
            if command.expires_at is not None and command.state is CommandState.QUEUED
        ]
        wall.extend(
            command.expires_at
            for command, _ in self.deliveries.wanted()
            if command.expires_at is not None
        )
        if self.mealtimes.next_at is not None:
            wall.append(self.mealtimes.next_at)
        if portions_today(self.book, now.wall, self.station.zone):
            wall.append(day_ends(now.wall, self.station.zone))
        waits = [at - now.steady for at in steady] + [at - now.wall for at in wall]
        return None if not waits else max(0.0, min(waits))

    def waiting(self, now: Now) -> list[tuple[Command, tuple[Reason, ...]]]:
        """Return the commands that wait to be sent, in order, and what for."""
        found = [
            (command, reasons)
            for command, reasons in survey(
                self.book.open.values(), self._situation(), now
            )
            if reasons
        ]
        parts: dict[int, dict[Reason, None]] = {}
        for command, delivery in self.deliveries.wanted():
            if reason := self._resend_reason(command, delivery, now):
                parts.setdefault(command.id, {})[reason] = None
        found.extend(
            (self.book.open[command_id], tuple(reasons))
            for command_id, reasons in parts.items()
        )
        return sorted(found, key=lambda item: item[0].id)

    def alarms(self, now: Now) -> list[Command]:
        """Return the commands that must be done and are not, for too long."""
        return self._alarms.due(now)

    def _take(self, event: Event, now: Now) -> list[Effect]:
        match event:
            case Seen():
                return self._seen(event, now)
            case Accepted() | Rejected() | Done() | Failed():
                self.answers.take(event, now)
            case Connection(up):
                self._connection(up=up)
            case Committed(revision):
                return self._committed(revision, now)
            case CommitFailed():
                self._commit_failed(now)
            case NotPublished(command_id, node):
                # The connection is gone, even if nobody has said so yet.
                self._pause_until = now.steady + NOT_PUBLISHED_PAUSE
                self.deliveries.not_published(command_id, node, now)
            case Archived(command_ids):
                self.book.archived(command_ids)
            case Tick():
                pass
            case _:
                return self._wish(event, now)
        return []

    def _wish(self, wish: Wish, now: Now) -> list[Effect]:
        match wish:
            case Enqueue():
                return [Enqueued(enqueue(self.book, self.station, wish, now))]
            case Withdraw(command_id):
                self.book.withdraw(command_id)
            case Cancel(command_id, by):
                self._cancel(command_id, by, now)
            case Resolve(command_id, outcome, by):
                self._resolve(command_id, outcome, by, now)
            case Finish(command_id):
                return [Enqueued(finish(self.book, self.station, command_id, now))]
            case NotResent(command_id):
                self._not_resent(command_id, now)
            case _:
                return self._station_wish(wish, now)
        return []

    def _station_wish(
        self,
        wish: Backup
        | ConfirmRestore
        | Dispatching
        | PutMeal
        | RemoveMeal
        | ZoneChanged,
        now: Now,
    ) -> list[Effect]:
        match wish:
            case ConfirmRestore(keep, by):
                confirm_restore(self.book, keep=keep, by=by, now=now)
            case Backup(under_way):
                self.book.back_up(under_way=under_way)
            case Dispatching(enabled):
                self.book.dispatch(enabled=enabled)
            case PutMeal(meal):
                return [MealPut(self.mealtimes.put(meal, self.station, now))]
            case RemoveMeal(meal_id):
                self.mealtimes.remove(meal_id, now)
            case ZoneChanged(zone):
                self.station = replace(self.station, zone=zone)
                self.mealtimes.look_again(now)
        return []

    def _seen(self, report: Seen, now: Now) -> list[Effect]:
        if not self.connected:
            report = replace(report, live=False)
        before = self.statuses.get(report.node)
        if before is None:
            new = report.live and report.node not in self._discovered
            if not new or len(self._discovered) >= _DISCOVERED_LIMIT:
                return []
            self._discovered.add(report.node)
            return [Discovered(report.node)]
        if not is_credible(report.last_id):
            report = replace(report, last_id=None)
        self.statuses[report.node] = before.seen(report, now, self.station.settings)
        if report.last_id is not None:
            self.past.take_last_id(report.node, report.last_id, now, live=report.live)
        self.answers.seen(report, before, now)
        return []

    def _cancel(self, command_id: int, by: str, now: Now) -> None:
        command = self._open(command_id)
        if command.ever_sent:
            raise Refused("already_sent", command_id=command_id)
        self._close(command, CommandState.CANCELLED, Cause.PERSON, now, by=by)

    def _resolve(self, command_id: int, outcome: Outcome, by: str, now: Now) -> None:
        command = self._open(command_id)
        if command.state is not CommandState.UNCONFIRMED:
            raise Refused("not_unconfirmed", command_id=command_id)
        state = {
            Outcome.SUCCEEDED: DeliveryState.DONE,
            Outcome.FAILED: DeliveryState.FAILED,
            Outcome.RESEND: DeliveryState.PENDING,
        }[outcome]
        for delivery in command.deliveries:
            if delivery.state is DeliveryState.UNKNOWN:
                command = deliver(
                    command, delivery.node, state, now.wall, Cause.PERSON, by=by
                )
        expires_in = self.station.policy(command).expires_in
        if outcome is Outcome.RESEND and expires_in is not None:
            command = replace(command, expires_at=now.wall + expires_in)
        self.book.put(command)

    def _not_resent(self, command_id: int, now: Now) -> None:
        command = self.book.open.get(command_id)
        for delivery in () if command is None else command.deliveries:
            if delivery.state is DeliveryState.PENDING and delivery.attempts:
                self.deliveries.move(
                    self.book.open[command_id],
                    delivery,
                    DeliveryState.UNKNOWN,
                    Cause.NOT_SENT,
                    now,
                )

    def _open(self, command_id: int) -> Command:
        if command_id in self.book.closed:
            state = self.book.closed[command_id].state
            raise Refused("already_closed", command_id=command_id, state=state)
        if command_id not in self.book.open:
            raise Refused("unknown_command", command_id=command_id)
        return self.book.open[command_id]

    def _connection(self, *, up: bool) -> None:
        self.connected = up
        self._pause_until = None
        if not up:
            for node, status in self.statuses.items():
                self.statuses[node] = status.disconnected()

    def _committed(self, revision: int, now: Now) -> list[Effect]:
        self.storage_ok = True
        self._commit_again = None
        publishes = self.deliveries.release(
            revision, now, lambda command: self._held_back(command) is None
        )
        return [*publishes, *self.book.stored(revision)]

    def _commit_failed(self, now: Now) -> None:
        self.storage_ok = False
        self._commit_again = now.steady + COMMIT_RETRY
        self.deliveries.commit_failed(now)
        self._requested = self.book.revision

    def _pass_time(self, now: Now) -> None:
        if self._commit_again is not None and self._commit_again <= now.steady:
            self._commit_again = None
            self.book.touch()
        if self._pause_until is not None and self._pause_until <= now.steady:
            self._pause_until = None
        self.deliveries.pass_time(now)
        self._alarms.watch(self.station.settings.alarm_after, now)
        for command in tuple(self.book.open.values()):
            if (
                command.expires_at is None
                or command.expires_at > now.wall
                or command.state is not CommandState.QUEUED
            ):
                continue
            if command.ever_sent:
                self.deliveries.expire(command, now)
            else:
                self._close(command, CommandState.EXPIRED, Cause.OUT_OF_TIME, now)

    def _dispatch(self, now: Now) -> None:
        stored = (
            command
            for command in self.book.open.values()
            if command.id not in self.book.unstored
        )
        for older, newer in tuple(superseded(stored)):
            self._close(older, CommandState.SUPERSEDED, Cause.SUPERSEDED, now)
            self._alarms.replaced(older, newer)
        for command, delivery in self.deliveries.wanted():
            if self._resend_reason(command, delivery, now) is None:
                current = self.book.open[command.id]
                self.deliveries.send(current, delivery.node, now)
        waiting = survey(self.book.open.values(), self._situation(), now)
        for command, reasons in waiting:
            if reasons:
                continue
            for delivery in command.deliveries:
                if delivery.state is DeliveryState.PENDING:
                    current = self.book.open[command.id]
                    self.deliveries.send(current, delivery.node, now)

    def _situation(self) -> Situation:
        return Situation(
            station=self.station,
            statuses=self.statuses,
            halted=self._halted(),
            held=self.deliveries.held(),
            unstored=frozenset(self.book.unstored),
            restored=self._restored(),
        )

    def _halted(self) -> Reason | None:
        if not self.storage_ok:
            return Reason(Why.STORAGE)
        if not self.connected or self._pause_until is not None:
            return Reason(Why.DISCONNECTED)
        if not self.book.dispatching:
            return Reason(Why.PAUSED)
        return None

    def _resend_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        """Return why a part of a command in flight is not sent now.

        Its node may be busy with that very command, so it need not be ready.
        """
        return self._held_back(command) or self.statuses[delivery.node].offline_reason(
            now, self.station.settings
        )

    def _held_back(self, command: Command) -> Reason | None:
        """Return why a command is not sent, whatever its nodes say."""
        once = command.command_class is CommandClass.ONCE
        return self._halted() or (self._restored() if once else None)

    def _restored(self) -> Reason | None:
        at = self.book.restored_at
        return None if at is None else Reason(Why.RESTORED, since=at)

    def _close(
        self,
        command: Command,
        state: CommandState,
        cause: Cause,
        now: Now,
        *,
        by: str = "",
    ) -> None:
        self.book.put(close(command, state, now.wall, cause, by=by))
        self.deliveries.forget(command)

    def _cancel_for_removed_nodes(self, now: Now) -> None:
        for command in tuple(self.book.open.values()):
            if not set(command.nodes) <= set(self.station.nodes):
                self.book.put(
                    close(command, CommandState.CANCELLED, now.wall, Cause.NODE_REMOVED)
                )
