"""The engine in a world in which anything happens, in any order, at any moment.

Hypothesis makes up the stories; `World` tells them and its `Record` judges. The
stories are the same in each run. `ENGINE_STORIES=5000` tells so many, made up anew.
"""

from __future__ import annotations

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
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Cancel,
    Connection,
    Dispatching,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
)
from tests.engine.driver import NODES
from tests.engine.fake_node import Fate, Node
from tests.engine.world import World

STORIES = os.environ.get("ENGINE_STORIES")
TOLD = settings(
    max_examples=int(STORIES or 150),
    stateful_step_count=50,
    deadline=None,
    derandomize=STORIES is None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

FATES = st.sampled_from([Fate.ARRIVES, Fate.ARRIVES, Fate.ARRIVES, *Fate])
NAMES = st.sampled_from(NODES)
SOME_NODES = st.sampled_from([("1",), ("2",), NODES])
PROMPTLY = st.sampled_from([True, True, True, False])
KINDS = st.sampled_from(
    [
        "feed",
        "feed",
        "feed",
        "reboot",
        "operate",
        "set_schedule",
        "update_firmware",
        "close_valve",
        "ping",
    ]
)
NODE: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    drops_repeats=st.booleans(),
    reports_last_id=st.booleans(),
    gives_ids=st.sampled_from([True, True, True, False]),
)


class Stories(RuleBasedStateMachine):
    """Each rule is one thing that may happen."""

    world: World

    @initialize(first=NODE, second=NODE, connected=PROMPTLY)
    def begin(
        self, first: dict[str, Any], second: dict[str, Any], *, connected: bool
    ) -> None:
        self.world = World([Node("1", **first), Node("2", **second)])
        if connected:
            self.world.tell(Connection(up=True))
            self.world.pass_time(1.0, Fate.ARRIVES, reporting=True)

    def _then(self, *, promptly: bool, fate: Fate = Fate.ARRIVES) -> None:
        if promptly:
            self.world.settle(fate)

    # People and automations

    @rule(
        kind=KINDS,
        nodes=SOME_NODES,
        key=st.sampled_from(["", "", "a"]),
        twice=st.sampled_from([None, None, "x", "y"]),
        promptly=PROMPTLY,
        fate=FATES,
    )
    def order(
        self,
        kind: str,
        nodes: tuple[str, ...],
        key: str,
        twice: str | None,
        fate: Fate,
        *,
        promptly: bool,
    ) -> None:
        self._order(kind, nodes, key, twice)
        self._then(promptly=promptly, fate=fate)

    @rule(portions=st.integers(1, 3), fate=FATES, promptly=PROMPTLY)
    def feed_while_all_is_well(
        self, portions: int, fate: Fate, *, promptly: bool
    ) -> None:
        self.world.pass_time(1.0, Fate.ARRIVES, reporting=True)
        for _ in range(portions):
            self.world.order("feed", NODES, "", None)
        self._then(promptly=promptly, fate=fate)

    @rule(kinds=st.lists(KINDS, min_size=1, max_size=4), nodes=SOME_NODES, fate=FATES)
    def order_several(
        self, kinds: list[str], nodes: tuple[str, ...], fate: Fate
    ) -> None:
        self.world.report_ready()
        for kind in kinds:
            self._order(kind, nodes, "", None)
        self._then(promptly=True, fate=fate)

    @precondition(lambda self: self.world.engine.ledger.open)
    @rule(which=st.integers(0, 20), promptly=PROMPTLY)
    def cancel(self, which: int, *, promptly: bool) -> None:
        self.world.try_to(Cancel(self._one_of_the_open(which).id))
        self._then(promptly=promptly)

    @precondition(lambda self: self._unconfirmed())
    @rule(
        which=st.integers(0, 20),
        outcome=st.sampled_from([Outcome.RESEND, *Outcome]),
        promptly=PROMPTLY,
        fate=FATES,
    )
    def resolve(
        self, which: int, outcome: Outcome, fate: Fate, *, promptly: bool
    ) -> None:
        found = self._unconfirmed()
        self.world.resolve(found[which % len(found)], outcome)
        self._then(promptly=promptly, fate=fate)

    @precondition(lambda self: self._half_done())
    @rule(which=st.integers(0, 20), promptly=PROMPTLY, fate=FATES)
    def finish(self, which: int, fate: Fate, *, promptly: bool) -> None:
        found = self._half_done()
        self.world.finish(found[which % len(found)])
        self._then(promptly=promptly, fate=fate)

    @rule(enabled=PROMPTLY, promptly=PROMPTLY)
    def dispatching(self, *, enabled: bool, promptly: bool) -> None:
        self.world.tell(Dispatching(enabled))
        self._then(promptly=promptly)

    # The disk and the process

    @precondition(lambda self: self.world.effects)
    @rule(fate=FATES)
    def carry_out_one_effect(self, fate: Fate) -> None:
        self.world.carry_out_one(fate)

    @rule(ready=st.booleans())
    def a_write_begins_and_things_happen_meanwhile(self, *, ready: bool) -> None:
        self.world.tell(Dispatching(enabled=False))
        self.world.begin_write()
        self.world.tell(Dispatching(enabled=True))
        if ready:
            self.world.report_ready()

    @precondition(lambda self: self.world.writing is not None)
    @rule(fails=st.booleans(), but_is_there=st.booleans())
    def a_write_ends(self, *, fails: bool, but_is_there: bool) -> None:
        self.world.end_write(fails=fails, but_is_there=but_is_there)

    @rule(fate=FATES)
    def carry_out_everything(self, fate: Fate) -> None:
        self.world.settle(fate)

    @rule(after_write=st.booleans(), reconnects=PROMPTLY)
    def crash(self, *, after_write: bool, reconnects: bool) -> None:
        self.world.crash(after_write=after_write)
        if reconnects:
            self.world.tell(Connection(up=True))

    @rule(crash_before_told=st.booleans())
    def write_the_history(self, *, crash_before_told: bool) -> None:
        self.world.archive(crash_before_told=crash_before_told)

    # The broker

    @rule(up=PROMPTLY, promptly=PROMPTLY)
    def connection(self, *, up: bool, promptly: bool) -> None:
        self.world.tell(Connection(up))
        self._then(promptly=promptly)

    # The nodes

    @rule(promptly=PROMPTLY, fate=FATES)
    def all_report_ready(self, fate: Fate, *, promptly: bool) -> None:
        self.world.report_ready()
        self._then(promptly=promptly, fate=fate)

    @rule(
        name=NAMES,
        ready=st.sampled_from([None, True, False]),
        live=PROMPTLY,
        promptly=PROMPTLY,
    )
    def a_node_reports(
        self, name: str, *, ready: bool | None, live: bool, promptly: bool
    ) -> None:
        node = self.world.nodes[name]
        self.world.tell(node.says(self.world.time, ready=ready, live=live))
        self._then(promptly=promptly)

    @precondition(lambda self: any(node.tasks for node in self.world.nodes.values()))
    @rule(name=NAMES, fails=st.sampled_from([False, False, True]))
    def a_node_ends_its_work(self, name: str, *, fails: bool) -> None:
        self.world.nodes[name].work(fails=fails)

    @precondition(lambda self: any(node.air for node in self.world.nodes.values()))
    @rule(
        name=NAMES,
        which=st.integers(0, 5),
        stays=st.sampled_from([False, False, True]),
        arrives=PROMPTLY,
        promptly=PROMPTLY,
    )
    def an_answer_in_the_air(
        self, name: str, which: int, *, stays: bool, arrives: bool, promptly: bool
    ) -> None:
        air = self.world.nodes[name].air
        if not air:
            return
        answer = air[which % len(air)]
        if not stays:
            air.remove(answer)
        if arrives:
            self.world.tell(answer)
        self._then(promptly=promptly)

    @rule(arrives=PROMPTLY, promptly=PROMPTLY)
    def the_nodes_do_their_work(self, *, arrives: bool, promptly: bool) -> None:
        for node in self.world.nodes.values():
            while node.tasks:
                node.work(fails=False)
            while arrives and node.air:
                self.world.tell(node.air.pop(0))
        self._then(promptly=promptly)

    @rule(
        name=NAMES,
        command_id=st.integers(1, 12),
        answer=st.sampled_from([Accepted, Rejected, Done, Failed]),
        promptly=PROMPTLY,
    )
    def an_answer_to_what_was_never_sent(
        self, name: str, command_id: int, answer: Any, *, promptly: bool
    ) -> None:
        if not self._never_went(command_id, name):
            return
        self.world.tell(answer(name, command_id))
        command = self.world.engine.ledger.find(command_id)
        delivery = command and command.delivery(name)
        if delivery is not None:
            assert delivery.state in (DeliveryState.PENDING, DeliveryState.SENT)
        self._then(promptly=promptly)

    @rule(name=NAMES, promptly=PROMPTLY)
    def a_node_loses_power(self, name: str, *, promptly: bool) -> None:
        node = self.world.nodes[name]
        node.lose_power(self.world.time)
        self.world.tell(node.says(self.world.time, ready=True))
        self._then(promptly=promptly)

    # Time

    @rule(seconds=st.sampled_from([10.0, 30.0]), fate=FATES)
    def a_time_out_ends(self, seconds: float, fate: Fate) -> None:
        self.world.pass_time(seconds, fate, reporting=True)

    @rule(
        seconds=st.sampled_from([0.5, 1.0, 5.0, 10.0, 20.0, 30.0, 90.0]),
        fate=FATES,
        reporting=PROMPTLY,
    )
    def time_passes(self, seconds: float, fate: Fate, *, reporting: bool) -> None:
        self.world.pass_time(seconds, fate, reporting=reporting)

    @rule(seconds=st.sampled_from([600.0, 3600.0, 90000.0]), fate=FATES)
    def much_time_passes(self, seconds: float, fate: Fate) -> None:
        self.world.pass_time(seconds, fate, reporting=False)

    @rule(by=st.sampled_from([-86400.0, -3600.0, 5.0, 3600.0, 86400.0]))
    def the_wall_clock_is_set(self, by: float) -> None:
        self.world.wall_ahead += by

    # What must hold

    @invariant()
    def the_promises_hold(self) -> None:
        self.world.check()

    @override
    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.come_to_an_end()

    def _order(
        self, kind: str, nodes: tuple[str, ...], key: str, twice: str | None
    ) -> None:
        if kind == "close_valve" and not self._all_give_ids():
            # Two of them at a node that gives no ids can never be told apart.
            return
        self.world.order(kind, NODES if kind == "feed" else nodes, key, twice)

    def _one_of_the_open(self, which: int) -> Command:
        commands = list(self.world.engine.ledger.open.values())
        return commands[which % len(commands)]

    def _all_give_ids(self) -> bool:
        return all(node.gives_ids for node in self.world.nodes.values())

    def _unconfirmed(self) -> list[Command]:
        return [
            command
            for command in self.world.engine.ledger.open.values()
            if command.state is CommandState.UNCONFIRMED
        ]

    def _half_done(self) -> list[Command]:
        return [
            command
            for command in self.world.engine.ledger.closed.values()
            if command.state in (CommandState.FAILED, CommandState.REJECTED)
        ]

    def _never_went(self, command_id: int, name: str) -> bool:
        command = self.world.engine.ledger.find(command_id)
        delivery = command and command.delivery(name)
        return not delivery or delivery.attempts == 0


@pytest.mark.slow
@pytest.mark.timeout(0 if STORIES else 300)
def test_the_promises_hold_in_every_story() -> None:
    run_state_machine_as_test(Stories, settings=TOLD)
