"""What a station that is fuzzed is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import json
from types import SimpleNamespace
from typing import Any, cast

from homeassistant.config_entries import ConfigEntry

from custom_components.mqtt_dispatch.const import SUBENTRY_NODE
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    Connection,
    Enqueue,
    Event,
    PutMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import no_sun
from custom_components.mqtt_dispatch.engine.model.policy import Station
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Protocol, Site
from custom_components.mqtt_dispatch.station import site_of, station_of

type Said = tuple[str, Mapping[str, Any] | Sequence[Any] | str]
"""A topic, and what is said there: JSON, or text as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that is under way when the nodes begin to speak; ids count from 1."""

    kind: str
    params: Mapping[str, Any]
    node: str | None = None
    """None: all of the station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """A station and what is under way there."""

    key: str
    nodes: Mapping[str, Mapping[str, Any]]
    """What a person said of each that was adopted."""
    orders: tuple[Order, ...]
    line: Mapping[str, Any] | None = None
    """The params of a line of its plan."""
    said: tuple[Said, ...]
    """Good messages, in an order that makes sense."""

    @property
    def protocol(self) -> Protocol:
        return PROTOCOLS[self.key]

    @property
    def site(self) -> Site:
        return site_of(self._entry)

    @property
    def station(self) -> Station:
        return station_of(self._entry, no_sun)

    @property
    def topics(self) -> tuple[str, ...]:
        """Return where its nodes speak, and then the filters of all that is heard."""
        said = dict.fromkeys(topic for topic, _ in self.said)
        return (*said, *self.protocol.topics(self.site.prefix))

    def payloads(self) -> Iterator[tuple[int, bytes]]:
        """Yield good messages: the number of the topic, and the payload."""
        topics = self.topics
        for topic, content in self.said:
            text = content if isinstance(content, str) else json.dumps(content)
            yield topics.index(topic), text.encode()

    def beginning(self) -> Iterator[Event]:
        """Yield what came to pass before the nodes speak."""
        yield Connection(up=True)
        for order in self.orders:
            kind = self.protocol.kinds[order.kind]
            params = self.protocol.check(order.kind, order.params)
            yield Enqueue(
                kind=order.kind,
                params=params,
                nodes=tuple(self.nodes) if order.node is None else (order.node,),
                cause=Cause.ACTION,
                key=kind.key(params),
            )
        for node in self.nodes:
            yield Adopted(node, f"welcome:{node}")
        if self.line is not None:
            yield PutMeal(
                new_meal(
                    meal_id="",
                    name="Line",
                    rule=new_rule(
                        time="07:30",
                        weekdays=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                    ),
                    params=self.line,
                    nodes=tuple(self.nodes)[:1],
                )
            )

    @property
    def _entry(self) -> ConfigEntry[Any]:
        """Return as much of a config entry as is read of one."""
        subentries = {
            node: SimpleNamespace(
                subentry_type=SUBENTRY_NODE, data={"node": node, "fields": fields}
            )
            for node, fields in self.nodes.items()
        }
        entry = SimpleNamespace(
            title=self.key,
            data={"protocol": self.key, "prefix": self.protocol.default_prefix},
            options={},
            subentries=subentries,
        )
        return cast("ConfigEntry[Any]", entry)
