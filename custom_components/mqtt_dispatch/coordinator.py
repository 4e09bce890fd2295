"""Home Assistant's side of a station: what its driver is told, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigSubentry,
)
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

from .attendance import Attendance, async_say_connection
from .audience import Audience, Followers, of_age
from .broker.heard import Heard
from .broker.link import Link, Message as Received
from .broker.wire import LinkWire
from .clock import LoopClock
from .const import CONF_FIELDS, CONF_NODE, DOMAIN, OPT_PICTURES
from .daylight import Daylight
from .engine.ledger.snapshot import Snapshot
from .engine.model.command import Command, CommandState
from .engine.model.effects import Changed, ImageCame, ImageEffect
from .engine.model.meal import OverdueMeal
from .engine.model.reports import Hello
from .engine.view import StationView
from .entities.album import USUAL_PICTURES, Album
from .entities.pictures import CAPTURES, Pictures
from .log import LOGGER, CountedLog
from .protocols.messages import NOT_ADOPTED, Happened, Learned, Malformed, Message, Said
from .runtime.driver import Driver, World
from .station import (
    nodes_of,
    portion_of,
    prefix_of,
    protocol_of,
    site_of,
    station_of,
)
from .storage.disk import NotStoredError, StoreDisk
from .storage.store import CommitError, StationStore


@dataclass(frozen=True, slots=True)
class Refusal:
    """A guard has refused an order."""

    kind: str
    nodes: tuple[str, ...]
    code: str
    by: str
    """Who ordered it, as people call them; empty where nobody is known."""


type DispatchConfigEntry = ConfigEntry[DispatchCoordinator]


class DispatchCoordinator(DataUpdateCoordinator[StationView]):
    """The one place where the driver of a station meets Home Assistant.

    It hands on what comes, and tells entities and others what came of it.
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
        self.link = link
        self.protocol = protocol_of(entry)
        self.prefix = prefix_of(entry)
        self.portion = portion_of(entry)
        self._subentry_ids = nodes_of(entry)
        self.last_heard = Heard(self._subentry_ids)
        self.malformed = CountedLog(f"{entry.title}: messages not understood")
        self.pictures = Pictures(entry.title)
        most = entry.options.get(OPT_PICTURES, USUAL_PICTURES)
        self.album = Album(hass, entry.title, entry.entry_id, most)
        self._audience = Audience()
        self._end_waiters: set[asyncio.Event] = set()
        self._changes = Followers[Changed](self._tell)
        self.async_on_change = self._changes.async_add
        """Tell a listener of each change of a command that is on disk."""
        self._overdue = Followers[OverdueMeal](self._tell)
        self.async_on_overdue = self._overdue.async_add
        """Tell a listener of each meal that should have happened by now, once."""
        self._refusals = Followers[Refusal](self._tell)
        self.async_on_refusal = self._refusals.async_add
        """Tell a listener of each order that a guard refuses."""
        self.async_refused = self._refusals.tell
        """Tell of an order that a guard has refused."""
        self._said = Followers[Learned | Happened](self._tell)
        self.async_on_said = self._said.async_add
        """Tell a listener of what nodes say that concerns no command."""
        self._news = Followers[str](self._tell)
        self.async_on_node = self._news.async_add
        """Tell a listener of each node of which there is news."""
        self._faults: set[str] = set()
        self._attendance = Attendance(hass, entry)
        self._daylight = Daylight(hass)
        self._disk = StoreDisk(hass, entry.title, store)
        self.driver = Driver(
            station_of(entry, self._daylight.at),
            self.protocol,
            site_of(entry),
            World(
                clock=LoopClock(hass.loop),
                disk=self._disk,
                wire=LinkWire(hass, entry, link),
                listeners=self,
            ),
            stored=stored,
            history=history,
        )
        self.engine = self.driver.engine
        self.handle = self.driver.handle
        self.data = self.driver.view

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
        self.driver.start()
        self.link.attach(
            self._message_came, lambda up: self.driver.connection_changed(up=up)
        )

    async def async_stop(self) -> None:
        """Stop everything, and leave what is known on disk."""
        self.link.let_go(self.config_entry.entry_id)
        stopped = self.hass.loop.create_future()
        self.driver.stop(lambda: stopped.set_result(None))
        await stopped
        await self._disk.async_ended()
        await self.album.async_ended()
        for ended in self._end_waiters:
            ended.set()

    async def async_find_pictures(self) -> None:
        """Take up the latest picture of each camera that was kept as a file."""
        if CAPTURES in self.protocol.kinds:
            latest = await self.album.async_latest(self._subentry_ids)
            self.pictures.latest.update(latest)

    async def async_stored(self) -> None:
        """Wait until all that the engine knows now is on disk.

        Raises NotStoredError if it could not be written.
        """
        waiter: asyncio.Future[None] = self.hass.loop.create_future()

        def stored(error: Exception | None) -> None:
            if waiter.done():
                return
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(NotStoredError(error))

        self.driver.commits.when_stored(stored)
        await waiter

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
        if command is None or _is_settled(command.state) or self.driver.stopped:
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

    def subentry(self, node: str) -> ConfigSubentry | None:
        """Return what is configured of a node; None: it was just removed."""
        subentry_id = self._subentry_ids.get(node, "")
        return self.config_entry.subentries.get(subentry_id)

    def understands(self, node: str, kind: str) -> bool:
        """Whether a node understands a kind of command, as far as is known of it."""
        protocol, readings = self.protocol, self.data.nodes[node].readings
        return kind in protocol.kinds and protocol.understands(
            self.driver.site, node, kind, readings
        )

    @callback
    def async_site_changed(self) -> None:
        """Take up what was learned of the nodes."""
        self.driver.site_changed(site_of(self.config_entry))

    # What the driver tells

    @callback
    def shown(self, before: StationView, now: StationView, *, beside: bool) -> None:
        """Tell of what has changed whom it concerns.

        What a node measures each second is no news for all the others.
        """
        self.data = now
        self._attendance.look(now.nodes)
        if beside or now != before:
            self.async_update_listeners()
            return
        contexts: list[Hashable] = [None]
        news: list[str] = []
        for node, seen in now.nodes.items():
            known = before.nodes[node]
            if seen is not known:
                contexts.append(of_age(node))
                if not seen.says_the_same(known):
                    contexts.append(node)
                    news.append(node)
        for listener in self._audience.of(contexts):
            self._tell(listener)
        self._tell_of_nodes(news)

    @callback
    def follows_age(self, node: str) -> bool:
        """Return whether anybody is shown how long ago a node was heard."""
        return self._audience.hears(of_age(node))

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Hashable = None
    ) -> CALLBACK_TYPE:
        """Tell a listener of the news that its context is about; see `Audience`."""
        return self._audience.add(update_callback, context)

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Tell everybody."""
        for listener in self._audience.everybody():
            self._tell(listener)
        self._tell_of_nodes(self.data.nodes)

    @callback
    def changed(self, change: Changed) -> None:
        """Tell of a command that is in another state."""
        self._changes.tell(change)

    @callback
    def overdue(self, meal: OverdueMeal) -> None:
        """Tell of a meal that should have happened by now."""
        self._overdue.tell(meal)

    @callback
    def said(self, news: Learned | Happened) -> None:
        """Tell of what a node said that concerns no command."""
        self._said.tell(news)

    @callback
    def pictured(self, image: ImageEffect) -> None:
        """Keep an image, also as a file."""
        self.pictures.take(image)
        if isinstance(image, ImageCame):
            self.album.keep(image.node, self.pictures.latest[image.node])

    @callback
    def discovered(self, node: str, hello: Hello) -> None:
        """Offer an unknown node."""
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

    @callback
    def heard(self, message: Message, said: tuple[Said, ...]) -> None:
        """Keep a message, for who wants to see it as it came."""
        self.last_heard.take(message, said)

    @callback
    def not_understood(self, malformed: Malformed, topic: str) -> None:
        """Count a message that says nothing."""
        is_fault = malformed.reason != NOT_ADOPTED
        self.malformed.count(malformed.reason, topic, is_fault=is_fault)

    @callback
    def connection(self, *, up: bool) -> None:
        """Say so in the log, once for all stations."""
        async_say_connection(self.hass, up=up)

    @callback
    def storage(self, error: Exception | None) -> None:
        """Say so in the log."""
        if error is None:
            LOGGER.info("%s: the queue is stored again", self.name)
        else:
            LOGGER.error(
                "%s: the queue cannot be stored: %s",
                self.name,
                error,
                exc_info=None if isinstance(error, CommitError) else error,
            )

    @callback
    def fault(self, doing: str) -> None:
        """Say in the log, once, that something raised which never should."""
        if doing not in self._faults:
            self._faults.add(doing)
            LOGGER.exception("%s: %s", self.name, doing)

    def _tell_of_nodes(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            self._news.tell(node)

    def _tell[*Args](self, listener: Callable[[*Args], object], *news: *Args) -> None:
        """Tell a listener; what it raises keeps nobody else from being told."""
        try:
            listener(*news)
        except Exception:  # noqa: BLE001 - what else is to be done must be done
            self.fault(f"telling {getattr(listener, '__qualname__', listener)}")

    # What comes in

    @callback
    def _message_came(self, message: Received) -> None:
        payload = message.payload
        if isinstance(payload, str):
            payload = payload.encode()
        self.driver.message_came(message.topic, bytes(payload), retained=message.retain)

    async def _final_write(self, _: HassEvent[Any]) -> None:
        await self.async_stop()

    @callback
    def _config_changed(self, _: HassEvent[Any]) -> None:
        zone, moved = dt_util.get_default_time_zone(), self._daylight.moved()
        if zone != self.engine.station.zone:
            self.async_site_changed()
        elif not moved:
            return
        self.driver.zone_changed(zone)


def _is_settled(state: CommandState) -> bool:
    return state.final or state is CommandState.UNCONFIRMED
