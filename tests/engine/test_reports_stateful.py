"""The engine with nodes of every sort, to which anything happens in any order.

A hub relays to some kinds and answers without ids, other kinds go to nodes that sleep
or that remember ids for a while. What the nodes executed is the truth by which the
engine is judged. `ENGINE_STORIES=5000` tells so many stories, made up anew.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
import os
from typing import Any, override

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

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    Cancel,
    Finish,
    PutMeal,
    RemoveMeal,
    Resolve,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Dispensed,
    Done,
    Failed,
    Forgot,
    Hello,
    Needs,
    Relay,
)
from custom_components.mqtt_dispatch.engine.model.session import (
    Host,
    Session,
    no_session,
)
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
from tests.engine.driver import NODES, Writes
from tests.engine.mixed_world import RULES, World
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
KINDS = st.sampled_from([*RULES, "set_plan", "run_pump", "operate"])
SOME_NODES = st.sampled_from([("1",), ("2",), NODES])
NAMES = st.sampled_from(NODES)
PROMPTLY = st.sampled_from([True, True, True, False])
FATES = ("does", "does", "does", "does", "busy", "refuses", "lost", "stays here")


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

    @override
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
