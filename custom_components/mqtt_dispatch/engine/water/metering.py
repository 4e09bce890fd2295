"""What runs through valves and pumps of which is known how fast.

A run is counted when it has ended: when its node says that it has closed, or when the
time is over for which it was opened. What is under way is stored as such, together with
the commands and in the same commit as they: so no kill, at any point, loses a run or
has one counted twice. Nothing is drawn from commands that have ended, for the history
drops them one day, nor restored from what Home Assistant remembers of an entity, for
that is minutes old when it is killed.

- Whether something opens is the word of its node: its reading, or its answer. An order
  in doubt counts nothing. Once it is settled by somebody who cannot say when it opened,
  it has run for its time, or from when it was sent until it was closed.
- What opens without a command (by its plan, by hand) is certainly over when the line of
  the plan is that began just then; else only its closing ends it.
- What closed while nobody listened counts until its time was over, at the latest until
  that was told; without such a time, until it was last known to be open.
- Seconds are those of the steady clock, as long as this runs. A clock that is wrong at
  a start decides nothing until it is right again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..deadlines import Due
from ..delivery.evidence import BY_NODE
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, DeliveryState
from ..model.reports import Seen
from ..model.water import Meter, Metered
from ..plan.recurrence import occurrences
from ..scheduling.readiness import NodeStatus
from .meters import Meters, Place

_OPEN, _CLOSED = "open", "closed"
_ON_TIME: Final = 15 * 60.0
"""Seconds by which the clock of a node that runs its plan may be wrong."""
_AT_ONCE: Final = frozenset({Cause.NODE, Cause.LATE_ANSWER})
"""Causes by which a node says that something has just happened."""
_ENDED: Final = frozenset({DeliveryState.FAILED, DeliveryState.REJECTED})


class Metering:
    """Counts what runs, from what nodes say and what becomes of orders."""

    def __init__(self, facts: Facts) -> None:
        """Go on with the runs that were under way when this was stored last."""
        self._facts = facts
        self._ledger = facts.ledger
        self._meters = Meters(facts.ledger.water)
        self.litres = self._meters.litres
        self.stored = self._meters.stored
        if self._meters.keep_only(facts.station.nodes):
            self._ledger.touch_by_report()
        self._listened_until = facts.ledger.believed_at
        self._began: dict[Place, float] = {}
        """Steady seconds at which runs began, as far as that is known."""
        self._heard: dict[Place, float] = {}
        """Steady seconds at which the nodes of runs were heard last."""
        facts.ledger.when_put(self._put)
        facts.deadlines.when(Due.WATER, self._is_over)

    def look_again(self, now: Now) -> None:
        """Take up the runs of before this was started, once the clock is right."""
        if not self._facts.clock.plausible:
            return
        for meter in tuple(self._meters):
            if not meter.running or (meter.node, meter.what) in self._began:
                continue
            if self._metered(meter) is None:
                # Nobody says any more how fast it runs.
                self._keep(replace(meter, running=False))
            else:
                self._end_in_time(meter, self._gone_by(meter, now), now)

    def heard(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Take in what a node says, live, of what is open.

        `before` is what was known of it until then.
        """
        if not report.live:
            return
        for metered in self._facts.station.metered(report.node):
            told = report.readings.get(metered.state or "")
            meter = self._meters.of(report.node, metered.what)
            if not meter.running:
                if told == _OPEN:
                    lasts = self._longest(report.node, metered, now)
                    self._begin(meter, lasts, now)
                continue
            place = (meter.node, meter.what)
            if told == _CLOSED:
                heard = None if before.holds(now) else self._heard.get(place)
                self._end(meter, metered, now, heard)
                continue
            if told == _OPEN:
                self._is_still_open(meter, now)
            self._heard[place] = now.steady

    def _put(self, before: Command | None, command: Command) -> None:
        for delivery in command.deliveries:
            known = None if before is None else before.delivery(delivery.node)
            if known is None or known.state is delivery.state:
                continue
            for metered in self._facts.station.metered(delivery.node):
                meter = self._meters.of(delivery.node, metered.what)
                if metered.is_opened_by(command):
                    self._order_moved(meter, metered, command, known.state)
                elif (
                    metered.is_closed_by(command)
                    and meter.running
                    and delivery.state is DeliveryState.DONE
                ):
                    self._end(meter, metered, self._ledger.now)

    def _order_moved(
        self, meter: Meter, metered: Metered, command: Command, was: DeliveryState
    ) -> None:
        now, lasts = self._ledger.now, metered.lasts(command.params)
        latest = next(
            entry for entry in reversed(command.timeline) if entry.node == meter.node
        )
        opens = DeliveryState.ACCEPTED if metered.done_once_over else DeliveryState.DONE
        heeded = BY_NODE if metered.done_once_over else _AT_ONCE
        if latest.state == opens and latest.cause in heeded:
            self._begin(meter, lasts, now)
        elif latest.state == DeliveryState.DONE:
            self._settled(meter, metered, command, now)
        elif (
            meter.running
            and metered.done_once_over
            and was is DeliveryState.ACCEPTED
            and (latest.state in _ENDED or latest.cause is Cause.BROKEN_OFF)
        ):
            self._end(meter, metered, now)

    def _settled(
        self, meter: Meter, metered: Metered, command: Command, now: Now
    ) -> None:
        """Count what an order did of which nobody said when it opened."""
        sent_at = _sent_at(command, meter.node)
        if meter.began_at is not None and meter.began_at >= sent_at:
            if meter.running and metered.done_once_over:
                self._end(meter, metered, now)
            return
        if (seconds := metered.lasts(command.params)) is None:
            return
        closed_at = self._closed_after(command, meter.node, metered)
        if closed_at is not None:
            seconds = min(seconds, max(0.0, closed_at - sent_at))
        counted = meter.ended(seconds, metered.flow)
        if meter.running:
            self._keep(replace(meter, litres=counted.litres))
        else:
            self._keep(replace(counted, began_at=sent_at))

    def _closed_after(
        self, command: Command, node: str, metered: Metered
    ) -> float | None:
        """Return when a later order was done that closes it, in unix seconds."""
        if metered.closes is None:
            return None
        found = self._ledger.known.newest_first(metered.closes[0], node)
        moments = [
            entry.at
            for closing in found
            if closing.id > command.id and metered.is_closed_by(closing)
            for entry in closing.timeline
            if entry.node == node and entry.state == DeliveryState.DONE
        ]
        return min(moments, default=None)

    def _longest(self, node: str, metered: Metered, now: Now) -> float | None:
        """Return how long what has just opened stays open, as far as that is known."""
        ordered = [
            metered.lasts(command.params)
            for command in self._ledger.open.at(node)
            if command.ever_sent and metered.is_opened_by(command)
        ]
        kind, usual = metered.opens
        planned = [
            metered.lasts(one.params)
            for meal in self._ledger.meals.values()
            if meal.kind == kind and node in (meal.nodes or (node,))
            for one in occurrences(
                meal,
                now.wall - _ON_TIME,
                now.wall + _ON_TIME,
                self._facts.station.place,
            )
            if usual.items() <= one.params.items()
        ]
        known = [lasts for lasts in (*ordered, *planned) if lasts is not None]
        return max(known, default=None)

    # Runs

    def _begin(self, meter: Meter, lasts: float | None, now: Now) -> None:
        """Begin a run; one that is opened once more goes on."""
        place = (meter.node, meter.what)
        if not meter.running:
            self._began[place] = now.steady
            self._keep(meter.began(now.wall, lasts))
        elif lasts is not None:
            gone_by = self._gone_by(meter, now)
            until = max(meter.lasts or 0.0, gone_by + lasts)
            self._keep(replace(meter, lasts=until))
            self._is_still_open(meter, now)
        self._end_in_time(self._meters.of(*place), self._gone_by(meter, now), now)

    def _is_still_open(self, meter: Meter, now: Now) -> None:
        """Know a run of before this was started to have gone on until now."""
        place = (meter.node, meter.what)
        if place not in self._began and self._facts.clock.plausible:
            self._began[place] = now.steady - self._gone_by(meter, now)

    def _end_in_time(self, meter: Meter, gone_by: float, now: Now) -> None:
        """Have a run end when it is certainly over."""
        at = None if meter.lasts is None else now.steady + meter.lasts - gone_by
        self._facts.deadlines.set(Due.WATER, meter.node, meter.what, at=at)

    def _is_over(self, node: str, what: str, now: Now) -> None:
        meter = self._meters.of(node, what)
        metered = self._metered(meter)
        if metered is not None and meter.running and meter.lasts is not None:
            self._stop(meter, metered, meter.lasts)

    def _end(
        self, meter: Meter, metered: Metered, now: Now, heard: float | None = None
    ) -> None:
        """End a run that is over, as its node says.

        `heard` is when that was heard before, in steady seconds, if it was gone since.
        """
        followed = (meter.node, meter.what) in self._began
        if followed and meter.lasts is None and heard is not None:
            seconds = self._gone_by(meter, replace(now, steady=heard))
        elif followed or (meter.lasts is not None and self._facts.clock.plausible):
            seconds = self._gone_by(meter, now)
        else:
            seconds = self._listened_until - (meter.began_at or 0.0)
        if meter.lasts is not None:
            seconds = min(seconds, meter.lasts)
        self._stop(meter, metered, max(0.0, seconds))

    def _stop(self, meter: Meter, metered: Metered, seconds: float) -> None:
        self._began.pop((meter.node, meter.what), None)
        self._heard.pop((meter.node, meter.what), None)
        self._facts.deadlines.drop(Due.WATER, meter.node, meter.what)
        self._keep(meter.ended(seconds, metered.flow))

    def _metered(self, meter: Meter) -> Metered | None:
        """Return what a meter is of, if it is still known how fast that runs."""
        found = self._facts.station.metered(meter.node)
        return next((each for each in found if each.what == meter.what), None)

    def _gone_by(self, meter: Meter, now: Now) -> float:
        """Return how long ago a run began, in seconds."""
        began = self._began.get((meter.node, meter.what))
        if began is not None:
            return now.steady - began
        return 0.0 if meter.began_at is None else max(0.0, now.wall - meter.began_at)

    def _keep(self, meter: Meter) -> None:
        """Have a meter stored with what it follows from."""
        self._ledger.touch_by_report()
        self._meters.put(meter, self._ledger.revision)


def _sent_at(command: Command, node: str) -> float:
    """Return when a command was sent to a node last, in unix seconds."""
    moments = (
        entry.at
        for entry in reversed(command.timeline)
        if entry.node == node and entry.state == DeliveryState.SENT
    )
    return next(moments, command.created_at)
