"""How long what was opened stays open, and what that tells where no node speaks.

A node closes by itself what it was told to open for a time. It may not say so, and what
it said is forgotten when Home Assistant is killed; the time that it was given is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.delivery.evidence import BY_NODE
from ..engine.model.command import Command, CommandState, DeliveryState
from ..engine.plan.occurrences import skipped_for
from ..engine.plan.recurrence import occurrences
from ..protocols.actuator import Actuator
from .actuators import ActuatorEntity

_NOT_OPEN = (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DONE)
"""Not yet taken, or over."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of something that closes by itself."""

    state: str | None
    """`open` or `closed`; None: nobody knows."""
    by_time: bool = False
    """Whether its time says so, and not its node since Home Assistant started."""
    closes_at: float | None = None
    """Unix seconds; None: it is not open, or nobody knows."""
    over_at: float | None = None
    """When it is certainly over, in unix seconds; None: it is, or nobody knows."""


def run_of(
    coordinator: DispatchCoordinator,
    actuator: Actuator,
    node: str,
    said_open_at: float | None,
) -> Run:
    """Return whether something is open, and until when.

    It closes at the latest as long after its node said that it had opened as it was
    told to stay open. What else may have opened it since leaves that to its node, and
    so does a node that said only after that time, at `said_open_at`, that it is open.
    """
    told = coordinator.data.nodes[node].readings.get(actuator.state or "")
    state = None if told is None else str(told)
    if (amount := actuator.amount) is None or state not in (None, "open"):
        return Run(state)
    wall = now().wall
    closed = _closed(coordinator, actuator, node)
    runs = _runs(coordinator, actuator, node, closed, wall - amount.maximum)
    ends = [opening.at + opening.command.params[amount.param] for opening in runs]
    is_over = coordinator.engine.clock.plausible and all(at <= wall for at in ends)
    last: float | None = None
    if runs:
        last = runs[-1].at
    elif closed is not None and state is None:
        last = _ended_at(closed)
    opened_anew = (
        state == "open"
        and said_open_at is not None
        and all(at < said_open_at for at in ends)
    )
    if opened_anew:
        return Run(state)
    if last is not None and is_over:
        known = {opening.command.id for opening in runs}
        if _may_be_opened(coordinator, actuator, node, last, known):
            return Run(state)
        return Run("closed", by_time=True)
    by_time = bool(state is None and runs and runs[0].by_node)
    if by_time:
        state = "open"
    return Run(
        state,
        by_time=by_time,
        closes_at=ends[0] if state == "open" and ends and ends[0] > wall else None,
        over_at=max((at for at in ends if at > wall), default=None),
    )


def _runs(
    coordinator: DispatchCoordinator,
    actuator: Actuator,
    node: str,
    closed: Command | None,
    over: float,
) -> list[_Opening]:
    """Return the last opening, and those before it that may not be over.

    They came after what `closed` it, and those before the last one after `over`.
    """
    runs: list[_Opening] = []
    for opening in _openings(coordinator, actuator, node):
        if closed is not None and closed.id > opening.command.id:
            break
        if runs and opening.at <= over:
            break
        runs.append(opening)
    return runs


@dataclass(frozen=True, slots=True)
class _Opening:
    """An order that opened something."""

    command: Command
    at: float
    """When it did; unix seconds."""
    by_node: bool
    """Whether its node said so."""


def _openings(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> Iterator[_Opening]:
    """Go through the orders that opened it, newest first."""
    if not actuator.done_once_over:
        for command in _succeeded(coordinator, actuator, node, "open"):
            entry = command.timeline[-1]
            yield _Opening(command, entry.at, entry.cause in BY_NODE)
        return
    for command in _ordered(coordinator, actuator, node, "open"):
        delivery = command.delivery(node)
        if delivery is None or delivery.state in _NOT_OPEN:
            continue
        for entry in reversed(command.timeline):
            took = entry.node == node and entry.state == DeliveryState.ACCEPTED
            if took and entry.cause in BY_NODE:
                yield _Opening(command, entry.at, by_node=True)
                break


def _closed(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> Command | None:
    """Return the newest order that was done when it was closed."""
    found = [next(_succeeded(coordinator, actuator, node, "close"), None)]
    if actuator.done_once_over:
        found.append(next(_succeeded(coordinator, actuator, node, "open"), None))
    orders = [command for command in found if command is not None]
    return max(orders, key=lambda command: command.id, default=None)


def _succeeded(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str, what: str
) -> Iterator[Command]:
    """Go through the orders of one thing that were carried out, newest first."""
    for command in _ordered(coordinator, actuator, node, what):
        if command.state is CommandState.SUCCEEDED:
            yield command


def _ordered(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str, what: str
) -> Iterator[Command]:
    """Go through the orders of one thing, newest first."""
    kind, usual = actuator.orders[what]
    for command in coordinator.engine.ledger.known.newest_first(kind, node):
        if usual.items() <= command.params.items():
            yield command


def _ended_at(command: Command) -> float:
    return command.timeline[-1].at


def _may_be_opened(
    coordinator: DispatchCoordinator,
    actuator: Actuator,
    node: str,
    since: float,
    known: Collection[int],
) -> bool:
    """Whether a command that is not settled, or the plan, may have opened it since.

    Of those `known` by their ids it is clear when they did. So may a line of the plan
    that began before, and was to end after that.
    """
    engine, (kind, usual) = coordinator.engine, actuator.orders["open"]
    if any(
        command.kind == kind
        and command.id not in known
        and usual.items() <= command.params.items()
        for command in engine.ledger.open.at(node)
    ):
        return True
    planning, amount = coordinator.protocol.planning, actuator.amount
    if planning is None or planning.kind != kind or amount is None:
        return False
    wall, place = now().wall, engine.station.place
    return any(
        usual.items() <= one.params.items()
        and one.at + one.params.get(amount.param, amount.maximum) >= since
        and skipped_for(engine.ledger, one) is None
        for meal in engine.ledger.meals.values()
        if meal.kind == kind and node in (meal.nodes or (node,))
        for one in occurrences(meal, since - amount.maximum, wall, place)
    )


class ClosingEntity(ActuatorEntity):
    """An entity of something that closes by itself, told when it does."""

    _looks_again: CALLBACK_TYPE | None = None
    _said_open_at: float | None = None
    """When its node began to say that it is open; unix seconds."""

    @property
    def run(self) -> Run:
        """What is known of it now."""
        if not self.word_holds:
            return Run(None)
        return run_of(self.coordinator, self.actuator, self.node, self._said_open_at)

    def _note_opening(self) -> None:
        readings = self.coordinator.data.nodes[self.node].readings
        if readings.get(self.actuator.state or "") != "open":
            self._said_open_at = None
        elif self._said_open_at is None:
            self._said_open_at = now().wall

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to follow the station, and the time."""
        self._note_opening()
        await super().async_added_to_hass()
        self._look_again_in_time()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Wait no more."""
        self._wait_no_more()
        await super().async_will_remove_from_hass()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._note_opening()
        super()._handle_coordinator_update()
        self._look_again_in_time()

    @callback
    def _time_has_come(self, _: datetime) -> None:
        self._looks_again = None
        self._handle_coordinator_update()

    def _look_again_in_time(self) -> None:
        self._wait_no_more()
        run, wall = self.run, now().wall
        moments = [at for at in (run.closes_at, run.over_at) if at is not None]
        if moments:
            self._looks_again = async_call_later(
                self.hass, max(0.0, min(moments) - wall), self._time_has_come
            )

    def _wait_no_more(self) -> None:
        if self._looks_again is not None:
            self._looks_again()
            self._looks_again = None
