"""Drives the engine of one station: the world in, the effects out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
import math
import time
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
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .const import CONF_FIELDS, CONF_NODE, DOMAIN
from .engine.engine import Engine
from .engine.events import (
    Archived,
    AskForParts,
    Backup,
    Changed,
    Commit,
    CommitFailed,
    Committed,
    Connection,
    Discovered,
    Effect,
    Event,
    ImageCame,
    ImageIncomplete,
    Inquire,
    NotPublished,
    Publish,
    Release,
    Tick,
    ZoneChanged,
)
from .engine.model import Command, CommandState, Gate, Now
from .engine.reports import Failed
from .engine.snapshot import Snapshot
from .engine.view import StationView, view
from .link import Link, NotConnected
from .log import LOGGER, CountedLog
from .pace import Pace
from .protocols.base import (
    ImageReply,
    InvalidCommand,
    Malformed,
    Message,
    Publication,
    Sending,
    qos_of,
)
from .protocols.untrusted import shown
from .station import prefix_of, protocol_of, site_of, station_of
from .store import CommitError, StationStore

HISTORY_DELAY = 60.0
"""Seconds from the end of a command to its line in the history file."""

SAID_FOR = 30
"""Seconds for which a broker keeps what is no command for a node that is away."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that a node sent."""

    name: str
    content: bytes
    taken_at: float
    """Unix seconds."""


type DispatchConfigEntry = ConfigEntry[DispatchCoordinator]


class NotStoredError(HomeAssistantError):
    """What was asked for could not be stored, and is not done."""

    def __init__(self, error: object) -> None:
        """Say so in the words of the user's language."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="not_stored",
            translation_placeholders={"error": str(error)},
        )


class DispatchCoordinator(DataUpdateCoordinator[StationView]):
    """The one place where the engine of a station meets the world.

    Messages, actions and one timer become events; effects are carried out in order. A
    worker task commits: what is asked for while a commit is being written shares the
    next one.
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
        self.engine = Engine(station_of(entry), stored, history, now())
        self.portions = 1
        """What the feed button gives."""
        self.site = site_of(entry)
        self.amounts: dict[tuple[str, str], float] = {}
        """What a person chose beforehand, by node and actuator."""
        self.incomplete: dict[str, str] = {}
        """The name of the latest image of a node, if parts of it never came."""
        self.pictures: dict[str, Picture] = {}
        """The latest image of each node that sends some."""
        self._link = link
        self._commit_wanted = asyncio.Event()
        self._committed = stored.revision
        self._worker: asyncio.Task[None] | None = None
        self._stopping = False
        self._stopped = False
        self._stored_waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._end_waiters: set[asyncio.Event] = set()
        self._change_listeners: list[Callable[[Changed], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._history_timer: asyncio.TimerHandle | None = None
        self._follow_up: asyncio.Handle | None = None
        self._pace = Pace(every=0.1, at_once=20)
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
        # No background task of the entry: Home Assistant ends those at the very
        # beginning of its stop, and what comes after must be stored too.
        self._worker = self.hass.loop.create_task(
            self._commit_when_wanted(), name=f"{DOMAIN} {self.name} commit"
        )
        self.handle(Tick())
        if self.engine.book.unarchived:
            self._schedule_history()
        self._link.attach(self._message_came, self._connection_changed)

    async def async_stop(self) -> None:
        """Stop everything, and leave what is known on disk."""
        self._link.let_go(self.config_entry.entry_id)
        if self._worker is not None:
            self._stopping = True
            self.handle(Connection(up=False))
            # Who stops in the middle of a backup was not put back from one.
            self.handle(Backup(under_way=False))
            self._commit_wanted.set()
            await self._worker
            self._worker = None
        self._stopped = True
        self._answer_waiters(
            self.engine.book.revision, NotStoredError("the station was unloaded")
        )
        for ended in self._end_waiters:
            ended.set()
        for handle in (self._timer, self._history_timer, self._follow_up):
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
        if self._follow_up is None and not self._stopped:
            self._follow_up = self._plan_follow_up(at_once=bool(effects))
        return effects

    def _plan_follow_up(self, *, at_once: bool) -> asyncio.Handle:
        loop = self.hass.loop
        if at_once or not (wait := self._pace.wait(now().steady)):
            return loop.call_soon(self._after_events)
        return loop.call_later(wait, self._after_events)

    async def async_stored(self) -> None:
        """Wait until all that the engine knows now is on disk.

        Raises NotStoredError if it could not be written.
        """
        revision = self.engine.book.revision
        if revision <= self._committed:
            return
        if self._stopped:
            raise NotStoredError("the station was unloaded")
        waiter: asyncio.Future[None] = self.hass.loop.create_future()
        self._stored_waiters.append((revision, waiter))
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

        command = self.engine.book.find(command_id)
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
        self._change_listeners.append(listener)

        @callback
        def stop() -> None:
            self._change_listeners.remove(listener)

        return stop

    @callback
    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Commit():
                self._commit_wanted.set()
            case Publish():
                self._background(self._publish(effect), f"publish {effect.command_id}")
            case Inquire(node):
                self._say(self.protocol.inquiry(self.site, node))
            case ImageCame() | ImageIncomplete():
                self._keep_image(effect)
            case AskForParts(node, name, missing):
                self._tell_of_image(node, name, missing)
            case Release(node, name):
                self._tell_of_image(node, name, ())
            case Changed():
                self._tell(effect)
                if effect.state.final:
                    self._schedule_history()
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

    def _keep_image(self, effect: ImageCame | ImageIncomplete) -> None:
        node, name = effect.node, effect.name
        match effect:
            case ImageCame(content=content, taken_at=taken_at):
                self.pictures[node] = Picture(name, content, taken_at)
                self.incomplete.pop(node, None)
            case ImageIncomplete(missing=missing):
                LOGGER.warning(
                    "%s: of image %s of node %s %d parts never came",
                    *(self.name, shown(name), node, missing),
                )
                self.incomplete[node] = name

    def _tell_of_image(self, node: str, name: str, missing: tuple[int, ...]) -> None:
        reply = ImageReply(
            name=name,
            missing=missing,
            readings=self.engine.statuses[node].readings,
            wall=now().wall,
        )
        self._say(self.protocol.image_reply(self.site, node, reply))

    def _say(self, publications: tuple[Publication, ...], qos: int = 1) -> None:
        """Publish what is no command: an answer, or a question."""
        for publication in publications:
            self._background(self._try_to_say(publication, qos), "say")

    async def _try_to_say(self, publication: Publication, qos: int) -> None:
        try:
            await self._link.async_publish(publication, qos, SAID_FOR)
        except (NotConnected, HomeAssistantError) as error:
            LOGGER.debug("%s: saying on %s: %s", self.name, publication.topic, error)

    @property
    def sleeps(self) -> bool:
        """Whether the nodes sleep at times, and what they said holds meanwhile."""
        return self.engine.station.usual_gate in (Gate.AWAKE, Gate.RELAY)

    @callback
    def async_site_changed(self) -> None:
        """Take up what was learned of the nodes."""
        self.site = site_of(self.config_entry)

    def _tell(self, change: Changed) -> None:
        for listener in tuple(self._change_listeners):
            try:
                listener(change)
            except Exception:  # noqa: BLE001 - what else is to be done must be done
                LOGGER.exception("%s: telling of #%s", self.name, change.command_id)

    async def _commit_when_wanted(self) -> None:
        while not self._stopping or self._commit_wanted.is_set():
            await self._commit_wanted.wait()
            self._commit_wanted.clear()
            snapshot = self.engine.snapshot()
            if snapshot.revision > self._committed:
                await self._commit(snapshot)

    async def _commit(self, snapshot: Snapshot) -> None:
        try:
            await self.store.async_commit(snapshot)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is stored
            if self.engine.outside.storage_ok:
                LOGGER.error(
                    "%s: the queue cannot be stored: %s",
                    self.name,
                    error,
                    exc_info=None if isinstance(error, CommitError) else error,
                )
            self._answer_waiters(snapshot.revision, NotStoredError(error))
            self.handle(CommitFailed())
        else:
            if not self.engine.outside.storage_ok:
                LOGGER.info("%s: the queue is stored again", self.name)
            self._committed = snapshot.revision
            self._answer_waiters(snapshot.revision, None)
            self.handle(Committed(snapshot.revision))

    def _answer_waiters(self, revision: int, error: NotStoredError | None) -> None:
        answered = [item for item in self._stored_waiters if item[0] <= revision]
        self._stored_waiters = [
            item for item in self._stored_waiters if item[0] > revision
        ]
        for _, waiter in answered:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    async def _publish(self, order: Publish) -> None:
        command = self.engine.book.open.get(order.command_id)
        if command is None:
            return
        policy = self.engine.station.policy(command)
        left = False
        try:
            sending = Sending(
                command=command,
                node=order.node,
                wall=now().wall,
                step=order.step,
                readings=self.engine.statuses[order.node].readings,
            )
            for publication in self.protocol.publications(self.site, sending):
                await self._link.async_publish(
                    publication, qos_of(command), math.ceil(policy.accept_timeout)
                )
                left = True
        except InvalidCommand as invalid:
            self.handle(Failed(order.node, command.id, invalid.code))
        except NotConnected:
            if not left:
                self.handle(NotPublished(command.id, order.node))
        except HomeAssistantError as error:
            # It may have left, or leave later: it is followed like one that did.
            LOGGER.debug("%s: publishing #%s: %s", self.name, command.id, error)

    @callback
    def _message_came(self, message: ReceiveMessage) -> None:
        payload = message.payload
        if isinstance(payload, str):
            payload = payload.encode()
        came = Message(message.topic, bytes(payload), message.retain, now().wall)
        for report in self.protocol.report(self.site, came):
            match report:
                case Malformed(reason):
                    self.malformed.count(reason, message.topic)
                case Publication():
                    # Late, it would be wrong: no client may keep it.
                    self._say((report,), qos=0)
                case _:
                    self.handle(report)

    @callback
    def _connection_changed(self, up: bool) -> None:
        if up is self.engine.outside.connected:
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

        In a flood of messages that means ten times a second: whoever looks at the
        station sees no more, and its deadlines are not that close.
        """
        self._follow_up = None
        instant = now()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if (delay := self.engine.next_deadline(instant)) is not None:
            self._timer = self.hass.loop.call_later(delay, self._deadline_reached)
        self.async_set_updated_data(view(self.engine, instant, self.data))

    @callback
    def _deadline_reached(self) -> None:
        self._timer = None
        self.handle(Tick())

    @callback
    def _schedule_history(self) -> None:
        if self._history_timer is None:
            self._history_timer = self.hass.loop.call_later(
                HISTORY_DELAY, self._history_due
            )

    @callback
    def _history_due(self) -> None:
        self._history_timer = None
        self._background(self._write_history(), "history")

    async def _write_history(self) -> None:
        closed = list(self.engine.book.closed.values())
        try:
            await self.store.async_write_history(closed)
        except CommitError as error:
            LOGGER.debug("%s: the history could not be stored: %s", self.name, error)
            self._schedule_history()
        else:
            self.handle(Archived(frozenset(command.id for command in closed)))

    def _background(
        self, work: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        return self.config_entry.async_create_background_task(
            self.hass, work, f"{DOMAIN} {self.name} {name}"
        )


def now() -> Now:
    """Read both clocks."""
    return Now(wall=time.time(), steady=time.monotonic())


def _is_settled(state: CommandState) -> bool:
    return state.final or state is CommandState.UNCONFIRMED
