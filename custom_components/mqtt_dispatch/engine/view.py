"""What people are shown of a station, as one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from .engine import Engine
from .ledger.restore import Foreign
from .model.choice import Chosen
from .model.clock import Now
from .model.command import Command, CommandState
from .model.meal import Deviation, Meal, OverdueMeal
from .model.pause import Pause, PlanPause
from .model.reason import Reason, Why
from .model.reports import Readings
from .model.step import Gate
from .orders.guards import grams_today, portions_today
from .orders.refusals import Refusals
from .plan.recurrence import Occurrence, on_date
from .scheduling.readiness import NodeStatus, gate_reason
from .scheduling.waiting import Reasons, Waiting


class StationStatus(StrEnum):
    """What the station is about."""

    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    UNCONFIRMED = "unconfirmed"
    PAUSED = "paused"
    OFFLINE = "offline"
    STORAGE_ERROR = "storage_error"


class Presence(StrEnum):
    """Whether what a node said is still so."""

    HERE = "here"
    """It is online, or it sleeps and has not missed two wakings in a row."""
    AWAITED = "awaited"
    """It could not be heard for long enough to say."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class NodeView:
    """What is shown of a node. None: not known."""

    presence: Presence
    ready: bool | None
    online: bool | None
    last_seen: float | None
    """Unix seconds."""
    uptime: float | None
    """Seconds, at `uptime_heard`."""
    uptime_heard: float
    """Steady seconds."""
    readings: Readings
    reason: Reason | None
    """Why it is not ready."""
    last_fed: float | None = None
    """When it last fed by itself; unix seconds."""
    grams_today: float = 0.0
    """What it says to have fed today."""
    litres: Mapping[str, float] = MappingProxyType({})
    """What ran through its valves and pumps, by key; on disk."""

    def says_the_same(self, before: NodeView) -> bool:
        """Whether nothing but the time has changed since."""
        return _news(self) == _news(before)

    @property
    def only_ages(self) -> bool:
        """Whether a message that is no news changes nothing here but how old it is.

        Why a node is not ready says since when.
        """
        here = self.online is True and self.presence is Presence.HERE
        return here and self.reason is None


_news = attrgetter(
    "presence",
    "ready",
    "online",
    "readings",
    "reason",
    "last_fed",
    "grams_today",
    "litres",
)


@dataclass(frozen=True, slots=True)
class OverdueView:
    """A date of a meal that should have happened by now, and what is known of it."""

    date: OverdueMeal
    meal: Meal
    params: Mapping[str, Any]
    """What was to be given on that date."""
    expected_by: float
    """Unix seconds."""
    command: Command | None
    """What deals with it, or tells why it is not fed; None: nothing."""
    waits_for: Reasons
    """What that waits for, if it is still to be sent; nothing: it is sent next."""


@dataclass(frozen=True, slots=True)
class StationView:
    """What is shown of a station. Equal ones differ in their nodes at most."""

    revision: int
    """That of the ledger; what is drawn from it otherwise may have changed with it."""
    status: StationStatus
    ready: bool | None
    first_waiting: tuple[Command, tuple[Reason, ...]] | None
    """The first command that waits, and what for; one that only waits for its time
    where no other does."""
    waiting: int
    """How many do, but for what waits a moment: until it is stored, or for an echo."""
    open: int
    unconfirmed: tuple[int, ...]
    alarms: tuple[int, ...]
    """Commands that must be done and are not, for too long."""
    portions_today: int
    last_fed: float | None
    """Unix seconds."""
    next_meal: Occurrence | None
    """The next date of a meal that is to happen."""
    overdue: tuple[OverdueView, ...]
    """Also those of which a person has said what is to become of them."""
    plan_pause: PlanPause | None
    """The pause in which nothing of the plan is done now."""
    pause: Pause | None
    """None: what is ready is sent."""
    refusals: Refusals | None
    """Feeds were refused so often that a person must know of it."""
    connected: bool
    """Whether there is a broker, and nodes can be heard."""
    amounts: Mapping[tuple[str | None, str], Chosen]
    """What people chose beforehand, by node and what it is; on disk."""
    restored_at: float | None
    """When it was noticed that an older file was put back; unix seconds."""
    clock_doubted: bool
    """Whether only a person can say that the clock is right."""
    foreign: tuple[Foreign, ...]
    """Signs that somebody else sends to the nodes."""
    deviations: tuple[Deviation, ...]
    """What nodes are about to do otherwise than planned."""
    failing: Mapping[str, tuple[Command, ...]]
    """The nodes that fail too often in a row, and at what."""
    nodes: Mapping[str, NodeView] = field(compare=False)
    statuses: Mapping[str, NodeStatus] = field(compare=False, repr=False)
    """What the nodes are drawn from."""
    looks: int = field(compare=False)
    """How often the engine had looked at everything by then."""


def view(engine: Engine, now: Now, before: StationView | None = None) -> StationView:
    """Return what is to be shown now.

    A node of which the same is shown as `before` has the very same view.
    """
    if (
        before is not None
        and before.looks == engine.looks
        and (heard := _heard_anew(engine, now, before)) is not None
    ):
        return heard
    shown = {} if before is None else before.nodes
    nodes = {
        node: _node_view(engine, status, now, shown.get(node))
        for node, status in engine.statuses.items()
    }
    all_waiting = engine.waiting(now)
    first, waiting = _waiting(engine, all_waiting)
    return StationView(
        revision=engine.ledger.revision,
        status=_status(engine, nodes, now, waiting=_is_held_up(first)),
        ready=_all_ready(nodes),
        first_waiting=first,
        waiting=waiting,
        open=len(engine.ledger.open),
        unconfirmed=tuple(
            command.id
            for command in engine.ledger.open.by_state.of(CommandState.UNCONFIRMED)
        ),
        alarms=tuple(command.id for command in engine.alarms()),
        portions_today=portions_today(engine.ledger, now.wall, engine.station.zone),
        last_fed=engine.ledger.feeds.last_fed(),
        next_meal=_next_meal(engine, now),
        overdue=tuple(
            overdue
            for date in engine.ledger.overdue.values()
            if (overdue := _overdue(engine, date, all_waiting)) is not None
        ),
        plan_pause=engine.plan.paused(now),
        pause=engine.ledger.pause,
        refusals=engine.wishes.refusals.alarm,
        connected=engine.conditions.connected,
        amounts=engine.ledger.chosen.held,
        restored_at=engine.ledger.restored_at,
        clock_doubted=engine.clock.asks,
        foreign=tuple(engine.answers.past.foreign.values()),
        deviations=engine.plan.deviations.found,
        failing=engine.failing(),
        nodes=nodes,
        statuses=dict(engine.statuses.items()),
        looks=engine.looks,
    )


def _heard_anew(engine: Engine, now: Now, before: StationView) -> StationView | None:
    """Return what is shown when nodes have said no more than that they are there.

    None: since when one is not ready has changed, and what waits for it says so.
    """
    statuses = dict(engine.statuses.items())
    nodes = {**before.nodes}
    for node, status in statuses.items():
        if before.statuses[node] is status:
            continue
        shown = before.nodes[node]
        nodes[node] = _node_view(engine, status, now, shown)
        if nodes[node].reason != shown.reason:
            return None
    return replace(before, nodes=nodes, statuses=statuses)


def overdue_view(engine: Engine, date: OverdueMeal, now: Now) -> OverdueView | None:
    """Return what is known now of a date that should have happened by now.

    None: its meal is no longer of the plan.
    """
    return _overdue(engine, date, engine.waiting(now))


def _overdue(engine: Engine, date: OverdueMeal, waiting: Waiting) -> OverdueView | None:
    if (meal := engine.ledger.meals.get(date.meal_id)) is None:
        return None
    plan, place = engine.plan, engine.station.place
    command = plan.overdue.command_of(date, date.node)
    planned = on_date(meal, date.date, place) if command is None else command
    waits = command is not None and waiting.has(command.id)
    return OverdueView(
        date=date,
        meal=meal,
        params=meal.params if planned is None else planned.params,
        expected_by=plan.overdue.expected_by(date),
        command=command,
        waits_for=waiting.of(command) if command is not None and waits else (),
    )


def _waiting(
    engine: Engine, waiting: Waiting
) -> tuple[tuple[Command, tuple[Reason, ...]] | None, int]:
    """Return the first command that is shown as waiting, and how many are."""
    for_a_moment = {
        command.id
        for command, reasons in waiting.looked_at()
        if all(reason.why is Why.ECHO for reason in reasons)
    }
    if engine.conditions.storage_ok:
        for_a_moment.update(engine.ledger.unstored, engine.ledger.open.together)
    first = next((item for item in waiting if item[0].id not in for_a_moment), None)
    hidden = sum(waiting.has(command_id) for command_id in for_a_moment)
    return first, len(waiting) - hidden


def _is_held_up(first: tuple[Command, tuple[Reason, ...]] | None) -> bool:
    """Whether anything waits for more than the moment for which it was ordered."""
    return first is not None and any(each.why is not Why.NOT_YET for each in first[1])


def _all_ready(nodes: Mapping[str, NodeView]) -> bool | None:
    """Return whether every node is ready; nobody knows it of no node."""
    states = {node.ready for node in nodes.values()}
    if False in states:
        return False
    return True if states == {True} else None


def _next_meal(engine: Engine, now: Now) -> Occurrence | None:
    """Return the next date of a meal; what is past only wants to be looked at."""
    found = engine.plan.mealtimes.next_wanted
    return None if found is None or found.at <= now.wall else found


def _node_view(
    engine: Engine, status: NodeStatus, now: Now, before: NodeView | None
) -> NodeView:
    settings, ledger = engine.station.settings, engine.ledger
    gate = engine.station.usual_gate
    relay = engine.conditions.relay
    reason = gate_reason(gate, status, relay, now=now, settings=settings)
    heard = status.heard is not None or status.online is False
    seen = NodeView(
        presence=_presence(engine, status, now),
        ready=reason is None if heard else None,
        online=status.is_online(now, settings) if heard else None,
        last_seen=None if status.heard is None else status.heard.wall,
        uptime=status.uptime,
        uptime_heard=status.uptime_heard,
        readings=status.readings,
        reason=reason,
        last_fed=ledger.feeds.dispensed.last_fed(status.node),
        grams_today=grams_today(ledger, status.node, now.wall, engine.station.zone),
        litres=engine.router.metering.litres(status.node),
    )
    return before if before == seen else seen


def _presence(engine: Engine, status: NodeStatus, now: Now) -> Presence:
    conditions = engine.conditions
    if not conditions.connected:
        return Presence.AWAITED
    if not conditions.relay.is_there(now, engine.station.settings):
        return Presence.AWAITED if conditions.awaits_relay else Presence.GONE
    if status.holds(now):
        return Presence.HERE
    awaited = status.online is not False and engine.statuses.is_awaited(status.node)
    return Presence.AWAITED if awaited else Presence.GONE


def _can_be_reached(engine: Engine, nodes: Mapping[str, NodeView], now: Now) -> bool:
    match engine.station.usual_gate:
        case Gate.AWAKE:
            # That they are silent for hours is what these nodes are like.
            return True
        case Gate.RELAY:
            return engine.conditions.relay.is_there(now, engine.station.settings)
        case _:
            return not nodes or any(node.online for node in nodes.values())


def _status(
    engine: Engine, nodes: Mapping[str, NodeView], now: Now, *, waiting: bool
) -> StationStatus:
    count = engine.ledger.open.by_state.count
    if not engine.conditions.storage_ok:
        return StationStatus.STORAGE_ERROR
    if not engine.conditions.connected or not _can_be_reached(engine, nodes, now):
        return StationStatus.OFFLINE
    if not engine.ledger.dispatching:
        return StationStatus.PAUSED
    if count(CommandState.SENT, CommandState.ACCEPTED):
        return StationStatus.RUNNING
    if count(CommandState.UNCONFIRMED):
        return StationStatus.UNCONFIRMED
    return StationStatus.WAITING if waiting else StationStatus.IDLE
