"""Sends what may be sent, and says why the rest may not."""

from __future__ import annotations

from itertools import chain

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.clock import Now
from ..model.command import (
    Command,
    CommandClass,
    Delivery,
)
from ..model.effects import Effect
from ..model.reason import Reason, Why
from ..model.session import Session
from ..model.step import Gate
from .conditions import Halts
from .later import Later
from .queue import Queued, Situation, Turns
from .readiness import gate_reason
from .remaining import Remaining
from .waiting import Waiting


class Dispatcher:
    """Gives each command its turn."""

    def __init__(self, facts: Facts, deliveries: Deliveries, session: Session) -> None:
        """Begin with nothing sent."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._statuses = facts.statuses
        self._conditions = facts.conditions
        self._clock = facts.clock
        self._deliveries = deliveries
        self._session = session
        self.later = Later(facts, deliveries)
        self._queued = Queued(facts.ledger.open, facts.station, self.later)
        self.remaining = Remaining(facts, deliveries)

    def waiting(self, now: Now) -> Waiting:
        """Return the commands that wait to be sent, and what for."""
        parts: dict[int, tuple[Command, dict[Reason, None]]] = {}
        for command, delivery in self.remaining.wanted():
            if reason := self._resend_reason(command, delivery, now):
                parts.setdefault(command.id, (command, {}))[1][reason] = None
        in_flight = {
            command.id: (command, tuple(reasons)) for command, reasons in parts.values()
        }
        return Waiting(self._queued, self.later, in_flight, self._situation(), now)

    def run(self, now: Now) -> list[Effect]:
        """Send what may be sent, and ask what is to be asked."""
        if self._ledger.open.by_class.count(CommandClass.UNTIL_DONE):
            self._send(now, in_haste=True)
        effects = self._ask(now)
        self._send(now)
        # What is to be sent may depend on the answer.
        return effects or self._ask(now)

    def _send(self, now: Now, *, in_haste: bool = False) -> None:
        """Send what may be sent: the rest of what is in flight, then what waits."""
        for command, delivery in self.remaining.wanted():
            if in_haste and command.command_class is not CommandClass.UNTIL_DONE:
                continue
            if reason := self._resend_reason(command, delivery, now):
                self._session.keeps_waiting(command, reason, now)
            else:
                current = self._ledger.open[command.id]
                self._deliveries.go_on(current, delivery.node, now)
        heads = self._queued.in_haste() if in_haste else self._queued.heads()
        turns = Turns(self._situation(), now)
        for command, reasons in turns.survey(heads):
            for reason in reasons:
                self._session.keeps_waiting(command, reason, now)
            for node in turns.ready_nodes(command, reasons):
                if not self._asked():
                    self._deliveries.send(self._ledger.open[command.id], node, now)

    def _ask(self, now: Now) -> list[Effect]:
        if self._halted() or self._asked():
            return []
        silent = self._conditions.relay.silent_reason(now, self._station.settings)
        missed = silent is not None and self._wants_relay()
        return self._session.ask(now, missed=missed)

    def _wants_relay(self) -> bool:
        """Whether something waits to be sent that somebody must relay."""
        wanted = (command for command, _ in self.remaining.wanted())
        return any(
            self._station.policy(command).gate is Gate.RELAY
            for command in chain(self._queued.all(), wanted)
        )

    def _asked(self) -> Reason | None:
        """Return whose answer keeps everybody from being told more."""
        if not self._station.settings.one_unanswered:
            return None
        if self._session.asked:
            return Reason(Why.UNANSWERED)
        unanswered = self._deliveries.capacity.unanswered()
        if unanswered is None:
            return None
        return Reason(Why.UNANSWERED, command_id=unanswered.id)

    def _situation(self) -> Situation:
        return Situation(
            station=self._station,
            statuses=self._statuses,
            halts=self._halts(),
            in_the_way=self._in_the_way(),
            unstored={*self._ledger.unstored, *self._ledger.open.together},
            relay=self._conditions.relay,
            attempts=self._deliveries.attempts,
            asked=self._asked(),
            occupied=self._deliveries.capacity.look(),
            duplicates=self._deliveries.duplicates,
            pauses=self._deliveries.pauses,
            session=self._session,
        )

    def _in_the_way(self) -> list[Command]:
        held = self._deliveries.lane_holds.held()
        found = [*self._ledger.open.in_flight(), *held]
        return sorted(found, key=lambda command: command.id)

    def _halted(self) -> Reason | None:
        return self._conditions.halted(dispatching=self._ledger.dispatching)

    def _resend_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        """Return why a part of a command in flight is not sent now.

        Its node may be busy with that very command, so it need not be ready.
        """
        return (
            self.held_back(command)
            or self._asked()
            or self._gate_reason(command, delivery, now)
            or self.remaining.in_the_way(command, delivery.node)
            or self._session_reason(command, delivery, now)
        )

    def _session_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        """Return why a part is not sent once more; what has begun goes on."""
        if self._deliveries.attempts.at((command.id, delivery.node)).goes_on:
            return None
        return self._session.in_the_way(command, delivery.node, now)

    def _gate_reason(
        self, command: Command, delivery: Delivery, now: Now
    ) -> Reason | None:
        gate = self._station.policy(command).gate
        if gate in (Gate.ALL_READY, Gate.READY):
            gate = Gate.ONLINE
        return gate_reason(
            gate,
            self._statuses.of(delivery.node),
            self._conditions.relay,
            now=now,
            settings=self._station.settings,
        )

    def held_back(self, command: Command) -> Reason | None:
        """Return why a command is not sent, whatever its nodes say."""
        return self._halts().of(command)

    def _halts(self) -> Halts:
        at = self._ledger.restored_at
        restored = None if at is None else Reason(Why.RESTORED, since=at)
        return Halts(self._halted(), restored, self._clock.doubted)
