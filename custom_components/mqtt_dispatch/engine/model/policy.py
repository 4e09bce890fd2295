"""The rules of each kind of command, and the numbers of a station."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from .command import Command, CommandClass, DeliveryState
from .meal import Meal, Place, Sun, no_sun
from .reports import Readings
from .session import Host, Session, no_session
from .step import Course, Gate, Run, Silence, Step, Wanted, no_course, one_step
from .water import Metered, nothing_metered

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

FEED: Final = "feed"
REBOOT: Final = "reboot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of a kind. All times are seconds."""

    command_class: CommandClass
    gate: Gate
    expires_in: float | None
    """How long it may wait to be sent. None: for ever."""
    accept_timeout: float = 10.0
    done_timeout: float = 90.0
    retry_delay: float = 30.0
    """From one attempt to the next."""
    retry_delays: tuple[float, ...] = ()
    """From the first attempt to the second, from that to the third ..., and from the
    beginning again; none: always `retry_delay`."""
    attempts: int | None = 3
    """How often it is sent when unsure. None: until it is done."""
    done_by_restart: bool = False
    """Whether an uptime that fell says that it is done."""
    done_by_any_message: bool = False
    """Whether it is done once the node says anything at all."""
    silence: Silence = Silence.DOUBT
    """What it means that a node does not answer the last message of it within
    `accept_timeout`."""
    alone: bool = False
    """Whether its node gets nothing else while it works on it."""
    alone_once_taken: bool = False
    """The same from when the node itself said that it takes it, if it says so."""
    done_by_absence: bool = False
    """Whether it is done once nobody holds it for its node any more."""
    beside: bool = False
    """Whether its node may be given others while it is in flight."""
    handed_over: bool = False
    """Whether its node gets it in the answer to its next heartbeat, and no sooner."""
    once_with: Mapping[str, object] = MappingProxyType({})
    """The params with which it must happen once, whatever its class is else."""

    def class_with(self, params: Mapping[str, object]) -> CommandClass:
        """Return the class of a command with these params."""
        if self.once_with and self.once_with.items() <= params.items():
            return CommandClass.ONCE
        return self.command_class

    def delay_after(self, attempt: int) -> float:
        """Return the seconds from attempt number `attempt` (from 1) to the next."""
        if self.attempts is None:
            return min(2.0 ** min(attempt - 1, 16), MINUTE)
        if self.retry_delays:
            return self.retry_delays[(attempt - 1) % len(self.retry_delays)]
        return self.retry_delay


ONCE: Final = Policy(
    command_class=CommandClass.ONCE, gate=Gate.ONLINE, expires_in=15 * MINUTE
)
LATEST: Final = Policy(
    command_class=CommandClass.LATEST, gate=Gate.ONLINE, expires_in=DAY
)
UNTIL_DONE: Final = Policy(
    command_class=CommandClass.UNTIL_DONE,
    gate=Gate.ONLINE,
    expires_in=None,
    attempts=None,
)
REPEAT: Final = Policy(
    command_class=CommandClass.REPEAT, gate=Gate.ONLINE, expires_in=DAY
)

BY_CLASS: Final[Mapping[CommandClass, Policy]] = MappingProxyType(
    {policy.command_class: policy for policy in (ONCE, LATEST, UNTIL_DONE, REPEAT)}
)

FEEDING: Final = replace(ONCE, gate=Gate.ALL_READY, expires_in=HOUR)
RESTARTING: Final = replace(ONCE, expires_in=10 * MINUTE, done_by_restart=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The numbers of a station. All times are seconds."""

    max_age: float = 10.0
    """How long a node's word that it is ready holds."""
    debounce: float = 0.5
    """How long readiness must stand unchanged."""
    online_age: float = 15.0
    """How long a node counts as online after it was heard."""
    hold: float = 10 * MINUTE
    """How long an unconfirmed command of class once holds its lane."""
    late: float = 30 * MINUTE
    """How late a meal may still be fed."""
    alarm_after: float = 5 * MINUTE
    """When a command that must be done becomes a matter for a person."""
    max_open: int = 1000
    awake_for: float = 60.0
    """How long a node stays awake after it said hello, or anything since."""
    per_waking: int = 5
    """How many commands a node gets on one waking."""
    relay_age: float | None = None
    """How long whoever relays counts as there. None: nobody relays."""
    one_unanswered: int = 0
    """1: nothing is sent to any node while an answer is waited for."""
    at_once: int = 1
    """How many commands may be in flight at a node."""
    places: int | None = None
    """How many messages whoever relays holds for a node; the last of these places is
    for what must be done. None: nobody counts."""
    step_window: int = 1_000_000
    """How many steps of a command may be taken and not done yet."""
    echo_for: float = 0.0
    """How long after an answer without an id a second copy of it may come; nothing goes
    out meanwhile that it could be taken for an answer to."""
    refusal_echo_for: float = 0.0
    """The same for a refusal that names no node, and for what must happen once."""
    drops_repeats_for: float | None = None
    """How long after it was first sent a command may be repeated to a node that drops
    repeats. None: always."""
    needed_again: float = 30.0
    """In which a node that lacks something is not heeded again."""
    portions_per_day: int | None = None
    minimum_gap: float | None = None
    """Between two feeds."""
    history_days: int = 400
    """For how many days what is over is kept in the history."""
    feeds_waiting: int = 5
    """How many feeds wait when no more are taken. 0: any number may."""
    feeds_per_hour: int = 12
    """How many feeds may be ordered in an hour. 0: any number."""
    failures_in_a_row: int = 3
    """How often a node fails, one command after the other, when a person is told of
    it. 0: however often, nobody is."""


def nothing_wanted(_meals: tuple[Meal, ...], _wall: float) -> tuple[Wanted, ...]:
    """Return that nodes need not hold anything."""
    return ()


def nothing_run(
    _kind: str, _params: Mapping[str, Any], _start: float, _end: float
) -> Iterable[Run]:
    """Return that a command brings no plan."""
    return ()


def no_welcome(_node: str) -> tuple[Wanted, ...]:
    """Return that a node need not get anything at first."""
    return ()


def nothing_assumed(_command: Command, _node: str, _state: DeliveryState) -> Readings:
    """Return that an answer says no more than it says."""
    return {}


def no_key(_kind: str, _params: Mapping[str, Any]) -> str:
    """Return that what is planned replaces nothing."""
    return ""


def no_longer_than_heard(_node: str, _wall: float) -> float:
    """Return that the word of a node holds for as long as it counts as online."""
    return 0.0


class PlanKeeper(StrEnum):
    """Who runs the plan."""

    HOME = "home"
    """Home Assistant: it orders each meal at its time."""
    NODES = "nodes"
    NODES_THAT_TELL = "nodes_that_tell"
    """Nodes that tell what they dispensed."""


_TELLING_GATES = (Gate.ALL_READY, Gate.READY, Gate.AWAKE, Gate.RELAY, Gate.ONLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """What the engine must know of its station, its protocol included."""

    nodes: tuple[str, ...]
    policies: Mapping[str, Policy]
    settings: Settings = Settings()
    zone: tzinfo = UTC
    sun: Callable[[Sun, date], float | None] = no_sun
    """`sun(event, day)`: see `Place.sun`."""
    plan_keeper: PlanKeeper = PlanKeeper.HOME
    """Who runs the meals of `planned_kind`."""
    plan_cycle: int = 7
    """Days after which nodes that run a plan begin with it anew."""
    plan_lasts: str | None = None
    """The param that says for how many seconds a line of it runs; None: none."""
    planned_kind: str = FEED
    """What nodes can keep a plan of; Home Assistant runs what else is planned."""
    steps: Callable[[Command, str, Readings], tuple[Step, ...]] = one_step
    """`steps(command, node, readings)`: what an attempt is made of."""
    course: Callable[[Command, str], Course] = no_course
    """`course(command, node)`: how a node carries out a command."""
    wanted: Callable[[tuple[Meal, ...], float], tuple[Wanted, ...]] = nothing_wanted
    """`wanted(lines, wall)`: what the nodes should hold of these lines of the plan."""
    runs: Callable[[str, Mapping[str, Any], float, float], Iterable[Run]] = nothing_run
    """`runs(kind, params, start, end)`: what a node runs by itself after `start` and
    until `end`, in unix seconds, that was given what a command of a kind brings."""
    welcome: Callable[[str], tuple[Wanted, ...]] = no_welcome
    """`welcome(node)`: what a node gets when it is adopted."""
    assumed: Callable[[Command, str, DeliveryState], Readings] = nothing_assumed
    """`assumed(command, node, state)`: what is so at a node that has taken a command
    or done it, though it does not say it."""
    key_of: Callable[[str, Mapping[str, Any]], str] = no_key
    """`key_of(kind, params)`: see `Enqueue.key`; of what is planned."""
    session: Callable[[Host], Session] = no_session
    """`session(host)`: what is kept of its nodes beside commands, while it runs."""
    metered: Callable[[str], tuple[Metered, ...]] = nothing_metered
    """`metered(node)`: through what of a node water runs that is metered."""
    word_holds: Callable[[str, float], float] = no_longer_than_heard
    """`word_holds(node, wall)`: for how many seconds what a node said at `wall` holds
    though it is silent since: until it has missed two wakings in a row. 0: it never
    sleeps."""

    @property
    def place(self) -> Place:
        """Where its owner lives."""
        return Place(self.zone, self.sun)

    def keeper_of(self, planned: Meal | Command) -> PlanKeeper:
        """Return who runs a meal, or ran the one that a command is for."""
        is_kept = planned.kind == self.planned_kind
        return self.plan_keeper if is_kept else PlanKeeper.HOME

    def nodes_of(self, meal: Meal) -> tuple[str, ...]:
        """Return the nodes that a meal is for."""
        return meal.nodes or self.nodes

    def tellers_of(self, meal: Meal) -> tuple[str, ...]:
        """Return who says what becomes of a meal, if anybody does.

        An empty text is Home Assistant.
        """
        match self.keeper_of(meal):
            case PlanKeeper.HOME:
                return ("",)
            case PlanKeeper.NODES_THAT_TELL:
                return self.nodes_of(meal)
            case PlanKeeper.NODES:
                return ()

    @property
    def usual_gate(self) -> Gate:
        """The gate that says of these nodes whether they are ready."""
        gates = {policy.gate for policy in self.policies.values()}
        return next(gate for gate in _TELLING_GATES if gate in gates)

    def policy(self, command: Command) -> Policy:
        """Return the rules of a command, also of a kind that is gone since."""
        return self.policies.get(command.kind) or BY_CLASS[command.command_class]

    def accept_wait(self, command: Command, attempt: int) -> float:
        """Return the seconds that attempt number `attempt` (from 1) waits to be taken.

        What must be done waits no longer than until its next attempt, unless its answer
        could then be taken for that to another message.
        """
        policy = self.policy(command)
        if policy.attempts is None and not self.settings.one_unanswered:
            return min(policy.accept_timeout, policy.delay_after(attempt))
        return policy.accept_timeout
