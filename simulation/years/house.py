"""A station whose nodes answer at once, and whose engine is called when it wants."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
import json
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Commit,
    Effect,
    MealOverdue,
    Publish,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Archived,
    Committed,
    Connection,
    Event,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.policy import Station
from custom_components.mqtt_dispatch.engine.model.reports import Done, Seen
from simulation.years.account import Became

GRAIN = 1e-6
"""Seconds by which a timer is late."""
_ARCHIVED_AT_ONCE = 50
_ENDLESS = 100
"""So many calls at one moment are a loop."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A date that was told overdue."""

    meal_id: str
    nominal: str
    at: float
    """Unix seconds: when it was told."""


class House:
    """The engine, with a disk that writes at once; all moments are unix seconds."""

    def __init__(self, station: Station, at: float) -> None:
        self._station = station
        self._now = Now(at, 1000.0)
        self._ended: list[int] = []
        self.entries: list[Became] = []
        self.overdue: list[Overdue] = []
        self.others: list[str] = []
        """What should not be here at all."""
        self.fed_by_hand: list[float] = []
        self._begin(Snapshot())

    def _begin(self, stored: Snapshot) -> None:
        now = self._now
        self.engine = Engine(self._station, stored, (), now, 1)
        self.tell(Tick())
        self.tell(Connection(up=True))
        for node in self._station.nodes:
            self.tell(Seen(node=node, live=True, online=True, ready=True))

    def restart(self, at: float) -> None:
        """Be away till then, with nothing but what is stored."""
        text = json.dumps(snapshot_as_json(self.engine.snapshot()))
        self._station = replace(self._station, zone=self.engine.station.zone)
        self._now = Now(at, 1000.0)
        self._begin(snapshot_from_json(json.loads(text)))

    def set_zone(self, zone: str) -> None:
        """Note where the owner is; it holds for the next start too."""
        self._station = replace(self._station, zone=ZoneInfo(zone))

    def advance(self, at: float) -> None:
        """Let time pass, calling the engine exactly when it asks for it."""
        at_once, before = 0, -1.0
        while (wait := self.engine.next_deadline(self._now)) is not None:
            wall = self._now.wall + max(wait, 0.0) + GRAIN
            if wall > at:
                break
            self._pass_to(wall)
            at_once = at_once + 1 if wall - before < 1.0 else 0
            before = wall
            if at_once > _ENDLESS:
                raise RuntimeError(f"the engine asks to be called without end: {wall}")
            self.tell(Tick())
        self._pass_to(at)

    def _pass_to(self, wall: float) -> None:
        self._now = Now(wall, self._now.steady + wall - self._now.wall)

    def tell(self, event: Event) -> list[Effect]:
        """Tell the engine something, and carry out what follows. Raises Refused."""
        effects = self.engine.handle(event, self._now)
        told: deque[Effect] = deque(effects)
        while told:
            for following in self._carry_out(told.popleft()):
                told.extend(self.engine.handle(following, self._now))
        if len(self._ended) >= _ARCHIVED_AT_ONCE:
            ended, self._ended = frozenset(self._ended), []
            self.tell(Archived(ended))
        return effects

    def _carry_out(self, effect: Effect) -> tuple[Event, ...]:
        match effect:
            case Commit():
                return (Committed(self.engine.ledger.revision),)
            case Publish(command_id, node):
                if node == self._station.nodes[0]:
                    self._note_fed(command_id)
                return (Done(node, command_id),)
            case Changed():
                self._note_change(effect)
            case MealOverdue(meal):
                self.overdue.append(Overdue(meal.meal_id, meal.nominal, self._now.wall))
        return ()

    def _note_fed(self, command_id: int) -> None:
        command = self.engine.ledger.open[command_id]
        if command.meal is None:
            self.fed_by_hand.append(self._now.wall)
        else:
            self._note(command_id, "fed")

    def _note_change(self, change: Changed) -> None:
        if not change.state.final:
            return
        self._ended.append(change.command_id)
        command = self.engine.ledger.find(change.command_id)
        if command is None or command.ever_sent:
            return
        if change.state is CommandState.EXPIRED:
            self._note(change.command_id, "missed")
        elif change.cause is Cause.SKIPPED:
            self._note(change.command_id, "skipped")
        elif change.cause is not Cause.PERSON:
            self.others.append(f"{change} of {command.meal}")

    def _note(self, command_id: int, what: str) -> None:
        command = self.engine.ledger.find(command_id)
        if command is None or command.meal is None:
            self.others.append(f"#{command_id} was {what}, and is of no meal")
            return
        meal, portions = command.meal, command.params["portions"]
        self.entries.append(
            Became(
                meal.meal_id,
                meal.date,
                what,
                self._now.wall,
                meal.nominal,
                portions,
            )
        )
