"""The control topics: orders for faults while the simulator runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.faults import FaultError, Order, order_from_json
from simulator.node import Agenda, Connect, Effect, Message, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.faults import Fault

CONTROL_HELP = """\
orders while it runs:
  simulator/PREFIX/NODE (or all) takes one as a JSON object, not retained:
  {"FAULT": "VALUE", "seconds": 5, "count": 1}, {"FAULT": true}, {"clear": "all"}
  simulator/PREFIX/NODE/answer answers {"ordered": "..."} or {"error": "..."};
  once "ordered" is there, the order stands."""


class Control:
    """Plays like a node: reads orders, hands each to `on_order`, and answers."""

    def __init__(
        self,
        prefix: str,
        nodes: Sequence[str],
        faults: Mapping[str, Fault],
        on_order: Callable[[Order], None],
        now: float,
    ) -> None:
        self._base = f"simulator/{prefix}"
        self._nodes = nodes
        self._faults = faults
        self._on_order = on_order
        self._agenda = Agenda()
        self._agenda.put("boot", now, lambda _: [Connect()])

    @property
    def name(self) -> str:
        return "control"

    @property
    def will(self) -> Message | None:
        return None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self._base}/+",)

    def on_connect(self, _now: float) -> list[Effect]:
        return []

    def receive(self, topic: str, payload: bytes, _now: float) -> list[Effect]:
        node = topic.removeprefix(f"{self._base}/")
        try:
            order = order_from_json(payload, node, self._nodes, self._faults)
        except FaultError as error:
            return [Note(f"no order: {error}"), self._answer(topic, "error", error)]
        self._on_order(order)
        return [self._answer(topic, "ordered", order)]

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def _answer(self, topic: str, word: str, content: object) -> Message:
        payload = json.dumps({word: str(content)}).encode()
        return Message(f"{topic}/answer", payload)
