"""Ten places that a hub has for each node, the last of them for a close."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Forgot, Relay
from tests.engine.driver import MINUTE
from tests.engine.hub import Hub

SENT = CommandState.SENT
ACCEPTED = CommandState.ACCEPTED
QUEUED = CommandState.QUEUED


class TestTenPlaces:
    def test_take_nine_commands_and_no_more(self, hub: Hub) -> None:
        valves = [hub.open(valve) for valve in range(12)]
        for valve in valves:
            hub.take(valve)

        assert [hub.state(valve) for valve in valves] == [ACCEPTED] * 9 + [QUEUED] * 3

    def test_take_the_next_when_one_is_done(self, hub: Hub) -> None:
        valves = [hub.open(valve) for valve in range(10)]
        for valve in valves:
            hub.take(valve)
        hub.happens("open_valve 4")

        assert hub.state(valves[9]) is SENT

    def test_keep_the_last_for_a_close(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        close = hub.close(0)

        assert hub.state(close) is SENT
        assert hub.messages_at("1") == 10

    def test_take_no_eleventh_though_it_is_a_close(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.take(hub.close(0))
        close = hub.close(1)
        assert hub.whys(close) == [Why.FULL]

        hub.happens("open_valve 3")
        assert hub.state(close) is SENT

    def test_are_not_more_for_closes_alone(self, hub: Hub) -> None:
        closes = [hub.close(valve) for valve in range(12)]
        for close in closes:
            hub.take(close)

        assert hub.messages_at("1") == 10

    def test_full_of_closes_take_no_other_command(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.close(valve))
        valve = hub.open(20)

        assert hub.whys(valve) == [Why.FULL]

    def test_are_shared_by_the_lines_of_a_plan(self, hub: Hub) -> None:
        plan = hub.plan(16)
        hub.take(plan, times=16)
        assert hub.steps_sent(plan, "1") == [*range(9)]

        hub.happens("slot 0")
        hub.take(plan)
        assert hub.steps_sent(plan, "1") == [*range(10)]

    def test_are_shared_by_a_plan_and_commands(self, hub: Hub) -> None:
        for valve in range(4):
            hub.take(hub.open(valve))
        plan = hub.plan(16)
        hub.take(plan, times=16)
        assert hub.steps_sent(plan, "1") == [*range(5)]

        hub.take(hub.close(0))
        hub.happens("slot 0")
        assert hub.messages_at("1") == 9

    def test_are_taken_by_what_was_given_up_until_the_hub_holds_less(
        self, hub: Hub
    ) -> None:
        valves = [hub.open(valve) for valve in range(9)]
        for valve in valves:
            hub.take(valve)
        hub.advance(41 * MINUTE)
        assert {hub.state(valve) for valve in valves} == {CommandState.UNCONFIRMED}
        hub.list_nodes()
        last = hub.open(10)
        assert hub.inquired[-1] == "1", "whether they are held still"
        hub.holds("1", *["open_valve"] * 9)
        assert hub.whys(last) == [Why.FULL]
        close = hub.close(0)
        hub.take(close)
        assert hub.state(close) is ACCEPTED, "the last place is for a close"

        asked = len(hub.inquired)
        hub.see("1")
        assert hub.inquired[asked:] == ["1"], "whether it took them"
        hub.holds("1", *["open_valve"] * 4)
        assert hub.state(last) is SENT

    def test_are_tried_when_the_hub_does_not_say_what_it_holds(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.advance(41 * MINUTE)
        hub.list_nodes()
        last = hub.open(10)
        assert hub.whys(last) == [Why.FULL]

        for _ in range(10):
            hub.tell(Relay())
            hub.advance(30.0)
        assert hub.times_published(last, "1") == 1

    def test_are_all_free_when_the_hub_has_stopped(self, hub: Hub) -> None:
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.advance(41 * MINUTE)
        hub.list_nodes()
        last = hub.open(10)
        hub.tell(Forgot())
        hub.list_nodes()

        assert hub.state(last) is SENT

    def test_are_each_node_s_own(self, hub: Hub) -> None:
        for valve in range(10):
            hub.take(hub.open(valve))
        other = hub.open(0, "2")

        assert hub.state(other) is SENT

    def test_that_are_taken_by_others_are_waited_for_at_no_cost(self, hub: Hub) -> None:
        valve = hub.open(0)
        hub.is_full()
        assert hub.whys(valve) == [Why.BUSY]
        hub.tell(Relay())
        hub.advance(30.0)

        assert hub.times_published(valve, "1") == 2
        assert hub.delivery(valve, "1").attempts == 1

    def test_taken_meanwhile_are_not_there_for_what_rested(self, hub: Hub) -> None:
        plan = hub.order("set_plan", "2", "1", params={"slots": 1})
        hub.take(plan, "2")
        hub.is_full()
        for valve in range(9):
            hub.take(hub.open(valve))
        hub.tell(Relay())
        hub.advance(30.0)

        assert hub.messages_at("1") == 9
        assert hub.whys(plan) == [Why.FULL]

    def test_full_in_the_middle_of_a_plan_let_it_go_on_later(self, hub: Hub) -> None:
        plan = hub.plan(3)
        hub.take(plan)
        hub.is_full()
        hub.advance(30.0)
        hub.take(plan, times=2)

        assert hub.steps_sent(plan, "1") == [0, 1, 1, 2]
        assert hub.state(plan) is ACCEPTED

    def test_full_make_a_close_try_again_at_growing_distances(self, hub: Hub) -> None:
        close = hub.close(0)
        distances = []
        for _ in range(8):
            hub.is_full()
            before, sent = hub.now.steady, hub.times_published(close, "1")
            while hub.times_published(close, "1") == sent:
                hub.advance(0.5)
                hub.tell(Relay())
            distances.append(hub.now.steady - before)

        assert distances == [1, 2, 4, 8, 16, 32, 60, 60]
