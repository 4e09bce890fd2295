"""Drives the engine of one station: the world in, the effects out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from homeassistant.components.mqtt.models import ReceiveMessage
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigEntry
from homeassistant.const import (
    EVENT_CORE_CONFIG_UPDATE,
    EVENT_HOMEASSISTANT_FINAL_WRITE,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event as HassEvent,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .broker.link import Link
from .broker.publisher import Publisher
from .broker.rate_limit import Pace
from .clock import now
from .const import CONF_FIELDS, CONF_NODE, DOMAIN
from .engine.engine import Engine
from .engine.ledger.snapshot import Snapshot
from .engine.model.clock import first_id
from .engine.model.command import Command, CommandState
from .engine.model.events import (
    Backup,
    Changed,
    Commit,
    Connection,
    Discovered,
    Effect,
    Event,
    ImageCame,
    ImageIncomplete,
    Inquire,
    Instruct,
    Publish,
    Say,
    TellTime,
    Tick,
    ZoneChanged,
)
from .engine.model.reports import Reply
from .engine.model.step import Gate
from .engine.view import StationView, view
from .entities.pictures import Pictures
from .log import LOGGER, CountedLog
from .protocols.base import (
    NOT_ADOPTED,
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
    Site,
)
from .station import prefix_of, protocol_of, site_of, station_of
from .storage.archive import Archive
from .storage.commits import Commits
from .storage.store import StationStore

OF_STATION = object()
"""The context of listeners that no news of a single node concerns.

That of a listener to one node is its name. None hears of everything.
"""

type DispatchConfigEntry = ConfigEntry[DispatchCoordinator]


class DispatchCoordinator(DataUpdateCoordinator[StationView]):
    """The one place where the engine of a station meets the world.

    Messages, actions and one timer become events; effects are carried out in order.
    """

    config_entry: DispatchConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: DispatchConfigEntry,
        store: StationStore,
        link: Link,
        *,
        stored: Snapshot,
        history: list[Command],
    ) -> None:
        """Take up the station where its files left it."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=entry.title, update_interval=None
        )
        self.store = store
        self.protocol = protocol_of(entry)
        self.prefix = prefix_of(entry)
        self.malformed = CountedLog(f"{entry.title}: messages not understood")
        begin = now()
        self.engine = Engine(
            station_of(entry), stored, history, begin, first_id(begin.wall)
        )
        self.portions = 1
        """What the feed button gives."""
        self.site = self._site()
        self.amounts: dict[tuple[str, str], float] = {}
        """What a person chose beforehand, by node and actuator."""
        self.pictures = Pictures(entry.title)
        self.commits = Commits(
            entry.title, self.engine, store, self.handle, revision=stored.revision
        )
        self._archive = Archive(hass, entry, self.engine, store, self.handle)
        self._publisher = Publisher(
            hass,
            entry,
            self.engine,
            link,
            protocol=self.protocol,
            site=lambda: self.site,
            tell=self.handle,
        )
        self.link = link
        self._stopped = False
        self._end_waiters: set[asyncio.Event] = set()
        self._change_listeners: list[Callable[[Changed], None]] = []
        self._said_listeners: list[Callable[[Learned | Happened], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._follow_up: asyncio.Handle | None = None
        self._pace = Pace(every=0.5, at_once=20)
        self._news_beside_view = False
        self.data = view(self.engine, now())

    @callback
    def async_start(self) -> None:
        """Begin to listen, to commit and to send."""
        entry, bus = self.config_entry, self.hass.bus
        entry.async_on_unload(
            bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._config_changed)
        )
        entry.async_on_unload(
            bus.async_listen(EVENT_HOMEASSISTANT_FINAL_WRITE, self._final_write)
        )
        self.commits.start(self.hass)
        self.handle(Tick())
        if self.engine.ledger.unarchived:
            self._archive.schedule()
        self.link.attach(self._message_came, self._connection_changed)

    async def async_stop(self) -> None:
        """Stop everything, and leave what is known on disk."""
        self.link.let_go(self.config_entry.entry_id)
        if not self._stopped:
            self.handle(Connection(up=False))
            # Who stops in the middle of a backup was not put back from one.
            self.handle(Backup(under_way=False))
        await self.commits.async_finish()
        self._stopped = True
        for ended in self._end_waiters:
            ended.set()
        self._archive.cancel()
        for handle in (self._timer, self._follow_up):
            if handle is not None:
                handle.cancel()

    @callback
    def handle(self, event: Event) -> list[Effect]:
        """Tell the engine of an event, and carry out what follows.

        Raises Refused for what may not be asked.
        """
        effects = self.engine.handle(event, now())
        for effect in effects:
            self._carry_out(effect)
        if not self._stopped:
            self._plan_follow_up(at_once=bool(effects))
        return effects

    def _plan_follow_up(self, *, at_once: bool) -> None:
        loop, planned = self.hass.loop, self._follow_up
        if at_once and isinstance(planned, asyncio.TimerHandle):
            planned.cancel()
        elif planned is not None:
            return
        if at_once or not (wait := self._pace.wait(now().steady)):
            self._follow_up = loop.call_soon(self._after_events)
        else:
            self._follow_up = loop.call_later(wait, self._after_events)

    async def async_ended(self, command_id: int, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until a command has ended or is in doubt, at most `timeout` seconds.

        Nobody is kept waiting by a station that is unloaded.
        """
        ended = asyncio.Event()

        @callback
        def changed(change: Changed) -> None:
            if change.command_id == command_id and _is_settled(change.state):
                ended.set()

        command = self.engine.ledger.find(command_id)
        if command is None or _is_settled(command.state) or self._stopped:
            return
        stop = self.async_on_change(changed)
        self._end_waiters.add(ended)
        try:
            async with asyncio.timeout(timeout):
                await ended.wait()
        except TimeoutError:
            return
        finally:
            self._end_waiters.discard(ended)
            stop()

    @callback
    def async_on_change(self, listener: Callable[[Changed], None]) -> CALLBACK_TYPE:
        """Tell a listener of each change of a command that is on disk."""
        return _added(self._change_listeners, listener)

    @callback
    def async_on_said(
        self, listener: Callable[[Learned | Happened], None]
    ) -> CALLBACK_TYPE:
        """Tell a listener of what nodes say that concerns no command."""
        return _added(self._said_listeners, listener)

    @callback
    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Commit():
                self.commits.want()
            case Publish() | Inquire() | Instruct() | Say() | TellTime():
                self._publisher.send(effect)
            case ImageCame() | ImageIncomplete():
                self.pictures.take(effect)
                self._news_beside_view = True
            case Changed():
                self._tell_all(self._change_listeners, effect)
                if effect.state.final:
                    self._archive.schedule()
            case Discovered(node, hello):
                discovery_flow.async_create_flow(
                    self.hass,
                    DOMAIN,
                    context={"source": SOURCE_INTEGRATION_DISCOVERY},
                    data={
                        "entry_id": self.config_entry.entry_id,
                        CONF_NODE: node,
                        CONF_FIELDS: self.protocol.node_usually(hello),
                    },
                )

    @property
    def sleeps(self) -> bool:
        """Whether the nodes sleep at times, and what they said holds meanwhile."""
        return self.engine.station.usual_gate in (Gate.AWAKE, Gate.RELAY)

    def understands(self, node: str, kind: str) -> bool:
        """Whether a node understands a kind of command, as far as is known of it."""
        protocol, readings = self.protocol, self.data.nodes[node].readings
        return kind in protocol.kinds and protocol.understands(
            self.site, node, kind, readings
        )

    @callback
    def async_site_changed(self) -> None:
        """Take up what was learned of the nodes."""
        self.site = self._site()
        self._news_beside_view = True

    def _site(self) -> Site:
        return replace(site_of(self.config_entry), told=self.engine.told)

    def _tell_all[T](self, listeners: list[Callable[[T], None]], news: T) -> None:
        for listener in tuple(listeners):
            try:
                listener(news)
            except Exception:  # noqa: BLE001 - what else is to be done must be done
                LOGGER.exception("%s: telling of %s", self.name, type(news).__name__)

    @callback
    def _message_came(self, message: ReceiveMessage) -> None:
        payload = message.payload
        if isinstance(payload, str):
            payload = payload.encode()
        came = Message(message.topic, bytes(payload), message.retain, now().wall)
        for report in self.protocol.report(self.site, came):
            match report:
                case Malformed(reason):
                    is_fault = reason != NOT_ADOPTED
                    self.malformed.count(reason, message.topic, is_fault=is_fault)
                case Learned() | Happened():
                    self._tell_all(self._said_listeners, report)
                case Publication():
                    self.handle(Reply(report))
                case _:
                    self.handle(report)

    @callback
    def _connection_changed(self, up: bool) -> None:
        if up is self.engine.conditions.connected:
            return
        if up:
            LOGGER.info("%s: connected to the MQTT broker", self.name)
        else:
            LOGGER.warning("%s: lost the connection to the MQTT broker", self.name)
        self.handle(Connection(up))

    async def _final_write(self, _: HassEvent[Any]) -> None:
        await self.async_stop()

    @callback
    def _config_changed(self, _: HassEvent[Any]) -> None:
        zone = dt_util.get_default_time_zone()
        if zone != self.engine.station.zone:
            self.async_site_changed()
            self.handle(ZoneChanged(zone))

    @callback
    def _after_events(self) -> None:
        """Do once what any number of events ask for.

        In a flood of messages that means twice a second: whoever looks at the
        station sees no more, and its deadlines are not that close.
        """
        self._follow_up = None
        instant = now()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if (delay := self.engine.next_deadline(instant)) is not None:
            self._timer = self.hass.loop.call_later(delay, self._deadline_reached)
        before, self.data = self.data, view(self.engine, instant, self.data)
        self._tell_listeners(before)

    @callback
    def _tell_listeners(self, before: StationView) -> None:
        """Tell of what has changed whom it concerns.

        What a node measures each second is no news for all the others.
        """
        concerns_all = self._news_beside_view or self.data != before
        self._news_beside_view = False
        nodes = self.data.nodes
        changed = {node for node in nodes if nodes[node] is not before.nodes.get(node)}
        for listener, context in tuple(self._listeners.values()):
            if concerns_all or context is None or context in changed:
                listener()

    @callback
    def _deadline_reached(self) -> None:
        self._timer = None
        self.handle(Tick())


def _added[T](listeners: list[T], listener: T) -> CALLBACK_TYPE:
    """Add a listener, and return what takes it away again."""
    listeners.append(listener)

    @callback
    def stop() -> None:
        listeners.remove(listener)

    return stop


def _is_settled(state: CommandState) -> bool:
    return state.final or state is CommandState.UNCONFIRMED
