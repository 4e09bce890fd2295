"""A hub of protocol 3, `valve_hub`, and the nodes behind it: one client plays all.

What the wire leaves open is decided here:

- A node wakes up, is heard, and gets what is held for it, one command every 0.1 s,
  until nothing is left. What it reports comes at once. It then sleeps.
- A command counts as executed when the node has it and does something: from then on
  water may run. One for what the node does not have is dropped without a word.
- What names an execution is the line itself, for the wire has no id: who sends two that
  are equal cannot tell them apart.
- A run by a slot of the node is an execution of its own, named by slot and time.
- A slot that is in use, by itself or by another, cannot be set: "overlap".
- A restart of the hub loses what it holds and its count of commands, but not which
  nodes it knows. A loss of the connection to the broker loses lines alone.
- Until it is told the time the hub asks for it every 5 s, then once an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, CLEAR, Order, StandingOrders
from simulator.node import Agenda, Connect, Effect, Message, Note, Remembered
from simulator.simulated import Simulated
from simulator.valve_hub.faults import FAULTS
from simulator.valve_hub.node import BOOT_SECONDS, ValveNode
from simulator.valve_hub.options import add_options, settings_from
from simulator.valve_hub.voice import Voice
from simulator.valve_hub.wire import (
    CURTAIN_EVENTS,
    HIGHEST_ADDRESS,
    MOTOR_ERROR,
    PLACES,
    Line,
    LineError,
    Settings,
    Update,
    queued,
    read_line,
    update_type,
)

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from simulator.node import Node
    from simulator.simulated import Memories

HUB = "hub"
HAND_OVER_SECONDS = 0.1
RESTART_SECONDS = 1.0
ASK_AGAIN_SECONDS = 5.0
ASK_SECONDS = 3600.0
ONLINE_SECONDS = 1200.0
FIRMWARE = 131_072


class ValveHub:
    """A hub, its bridge and its nodes, which are called by their addresses.

    `memory` is what the nodes' flash held, from a `Remembered`; `now` is unix seconds.
    """

    def __init__(
        self,
        names: Sequence[str],
        settings: Settings,
        *,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._settings = settings
        self._agenda = Agenda()
        self._voice = Voice(settings, self._agenda)
        self._orders = {name: StandingOrders() for name in names}
        self._queues: dict[str, list[Update]] = {name: [] for name in names}
        self._last_seen: dict[str, float] = {}
        self._asleep: set[str] = set()
        self._seq = 0
        self._running = False
        self._connected = False
        self._knows_time = False
        self.nodes = {
            name: ValveNode(
                name,
                settings,
                agenda=self._agenda,
                tell=self._tell,
                memory=None if memory is None else memory.get(name),
                now=now,
            )
            for name in names
        }
        self._agenda.put("boot", now, self._switch_on)

    @property
    def name(self) -> str:
        return HUB

    @property
    def will(self) -> Message | None:
        return None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self._settings.prefix}/tx",)

    def held(self, node: str) -> list[Update]:
        """Return what the hub holds for a node, in its order."""
        return list(self._queues[node])

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        if self._connected:
            return []
        self._connected = True
        return self._boot(now)

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if topic not in self.subscriptions or not self._running:
            return []
        effects: list[Effect] = []
        for text in payload.decode("ascii", "replace").split("\n"):
            if line := text.strip():
                effects += self._read(line, now)
        return effects

    def order(self, order: Order, now: float) -> list[Effect]:
        names = [*self.nodes] if order.node is None else [order.node]
        if order.fault == CLEAR:
            return self._clear(order.value, names, now)
        if order.fault == "restart" and order.value == "now":
            return self._restart(order, now)
        for name in names:
            if order.fault == "asleep":
                self._fall_asleep(name, order.seconds, now)
            else:
                self._orders[name].add(order)
        return []

    def _switch_on(self, now: float) -> list[Effect]:
        for number, name in enumerate(self.nodes, start=1):
            share = number / len(self.nodes)
            self._wake_up_in(name, share * self.nodes[name].wake_seconds, now)
        return [Connect()]

    def _boot(self, now: float) -> list[Effect]:
        self._running = True
        self._knows_time = False
        return [*self._voice.say("HUB_READY"), *self._ask_for_time(now)]

    def _ask_for_time(self, now: float) -> list[Effect]:
        pause = ASK_SECONDS if self._knows_time else ASK_AGAIN_SECONDS
        self._agenda.put("time", now + pause, self._ask_for_time)
        return self._voice.say("GET_DATETIME") if self._running else []

    def _restart(self, order: Order, now: float) -> list[Effect]:
        self._running = False
        self._seq = 0
        self._voice.forget()
        for name, queue in self._queues.items():
            queue.clear()
            self._agenda.drop(f"{name} hand over")
        at = now + (order.seconds or RESTART_SECONDS)
        self._agenda.put("boot", at, self._boot)
        return [Note(f"hub restarts: {order}")]

    def _read(self, text: str, now: float) -> list[Effect]:
        try:
            line = read_line(text)
        except LineError as error:
            return self._voice.say(f"ERROR {error}")
        match line.word:
            case "DATETIME":
                self._knows_time = True
                self._agenda.put("time", now + ASK_SECONDS, self._ask_for_time)
                return []
            case "LIST_NODES":
                return self._list_nodes(now)
        name = str(line.numbers[0])
        if name not in self.nodes:
            return self._voice.say("ERROR Node not found")
        if line.word == "GET_QUEUE":
            return self._list_queue(name, now)
        return self._hold(name, line, now)

    def _hold(self, name: str, line: Line, now: float) -> list[Effect]:
        orders = self._orders[name].take()
        answer = orders.get("answer")
        if error := orders.get("error"):
            return self._voice.say_with(answer, f"ERROR {error.value}", now)
        queue = self._queues[name]
        if len(queue) >= PLACES:
            return self._voice.say_with(answer, "ERROR QUEUE_FULL", now)
        self._seq += 1
        update = Update(self._seq, line, now, orders=orders)
        queue.append(update)
        effects = self._voice.say_with(answer, queued(line, len(queue)), now)
        if update.ordered("restart", "queued"):
            effects += self._restart(orders["restart"], now)
        return effects

    def _list_nodes(self, now: float) -> list[Effect]:
        effects = self._voice.say(f"NODE_LIST {len(self._last_seen)}")
        for name, seen in self._last_seen.items():
            node = self.nodes[name]
            age = int(now - seen)
            online = int(age < ONLINE_SECONDS)
            effects += self._voice.say(
                f"NODE {name} {node.device_id} {node.type} {online} {age}"
                f" {FIRMWARE} {node.valves}"
            )
        return effects

    def _list_queue(self, name: str, now: float) -> list[Effect]:
        queue = self._queues[name]
        effects = self._voice.say(f"QUEUE {name} {len(queue)}")
        for update in queue:
            age = int(now - update.queued_at)
            effects += self._voice.say(
                f"UPDATE {update.seq} {update_type(update.line)} {age}"
            )
        return effects

    def _wake_up_in(self, name: str, seconds: float, now: float) -> None:
        self._agenda.put(
            f"{name} wake", now + seconds, lambda at: self._wake_up(name, at)
        )

    def _wake_up(self, name: str, now: float) -> list[Effect]:
        self._asleep.discard(name)
        self._wake_up_in(name, self.nodes[name].wake_seconds, now)
        if not self._running:
            return []
        self._last_seen[name] = now
        self._hand_over_in(name, now)
        fault = self._orders[name].view().get("heartbeat")
        return self._voice.say_with(fault, self.nodes[name].heartbeat(now), now)

    def _fall_asleep(self, name: str, seconds: float | None, now: float) -> None:
        self._asleep.add(name)
        self._agenda.drop(f"{name} wake")
        self._agenda.drop(f"{name} hand over")
        if seconds is not None:
            self._wake_up_in(name, seconds, now)

    def _hand_over_in(self, name: str, now: float) -> None:
        at = now + HAND_OVER_SECONDS
        self._agenda.put(f"{name} hand over", at, lambda at: self._hand_over(name, at))

    def _hand_over(self, name: str, now: float) -> list[Effect]:
        queue = self._queues[name]
        if not queue:
            return []
        if queue[0].ordered("restart", "handing"):
            return self._restart(queue[0].orders["restart"], now)
        update = queue.pop(0)
        effects = self.nodes[name].carry_out(update, now)
        effects.append(
            Remembered({name: node.stored() for name, node in self.nodes.items()})
        )
        if update.kind == "reboot":
            self._wake_up_in(name, BOOT_SECONDS, now)
        else:
            self._hand_over_in(name, now)
        return effects

    def _tell(
        self, name: str, event: int, detail: int, fault: Order | None, now: float
    ) -> list[Effect]:
        if not self._running:
            return []
        self._last_seen[name] = now
        node = f"{name} {self.nodes[name].device_id}"
        if event in (*CURTAIN_EVENTS.values(), MOTOR_ERROR):
            line = f"EVENT {node} {event} {detail:02X}"
        else:
            line = f"EVENT_LOG {node} {round(now * 1000)} {event} 0 {detail}"
        return self._voice.say_with(fault, line, now)

    def _clear(self, fault: str, names: Sequence[str], now: float) -> list[Effect]:
        for name in names:
            self._orders[name].clear(fault)
            if fault in (ALL, "asleep") and name in self._asleep:
                self._asleep.discard(name)
                self._wake_up_in(name, 0.0, now)
        if fault in (ALL, "restart") and not self._running and self._connected:
            self._agenda.put("boot", now, self._boot)
        return []


def station(
    names: Sequence[str],
    settings: Settings,
    memories: Memories,
    now: float,
) -> list[ValveHub]:
    """Return the one client that plays a station. Raises ValueError for a bad name."""
    for name in names:
        address = int(name) if name.isascii() and name.isdigit() else 0
        if str(address) != name or not 0 < address <= HIGHEST_ADDRESS:
            raise ValueError(f"{name} is not an address, 1 to {HIGHEST_ADDRESS}")
    return [ValveHub(names, settings, memory=memories.get(HUB), now=now)]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    return [*station(names, settings_from(given), memories, now)]


SIMULATED = Simulated(
    key="valve_hub",
    default_prefix="valvehub",
    default_nodes=("1", "2"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
