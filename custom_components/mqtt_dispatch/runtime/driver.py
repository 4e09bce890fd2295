"""Drives the engine of one station: the world in, the effects out.

This is what runs in Home Assistant and in the simulation alike. It decides nothing of
commands; it keeps the order of things: what is told while something is handled is
handled after it, what follows is carried out in turn, one timer wakes the engine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import IntEnum, auto

from ..engine.engine import Engine
from ..engine.ledger.snapshot import Snapshot
from ..engine.model.clock import Now, first_id
from ..engine.model.command import Command
from ..engine.model.effects import (
    Changed,
    Commit,
    Discovered,
    Effect,
    ImageCame,
    ImageIncomplete,
    Instruct,
    MealOverdue,
    Publish,
    Say,
    TellTime,
)
from ..engine.model.events import (
    Backup,
    Connection,
    Event,
    Refused,
    Release,
    Tick,
    ZoneChanged,
)
from ..engine.model.policy import Station
from ..engine.model.reports import Reply, Seen
from ..engine.view import StationView, view
from ..protocols.base import Protocol, Site
from ..protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
    Said,
)
from .archive import Archive
from .commits import Commits
from .inbox import Inbox
from .ports import Cancel, Clock, Disk, Listeners, Wire
from .publisher import Publisher
from .rate_limit import Pace

LOOKS_EVERY = 0.5
LOOKS_AT_ONCE = 20
"""In a flood of messages a station is looked at twice a second: whoever looks at it
sees no more, and its deadlines are not that close."""


class _Haste(IntEnum):
    """How soon it is to be seen what followed from something."""

    QUIET = auto()
    """Nothing but the age of what is shown has changed, and nothing is due sooner."""
    NEWS = auto()
    AT_ONCE = auto()


@dataclass(frozen=True, slots=True)
class World:
    """The ports of one station."""

    clock: Clock
    disk: Disk
    wire: Wire
    listeners: Listeners


class Driver:
    """One station, from the moment it is loaded until it is stopped."""

    def __init__(
        self,
        station: Station,
        protocol: Protocol,
        site: Site,
        world: World,
        *,
        stored: Snapshot,
        history: Iterable[Command],
    ) -> None:
        """Take up the station where its files left it."""
        clock = world.clock
        begin = clock.now()
        of_today = protocol.with_key_of_today
        self.engine = Engine(
            station,
            replace(stored, commands=tuple(map(of_today, stored.commands))),
            map(of_today, history),
            begin,
            first_id(begin.wall),
        )
        self.protocol = protocol
        self.site = replace(site, told=self.engine.told)
        self.commits = Commits(
            self.engine,
            clock,
            world.disk,
            world.listeners,
            self.tell,
            revision=stored.revision,
        )
        self.view: StationView = view(self.engine, begin)
        """What is shown; how old it is may be shown to nobody, and is not kept up."""
        self.stopped = False
        self._clock = clock
        self._listeners = world.listeners
        self._archive = Archive(self.engine, clock, world.disk, self.tell)
        self._publisher = Publisher(self.engine, protocol, clock, world.wire, self.tell)
        self._inbox = Inbox(
            protocol,
            clock,
            read=self._read,
            take=self._take,
            fault=world.listeners.fault,
            only_ages=self.engine.only_ages,
        )
        self._told: deque[Event] = deque()
        self._handling = False
        self._beside_view = False
        self._timer: Cancel | None = None
        self._timer_at = 0.0
        self._look: Cancel | None = None
        self._look_at = 0.0
        self._haste = _Haste.QUIET
        self._pace = Pace(LOOKS_EVERY, LOOKS_AT_ONCE)

    def start(self) -> None:
        """Begin to commit and to send."""
        self.tell(Tick())
        self._archive.schedule()

    def stop(self, stopped: Callable[[], None]) -> None:
        """Understand what came, store what is known, then stop all and say so."""
        self._inbox.after_it(lambda: self._stop(stopped))

    def _stop(self, stopped: Callable[[], None]) -> None:
        if not self.stopped:
            self.tell(Connection(up=False))
            # What is left of it begins anew, and nobody could take it back then.
            for command_id in tuple(self.engine.ledger.open.together):
                self.tell(Release(command_id, all_stored=False))
            # Who stops in the middle of a backup was not put back from one.
            self.tell(Backup(under_way=False))

        def finished() -> None:
            self.stopped = True
            self._archive.end()
            for cancel in (self._timer, self._look):
                if cancel is not None:
                    cancel()
            stopped()

        self.commits.finish(finished)

    # What comes in

    def handle(self, event: Event) -> list[Effect]:
        """Tell the engine of what somebody asks for; return what followed.

        Raises Refused for what may not be asked.
        """
        effects = self._handle(event)
        self._handle_told()
        return effects

    def tell(self, event: Event, at: Now | None = None) -> None:
        """Tell the engine of what happened, after what it is being told.

        `at`: when a message of which nothing but this is left to be told came.
        """
        if self._handling or self._told:
            self._told.append(event)
        else:
            self._handle(event, at)
        if self._told:
            self._handle_told()

    def message_came(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """Take in a message, which may be anything."""
        now = self._clock.now()
        if self._timer is not None and self._timer_at <= now.steady:
            # It is late: what waits came before that deadline.
            self._inbox.catch_up()
        self._inbox.came(Message(topic, payload, retained, now.wall))

    def connection_changed(self, *, up: bool) -> None:
        """Take in whether there is a connection over which all can be heard."""

        def changed() -> None:
            if up is not self.engine.conditions.connected:
                self._listeners.connection(up=up)
                self.tell(Connection(up))

        self._inbox.after_it(changed)

    def _read(self, message: Message) -> tuple[Said, ...]:
        said = self.protocol.report(self.site, message)
        self._listeners.heard(message, said)
        return said

    def _take(self, said: Said, message: Message, at: Now | None) -> None:
        match said:
            case Malformed():
                self._listeners.not_understood(said, message.topic)
            case Learned() | Happened():
                self._listeners.said(said)
            case Publication():
                self.tell(Reply(said))
            case _:
                self.tell(said, at)

    def site_changed(self, site: Site) -> None:
        """Take up what is known of the nodes by now."""
        self._inbox.catch_up()
        self.site = replace(site, told=self.engine.told)
        self._beside_view = True
        # What said nothing new before may say something of them now.
        self._plan_look(_Haste.NEWS)

    def catch_up(self) -> None:
        """Take in what came and was left for later, as it seemed to be no news."""
        self._inbox.catch_up()

    def zone_changed(self, zone: tzinfo) -> None:
        """Take in that it is another time here now."""
        self.tell(ZoneChanged(zone))

    # What goes out

    def carry_out(self, effect: Effect) -> None:
        """Do what the engine asks for."""
        match effect:
            case Commit():
                self.commits.want()
                self._archive.schedule()
            case Publish() | Instruct() | Say() | TellTime():
                self._publisher.send(effect, self.site)
            case ImageCame() | ImageIncomplete():
                self._listeners.pictured(effect)
                self._beside_view = True
            case Changed():
                self._listeners.changed(effect)
            case MealOverdue(meal):
                self._listeners.overdue(meal)
            case Discovered(node, hello):
                self._listeners.discovered(node, hello)

    def _handle_told(self) -> None:
        while self._told and not self._handling:
            self._handle(self._told.popleft())

    def _handle(self, event: Event, at: Now | None = None) -> list[Effect]:
        if at is None:
            self._inbox.catch_up()
            at = self._clock.now()
        looks = self.engine.looks
        effects = self._carry_out_what_follows(event, at)
        if not self.stopped:
            looked = self.engine.looks != looks
            if effects or (looked and isinstance(event, Tick)):
                self._plan_look(_Haste.AT_ONCE)
            elif looked:
                self._plan_look(_Haste.NEWS)
            elif isinstance(event, Tick):
                self._keep_timer(at)
            elif isinstance(event, Seen) and self._age_is_shown(event.node):
                self._plan_look(_Haste.QUIET)
        return effects

    def _carry_out_what_follows(self, event: Event, at: Now) -> list[Effect]:
        outer, self._handling = self._handling, True
        try:
            effects = self.engine.handle(event, at)
            for effect in effects:
                self.carry_out(effect)
        except Refused:
            raise
        except Exception:
            # Nobody knows what it left: nothing may wait for a timer that is gone.
            if not self.stopped:
                self._plan_look(_Haste.QUIET)
            raise
        finally:
            self._handling = outer
        return effects

    def _age_is_shown(self, node: str) -> bool:
        """Whether what is shown of a node changes with each message from it."""
        shown = self.view.nodes.get(node)
        return shown is not None and (
            not shown.only_ages or self._listeners.follows_age(node)
        )

    # Time

    def _plan_look(self, haste: _Haste) -> None:
        """Have done once what any number of events ask for."""
        self._inbox.news()
        if self._look is not None and haste <= self._haste:
            return
        self._haste = haste
        steady = self._clock.now().steady
        match haste:
            case _Haste.QUIET:
                wait = LOOKS_EVERY
            case _Haste.NEWS:
                wait = self._pace.wait(steady)
            case _Haste.AT_ONCE:
                wait = 0.0
        if self._look is not None:
            if self._look_at <= steady + wait:
                return
            self._look()
        self._look_at = steady + wait
        self._look = self._clock.later(wait, self._look_now)

    def _look_now(self) -> None:
        self._look = None
        self._inbox.catch_up()
        now = self._clock.now()
        self._keep_timer(now)
        before, self.view = self.view, view(self.engine, now, self.view)
        beside, self._beside_view = self._beside_view, False
        self._listeners.shown(before, self.view, beside=beside)

    def _keep_timer(self, now: Now) -> None:
        """Be called no later than the next deadline.

        Most deadlines move on before they come. The timer stays where it is then, and
        is set anew once it has found nothing due.
        """
        if (delay := self.engine.next_deadline(now)) is None:
            return
        at = now.steady + delay
        if self._timer is not None:
            if self._timer_at <= at:
                return
            self._timer()
        self._timer_at = at
        self._timer = self._clock.later(delay, self._deadline_reached)

    def _deadline_reached(self) -> None:
        self._timer = None
        self.tell(Tick())
