"""A node that sleeps until it says hello."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from custom_components.mqtt_dispatch.engine.model.reports import Done, Hello
from custom_components.mqtt_dispatch.engine.model.session import (
    Host,
    Session,
    no_session,
)
from custom_components.mqtt_dispatch.engine.model.step import Gate
from tests.engine.driver import Driver, a_station, policies

_AWAKE = {"gate": Gate.AWAKE}
RULES = policies(
    ping=_AWAKE,
    capture_image={**_AWAKE, "done_timeout": 120.0},
    reboot=_AWAKE,
)


class Sleeper(Driver):
    """Drives one node, which sleeps until it says hello."""

    def __init__(
        self, session: Callable[[Host], Session] = no_session, **numbers: Any
    ) -> None:
        words = {"session": session}
        super().__init__(
            a_station(nodes=("1",), policies=RULES, words=words, **numbers)
        )
        self.connect()

    def hello(self) -> None:
        self.tell(Hello(node="1"))

    def says_yes(self) -> None:
        self.tell(Done("1"))

    def pings(self, number: int) -> list[int]:
        """Order so many commands, none of which replaces another."""
        return [self.order("ping", "1", params={"number": n}) for n in range(number)]
