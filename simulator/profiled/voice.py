"""What is said of a node: by itself, and by who relays and remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.profiled import wire
from simulator.profiled.body import all_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custom_components.mqtt_dispatch.protocols.profiled.profile import Model
    from simulator.node import Message
    from simulator.profiled.body import Change, Slot, Values
    from simulator.profiled.settings import Settings


class Voice:
    """Says a node's readings on their topics.

    `told` is what was said last. Where each message of a topic tells all, it is said
    again with each change, and so is what who relays was asked for.
    """

    def __init__(
        self, node: str, settings: Settings, slots: Iterable[Slot], told: Values
    ) -> None:
        self._node = node
        self._settings = settings
        self._slots = tuple(slots)
        self.told = told
        self._kept = dict(told)
        self._asked: dict[str, Any] = {}
        whole = settings.profile.whole
        first = [topics[0] for topics, _, _ in self._slots]
        self._echoed_on = next((topic for topic in first if topic in whole), None)
        self._never_echoed = _never_echoed(settings.model_of(node))

    def tell(self, change: Change) -> list[Message]:
        """Say what is different; one message a topic."""
        self.told |= change
        told_on: dict[tuple[str, str], Any] = {}
        for slot, value in change.items():
            topic, which = slot[0][0], slot[2]
            if topic in self._settings.profile.whole:
                told_on[topic, which] = self._whole(topic)
            else:
                content = told_on.get((topic, which))
                told_on[topic, which] = wire.placed(content, slot[1], value)
        return [
            self._message(topic, each, which)
            for (topic, which), each in told_on.items()
        ]

    def echo(self, content: Mapping[str, Any]) -> list[Message]:
        """Say what was asked as if the node had said it."""
        if self._echoed_on is None:
            return []
        slots = {slot[1][0]: slot for slot in self._slots if slot[1]}
        for key, value in content.items():
            if key in self._never_echoed:
                continue
            if key in slots:
                self.told[slots[key]] = value
            else:
                self._asked[key] = value
        return [self._message(self._echoed_on, self._whole(self._echoed_on))]

    def answer(self) -> list[Message]:
        """Say what was said last to who asks: where readings that come are answered."""
        told: dict[tuple[str, str], Any] = {}
        for (topics, path, which), value in self.told.items():
            if len(topics) > 1:
                on = topics[0], which
                told[on] = wire.placed(told.get(on), path, value)
        if not told:
            return self.again()
        return [self._message(on, each, which) for (on, which), each in told.items()]

    def again(self) -> list[Message]:
        """Say what was said last once more, where nodes do so unasked."""
        answered = {topics[0] for topics, _, _ in self._slots if len(topics) > 1}
        found = []
        for topic, which in dict.fromkeys(
            (topics[-1], which) for topics, _, which in self._slots
        ):
            if topic in self._settings.profile.whole:
                found.append(self._message(topic, self._whole(topic)))
            elif topic not in answered:
                content: Any = None
                for slot, value in self.told.items():
                    if (slot[0][-1], slot[2]) == (topic, which):
                        content = wire.placed(content, slot[1], value)
                if content is not None:
                    found.append(self._message(topic, content, which))
        return found

    def keep(self) -> None:
        """Keep what was said by now; `forget` goes back to it."""
        self._kept = dict(self.told)

    def forget(self) -> None:
        """Know no more than was kept last, as who relays does after a restart."""
        self.told = dict(self._kept)
        self._asked = {}

    def _whole(self, topic: str) -> object:
        content: Any = dict(self._asked) if topic == self._echoed_on else {}
        for slot, value in self.told.items():
            if topic in slot[0]:
                content = wire.placed(content, slot[1], value)
        return content

    def _message(self, topic: str, content: object, which: str = "") -> Message:
        return wire.state(self._settings, topic, self._node, content, which)


def _never_echoed(model: Model) -> frozenset[str]:
    """Return the keys that are told by the node's own word alone."""
    shown = [
        evidence
        for told in all_kinds(model)
        for evidence in (
            *(step.taken_when for step in told.steps),
            told.done_when,
            told.failed_when,
        )
        if evidence is not None and evidence.own_word
    ]
    return frozenset(
        path[0] for each in shown if (path := model.readings[each.reading].path)
    )
