"""A world of nodes of every sort, which report whatever they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import repeat
import json
from typing import Any, override

from custom_components.mqtt_dispatch.engine.delivery.attempts import Wait
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.effects import Effect, Publish
from custom_components.mqtt_dispatch.engine.model.events import (
    Event,
    NotPublished,
    Refused,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Hello,
    Readings,
    Rejected,
    Relay,
)
from custom_components.mqtt_dispatch.engine.model.session import Host, Session
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step, Wanted
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    Holds,
    Listing,
)
from tests.engine.driver import NODES, Driver, Writes, a_station, policies
from tests.engine.plan.meal_samples import BERLIN

REMEMBERED = 60.0
"""Seconds for which nodes know an id, and a little more."""
LONG_ENOUGH = 400
"""Rounds in which everything must have come to an end once all is well."""

_HUB = {"gate": Gate.RELAY, "accept_timeout": 5.0, "done_timeout": 100.0}
RULES = policies(
    open_valve=_HUB,
    close_valve=_HUB,
    set_plan=_HUB,
    set_datetime={**_HUB, "done_by_absence": True},
    ping={"gate": Gate.AWAKE},
    capture_image={"gate": Gate.AWAKE},
    run_pump={"attempts": 5, "retry_delay": 15.0},
    operate={"done_timeout": 40.0},
    reboot={"gate": Gate.READY},
    feed={"gate": Gate.ONLINE},
)
BY_SUBJECT = ("open_valve", "close_valve", "set_plan", "set_datetime", "capture_image")


def steps(command: Command, _node: str, readings: Readings) -> tuple[Step, ...]:
    taken = frozenset({f"took {command.kind}", "error"})
    if command.kind in ("set_plan", "operate"):
        number = 2 if readings.get("fw") == "old" else 4
    else:
        number = 1
    subject = command.kind if number == 1 else f"{command.kind} {{}}"
    if command.kind in ("open_valve", "close_valve"):
        subject = f"{command.kind} {command.params.get('valve', 0)}"
    if command.kind == "capture_image":
        subject = "image"
    return tuple(
        Step(taken, frozenset({subject.format(index)})) for index in range(number)
    )


def wanted(meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
    lines = [[meal.rule.time, wall // (10 * 86400)] for meal in meals]
    return tuple(
        Wanted(node=node, kind="set_plan", params={"lines": lines}, holds=bool(lines))
        for node in NODES
    )


def welcome(node: str) -> tuple[Wanted, ...]:
    return (Wanted(node=node, kind="set_datetime", params={}),)


class World(Driver):
    """A driver whose nodes execute what arrives and remember it for a while."""

    def __init__(
        self,
        fates: Iterator[str],
        session: Callable[[Host], Session],
        **numbers: Any,
    ) -> None:
        self.fates = fates
        self.air: list[Any] = []
        self.tasks: list[Any] = []
        self.executed: Counter[tuple[int, str, int]] = Counter()
        self.allowed: Counter[tuple[int, str]] = Counter()
        self.memory: dict[tuple[int, str, int], float] = {}
        self.ended: dict[int, CommandState] = {}
        words = {
            "steps": steps,
            "wanted": wanted,
            "welcome": welcome,
            "zone": BERLIN,
            "plan_keeper": PlanKeeper.NODES_THAT_TELL,
            "session": session,
        }
        super().__init__(
            a_station(
                policies=RULES,
                words=words,
                drops_repeats_for=REMEMBERED,
                awake_for=20.0,
                per_waking=2,
                relay_age=30.0,
                online_age=30.0,
                hold=120.0,
                **numbers,
            )
        )

    @override
    def tell(self, event: Event) -> list[Effect]:
        effects = super().tell(event)
        for effect in effects:
            if isinstance(effect, Publish):
                self._arrive(effect)
        return effects

    def try_to(self, event: Event) -> bool:
        before = self.engine.snapshot()
        try:
            self.tell(event)
        except Refused:
            assert self.engine.snapshot() == before, "a refused wish changed something"
            return False
        return True

    def _arrive(self, publish: Publish) -> None:
        command = self.engine.ledger.find(publish.command_id)
        assert command is not None
        stored = self.disk.command(command.id)
        assert stored is not None, "promise 1: sent before it was stored"
        delivery = stored.delivery(publish.node)
        assert delivery is not None
        assert delivery.attempts, "promise 1: sent before it was recorded"
        fate = next(self.fates)
        if fate == "stays here":
            self.tell(NotPublished(command.id, publish.node))
        elif fate != "lost":
            self._execute(command, publish, fate)

    def _execute(self, command: Command, publish: Publish, fate: str) -> None:
        part = (command.first_part, publish.node, publish.step)
        knows = self.memory.get(part, 0.0) > self.now.steady
        known: dict[str, Any] = {"command_id": command.id, "step": publish.step}
        if command.kind in BY_SUBJECT:
            known = {"subject": f"took {command.kind}"}
        if fate in ("busy", "refuses") and not knows:
            # Nobody could tell of what it speaks if it came later.
            known = {"subject": "error"} if command.kind in BY_SUBJECT else known
            what = Busy if fate == "busy" else Rejected
            self.tell(what(publish.node, **known))
            return
        if not knows:
            self.executed[part] += 1
            self.memory[part] = self.now.steady + REMEMBERED + 30.0
        most = 1 + self.allowed[part[:2]]
        once = command.command_class is CommandClass.ONCE
        assert not once or self.executed[part] <= most, f"promise 2: {command} twice"
        self.air.append(Accepted(publish.node, **known))
        if command.kind in BY_SUBJECT:
            subjects = steps(command, publish.node, {})[publish.step].done_on
            known = {"subject": min(subjects)}
        self.tasks.append(Done(publish.node, **known))

    def start_anew(self, node: str) -> None:
        self.memory = {
            part: until for part, until in self.memory.items() if part[1] != node
        }
        self.tell(Hello(node=node))

    def allow(self, command: Command, nodes: tuple[str, ...]) -> None:
        for node in nodes:
            self.allowed[command.first_part, node] += 1

    def messages_at(self, node: str) -> int:
        return sum(
            delivery.step + 1 - len(delivery.ended)
            for command in self.engine.ledger.open.values()
            for delivery in command.deliveries
            if delivery.node == node and delivery.state.in_flight
        )

    # What must hold

    def check(self) -> None:
        engine = self.engine
        for command_id, state in self.ended.items():
            command = engine.ledger.closed[command_id]
            assert command.state is state, f"promise 3: #{command_id} was {state}"
        self.ended = {key: one.state for key, one in engine.ledger.closed.items()}
        snapshot = engine.snapshot()
        assert snapshot_from_json(
            json.loads(json.dumps(snapshot_as_json(snapshot)))
        ).commands == tuple(snapshot.commands)
        if self.commit_wanted:
            return
        told = {command.id for command, _ in engine.waiting(self.now)}
        for command in engine.ledger.open.values():
            self._check_not_mute(command, told)
        if self.station.settings.one_unanswered:
            attempts = engine.deliveries.attempts
            # What an earlier run sent counts as unanswered too, whatever it waited for.
            unanswered = [
                part
                for part, one in attempts
                if one.wait is Wait.ACCEPT and one.before is not None
            ]
            asked = len(unanswered) + engine.session.asked
            assert asked <= 1, f"asked at once: {unanswered}"
        places = self.station.settings.places
        for node in NODES:
            assert places is None or self.messages_at(node) <= places, "no place"

    def _check_not_mute(self, command: Command, told: set[int]) -> None:
        deliveries = self.engine.deliveries
        if command.state is CommandState.QUEUED:
            assert command.id in told, f"promise 5: #{command.id} waits mutely"
        for delivery in command.deliveries:
            attempt = deliveries.attempts.at((command.id, delivery.node))
            if delivery.state.in_flight:
                assert (
                    attempt.wait is not None or attempt.rests or command.id in told
                ), f"promise 4: {command} is in flight and nothing is due"

    def come_to_an_end(self) -> None:
        """Let everything be well for as long as it takes."""
        self.fates = repeat("does")
        self.writes = Writes.AT_ONCE
        if self.commit_wanted:
            self.commit()
        self.connect()
        self.go_on()
        for _ in range(LONG_ENOUGH):
            self._all_is_well()
            self.check()
            if all(
                command.state is CommandState.UNCONFIRMED
                for command in self.engine.ledger.open.values()
            ):
                return
        left = list(self.engine.ledger.open.values())
        raise AssertionError(f"promise 4: stuck for ever: {left}")

    def _all_is_well(self) -> None:
        self.tell(Relay())
        self.tell(Listing())
        for node in NODES:
            self.tell(Hello(node=node))
            self.see(node, online=True, ready=True, drops_repeats=True)
            for _ in range(2):
                self.tell(Holds(node, 0))
        for _ in range(30):
            answers, self.air, self.tasks = [*self.air, *self.tasks], [], []
            for answer in answers:
                self.tell(answer)
        for node in NODES:
            name = f"{self.now.steady}"
            self.tell(ImageInfo(node=node, name=name, parts=1, size=1, taken_at=None))
            self.tell(ImagePart(node, name, 0, b"x"))
        self.advance(25.0)
