"""The rules of a station: events and the time in, effects out.

Sans-IO: the engine reads no clock and touches nothing. Whoever drives it writes a
snapshot when it says `Commit`, answers `Committed` or `CommitFailed`, publishes when it
says `Publish`, and calls it again when `next_deadline` is reached. What it says to
publish, and what it tells of a command, is on disk by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .alarms import Alarms
from .answers import Answers
from .book import Book
from .decisions import cancel, not_resent, resolve
from .deliveries import Deliveries
from .dispensing import Dispensing
from .events import (
    Adopted,
    Archived,
    Backup,
    Cancel,
    CommandWish,
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
    ImageCame,
    ImageEffect,
    ImageIncomplete,
    MealPut,
    NotPublished,
    NotResent,
    PutMeal,
    RemoveMeal,
    Resolve,
    StationWish,
    Tick,
    Withdraw,
    ZoneChanged,
)
from .farewells import Farewells
from .guards import day_ends, portions_today
from .images import Images
from .inquiry import Inquiries
from .intake import enqueue, finish
from .mealtimes import Mealtimes
from .model import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    Gate,
    Now,
)
from .policy import Station
from .queue import Situation, superseded, survey
from .readiness import NodeStatus, Reason, Relayed, Why
from .reports import (
    Busy,
    Dispensed,
    Forgot,
    HeldItem,
    Hello,
    Holds,
    ImageInfo,
    ImagePart,
    Listing,
    Needs,
    Rejected,
    Relay,
    Report,
    Seen,
)
from .restore import Past, confirm_restore, is_credible
from .snapshot import Snapshot
from .standing import Standing
from .timeouts import Timeouts
from .transitions import close

COMMIT_RETRY = 30.0
"""Seconds from a failed commit to the next try."""
NOT_PUBLISHED_PAUSE = 5.0
"""Seconds for which nothing is sent after something could not leave."""
INCOMPLETE = "incomplete"
"""The reason of a failure: parts of an image never came."""
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
        self._listening_since: float | None = None
        self._pause_until: float | None = None
        self.storage_ok = True
        self._requested = self.book.revision
        self._commit_again: float | None = None
        self._discovered: dict[str, Hello] = {}
        self._cancel_for_removed_nodes(now)
        self._alarms = Alarms(self.book)
        self.mealtimes = Mealtimes(self.book, now)
        self.deliveries = Deliveries(station, self.book, self.statuses, now)
        self.timeouts = Timeouts(station, self.book, self.statuses, self.deliveries)
        self.past = Past(self.book, now)
        self.relay = Relayed()
        self.images = Images()
        self.farewells = Farewells(station, self.book, self.statuses)
        self.standing = Standing(self.book, now)
        self.dispensing = Dispensing(self.book, now)
        self.inquiries = Inquiries(station, self.book, self.deliveries)
        self.answers = Answers(
            station, self.book, self.statuses, self.deliveries, self.past
        )

    def handle(self, event: Event, now: Now) -> list[Effect]:
        """Take in one event and return what follows from it, in order.

        Raises Refused for what a caller may not ask; nothing has changed then.
        """
        effects = self._take(event, now)
        self._pass_time(now)
        effects.extend(self._pictured(self.images.pass_time(now), now))
        if self.mealtimes.notices_set_clock(now):
            self._plan_changed(now)
        self.mealtimes.run(self.station, now)
        self.dispensing.run(self.station, now, listening_since=self._listening_since)
        self.standing.run(self.station, now)
        effects.extend(self._dispatch(now))
        effects.extend(self.farewells.say(now))
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
                self.relay.next_change(now, self.station.settings),
                self.images.next_deadline(),
                self.farewells.next_deadline(),
                self.inquiries.next_deadline(now),
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
        planned = (
            self.mealtimes.next_at,
            self.dispensing.next_at,
            self.standing.next_at,
        )
        wall.extend(at for at in planned if at is not None)
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
            case Connection(up):
                self._connection(now, up=up)
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
            case Enqueue() | Withdraw() | Cancel() | Resolve() | Finish() | NotResent():
                return self._wish(event, now)
            case (
                Adopted()
                | Backup()
                | ConfirmRestore()
                | Dispatching()
                | PutMeal()
                | RemoveMeal()
                | ZoneChanged()
            ):
                return self._station_wish(event, now)
            case _:
                return self._reported(event, now)
        return []

    def _reported(self, report: Report, now: Now) -> list[Effect]:
        match report:
            case Seen():
                return self._seen(report, now)
            case Hello():
                return self._hello(report, now)
            case Relay():
                self.relay = Relayed(now)
            case Forgot():
                self.deliveries.forgotten(now)
                self.inquiries.stop()
                self.inquiries.ask_for_nodes(now)
            case Listing():
                self.inquiries.listed()
            case Holds() | HeldItem():
                self.inquiries.take(report, now)
            case Busy() | Rejected() if self._refuses_inquiry(report):
                self.inquiries.refused()
            case ImageInfo() | ImagePart():
                return self._image_came(report, now)
            case Needs() | Dispensed():
                self._plan_told(report, now)
            case _:
                self.answers.take(report, now)
        return []

    def _refuses_inquiry(self, answer: Busy | Rejected) -> bool:
        """Whether an answer is one to an inquiry: nobody else is asked meanwhile."""
        return answer.command_id is None and self.inquiries.under_way

    def _plan_told(self, report: Needs | Dispensed, now: Now) -> None:
        if report.node not in self.statuses:
            return
        match report:
            case Needs(node, kind):
                self.standing.needed(node, kind, self.station, now)
            case Dispensed():
                self.dispensing.take(report, self.station, now)

    def _image_came(self, report: ImageInfo | ImagePart, now: Now) -> list[Effect]:
        if report.node not in self.statuses:
            return []
        return self._pictured(self.images.take(report, now), now)

    def _pictured(self, effects: list[ImageEffect], now: Now) -> list[Effect]:
        """Draw from what became of images what it tells of commands."""
        for effect in effects:
            match effect:
                case ImageCame(node, name):
                    self.answers.take_image(node, name, now)
                    self.farewells.owe(node, name, now)
                case ImageIncomplete(node, name):
                    self.answers.take_image(node, name, now, reason=INCOMPLETE)
        return [*effects]

    def _wish(self, wish: CommandWish, now: Now) -> list[Effect]:
        match wish:
            case Enqueue():
                return [Enqueued(enqueue(self.book, self.station, wish, now))]
            case Withdraw(command_id):
                self.book.withdraw(command_id)
            case Cancel(command_id, by):
                cancel(self.book, self.deliveries, command_id, by, now)
            case Resolve(command_id, outcome, by):
                resolve(self.book, self.station, command_id, outcome, by=by, now=now)
                if (ended := self.book.closed.get(command_id)) is not None:
                    self.deliveries.forget(ended)
            case Finish(command_id):
                # What it brings to a node may no longer be what that should hold.
                self.standing.look_again(now)
                return [Enqueued(finish(self.book, self.station, command_id, now))]
            case NotResent(command_id):
                not_resent(self.book, self.deliveries, command_id, now)
        return []

    def _station_wish(self, wish: StationWish, now: Now) -> list[Effect]:
        match wish:
            case ConfirmRestore(keep, by):
                confirm_restore(self.book, keep=keep, by=by, now=now)
                self.standing.restored(now)
            case Backup(under_way):
                self.book.back_up(under_way=under_way)
            case Dispatching(enabled):
                self.book.dispatch(enabled=enabled)
            case PutMeal(meal):
                meal_id = self.mealtimes.put(meal, self.station, now)
                self._plan_changed(now)
                return [MealPut(meal_id)]
            case RemoveMeal(meal_id):
                self.mealtimes.remove(meal_id, now)
                self._plan_changed(now)
            case ZoneChanged(zone):
                self.station = replace(self.station, zone=zone)
                self._plan_changed(now)
            case Adopted(node, key):
                self.standing.welcome(node, key, self.station, now)
        return []

    def _seen(self, report: Seen, now: Now) -> list[Effect]:
        if not self.connected:
            report = replace(report, live=False)
        before = self.statuses.get(report.node)
        if before is None:
            return self._discover(Hello(node=report.node), now) if report.live else []
        if not is_credible(report.last_id):
            report = replace(report, last_id=None)
        self.statuses[report.node] = before.seen(report, now, self.station.settings)
        if report.last_id is not None:
            self.past.take_last_id(report.node, report.last_id, now, live=report.live)
        self.answers.seen(report, before, now)
        if before.restarted(report, now):
            self.deliveries.repeats.node_started(report.node)
        if report.live:
            self.inquiries.heard(report.node, now)
        return []

    def _hello(self, hello: Hello, now: Now) -> list[Effect]:
        before = self.statuses.get(hello.node)
        if before is None:
            return self._discover(hello, now)
        if self.connected:
            self.statuses[hello.node] = before.hello(now, self.station.settings)
            self.deliveries.repeats.node_started(hello.node)
        return []

    def _discover(self, hello: Hello, now: Now) -> list[Effect]:
        """Offer a node once, and once more when it has said more of itself."""
        known = self._discovered.get(hello.node)
        if known == hello or (known is not None and hello == Hello(node=hello.node)):
            return []
        if known is None and len(self._discovered) >= _DISCOVERED_LIMIT:
            return []
        if known is None and hello == Hello(node=hello.node):
            # Whoever relays may know more of it.
            self.inquiries.ask_for_nodes(now)
        self._discovered[hello.node] = hello
        return [Discovered(hello.node, hello)]

    def _plan_changed(self, now: Now) -> None:
        self.mealtimes.look_again(now)
        self.dispensing.look_again(now)
        self.standing.look_again(now)

    def _connection(self, now: Now, *, up: bool) -> None:
        self.connected = up
        self._listening_since = now.wall if up else None
        self._pause_until = None
        if up:
            self.inquiries.ask_for_nodes(now)
        else:
            self.relay = Relayed()
            self.inquiries.stop()
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
        self.timeouts.pass_time(now)
        self.inquiries.pass_time(now)
        self._alarms.watch(self.station.settings.alarm_after, now)
        for command in tuple(self.book.open.values()):
            if (
                command.expires_at is None
                or command.expires_at > now.wall
                or command.state is not CommandState.QUEUED
            ):
                continue
            if command.ever_sent:
                self.timeouts.expire(command, now)
            else:
                self._close(command, CommandState.EXPIRED, Cause.OUT_OF_TIME, now)

    def _dispatch(self, now: Now) -> list[Effect]:
        if not self.book.open:
            return self._inquire(now)
        stored = (
            command
            for command in self.book.open.values()
            if command.id not in self.book.unstored
        )
        for older, newer in tuple(superseded(stored)):
            self._close(older, CommandState.SUPERSEDED, Cause.SUPERSEDED, now)
            self._alarms.replaced(older, newer)
        if any(map(_is_in_haste, self.book.open.values())):
            self._send(now, only=_is_in_haste)
        effects = self._inquire(now)
        self._send(now)
        return effects

    def _send(
        self, now: Now, *, only: Callable[[Command], bool] = lambda _: True
    ) -> None:
        """Send what may be sent: the rest of what is in flight, then what waits."""
        for command, delivery in self.deliveries.wanted():
            if only(command) and not self._resend_reason(command, delivery, now):
                current = self.book.open[command.id]
                self.deliveries.go_on(current, delivery.node, now)
        waiting = filter(only, tuple(self.book.open.values()))
        for command, reasons in survey(waiting, self._situation(), now):
            if reasons:
                continue
            for delivery in command.deliveries:
                if delivery.state is DeliveryState.PENDING:
                    current = self.book.open[command.id]
                    self.deliveries.send(current, delivery.node, now)

    def _inquire(self, now: Now) -> list[Effect]:
        if self._halted() or self._asked():
            return []
        silent = self.relay.silent_reason(now, self.station.settings)
        if silent and self._wants_relay():
            self.inquiries.call(now)
        inquiry = self.inquiries.next(now)
        return [] if inquiry is None else [inquiry]

    def _wants_relay(self) -> bool:
        """Whether something waits to be sent that somebody must relay."""
        waiting = (
            command
            for command in self.book.open.values()
            if command.state is CommandState.QUEUED
        )
        wanted = (command for command, _ in self.deliveries.wanted())
        return any(
            self.station.policy(command).gate is Gate.RELAY
            for command in (*waiting, *wanted)
        )

    def _asked(self) -> Reason | None:
        """Return whose answer keeps everybody from being told more."""
        if not self.station.settings.one_unanswered:
            return None
        if self.inquiries.under_way:
            return Reason(Why.UNANSWERED)
        unanswered = self.deliveries.occupancy.unanswered()
        if unanswered is None:
            return None
        return Reason(Why.UNANSWERED, command_id=unanswered.id)

    def _situation(self) -> Situation:
        return Situation(
            station=self.station,
            statuses=self.statuses,
            halted=self._halted(),
            held=self.deliveries.holds.held(),
            unstored=frozenset(self.book.unstored),
            restored=self._restored(),
            relay=self.relay,
            resting=self.deliveries.rests.resting(),
            asked=self._asked(),
            occupied=self.deliveries.occupancy.look(),
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
        if reason := self._held_back(command) or self._asked():
            return reason
        if self.deliveries.rests.rests((command.id, delivery.node)):
            return Reason(Why.BUSY, delivery.node)
        if not self.deliveries.has_place(command, delivery):
            return Reason(Why.FULL, delivery.node)
        return self._gate_reason(command, delivery, now)

    def _gate_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        status, settings = self.statuses[delivery.node], self.station.settings
        match self.station.policy(command).gate:
            case Gate.AWAKE:
                return status.asleep_reason(now, settings)
            case Gate.RELAY:
                return self.relay.silent_reason(now, settings)
            case Gate.OPEN:
                return None
            case _:
                return status.offline_reason(now, settings)

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


def _is_in_haste(command: Command) -> bool:
    return command.command_class is CommandClass.UNTIL_DONE
