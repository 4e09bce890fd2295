"""The MQTT clients of a station by a profile: a bridge, or each node alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, CLEAR
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Message,
    Note,
    Remembered,
)
from simulator.profiled import wire
from simulator.profiled.device import Device
from simulator.profiled.matching import (
    Asked,
    asked,
    command_filter,
    filled,
    is_command_topic,
    is_question,
    keys_of,
    known_keys,
)
from simulator.profiled.speech import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from custom_components.mqtt_dispatch.protocols.profiled.orders import (
        Message as Step,
    )
    from custom_components.mqtt_dispatch.protocols.profiled.profile import (
        Model,
        Refusal,
    )
    from simulator.faults import Order
    from simulator.profiled.settings import Settings

BRIDGE = "bridge"
"""The client that speaks for all nodes, where there is such."""
RESTART_SECONDS = 1.0


class Player:
    """One client and the nodes that it speaks for. `memory` is what its flash held."""

    def __init__(
        self,
        name: str,
        nodes: Sequence[str],
        settings: Settings,
        *,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._name = name
        self._settings = settings
        self._agenda = Agenda()
        self._memory = dict(memory or {})
        self._on = False
        self._is_away = False
        self._devices = {
            node: Device(node, settings, memory=self._memory.get(node, {}), now=now)
            for node in nodes
        }
        self._taken: dict[str, tuple[str, bytes]] = {}
        """The last command of each node, as it came."""
        self._kept_topics: dict[str, str] = {}
        """Where somebody keeps a command at the broker, by node."""
        self._complained = ""

    @property
    def name(self) -> str:
        return self._name

    @property
    def will(self) -> Message | None:
        of_nodes = not self._settings.relayed
        signs = wire.signs_of(self._settings.profile, of_nodes=of_nodes)
        node = self._name if of_nodes else ""
        return next(
            (wire.sign(self._settings, each, node, is_there=False) for each in signs),
            None,
        )

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics of commands; who relays listens to those of all nodes."""
        prefix = self._settings.prefix
        names = [
            "+" if self._settings.relayed and "/" not in node else node
            for node in self._devices
        ]
        found = dict.fromkeys(
            command_filter(step.topic, prefix, name)
            for name, device in zip(names, self._devices.values(), strict=True)
            for step in (*device.model.questions, *_steps_of(device.model))
        )
        if self._settings.relayed or not self._complaints(with_key=False):
            return tuple(found)
        return tuple(dict.fromkeys(f"{each.rpartition('/')[0]}/+" for each in found))

    def next_deadline(self) -> float | None:
        agendas = [self._agenda, *(each.agenda for each in self._devices.values())]
        times = (agenda.next_deadline() for agenda in agendas)
        return min((at for at in times if at is not None), default=None)

    def advance(self, now: float) -> list[Effect]:
        effects = self._agenda.run(now)
        for device in self._devices.values():
            effects += device.agenda.run(now)
        return self._settled(effects)

    def on_connect(self, now: float) -> list[Effect]:
        profile = self._settings.profile
        effects: list[Effect] = [
            wire.sign(self._settings, each, "", is_there=True)
            for each in wire.signs_of(profile, of_nodes=False)
        ]
        effects += wire.recognition(self._settings, [*self._devices])
        for device in self._devices.values():
            effects += device.signs(is_there=True)
        for device in self._devices.values():
            effects += device.announce(now)
        return effects

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._on:
            return []
        prefix = self._settings.prefix
        for node, device in self._devices.items():
            if is_question(device.model, prefix, node, topic, payload):
                return device.ask(now)
        if not payload:
            return []
        for node, device in self._devices.items():
            found = asked(device.model, prefix, node, topic, payload)
            if found is not None and self._is_taken(found):
                if found.is_last:
                    self._taken[node] = topic, payload
                content = _object(payload)
                return self._settled(device.take(found, content, now))
            if is_command_topic(device.model, prefix, node, topic):
                return self._misunderstood(device, topic, payload)
        return self._to_nobody(topic)

    def order(self, order: Order, now: float) -> list[Effect]:
        effects: list[Effect] = []
        if order.fault == "restart":
            return self._restart(order.seconds or RESTART_SECONDS, now)
        if order.fault == CLEAR and order.value in (ALL, "restart") and self._is_away:
            self._agenda.put("back", now, self._come_back)
        for node, device in self._devices.items():
            if order.node not in (None, node):
                continue
            if order.fault == "retained":
                effects += self._keep(node)
            else:
                effects += device.order(order, now)
            if order.fault == CLEAR and order.value in (ALL, "retained"):
                effects += self._keep_no_more(node)
        return self._settled(effects)

    def _is_taken(self, found: Asked) -> bool:
        """Whether a message is taken: who relays hands on whatever it is told."""
        return found.in_range or self._settings.profile.relayed

    def _misunderstood(
        self, device: Device, topic: str, payload: bytes
    ) -> list[Effect]:
        """Refuse what a node cannot do, as far as it has words for that."""
        known = known_keys(device.model)
        unknown = [key for key in keys_of(payload) if key not in known]
        if refusals := self._complaints(with_key=True):
            return [
                message
                for key in unknown
                for message in self._complain(refusals[0], device.name, key)
            ]
        found = asked(device.model, self._settings.prefix, device.name, topic, payload)
        if found is not None and found.id is not None:
            work = Work(kind=found.kind, id=found.id, number=found.id)
            return [*device.refused(work, "answer", "")]
        if refusals := self._complaints(with_key=False):
            return self._complain(refusals[-1], device.name, "")
        return [Note(f"dropped {len(payload)} bytes that it cannot read")]

    def _to_nobody(self, topic: str) -> list[Effect]:
        """Refuse what is for a node, or of a kind, that is not known."""
        refusals = self._complaints(with_key=False)
        if not refusals or self._is_own(topic):
            return []
        node = self._name if not self._settings.relayed else self._named(topic)
        return self._complain(refusals[0], node, "")

    def _named(self, topic: str) -> str:
        """Return whom a topic of commands names: what stands in place of the `+`."""
        levels = topic.split("/")
        for each in self.subscriptions:
            wanted = each.split("/")
            if "+" in wanted and wire.fits(each, topic):
                return levels[wanted.index("+")]
        return ""

    def _is_own(self, topic: str) -> bool:
        names = {"prefix": self._settings.prefix, "node": self._name}
        own = self._settings.profile.topics.values()
        return any(wire.fits(filled(template, names), topic) for template in own)

    def _complaints(self, *, with_key: bool) -> list[Refusal]:
        """Return the refusals that say why without a word of the node's own."""
        return [
            each
            for each in self._settings.profile.refusals
            if ("{key}" in each.text) is with_key and not each.contains
        ]

    def _complain(self, refusal: Refusal, node: str, key: str) -> list[Effect]:
        """Say it, but not twice in a row where one log has it all."""
        message = wire.refusal(self._settings, refusal, node, key)
        text = message.payload.decode()
        if self._settings.relayed and text == self._complained:
            return [Note("said nothing, for that was said before")]
        self._complained = text
        return [message]

    def _keep(self, node: str) -> list[Effect]:
        """Be somebody else, who keeps the last command of a node at the broker."""
        if node not in self._taken:
            return [Note(f"{node} was told nothing that could be kept")]
        topic, payload = self._taken[node]
        self._kept_topics[node] = topic
        return [Message(topic, payload, retain=True)]

    def _keep_no_more(self, node: str) -> list[Effect]:
        topic = self._kept_topics.pop(node, None)
        return [] if topic is None else [Message(topic, b"", retain=True)]

    def _restart(self, seconds: float, now: float) -> list[Effect]:
        if self._is_away:
            return []
        self._is_away = True
        self._complained = ""
        for device in self._devices.values():
            device.unheard()
        self._agenda.put("back", now + seconds, self._come_back)
        return self._settled([])

    def _come_back(self, _now: float) -> list[Effect]:
        self._is_away = False
        return []

    def _settled(self, effects: list[Effect]) -> list[Effect]:
        """Add what the client does about what its nodes did."""
        memory = {name: each.memory() for name, each in self._devices.items()}
        if memory != self._memory:
            self._memory = memory
            effects.insert(0, Remembered(memory))
        powered = any(each.powered for each in self._devices.values())
        wanted = powered and not self._is_away
        if wanted and not self._on:
            effects.append(Connect())
        if self._on and not wanted:
            effects.append(CutOff())
        self._on = wanted
        return effects


def _steps_of(model: Model) -> Iterator[Step]:
    return (step for told in model.kinds.values() for step in told.steps)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
