"""How what a node has to say is heard, and the faults that befall it on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.faults import StandingOrders, UnderOrders
from simulator.node import Action, Agenda, Effect, Note
from simulator.profiled.settings import HEARTBEAT_SECONDS

if TYPE_CHECKING:
    from simulator.profiled.body import Change, Values
    from simulator.profiled.settings import Settings
    from simulator.profiled.voice import Voice


@dataclass(frozen=True, slots=True)
class Work(UnderOrders):
    """Something to be done: a message that came, or a button that was pressed.

    `id` is what names it in the ledger, `number` the id that the message bears.
    """

    kind: str
    id: int | str
    params: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None
    by_hand: bool = False


class Speech:
    """What a node says; `values` is how it is, whether it could say so or not.

    It is `heard` while who relays is there, or while it has a connection of its own,
    and as long as it is `in_reach`.
    """

    def __init__(
        self,
        voice: Voice,
        settings: Settings,
        *,
        values: Values,
        orders: StandingOrders,
        agenda: Agenda,
    ) -> None:
        self.in_reach = True
        self.heard = False
        self._voice = voice
        self._settings = settings
        self._values = values
        self._orders = orders
        self._agenda = agenda
        self._count = 0

    def announce(self, now: float) -> list[Effect]:
        """Say what is said once a connection is there, and again from time to time."""
        self.heard = True
        self._plan_next(now)
        if not self._settings.relayed:
            self._refresh()
        return [*self._voice.again()]

    def unheard(self, *, is_forgotten: bool) -> None:
        """Take note that nobody hears it, and who relayed may have forgotten."""
        self.heard = False
        self._agenda.drop("heartbeat")
        if is_forgotten:
            self._voice.forget()

    def heartbeat(self, now: float) -> list[Effect]:
        """Say how it is, unless it says the same for ever."""
        self._plan_next(now)
        if not self.in_reach:
            return []
        self._refresh()
        self._voice.keep()
        return [*self._voice.again()]

    def answer(self, now: float) -> list[Effect]:
        """Say how it is to who asks."""
        if not self.in_reach:
            return []
        self._refresh()
        return self.speak(lambda _: [*self._voice.answer()], now)

    def say(self, work: Work, fault: str, say: Action, now: float) -> list[Effect]:
        """Say something of a command, as the order for `fault` wants it."""
        if work.ordered("silent", "works"):
            return [Note(f"fault: {work.orders['silent']}")]
        order = work.orders.get(fault)
        if order is None:
            return self.speak(say, now)
        effects: list[Effect] = [Note(f"fault: {order}")]
        match order.value:
            case "double":
                effects += [*self.speak(say, now), *self.speak(say, now)]
            case "delay":
                at = now + (order.seconds or 0.0)
                self.later(at, lambda then: self.speak(say, then))
        return effects

    def tell(
        self, work: Work, fault: str, changes: Sequence[Change], now: float
    ) -> list[Effect]:
        """Say what became different, each by itself, as `say` does."""
        return self.say(work, fault, lambda _: self._told(changes), now)

    def tell_at_once(self, changes: Sequence[Change], now: float) -> list[Effect]:
        """Say what became different without any command."""
        return self.speak(lambda _: self._told(changes), now)

    def speak(self, say: Action, now: float) -> list[Effect]:
        """Say something, as long as its state is told as it is."""
        state = self._orders.view().get("state")
        if state is None:
            return self._if_heard(say)(now)
        if state.value == "late":
            self.later(now + (state.seconds or 0.0), self._if_heard(say))
            return [*self._voice.again()] if self.heard else []
        return [Note(f"fault: {state}")]

    def echo(self, work: Work, now: float) -> list[Effect]:
        """Have who relays say what was asked, where that is its way."""
        order = work.orders.get("echo")
        if not self._settings.profile.relayed or work.ordered("echo", "none"):
            return []

        def echo(_: float) -> list[Effect]:
            return [*self._voice.echo(work.content)] if self.heard else []

        if order is None or order.seconds is None:
            return echo(now)
        self.later(now + order.seconds, echo)
        return [Note(f"fault: {order}")]

    def later(self, at: float, action: Action) -> None:
        """Do something at a time, whatever else is waiting."""
        self._count += 1
        self._agenda.put(f"later {self._count:06}", at, action)

    def _refresh(self) -> None:
        """Have it tell how it is, unless it is to tell what was so before."""
        if "state" not in self._orders.view():
            told = self._voice.told
            told |= {slot: self._values[slot] for slot in told}

    def _told(self, changes: Sequence[Change]) -> list[Effect]:
        return [message for each in changes for message in self._voice.tell(each)]

    def _if_heard(self, say: Action) -> Action:
        def speak(now: float) -> list[Effect]:
            return say(now) if self.heard and self.in_reach else []

        return speak

    def _plan_next(self, now: float) -> None:
        seconds = HEARTBEAT_SECONDS * self._settings.interval_scale
        self._agenda.put("heartbeat", now + seconds, self.heartbeat)
