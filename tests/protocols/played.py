"""A protocol and the engine together: messages in, messages out, no broker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
import json
from typing import Any, override
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.model.effects import (
    Effect,
    ImageCame,
    ImageIncomplete,
    Instruct,
    Publish,
    Say,
    TellTime,
)
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import (
    PlanKeeper,
    Station,
)
from custom_components.mqtt_dispatch.engine.model.reports import Readings, Reply
from custom_components.mqtt_dispatch.engine.model.step import Run, Wanted
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Protocol, Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
)
from custom_components.mqtt_dispatch.runtime.publisher import instructing_of
from tests.engine.driver import HOUR, NOON, Driver
from tests.engine.world import ANY_NUMBER


def at_the_next_hour(_cron: str, wall: float) -> float:
    """Say that any cron expression is due at the next full hour."""
    return (wall // HOUR + 1) * HOUR


class Played(Driver):
    """A station whose nodes say what a test has them say on the wire."""

    def __init__(
        self,
        spoken: str | Protocol,
        nodes: Mapping[str, Mapping[str, Any]],
        *,
        zone: str = "UTC",
        wall: float = NOON,
    ) -> None:
        self.protocol = PROTOCOLS[spoken] if isinstance(spoken, str) else spoken
        self.site = Site(
            prefix=self.protocol.default_prefix,
            nodes=nodes,
            zone=ZoneInfo(zone),
            next_time=at_the_next_hour,
            told=self._told,
        )
        self.sent: list[tuple[str, str]] = []
        """What went down and was not looked at yet: topic and payload."""
        self.happened: list[Happened] = []
        self.images: list[ImageCame | ImageIncomplete] = []
        super().__init__(self._station(), wall=wall)
        self.connect()

    def _station(self) -> Station:
        protocol = self.protocol
        return Station(
            nodes=tuple(self.site.nodes),
            policies=protocol.policies,
            settings=replace(ANY_NUMBER, **dict[str, Any](protocol.settings)),
            zone=self.site.zone,
            plan_keeper=self._plan_keeper(),
            steps=lambda *what: protocol.steps(self.site, *what),
            session=protocol.session,
            wanted=self._wanted,
            runs=self._runs,
            plan_cycle=7 if protocol.planning is None else protocol.planning.cycle,
            plan_lasts=None if protocol.planning is None else protocol.planning.lasts,
            welcome=lambda node: tuple(
                map(protocol.with_key, protocol.welcome(self.site, node))
            ),
            course=lambda *what: protocol.course(self.site, *what),
            assumed=lambda *told: protocol.assumed(self.site, *told),
        )

    def _told(self, node: str) -> Readings:
        return self.engine.told(node)

    def _plan_keeper(self) -> PlanKeeper:
        planning = self.protocol.planning
        if planning is None:
            return PlanKeeper.HOME
        return PlanKeeper.NODES_THAT_TELL if planning.told else PlanKeeper.NODES

    def _wanted(self, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
        if self.protocol.planning is None:
            return ()
        found = self.protocol.planning.wanted(self.site, meals, wall)
        return tuple(map(self.protocol.with_key, found))

    def _runs(
        self, kind: str, params: Mapping[str, Any], start: float, end: float
    ) -> Iterable[Run]:
        if self.protocol.planning is None:
            return ()
        return self.protocol.planning.runs(self.site, kind, params, start, end)

    def put(self, kind: str, node: str, **params: Any) -> int:
        """Order a command, whatever was ordered already; return its id."""
        checked = self.protocol.check(kind, params)
        key = self.protocol.kinds[kind].key(checked)
        return self.order(kind, node, params=checked, key=key, confirmed=True)

    def hear(self, topic: str, content: Any, *, retain: bool = False) -> None:
        """Have a message come: a text as it is, anything else as JSON."""
        text = content if isinstance(content, str) else json.dumps(content)
        came = Message(topic, text.encode(), retain=retain, wall=self.now.wall)
        for said in self.protocol.report(self.site, came):
            match said:
                case Malformed():
                    pass
                case Happened():
                    self.happened.append(said)
                case Learned(node, facts):
                    known = {**self.site.nodes[node], **facts}
                    nodes = {**self.site.nodes, node: known}
                    self.site = replace(self.site, nodes=nodes)
                case Publication():
                    self.tell(Reply(said))
                case _:
                    self.tell(said)

    def taken(self) -> list[tuple[str, str]]:
        """Return what went down since this was last asked."""
        sent, self.sent = self.sent, []
        return sent

    @override
    def tell(self, event: Event) -> list[Effect]:
        effects = super().tell(event)
        for effect in effects:
            match effect:
                case Publish(command_id, node, step):
                    sending = Sending(
                        command=self.command(command_id),
                        node=node,
                        wall=self.now.wall,
                        step=step,
                        readings=self.engine.statuses[node].readings,
                    )
                    self._say(self.protocol.messages(self.site, sending))
                case Say(Publication() as answer):
                    self._say((answer,))
                case TellTime():
                    self._say(self.protocol.time_answer(self.site, self.now.wall))
                case Instruct():
                    self._instruct(effect)
                case ImageCame() | ImageIncomplete():
                    self.images.append(effect)
        return effects

    def _instruct(self, order: Instruct) -> None:
        instructing = instructing_of(order, self.engine, self.now.wall)
        self._say(self.protocol.instruct(self.site, instructing))

    def _say(self, publications: tuple[Publication, ...]) -> None:
        self.sent += [(each.topic, each.payload) for each in publications]
