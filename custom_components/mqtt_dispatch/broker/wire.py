"""What the driver of a station says, on Home Assistant's MQTT."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
import math
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..log import LOGGER
from ..protocols.messages import Publication
from .link import Link, NotConnected

if TYPE_CHECKING:
    from ..coordinator import DispatchConfigEntry

SAID_FOR = 30
"""Seconds for which a broker keeps what is no command for a node that is away."""


class LinkWire:
    """Publishes in the background: no event waits until a broker has answered."""

    def __init__(
        self, hass: HomeAssistant, entry: DispatchConfigEntry, link: Link
    ) -> None:
        """Begin with nothing said."""
        self._hass = hass
        self._entry = entry
        self._link = link

    def tell(
        self,
        publications: tuple[Publication, ...],
        *,
        qos: int,
        expires_in: float,
        not_left: Callable[[], None],
    ) -> None:
        """Publish a command; `not_left` is told if certainly nothing of it left."""
        self._background(self._tell(publications, qos, math.ceil(expires_in), not_left))

    def say(self, publications: tuple[Publication, ...], *, qos: int) -> None:
        """Publish what is no command: an answer, or a question."""
        for publication in publications:
            self._background(self._say(publication, qos))

    async def _tell(
        self,
        publications: tuple[Publication, ...],
        qos: int,
        expires_in: int,
        not_left: Callable[[], None],
    ) -> None:
        left = False
        try:
            for publication in publications:
                await self._link.async_publish(publication, qos, expires_in)
                left = True
        except NotConnected:
            if not left:
                not_left()
        except HomeAssistantError as error:
            # It may have left, or leave later: it is followed like one that did.
            self._log(publication, error)

    async def _say(self, publication: Publication, qos: int) -> None:
        try:
            await self._link.async_publish(publication, qos, SAID_FOR)
        except (NotConnected, HomeAssistantError) as error:
            self._log(publication, error)

    def _log(self, publication: Publication, error: Exception) -> None:
        name, topic = self._entry.title, publication.topic
        LOGGER.debug("%s: publishing on %s: %s", name, topic, error)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        self._entry.async_create_background_task(
            self._hass, work, f"{DOMAIN} {self._entry.title} publish"
        )
