"""The way to the broker: Home Assistant's MQTT, used with care."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

from homeassistant.components import mqtt
from homeassistant.const import CONF_PROTOCOL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..protocols.messages import Publication

if TYPE_CHECKING:
    # Nothing needs it at run time, wherever a core keeps it.
    from homeassistant.components.mqtt.models import ReceiveMessage

type Message = ReceiveMessage

QOS = 1
MOST_EARLY = 1000
"""Messages that are kept while a station is being set up, the latest ones."""
MQTT_5 = "5"


class NotConnected(Exception):  # noqa: N818 - a state, not a fault
    """The message certainly did not leave."""


@dataclass(slots=True)
class _Reloading:
    """A station that is being loaded anew."""

    times: int = 0
    """Who adopts quickly has it loaded anew while it is being loaded anew."""
    link: Link | None = None
    """What listens meanwhile."""


_RELOADING: HassKey[dict[str, _Reloading]] = HassKey(f"{DOMAIN}_reloading")


async def async_take_link(
    hass: HomeAssistant, entry_id: str, topics: tuple[str, ...]
) -> Link:
    """Return the link of a station, subscribed: the one it had before, if it can be.

    Raises HomeAssistantError.
    """
    reloading = hass.data.get(_RELOADING, {}).get(entry_id)
    if reloading is not None and reloading.link is not None:
        kept, reloading.link = reloading.link, None
        if kept.topics == topics:
            await kept.async_hear_anew()
            return kept
        kept.stop()
    link = Link(hass, topics)
    try:
        await link.async_start()
    except HomeAssistantError:
        link.stop()
        raise
    return link


@asynccontextmanager
async def async_keep_link(hass: HomeAssistant, entry_id: str) -> AsyncIterator[None]:
    """Keep a station listening while it is loaded anew.

    Whoever adopts some nodes one after the other has it reloaded each time, and the
    next node says hello only once.
    """
    stations = hass.data.setdefault(_RELOADING, {})
    reloading = stations.setdefault(entry_id, _Reloading())
    reloading.times += 1
    try:
        yield
    finally:
        reloading.times -= 1
        if not reloading.times:
            del stations[entry_id]
            if reloading.link is not None:
                reloading.link.stop()


class Link:
    """Subscriptions and connection of one station."""

    def __init__(self, hass: HomeAssistant, topics: tuple[str, ...]) -> None:
        """Prepare; nothing is subscribed yet."""
        self.topics = topics
        self._hass = hass
        self._early: deque[Message] = deque(maxlen=MOST_EARLY)
        self._on_message: Callable[[Message], None] | None = None
        self._held = False
        self._on_connection: Callable[[bool], None] | None = None
        self._subscribing = set(topics)
        self._listening: dict[str, Callable[[], None]] = {}
        """How each subscription is ended."""
        self._stops: list[Callable[[], None]] = []
        self._core_knows_expiry = (
            "message_expiry_interval" in signature(mqtt.async_publish).parameters
        )

    @callback
    def attach(
        self,
        on_message: Callable[[Message], None],
        on_connection: Callable[[bool], None],
    ) -> None:
        """Pass on what comes, and first what came before.

        The connection is reported once every answer can be heard.
        """
        self._on_message, self._on_connection = on_message, on_connection
        self._held = False
        self._report()
        self._pass_on()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep what comes for whoever is attached afterwards.

        Who is about to be loaded anew with a node more takes that node for a stranger.
        """
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._pass_on()

    @callback
    def let_go(self, entry_id: str) -> None:
        """Stop, or keep what comes for the station that is being loaded anew."""
        reloading = self._hass.data.get(_RELOADING, {}).get(entry_id)
        if reloading is None:
            self.stop()
        else:
            self._on_message, self._on_connection = None, None
            reloading.link = self

    async def async_start(self) -> None:
        """Subscribe. What comes is kept until somebody is attached."""
        self._stops.append(
            mqtt.async_subscribe_connection_status(self._hass, self._connection_changed)
        )
        for topic in self.topics:
            self._listening[topic] = await self._subscribe(topic)
        # Home Assistant tells since 2025.12 when the broker confirmed a subscription.
        # Before, the nodes' own live reports show that they can be heard.
        on_subscribe_done = getattr(mqtt, "async_on_subscribe_done", None)
        if on_subscribe_done is None:
            self._subscribing.clear()
        else:
            self._stops.extend(
                on_subscribe_done(self._hass, topic, QOS, self._done(topic))
                for topic in self.topics
            )
        self._report()

    async def async_hear_anew(self) -> None:
        """Have the broker say once more what it kept.

        It says that to who begins to listen: a node that is new to its station said it
        to nobody, and may say nothing else for days.
        """
        for topic in self.topics:
            before = self._listening[topic]
            # A broker that is not there keeps nothing, and tells when it is back.
            with suppress(HomeAssistantError):
                self._listening[topic] = await self._subscribe(topic)
                before()

    async def _subscribe(self, topic: str) -> Callable[[], None]:
        return await mqtt.async_subscribe(
            self._hass, topic, self._message_came, QOS, encoding=None
        )

    @callback
    def stop(self) -> None:
        """Unsubscribe from everything."""
        while self._listening:
            self._listening.popitem()[1]()
        while self._stops:
            self._stops.pop()()

    async def async_publish(
        self, publication: Publication, qos: int, expires_in: int
    ) -> None:
        """Publish, and wait until it is sent (QoS 0) or the broker has it (QoS 1).

        A broker that keeps to MQTT 5 drops the message after `expires_in` seconds.
        Raises NotConnected if the message certainly did not leave, and
        HomeAssistantError if it may have left or may still leave later.
        """
        if not mqtt.is_connected(self._hass):
            raise NotConnected
        if self._expiry_supported():
            # Refused before anything is sent by a client that speaks an older MQTT
            # although its entry does not say so.
            with suppress(ServiceValidationError):
                await self._publish(
                    publication, qos, message_expiry_interval=expires_in
                )
                return
        await self._publish(publication, qos)

    async def _publish(
        self, publication: Publication, qos: int, **options: Any
    ) -> None:
        await mqtt.async_publish(
            self._hass,
            publication.topic,
            publication.payload,
            qos,
            retain=False,
            **options,
        )

    def _expiry_supported(self) -> bool:
        # From Home Assistant 2027.1 on an entry need not name its protocol any more.
        entries = self._hass.config_entries.async_entries(mqtt.DOMAIN)
        return self._core_knows_expiry and any(
            entry.data.get(CONF_PROTOCOL, MQTT_5) == MQTT_5 for entry in entries
        )

    def _done(self, topic: str) -> Callable[[], None]:
        @callback
        def done() -> None:
            if topic in self._subscribing:
                self._subscribing.discard(topic)
                self._report()

        return done

    @callback
    def _message_came(self, message: Message) -> None:
        if self._subscribing and not message.retain:
            # Somebody else's subscription with another QoS can swallow the sign that
            # ours is done; what arrives is as good a sign.
            self._subscribing.clear()
            self._report()
        if self._on_message is not None and not self._held and not self._early:
            self._on_message(message)
        else:
            self._early.append(message)
            self._pass_on()

    @callback
    def _pass_on(self) -> None:
        while self._early and self._on_message is not None and not self._held:
            self._on_message(self._early.popleft())

    @callback
    def _connection_changed(self, _: bool) -> None:
        self._report()

    @callback
    def _report(self) -> None:
        if self._on_connection is not None and not self._subscribing:
            self._on_connection(mqtt.is_connected(self._hass))
