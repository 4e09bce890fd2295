"""What a node says of a command that it took, or does not understand."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Busy,
    Done,
    Failed,
    Readings,
    Rejected,
)
from tests.engine.driver import MINUTE, Driver, a_station, policies

RULES = policies(
    run_pump={},
    set_relay={},
    stop_pump={},
    update_config={
        "beside": True,
        "accept_timeout": 30.0,
        "retry_delays": (30.0, 30.0, 240.0),
        "attempts": 6,
    },
)


def as_ordered(command: Command, _node: str, state: DeliveryState) -> Readings:
    if command.kind != "set_relay":
        return {}
    return {"state": "on", "since": str(state)}


@pytest.fixture
def pump() -> Driver:
    driver = Driver(a_station(policies=RULES, words={"assumed": as_ordered}))
    driver.all_ready(drops_repeats=True)
    return driver


class TestTheLastWordOnWhatWasTaken:
    def test_is_a_refusal(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.accept(run)
        pump.tell(Rejected("1", run, "no such pump", after_all=True))
        assert pump.state(run) is CommandState.REJECTED
        assert pump.delivery(run, "1").reason == "no such pump"

    def test_is_that_the_node_is_busy(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.accept(run)
        pump.tell(Busy("1", run, after_all=True))
        assert pump.delivery(run, "1").attempts == 0
        assert pump.whys(run) == [Why.BUSY]
        pump.advance(30.0)
        assert pump.times_published(run, "1") == 2

    def test_is_none_where_a_node_does_not_mean_it_so(self, pump: Driver) -> None:
        run = pump.order("run_pump", "1")
        pump.accept(run)
        pump.tell(Busy("1", run))
        assert pump.state(run) is CommandState.ACCEPTED

    def test_does_not_settle_a_repeat_that_may_have_been_done_before(
        self, pump: Driver
    ) -> None:
        run = pump.order("run_pump", "1")
        pump.advance(30.0)
        pump.accept(run)
        pump.tell(Rejected("1", run, "again?", after_all=True))
        assert pump.state(run) is CommandState.UNCONFIRMED


class TestWhatANodeDoesNotUnderstand:
    def test_is_never_sent_again_though_it_must_be_done(self, pump: Driver) -> None:
        stop = pump.order("stop_pump", "1")
        pump.tell(Failed("1", stop, "unknown_command", for_good=True))
        pump.advance(10 * MINUTE)
        assert pump.state(stop) is CommandState.FAILED
        assert pump.delivery(stop, "1").reason == "unknown_command"
        assert pump.times_published(stop, "1") == 1

    def test_is_tried_until_it_is_done_if_it_only_failed(self, pump: Driver) -> None:
        stop = pump.order("stop_pump", "1")
        pump.tell(Failed("1", stop, "stuck"))
        pump.advance(1.0)
        assert pump.times_published(stop, "1") == 2


class TestWhatIsInFlightBesideOthers:
    def test_keeps_nothing_waiting(self, pump: Driver) -> None:
        config = pump.order("update_config", "1")
        run = pump.order("run_pump", "1")
        assert pump.state(config) is CommandState.SENT
        assert pump.state(run) is CommandState.SENT

    def test_is_sent_again_when_its_own_times_say(self, pump: Driver) -> None:
        config = pump.order("update_config", "1")
        times = []
        for _ in range(20):
            pump.advance(30.0)
            times.append(pump.times_published(config, "1"))
        assert times == [2, *[3] * 8, 4, 5, *[6] * 8, 6]
        assert pump.state(config) is CommandState.FAILED


class TestWhatANodeDoesNotSay:
    def test_is_as_it_was_ordered_once_it_has_done_it(self, pump: Driver) -> None:
        relay = pump.order("set_relay", "1")
        assert pump.engine.told("1") == {}
        pump.accept(relay)
        assert pump.engine.told("1") == {"state": "on", "since": "accepted"}
        pump.tell(Done("1", relay))
        assert pump.engine.told("1") == {"state": "on", "since": "done"}

    def test_is_as_it_says_when_it_says_it(self, pump: Driver) -> None:
        pump.done(pump.order("set_relay", "1"))
        pump.see("1", readings={"state": "off"})
        assert pump.engine.told("1")["state"] == "off"

    def test_is_not_assumed_of_what_failed(self, pump: Driver) -> None:
        pump.fail(pump.order("set_relay", "1"), "1", "jam")
        assert pump.engine.told("1") == {}
