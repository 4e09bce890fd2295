"""A node's MQTT connection, as small ESP clients have it: 3.1.1, clean, no TLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from simulator.node import Message

KEEPALIVE_SECONDS = 15
CONNECT_SECONDS = 2.0
SUBSCRIBE_QOS = 1


@dataclass(frozen=True, slots=True)
class Broker:
    host: str
    port: int
    username: str | None = None
    password: str | None = None

    @override
    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Connection:
    """One session over one TCP connection; once it is lost, it stays lost.

    It does no waiting of its own: `fileno` and `wants_write` are for select, and
    `read`, `write` and `tick` are to be called as it says. Opening blocks for at
    most `CONNECT_SECONDS` and raises OSError where no TCP connection comes about.
    """

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        will: Message | None,
        subscriptions: Sequence[str],
    ) -> None:
        self._subscriptions = subscriptions
        self._subscribed = False
        self._refusal: str | None = None
        self._inbox: list[MQTTMessage] = []
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect_timeout = CONNECT_SECONDS
        if broker.username is not None:
            client.username_pw_set(broker.username, broker.password)
        if will is not None:
            client.will_set(will.topic, will.payload, will.qos, will.retain)
        client.connect(broker.host, broker.port, KEEPALIVE_SECONDS)
        self._client = client

    @property
    def subscribed(self) -> bool:
        """Whether the broker has confirmed the session and its subscriptions."""
        return self._subscribed

    @property
    def lost(self) -> bool:
        return self._refusal is not None or self._client.socket() is None

    @property
    def refusal(self) -> str | None:
        """Why the broker does not want this client; None where it never said so."""
        return self._refusal

    @property
    def wants_write(self) -> bool:
        return self._client.want_write()

    def fileno(self) -> int:
        """Return the socket's number; only for a connection that is not lost."""
        sock = self._client.socket()
        if sock is None:
            raise ValueError("the connection is lost")
        return sock.fileno()

    def read(self) -> list[MQTTMessage]:
        self._client.loop_read()
        inbox, self._inbox = self._inbox, []
        return inbox

    def write(self) -> None:
        self._client.loop_write()

    def tick(self) -> None:
        """Keep the connection alive; to be called every few seconds."""
        self._client.loop_misc()

    def publish(self, message: Message) -> None:
        self._client.publish(
            message.topic, message.payload, message.qos, message.retain
        )

    def cut(self) -> None:
        """Break the connection without a goodbye, as a loss of power does."""
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._refusal = str(reason)
            return
        filters = [(topic, SUBSCRIBE_QOS) for topic in self._subscriptions]
        result, _ = client.subscribe(filters)
        if result != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._refusal = result.name

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if failures := [str(reason) for reason in reasons if reason.is_failure]:
            self._refusal = f"subscription: {failures[0]}"
            return
        self._subscribed = True

    def _on_message(
        self, _client: Client, _userdata: object, message: MQTTMessage
    ) -> None:
        self._inbox.append(message)
