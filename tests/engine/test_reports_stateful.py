"""The engine with nodes of every sort, to which anything happens in any order.

A hub relays to some kinds and answers without ids, other kinds go to nodes that sleep
or that remember ids for a while. What the nodes executed is the truth by which the
engine is judged. `ENGINE_STORIES=5000` tells so many stories, made up anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, repeat
import json
import os
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.mqtt_dispatch.engine.delivery.attempts import Wait
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    Cancel,
    Effect,
    Event,
    Finish,
    NotPublished,
    Publish,
    PutMeal,
    Refused,
    RemoveMeal,
    Resolve,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import Meal
from custom_components.mqtt_dispatch.engine.model.policy import PlanKeeper
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Dispensed,
    Done,
    Failed,
    Forgot,
    Hello,
    Needs,
    Readings,
    Rejected,
    Relay,
)
from custom_components.mqtt_dispatch.engine.model.session import (
    Host,
    Session,
    no_session,
)
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step, Wanted
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.session import CameraSession
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listing,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.session import HubSession
from tests.engine.driver import NODES, Driver, Writes, a_station, policies
from tests.engine.plan.meal_samples import BERLIN, NEW_YORK, a_meal

STORIES = os.environ.get("ENGINE_STORIES")
TOLD = settings(
    max_examples=int(STORIES or 60),
    stateful_step_count=50,
    deadline=None,
    derandomize=STORIES is None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
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
KINDS = st.sampled_from([*RULES, "set_plan", "run_pump", "operate"])
SOME_NODES = st.sampled_from([("1",), ("2",), NODES])
NAMES = st.sampled_from(NODES)
PROMPTLY = st.sampled_from([True, True, True, False])
FATES = ("does", "does", "does", "does", "busy", "refuses", "lost", "stays here")


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
    lines = [[meal.time, wall // (10 * 86400)] for meal in meals]
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
            asked = len(unanswered) + engine.router.session.asked
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


class Stories(RuleBasedStateMachine):
    """Each rule is one thing that may happen."""

    world: World

    @initialize(
        alone=st.booleans(),
        numbers=st.sampled_from(
            [
                {},
                {"at_once": 3, "places": 4, "step_window": 3},
                {"at_once": 3, "places": 4, "step_window": 1},
                {"at_once": 3, "places": 4, "step_window": 3, "echo_for": 2.0},
                {"step_window": 2},
            ]
        ),
        session=st.sampled_from([HubSession, CameraSession, no_session]),
        fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=30),
    )
    def begin(
        self,
        numbers: dict[str, Any],
        session: Callable[[Host], Session],
        fates: list[str],
        *,
        alone: bool,
    ) -> None:
        self.world = World(cycle(fates), session, one_unanswered=int(alone), **numbers)
        self.world.connect()
        self.world.tell(Relay())
        self.world.tell(Listing())
        self.world.ready(drops_repeats=True)

    # People

    @rule(kind=KINDS, nodes=SOME_NODES, valve=st.integers(0, 3))
    def order(self, kind: str, nodes: tuple[str, ...], valve: int) -> None:
        self.world.order(kind, *nodes, params={"valve": valve})

    @precondition(lambda self: self.world.engine.ledger.open)
    @rule(which=st.integers(0, 20))
    def cancel(self, which: int) -> None:
        commands = list(self.world.engine.ledger.open)
        self.world.try_to(Cancel(commands[which % len(commands)]))

    @precondition(lambda self: self._in_state(CommandState.UNCONFIRMED))
    @rule(which=st.integers(0, 20), outcome=st.sampled_from(Outcome))
    def resolve(self, which: int, outcome: Outcome) -> None:
        found = self._in_state(CommandState.UNCONFIRMED)
        command = found[which % len(found)]
        if outcome is Outcome.RESEND:
            self.world.allow(command, command.nodes)
        self.world.try_to(Resolve(command.id, outcome))

    @precondition(lambda self: self._in_state(CommandState.FAILED))
    @rule(which=st.integers(0, 20))
    def finish(self, which: int) -> None:
        found = self._in_state(CommandState.FAILED)
        command = found[which % len(found)]
        self.world.allow(command, command.nodes)
        self.world.try_to(Finish(command.id))

    @rule(enabled=PROMPTLY)
    def dispatching(self, *, enabled: bool) -> None:
        (self.world.go_on if enabled else self.world.pause)()

    @rule(time=st.sampled_from(["08:00", "12:05", "12:10"]))
    def put_a_meal(self, time: str) -> None:
        self.world.tell(PutMeal(a_meal(time)))

    @rule()
    def remove_the_meal(self) -> None:
        self.world.try_to(RemoveMeal("breakfast"))

    @rule(node=NAMES, key=st.sampled_from(["a", "b"]))
    def adopt(self, node: str, key: str) -> None:
        self.world.tell(Adopted(node, key))

    @rule(zone=st.sampled_from([BERLIN, NEW_YORK]))
    def move(self, zone: Any) -> None:
        self.world.tell(ZoneChanged(zone))

    # The disk, the process, the broker

    @rule(writes=st.sampled_from([Writes.AT_ONCE, Writes.AT_ONCE, *Writes]))
    def the_disk(self, writes: Writes) -> None:
        self.world.writes = writes
        if self.world.commit_wanted and writes is Writes.AT_ONCE:
            self.world.commit()

    @rule(away=st.sampled_from([0.0, 30.0, 4000.0]))
    def crash(self, away: float) -> None:
        world = self.world
        written = {one.id: one.state for one in world.disk.read().commands}
        world.ended = {
            key: state
            for key, state in world.ended.items()
            if written.get(key) is state
        }
        world.memory = {
            part: until - world.now.steady + 77.0 - away
            for part, until in world.memory.items()
        }
        world.crash(away=away)
        world.connect()

    @rule(up=PROMPTLY)
    def connection(self, *, up: bool) -> None:
        (self.world.connect if up else self.world.disconnect)()

    # The hub and the nodes

    @rule(listing=PROMPTLY)
    def the_hub_is_heard(self, *, listing: bool) -> None:
        self.world.tell(Relay())
        if listing:
            self.world.tell(Listing())

    @rule()
    def the_hub_starts_anew(self) -> None:
        self.world.tell(Forgot())

    @rule(
        node=NAMES,
        items=st.lists(st.sampled_from(["set_datetime", "x"]), max_size=3),
        more=st.integers(0, 1),
    )
    def the_hub_holds(self, node: str, items: list[str], more: int) -> None:
        self.world.tell(Holds(node, len(items) + more))
        for item in items:
            self.world.tell(HeldItem(item))

    @rule(node=NAMES)
    def hello(self, node: str) -> None:
        self.world.tell(Hello(node=node))

    @rule(node=NAMES)
    def a_node_starts_anew(self, node: str) -> None:
        self.world.start_anew(node)

    @rule(
        node=NAMES,
        live=PROMPTLY,
        online=st.sampled_from([None, True, True, False]),
        drops=st.sampled_from([None, True]),
        fw=st.sampled_from([None, None, "old", "new"]),
        uptime=st.sampled_from([None, 10_000.0]),
    )
    def a_node_is_seen(
        self,
        node: str,
        online: bool | None,
        drops: bool | None,
        fw: str | None,
        uptime: float | None,
        *,
        live: bool,
    ) -> None:
        self.world.see(
            node,
            live=live,
            online=online,
            ready=online,
            drops_repeats=drops,
            uptime=uptime,
            readings={} if fw is None else {"fw": fw},
        )

    @precondition(lambda self: self.world.air)
    @rule(which=st.integers(0, 9), stays=st.sampled_from([False, False, True]))
    def an_answer_arrives(self, which: int, *, stays: bool) -> None:
        air = self.world.air
        answer = air[which % len(air)]
        if not stays:
            air.remove(answer)
        self.world.tell(answer)

    @precondition(lambda self: self.world.tasks)
    @rule(which=st.integers(0, 9), fails=st.sampled_from([False, False, False, True]))
    def a_task_ends(self, which: int, *, fails: bool) -> None:
        task = self.world.tasks.pop(which % len(self.world.tasks))
        if fails:
            task = Failed(
                task.node, task.command_id, "jam", step=task.step, subject=task.subject
            )
        self.world.tell(task)

    @rule()
    def everything_is_answered(self) -> None:
        answers = [*self.world.air, *self.world.tasks]
        self.world.air, self.world.tasks = [], []
        for answer in answers:
            self.world.tell(answer)

    @rule(
        node=NAMES,
        command_id=st.integers(1, 12),
        step=st.sampled_from([None, 0, 1, 3, 9]),
        answer=st.sampled_from([Accepted, Done, Failed]),
    )
    def an_answer_out_of_nowhere(
        self, node: str, command_id: int, step: int | None, answer: Any
    ) -> None:
        self.world.tell(answer(node, command_id, step=step))

    @rule(node=NAMES, kind=KINDS)
    def a_node_needs(self, node: str, kind: str) -> None:
        self.world.tell(Needs(node, kind))

    @rule(
        node=NAMES,
        ago=st.sampled_from([-400.0, -10.0, 0.0, 30.0, 400.0, 1e6]),
        planned=st.booleans(),
        reason=st.sampled_from(["", "jam"]),
    )
    def a_node_dispensed(
        self, node: str, ago: float, reason: str, *, planned: bool
    ) -> None:
        self.world.tell(
            Dispensed(
                node=node,
                started_at=self.world.now.wall - ago,
                planned=planned,
                grams=None,
                reason=reason,
            )
        )

    @rule(node=NAMES, parts=st.integers(1, 2), name=st.sampled_from(["a", "b"]))
    def a_node_sends_an_image(self, node: str, parts: int, name: str) -> None:
        self.world.tell(
            ImageInfo(node=node, name=name, parts=parts, size=None, taken_at=None)
        )
        self.world.tell(ImagePart(node, name, 0, b"x"))

    # Time

    @rule(seconds=st.sampled_from([0.5, 1.0, 5.0, 10.0, 15.0, 30.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule(seconds=st.sampled_from([600.0, 4000.0]))
    def much_time_passes(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule(by=st.sampled_from([-86400.0, -3600.0, 5.0, 3600.0, 86400.0]))
    def the_wall_clock_is_set(self, by: float) -> None:
        self.world.set_clock(by)

    @invariant()
    def the_promises_hold(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.come_to_an_end()

    def _in_state(self, state: CommandState) -> list[Command]:
        ledger = self.world.engine.ledger
        commands = {**ledger.closed, **ledger.open}.values()
        return [command for command in commands if command.state is state]


@pytest.mark.slow
@pytest.mark.timeout(0 if STORIES else 300)
def test_the_promises_hold_in_every_story() -> None:
    run_state_machine_as_test(Stories, settings=TOLD)
