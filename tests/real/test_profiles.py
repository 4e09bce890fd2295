"""Nodes by profiles, on a real broker and a real Home Assistant: all at one.

Each profile of the package is a station, and each of its models a node there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, override

import pytest
import pytest_socket

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from scripts.parts import hurried
from scripts.parts.site import Site
from scripts.parts.stations import Order, Staged
from tests.nonempty import some

from .conftest import Run
from .profiled import PROFILES, Deed, deeds_of, kinds_tried, with_each_model
from .stand import Stand

SCALE = "0.6"
"""How much shorter than ordered the valves of Zigbee2MQTT run: a minute is the least,
and half of it what their profile tolerates."""
SOON = ("--interval-scale", "0.01", "--work-seconds", "0.5")
NEVER = ("--interval-scale", "1000", "--work-seconds", "0.5")
"""It says how it is only as often as it says something new."""
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A station of a profile, and what is tried at it."""

    station: Staged
    failing: Order
    """What comes to nothing by the fault."""
    fault: Mapping[str, Any]
    ends_as: str
    interrupted: Order
    """What is under way when Home Assistant is killed."""
    is_then: str
    """In which state it is stored by then."""
    untold: bool = False
    """Whether its node says nothing new until Home Assistant is back."""

    @property
    def online(self) -> str:
        """The entity that says whether the interrupted node is there."""
        device = self.station.device_of(str(self.interrupted.node))
        return f"binary_sensor.{device.lower().replace(' ', '_')}_online"

    @override
    def __str__(self) -> str:
        """Name the case."""
        return self.station.protocol


TRIALS = (
    Trial(
        station=with_each_model(
            PROFILES["zigbee2mqtt"], "Yard", "--duration-scale", SCALE, *SOON
        ),
        failing=Order(kind="feed", params={"portions": 2}, node="aqara_feeder"),
        fault={"fail": "told"},
        ends_as="failed",
        interrupted=Order(kind="feed", params={"portions": 3}, node="aqara_feeder"),
        is_then="sent",
        untold=True,
    ),
    Trial(
        station=with_each_model(PROFILES["tasmota"], "Hose", *SOON),
        failing=Order(kind="open_valve", params={"duration": 12}, node="relay_valve"),
        fault={"refuse": "2"},
        ends_as="rejected",
        interrupted=Order(
            kind="open_valve", params={"duration": 15}, node="relay_valve"
        ),
        is_then="accepted",
    ),
    Trial(
        station=with_each_model(PROFILES["shelly"], "Lawn", *SOON),
        failing=Order(
            kind="open_valve", params={"valve": 1, "duration": 5}, node="switch_valve"
        ),
        fault={"refuse": "answer"},
        ends_as="rejected",
        interrupted=Order(
            kind="open_valve", params={"valve": 1, "duration": 15}, node="switch_valve"
        ),
        is_then="accepted",
    ),
    Trial(
        station=with_each_model(PROFILES["opensprinkler"], "Beds", *SOON),
        failing=Order(
            kind="open_valve", params={"valve": 3, "duration": 13}, node="controller"
        ),
        fault={"close": "early", "seconds": 1},
        ends_as="failed",
        interrupted=Order(
            kind="open_valve", params={"valve": 2, "duration": 16}, node="controller"
        ),
        is_then="accepted",
    ),
    Trial(
        station=with_each_model(PROFILES["esphome"], "Roof", *NEVER),
        failing=Order(
            kind="open_valve", params={"duration": 13}, node="sprinkler_valve"
        ),
        fault={"close": "early", "seconds": 1},
        ends_as="failed",
        interrupted=Order(
            kind="open_valve", params={"duration": 60}, node="sprinkler_valve"
        ),
        is_then="accepted",
    ),
)
MODELS = [(trial, model) for trial in TRIALS for model in trial.station.nodes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed that was ordered."""

    deed: Deed
    command: Mapping[str, Any]
    executed: int
    """How often the node did it by then."""


type Outcomes = Mapping[tuple[str, str], list[Outcome] | BaseException]
"""By protocol and model."""


@pytest.fixture(scope="module")
def running(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Stand]]:
    """All stations at one Home Assistant, by protocol."""
    stations = [trial.station for trial in TRIALS]
    site = Site(
        tmp_path_factory.mktemp("profiles"),
        stations=stations,
        module=hurried.__name__,
        environment={hurried.LONGEST_WAIT: str(LONGEST_WAIT)},
    )
    stands = {station.protocol: Stand(site, station) for station in stations}
    try:
        runner.run(site.start())
        for stand in stands.values():
            runner.run(stand.begin())
        yield stands
    finally:
        runner.run(site.stop())


@pytest.fixture(scope="module")
def outcomes(running: Mapping[str, Stand], runner: asyncio.Runner) -> Outcomes:
    """What became of each kind, or why that is not known: all did theirs at once."""

    async def story(stand: Stand, model: str) -> list[Outcome]:
        profile = PROFILES[stand.station.protocol]
        return [await outcome(stand, deed) for deed in deeds_of(profile, model)]

    async def stories() -> list[list[Outcome] | BaseException]:
        return await asyncio.gather(
            *(story(running[protocol], model) for protocol, model in names),
            return_exceptions=True,
        )

    # Between tests there are none.
    pytest_socket.enable_socket()
    names = [(trial.station.protocol, model) for trial, model in MODELS]
    return dict(zip(names, runner.run(stories()), strict=True))


@pytest.fixture
def stand(running: Mapping[str, Stand], trial: Trial, runner: asyncio.Runner) -> Stand:
    """The station of a trial, with nodes that behave and nothing in its queue."""
    found = running[trial.station.protocol]
    runner.run(found.tidy_up())
    return found


async def outcome(stand: Stand, deed: Deed) -> Outcome:
    """Order something, and wait for what becomes of it."""
    order = deed.order
    if deed.while_goes_on is not None:
        await stand.until(await ordered(stand, deed.while_goes_on), "accepted")
    before = count(stand, order.node, order.kind, deed.executed)

    def executed() -> int:
        return count(stand, order.node, order.kind, deed.executed) - before

    command = await stand.settled(await ordered(stand, order))
    # A valve that is closed says so before it has taken the order, too.
    await stand.until_simulated("executing", lambda: executed() > 0)
    return Outcome(deed, command, executed())


async def ordered(stand: Stand, order: Order) -> int:
    assert order.node is not None
    return await stand.send(order.node, order.kind, **order.params)


def count(
    stand: Stand, node: str | None, kind: str, executed: Mapping[str, Any]
) -> int:
    """Return how often a node did just this."""
    assert node is not None
    return sum(deed["payload"] == executed for deed in stand.deeds(node, kind))


async def until_executed(stand: Stand, order: Order) -> None:
    """Wait until a node did just this, and assert that it did so once."""

    def times() -> int:
        return count(stand, order.node, order.kind, order.params)

    await stand.until_simulated("executing", lambda: times() > 0)
    assert times() == 1, order


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_nodes_are_adopted_as_what_they_were_recognised_as(
    trial: Trial, stand: Stand, play: Run
) -> None:
    def models() -> dict[str, Any]:
        stored = stand.site.home_assistant.stored("core.config_entries")
        return {
            node["unique_id"]: node["data"]["fields"].get("model")
            for entry in (stored["data"]["entries"] if stored else ())
            if entry["title"] == trial.station.name
            for node in entry["subentries"]
        }

    expected = {model: model for model in PROFILES[trial.station.protocol].models}

    async def story() -> None:
        # Home Assistant writes down what it knows some time later.
        await stand.until_simulated("stored", lambda: models() == expected)

    play(story())


@pytest.mark.parametrize(("trial", "model"), MODELS, ids=str)
def test_each_kind_is_done_and_proven(
    trial: Trial, model: str, outcomes: Outcomes
) -> None:
    profile = PROFILES[trial.station.protocol]
    found = outcomes[profile.key, model]
    if isinstance(found, BaseException):
        raise found
    tried = kinds_tried(profile.models[model])
    assert {each.deed.order.kind for each in found} == {*tried}
    for each in some(found):
        assert each.command["state"] == "succeeded", each
        policy = profile.kinds[each.deed.order.kind].policy
        is_once = policy.command_class is CommandClass.ONCE
        # What may be sent again is, until it is proven.
        assert each.executed == 1 if is_once else each.executed >= 1, each


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_a_failure_ends_as_one(trial: Trial, stand: Stand, play: Run) -> None:
    async def story() -> None:
        order = trial.failing
        assert order.node is not None
        await stand.order(order.node, **trial.fault, count=1)
        command = await stand.settled(await ordered(stand, order))
        assert command["state"] == trial.ends_as, command
        assert command["nodes"][order.node]["reason"], command

    play(story())


def test_killed_while_nodes_are_at_work(
    running: Mapping[str, Stand], play: Run
) -> None:
    async def story() -> None:
        begun: list[tuple[Trial, Stand, int]] = []
        for trial in TRIALS:
            stand, order = running[trial.station.protocol], trial.interrupted
            assert count(stand, order.node, order.kind, order.params) == 0
            if trial.untold:
                await stand.order(str(order.node), state="frozen")
            begun.append((trial, stand, await ordered(stand, order)))
        for trial, stand, command_id in begun:
            await until_executed(stand, trial.interrupted)
            await stand.until_stored(command_id, trial.is_then)
        await begun[0][1].crash_and_restart()
        for trial, stand, command_id in begun:
            await stand.begin()
            # What it says next is compared with what it says once it is heard again.
            await stand.until_state(trial.online, "on")
            await stand.order("all", clear="all")
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", str(command)
            node = str(trial.interrupted.node)
            assert command["nodes"][node]["attempts"] == 1
            assert count(stand, node, command["kind"], trial.interrupted.params) == 1

    play(story())
