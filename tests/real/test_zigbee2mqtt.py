"""A feeder and two valves behind the real Zigbee2MQTT, whose radio plays them.

Broker, bridge and Home Assistant are real, and so is every message between them; the
devices are played (`scripts/counterparts/zigbee2mqtt/devices.cjs`). A minute of theirs
is as long as a test says. What is open for so long is over for Home Assistant after a
fifth of that time (`scripts/parts/hurried.py`), and never too early: that a valve which
closes early has failed is tested elsewhere, with a clock of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import os
from typing import Any

import pytest

from scripts.counterparts.zigbee2mqtt.bridge import is_installed
from scripts.counterparts.zigbee2mqtt.played import USUAL_HOME, playing_in
from scripts.parts import hurried
from scripts.parts.broker import find_mosquitto
from scripts.parts.flows import DOMAIN
from scripts.parts.site import Site
from scripts.parts.stations import Order, Staged

from .conftest import Run
from .stand import Stand

DEMANDED = "ZIGBEE2MQTT_TESTS"
"""The environment variable: "required" where no test of this file may be skipped,
"none" where all of them are left out."""
STATION = Staged(
    protocol="zigbee2mqtt",
    name="Yard",
    prefix="zigbee2mqtt",
    adopted={
        "feeder": {"name": "Feeder"},
        "datapoint_valve": {"name": "Lawn"},
        "second_valve": {"name": "Beds"},
    },
    trial=Order(kind="feed", params={"portions": 1}, node="feeder"),
)
FEEDER, LAWN, BEDS = STATION.nodes
OPTIONS = {"accept_timeout": 8.0, "retry_delay": 2.0}
LONGEST_WAIT = 8.0
RUNS_SCALED = 0.2
CALENDAR = "calendar.yard_meals"
TO_THE_MINUTE = timedelta(seconds=5)
"""For how long a machine that has more to do may need to put two events there."""
CALENDAR_PATIENCE = 90
FOREVER = 10**6
"""Milliseconds of a played minute: its valve does not close before it is told to."""


@pytest.fixture(scope="module")
def _bridge() -> None:
    """The bridge must be there."""
    if os.environ.get(DEMANDED) == "none":
        pytest.skip(f"{DEMANDED} leaves them out")
    if find_mosquitto() is None:
        _cannot("no mosquitto, and Zigbee2MQTT needs MQTT as it speaks it")
    if not is_installed(USUAL_HOME):
        _cannot(
            "Zigbee2MQTT is not here:"
            " python -m scripts.counterparts.zigbee2mqtt.bring installs it"
        )


def _cannot(reason: str) -> None:
    if os.environ.get(DEMANDED) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def running_stand(
    _bridge: None, runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stand]:
    """The station, with the real bridge in place of a simulator."""
    site = Site(
        tmp_path_factory.mktemp("yard"),
        stations=[STATION],
        module=hurried.__name__,
        environment={
            hurried.LONGEST_WAIT: str(LONGEST_WAIT),
            hurried.RUNS_SCALED: str(RUNS_SCALED),
        },
        players={STATION.protocol: playing_in(USUAL_HOME)},
    )
    stand = Stand(site, STATION)
    try:
        runner.run(site.start())
        runner.run(stand.begin())
        runner.run(stand.set_options(**OPTIONS))
        yield stand
    finally:
        runner.run(site.stop())


async def plan(stand: Stand, minutes: int, *names: str) -> None:
    """Add events to the calendar as its page does, for the next minute."""
    start = (datetime.now(UTC) + TO_THE_MINUTE).replace(second=0, microsecond=0)
    start += timedelta(minutes=1)
    end = start + timedelta(minutes=minutes)
    for name in names:
        event = {
            "summary": name,
            "dtstart": start.isoformat(),
            "dtend": end.isoformat(),
        }
        await stand.api.ask("calendar/event/create", entity_id=CALENDAR, event=event)


async def ordered(stand: Stand, node: str, kind: str, last: int) -> dict[str, Any]:
    """Wait until a command of a kind is ordered for a node after another one."""
    async with asyncio.timeout(CALENDAR_PATIENCE), stand.api.websocket() as socket:
        events = f"event.{STATION.slug}_command"
        async for _ in socket.events("subscribe_entities", entity_ids=[events]):
            answer = await stand.call("get_commands", limit=100)
            for command in answer["commands"]:
                is_it = command["kind"] == kind and node in command["nodes"]
                if is_it and command["command_id"] > last:
                    return dict(command)
    raise AssertionError(f"{kind} was not ordered for {node}")


async def latest(stand: Stand) -> int:
    """Return the id of the command that was ordered last."""
    answer = await stand.call("get_commands", limit=1)
    return max((each["command_id"] for each in answer["commands"]), default=0)


async def shown_of_late(stand: Stand) -> list[str]:
    """Return the events of these hours as the calendar's page shows them, by names."""
    moment = datetime.now(UTC)
    first, last = (moment + timedelta(hours=hours) for hours in (-2, 2))
    span = f"start={first:%Y-%m-%dT%H:%M:%SZ}&end={last:%Y-%m-%dT%H:%M:%SZ}"
    events = await stand.api.get(f"/api/calendars/{CALENDAR}?{span}")
    return sorted(event["summary"] for event in events)


async def issues_about(stand: Stand, command_id: int) -> list[dict[str, Any]]:
    """Return what a person is told of a command under repairs."""
    told = await stand.api.ask("repairs/list_issues")
    return [
        issue
        for issue in told["issues"]
        if issue["domain"] == DOMAIN and f"{command_id}" in issue["issue_id"]
    ]


def test_a_meal_is_counted_by_the_feeder(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(FEEDER, "feed"))
        command = await stand.sent(FEEDER, "feed", portions=2)
        assert command["state"] == "succeeded", command
        (deed,) = stand.deeds(FEEDER, "feed")[before:]
        assert deed["payload"] == {"portions": 2}

    play(story())


def test_what_the_bridge_refuses_is_rejected_with_its_words(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        before = len(stand.deeds(FEEDER, "feed"))
        await stand.order(FEEDER, order="refuse", status=1)
        command = await stand.sent(FEEDER, "feed", portions=1)
        assert command["state"] == "rejected", command
        reason = command["nodes"][FEEDER]["reason"]
        assert reason.startswith("z2m: Publish 'set' 'serving_size' to 'feeder' failed")
        assert len(stand.deeds(FEEDER, "feed")) == before

    play(story())


def test_an_event_opens_a_valve_and_who_planned_it_is_told_if_it_does_not_close(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        last = await latest(stand)
        await stand.order(LAWN, order="count_minutes", milliseconds=2000)
        await stand.order(BEDS, order="stick")
        await plan(stand, 1, "Lawn", "Beds")

        closing_alone = await ordered(stand, LAWN, "open_valve", last)
        stuck = await ordered(stand, BEDS, "open_valve", last)
        await stand.until_state("valve.yard_beds_valve", "open")

        command = await stand.settled(closing_alone["command_id"])
        assert command["state"] == "succeeded", command
        assert [row["kind"] for row in stand.deeds(LAWN, "open_for", "close")] == [
            "open_for"
        ], "it closes by itself, and was told nothing more"
        await stand.until_state("valve.yard_lawn_valve", "closed")

        command = await stand.until(stuck["command_id"], "unconfirmed")
        assert await issues_about(stand, stuck["command_id"]), "nobody is told"
        closing = await ordered(stand, BEDS, "close_valve", last)
        await stand.until_simulated(
            "told to close", lambda: bool(stand.deeds(BEDS, "close"))
        )
        await stand.order(BEDS, order="mend")
        command = await stand.settled(closing["command_id"])
        assert command["state"] == "succeeded", command
        command = await stand.until(stuck["command_id"], "failed")
        await stand.until_state("valve.yard_beds_valve", "closed")
        assert not await issues_about(stand, stuck["command_id"])
        assert await shown_of_late(stand) == [
            "done \u00b7 Lawn: Open a valve",
            "failed \u00b7 Beds: Open a valve",
        ]
        assert len(stand.deeds(BEDS, "open_for")) == 1, "it was opened twice"

    play(story())


def test_killed_while_a_valve_is_open(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(LAWN, "open_for"))
        await stand.order(LAWN, order="count_minutes", milliseconds=FOREVER)
        command_id = await stand.send(LAWN, "open_valve", duration=600)
        await stand.until_stored(command_id, "accepted")
        await stand.crash_and_restart()
        await stand.until_state("valve.yard_lawn_valve", "open")
        await stand.order(LAWN, order="end_run")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        assert len(stand.deeds(LAWN, "open_for")) == before + 1

    play(story())
