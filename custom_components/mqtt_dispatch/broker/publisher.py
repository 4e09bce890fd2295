"""Brings to the nodes what they are told: commands, answers and questions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
import math
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..clock import now
from ..const import DOMAIN
from ..engine.engine import Engine
from ..engine.model.events import (
    Inquire,
    Instruct,
    NotPublished,
    Publish,
    Say,
    TellTime,
)
from ..engine.model.reports import Failed
from ..log import LOGGER
from ..protocols.base import Instructing, Protocol, Publication, Sending, Site, qos_of
from ..protocols.params import InvalidCommand
from .link import Link, NotConnected

type Sent = Publish | Inquire | Instruct | Say | TellTime
"""What the engine wants said to nodes."""

SAID_FOR = 30
"""Seconds for which a broker keeps what is no command for a node that is away."""


class Publisher:
    """Publishes in the background: no event waits until a broker has answered."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        engine: Engine,
        link: Link,
        *,
        protocol: Protocol,
        site: Callable[[], Site],
        tell: Callable[[Failed | NotPublished], object],
    ) -> None:
        """Begin with nothing said. `site` is asked anew each time."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._link = link
        self._protocol = protocol
        self._site = site
        self._tell = tell

    def send(self, effect: Sent) -> None:
        """Publish what the engine wants said."""
        match effect:
            case Publish():
                self._background(self._publish(effect), f"publish {effect.command_id}")
            case Inquire(node):
                self._say_all(self._protocol.inquiry(self._site(), node))
            case Instruct():
                self._instruct(effect)
            case Say(Publication() as answer):
                # Late it would be wrong: no client may keep it.
                self._say_all((answer,), qos=0)
            case TellTime():
                answers = self._protocol.time_answer(self._site(), now().wall)
                self._say_all(answers, qos=0)

    def _instruct(self, order: Instruct) -> None:
        """Tell a node what is next of its images."""
        instructing = Instructing(
            instruction=order.instruction,
            name=order.name,
            missing=order.missing,
            readings=self._engine.statuses[order.node].readings,
            wall=now().wall,
        )
        self._say_all(self._protocol.instruct(self._site(), order.node, instructing))

    def _say_all(self, publications: Iterable[Publication], qos: int = 1) -> None:
        """Publish what is no command: an answer, or a question."""
        for publication in publications:
            self._background(self._say(publication, qos), "say")

    async def _publish(self, order: Publish) -> None:
        command = self._engine.ledger.open.get(order.command_id)
        if command is None:
            return
        policy = self._engine.station.policy(command)
        left = False
        try:
            sending = Sending(
                command=command,
                node=order.node,
                wall=now().wall,
                step=order.step,
                readings=self._engine.statuses[order.node].readings,
            )
            for publication in self._protocol.messages(self._site(), sending):
                await self._link.async_publish(
                    publication, qos_of(command), math.ceil(policy.accept_timeout)
                )
                left = True
        except InvalidCommand as invalid:
            self._tell(Failed(order.node, command.id, invalid.code))
        except NotConnected:
            if not left:
                self._tell(NotPublished(command.id, order.node))
        except HomeAssistantError as error:
            # It may have left, or leave later: it is followed like one that did.
            self._log(f"publishing #{command.id}", error)

    async def _say(self, publication: Publication, qos: int) -> None:
        try:
            await self._link.async_publish(publication, qos, SAID_FOR)
        except (NotConnected, HomeAssistantError) as error:
            self._log(f"saying on {publication.topic}", error)

    def _log(self, doing: str, error: Exception) -> None:
        LOGGER.debug("%s: %s: %s", self._entry.title, doing, error)

    def _background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._entry.async_create_background_task(
            self._hass, work, f"{DOMAIN} {self._entry.title} {name}"
        )
