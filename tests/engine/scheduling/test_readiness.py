"""Gates: fresh, settled, online, each field with its own age, to the exact second."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.model.step import Gate
from tests.engine.driver import NOON, Driver, a_station
from tests.engine.policies import POLICIES

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT


@pytest.fixture
def station() -> Driver:
    """Return a connected station of which no node was heard yet."""
    driver = Driver()
    driver.connect()
    return driver


def test_ready_is_settled_after_exactly_the_debounce(station: Driver) -> None:
    feed = station.feed()
    station.ready()

    assert station.engine.next_deadline(station.now) == 0.5
    station.advance(0.25)
    assert station.whys(feed) == [Why.SETTLING, Why.SETTLING]
    station.advance(0.25)
    assert station.state(feed) is SENT


def test_ready_is_fresh_for_just_less_than_max_age(station: Driver) -> None:
    station.ready()
    station.advance(9.75)
    assert station.engine.next_deadline(station.now) == 0.25

    station.advance(0.25)
    assert station.whys(station.feed()) == [Why.STALE, Why.STALE]


def test_a_node_is_online_for_just_less_than_online_age(station: Driver) -> None:
    station.ready()
    station.advance(14.75)
    assert station.whys(station.feed()) == [Why.STALE, Why.STALE]

    station.advance(0.25)
    assert station.whys(station.feed()) == [Why.BEHIND]
    assert station.reasons(1) == (
        Reason(Why.SILENT, "1", since=NOON),
        Reason(Why.SILENT, "2", since=NOON),
    )


def test_every_report_of_ready_makes_it_fresh_again(station: Driver) -> None:
    for _ in range(5):
        station.ready()
        station.advance(9.0)

    assert station.state(station.feed()) is SENT


def test_a_report_after_readiness_went_stale_must_settle_anew(station: Driver) -> None:
    station.ready()
    station.advance(10.0)
    station.ready()

    assert station.whys(station.feed()) == [Why.SETTLING, Why.SETTLING]


def test_a_flap_must_settle_anew(station: Driver) -> None:
    station.ready()
    station.advance(5.0)
    station.busy("2")
    station.ready("2")

    assert station.reasons(station.feed()) == (Reason(Why.SETTLING, "2"),)


def test_a_heartbeat_without_ready_neither_unreadies_nor_refreshes(
    station: Driver,
) -> None:
    station.ready()
    station.advance(5.0)
    station.heartbeat()
    assert station.state(station.feed()) is SENT

    station.advance(5.0)
    status = station.engine.statuses["1"]
    reason = status.unready_reason(station.now, station.station.settings)
    assert reason == Reason(Why.STALE, "1", since=NOON)


def test_a_heartbeat_keeps_a_node_online(station: Driver) -> None:
    reboot = station.order("reboot", "1")
    station.ready("1")
    assert station.state(reboot) is SENT

    station.advance(14.0)
    station.heartbeat("1")
    station.advance(14.0)
    status = station.engine.statuses["1"]
    assert status.is_online(station.now, station.station.settings)


def test_a_retained_message_never_makes_a_node_fresh(station: Driver) -> None:
    for node in ("1", "2"):
        station.see(node, live=False, online=True, ready=True)
    station.advance(0.5)

    assert station.whys(station.feed()) == [Why.NEVER_HEARD, Why.NEVER_HEARD]


def test_a_retained_message_says_what_was_until_the_node_speaks(
    station: Driver,
) -> None:
    status = station.engine.statuses
    settings = station.station.settings
    station.see("1", live=False, online=False)
    station.heartbeat("1")
    assert status["1"].is_online(station.now, settings)
    station.see("1", live=False, online=False)
    assert status["1"].is_online(station.now, settings)

    station.disconnect()
    station.connect()
    station.see("1", live=False, online=False)
    assert status["1"].online is False


def test_a_retained_message_does_not_refresh_what_was_live(station: Driver) -> None:
    station.ready()
    station.advance(9.0)
    station.see("1", live=False, online=True, ready=True)
    station.advance(1.0)

    assert station.whys(station.feed()) == [Why.STALE, Why.STALE]


def test_what_is_remembered_of_a_node_is_as_old_as_it_is(station: Driver) -> None:
    station.connect()
    station.see("1", age=9.0)
    heard = station.engine.statuses["1"].heard
    assert heard is not None
    assert (heard.wall, heard.steady) == (
        station.now.wall - 9.0,
        station.now.steady - 9.0,
    )

    station.see("1")
    station.see("1", age=9.0)
    assert station.engine.statuses["1"].heard == station.now


def test_each_field_keeps_its_own_value_when_it_does_not_come(station: Driver) -> None:
    station.see(
        "1",
        online=True,
        ready=True,
        uptime=7.0,
        drops_repeats=True,
        last_id=3,
        readings={"food": 80, "rssi": -60},
    )
    station.see("1", readings={"food": 79})

    status = station.engine.statuses["1"]
    assert (status.online, status.ready, status.uptime) == (True, True, 7.0)
    assert (status.drops_repeats, status.last_id) == (True, 3)
    assert status.readings == {"food": 79, "rssi": -60}


def test_a_goodbye_closes_every_gate_at_once(kitchen: Driver) -> None:
    kitchen.reporting = ()
    kitchen.see("2", online=False)

    assert kitchen.whys(kitchen.feed()) == [Why.OFFLINE]
    assert kitchen.whys(kitchen.order("reboot", "2")) == [Why.OFFLINE]


def test_setting_the_wall_clock_moves_no_freshness(station: Driver) -> None:
    station.ready()
    station.advance(0.5)
    station.set_clock(86_400.0)
    assert station.state(station.feed()) is SENT

    station.set_clock(-200_000.0)
    station.advance(9.0)
    status = station.engine.statuses["1"]
    assert not status.unready_reason(station.now, station.station.settings)


@pytest.mark.parametrize(
    ("gate", "with_only_its_node_ready", "with_only_its_node_online"),
    [
        (Gate.ALL_READY, QUEUED, QUEUED),
        (Gate.READY, SENT, QUEUED),
        (Gate.ONLINE, SENT, SENT),
        (Gate.AWAKE, QUEUED, QUEUED),
    ],
)
def test_each_gate_asks_for_its_own(
    gate: Gate,
    with_only_its_node_ready: CommandState,
    with_only_its_node_online: CommandState,
) -> None:
    policies = {"dose": _gated(gate)}
    for says_ready, expected in (
        (True, with_only_its_node_ready),
        (False, with_only_its_node_online),
    ):
        driver = Driver(a_station(policies=policies))
        driver.connect()
        dose = driver.order("dose", "1")
        driver.see("1", online=True, ready=says_ready)
        driver.advance(1.0)
        assert driver.state(dose) is expected


def test_numbers_of_the_station_override_the_common_ones() -> None:
    driver = Driver(a_station(max_age=3.0, debounce=2.0))
    driver.connect()
    feed = driver.feed()
    driver.ready()
    driver.advance(1.75)
    assert driver.state(feed) is QUEUED
    driver.advance(0.25)
    assert driver.state(feed) is SENT
    driver.advance(1.0)
    status = driver.engine.statuses["1"]
    reason = status.unready_reason(driver.now, driver.station.settings)
    assert reason == Reason(Why.STALE, "1", since=NOON)


def test_nothing_heard_and_nothing_to_do_asks_for_no_call() -> None:
    driver = Driver()

    assert driver.engine.next_deadline(driver.now) is None


def _gated(gate: Gate) -> object:
    from dataclasses import replace

    return replace(POLICIES["dose"], gate=gate)


def test_a_reading_that_a_message_would_tell_and_does_not_holds_no_longer(
    station: Driver,
) -> None:
    station.see("1", readings={"fw": "2.1.0", "rssi": -60})
    station.see("1", online=True, untold=frozenset({"fw"}))

    assert station.engine.statuses["1"].readings == {"rssi": -60}
