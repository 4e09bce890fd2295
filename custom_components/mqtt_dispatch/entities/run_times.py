"""How long what was opened stays open, and what that tells where no node speaks.

A node closes by itself what it was told to open for a time. It may not say so, and what
it said is forgotten when Home Assistant is killed; the time that it was given is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.delivery.evidence import BY_NODE
from ..engine.model.command import Command, CommandState
from ..engine.plan.meals import occurrences
from ..protocols.actuator import Actuator
from .actuators import ActuatorEntity


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
    closed = next(_succeeded(coordinator, actuator, node, "close"), None)
    runs: list[Command] = []
    for opened in _succeeded(coordinator, actuator, node, "open"):
        if closed is not None and closed.id > opened.id:
            break
        if runs and _ended_at(opened) + amount.maximum <= wall:
            break
        runs.append(opened)
    ends = [_ended_at(opened) + opened.params[amount.param] for opened in runs]
    is_over = coordinator.engine.clock.plausible and all(at <= wall for at in ends)
    last = runs[-1] if runs else closed if state is None else None
    opened_anew = (
        state == "open"
        and said_open_at is not None
        and all(at < said_open_at for at in ends)
    )
    if opened_anew:
        return Run(state)
    if last is not None and is_over:
        if _may_be_opened(coordinator, actuator, node, _ended_at(last)):
            return Run(state)
        return Run("closed", by_time=True)
    by_time = bool(state is None and runs and runs[0].timeline[-1].cause in BY_NODE)
    if by_time:
        state = "open"
    return Run(
        state,
        by_time=by_time,
        closes_at=ends[0] if state == "open" and ends and ends[0] > wall else None,
        over_at=max((at for at in ends if at > wall), default=None),
    )


def _succeeded(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str, what: str
) -> Iterator[Command]:
    """Go through the orders of one thing that were carried out, newest first."""
    kind, usual = actuator.orders[what]
    for command in coordinator.engine.ledger.newest_first(kind, node):
        if (
            command.state is CommandState.SUCCEEDED
            and usual.items() <= command.params.items()
        ):
            yield command


def _ended_at(command: Command) -> float:
    return command.timeline[-1].at


def _may_be_opened(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str, since: float
) -> bool:
    """Whether a command that is not settled, or the plan, may have opened it since.

    So may a line of the plan that began before, and was to end after that.
    """
    engine, (kind, usual) = coordinator.engine, actuator.orders["open"]
    if any(
        command.kind == kind and usual.items() <= command.params.items()
        for command in engine.ledger.open.at(node)
    ):
        return True
    planning, amount = coordinator.protocol.planning, actuator.amount
    if planning is None or planning.kind != kind or amount is None:
        return False
    wall, zone = now().wall, engine.station.zone
    return any(
        any(True for _ in occurrences(meal, since - lasts, wall, zone))
        for meal in engine.ledger.meals.values()
        if node in (meal.nodes or (node,)) and usual.items() <= meal.params.items()
        for lasts in (meal.params.get(amount.param, amount.maximum),)
    )


class ClosingEntity(ActuatorEntity):
    """An entity of something that closes by itself, told when it does."""

    _looks_again: CALLBACK_TYPE | None = None
    _said_open_at: float | None = None
    """When its node began to say that it is open; unix seconds."""

    @property
    def run(self) -> Run:
        """What is known of it now."""
        return run_of(self.coordinator, self.actuator, self.node, self._said_open_at)

    def _note_opening(self) -> None:
        readings = self.coordinator.data.nodes[self.node].readings
        if readings.get(self.actuator.state or "") != "open":
            self._said_open_at = None
        elif self._said_open_at is None:
            self._said_open_at = now().wall

    async def async_added_to_hass(self) -> None:
        """Begin to follow the station, and the time."""
        self._note_opening()
        await super().async_added_to_hass()
        self._look_again_in_time()

    async def async_will_remove_from_hass(self) -> None:
        """Wait no more."""
        self._wait_no_more()
        await super().async_will_remove_from_hass()

    @callback
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
