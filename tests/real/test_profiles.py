"""Nodes by profiles, on a real broker and a real Home Assistant: all at one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, override

import pytest

from scripts.parts import hurried
from scripts.parts.site import Site
from scripts.parts.stations import YARD, Order, Staged
from tests.nonempty import some

from .conftest import Run
from .stand import Stand

SCALE = 0.6
"""How much shorter than ordered the valve of the Yard runs: a minute is the least, and
half of it what its profile tolerates."""
SOON = ("--interval-scale", "0.01", "--work-seconds", "0.5")
LONGEST_WAIT = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A station of a profile, and what is tried at it."""

    station: Staged
    done: tuple[Order, ...]
    """Of each kind one, in their order."""
    fault: Mapping[str, Any]
    """What befalls the first of these."""
    ends_as: str
    models: Mapping[str, str]
    """What each node is recognised as, or said to be."""
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
        station=YARD.played_with(
            *("--models", "aqara_feeder,neo_valve"),
            *("--duration-scale", str(SCALE)),
            *SOON,
        ),
        done=(
            Order(kind="feed", params={"portions": 2}, node="feeder"),
            Order(kind="open_valve", params={"duration": 60}, node="valve"),
            Order(kind="close_valve", node="valve"),
        ),
        fault={"fail": "told"},
        ends_as="failed",
        models={"feeder": "aqara_feeder", "valve": "neo_valve"},
        interrupted=Order(kind="feed", params={"portions": 3}, node="feeder"),
        is_then="sent",
        untold=True,
    ),
    Trial(
        station=Staged(
            protocol="tasmota",
            name="Hose",
            prefix="tasmota/discovery",
            adopted={"tap": {"name": "Tap"}},
            options=("--models", "relay_valve", *SOON),
            trial=Order(kind="close_valve", node="tap"),
        ),
        done=(
            Order(kind="open_valve", params={"duration": 12}, node="tap"),
            Order(kind="close_valve", node="tap"),
        ),
        fault={"refuse": "2"},
        ends_as="rejected",
        models={"tap": "relay_valve"},
        interrupted=Order(kind="open_valve", params={"duration": 15}, node="tap"),
        is_then="accepted",
    ),
    Trial(
        station=Staged(
            protocol="shelly",
            name="Lawn",
            prefix="mqtt_dispatch",
            adopted={"shelly-1": {"name": "Sprinkler", "model": "switch_valve"}},
            options=("--models", "switch_valve", *SOON),
            trial=Order(kind="close_valve", params={"valve": 1}, node="shelly-1"),
        ),
        done=(
            Order(
                kind="open_valve",
                params={"valve": 1, "duration": 5},
                node="shelly-1",
            ),
            Order(kind="close_valve", params={"valve": 1}, node="shelly-1"),
        ),
        fault={"refuse": "answer"},
        ends_as="rejected",
        models={"shelly-1": "switch_valve"},
        interrupted=Order(
            kind="open_valve", params={"valve": 1, "duration": 15}, node="shelly-1"
        ),
        is_then="accepted",
    ),
    Trial(
        station=Staged(
            protocol="opensprinkler",
            name="Beds",
            prefix="opensprinkler",
            adopted={
                "beds": {
                    "name": "Controller",
                    "password": "made-up",
                    "commands": "beds-orders",
                }
            },
            options=("--models", "controller", *SOON),
            trial=Order(kind="stop_all", node="beds"),
        ),
        done=(
            Order(kind="open_valve", params={"valve": 3, "duration": 13}, node="beds"),
            Order(kind="stop_all", node="beds"),
        ),
        fault={"close": "early", "seconds": 1},
        ends_as="failed",
        models={"beds": "controller"},
        interrupted=Order(
            kind="open_valve", params={"valve": 2, "duration": 16}, node="beds"
        ),
        is_then="accepted",
    ),
)


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


@pytest.fixture
def stand(running: Mapping[str, Stand], trial: Trial, runner: asyncio.Runner) -> Stand:
    """The station of a trial, with nodes that behave and nothing in its queue."""
    found = running[trial.station.protocol]
    runner.run(found.tidy_up())
    return found


async def ordered(stand: Stand, order: Order) -> int:
    assert order.node is not None
    return await stand.send(order.node, order.kind, **order.params)


def count(stand: Stand, order: Order) -> int:
    """Return how often a node did just this."""
    assert order.node is not None
    deeds = stand.deeds(order.node, order.kind)
    return sum(deed["payload"] == order.params for deed in deeds)


async def until_executed(stand: Stand, order: Order, times: int) -> None:
    """Wait until a node did just this so often, and assert that it is not more."""

    def is_executed() -> bool:
        return count(stand, order) >= times

    await stand.until_simulated("executing", is_executed)
    assert count(stand, order) == times, order


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

    async def story() -> None:
        # Home Assistant writes down what it knows some time later.
        await stand.until_simulated("stored", lambda: models() == trial.models)

    play(story())


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_each_kind_is_done_and_proven(trial: Trial, stand: Stand, play: Run) -> None:
    async def story() -> None:
        for order in some(trial.done):
            before = count(stand, order)
            command = await stand.settled(await ordered(stand, order))
            assert command["state"] == "succeeded", command
            # A valve that is closed says so before it has taken the order, too.
            await until_executed(stand, order, before + 1)

    play(story())


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_a_failure_ends_as_one(trial: Trial, stand: Stand, play: Run) -> None:
    async def story() -> None:
        order = trial.done[0]
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
            assert count(stand, order) == 0
            if trial.untold:
                await stand.order(str(order.node), state="frozen")
            begun.append((trial, stand, await ordered(stand, order)))
        for trial, stand, command_id in begun:
            await until_executed(stand, trial.interrupted, 1)
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
            assert count(stand, trial.interrupted) == 1, "never twice"

    play(story())
