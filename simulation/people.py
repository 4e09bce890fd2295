"""What people and automations ask of a station, each as an action of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import Enqueued, Withdrawn
from custom_components.mqtt_dispatch.engine.model.events import (
    Backup,
    Cancel,
    CancelAll,
    ConfirmRestore,
    Dispatching,
    Enqueue,
    Event,
    Finish,
    Refused,
    Resolve,
    TrustClock,
)
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from simulation.actions import Action
from simulation.planners import Planners
from simulation.record import (
    Answered,
    Asked,
    Decided,
    Emptied,
    NotStored,
    Paused,
    Refused as WasRefused,
    Resend,
    RestoreConfirmed,
)
from simulation.station import Station
from simulation.together import Together

_NOT_DONE = (
    CommandState.CANCELLED,
    CommandState.EXPIRED,
    CommandState.FAILED,
    CommandState.REJECTED,
)


class People:
    """Asks, and notes what was asked and answered."""

    def __init__(self, random: Random, time: Callable[[], float]) -> None:
        self._random = random
        self._time = time
        self._intents = 0
        self._planners = Planners(random, self._refused, self._resend)
        self.together = Together(time, self._next_intent, self._refused).order
        self._by: Mapping[str, Callable[..., Action]] = {
            "order": self._order,
            "cancel": self._cancel,
            "resolve": self._resolve,
            "finish": self._finish,
            "confirm": self._confirm,
            "trust_clock": self._trust_clock,
            "back_up": self._back_up,
            "pause": self._pause,
            "cancel_all": self._cancel_all,
            "resume": self._resume,
            **self._planners.by_name(),
            "put_meal": self._put_meal,
            "mend_plan": self._mend_plan,
            "bind": self._bind,
        }

    def ask(self, station: Station, what: str, fields: Mapping[str, Any]) -> None:
        station.begin(self._by[what](station, **fields))

    def _order(
        self,
        station: Station,
        *,
        kind: str,
        params: Mapping[str, Any],
        nodes: tuple[str, ...],
        key: str | None,
        expires_in: float | None,
        after: float | None = None,
    ) -> Action:
        """Order something, for now or for when the clock shows so much later."""
        intent = self._next_intent()
        params = station.site.cast.named(kind, params, intent)
        checked = station.protocol.check(kind, params)
        order = Enqueue(
            kind=kind,
            params=checked,
            nodes=nodes,
            cause=Cause.ACTION,
            key=station.protocol.kinds[kind].key(checked),
            at=None if after is None else station.now().wall + after,
            expires_in=expires_in,
            idempotency_key=key,
        )
        yield from self._store(station, order, intent, kind, key)

    def _finish(self, station: Station) -> Action:
        ended = (CommandState.FAILED, CommandState.REJECTED)
        closed = [c for c in station.engine.ledger.closed.values() if c.state in ended]
        if closed:
            command = self._random.choice(closed)
            yield from self._store(
                station, Finish(command.id), self._next_intent(), "finish", None
            )

    def _store(
        self,
        station: Station,
        order: Event,
        intent: int,
        kind: str,
        key: str | None,
    ) -> Action:
        """Have something stored that makes a command, or not at all."""
        site, ledger = station.site, station.engine.ledger
        site.note(Asked(self._time(), site.name, intent, kind, key, station.now().wall))
        try:
            effects = station.handle(order)
        except Refused as refused:
            self._refused(station, kind, refused)
            return
        (command_id,) = (e.command_id for e in effects if isinstance(e, Enqueued))
        # What is stored already (an older command of the same key) is not waited for.
        if command_id in ledger.unstored:
            yield
            if ledger.find(command_id) is None:
                site.note(NotStored(self._time(), site.name, intent, command_id))
                return
        site.note(Answered(self._time(), site.name, intent, command_id))

    def _cancel(self, station: Station) -> Action:
        if not (command := self._one(station, CommandState.QUEUED)):
            return
        if self._tell(station, "cancel", Cancel(command.id)):
            self._decided(station, command, "cancelled")
            yield

    def _resolve(self, station: Station, *, outcome: str) -> Action:
        if not (command := self._one(station, CommandState.UNCONFIRMED)):
            return
        meant = Outcome(outcome)
        if meant is Outcome.RESEND:
            self._resend(station, command, False)
        else:
            self._decided(station, command, outcome)
        if not self._tell(station, "resolve", Resolve(command.id, meant)):
            return
        if not (yield) and meant is Outcome.RESEND:
            self._resend(station, command, True)

    def _confirm(self, station: Station, *, keep: bool) -> Action:
        if station.engine.ledger.restored_at is None:
            return
        station.site.note(RestoreConfirmed(self._time(), station.site.name, keep))
        self._tell(station, "confirm", ConfirmRestore(keep))
        yield

    def _trust_clock(self, station: Station) -> Action:
        station.handle(TrustClock())
        yield

    def _back_up(self, station: Station, *, then: Callable[[], None]) -> Action:
        """Have what is stored marked, if that can be, and then copied."""
        station.handle(Backup(under_way=True))
        yield
        then()

    def _pause(
        self,
        station: Station,
        *,
        lasts: float | None = None,
        until: float | None = None,
    ) -> Action:
        """Pause: for so many seconds, or until the clock shows so many later."""
        site, at = station.site, self._time()
        wall = None if until is None else station.now().wall + until
        site.note(Paused(at, site.name, known=False))
        station.handle(Dispatching(enabled=False, lasts=lasts, until=wall))
        pause = station.engine.ledger.pause
        if (yield) and station.engine.ledger.pause == pause:
            ends = lasts if until is None else until
            over = None if ends is None else at + ends
            site.note(Paused(self._time(), site.name, True, over, wall is not None))

    def _resume(self, station: Station) -> Action:
        station.site.note(Paused(self._time(), station.site.name, known=False))
        station.handle(Dispatching(enabled=True))
        yield

    def _cancel_all(self, station: Station) -> Action:
        effects = station.handle(CancelAll())
        if (yield):
            for answer in effects:
                if isinstance(answer, Withdrawn):
                    kept = tuple(command_id for command_id, _ in answer.kept)
                    name, gone = station.site.name, answer.command_ids
                    station.site.note(Emptied(self._time(), name, gone, kept))

    def _put_meal(self, station: Station, *, given: Mapping[str, Any]) -> Action:
        """Plan something that nodes keep; what was planned for the time gives way."""
        planning, ledger = station.protocol.planning, station.engine.ledger
        if planning is None:
            return
        before = next(
            (m for m in ledger.meals.values() if m.rule.time == given["time"]), None
        )
        params = station.protocol.check(planning.kind, given["params"])
        meal = new_meal(
            rule=new_rule(time=given["time"], weekdays=given["weekdays"]),
            params=params,
            nodes=given["nodes"],
            kind=planning.kind,
            meal_id="" if before is None else before.id,
            name="",
        )
        yield from self._planners.put(station, "put_meal", meal)

    def _bind(self, station: Station) -> Action:
        """Give each node its place anew: it may have lost it."""
        protocol = station.protocol
        if protocol.binding is None:
            return
        for node in station.engine.station.nodes:
            for wanted in protocol.welcome(station.driver.site, node):
                order = Enqueue(
                    kind=wanted.kind,
                    params=wanted.params,
                    nodes=(node,),
                    cause=Cause.ACTION,
                    key=protocol.with_key(wanted).key,
                )
                intent = self._next_intent()
                yield from self._store(station, order, intent, wanted.kind, None)

    def _mend_plan(self, station: Station) -> Action:
        """Have what was to bring the plan to a node, and failed, done after all."""
        planning, ledger = station.protocol.planning, station.engine.ledger
        if planning is None:
            return
        desired, now = station.engine.plan.desired, station.now()
        for wanted in desired.wanted(station.engine.station, now):
            last = ledger.known.newest(wanted.kind, wanted.node)
            if last is None or last.state not in _NOT_DONE:
                continue
            order = Enqueue(
                kind=wanted.kind,
                params=wanted.params,
                nodes=(wanted.node,),
                cause=Cause.ACTION,
                key=station.protocol.with_key(wanted).key,
            )
            yield from self._store(
                station, order, self._next_intent(), wanted.kind, None
            )

    def _one(self, station: Station, state: CommandState) -> Command | None:
        found = [c for c in station.engine.ledger.open.values() if c.state is state]
        return self._random.choice(found) if found else None

    def _tell(self, station: Station, what: str, wish: Event) -> bool:
        try:
            station.handle(wish)
        except Refused as refused:
            self._refused(station, what, refused)
            return False
        return True

    def _refused(self, station: Station, what: str, refused: Refused) -> None:
        name = station.site.name
        station.site.note(WasRefused(self._time(), name, what, refused.code))

    def _decided(self, station: Station, command: Command, outcome: str) -> None:
        name = station.site.name
        station.site.note(Decided(self._time(), name, command.id, outcome))

    def _resend(self, station: Station, command: Command, taken_back: bool) -> None:
        name = station.site.name
        station.site.note(Resend(self._time(), name, command.id, taken_back))

    def _next_intent(self) -> int:
        self._intents += 1
        return self._intents
