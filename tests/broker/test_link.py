"""The way to the broker: when it counts as open, and how a message leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.broker.link import (
    MOST_EARLY,
    Link,
    NotConnected,
    async_keep_link,
    async_take_link,
)
from custom_components.mqtt_dispatch.protocols.messages import Publication

TOPICS = ("disp/ack/+", "disp/state/+")
PUBLICATION = Publication("disp/cmd/1", "{}")


class Broker:
    """Home Assistant's MQTT, as far as a link uses it."""

    def __init__(self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.connected = True
        self.published: list[dict[str, Any]] = []
        self.subscribed: dict[str, Callable[[], None]] = {}
        self.listeners: dict[str, Callable[[Any], None]] = {}
        self.status_changed: Callable[[bool], None] | None = None
        self.left = 0
        self.kept: dict[str, Any] = {}
        """What it says to who begins to listen."""
        self.listening: Counter[str] = Counter()
        """How many listen to a topic."""
        self.unheard: set[str] = set()
        """The topics to which nobody listened any more."""
        self._monkeypatch = monkeypatch
        for name, stand_in in (
            ("is_connected", lambda _: self.connected),
            ("async_subscribe_connection_status", self._follow_status),
            ("async_subscribe", self._subscribe),
        ):
            monkeypatch.setattr(mqtt, name, stand_in)
        self.confirms_subscriptions()
        self.takes_expiry()
        self.entry = MockConfigEntry(domain=mqtt.DOMAIN, data={"protocol": "5"})
        self.entry.add_to_hass(hass)

    def confirms_subscriptions(self, confirms: bool = True) -> None:
        """Be a core that tells when a subscription is done, or an older one."""
        if confirms:
            self._monkeypatch.setattr(
                mqtt, "async_on_subscribe_done", self._on_done, raising=False
            )
        else:
            self._monkeypatch.delattr(mqtt, "async_on_subscribe_done", raising=False)

    def takes_expiry(self, takes: bool = True) -> None:
        """Be a core that can have messages expire, or an older one."""

        async def newer(
            _: HomeAssistant,
            topic: str,
            payload: str,
            qos: int,
            *,
            retain: bool,
            message_expiry_interval: int | None = None,
        ) -> None:
            self.published.append(
                {
                    "topic": topic,
                    "qos": qos,
                    "retain": retain,
                    "expiry": message_expiry_interval,
                }
            )

        async def older(
            _: HomeAssistant, topic: str, payload: str, qos: int, *, retain: bool
        ) -> None:
            self.published.append(
                {"topic": topic, "qos": qos, "retain": retain, "expiry": None}
            )

        self._monkeypatch.setattr(mqtt, "async_publish", newer if takes else older)

    def _follow_status(
        self, _: HomeAssistant, changed: Callable[[bool], None]
    ) -> Callable[[], None]:
        self.status_changed = changed
        return self._leave

    async def _subscribe(
        self,
        _: HomeAssistant,
        topic: str,
        listener: Callable[[Any], None],
        qos: int,
        *,
        encoding: str | None,
    ) -> Callable[[], None]:
        assert encoding is None, "any bytes must arrive, not only text"
        assert qos == 1
        self.listeners[topic] = listener
        self.listening[topic] += 1
        if topic in self.kept:
            listener(self.kept[topic])

        def leave() -> None:
            self.listening[topic] -= 1
            if not self.listening[topic]:
                self.unheard.add(topic)
            self._leave()

        return leave

    def _on_done(
        self, _: HomeAssistant, topic: str, qos: int, done: Callable[[], None]
    ) -> Callable[[], None]:
        assert qos == 1, "only the effective QoS is ever confirmed"
        self.subscribed[topic] = done
        return self._leave

    def _leave(self) -> None:
        self.left += 1


@pytest.fixture
def broker(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Broker:
    """Return a broker that speaks MQTT 5 with the newest core."""
    return Broker(hass, monkeypatch)


@pytest.fixture
def heard() -> list[Any]:
    """Messages that came through."""
    return []


@pytest.fixture
def connections() -> list[bool]:
    """What was said of the connection."""
    return []


@pytest.fixture
def link(hass: HomeAssistant, heard: list[Any], connections: list[bool]) -> Link:
    """Return a link that was not started yet."""
    link = Link(hass, TOPICS)
    link.attach(heard.append, connections.append)
    return link


async def test_what_comes_before_anybody_listens_is_not_lost(
    hass: HomeAssistant, broker: Broker, heard: list[Any], connections: list[bool]
) -> None:
    early = Link(hass, TOPICS)
    await early.async_start()
    hello = SimpleNamespace(retain=False)
    broker.listeners[TOPICS[0]](hello)
    assert heard == []

    early.attach(heard.append, connections.append)

    assert heard == [hello]
    assert connections == [True]


async def test_a_flood_before_anybody_listens_is_kept_within_bounds(
    hass: HomeAssistant, broker: Broker, heard: list[Any], connections: list[bool]
) -> None:
    early = Link(hass, TOPICS)
    await early.async_start()
    flood = [SimpleNamespace(retain=False, number=n) for n in range(MOST_EARLY + 1)]
    for message in flood:
        broker.listeners[TOPICS[0]](message)

    early.attach(heard.append, connections.append)

    assert heard == flood[1:]


async def test_the_connection_counts_when_every_subscription_is_confirmed(
    broker: Broker, link: Link, connections: list[bool]
) -> None:
    await link.async_start()
    broker.subscribed[TOPICS[0]]()
    assert connections == []

    broker.subscribed[TOPICS[1]]()
    assert connections == [True]


async def test_a_confirmation_that_comes_again_changes_nothing(
    broker: Broker, link: Link, connections: list[bool]
) -> None:
    await link.async_start()
    for topic in TOPICS:
        broker.subscribed[topic]()
    broker.subscribed[TOPICS[0]]()

    assert connections == [True]


async def test_a_live_message_is_as_good_as_a_confirmation(
    broker: Broker, link: Link, connections: list[bool], heard: list[Any]
) -> None:
    await link.async_start()
    retained, live = SimpleNamespace(retain=True), SimpleNamespace(retain=False)
    broker.listeners[TOPICS[0]](retained)
    assert connections == []

    broker.listeners[TOPICS[0]](live)
    assert connections == [True]
    assert heard == [retained, live]


async def test_an_older_core_that_confirms_nothing_is_believed(
    broker: Broker, link: Link, connections: list[bool]
) -> None:
    broker.confirms_subscriptions(False)
    await link.async_start()

    assert connections == [True]


async def test_the_connection_is_followed(
    broker: Broker, link: Link, connections: list[bool]
) -> None:
    broker.confirms_subscriptions(False)
    await link.async_start()
    assert broker.status_changed is not None
    for up in (False, True):
        broker.connected = up
        broker.status_changed(up)

    assert connections == [True, False, True]


async def test_a_stop_ends_every_subscription(broker: Broker, link: Link) -> None:
    await link.async_start()
    link.stop()
    link.stop()

    assert broker.left == 1 + 2 * len(TOPICS)


async def test_nothing_is_published_without_a_connection(
    broker: Broker, link: Link
) -> None:
    broker.connected = False
    with pytest.raises(NotConnected):
        await link.async_publish(PUBLICATION, 0, 10)

    assert broker.published == []


async def test_a_message_expires_where_core_and_broker_can_do_that(
    broker: Broker, link: Link
) -> None:
    await link.async_publish(PUBLICATION, 0, 10)

    assert broker.published == [
        {"topic": "disp/cmd/1", "qos": 0, "retain": False, "expiry": 10}
    ]


async def test_no_expiry_is_asked_of_an_older_core(
    hass: HomeAssistant, broker: Broker
) -> None:
    broker.takes_expiry(False)
    link = Link(hass, TOPICS)
    await link.async_publish(PUBLICATION, 0, 10)

    assert [message["expiry"] for message in broker.published] == [None]


async def test_no_expiry_is_asked_of_an_older_broker(
    hass: HomeAssistant, broker: Broker, link: Link
) -> None:
    hass.config_entries.async_update_entry(broker.entry, data={"protocol": "3.1.1"})
    await link.async_publish(PUBLICATION, 0, 10)

    assert [message["expiry"] for message in broker.published] == [None]


async def test_an_entry_that_names_no_protocol_speaks_the_newest(
    hass: HomeAssistant, broker: Broker, link: Link
) -> None:
    hass.config_entries.async_update_entry(broker.entry, data={})
    await link.async_publish(PUBLICATION, 0, 10)

    assert [message["expiry"] for message in broker.published] == [10]


@pytest.mark.parametrize("named", [{}, {"protocol": "5"}, {"protocol": "3.1.1"}])
@pytest.mark.parametrize("spoken", ["5", "3.1.1"])
async def test_a_message_leaves_once_whatever_the_entry_names_and_the_client_speaks(
    hass: HomeAssistant,
    mqtt_mock: Any,
    mqtt_client_mock: Any,
    named: dict[str, str],
    spoken: str,
) -> None:
    mqtt_mock._mock_wraps.is_mqttv5 = spoken == "5"
    (entry,) = hass.config_entries.async_entries(mqtt.DOMAIN)
    entry.update_listeners.clear()  # so that it is not loaded anew
    others = {key: value for key, value in entry.data.items() if key != "protocol"}
    hass.config_entries.async_update_entry(entry, data={**others, **named})

    await Link(hass, TOPICS).async_publish(PUBLICATION, 1, 10)

    mqtt_client_mock.publish.assert_called_once()
    assert mqtt_client_mock.publish.call_args.args[:2] == ("disp/cmd/1", "{}")


async def test_what_comes_while_a_station_is_loaded_anew_is_not_lost(
    hass: HomeAssistant, broker: Broker, heard: list[Any], connections: list[bool]
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    link.attach(heard.append, connections.append)
    hello = SimpleNamespace(retain=False)

    async with async_keep_link(hass, "entry"):
        link.let_go("entry")
        broker.listeners[TOPICS[0]](hello)
        again = await async_take_link(hass, "entry", TOPICS)
        again.attach(heard.append, connections.append)

    assert again is link
    assert heard == [hello]
    assert not broker.unheard
    assert broker.listening == dict.fromkeys(TOPICS, 1)


async def test_a_station_loaded_anew_is_told_once_more_what_the_broker_kept(
    hass: HomeAssistant, broker: Broker, heard: list[Any], connections: list[bool]
) -> None:
    word = SimpleNamespace(retain=True)
    broker.kept[TOPICS[1]] = word
    link = await async_take_link(hass, "entry", TOPICS)
    link.attach(heard.append, connections.append)
    assert heard == [word]

    async with async_keep_link(hass, "entry"):
        link.let_go("entry")
        again = await async_take_link(hass, "entry", TOPICS)
        again.attach(heard.append, connections.append)

    assert heard == [word, word]


async def test_a_station_loaded_anew_without_a_broker_listens_as_before(
    hass: HomeAssistant,
    broker: Broker,
    heard: list[Any],
    connections: list[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)

    async def refuse(*_: Any, **__: Any) -> None:
        raise HomeAssistantError

    monkeypatch.setattr(mqtt, "async_subscribe", refuse)
    async with async_keep_link(hass, "entry"):
        link.let_go("entry")
        again = await async_take_link(hass, "entry", TOPICS)
    again.attach(heard.append, connections.append)
    hello = SimpleNamespace(retain=False)
    broker.listeners[TOPICS[0]](hello)

    assert heard == [hello]
    assert not broker.unheard


async def test_what_is_held_reaches_whoever_is_attached_afterwards(
    hass: HomeAssistant, broker: Broker, heard: list[Any], connections: list[bool]
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    link.attach(heard.append, connections.append)
    later: list[Any] = []
    hello, goodbye = SimpleNamespace(retain=False), SimpleNamespace(retain=False)

    async with async_keep_link(hass, "entry"):
        with link.hold():
            broker.listeners[TOPICS[0]](hello)
            link.let_go("entry")
            (await async_take_link(hass, "entry", TOPICS)).attach(
                later.append, connections.append
            )
    assert (heard, later) == ([], [hello])

    with link.hold():
        broker.listeners[TOPICS[0]](goodbye)
        assert later == [hello]
    assert later == [hello, goodbye], "who stays attached gets it after all"


async def test_a_station_that_listens_elsewhere_now_has_another_link(
    hass: HomeAssistant, broker: Broker
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    async with async_keep_link(hass, "entry"):
        link.let_go("entry")
        other = await async_take_link(hass, "entry", ("other/#",))

    assert other is not link
    assert broker.left == 1 + 2 * len(TOPICS)


async def test_a_link_that_nobody_takes_up_is_stopped(
    hass: HomeAssistant, broker: Broker
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    async with async_keep_link(hass, "entry"):
        link.let_go("entry")

    assert broker.left == 1 + 2 * len(TOPICS)


async def test_a_station_that_is_unloaded_for_good_stops_listening(
    hass: HomeAssistant, broker: Broker
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    link.let_go("entry")

    assert broker.left == 1 + 2 * len(TOPICS)


async def test_a_station_loaded_anew_twice_at_once_keeps_listening(
    hass: HomeAssistant, broker: Broker
) -> None:
    link = await async_take_link(hass, "entry", TOPICS)
    async with async_keep_link(hass, "entry"):
        async with async_keep_link(hass, "entry"):
            link.let_go("entry")
            assert await async_take_link(hass, "entry", TOPICS) is link
        link.let_go("entry")
        assert await async_take_link(hass, "entry", TOPICS) is link

    assert not broker.unheard
    assert broker.listening == dict.fromkeys(TOPICS, 1)
