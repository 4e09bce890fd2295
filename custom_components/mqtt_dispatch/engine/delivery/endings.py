"""What lasts, and may still go on after its time: the command that ends it.

Most that lasts ends by the node's own clock, and the node says so. Where it does not
say so in time, or never ends anything by itself, what undoes it is ordered: once for
each time that it was sent, as a command of its own, which is stored and followed like
any other. That it is needed follows from the opening itself, which is stored before it
leaves: so neither a kill nor a restart, at any point, leaves anything open for ever.

- The time counts from when the node took it; where it never said so, from the last
  moment at which its message can have left. Seconds are those of the steady clock, also
  where a person said meanwhile that it happened. After a restart what was left of them
  counts, or all of them while the clock is not believed; and nodes are heard first.
- Nothing is ordered where a node said that it is over, where a newer order ends it or
  lasts itself, or where a person said that it did not happen.
- What ends it undoes no newer order, and is needless once such a one was sent.
"""

from __future__ import annotations

from typing import Final

from ..deadlines import Due
from ..facts import Facts
from ..ledger.undoing import undone_at
from ..model.clock import BEGINNING, Now
from ..model.command import (
    Cause,
    Command,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
    name_of,
)
from ..model.events import Enqueue
from ..model.step import Undoing
from ..orders.enqueue import order_ending
from .deliveries import Deliveries, delivery_of
from .evidence import BY_NODE, began_after, was_told

_HEARD_WITHIN: Final = 10.0
"""Seconds after a start in which nodes may say that it was over before."""
_MAY_GO_ON = frozenset({DeliveryState.ACCEPTED, DeliveryState.UNKNOWN})
_BEGAN = frozenset({DeliveryState.SENT, *_MAY_GO_ON, DeliveryState.DONE})


class Endings:
    """Orders what ends what may still go on after its time."""

    def __init__(self, facts: Facts, deliveries: Deliveries, now: Now) -> None:
        """Take up what was under way when this was stored last."""
        self._facts, self._ledger = facts, facts.ledger
        self._deadlines = facts.deadlines
        self._deliveries = deliveries
        self._hears_until = now.steady + _HEARD_WITHIN
        self._from_before: set[int] = set()
        """The commands that are reckoned by a clock that is not believed yet."""
        facts.ledger.when_put(self._put)
        facts.deadlines.when(Due.ENDING, self._look_at)
        ledger = facts.ledger
        for command in (*ledger.open.values(), *ledger.closed.values()):
            for delivery in command.deliveries:
                self._take_up(command, delivery, now)

    def look_again(self, now: Now) -> None:
        """Reckon anew what is from before this was started, once the clock is right."""
        if not self._facts.clock.plausible:
            return
        from_before, self._from_before = self._from_before, set()
        for command_id in sorted(from_before):
            if (command := self._ledger.find(command_id)) is None:
                continue
            for delivery in command.deliveries:
                self._reckon_anew(command, delivery, now)

    def _reckon_anew(self, command: Command, delivery: Delivery, now: Now) -> None:
        what = command.id, delivery.node
        if (at := self._deadlines.at(Due.ENDING, *what)) is None:
            return
        self._deadlines.drop(Due.ENDING, *what)
        self._heed(command, delivery, now)
        reckoned = self._deadlines.at(Due.ENDING, *what) or at
        self._deadlines.set(Due.ENDING, *what, at=min(at, reckoned))

    def _take_up(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Go on with what was under way before this was started."""
        what = command.id, delivery.node
        if command.ends is not None:
            if not command.state.final:
                self._deadlines.set(Due.ENDING, *what, at=now.steady)
            return
        if command.state.final and not _is_only_said_to_be_done(command, delivery):
            return
        self._heed(command, delivery, now)
        if not self._facts.clock.plausible:
            self._from_before.add(command.id)

    def _put(self, before: Command | None, command: Command) -> None:
        now = self._ledger.now
        for delivery in command.deliveries:
            known = None if before is None else before.delivery(delivery.node)
            if known is None or known.state is delivery.state:
                continue
            if command.ends is None:
                self._heed(command, delivery, now)
                if self._undoing(command, delivery.node) is not None:
                    self._others_may_be_concerned(command, delivery.node, now)
                continue
            self._deadlines.set(Due.ENDING, command.id, delivery.node, at=now.steady)
            if delivery.state is DeliveryState.DONE:
                what = command.ends, delivery.node
                self._deadlines.set(Due.ENDING, *what, at=now.steady)

    def _others_may_be_concerned(self, command: Command, node: str, now: Now) -> None:
        """Look at what began before, and at what was to end any of it."""
        for other in self._about_the_same(command, node):
            delivery = delivery_of(other, node)
            if other.ends is not None:
                if not other.state.final:
                    self._deadlines.set(Due.ENDING, other.id, node, at=now.steady)
            elif other.id > command.id:
                continue
            elif not other.state.final or _is_only_said_to_be_done(other, delivery):
                self._heed(other, delivery, now)
            elif _is_replaced(self._ending_of(other, node)):
                self._deadlines.set(Due.ENDING, other.id, node, at=now.steady)

    def _about_the_same(self, command: Command, node: str) -> list[Command]:
        """Return all other orders to a node that are known, open or closed."""
        return [
            other
            for kind in self._facts.station.policies
            for other in self._ledger.known.newest_first(kind, node)
            if other.id != command.id and other.subject == command.subject
        ]

    def _heed(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Have a delivery looked at when its time is over, if it may go on then."""
        undoing = self._undoing(command, delivery.node)
        if undoing is None:
            return
        what = command.id, delivery.node
        if delivery.state in _MAY_GO_ON or _is_only_said_to_be_done(command, delivery):
            if self._deadlines.at(Due.ENDING, *what) is None:
                left = self._left(command, delivery, undoing, now)
                at = max(now.steady + left, self._hears_until)
                self._deadlines.set(Due.ENDING, *what, at=at)
        elif delivery.state.open:
            self._deadlines.drop(Due.ENDING, *what)
        else:
            self._deadlines.set(Due.ENDING, *what, at=now.steady)

    def _look_at(self, command_id: int, node: str, now: Now) -> None:
        """Do what is to be done about a delivery, or what ends one, at this moment."""
        command = self._ledger.find(command_id)
        if command is None:
            return
        if command.ends is not None:
            self._end_if_needless(command, now)
            return
        delivery, undoing = delivery_of(command, node), self._undoing(command, node)
        if undoing is None:
            return
        ending, is_ended = self._ending_of(command, node), self._is_ended(command, node)
        if not is_ended and self._may_go_on(command, delivery, undoing):
            if not self._is_taken_over(command, node):
                self._end(command, delivery, undoing, now)
        elif ending is not None:
            self._settle(command, delivery, ending, undoing, now)

    def _end(
        self, command: Command, delivery: Delivery, undoing: Undoing, now: Now
    ) -> None:
        """Order what ends it."""
        wanted, node = undoing.by, delivery.node
        order = Enqueue(
            kind=wanted.kind,
            params=wanted.params,
            nodes=(node,),
            cause=Cause.ENDS,
            key=wanted.key,
        )
        ending = order_ending(self._ledger, self._facts.station, order, command, now)
        if ending is None or command.state.final:
            return
        entry = TimelineEntry(
            now.wall, delivery.state, Cause.ENDED, node, name_of(ending)
        )
        noted = command.noted(entry)
        self._ledger.put(noted)
        if delivery.state is DeliveryState.ACCEPTED and not undoing.goes_on:
            self._deliveries.move(
                noted, delivery, DeliveryState.UNKNOWN, Cause.DONE_TIMEOUT, now
            )

    def _settle(
        self,
        command: Command,
        delivery: Delivery,
        ending: Command,
        undoing: Undoing,
        now: Now,
    ) -> None:
        """Draw from what ends a command what became of it, and the other way round."""
        node, state = delivery.node, delivery.state
        began = command.was_taken_by(node) or (
            undoing.once_told and was_told(command, node)
        )
        if state in _MAY_GO_ON and began:
            if delivery_of(ending, node).state is not DeliveryState.DONE:
                return
            became = DeliveryState.DONE if undoing.goes_on else DeliveryState.FAILED
            self._deliveries.move(command, delivery, became, Cause.ENDED, now)
        elif (
            state is DeliveryState.DONE
            and _latest_cause(command, delivery) in BY_NODE
            and not (ending.state.final or ending.ever_sent)
        ):
            self._deliveries.close(ending, CommandState.SUPERSEDED, Cause.NODE, now)

    def is_needless(self, ending: Command) -> bool:
        """Whether it was to end a command, and that or a newer one began anew since."""
        if ending.ends is None:
            return False
        begun = self._ledger.open.get(ending.ends)
        return any(
            (begun is not None and begun.ended_by(node) != ending.id)
            or self._lasts_anew(ending, ending.ends, node)
            for node in ending.nodes
        )

    def _end_if_needless(self, ending: Command, now: Now) -> None:
        if not ending.state.final and self.is_needless(ending):
            cause = Cause.SUPERSEDED
            self._deliveries.close(ending, CommandState.SUPERSEDED, cause, now)

    def _may_go_on(
        self, command: Command, delivery: Delivery, undoing: Undoing
    ) -> bool:
        """Whether what a command began may go on, whatever its own time is."""
        if delivery.state is DeliveryState.FAILED:
            by_node = _latest_cause(command, delivery) in BY_NODE
            return by_node and not self._says_over(delivery.node, undoing)
        said = _is_only_said_to_be_done(command, delivery)
        return said or delivery.state in _MAY_GO_ON

    def _says_over(self, node: str, undoing: Undoing) -> bool:
        """Whether a node says, as it fails at something, that it is over."""
        if undoing.over is None:
            return False
        reading, value = undoing.over
        return self._facts.statuses.of(node).readings.get(reading) == value

    def _is_taken_over(self, command: Command, node: str) -> bool:
        newer = undone_at(self._ledger, command).get(node)
        is_undone = newer is not None and not began_after(command, newer, node)
        return is_undone or self._lasts_anew(command, command.id, node)

    def _lasts_anew(self, command: Command, since: int, node: str) -> bool:
        """Whether an order about the same was sent after `since`, and lasts itself.

        What was sent once more is as new as that. Of an older one only a clock says
        so, which may have been set back since: it must still have its end before it.
        """
        begun = self._ledger.find(since)
        sent = (begun and begun.last_sent_at(node)) or 0.0, since
        return any(
            ((other.last_sent_at(node) or 0.0), other.id) > sent
            and _may_have_begun(other, delivery_of(other, node))
            and self._undoing(other, node) is not None
            and (other.id > since or self._has_its_end_before_it(other, node))
            for other in self._about_the_same(command, node)
            if other.id != since
        )

    def _has_its_end_before_it(self, command: Command, node: str) -> bool:
        """Whether what ends a command is still to be ordered, should it need that."""
        if delivery_of(command, node).state is DeliveryState.SENT:
            return True
        at = self._deadlines.at(Due.ENDING, command.id, node)
        is_undone = node in undone_at(self._ledger, command)
        return at is not None and not (is_undone or self._is_ended(command, node))

    def _is_ended(self, command: Command, node: str) -> bool:
        """Whether what ends it was ordered since it was sent last, and still holds."""
        is_ordered = self._ending_id_of(command, node) is not None
        return is_ordered and not _is_replaced(self._ending_of(command, node))

    def _ending_of(self, command: Command, node: str) -> Command | None:
        ending_id = self._ending_id_of(command, node)
        return None if ending_id is None else self._ledger.find(ending_id)

    def _ending_id_of(self, command: Command, node: str) -> int | None:
        """Return what was ordered to end what a command began when it was sent last.

        A closed command has no line of what was ordered once it was closed.
        """
        noted = command.endings(node)
        since_it_closed = (
            each.id
            for kind in self._facts.station.policies
            for each in self._ledger.known.newest_first(kind, node)
            if each.ends == command.id and each.id not in noted
        )
        found = next(since_it_closed, None) if command.state.final else None
        return command.ended_by(node) if found is None else found

    def _undoing(self, command: Command, node: str) -> Undoing | None:
        """Return what ends what a node may still do; None: nothing needs to."""
        if node not in self._facts.station.nodes:
            return None
        return self._facts.station.course(command, node).undoing

    def _left(
        self, command: Command, delivery: Delivery, undoing: Undoing, now: Now
    ) -> float:
        """Return in how many seconds it must be over, and known to be."""
        if not self._facts.clock.plausible:
            return undoing.after
        accepts_within = self._facts.station.policy(command).accept_timeout
        waits = accepts_within * (delivery.steps - 1)
        waits += self._facts.station.course(command, delivery.node).kept_for
        began_at = _began_at(command, delivery.node, waits)
        if began_at < BEGINNING:
            return undoing.after
        return min(undoing.after, max(0.0, began_at + undoing.after - now.wall))


def _began_at(command: Command, node: str, waits: float) -> float:
    """Return when what was sent last began at the latest, in unix seconds.

    Its last message waits at most so many seconds for those before it.
    """
    began_at, is_taken = command.created_at, False
    for entry in reversed(command.timeline):
        if entry.node != node:
            continue
        if entry.state == DeliveryState.SENT:
            return began_at if is_taken else min(began_at, entry.at + waits)
        began_at = entry.at
        is_taken = entry.state == DeliveryState.ACCEPTED and entry.cause in BY_NODE
    return began_at


def _is_replaced(ending: Command | None) -> bool:
    """Whether what was to end something is not to do so any more: others are."""
    return ending is not None and ending.state is CommandState.SUPERSEDED


def _is_only_said_to_be_done(command: Command, delivery: Delivery) -> bool:
    """Whether something counts as done of which its node did not say that it is."""
    is_done = delivery.state is DeliveryState.DONE
    return is_done and _latest_cause(command, delivery) not in BY_NODE


def _may_have_begun(command: Command, delivery: Delivery) -> bool:
    """Whether a node was sent something, and did not refuse it.

    Where it failed, that decides by itself whether anything is to be ended.
    """
    failed = delivery.state is DeliveryState.FAILED
    by_node = failed and _latest_cause(command, delivery) in BY_NODE
    return delivery.attempts > 0 and (delivery.state in _BEGAN or by_node)


def _latest_cause(command: Command, delivery: Delivery) -> Cause | None:
    return next(
        (
            entry.cause
            for entry in reversed(command.timeline)
            if entry.node == delivery.node and entry.state == delivery.state
        ),
        None,
    )
