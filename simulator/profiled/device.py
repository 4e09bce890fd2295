"""A node by its profile: what it does, and what it says of that.

What a profile leaves open is decided here:

- A message that is not the last of its kind is a setting: the node remembers its params
  for whenever the last one comes. Params that it was never told are the least.
- A command counts as executed when its last message has reached the node. Without an
  id on the wire an execution is named by its kind and a number.
- What lasts ends by the node's own clock, unless the profile says that it never does;
  another such command sets that anew. What undoes it ends it. Each end is an entry of
  the ledger of its own, `ended`, with the seconds for which it really went on. After a
  loss of power it goes on anew: `resumed`.
- What begins anew each day does so at midnight UTC.
- Nothing tells repeats apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, Order, StandingOrders
from simulator.node import Agenda, Effect, Executed, Note
from simulator.profiled import wire
from simulator.profiled.body import (
    Slot,
    Values,
    all_kinds,
    from_the_factory,
    least_params,
    shown_beside,
    shown_by,
    shown_by_hand,
    slot_of,
)
from simulator.profiled.faults import is_once
from simulator.profiled.runs import Runs
from simulator.profiled.speech import Speech, Work
from simulator.profiled.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.mqtt_dispatch.protocols.profiled.orders import (
        Evidence,
        ModelKind,
    )
    from custom_components.mqtt_dispatch.protocols.profiled.profile import Keys
    from simulator.node import Message
    from simulator.profiled.matching import Asked
    from simulator.profiled.settings import Settings

DAY_SECONDS = 86_400.0


class Device:
    """One node. `memory` is what `memory()` gave; `now` is unix seconds."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        memory: Mapping[str, Any],
        now: float,
    ) -> None:
        self.name = name
        self.agenda = Agenda()
        self.powered = False
        self.model = settings.model_of(name)
        self._settings = settings
        self._orders = StandingOrders()
        self._values: Values = from_the_factory(self.model)
        stored: Mapping[str, Any] = memory.get("values", {})
        for slot in self._values:
            self._values[slot] = stored.get(_label(slot), self._values[slot])
        told = {
            slot: value
            for slot, value in self._values.items()
            if not settings.new or _label(slot) in stored
        }
        self._speech = Speech(
            Voice(name, settings, self._values, told),
            settings,
            values=self._values,
            orders=self._orders,
            agenda=self.agenda,
        )
        self._runs = Runs(name, settings, self.agenda, self._finish)
        self._runs.remember(memory.get("runs", {}))
        self._params: dict[str, dict[str, Any]] = {
            kind: dict(params) for kind, params in memory.get("params", {}).items()
        }
        self._count: int = memory.get("count", 0)
        self.agenda.put("boot", now, self._boot)

    def memory(self) -> dict[str, Any]:
        """Return what outlives a loss of power: JSON."""
        return {
            "values": {_label(slot): value for slot, value in self._values.items()},
            "params": {kind: dict(params) for kind, params in self._params.items()},
            "count": self._count,
            "runs": self._runs.memory(),
        }

    def announce(self, now: float) -> list[Effect]:
        """Say what is said once a connection is there."""
        return self._speech.announce(now)

    def unheard(self) -> None:
        """Take note that who relays went: what is told is lost, and much forgotten."""
        self._speech.unheard(is_forgotten=True)

    def take(
        self, asked: Asked, content: Mapping[str, Any], now: float
    ) -> list[Effect]:
        """Take a message that it understands."""
        standing = self._orders.take() if asked.is_last else self._orders.view()
        work = Work(
            kind=asked.kind,
            id=asked.kind,
            params=asked.params,
            content=content,
            number=asked.id,
            orders=dict(standing),
        )
        if not self._speech.in_reach:
            return [Note(f"{self.name} is out of reach: {asked.kind} is lost")]
        reached_at = now + self._settings.reach_seconds
        if not asked.is_last:
            self._speech.later(reached_at, lambda at: self._set(work, asked.step, at))
            return []
        if refuse := work.orders.get("refuse"):
            key = asked.keys[0] if asked.keys else ""
            return [Note(f"fault: {refuse}"), *self.refused(work, refuse.value, key)]
        if work.ordered("silent", "idle"):
            return [Note(f"fault: {work.orders['silent']}")]
        if work.ordered("echo", "alone"):
            return [
                Note(f"fault: {work.orders['echo']}"),
                *self._speech.echo(work, now),
            ]
        keep = work.orders.get("keep")
        if keep is not None:
            reached_at += keep.seconds or 0.0
            if keep.value == "twice":
                self._speech.later(reached_at, lambda at: self._execute(work, at))
        self._speech.later(reached_at, lambda at: self._execute(work, at))
        return []

    def ask(self, now: float) -> list[Effect]:
        """Take a question: it tells how it is, and does nothing."""
        at = now + self._settings.reach_seconds
        self._speech.later(at, self._speech.answer)
        return []

    def refused(self, work: Work, way: str, key: str) -> list[Message]:
        """Return what says that a message was refused, in this way of the profile."""
        profile = self._settings.profile
        if way != "answer":
            said = profile.refusals[int(way) - 1]
            return [wire.refusal(self._settings, said, self.name, key)]
        answers = profile.answers
        return self._id_answer(work, None if answers is None else answers.refused)

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault, order.value:
            case "clear", fault:
                return self._clear(fault, now)
            case "die", "now":
                return self._lose_power(order.seconds, now)
            case "press", _:
                return self._press(now) if self.powered else []
            case "counter", "now":
                return self._begin_anew(now)
            case "gone", value:
                return self._go_away(order.seconds, now, is_said=value == "said")
        self._orders.add(order)
        return []

    def _set(self, work: Work, step: int, now: float) -> list[Effect]:
        """Take a setting, on which the rest of a command waits."""
        self._params.setdefault(work.kind, {}).update(work.params)
        evidence = self._told_by(work).steps[step].taken_when
        return [
            *self._speech.echo(work, now),
            *self._show(work, "setting", evidence, now),
        ]

    def _execute(self, work: Work, now: float) -> list[Effect]:
        self._count += 1
        number = work.number or f"{work.kind} {self._count}"
        params = self._params_of(work.kind, work.params)
        work = replace(work, id=number, params=params)
        effects: list[Effect] = [Executed(self.name, number, work.kind, params)]
        if work.ordered("die", "taken"):
            return effects + self._die(work, now)
        return [*effects, *self._speech.echo(work, now), *self._begin(work, now)]

    def _begin(self, work: Work, now: float) -> list[Effect]:
        """Begin what a command or a button asks for."""
        told = self._told_by(work)
        effects: list[Effect] = []
        if told.goes_on and told.failed_when and work.ordered("fail", "told"):
            return self._show(work, "taken", told.failed_when, now)
        answers = self._settings.profile.answers
        if answers is not None:
            effects += self._answer(work, "taken", answers.taken, now)
        if (beside := shown_beside(self.model, work.kind, work.params)) is not None:
            self._values.update(beside)
            effects += self._speech.tell(work, "taken", [beside], now)
        effects += self._show(work, "taken", told.steps[-1].taken_when, now)
        if told.lasts is not None:
            self._runs.begin(work, None if told.goes_on else told.lasts, now)
            return effects
        effects += self._runs.end(work, now)
        if is_once(self._settings.profile, work.kind):
            at = now + self._settings.work_seconds
            self._speech.later(at, lambda then: self._finish(work, then))
            return effects
        return effects + self._finish(work, now)

    def _finish(self, work: Work, now: float) -> list[Effect]:
        """Come to the end of what was asked for."""
        told = self._told_by(work)
        if work.ordered("die", "done"):
            self._speech.unheard(is_forgotten=False)
            self._show(work, "done", told.done_when, now)
            return self._die(work, now)
        if work.ordered("fail", "told") and told.failed_when is not None:
            return self._show(work, "done", told.failed_when, now)
        effects: list[Effect] = []
        if work.ordered("counter", "working"):
            effects += self._begin_anew(now)
        answers = self._settings.profile.answers
        if answers is not None:
            effects += self._answer(work, "done", answers.done, now)
        return effects + self._show(work, "done", told.done_when, now)

    def _mend(self, now: float) -> list[Effect]:
        """Be put in order by somebody, and tell that nothing is wrong any more."""
        rest = from_the_factory(self.model)
        wrong = {
            slot_of(self.model.readings[told.failed_when.reading])
            for told in all_kinds(self.model)
            if told.failed_when is not None
        }
        changes = [
            {slot: rest[slot]} for slot in wrong if self._values[slot] != rest[slot]
        ]
        for change in changes:
            self._values.update(change)
        return self._speech.tell_at_once(changes, now) if changes else []

    def _show(
        self, work: Work, fault: str, evidence: Evidence | None, now: float
    ) -> list[Effect]:
        """Tell what shows something, as the fault for it would have it."""
        if evidence is None:
            return []
        if work.by_hand:
            changes = shown_by_hand(self.model, evidence, self._values)
        else:
            params = self._params_of(work.kind, work.params)
            changes = shown_by(self.model, evidence, params, self._values)
        for change in changes:
            self._values.update(change)
        return self._speech.tell(work, fault, changes, now)

    def _answer(
        self, work: Work, fault: str, path: Keys | None, now: float
    ) -> list[Effect]:
        answer = self._id_answer(work, path)
        return self._speech.say(work, fault, lambda _: [*answer], now) if answer else []

    def _id_answer(self, work: Work, path: Keys | None) -> list[Message]:
        answers = self._settings.profile.answers
        if answers is None or path is None or work.number is None:
            return []
        return [wire.id_answer(self._settings, answers, self.name, work.number, path)]

    def _press(self, now: float) -> list[Effect]:
        profile = self._settings.profile
        kind = next((each for each in self.model.kinds if is_once(profile, each)), None)
        if kind is None:
            return [Note("it has no button")]
        self._count += 1
        params = least_params(self.model.kinds[kind])
        work = Work(
            kind=kind,
            id=f"button {self._count}",
            params=params,
            by_hand=True,
            orders=dict(self._orders.view()),
        )
        pressed = Executed(self.name, work.id, "button", {"kind": kind, **params})
        return [pressed, *self._begin(work, now)]

    def _told_by(self, work: Work) -> ModelKind:
        """Return what it does, of what it has several with the one that is meant."""
        return self.model.kinds[work.kind].at(work.params)

    def _params_of(self, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        least = least_params(self.model.kinds[kind])
        return {**least, **self._params.get(kind, {}), **given}

    def _begin_anew(self, now: float) -> list[Effect]:
        """Count from the beginning, and tell so."""
        changes = [
            {slot_of(reading): 0}
            for reading in self.model.readings.values()
            if reading.resets
        ]
        for change in changes:
            self._values.update(change)
        return self._speech.tell_at_once(changes, now)

    def _boot(self, now: float) -> list[Effect]:
        self.powered = True
        self._plan_midnight(now)
        return []

    def _boot_again(self, now: float) -> list[Effect]:
        return [*self._boot(now), *self._runs.restart(now)]

    def _die(self, work: Work, now: float) -> list[Effect]:
        order = work.orders["die"]
        return [Note(f"fault: {order}"), *self._lose_power(order.seconds, now)]

    def _lose_power(self, back_after: float | None, now: float) -> list[Effect]:
        effects = self._runs.lose_power(now) if self.powered else []
        self.powered = False
        self._speech.unheard(is_forgotten=False)
        self.agenda.clear()
        if back_after is not None:
            self.agenda.put("boot", now + back_after, self._boot_again)
        return effects

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self._orders.clear(fault)
        effects: list[Effect] = []
        if fault in (ALL, "die") and not self.powered:
            self.agenda.put("boot", now, self._boot_again)
        if fault in (ALL, "gone"):
            effects += self._come_back(now)
        if fault in (ALL, "fail"):
            effects += self._mend(now)
        return effects

    def _plan_midnight(self, now: float) -> None:
        if any(reading.resets for reading in self.model.readings.values()):
            at = (now // DAY_SECONDS + 1) * DAY_SECONDS
            self.agenda.put("midnight", at, self._midnight)

    def _midnight(self, now: float) -> list[Effect]:
        self._plan_midnight(now)
        return self._begin_anew(now)

    def _go_away(
        self, seconds: float | None, now: float, *, is_said: bool
    ) -> list[Effect]:
        self._speech.in_reach = False
        if seconds is not None:
            self.agenda.put("back", now + seconds, self._come_back)
        return self.signs(is_there=False) if is_said else []

    def _come_back(self, now: float) -> list[Effect]:
        self.agenda.drop("back")
        if self._speech.in_reach:
            return []
        self._speech.in_reach = True
        return [*self.signs(is_there=True), *self._speech.heartbeat(now)]

    def signs(self, *, is_there: bool) -> list[Effect]:
        """Return what says of this node whether it is there."""
        return [
            wire.sign(self._settings, each, self.name, is_there=is_there)
            for each in wire.signs_of(self._settings.profile, of_nodes=True)
        ]


def _label(slot: Slot) -> str:
    topics, path, which = slot
    return " ".join([",".join(topics), ".".join(path), *([which] if which else [])])
