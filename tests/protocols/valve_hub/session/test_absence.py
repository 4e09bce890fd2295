"""What no node tells: it is done when the hub holds it no longer."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Relay
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
)
from tests.engine.driver import MINUTE
from tests.engine.hub import Hub

ACCEPTED = CommandState.ACCEPTED
SUCCEEDED = CommandState.SUCCEEDED


class TestWhatNoNodeTells:
    """Kinds that are done when the hub holds them no longer."""

    def test_is_asked_for_when_the_node_was_heard(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        assert hub.inquired == [None]

        hub.see("1")
        assert hub.inquired == [None, "1"]

    def test_is_done_when_the_hub_holds_nothing_more(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.holds("1")

        assert hub.state(wake) is SUCCEEDED
        assert Cause.NO_LONGER_HELD in hub.causes(wake)

    def test_is_done_when_the_hub_holds_only_others(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        clock = hub.order("set_datetime", "1")
        hub.take(clock)
        hub.see("1")
        hub.holds("1", "set_datetime")

        assert hub.state(wake) is SUCCEEDED
        assert hub.state(clock) is ACCEPTED

    def test_is_asked_for_twice_more_while_it_is_held(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        for _ in range(5):
            hub.holds("1", "set_wake_interval")
            hub.advance(5.0)

        assert hub.inquired == [None, "1", "1", "1"]
        assert hub.state(wake) is ACCEPTED

    def test_is_asked_for_at_once_when_the_node_is_heard_again(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.holds("1", "set_wake_interval")
        hub.advance(1.0)
        hub.see("1")

        assert hub.inquired == [None, "1", "1"]

    def test_is_not_done_by_what_is_held_for_another_node(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.holds("2")

        assert hub.state(wake) is ACCEPTED

    def test_is_not_done_by_an_answer_that_was_cut_off(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.see("1")
        hub.tell(Holds("1", 2))
        hub.tell(HeldItem("set_datetime"))
        hub.advance(30.0)

        assert hub.state(wake) is ACCEPTED

    def test_is_not_done_by_an_answer_that_nobody_asked_for(self, hub: Hub) -> None:
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.holds("1")

        assert hub.state(wake) is ACCEPTED

    def test_is_sent_again_when_the_hub_lost_it(self, hub: Hub) -> None:
        """It is not done: the node was not heard since, so it did not take it."""
        wake = self.wait_in_vain(hub)
        hub.holds("1")

        assert hub.times_published(wake, "1") == 2

    def test_is_not_sent_again_while_the_hub_holds_it(self, hub: Hub) -> None:
        """It would be held twice, then three times, and fail in the end."""
        wake = self.wait_in_vain(hub)
        hub.holds("1", "set_wake_interval")
        asked = len(hub.inquired)
        for _ in range(20 * 60):
            hub.advance(1.0)
            hub.tell(Relay())
            if len(hub.inquired) > asked:
                asked = len(hub.inquired)
                if hub.inquired[-1] is None:
                    hub.list_nodes()
                else:
                    hub.holds("1", "set_wake_interval")
        assert hub.times_published(wake, "1") == 1
        assert hub.whys(wake) == [Why.STILL_HELD]

        hub.see("1")
        hub.holds("1")
        assert hub.state(wake) is SUCCEEDED

    def test_is_sent_again_when_nobody_says_what_is_held(self, hub: Hub) -> None:
        wake = self.wait_in_vain(hub)
        for _ in range(3):
            hub.tell(Relay())
            hub.advance(5.0)

        assert hub.times_published(wake, "1") == 2

    def wait_in_vain(self, hub: Hub) -> int:
        """Return a command that the hub took, and of which nothing is heard."""
        wake = hub.order("set_wake_interval", "1")
        hub.take(wake)
        hub.advance(30 * MINUTE)
        hub.list_nodes()
        return wake
