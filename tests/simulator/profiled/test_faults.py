"""Each fault shows, and the queue makes of it what its promises say."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)

from .bench import (
    FEEDER,
    TAP,
    VALVE,
    ProfiledBench,
    Together,
    tasmota_together,
    zigbee2mqtt,
    zigbee2mqtt_together,
)

SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
REJECTED, IN_DOUBT = CommandState.REJECTED, CommandState.UNCONFIRMED
FED = [("feed", {"portions": 2})]
OPENED = ("open_valve", {"duration": 60})
CLOSED: tuple[str, object] = ("close_valve", {})
CLOSED_BY_US = [OPENED, CLOSED, ("ended", {"kind": "open_valve", "seconds": 120.1})]
HOUR = 3600.0


def ran(seconds: float) -> list[tuple[str, object]]:
    """Return what is in the ledger of a run that went on for so long."""
    return [OPENED, ("ended", {"kind": "open_valve", "seconds": seconds})]


@pytest.fixture
def bridge() -> Together:
    return zigbee2mqtt_together()


@pytest.fixture
def tap() -> Together:
    return tasmota_together()


@pytest.fixture
def bench() -> ProfiledBench:
    """The same bridge without the rules, silent but for what is asked of it."""
    bench = zigbee2mqtt(interval_scale=1000)
    bench.messages.clear()
    return bench


def feed(bench: ProfiledBench) -> None:
    bench.send("zigbee2mqtt/feeder/set", {"serving_size": 2})
    bench.run(0.5)
    bench.send("zigbee2mqtt/feeder/set", {"feed": "START"})


def counts(bench: ProfiledBench) -> list[int]:
    """Return what the feeder told of its count."""
    return [content["portions_per_day"] for _, content in bench.told("/feeder")]


@pytest.mark.parametrize(
    ("order", "after_a_minute", "in_the_end", "deeds"),
    [
        ("done=drop", IN_DOUBT, SUCCEEDED, FED),
        ("done=delay,seconds=30", SUCCEEDED, SUCCEEDED, FED),
        ("done=delay,seconds=90", IN_DOUBT, SUCCEEDED, FED),
        ("done=double", SUCCEEDED, SUCCEEDED, FED),
        ("silent=idle", IN_DOUBT, IN_DOUBT, []),
        ("silent=works", IN_DOUBT, SUCCEEDED, FED),
        ("refuse=3", REJECTED, REJECTED, []),
        ("fail=told", FAILED, FAILED, FED),
        ("keep=later,seconds=200", IN_DOUBT, SUCCEEDED, FED),
        ("keep=twice,seconds=200", IN_DOUBT, SUCCEEDED, [*FED, *FED]),
        ("echo=alone", IN_DOUBT, IN_DOUBT, []),
        ("echo=late,seconds=2", SUCCEEDED, SUCCEEDED, FED),
        ("echo=none", SUCCEEDED, SUCCEEDED, FED),
        ("state=late,seconds=20", SUCCEEDED, SUCCEEDED, FED),
        ("state=frozen", IN_DOUBT, IN_DOUBT, FED),
        ("counter=working", SUCCEEDED, SUCCEEDED, FED),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_meal_is_told_once_and_done_only_where_the_count_says_so(
    bridge: Together,
    order: str,
    after_a_minute: CommandState,
    in_the_end: CommandState,
    deeds: list[object],
) -> None:
    bridge.bench.order(f"node={FEEDER},{order}")
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(70)
    assert bridge.state(meal) is after_a_minute

    bridge.run(HOUR)
    assert bridge.state(meal) is in_the_end
    assert bridge.bench.deeds() == deeds
    assert len(bridge.home.published) == 2, "its portions, the order, and nothing again"


@pytest.mark.parametrize(
    ("order", "in_the_end", "deeds"),
    [
        ("taken=drop", IN_DOUBT, [*ran(60), CLOSED]),
        ("taken=delay,seconds=10", SUCCEEDED, ran(60)),
        ("unit=minutes", FAILED, CLOSED_BY_US),
        ("unit=seconds", FAILED, ran(1)),
        ("close=early,seconds=20", FAILED, ran(20)),
        ("close=late,seconds=40", SUCCEEDED, ran(100)),
        ("close=late,seconds=300", FAILED, CLOSED_BY_US),
        ("close=never", FAILED, CLOSED_BY_US),
        ("close=unsaid", FAILED, [*ran(60), CLOSED]),
        # Nothing else that it tells could say that the water runs on.
        ("close=only_said", SUCCEEDED, [OPENED]),
        ("echo=alone", IN_DOUBT, [CLOSED]),
        ("state=late,seconds=10", SUCCEEDED, ran(60)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_valve_is_opened_once_and_closed_by_us_unless_it_says_so_in_time(
    bridge: Together, order: str, in_the_end: CommandState, deeds: list[object]
) -> None:
    stands = order.startswith("state")
    bridge.bench.order(f"node={VALVE},{order}{'' if stands else ',count=1'}")
    run = bridge.put("open_valve", VALVE, duration=60)
    bridge.run(2 * HOUR)

    assert bridge.state(run) is in_the_end
    assert bridge.bench.deeds() == deeds
    assert bridge.home.published.count((run, VALVE)) == 1


@pytest.mark.parametrize(
    ("order", "in_the_end", "deeds"),
    [
        ("die=taken,seconds=3", IN_DOUBT, [OPENED, CLOSED]),
        ("die=done,seconds=3", SUCCEEDED, ran(60)),
        ("setting=drop", IN_DOUBT, [CLOSED]),
        ("setting=delay,seconds=5", SUCCEEDED, ran(60)),
        ("refuse=1", REJECTED, []),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_relay_is_switched_on_once_whatever_befalls_it(
    tap: Together, order: str, in_the_end: CommandState, deeds: list[object]
) -> None:
    tap.bench.order(f"{order},count=1")
    run = tap.put("open_valve", TAP, duration=60)
    tap.run(HOUR)

    assert tap.state(run) is in_the_end
    assert tap.bench.deeds() == deeds


def test_a_relay_that_died_is_switched_off_once_it_is_back(tap: Together) -> None:
    tap.bench.order("die=taken,count=1")
    run = tap.put("open_valve", TAP, duration=60)
    tap.run(HOUR)
    assert tap.bench.deeds() == [OPENED]
    assert tap.state(run) is IN_DOUBT

    tap.bench.order("clear=die")
    tap.run(60)
    assert tap.bench.deeds() == [OPENED, CLOSED]


def test_a_relay_that_loses_its_power_says_so_and_begins_its_time_anew(
    tap: Together,
) -> None:
    run = tap.put("open_valve", TAP, duration=60)
    tap.run(30)
    tap.bench.order("die=now,seconds=5")
    tap.run(1)
    assert tap.home.engine.statuses[TAP].online is False

    tap.run(HOUR)
    assert tap.home.engine.statuses[TAP].online
    assert tap.bench.deeds() == [
        OPENED,
        ("ended", {"kind": "open_valve", "seconds": 29.8}),
        ("resumed", {"kind": "open_valve", "duration": 60}),
        ("ended", {"kind": "open_valve", "seconds": 60.0}),
    ]
    assert tap.state(run) is SUCCEEDED


def test_who_was_switched_off_is_on_again_once_that_is_cleared(tap: Together) -> None:
    tap.bench.order("die=now")
    tap.bench.order("press=now")
    tap.bench.order("clear=die")
    tap.run(1)

    assert tap.bench.connections == 1
    assert tap.bench.deeds() == [], "a button without power does nothing"


def test_a_portion_by_the_button_is_no_meal_that_was_ordered(bridge: Together) -> None:
    bridge.bench.order(f"node={FEEDER},silent=idle,count=1")
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.run(5)
    bridge.bench.order(f"node={FEEDER},press=now")
    bridge.run(120)

    assert bridge.bench.deeds() == [("button", {"kind": "feed", "portions": 1})]
    assert bridge.state(meal) is IN_DOUBT


def test_a_valve_opened_by_its_button_says_who_opened_it(bench: ProfiledBench) -> None:
    bench.order(f"node={VALVE},press=now")
    bench.run(61)

    told = [content["status"] for _, content in bench.told("/datapoint_valve")]
    assert told == ["on_manual_button", "off"]
    assert bench.deeds()[1:] == [("ended", {"kind": "open_valve", "seconds": 60.0})]


def test_what_begins_anew_between_meals_is_no_meal(bridge: Together) -> None:
    first = bridge.put("feed", FEEDER, portions=2)
    bridge.run(10)
    bridge.bench.order(f"node={FEEDER},silent=idle,count=1")
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(5)
    bridge.bench.order(f"node={FEEDER},counter=now")
    bridge.run(120)

    assert bridge.state(first) is SUCCEEDED
    assert bridge.state(meal) is IN_DOUBT


def test_a_count_begins_anew_at_midnight(bench: ProfiledBench) -> None:
    feed(bench)
    bench.run(16 * HOUR)
    assert counts(bench)[-1] == 0
    assert counts(bench).count(0) > 1
    assert 2 in counts(bench)


def test_a_node_that_is_said_to_be_gone_is_told_nothing_until_it_is_back(
    bridge: Together,
) -> None:
    bridge.bench.order(f"node={FEEDER},gone=said,seconds=300")
    bridge.run(1)
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(290)
    assert bridge.home.published == []
    assert bridge.state(meal) is CommandState.QUEUED

    bridge.run(30)
    assert bridge.state(meal) is SUCCEEDED


def test_a_node_that_is_gone_without_a_word_still_seems_to_be_there(
    bridge: Together,
) -> None:
    bridge.bench.order(f"node={FEEDER},gone=silent")
    bridge.run(HOUR)
    assert bridge.home.engine.statuses[FEEDER].online
    lost = bridge.put("feed", FEEDER, portions=1)
    bridge.run(70)
    assert bridge.state(lost) is IN_DOUBT

    bridge.bench.order(f"node={FEEDER},clear=gone")
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(700)
    assert bridge.state(meal) is SUCCEEDED
    assert bridge.bench.deeds() == FED


def test_what_is_kept_at_the_broker_is_done_again_and_credited_to_nothing(
    bridge: Together,
) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(10)
    bridge.bench.order(f"node={FEEDER},retained=kept")
    bridge.run(60)
    assert bridge.bench.deeds() == [*FED, *FED], "by somebody else"

    bridge.bench.order("restart=now")
    bridge.run(60)
    assert bridge.bench.deeds() == [*FED, *FED, *FED], "and at each new connection"

    bridge.bench.order("clear=retained")
    bridge.bench.order("restart=now,seconds=5")
    bridge.run(60)
    assert bridge.bench.deeds() == [*FED, *FED, *FED]
    assert bridge.home.causes(meal)[-1] is Cause.NODE
    assert len(bridge.home.published) == 2


def test_nothing_is_kept_of_who_was_told_nothing(bench: ProfiledBench) -> None:
    bench.order("retained=kept")
    bench.run(1)
    assert bench.messages == []
    assert bench.deeds() == []


def test_what_is_told_while_who_relays_is_away_proves_nothing(
    bridge: Together,
) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(0.5)
    bridge.bench.order("restart=now,seconds=30")
    bridge.bench.order("restart=now,seconds=90")
    assert bridge.home.engine.statuses[FEEDER].online
    bridge.run(1)
    assert bridge.home.engine.statuses[FEEDER].online is False

    bridge.run(120)
    assert bridge.bench.deeds() == FED
    assert bridge.state(meal) is IN_DOUBT, "what it says again is old"


def test_who_relays_is_back_at_once_where_that_is_cleared(bench: ProfiledBench) -> None:
    bench.order("restart=now,seconds=900")
    assert not bench.connected
    bench.order("clear=all")
    bench.run(0)
    assert bench.connected


def test_promise_2_a_valve_that_opens_late_is_closed_and_not_opened_again(
    bridge: Together,
) -> None:
    bridge.bench.order(f"node={VALVE},keep=later,seconds=100,count=1")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.run(90)
    assert bridge.state(run) is IN_DOUBT
    closing = bridge.put("close_valve", VALVE)
    bridge.run(300)

    assert bridge.state(closing) is SUCCEEDED
    assert bridge.bench.deeds("open_valve") == [("open_valve", {"duration": 600})]


def test_an_echo_is_said_before_the_node_says_anything(bench: ProfiledBench) -> None:
    bench.order(f"node={FEEDER},echo=alone")
    bench.send("zigbee2mqtt/feeder/set", {"feed": "START"})
    bench.run(60)

    assert [content["feed"] for _, content in bench.told("/feeder")] == ["START"]
    assert bench.deeds() == []


def test_an_echo_may_come_after_the_word_of_the_node(bench: ProfiledBench) -> None:
    bench.order(f"node={VALVE},echo=late,seconds=5")
    bench.send("zigbee2mqtt/datapoint_valve/set", {"on_with_countdown": 1})
    bench.run(10)

    told = [
        (at, content["status"], "on_with_countdown" in content)
        for at, content in bench.told("/datapoint_valve")
    ]
    assert told == [(0.1, "on_manual_app", False), (5.1, "on_manual_app", True)]


def test_what_comes_late_is_told_as_it_was_meanwhile(bench: ProfiledBench) -> None:
    bench.order(f"node={VALVE},state=late,seconds=10")
    bench.send("zigbee2mqtt/datapoint_valve/set", {"on_with_countdown": 1})
    bench.run(30)

    told = [(at, each["status"]) for at, each in bench.told("/datapoint_valve")]
    assert told == [(0.1, "off"), (0.1, "off"), (10.1, "on_manual_app")]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("done=drop", [0, 0, 0]),
        ("done=double", [0, 0, 0, 0, 2, 2, 2]),
        ("done=delay,seconds=3", [0, 0, 0, 0, 2]),
    ],
)
def test_what_is_told_is_lost_late_or_twice(
    bench: ProfiledBench, order: str, told: list[int]
) -> None:
    bench.order(f"node={FEEDER},{order}")
    feed(bench)
    bench.run(2.2)
    early = len(counts(bench))
    bench.run(30)

    assert counts(bench)[: len(told)] == told
    assert (early < len(counts(bench))) is ("delay" in order)


def test_a_fault_is_over_after_as_many_commands_as_were_said(
    bridge: Together,
) -> None:
    bridge.bench.order(f"node={FEEDER},silent=idle,count=1")
    first = bridge.put("feed", FEEDER, portions=1)
    bridge.run(70)
    second = bridge.put("feed", FEEDER, portions=2)
    bridge.run(700)

    assert bridge.state(first) is IN_DOUBT
    assert bridge.state(second) is SUCCEEDED
    assert bridge.bench.deeds() == FED


def test_what_is_wrong_is_so_until_somebody_puts_it_in_order(
    bench: ProfiledBench,
) -> None:
    bench.order(f"node={FEEDER},fail=told,count=1")
    feed(bench)
    bench.run(5)
    feed(bench)
    bench.run(5)
    assert bench.told("/feeder")[-1][1]["error"] is True
    bench.order("clear=fail")
    bench.order("clear=fail")
    assert bench.told("/feeder")[-1][1]["error"] is False


def test_promise_2_a_crash_while_a_meal_is_under_way_sends_nothing_again(
    bridge: Together,
) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.run(0.5)
    assert bridge.delivery(meal, FEEDER) is DeliveryState.SENT
    bridge.restart_home()
    bridge.run(HOUR)

    assert bridge.bench.deeds() == FED
    assert bridge.state(meal) is SUCCEEDED, "the count says so since the message left"
