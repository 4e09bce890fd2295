"""A hub of protocol 3, `valve_hub`, and the nodes behind it: one client plays all.

What the wire leaves open is decided here:

- A node wakes up, is heard, and gets what is held for it, one command every 0.1 s,
  until nothing is left or it opened a valve. What it reports comes at once. It then
  sleeps. What it took is held until it next asks.
- A hub that was not told the time forwards no heartbeat and answers no node; events
  come through.
- A command counts as executed when the node has it and does something: from then on
  water may run. One for what the node does not have is dropped without a word, one of
  a kind that it does not know stays, and all behind it.
- What names an execution is the line itself, for the wire has no id: who sends two that
  are equal cannot tell them apart.
- A run by a slot of the node is an execution of its own, named by slot and time.
- A restart of the hub loses what it holds and its count of commands, but not which
  nodes it knows. A loss of the connection to the broker loses lines alone.
- Until it is told the time the hub asks for it every 5 s, then once an hour.
- A node that was deleted and lives gets its old address again, a real one the next
  that is free. A real node also takes once more, after a reboot, what it took last
  before it; here it does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, CLEAR, Order, StandingOrders
from simulator.node import Agenda, Connect, Effect, Message, Note, Remembered
from simulator.valve_hub.node import BOOT_SECONDS, HubNode, ValveNode
from simulator.valve_hub.others import CurtainNode, SensorNode, measured
from simulator.valve_hub.voice import Voice
from simulator.valve_hub.wire import (
    BOOTED,
    FLAGGED,
    PLACES,
    Line,
    LineError,
    Settings,
    Update,
    full,
    queued,
    read_line,
    update_type,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


HUB = "hub"
HAND_OVER_SECONDS = 0.1
RESTART_SECONDS = 1.0
ASK_AGAIN_SECONDS = 5.0
ASK_SECONDS = 3600.0
ONLINE_SECONDS = 1200.0
_LONGEST_LINE = 255
_NOISE = "".join(map(chr, (*range(0x20), *range(0x7F, 0x100)))) + "\ufffd"
"""What the hub skips before a line."""
FIRMWARE = (1 << 24) + (4 << 16) + 17


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
        self._queues: dict[str, list[Update]] = {}
        self._flags: dict[str, list[Update]] = {}
        self._taken: dict[str, int] = {}
        """By node the number of the last command that it took."""
        self._last_seen: dict[str, float] = {}
        self._asleep: set[str] = set()
        self._deaf = False
        self._seq = 0
        self._running = False
        self._connected = False
        self._knows_time = False
        self.nodes = {
            name: _kind_of(name, settings)(
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
        return list(self._queues.get(node, ()))

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
        if self._deaf:
            return [Note(f"lost while busy: {payload!r}")]
        effects: list[Effect] = []
        for text in re.split(r"[\r\n]", payload.decode("ascii", "replace")):
            if line := text.lstrip(_NOISE)[:_LONGEST_LINE]:
                effects += self._read(line, now)
        return effects

    def order(self, order: Order, now: float) -> list[Effect]:
        names = [*self.nodes] if order.node is None else [order.node]
        if order.fault == CLEAR:
            return self._clear(order.value, names, now)
        if order.fault == "restart" and order.value == "now":
            return self._restart(order, now)
        if order.fault == "deaf":
            return self._be_deaf(order, now)
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
        self._queues.clear()
        self._flags.clear()
        self._taken.clear()
        for name in self.nodes:
            self._agenda.drop(f"{name} hand over")
        at = now + (order.seconds or RESTART_SECONDS)
        self._agenda.put("boot", at, self._boot)
        return [Note(f"hub restarts: {order}")]

    def _be_deaf(self, order: Order, now: float) -> list[Effect]:
        self._deaf = True
        if order.seconds is not None:
            self._agenda.put("deaf", now + order.seconds, self._listen)
        return [Note(f"hub is busy: {order}")]

    def _listen(self, _now: float) -> list[Effect]:
        self._deaf = False
        return []

    def _read(self, text: str, now: float) -> list[Effect]:
        try:
            line = read_line(text, self._settings.without)
        except LineError as error:
            return self._voice.say(f"ERROR {error}")
        if line is None:
            return []
        name = str(line.numbers[0]) if line.numbers else ""
        reads: dict[str, Callable[[], list[Effect]]] = {
            "GET_DATETIME": list,
            "DATETIME": lambda: self._take_time(now),
            "LIST_NODES": lambda: self._list_nodes(now),
            "GET_QUEUE": lambda: self._list_queue(name, now),
            "BATCH_ACK": lambda: self._voice.say(
                f"BATCH_ACK_SENT {name} {line.numbers[1]}"
            ),
            "DELETE_NODE": lambda: self._delete(name),
        }
        if line.word in reads:
            return reads[line.word]()
        return self._hold(name, line, now)

    def _take_time(self, now: float) -> list[Effect]:
        self._knows_time = True
        self._agenda.put("time", now + ASK_SECONDS, self._ask_for_time)
        return []

    def _delete(self, name: str) -> list[Effect]:
        if self._last_seen.pop(name, None) is None:
            return self._voice.say("ERROR Node not found")
        self._queues.pop(name, None)
        return self._voice.say(f"DELETED_NODE {name}")

    def _hold(self, name: str, line: Line, now: float) -> list[Effect]:
        desired = self._orders.get(name)
        orders = {} if desired is None else desired.take()
        answer = orders.get("answer")
        if error := orders.get("error"):
            return self._voice.say_with(answer, f"ERROR {error.value}", now)
        queue = self._queues.setdefault(name, [])
        if line.word in FLAGGED:
            update = Update(0, line, now, orders=orders)
            self._flags.setdefault(name, []).append(update)
        elif len(queue) >= PLACES:
            return self._voice.say_with(answer, full(line), now)
        else:
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
        queue = self._queues.get(name, ())
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
        node = self.nodes[name]
        self._asleep.discard(name)
        self._wake_up_in(name, node.wake_seconds, now)
        node.opened = False
        if not self._running or not self._knows_time:
            return []
        self._last_seen[name] = now
        fault = self._orders[name].view().get("heartbeat")
        effects = self._voice.say_with(fault, node.heartbeat(now), now)
        if name in self._settings.sensors:
            for line in measured(node, now):
                effects += self._voice.say(line)
        if flags := self._flags.pop(name, None):
            return effects + self._start_anew(name, flags, now)
        if node.asks_for(self._queues.get(name, ())):
            self._hand_over_in(name, now)
        return effects

    def _start_anew(self, name: str, flags: list[Update], now: float) -> list[Effect]:
        """Have a node do what the hub's answer to its heartbeat flags."""
        if flags[0].ordered("restart", "handing"):
            return self._restart(flags[0].orders["restart"], now)
        # However often it was ordered, it is one flag.
        effects = self.nodes[name].restart(flags[-1], now)
        effects.append(self._flash())
        fault = flags[-1].orders.get("event")
        at = now + BOOT_SECONDS

        def boot(at: float) -> list[Effect]:
            woken = self._wake_up(name, at)
            if isinstance(self.nodes[name], CurtainNode):
                return woken
            return woken + self._tell(name, BOOTED, 0, fault, at)

        self._agenda.put(f"{name} wake", at, boot)
        return effects

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
        node, queue = self.nodes[name], self._queues.get(name, [])
        while queue and queue[0].seq <= self._taken.get(name, 0):
            queue.pop(0)
        if not queue:
            return []
        update = queue[0]
        if update.ordered("restart", "handing"):
            return self._restart(update.orders["restart"], now)
        effects = node.carry_out(update, now)
        if effects is None:
            return [Note(f"{name} does not take {update.line.text!r}")]
        self._taken[name] = update.seq
        effects.append(self._flash())
        if not node.opened and not node.one_at_a_time:
            self._hand_over_in(name, now)
        return effects

    def _flash(self) -> Effect:
        return Remembered({name: node.stored() for name, node in self.nodes.items()})

    def _tell(
        self,
        name: str,
        event: int,
        detail: bytes | int,
        fault: Order | None,
        now: float,
    ) -> list[Effect]:
        if not self._running:
            return []
        self._last_seen[name] = now
        node = f"{name} {self.nodes[name].device_id}"
        if isinstance(detail, bytes):
            line = f"EVENT {node} {event} {detail.hex().upper()}"
        else:
            at = round(now * 1000) if self._knows_time else 0
            line = f"EVENT_LOG {node} {at} {event} 0 {detail}"
        return self._voice.say_with(fault, line, now)

    def _clear(self, fault: str, names: Sequence[str], now: float) -> list[Effect]:
        for name in names:
            self._orders[name].clear(fault)
            if fault in (ALL, "asleep") and name in self._asleep:
                self._asleep.discard(name)
                self._wake_up_in(name, 0.0, now)
        if fault in (ALL, "deaf"):
            self._deaf = False
        if fault in (ALL, "restart") and not self._running and self._connected:
            self._agenda.put("boot", now, self._boot)
        return []


def _kind_of(name: str, settings: Settings) -> type[HubNode]:
    if name in settings.curtains:
        return CurtainNode
    return SensorNode if name in settings.sensors else ValveNode
