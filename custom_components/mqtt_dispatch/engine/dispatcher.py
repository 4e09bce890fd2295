"""Sends what may be sent, and says why the rest may not."""

from __future__ import annotations

from collections.abc import Callable

from .alarms import Alarms
from .book import Book
from .deliveries import Deliveries
from .events import Effect
from .inquiry import Inquiries
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
from .outside import Outside
from .policy import Station
from .queue import Situation, superseded, survey
from .readiness import NodeStatus, Reason, Why, gate_reason
from .transitions import close


class Dispatcher:
    """Gives each command its turn."""

    def __init__(
        self,
        station: Station,
        book: Book,
        statuses: dict[str, NodeStatus],
        outside: Outside,
        *,
        deliveries: Deliveries,
        inquiries: Inquiries,
        alarms: Alarms,
    ) -> None:
        """Begin with nothing sent."""
        self._station = station
        self._book = book
        self._statuses = statuses
        self._outside = outside
        self._deliveries = deliveries
        self._inquiries = inquiries
        self._alarms = alarms

    def waiting(self, now: Now) -> list[tuple[Command, tuple[Reason, ...]]]:
        """Return the commands that wait to be sent, in order, and what for."""
        found = [
            (command, reasons)
            for command, reasons in survey(
                self._book.open.values(), self._situation(), now
            )
            if reasons
        ]
        parts: dict[int, dict[Reason, None]] = {}
        for command, delivery in self._deliveries.wanted():
            if reason := self._resend_reason(command, delivery, now):
                parts.setdefault(command.id, {})[reason] = None
        found.extend(
            (self._book.open[command_id], tuple(reasons))
            for command_id, reasons in parts.items()
        )
        return sorted(found, key=lambda item: item[0].id)

    def run(self, now: Now) -> list[Effect]:
        """Send what may be sent, and ask what is to be asked."""
        if not self._book.open:
            return self._inquire(now)
        stored = (
            command
            for command in self._book.open.values()
            if command.id not in self._book.unstored
        )
        for older, newer in tuple(superseded(stored)):
            self._supersede(older, now)
            self._alarms.replaced(older, newer)
        if any(map(_is_in_haste, self._book.open.values())):
            self._send(now, only=_is_in_haste)
        effects = self._inquire(now)
        self._send(now)
        return effects

    def _send(
        self, now: Now, *, only: Callable[[Command], bool] = lambda _: True
    ) -> None:
        """Send what may be sent: the rest of what is in flight, then what waits."""
        for command, delivery in self._deliveries.wanted():
            if only(command) and not self._resend_reason(command, delivery, now):
                current = self._book.open[command.id]
                self._deliveries.go_on(current, delivery.node, now)
        waiting = filter(only, tuple(self._book.open.values()))
        for command, reasons in survey(waiting, self._situation(), now):
            if reasons:
                continue
            for delivery in command.deliveries:
                if delivery.state is DeliveryState.PENDING and not self._asked():
                    current = self._book.open[command.id]
                    self._deliveries.send(current, delivery.node, now)

    def _inquire(self, now: Now) -> list[Effect]:
        if self._halted() or self._asked():
            return []
        silent = self._outside.relay.silent_reason(now, self._station.settings)
        if silent and self._wants_relay():
            self._inquiries.call(now)
        inquiry = self._inquiries.next(now)
        return [] if inquiry is None else [inquiry]

    def _wants_relay(self) -> bool:
        """Whether something waits to be sent that somebody must relay."""
        waiting = (
            command
            for command in self._book.open.values()
            if command.state is CommandState.QUEUED
        )
        wanted = (command for command, _ in self._deliveries.wanted())
        return any(
            self._station.policy(command).gate is Gate.RELAY
            for command in (*waiting, *wanted)
        )

    def _asked(self) -> Reason | None:
        """Return whose answer keeps everybody from being told more."""
        if not self._station.settings.one_unanswered:
            return None
        if self._inquiries.under_way:
            return Reason(Why.UNANSWERED)
        unanswered = self._deliveries.occupancy.unanswered()
        if unanswered is None:
            return None
        return Reason(Why.UNANSWERED, command_id=unanswered.id)

    def _situation(self) -> Situation:
        return Situation(
            station=self._station,
            statuses=self._statuses,
            halted=self._halted(),
            held=self._deliveries.holds.held(),
            unstored=frozenset(self._book.unstored),
            restored=self._restored(),
            relay=self._outside.relay,
            resting=self._deliveries.rests.resting(),
            asked=self._asked(),
            occupied=self._deliveries.occupancy.look(),
        )

    def _halted(self) -> Reason | None:
        return self._outside.halted(dispatching=self._book.dispatching)

    def _supersede(self, command: Command, now: Now) -> None:
        cause = Cause.SUPERSEDED
        self._book.put(close(command, CommandState.SUPERSEDED, now.wall, cause))
        self._deliveries.forget(command)

    def _resend_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        """Return why a part of a command in flight is not sent now.

        Its node may be busy with that very command, so it need not be ready.
        """
        if reason := self.held_back(command) or self._asked():
            return reason
        if self._deliveries.rests.rests((command.id, delivery.node)):
            return Reason(Why.BUSY, delivery.node)
        if not self._deliveries.has_place(command, delivery):
            return Reason(Why.FULL, delivery.node)
        return self._gate_reason(command, delivery, now)

    def _gate_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        gate = self._station.policy(command).gate
        if gate in (Gate.ALL_READY, Gate.READY):
            gate = Gate.ONLINE
        return gate_reason(
            gate,
            self._statuses[delivery.node],
            self._outside.relay,
            now=now,
            settings=self._station.settings,
        )

    def held_back(self, command: Command) -> Reason | None:
        """Return why a command is not sent, whatever its nodes say."""
        once = command.command_class is CommandClass.ONCE
        return self._halted() or (self._restored() if once else None)

    def _restored(self) -> Reason | None:
        at = self._book.restored_at
        return None if at is None else Reason(Why.RESTORED, since=at)


def _is_in_haste(command: Command) -> bool:
    return command.command_class is CommandClass.UNTIL_DONE
